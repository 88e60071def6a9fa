"""Nobody answers: the end of the time for comments is put on record each morning (timetable.md)."""

import datetime

import pytest
from django.core.management import call_command
from django_celery_beat.models import PeriodicTask

from casework import events as base
from casework.models import Deadline, Event
from casework.periods import ended_periods, record_periods_over
from casework.recording import NotAllowed, correct, record
from casework.refusals import GuardFailed
from inspections import events
from inspections.tasks import periods_over
from inspections.tests.conftest import day
from inspections.tests.test_workflow import Walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(world, at):
    """Drafted on Wednesday 1 July 2026: comments are due by Wednesday 15 July."""
    return Walk(world, at).drafted()


def over(case):
    found = Event.objects.filter(case=case, kind="comments_period_over").order_by("seq")
    return [(one.subject, one.happened_on, one.recorded_by) for one in found]


def reply(case):
    return Deadline.objects.get(case=case, rule="IN-FACTS-REPLY")


def test_the_morning_after_the_reply_counts_from_the_end_of_the_period(walk):
    """HB 58: ten working days for comments; the reply three working days* after."""
    council, north, south = walk.bodies
    walk.to("2026-07-08T12:00").record(events.CommentsReceived(subject=council))
    walk.to("2026-07-15T23:59")
    assert record_periods_over() == 0
    assert reply(walk.case).state == "forecast"
    walk.to("2026-07-16T05:20")
    periods_over()
    assert sorted(over(walk.case)) == sorted(
        [(north, day("2026-07-15"), None), (south, day("2026-07-15"), None)]
    )
    waiting = reply(walk.case)
    assert (waiting.state, waiting.due_on) == ("open", day("2026-07-20"))
    assert (waiting.counted_from_event, waiting.counted_from_on) == (
        "comments_period_over",
        day("2026-07-15"),
    )
    # The bodies' own deadlines stay missed: nothing hides it.
    assert Deadline.objects.filter(case=walk.case, rule="IN-FACTS", state="open").count() == 2
    call_command("rebuild", "--check")


def test_every_morning_again_changes_nothing(walk):
    walk.to("2026-07-16T05:20")
    assert record_periods_over() == 3
    version = walk.case.__class__.objects.get(pk=walk.case.pk).version
    assert record_periods_over() == 0
    walk.to("2026-07-17T05:20")
    assert record_periods_over() == 0
    assert walk.case.__class__.objects.get(pk=walk.case.pk).version == version


def test_a_morning_that_was_missed_is_made_up_for(walk):
    walk.to("2026-07-21T05:20")
    assert record_periods_over() == 3
    assert {on for _, on, _ in over(walk.case)} == {day("2026-07-15")}
    assert reply(walk.case).due_on == day("2026-07-20")


def test_another_day_agreed_for_a_body_is_waited_for(walk, world):
    _, north, _ = walk.bodies
    walk.to("2026-07-16T05:20")
    record_periods_over()
    walk.to("2026-07-16T11:00")
    later = base.Extended(
        rule="IN-FACTS", subject=north, agreed_on=day("2026-07-22"), agreed_by="Ada Osei"
    )
    record(walk.case.pk, later, by=world.officer, note="Key people are away")
    assert (reply(walk.case).state, reply(walk.case).due_on) == ("forecast", day("2026-07-27"))
    walk.to("2026-07-23T05:20")
    assert record_periods_over() == 1
    assert over(walk.case)[-1][:2] == (north, day("2026-07-22"))
    assert reply(walk.case).state == "open"


def test_an_answer_that_comes_meanwhile_is_not_overlooked(walk, monkeypatch):
    council, *_ = walk.bodies
    walk.to("2026-07-16T05:20")
    listed = ended_periods(datetime.date(2026, 7, 16))
    walk.record(events.CommentsReceived(subject=council))
    monkeypatch.setattr("casework.periods.ended_periods", lambda today: listed)
    assert record_periods_over() == 2
    assert council not in [subject for subject, *_ in over(walk.case)]


def test_a_case_that_stands_still_is_left_alone(walk, world):
    walk.to("2026-07-10T10:00")
    record(walk.case.pk, base.Suspended(), by=world.director, note="A pandemic")
    walk.to("2026-07-16T05:20")
    assert record_periods_over() == 0


def test_what_is_held_is_left_alone_until_the_hold_ends(walk, world):
    walk.to("2026-07-10T10:00")
    hold = base.HoldPlaced(
        why=base.HoldReason.ELECTION,
        from_day=day("2026-07-10"),
        until_day=day("2026-07-20"),
        rules=("IN-FACTS",),
    )
    record(walk.case.pk, hold, by=world.director)
    walk.to("2026-07-20T05:20")
    assert record_periods_over() == 0
    walk.to("2026-07-21T05:20")
    assert record_periods_over() == 3


def test_nobody_but_the_system_records_it_and_not_before_the_time(walk, world):
    council, *_ = walk.bodies
    facts = events.CommentsPeriodOver(subject=council)
    with pytest.raises(NotAllowed, match="recorded by the system alone"):
        walk.record(facts, by=world.lead)
    with pytest.raises(GuardFailed, match="The time for an answer is not over"):
        record(walk.case.pk, facts, by=None)
    with pytest.raises(GuardFailed, match="Nobody is asked for an answer"):
        record(walk.case.pk, events.CommentsPeriodOver(subject="somebody"), by=None)


def test_the_day_of_the_draft_can_still_be_corrected(walk, world):
    walk.to("2026-07-16T05:20")
    record_periods_over()
    sent = Event.objects.get(case=walk.case, kind="draft_sent")
    said = events.DraftSent(ofsted_assured=True, cqc_assured=True)
    correct(
        sent.pk, said, by=world.lead, reason="Sent two days later", happened_on=day("2026-07-03")
    )
    assert reply(walk.case).state == "forecast"
    walk.to("2026-07-18T05:20")
    assert record_periods_over() == 3
    assert reply(walk.case).state == "open"


def test_beat_knows_the_task():
    task = PeriodicTask.objects.get(task="inspections.periods_over")
    assert (task.enabled, task.crontab.hour, str(task.crontab.timezone)) == (
        True, "5", "Europe/London"
    )  # fmt: skip
