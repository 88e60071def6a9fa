"""'When the calendar changes every open deadline is computed again; each change is listed old date
-> new date before it is applied, is recorded on the case, and the people who owe it are told.
Deadlines that are already met or closed never move.' (timetable.md)"""

import datetime
import time

import psycopg2
import pytest
from django.db import connection

from casework import measures
from casework.chain import verify_chain
from casework.changes import carrying, services
from casework.changes.going_on import go_on, lock_number
from casework.changes.tasks import go_on_with_change, sweep_changes
from casework.explain import why
from casework.models import Case, Deadline, Event
from casework.recording import Conflict, GuardFailed, create_case, record, record_import
from casework.tests.changes.helpers import (
    applied,
    check,
    dates,
    events_of,
    everything,
    holidays,
    moves_of,
    offsets,
    previewed,
    told,
)
from casework.tests.rehearsal import (
    COUNCIL,
    HEALTH,
    Commented,
    Done,
    Drafted,
    Fixed,
    Told,
    make_area,
    make_person,
    put_on_case,
)
from casework.tests.test_recording import FIX, deadline
from working_days.services import add_bank_holiday

pytestmark = pytest.mark.django_db
D = datetime.date
#: A Monday between feedback and publication.
DAY = D(2026, 6, 22)


@pytest.fixture
def fixed(case, officer):
    record(case.pk, FIX, by=officer)
    return case


def test_what_would_move_is_listed_old_and_new_and_nothing_has_moved_yet(fixed, admin):
    before = dates()
    change = previewed(holidays(DAY), admin)
    assert (change.state, change.cases, change.deadlines) == ("previewed", 1, 4)
    ref = fixed.reference
    assert moves_of(change) == [
        (ref, "T-DRAFT", "", D(2026, 7, 1), D(2026, 7, 2)),
        (ref, "T-FACTS", "11111111-1111-4111-8111-111111111111", D(2026, 7, 15), D(2026, 7, 16)),
        (ref, "T-FACTS", "22222222-2222-4222-8222-222222222222", D(2026, 7, 15), D(2026, 7, 16)),
        (ref, "T-PUBLISH", "", D(2026, 7, 29), D(2026, 7, 30)),
    ]
    assert dates() == before
    assert not Event.objects.filter(key=change.key).exists()


def test_it_is_recorded_on_the_case_and_nothing_that_is_met_moves(fixed, officer, admin):
    record(fixed.pk, Told(taken_by="Dan"), by=officer)
    before = dates()
    change = applied(holidays(D(2026, 6, 3), DAY), admin)
    assert change.state == "applied"
    after = dates()
    ref = fixed.reference
    assert after[ref, "T-TELL", ""] == before[ref, "T-TELL", ""]
    assert (after[ref, "T-DRAFT", ""], after[ref, "T-PUBLISH", ""]) == (
        D(2026, 7, 2),
        D(2026, 7, 30),
    )
    event = events_of(change)[ref]
    assert (event.kind, event.recorded_by, event.calendar_version) == ("calendar_changed", admin, 2)
    assert event.facts["moved"][0] == ["T-DRAFT", "", "2026-07-01", "2026-07-02"]
    fixed.refresh_from_db()
    assert fixed.version == event.seq
    assert verify_chain(fixed) == []
    check()


def test_the_date_says_why_with_the_new_day_by_name(fixed, admin):
    applied(holidays(DAY), admin)
    skipped = [day.name for day in why(deadline(fixed, "T-PUBLISH")).skipped]
    assert skipped.count("State occasion") == 1


def test_rebuild_agrees_before_during_and_after(fixed, area, officer, admin, monkeypatch):
    for number in range(3):
        other = create_case(
            "rehearsal", local_area=make_area(f"Area {number}", code=f"A{number}"), by=officer
        )
        record(other.pk, FIX, by=officer)
    check()
    change = previewed(holidays(DAY), admin)
    check()
    services.apply(change.pk, by=admin)
    check()
    chunk, done = carrying._carry_out_chunk, []

    def checked(*args):
        heads = chunk(*args)
        done.append(Event.objects.filter(key=change.key).count())
        check()
        return heads

    monkeypatch.setattr(carrying, "_carry_out_chunk", checked)
    services.carry_out(change.pk)
    assert done == [1, 2, 3, 4]
    change.refresh_from_db()
    assert (change.cases, change.cases_done, change.deadlines) == (4, 4, 16)


def test_a_case_that_a_change_does_not_move_has_nothing_new_on_record(fixed, officer, area, admin):
    later = create_case("rehearsal", local_area=area, by=officer)
    record(later.pk, Fixed(first_day=D(2026, 9, 7), last_day=D(2026, 9, 11)), by=officer)
    ended = create_case("rehearsal", local_area=area, by=officer)
    record_import(ended.pk, FIX, happened_on=D(2026, 6, 1))
    record_import(ended.pk, Done(), happened_on=D(2026, 6, 1))
    before = everything([later.pk, ended.pk])
    applied(holidays(DAY), admin)
    assert everything([later.pk, ended.pk]) == before
    check()


def test_an_agreed_day_stays_and_the_days_after_it_count_from_it(fixed, officer, admin):
    measures.extend(
        deadline(fixed, "T-DRAFT"), D(2026, 7, 8), by=officer, agreed_by="Both", why="Illness"
    )
    change = applied(holidays(DAY), admin)
    draft = deadline(fixed, "T-DRAFT")
    assert (draft.due_on, draft.computed_on) == (D(2026, 7, 8), D(2026, 7, 2))
    assert [rule for _, rule, *_ in moves_of(change)] == ["T-PUBLISH"]
    check()


def test_only_the_computed_day_behind_an_agreed_one_is_no_move(case, officer, admin):
    record_import(case.pk, FIX, happened_on=D(2026, 6, 1))
    record_import(case.pk, Commented(subject=COUNCIL.key), happened_on=D(2026, 6, 1))
    for row in Deadline.objects.filter(case=case, met_on=None, due_on__gt=FIX.last_day):
        measures.extend(row, D(2026, 9, 1), by=officer, agreed_by="Both", why="Illness")
    before = everything()
    change = applied(holidays(DAY), admin)
    assert (change.cases, everything()) == (0, before)
    check()


def test_what_stands_still_moves_and_keeps_standing_still(fixed, officer, admin):
    measures.suspend(fixed, by=officer, reason="Flood")
    applied(holidays(DAY), admin)
    fixed.refresh_from_db()
    assert fixed.suspended_on == D(2026, 6, 1)
    assert deadline(fixed, "T-PUBLISH").due_on == D(2026, 7, 30)
    check()


def test_a_first_day_that_becomes_a_bank_holiday_bars_nothing_from_the_record(
    fixed, officer, admin, monday
):
    """Day 1 has to be given anew; but what happens until then is recorded as ever."""
    applied(holidays(FIX.first_day, FIX.last_day), admin)
    record(fixed.pk, Told(taken_by="Dan"), by=officer)
    check()
    check()


# --- while it is under way ---


def test_what_somebody_records_meanwhile_comes_after_the_change(fixed, officer, admin):
    """The case keeps its dates until it has the event; who has its form open records all the same,
    on the case as it then stands."""
    seen = Case.objects.get(pk=fixed.pk).version
    change = previewed(holidays(DAY), admin)
    services.apply(change.pk, by=admin)
    assert deadline(fixed, "T-PUBLISH").due_on == D(2026, 7, 29)
    record(fixed.pk, Told(taken_by="Dan"), by=officer, expected_version=seen)
    assert list(fixed.events.order_by("seq").values_list("kind", flat=True))[-2:] == [
        "calendar_changed",
        "notified",
    ]
    assert deadline(fixed, "T-PUBLISH").due_on == D(2026, 7, 30)
    # Due days are counted back from Day 1: 22 June is after it.
    assert deadline(fixed, "T-TELL").due_on == D(2026, 6, 1)
    services.carry_out(change.pk)
    change.refresh_from_db()
    assert (change.cases, change.cases_done, change.deadlines) == (1, 1, 4)
    assert fixed.events.filter(key=change.key).count() == 1
    check()


def test_a_form_that_was_open_before_gets_the_ordinary_conflict(fixed, officer, admin):
    seen = Case.objects.get(pk=fixed.pk).version
    applied(holidays(DAY), admin)
    with pytest.raises(Conflict, match="Deadlines computed again with the new calendar"):
        record(fixed.pk, Told(taken_by="Dan"), by=officer, expected_version=seen)


def test_a_case_that_went_on_since_the_preview_is_listed_as_it_moved(fixed, officer, admin):
    change = previewed(holidays(DAY), admin)
    record(fixed.pk, Told(taken_by="Dan"), by=officer)
    measures.extend(
        deadline(fixed, "T-DRAFT"), D(2026, 7, 8), by=officer, agreed_by="Both", why="Illness"
    )
    assert change.moves.count() == 4
    services.apply(change.pk, by=admin)
    services.carry_out(change.pk)
    assert [rule for _, rule, *_ in moves_of(change)] == ["T-PUBLISH"]
    change.refresh_from_db()
    assert (change.cases, change.deadlines) == (1, 1)


def test_a_case_that_ended_since_the_preview_is_no_longer_listed(fixed, officer, admin):
    change = previewed(holidays(DAY), admin)
    record_import(fixed.pk, Done(), happened_on=D(2026, 6, 1))
    services.apply(change.pk, by=admin)
    services.carry_out(change.pk)
    change.refresh_from_db()
    assert (change.cases, moves_of(change)) == (0, [])


def test_a_case_opened_while_it_was_under_way_counts_by_the_new_calendar(
    fixed, officer, area, admin
):
    change = previewed(holidays(DAY), admin)
    services.apply(change.pk, by=admin)
    new = create_case("rehearsal", local_area=area, by=officer)
    record(new.pk, FIX, by=officer)
    assert dates()[new.reference, "T-PUBLISH", ""] == D(2026, 7, 30)
    services.carry_out(change.pk)
    assert set(events_of(change)) == {fixed.reference}


# --- killed, twice, at once ---


def many(officer, number=6):
    """Cases of several areas, with bodies that have answered or not."""
    for n in range(number):
        area = make_area(f"Area {n}", code=f"A{n}")
        case = create_case("rehearsal", local_area=area, by=officer)
        record(case.pk, FIX, by=officer)
        if n % 2:
            record_import(case.pk, Drafted(), happened_on=D(2026, 6, 1))
            record_import(case.pk, Commented(subject=HEALTH.key), happened_on=D(2026, 6, 1))


class _Killed(BaseException):
    """Ends the work without a chance to tidy up."""


@pytest.mark.parametrize("after", range(5))
def test_one_that_was_killed_is_gone_on_with_and_each_case_has_one_event(
    case, officer, admin, monkeypatch, after
):
    many(officer)
    change = previewed(holidays(DAY), admin)
    services.apply(change.pk, by=admin)
    write, begun = carrying._bring_up_to_date, []

    def killed(*args):
        begun.append(1)
        write(*args)
        if len(begun) > after:
            raise _Killed  # what this transaction wrote is gone

    monkeypatch.setattr(carrying, "_bring_up_to_date", killed)
    with pytest.raises(_Killed):
        services.carry_out(change.pk)
    monkeypatch.undo()
    change.refresh_from_db()
    assert (change.state, change.cases_done) == ("applying", after)
    assert services.under_way() == [change.pk]
    check()
    services.carry_out(change.pk)
    change.refresh_from_db()
    assert (change.state, change.cases, change.cases_done) == ("applied", 6, 6)
    assert Event.objects.filter(key=change.key).count() == 6
    assert not any(verify_chain(one) for one in Case.objects.all())
    check()


def test_killed_while_telling_everybody_is_told_once(fixed, officer, admin, monkeypatch):
    put_on_case(make_person("Lena", role="hmi"), fixed, "lead_hmi")
    change = previewed(holidays(DAY), admin)
    services.apply(change.pk, by=admin)

    def killed(change):
        raise _Killed

    monkeypatch.setattr(carrying.telling, "tell", killed)
    with pytest.raises(_Killed):
        services.carry_out(change.pk)
    monkeypatch.undo()
    services.carry_out(change.pk)
    assert len(told(change)) == len(set(told(change))) == 2  # the lead, and the support officer


def test_a_preview_that_was_killed_is_begun_again(fixed, officer, admin, monkeypatch):
    from casework.changes import previewing

    many(officer)
    change = services.propose_calendar(holidays(DAY), why="x", by=admin)
    noted, begun = previewing._note_moves, []

    def killed(*args):
        begun.append(1)
        if len(begun) > 3:
            raise _Killed
        return noted(*args)

    monkeypatch.setattr(previewing, "_note_moves", killed)
    with pytest.raises(_Killed):
        services.preview(change.pk)
    monkeypatch.undo()
    change.refresh_from_db()
    assert change.state == "previewing"
    go_on_with_change(str(change.pk))
    change.refresh_from_db()
    assert (change.state, change.cases) == ("previewed", 7)
    assert change.moves.values("case").distinct().count() == 7


def test_two_workers_are_never_at_one_change(fixed, admin):
    change = previewed(holidays(DAY), admin)
    services.apply(change.pk, by=admin)
    settings = connection.get_connection_params()
    other = psycopg2.connect(**{k: v for k, v in settings.items() if k != "cursor_factory"})
    try:
        with other.cursor() as theirs:
            theirs.execute("SELECT pg_advisory_lock(%s)", [lock_number(change.pk)])
        assert go_on(change.pk) is False
        change.refresh_from_db()
        assert change.state == "applying"
    finally:
        other.close()
    for _ in range(50):
        if go_on(change.pk):
            break
        time.sleep(0.1)
    change.refresh_from_db()
    assert change.state == "applied"
    assert go_on(change.pk) is False


def test_the_sweeper_hands_on_what_nobody_is_at(fixed, admin, monkeypatch):
    asked = []
    monkeypatch.setattr(services, "ask", lambda task, args: asked.extend(args))
    proposed = services.propose_calendar(holidays(DAY), why="x", by=admin)
    done = applied(holidays(D(2026, 7, 8)), admin)
    asked.clear()
    sweep_changes()
    assert asked == [str(proposed.pk)]
    assert done.state == "applied"


# --- of more than one thing ---


def test_days_past_all_changes_are_caught_up_with_by_the_next_change(fixed, officer, admin):
    """A version recorded in another way moves a case with its next event, or the next change."""
    add_bank_holiday(D(2026, 7, 8), "Unheard of", why="x", by="test")
    assert deadline(fixed, "T-PUBLISH").due_on == D(2026, 7, 29)
    applied(holidays(DAY), admin)
    assert deadline(fixed, "T-PUBLISH").due_on == D(2026, 7, 31)
    check()


def test_an_offset_and_a_day_one_after_the_other(fixed, admin):
    applied(offsets({"T-DRAFT": 9}, cases=[fixed]), admin)
    applied(holidays(DAY), admin)
    assert deadline(fixed, "T-DRAFT").due_on == D(2026, 6, 26)
    assert [event.kind for event in fixed.events.order_by("seq")][-2:] == [
        "parameters_changed",
        "calendar_changed",
    ]
    check()


def test_a_case_of_an_earlier_release_is_worked_out_by_itself(fixed, admin):
    """Without a digest until `rebuild` has filled it: the result is the same."""
    Case.objects.filter(pk=fixed.pk).update(inputs_digest="")
    change = applied(holidays(DAY), admin)
    assert (change.cases, change.deadlines) == (1, 4)
    assert deadline(fixed, "T-PUBLISH").due_on == D(2026, 7, 30)
    check()


def test_a_case_that_cannot_be_counted_again_is_named_and_keeps_its_dates(
    fixed, officer, area, admin, monkeypatch
):
    other = create_case("rehearsal", local_area=area, by=officer)
    record(other.pk, FIX, by=officer)
    Case.objects.update(inputs_digest="")
    change = previewed(holidays(DAY), admin)
    services.apply(change.pk, by=admin)
    append = carrying.append

    def refusing(case, kind, wanted):
        if case.pk == other.pk:
            raise GuardFailed([("", "Not like this.")])
        return append(case, kind, wanted)

    monkeypatch.setattr(carrying, "append", refusing)
    services.carry_out(change.pk)
    change.refresh_from_db()
    assert (change.state, change.cases) == ("applied", 1)
    assert change.failure == (
        f"1 case could not be counted again and kept their dates: {other.reference}."
    )
    assert deadline(other, "T-PUBLISH").due_on == D(2026, 7, 29)


def test_a_preview_that_goes_wrong_says_so(fixed, admin, monkeypatch):
    from casework.changes import previewing

    change = services.propose_calendar(holidays(DAY), why="x", by=admin)

    def wrong(*args):
        raise RuntimeError("What nobody thought of")

    monkeypatch.setattr(previewing, "_note_moves", wrong)
    assert go_on(change.pk)
    change.refresh_from_db()
    assert (change.state, change.failure) == (
        "failed",
        "Something went wrong while it was worked out. The log says what.",
    )
    monkeypatch.undo()
    services.preview_again(change.pk, by=admin)
    assert go_on(change.pk)
    change.refresh_from_db()
    assert (change.state, change.failure, change.cases) == ("previewed", "", 1)
