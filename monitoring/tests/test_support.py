"""What follows from an area SEND inspection of 2023 (process.md; timetable.md, AS-* and SC-*)."""

import datetime

import pytest
from django.core.management import call_command

from casework.access import may
from casework.history import history
from casework.models import Case, Deadline, Event
from casework.recording import correct, record
from casework.refusals import GuardFailed, NotAllowed
from inspections import events as inspections
from inspections.events import Judgement
from inspections.tests.conftest import make_person
from monitoring import events_support as events
from monitoring.workflow_support import STAGES, STEPS

POSITIVE, INCONSISTENT, FAILINGS = Judgement


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


# The inspection itself


def test_as_notify_falls_ten_working_days_before_fieldwork(programme):
    programme.on_site()
    due = Deadline.objects.get(case=programme.inspection, rule="AS-NOTIFY")
    assert (due.due_on, due.state) == (day("2026-06-01"), "met")


def test_its_rules_are_those_of_2023_and_each_can_be_met(programme):
    programme.published(FAILINGS, 2)
    programme.to("2026-09-01T10:00").inspect(inspections.ActionPlanSubmitted(), "dcs")
    programme.to("2027-12-01T10:00")
    programme.inspect(inspections.MonitoringInspectionBegun(), "support_officer")
    programme.inspect(inspections.NextInspectionBegun(), "support_officer")
    rows = Deadline.objects.filter(case=programme.inspection)
    assert {one.rule[:3] for one in rows} == {"AS-"}
    assert {one.rule for one in rows if one.met_on is None} == {"AS-FACTS"}
    call_command("rebuild", "--check")


def test_priority_areas_go_with_failings_alone(programme):
    programme.on_site().to("2026-07-08T12:00")
    programme.inspect(inspections.DraftSent(ofsted_assured=True, cqc_assured=True))
    for facts in (
        inspections.OutcomeDecided(result=FAILINGS),
        inspections.OutcomeDecided(result=POSITIVE, priority_areas=2),
    ):
        with pytest.raises(GuardFailed) as refusal:
            programme.inspect(facts, "hmci")
        assert [field for field, _ in refusal.value.reasons] == ["priority_areas"]


def test_a_priority_action_plan_follows_failings_alone(programme):
    programme.final(INCONSISTENT)
    with pytest.raises(GuardFailed, match="only where widespread and systemic failings"):
        programme.inspect(inspections.ActionPlanSubmitted(), "dcs")


def test_a_published_inspection_is_not_in_the_way_of_the_next(programme):
    from inspections import services

    programme.published(POSITIVE)
    again = services.plan_inspection(
        programme.world.area,
        day("2026-09-07"),
        day("2026-10-30"),
        by=programme.world.officer,
    )
    assert again.stage == "planned"


# The programme of each outcome


def test_a_positive_outcome_has_the_programme_of_its_table(programme):
    programme.published(POSITIVE)
    assert (programme.case.stage, programme.inspection.outcome) == ("positive", "positive")
    assert programme.rules() == {
        "SC-MINISTER",
        "SC-INCLUSION",
        "SC-INFORMAL",
        "SC-PLAN",
        "SC-ANNUAL-1",
        "SC-ANNUAL-2",
        "SC-ANNUAL-3",
    }


def test_an_inconsistent_outcome_has_the_programme_of_its_table(programme):
    programme.published(INCONSISTENT)
    assert programme.case.stage == "inconsistent"
    once = {rule for rule in programme.rules() if not rule[-1].isdigit()}
    assert once == {"SC-MINISTER", "SC-INCLUSION", "SC-SENIOR", "SC-BOARD-ASK", "SC-PLAN"}


def test_failings_have_the_programme_of_their_table(programme):
    programme.published(FAILINGS, 3)
    assert programme.case.stage == "failings"
    once = {rule for rule in programme.rules() if not rule[-1].isdigit()}
    assert once == {
        "SC-MINISTER",
        "SC-INCLUSION",
        "SC-CALL",
        "SC-SENIOR",
        "SC-BOARD",
        "SC-PLAN",
        "SC-MINDED",
        "SC-NOTICE-FACTS",
        "SC-NOTICE",
    }


def test_it_begins_once_when_ofsted_publishes(programme):
    programme.final(POSITIVE).to("2026-08-05T09:30")
    programme.inspect(inspections.ReportPublished(subject="CQC"), "publications")
    assert not Case.objects.filter(kind="support").exists()
    programme.inspect(inspections.ReportPublished(subject="Ofsted"), "publications")
    assert Case.objects.filter(kind="support").count() == 1


def test_a_corrected_outcome_changes_the_programme(programme):
    programme.published(POSITIVE)
    decided = Event.objects.get(case=programme.inspection, kind="outcome_decided")
    right = inspections.OutcomeDecided(result=INCONSISTENT)
    correct(decided.pk, right, by=programme.by("hmci"), reason="Wrong line.")
    assert programme.case.stage == "inconsistent"
    assert "SC-SENIOR" in programme.rules()
    assert "SC-INFORMAL" not in programme.rules()
    call_command("rebuild", "--check")


def test_what_belongs_to_another_outcome_is_refused(programme):
    programme.published(POSITIVE)
    [(_, text)] = programme.refused(events.StocktakeHeld())
    assert text.endswith("It belongs to: Failings.")


def test_sc_an_offer_comes_before_its_answer_each_year(programme):
    programme.published(POSITIVE).to("2026-09-01T10:00")
    assert programme.refused(events.ConversationHeld(), "adviser") == [
        ("", "It has not been offered yet, or the offer was answered already.")
    ]
    programme.record(events.ConversationOffered(), "adviser")
    programme.record(events.ConversationDeclined(), "adviser")
    assert programme.refused(events.ConversationHeld(), "adviser")
    programme.record(events.ConversationOffered(), "adviser")
    programme.record(events.ConversationHeld(), "adviser")
    met = Deadline.objects.filter(case=programme.case, rule__startswith="SC-ANNUAL", state="met")
    assert met.count() == 2


def test_inconsistent_the_whole_programme_can_be_met(programme):
    programme.published(INCONSISTENT).to("2026-09-01T10:00")
    programme.record(events.MinisterLetterSent(), "minister")
    programme.record(events.NoInclusionPlan(), "send_lead")
    programme.record(events.SeniorOfficialsMet(papers=True), "official")
    programme.record(events.BoardEnquiryRecorded(there_is_one=True, attended=True), "adviser")
    published = events.StrategicPlanPublished(address="https://www.example.gov.uk/plan")
    programme.record(published, "dcs")
    programme.to("2027-02-26T10:00")
    assert programme.refused(events.ProgressMeetingHeld(), "adviser") == [
        ("evidence", "Evidence of progress has to be asked for beforehand.")
    ]
    programme.record(events.ProgressMeetingHeld(evidence=True), "adviser")
    open_ones = Deadline.objects.filter(case=programme.case, state="open")
    assert {one.rule for one in open_ones} == {"SC-SIX-2", "SC-SIX-3", "SC-SIX-4"}
    programme.inspect(inspections.NextInspectionBegun(), "support_officer")
    assert programme.case.stage == "closed"
    call_command("rebuild", "--check")


def test_failings_the_whole_programme_can_be_met(programme):
    programme.published(FAILINGS, 2).to("2026-08-19T10:00")
    programme.record(events.MindedCallMade())
    assert programme.refused(events.StocktakeHeld()) == [
        ("", "The senior officials’ meeting comes first: it is not on record.")
    ]
    programme.to("2026-09-10T10:00").record(events.SeniorOfficialsMet(papers=True))
    assert [f for f, _ in programme.refused(events.BoardRecorded(chair="Ida", dates="x"))] == [
        "independent"
    ]
    programme.record(events.BoardRecorded(independent=True, chair="Ida", dates="Monthly"), "dcs")
    programme.record(events.MindedNoticeSent(), "minister")
    assert programme.refused(events.NoticeResponseReceived(), "dcs") == [
        ("points", "Enter the inaccuracies, or say that there are none.")
    ]
    programme.to("2026-09-17T10:00").record(events.NoticeResponseReceived(none=True), "dcs")
    published = events.NoticePublished(address="https://www.example.gov.uk/notice")
    programme.to("2026-10-01T10:00").record(published, "minister")
    programme.to("2026-12-01T10:00")
    assert programme.refused(events.DeepDiveHeld()) == [
        ("subject", "Say for whom: each of them is recorded by itself.")
    ]
    for number in ("1", "2"):
        programme.record(events.DeepDiveHeld(subject=number), "adviser")
    programme.to("2027-03-01T10:00").record(events.StocktakeHeld(), "adviser")
    states = dict(Deadline.objects.filter(case=programme.case).values_list("rule", "state"))
    met = {rule for rule, state in states.items() if state == "met"}
    assert {
        "SC-CALL",
        "SC-SENIOR",
        "SC-BOARD",
        "SC-MINDED",
        "SC-NOTICE-FACTS",
        "SC-NOTICE",
        "SC-DEEP-1",
        "SC-STOCKTAKE-1",
    } <= met
    call_command("rebuild", "--check")


def test_a_decision_against_a_notice_gives_its_reasons(programme):
    programme.published(FAILINGS, 1)
    assert programme.refused(events.NoticeDecidedAgainst(), "minister") == [
        ("reason", "Give the reason.")
    ]
    programme.record(events.NoticeDecidedAgainst(reason="A new council took over."), "minister")
    assert "SC-NOTICE" not in {
        one.rule
        for one in Deadline.objects.filter(case=programme.case, state__in=["open", "forecast"])
    }


# Who


@pytest.mark.parametrize(
    ("facts", "by"),
    [
        (events.MinisterLetterSent(), "adviser"),
        (events.MindedCallMade(), "adviser"),
        (events.SeniorOfficialsMet(), "dcs"),
        (events.StrategicPlanPublished(address="https://www.example.gov.uk/x"), "chair"),
    ],
)
def test_steps_are_for_those_named_in_the_table_of_roles(programme, facts, by):
    programme.published(FAILINGS, 1)
    with pytest.raises(NotAllowed):
        programme.record(facts, by)


def test_the_departments_and_the_area_read_it_and_no_scheduler_or_other_area(programme):
    programme.published(INCONSISTENT)
    case = programme.case
    for role in ("adviser", "official", "minister", "dhsc", "chair", "dcs", "send_lead"):
        assert may(programme.by(role), "case.read", case), role
        assert may(programme.by(role), "timetable.read", case), role
    elsewhere = make_person("Oona Adviser", "adviser", area=programme.world.other_area)
    for person in (elsewhere, programme.world.officer, programme.world.stranger):
        assert not may(person, "case.read", case)
        assert case not in Case.objects.visible_to(person)


def test_every_step_has_known_stages_and_somebody_who_may():
    for step in STEPS:
        assert step.who or step.hidden, step.event.kind
        assert step.from_stages <= set(STAGES), step.event.kind


def test_the_same_request_twice_is_one_event(programme):
    programme.published(POSITIVE)
    official = programme.by("official")
    first = record(programme.case.pk, events.MinisterLetterSent(), by=official, key="form:1")
    again = record(programme.case.pk, events.MinisterLetterSent(), by=official, key="form:1")
    assert first == again


def test_the_history_says_which_inspectorate_published(programme):
    programme.published(FAILINGS, priority_areas=2)
    sentences = [entry.sentence for entry in history(programme.case)]
    for one in ("Ofsted", "CQC"):
        assert sum(f", {one}, on Wednesday 5 August 2026" in words for words in sentences) == 1
