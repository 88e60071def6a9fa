"""A change of calendar or offsets, from proposal to result: who may, what is refused and waits."""

import datetime

import pytest

from casework.changes import services
from casework.changes.checking import _out_of_range
from casework.changes.content import CalendarContent, ParametersContent
from casework.changes.models import Change
from casework.models import ParameterVersion
from casework.recording import create_case, record
from casework.refusals import GuardFailed, NotAllowed
from casework.tests.changes.helpers import applied, check, dates, holidays, offsets, previewed
from casework.tests.rehearsal import make_person
from casework.tests.test_recording import FIX
from casework.timetable.rules import Day, Months
from working_days.models import CalendarVersion
from working_days.services import ChangeRefused, add_bank_holiday, current_calendar

pytestmark = pytest.mark.django_db
D = datetime.date
DAY = D(2026, 6, 22)


@pytest.fixture
def fixed(case, officer):
    record(case.pk, FIX, by=officer)
    return case


def propose(content, by, **more):
    return services.propose_calendar(content, why="Proclaimed", by=by, **more)


# --- who may ---


def test_only_administrators_propose_apply_and_withdraw(fixed, admin, officer):
    content = holidays(DAY)
    for person in (officer, make_person("Nobody"), None):
        with pytest.raises(NotAllowed):
            propose(content, person)
        with pytest.raises(NotAllowed):
            services.propose_parameters(offsets({"T-DRAFT": 9}), why="x", by=person)
    change = previewed(content, admin)
    for person in (officer, None):
        with pytest.raises(NotAllowed):
            services.apply(change.pk, by=person)
        with pytest.raises(NotAllowed):
            services.withdraw(change.pk, by=person)
        with pytest.raises(NotAllowed):
            services.preview_again(change.pk, by=person)
    assert CalendarVersion.objects.count() == 1


def test_gov_uks_list_only_proposes(fixed, admin):
    change = propose(holidays(DAY), None, source="gov.uk")
    services.preview(change.pk)
    with pytest.raises(NotAllowed):
        services.apply(change.pk, by=None)
    services.apply(change.pk, by=admin)
    services.carry_out(change.pk)
    change.refresh_from_db()
    assert (change.state, change.applied_by, change.proposed_by) == ("applied", admin, None)


# --- what is refused ---


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (holidays(D(2026, 6, 20)), "date"),  # a Saturday
        (holidays(D(2026, 12, 25)), "date"),  # one already
        (holidays(D(2031, 1, 2)), "date"),  # past the end
        (holidays(DAY, title=" "), "title"),
        (CalendarContent(remove=(DAY,)), "date"),
        (CalendarContent(covers_until=D(2027, 1, 1)), "covers_until"),
        (CalendarContent(), ""),
    ],
)
def test_what_the_calendar_cannot_take_is_refused_at_once(admin, monday, content, field):
    with pytest.raises(ChangeRefused) as refused:
        propose(content, admin)
    assert refused.value.field == field
    assert not Change.objects.exists()


@pytest.mark.parametrize("why", ["", "  ", "x" * 301, "a\x00b"])
def test_a_change_says_why(declared, admin, monday, why):
    with pytest.raises(ChangeRefused) as refused:
        services.propose_calendar(holidays(DAY), why=why, by=admin)
    assert refused.value.field == "why"
    with pytest.raises(GuardFailed) as failed:
        services.propose_parameters(offsets({"T-DRAFT": 9}), why=why, by=admin)
    assert [name for name, _ in failed.value.reasons] == ["why"]


def test_it_cannot_have_become_known_tomorrow(admin, monday):
    tomorrow = datetime.datetime(2026, 6, 2, 9, tzinfo=datetime.UTC)
    with pytest.raises(ChangeRefused) as refused:
        propose(holidays(DAY), admin, known_at=tomorrow)
    assert refused.value.field == "known_at"


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"T-NOTHING": 3}, "T-NOTHING", "no offset"),
        ({"T-FACTS": 3}, "T-FACTS", "fixed by its source"),
        ({"T-DRAFT": -1}, "T-DRAFT", "from 0 to 250"),
        ({"T-DRAFT": 251}, "T-DRAFT", "from 0 to 250"),
        ({"T-DRAFT": True}, "T-DRAFT", "whole number"),
        ({"T-DRAFT": "9"}, "T-DRAFT", "whole number"),
        ({}, "", "at least one"),
    ],
)
def test_a_number_that_cannot_be_set_is_refused_beside_its_field(
    declared, admin, monday, values, field, said
):
    with pytest.raises(GuardFailed) as failed:
        services.propose_parameters(offsets(values), why="x", by=admin)
    ((name, text),) = failed.value.reasons
    assert name == field
    assert said in text


def test_chosen_cases_must_be_there_and_open(fixed, admin):
    nobody = ParametersContent({"T-DRAFT": 9}, D(2026, 6, 1), "chosen", ())
    with pytest.raises(GuardFailed, match="Choose at least one"):
        services.propose_parameters(nobody, why="x", by=admin)
    fixed.__class__.objects.filter(pk=fixed.pk).update(ended_on=D(2026, 6, 1))
    with pytest.raises(GuardFailed, match="1 of the cases chosen have ended"):
        services.propose_parameters(offsets({"T-DRAFT": 9}, cases=[fixed]), why="x", by=admin)


# --- what waits ---


def test_a_worker_is_asked_once_the_proposal_is_committed(
    fixed, admin, monkeypatch, django_capture_on_commit_callbacks
):
    asked = []
    monkeypatch.setattr(services, "ask", lambda task, args: asked.append((task.name, args)))
    with django_capture_on_commit_callbacks(execute=True):
        change = propose(holidays(DAY), admin)
        assert asked == []
    assert asked == [("casework.go_on_with_change", [str(change.pk)])]


def test_the_same_proposal_twice_is_one(fixed, admin):
    assert propose(holidays(DAY), admin) == propose(holidays(DAY), admin)
    assert Change.objects.count() == 1


def test_nothing_is_applied_that_nobody_could_look_at(fixed, admin):
    change = propose(holidays(DAY), admin)
    with pytest.raises(GuardFailed, match="still being worked out"):
        services.apply(change.pk, by=admin)


def test_a_preview_is_stale_once_another_version_came(fixed, admin):
    change = previewed(holidays(DAY), admin)
    add_bank_holiday(D(2026, 7, 8), "Another", why="x", by="test")
    assert services.is_stale(change)
    with pytest.raises(GuardFailed, match="have changed since"):
        services.apply(change.pk, by=admin)
    services.preview_again(change.pk, by=admin)
    services.preview(change.pk)
    services.apply(change.pk, by=admin)
    services.carry_out(change.pk)
    check()
    # Both days lie before publication: the case takes both over.
    assert dates()[fixed.reference, "T-PUBLISH", ""] == D(2026, 7, 31)


def test_a_proposal_that_was_overtaken_says_so_when_it_is_worked_out(fixed, admin):
    change = propose(holidays(DAY), admin)
    add_bank_holiday(DAY, "The same", why="x", by="test")
    services.preview(change.pk)
    change.refresh_from_db()
    assert (change.state, change.failure) == (
        "failed",
        "22 June 2026 is recorded as a bank holiday already.",
    )
    with pytest.raises(GuardFailed, match="could not be worked out"):
        services.apply(change.pk, by=admin)


def test_only_one_change_is_under_way_at_a_time_and_the_next_preview_waits(fixed, admin):
    first = previewed(holidays(DAY), admin)
    second = previewed(holidays(D(2026, 7, 8)), admin)
    services.apply(first.pk, by=admin)
    with pytest.raises(GuardFailed, match="Another change is being applied"):
        services.apply(second.pk, by=admin)
    third = propose(holidays(D(2026, 7, 9)), admin)
    assert services.preview(third.pk) is False
    services.carry_out(first.pk)
    assert services.preview(third.pk) is True
    assert services.under_way() == []
    with pytest.raises(GuardFailed, match="have changed since"):
        services.apply(second.pk, by=admin)


def test_applied_twice_it_is_one_version(fixed, admin):
    change = previewed(holidays(DAY), admin)
    services.apply(change.pk, by=admin)
    services.apply(change.pk, by=admin)
    services.carry_out(change.pk)
    services.carry_out(change.pk)
    services.apply(change.pk, by=admin)
    assert CalendarVersion.objects.count() == 2
    assert fixed.events.filter(kind="calendar_changed").count() == 1


def test_what_was_withdrawn_cannot_be_applied_and_what_was_applied_not_withdrawn(fixed, admin):
    change = previewed(holidays(DAY), admin)
    services.withdraw(change.pk, by=admin)
    assert services.withdraw(change.pk, by=admin).moves.count() == 0
    with pytest.raises(GuardFailed, match="was withdrawn"):
        services.apply(change.pk, by=admin)
    assert current_calendar().version == 1
    other = applied(holidays(DAY), admin)
    with pytest.raises(GuardFailed, match="was applied already"):
        services.withdraw(other.pk, by=admin)


def test_a_preview_that_is_withdrawn_meanwhile_stays_withdrawn(fixed, admin, monkeypatch):
    from casework.changes import previewing

    change = propose(holidays(DAY), admin)
    noted = previewing._note_moves

    def withdrawn_meanwhile(*args):
        services.withdraw(change.pk, by=admin)
        return noted(*args)

    monkeypatch.setattr(previewing, "_note_moves", withdrawn_meanwhile)
    services.preview(change.pk)
    change.refresh_from_db()
    assert (change.state, change.moves.count()) == ("withdrawn", 0)


# --- offsets ---


def test_an_offset_for_new_cases_moves_no_open_one(fixed, officer, admin, area):
    before = dates()
    change = applied(offsets({"T-DRAFT": 9}), admin, why="Faster")
    assert (change.state, change.deadlines) == ("applied", 0)
    assert dates() == before
    new = create_case("rehearsal", local_area=area, by=officer)
    record(new.pk, FIX, by=officer)
    assert dates()[new.reference, "T-DRAFT", ""] == D(2026, 6, 25)
    check()


def test_an_offset_from_a_later_day_holds_for_cases_opened_from_then_on(
    fixed, officer, admin, area, monday
):
    applied(offsets({"T-DRAFT": 9}, effective_from=D(2026, 6, 3)), admin)

    def drafted(case):
        record(case.pk, FIX, by=officer)
        return dates()[case.reference, "T-DRAFT", ""]

    assert drafted(create_case("rehearsal", local_area=area, by=officer)) == D(2026, 7, 1)
    monday.move_to(datetime.datetime(2026, 6, 3, 9, tzinfo=datetime.UTC))
    assert drafted(create_case("rehearsal", local_area=area, by=officer)) == D(2026, 6, 25)


def test_chosen_open_cases_take_an_offset_over_and_others_do_not(fixed, officer, admin, area):
    other = create_case("rehearsal", local_area=area, by=officer)
    record(other.pk, FIX, by=officer)
    change = applied(offsets({"T-DRAFT": 9}, cases=[fixed]), admin, why="Faster")
    after = dates()
    assert after[fixed.reference, "T-DRAFT", ""] == D(2026, 6, 25)
    assert after[other.reference, "T-DRAFT", ""] == D(2026, 7, 1)
    event = fixed.events.get(key=change.key)
    assert (event.kind, event.parameters_version) == ("parameters_changed", 2)
    assert event.facts["moved"][0] == ["T-DRAFT", "", "2026-07-01", "2026-06-25"]
    assert not other.events.filter(key=change.key).exists()
    assert ParameterVersion.objects.get(version=2).changed_by == admin
    check()


def test_a_chosen_case_takes_the_offset_over_though_nothing_moves_yet(fixed, officer, admin, area):
    """Its draft is not due from anything yet: the number holds when it is."""
    new = create_case("rehearsal", local_area=area, by=officer)
    change = applied(offsets({"T-DRAFT": 9}, cases=[new]), admin)
    assert (change.cases, change.deadlines) == (0, 0)
    record(new.pk, FIX, by=officer)
    assert dates()[new.reference, "T-DRAFT", ""] == D(2026, 6, 25)
    check()


def test_months_and_days_keep_their_side_of_the_start(declared):
    """Day -5 stays before Day 1; a month is a month at least."""
    assert _out_of_range(Day(-5), 3) == "Enter a day from -60 to -1."
    assert _out_of_range(Day(1), -1) == "Enter a day from 1 to 60."
    assert _out_of_range(Months(18), 0) == "Enter a number from 1 to 120."
    assert not _out_of_range(Day(-5), -8)
