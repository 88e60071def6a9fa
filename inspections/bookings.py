"""People's days: who is booked for what, leave, and what stands in the way of more.

The rule itself (one person, one place) is PostgreSQL's; here it is asked beforehand, so that a
person reads whose days clash with what, and held against two who ask at the same instant.
"""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from casework.models import Case, CaseRole
from casework.refusals import GuardFailed, NotAllowed
from config import clock
from inspections import access
from inspections.checks import from_to
from inspections.models import Booking, DeclaredInterest
from inspections.proposal import Clash, PlannedDays

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User
    from areas.models import LocalArea

ONE_DAY = datetime.timedelta(days=1)
LONGEST_LEAVE = 400


def as_range(first: datetime.date, last: datetime.date) -> DateRange:
    """The days from `first` to `last`, both included, as PostgreSQL keeps them."""
    return DateRange(first, last + ONE_DAY)


def lock_people(person_ids: Iterable[int]) -> None:
    """Let one transaction at a time book these people, until it ends; always in the same order.

    Two inserts that exclude each other could otherwise wait for each other for ever.
    """
    with connection.cursor() as cursor:
        for person_id in sorted(set(person_ids)):
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"booking:{person_id}"]
            )


@contextmanager
def naming_the_clash(planned: Sequence[PlannedDays], case: Case | None) -> "Iterator[None]":
    """Turn PostgreSQL's refusal into GuardFailed that says whose days clash with what."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "one_person_in_one_place" not in str(error):
            raise
        found = clashes(planned, viewer=None, but_for=case)
        raise GuardFailed([("", clash_in_words(clash)) for clash in found]) from error


def clashes(
    planned: Sequence[PlannedDays], *, viewer: Any, but_for: Case | None = None
) -> tuple[Clash, ...]:
    """What confirmed days of these people stand in the way, soonest first.

    `but_for`: the case whose own days do not count. What the viewer may not know of is called
    'other work'. Two queries, three where something clashes.
    """
    if not planned:
        return ()
    wanted = Q()
    for days in planned:
        wanted |= Q(person=days.person_id, days__overlap=as_range(days.first, days.last))
    found = Booking.objects.confirmed().filter(wanted).select_related("person", "case__local_area")
    if but_for is not None:
        found = found.exclude(case=but_for)
    return in_words_of(found.order_by("days", "pk"), viewer=viewer)


def in_words_of(found: Iterable[Booking], *, viewer: Any) -> tuple[Clash, ...]:
    """Bookings as the viewer may read of them; `viewer=None` is the system, which names no case."""
    bookings = list(found)
    cases = {booking.case_id for booking in bookings if booking.case_id}
    known: set[Any] = set()
    if cases and viewer is not None:
        known = set(
            Case.objects.visible_to(viewer).filter(pk__in=cases).values_list("pk", flat=True)
        )
    return tuple(
        Clash(
            person_id=booking.person_id,
            name=str(booking.person),
            what=_what(booking, booking.case_id in known),
            first=booking.first,
            last=booking.last,
        )
        for booking in bookings
    )


def _what(booking: Booking, known: bool) -> str:
    if booking.case is None:
        return "leave"
    if not known:
        return "other work"
    purpose = booking.get_purpose_display().lower()
    return f"{purpose}, {booking.case.local_area} ({booking.case.reference})"


def clash_in_words(clash: Clash) -> str:
    """'Ada Osei: leave, 4 to 8 June 2026.'"""
    return f"{clash.name}: {clash.what}, {from_to(clash.first, clash.last)}."


# --- what a case books ------------------------------------------------------------------------


def book(case: Case, planned: Sequence[PlannedDays], *, by: Any) -> None:
    """Make these the confirmed days of a case, and release those it had and needs no more.

    Raises GuardFailed naming the clash. Writes nothing where nothing changed.
    """
    standing = {
        (one.person_id, one.purpose, one.first, one.last): one
        for one in Booking.objects.confirmed().filter(case=case)
    }
    wanted = {(one.person_id, one.purpose, one.first, one.last) for one in planned}
    gone = [one.pk for key, one in standing.items() if key not in wanted]
    if gone:
        Booking.objects.filter(pk__in=gone).update(confirmed=False)
    new = sorted(wanted - set(standing))
    if not new:
        return
    lock_people(person_id for person_id, *_ in new)
    with naming_the_clash(planned, case):
        Booking.objects.bulk_create(
            Booking(
                person_id=person_id,
                purpose=purpose,
                days=as_range(first, last),
                case=case,
                entered_by=by,
                entered_at=clock.now(),
            )
            for person_id, purpose, first, last in new
        )


# --- leave and interests: entered by hand -----------------------------------------------------


def add_leave(
    person: "User", first: datetime.date, last: datetime.date, *, by: "User", note: str = ""
) -> Booking:
    """Book leave. Raises NotAllowed; GuardFailed with what stands in the way, or an odd period."""
    _may_edit(by, person)
    if last < first:
        raise GuardFailed([("last", "The last day of leave is before the first.")])
    if (last - first).days >= LONGEST_LEAVE:
        raise GuardFailed([("last", f"Enter leave of more than {LONGEST_LEAVE} days in parts.")])
    days = PlannedDays(person.pk, Booking.Purpose.LEAVE, first, last)
    with transaction.atomic():
        lock_people([person.pk])
        if found := clashes([days], viewer=by):
            raise GuardFailed([("first", clash_in_words(clash)) for clash in found])
        with naming_the_clash([days], None):
            return Booking.objects.create(
                person=person,
                purpose=Booking.Purpose.LEAVE,
                days=as_range(first, last),
                note=note,
                entered_by=by,
                entered_at=clock.now(),
            )


def withdraw_leave(booking: Booking, *, by: "User") -> None:
    """Take leave back; the row stays, unconfirmed. Raises NotAllowed, also for days of a case."""
    _may_edit(by, booking.person)
    if booking.purpose != Booking.Purpose.LEAVE:
        raise NotAllowed("Days of an inspection change with its dates or team.")
    Booking.objects.filter(pk=booking.pk).update(confirmed=False)


def declare_interest(
    person: "User",
    local_area: "LocalArea",
    since: datetime.date,
    until: datetime.date | None,
    reason: str,
    *,
    by: "User",
) -> DeclaredInterest:
    """Declare a person's interest in an area. Raises NotAllowed and GuardFailed."""
    if by != person:
        raise NotAllowed("People declare their own interests.")
    if until is not None and until < since:
        raise GuardFailed([("until", "The interest ends before it begins.")])
    return DeclaredInterest.objects.create(
        person=person,
        local_area=local_area,
        since=since,
        until=until,
        reason=reason,
        entered_by=by,
        entered_at=clock.now(),
    )


def running_cases(person: "User") -> list[Case]:
    """The cases that have not ended and that a person is on today: one query."""
    held = CaseRole.objects.on(clock.today()).filter(person=person)
    found = Case.objects.filter(pk__in=held.values("case"), ended_on__isnull=True)
    return list(found.select_related("local_area").order_by("reference"))


def withdraw_interest(interest: DeclaredInterest, *, by: "User") -> None:
    """Take a declaration back; the row stays. Raises NotAllowed."""
    if by.pk != interest.person_id:
        raise NotAllowed("People withdraw their own interests.")
    DeclaredInterest.objects.filter(pk=interest.pk).update(withdrawn=True)


def _may_edit(by: "User", person: "User") -> None:
    permission = access.may_edit_days(by, person)
    if not permission.allowed:
        raise NotAllowed(permission.reason)


def availability(
    people: Collection[int],
    days: Mapping[int, Sequence[PlannedDays]],
    *,
    viewer: Any,
    but_for: Case | None,
) -> dict[int, tuple[Clash, ...]]:
    """For each person, what stands in the way of the days they would be booked for."""
    found: dict[int, list[Clash]] = {person: [] for person in people}
    everyone = [one for person in people for one in days.get(person, ())]
    for clash in clashes(everyone, viewer=viewer, but_for=but_for):
        found[clash.person_id].append(clash)
    return {person: tuple(some) for person, some in found.items()}
