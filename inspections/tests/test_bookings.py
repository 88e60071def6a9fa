"""People's days: one person in one place, whoever asks and at whatever instant."""

import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction

from casework.models import Case
from casework.refusals import GuardFailed, NotAllowed
from inspections import bookings, services
from inspections.models import Booking, DeclaredInterest
from inspections.tests.conftest import build_world, day, london


def insert(person, first, last, **given):
    return Booking.objects.create(
        person=person,
        purpose=given.pop("purpose", "leave"),
        days=bookings.as_range(day(first), day(last)),
        entered_at=london("2026-04-01T09:00"),
        **given,
    )


# --- the table itself -------------------------------------------------------------------------


def test_postgresql_refuses_two_confirmed_bookings_of_one_day(world):
    insert(world.lead, "2026-06-08", "2026-06-12")
    with pytest.raises(IntegrityError, match="one_person_in_one_place"), transaction.atomic():
        insert(world.lead, "2026-06-12", "2026-06-13")
    # Next to each other, somebody else's, or no longer confirmed: all that is well.
    insert(world.lead, "2026-06-13", "2026-06-13")
    insert(world.cqc, "2026-06-12", "2026-06-13")
    insert(world.lead, "2026-06-12", "2026-06-13", confirmed=False)


def test_a_booking_has_a_first_and_a_last_day_and_is_leave_or_for_a_case(world):
    from django.db.backends.postgresql.psycopg_any import DateRange

    for days in (DateRange(None, day("2026-06-08")), DateRange(day("2026-06-08"), None)):
        with pytest.raises(IntegrityError, match="first_and_last_day"), transaction.atomic():
            Booking.objects.create(
                person=world.lead, purpose="leave", days=days, entered_at=london("2026-04-01T09:00")
            )
    with pytest.raises(IntegrityError, match="leave_or_for_a_case"), transaction.atomic():
        insert(world.lead, "2026-06-08", "2026-06-08", purpose="on_site")


def test_the_last_day_is_included_when_read_back(world):
    insert(world.lead, "2026-06-08", "2026-06-12")
    one = Booking.objects.get()
    assert (one.first, one.last) == (day("2026-06-08"), day("2026-06-12"))
    assert list(Booking.objects.between(day("2026-06-12"), day("2026-06-12"))) == [one]
    assert list(Booking.objects.between(day("2026-06-13"), day("2026-06-20"))) == []


# --- leave ------------------------------------------------------------------------------------


def test_leave_is_entered_by_oneself_or_a_support_officer(world):
    mine = bookings.add_leave(world.lead, day("2026-06-08"), day("2026-06-09"), by=world.lead)
    bookings.add_leave(world.cqc, day("2026-06-08"), day("2026-06-09"), by=world.officer)
    for other in (world.cqc, world.director, world.dcs):
        with pytest.raises(NotAllowed):
            bookings.add_leave(world.lead, day("2026-07-08"), day("2026-07-09"), by=other)
        with pytest.raises(NotAllowed):
            bookings.withdraw_leave(mine, by=other)
    bookings.withdraw_leave(mine, by=world.lead)
    assert not Booking.objects.confirmed().filter(person=world.lead).exists()


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [("2026-06-09", "2026-06-08", "last"), ("2026-06-09", "2028-06-08", "last")],
)
def test_odd_leave(world, first, last, field):
    with pytest.raises(GuardFailed) as refusal:
        bookings.add_leave(world.lead, day(first), day(last), by=world.lead)
    assert [name for name, _ in refusal.value.reasons] == [field]


def test_leave_over_booked_days_names_them(world):
    case = world.scheduled()
    with pytest.raises(GuardFailed) as refusal:
        bookings.add_leave(world.lead, day("2026-06-10"), day("2026-06-20"), by=world.lead)
    assert refusal.value.reasons == [
        ("first", f"Ada Osei: on site, Westmarch ({case.reference}), 8 to 12 June 2026.")
    ]


def test_days_of_a_case_cannot_be_withdrawn_by_hand(world):
    world.scheduled()
    on_site = Booking.objects.get(person=world.lead, purpose="on_site")
    with pytest.raises(NotAllowed, match="change with its dates or team"):
        bookings.withdraw_leave(on_site, by=world.lead)


def test_interests_are_declared_and_withdrawn_by_oneself(world):
    declared = bookings.declare_interest(
        world.lead, world.area, day("2020-01-01"), None, "Family", by=world.lead
    )
    for other in (world.officer, world.cqc):
        with pytest.raises(NotAllowed):
            bookings.declare_interest(
                world.lead, world.area, day("2020-01-01"), None, "Gossip", by=other
            )
        with pytest.raises(NotAllowed):
            bookings.withdraw_interest(declared, by=other)
    bookings.withdraw_interest(declared, by=world.lead)
    assert DeclaredInterest.objects.get().withdrawn


# --- at the same instant ----------------------------------------------------------------------


def at_once(*calls):
    """Run these at the same instant on connections of their own; what each answered or raised."""
    start = threading.Barrier(len(calls))
    results = [None] * len(calls)

    def run(number, call):
        try:
            start.wait(10)
            results[number] = call()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=(number, call)) for number, call in enumerate(calls)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", range(5))
def test_two_schedulers_at_the_same_instant_cannot_book_the_same_inspector(at, time):
    world = build_world()
    first, second = world.planned(), world.planned(world.other_area)
    # The same lead only; the others differ, and are named in another order.
    results = at_once(
        lambda: services.schedule(first, world.choice(), by=world.officer),
        lambda: services.schedule(
            second, world.choice(**world.other_team(lead_hmi=world.lead.pk)), by=world.officer
        ),
    )
    refusals = [one for one in results if isinstance(one, Exception)]
    [refusal] = refusals
    assert isinstance(refusal, GuardFailed), refusal
    [(field, text)] = refusal.reasons
    assert field == "lead_hmi"
    assert text.startswith("Everyone is free: Ada Osei: ")
    assert "8 to 12 June 2026" in text
    first.refresh_from_db()
    second.refresh_from_db()
    assert sorted([first.stage, second.stage]) == ["planned", "scheduled"]
    assert Booking.objects.confirmed().filter(person=world.lead, purpose="on_site").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", range(5))
def test_leave_and_a_schedule_at_the_same_instant(at, time):
    world = build_world()
    case = world.planned()
    results = at_once(
        lambda: services.schedule(case, world.choice(), by=world.officer),
        lambda: bookings.add_leave(world.lead, day("2026-06-10"), day("2026-06-10"), by=world.lead),
    )
    [refusal] = [one for one in results if isinstance(one, Exception)]
    assert isinstance(refusal, GuardFailed), refusal
    assert (
        Booking.objects.confirmed()
        .filter(person=world.lead, days__contains=day("2026-06-10"))
        .count()
        == 1
    )


@pytest.mark.django_db(transaction=True)
def test_two_of_one_area_at_the_same_instant_make_one_inspection(at):
    world = build_world()
    results = at_once(world.planned, world.planned)
    [refusal] = [one for one in results if isinstance(one, Exception)]
    assert isinstance(refusal, GuardFailed), refusal
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_post_twenty_times_at_once_is_scheduled_once(at):
    world = build_world()
    case = world.planned()
    results = at_once(
        *(
            lambda: services.schedule(case, world.choice(), by=world.officer, key="one").pk
            for _ in range(20)
        )
    )
    assert len(set(results)) == 1, results
    assert Booking.objects.filter(case=case, purpose="on_site").count() == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", range(5))
def test_the_constraint_alone_holds_without_any_lock(at, time):
    world = build_world()

    def raw():
        with transaction.atomic():
            insert(world.lead, "2026-06-08", "2026-06-12")
        return "booked"

    results = at_once(raw, raw)
    assert results.count("booked") == 1, results
    assert Booking.objects.confirmed().filter(person=world.lead).count() == 1
    assert connection.is_usable()
