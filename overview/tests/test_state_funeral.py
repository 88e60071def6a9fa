"""The bank holiday of 19 September 2022 for the State Funeral, announced on 10 September: cases
that were notified on the 9th move, deadlines met before stay (timetable.md, 'Counting days')."""

import datetime

import pytest
import time_machine

from areas.models import AreaOrganisation, Organisation
from casework.changes import services
from casework.models import Deadline
from casework.recording import GuardFailed, correct, create_case, record, record_import
from casework.registry import kind_of
from casework.tests.changes.helpers import (
    administrator,
    check,
    events_of,
    holidays,
    moves_of,
    previewed,
)
from casework.tests.rehearsal import make_area, make_person
from inspections.events import Notified, TakenBy
from overview.tests.any_history import Histories
from working_days.services import CalendarChange, change_calendar, current_calendar

pytestmark = pytest.mark.django_db
D = datetime.date
FUNERAL = D(2022, 9, 19)
TITLE = "Bank Holiday for the State Funeral of Queen Elizabeth II"


def at(day, hour=9):
    return datetime.datetime(2022, 9, day, hour, 30, tzinfo=datetime.UTC)


@pytest.fixture
def clock(db):
    """The morning of 9 September 2022, by the calendar as it was known then."""
    with time_machine.travel(at(8), tick=False) as traveller:
        change_calendar(CalendarChange(remove=(FUNERAL,)), why="As it was", by="test")
        traveller.move_to(at(9))
        yield traveller


@pytest.fixture
def area(clock):
    area = make_area("Kentshire", code="K01")
    for kind, name in (("council", "Council"), ("health_commissioner", "Health board")):
        body = Organisation.objects.create(kind=kind, name=name)
        AreaOrganisation.objects.create(organisation=body, local_area=area)
    return area


def facts(kind, event, **values):
    declared = kind_of(kind).facts_of(event)
    if event == "scheduled":
        team = ("lead_hmi", "ofsted_inspector", "cqc_inspector")
        values |= {part: make_person(part).pk for part in team}
    return declared(**values)


def inspection(area, first_day, last_day, *also):
    """An inspection that was notified on 9 September."""
    case = create_case("inspection", local_area=area, by=None, happened_on=D(2022, 7, 1))
    dates = {"first_day": first_day, "last_day": last_day}
    record_import(case.pk, facts("inspection", "scheduled", **dates), happened_on=D(2022, 8, 1))
    told = Notified(taken_by=TakenBy.NAMED, name="Dana")
    record_import(case.pk, told, happened_on=D(2022, 9, 9))
    for event in also:
        record_import(case.pk, facts("inspection", event), happened_on=D(2022, 9, 9))
    return case


def due(case, rule, subject=""):
    return Deadline.objects.get(case=case, rule=rule, subject=subject).due_on


def test_the_state_funeral(area, clock):
    admin = administrator()
    case = inspection(area, D(2022, 9, 12), D(2022, 9, 16), "confirmation_sent")
    # Called on the 9th, a week before it had to be (Day -5 of 23 September, then the 16th).
    early = inspection(area, D(2022, 9, 23), D(2022, 9, 29))
    on_site = inspection(area, D(2022, 9, 16), D(2022, 9, 22))
    met = dict(Deadline.objects.exclude(met_on=None).values_list("pk", "due_on"))
    assert due(early, "IN-NOTIFY") == D(2022, 9, 16)
    assert due(case, "IN-DRAFT") == D(2022, 10, 5)
    check()

    clock.move_to(at(10))
    change = previewed(holidays(FUNERAL, title=TITLE), admin, why="Proclaimed on 10 September 2022")
    check()
    listed = {(ref, rule, subject): (old, new) for ref, rule, subject, old, new in moves_of(change)}
    assert listed[case.reference, "IN-DRAFT", ""] == (D(2022, 10, 5), D(2022, 10, 6))
    # A keep-in-touch meeting that there is no day for any more.
    assert listed[on_site.reference, "IN-KIT", "2022-09-19"] == (FUNERAL, None)
    assert not [key for key in listed if key[0] == early.reference]

    services.apply(change.pk, by=admin)
    check()
    services.carry_out(change.pk)
    check()
    # 33 working days after Friday 16 September.
    assert due(case, "IN-PUBLISH") == D(2022, 11, 3)
    assert due(case, "IN-FINAL") == D(2022, 10, 27)
    assert {day.pk: day.due_on for day in Deadline.objects.filter(pk__in=met)} == met
    assert due(early, "IN-NOTIFY") == D(2022, 9, 16)
    assert not Deadline.objects.filter(case=on_site, subject="2022-09-19").exists()
    kept = {reference: event.facts["why"] for reference, event in events_of(change).items()}
    assert kept == dict.fromkeys(
        (case.reference, on_site.reference), "Proclaimed on 10 September 2022"
    )


def test_kents_revisit_has_day_minus_10_on_monday_12_september(area, clock):
    """'Kent's re-visit of Tuesday 27 September 2022 has Day -10 on Monday 12 September, over the
    state funeral's bank holiday.'"""
    admin = administrator()
    kind = kind_of("revisit")
    planned = next(step.event for step in kind.steps if "first_day" in step.event.planned)
    case = create_case(
        "revisit", local_area=area, by=None, framework=kind.frameworks[0], happened_on=D(2022, 7, 1)
    )
    histories = Histories([area], 1)
    given = histories.facts(planned, case, D(2022, 9, 27))
    record_import(case.pk, given, happened_on=D(2022, 8, 1))
    assert due(case, "RE-NOTIFY") == D(2022, 9, 13)
    clock.move_to(at(10))
    change = previewed(holidays(FUNERAL, title=TITLE), admin)
    services.apply(change.pk, by=admin)
    services.carry_out(change.pk)
    assert due(case, "RE-NOTIFY") == D(2022, 9, 12)
    check()


def test_a_visit_that_was_to_begin_on_the_day_needs_another_and_goes_on_meanwhile(area, clock):
    """Day 1 must be a working day; what happens before it has another is recorded all the same."""
    admin = administrator()
    case = inspection(area, FUNERAL, D(2022, 9, 23))
    clock.move_to(at(10))
    change = previewed(holidays(FUNERAL, title=TITLE), admin)
    services.apply(change.pk, by=admin)
    services.carry_out(change.pk)
    check()
    assert current_calendar().name_of(FUNERAL) == TITLE
    clock.move_to(at(12))
    record(case.pk, facts("inspection", "pcf_told"), by=None)
    check()
    scheduled = case.events.get(kind="scheduled")
    again = facts("inspection", "scheduled", first_day=FUNERAL, last_day=D(2022, 9, 22))
    with pytest.raises(GuardFailed, match="must be a working day"):
        correct(scheduled.pk, again, by=None, reason="Shorter")
