"""The life of a written statement of action (process.md, 'Written statement, step by step')."""

import datetime

import pytest
from django.core.management import call_command

from casework import reactions
from casework.access import may
from casework.models import Case, Event
from casework.recording import correct, record, record_import, void
from casework.refusals import GuardFailed, NotAllowed
from casework.registry import kind_of
from inspections import events as inspections
from inspections.tests.conftest import london
from wsoa import events
from wsoa.tests.conftest import RECEIVED, WHOLE, required
from wsoa.workflow import STAGES, STEPS


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


# Required


def test_hb_65_a_determination_that_one_is_required_opens_it(walk):
    statement = required(walk)
    assert (statement.case.stage, statement.case.origin) == ("required", walk.case)
    assert statement.case.local_area == walk.case.local_area
    held = {(one.role, one.person) for one in statement.case.roles.all()}
    assert held == {("lead_hmi", walk.world.lead), ("cqc_inspector", walk.world.cqc)}


def test_hb_65_a_determination_that_none_is_required_opens_none(walk):
    walk.drafted().determined()
    assert not Case.objects.filter(kind="wsoa").exists()


def test_a_determination_put_right_opens_it_then_and_once(walk):
    walk.drafted().determined()
    event = Event.objects.get(kind="determined")
    facts = inspections.Determined(
        result=inspections.Need.REQUIRED, principal_authorities=(walk.bodies[0],), weaknesses=2
    )
    correct(event.pk, facts, by=walk.hmci, reason="Read the wrong line.")
    correct(event.pk, facts, by=walk.hmci, reason="And the right one again.")
    assert Case.objects.filter(kind="wsoa").count() == 1


def test_hb_69_the_earliest_receipt_starts_the_seventy_working_days(statement):
    due = statement.due("WS-SUBMIT")
    assert (due.counted_from_on, due.due_on) == (RECEIVED, day("2026-10-23"))
    assert due.owed_roles == ["dcs", "health_chief_executive", "send_lead"]


def test_hb_70_those_who_make_it_publish_it_one_deadline_each(statement):
    statement.judged_fit()
    due = statement.case.deadlines.filter(rule="WS-PUBLISH")
    assert {one.subject for one in due} == set(statement.walk.bodies[:2])


# The whole way


def test_the_whole_way_to_fit_meets_every_deadline(statement):
    statement.judged_fit()
    assert (statement.case.stage, statement.case.outcome) == ("fit", "fit")
    for body in statement.walk.bodies[:2]:
        address = events.AddressRecorded(subject=body, address="https://www.example.gov.uk/wsoa")
        statement.record(address, "send_lead")
    states = dict(statement.case.deadlines.values_list("rule", "state"))
    assert states.pop("WS-REVISIT") == "open"
    assert set(states.values()) == {"met"}
    assert statement.due("WS-REVISIT").due_on == day("2028-05-05")
    call_command("rebuild", "--check")


def test_not_fit_twice_goes_to_the_minister_and_can_still_become_fit(statement):
    statement.submitted().to("2026-11-05T10:00")
    not_fit = {"weaknesses": 2, "reasons": "No milestones for two weaknesses."}
    statement.record(events.JudgedNotFit(**not_fit), "cqc_inspector")
    assert (statement.case.stage, statement.case.outcome) == ("submitted", "not_fit")
    statement.record(events.FitnessLetterSent(), "regional_director")
    assert statement.case.stage == "not_fit"
    statement.to("2026-11-06T10:00").record(events.NotFitLetterReceived(), "dcs")
    assert statement.due("WS-RESUBMIT").due_on == day("2026-12-04")
    again = events.Resubmitted(every_weakness=True, who_and_when=True)
    statement.to("2026-12-04T10:00").record(again, "dcs")
    statement.to("2026-12-18T10:00").record(events.SecondNotFit(**not_fit), "lead_hmi")
    statement.record(events.SecondFitnessLetterSent(), "regional_director")
    assert (statement.case.stage, statement.case.outcome) == ("second_not_fit", "second_not_fit")
    statement.record(events.AdviceSent(), "lead_hmi")
    assert statement.due("WS-MINISTER").state == "met"
    statement.to("2027-01-20T10:00").record(again, "dcs")
    statement.to("2027-02-01T10:00").record(events.JudgedFit(both=True), "lead_hmi")
    statement.record(events.SecondFitnessLetterSent(), "regional_director")
    assert statement.case.stage == "fit"
    call_command("rebuild", "--check")


# Refusals


def test_hb_68_a_statement_with_gaps_is_refused_and_each_is_listed(statement):
    assert statement.refused(events.Submitted(), "dcs") == [
        ("every_weakness", "Every significant weakness must have at least one action."),
        ("who_and_when", "Every action must say who will take it, and in what period."),
    ]


def test_hb_66_a_statement_answers_the_report_it_was_received_after(statement):
    statement.to("2026-07-17T10:00")
    with pytest.raises(GuardFailed) as refusal:
        record(statement.case.pk, WHOLE, by=statement.by("dcs"), happened_on=day("2026-07-15"))
    assert refusal.value.reasons == [
        ("happened_on", "The final report was received on Thursday 16 July 2026.")
    ]


def test_a_late_statement_is_taken_and_counts_as_late(statement):
    statement.to("2026-10-26T10:00").record(WHOLE, "dcs")
    assert statement.due("WS-SUBMIT").state == "met_late"


def test_not_fit_needs_its_reasons_weakness_by_weakness(statement):
    statement.submitted()
    assert statement.refused(events.JudgedNotFit(), "lead_hmi") == [
        ("reasons", "Give the reasons, weakness by weakness."),
        ("weaknesses", "Enter the number of weaknesses, such as 2."),
    ]


def test_one_version_is_judged_once(statement):
    statement.submitted().to("2026-10-30T10:00").record(events.JudgedFit(both=True), "lead_hmi")
    again = events.JudgedNotFit(weaknesses=1, reasons="On second thoughts.")
    assert statement.refused(again, "lead_hmi") == [
        ("", "This version was judged fit for purpose on Friday 30 October 2026 already.")
    ]


def test_on_6_the_letter_tells_a_judgement_that_was_made(statement):
    statement.submitted()
    assert statement.refused(events.FitnessLetterSent(), "regional_director") == [
        ("", "This version has not been judged yet.")
    ]


def test_a_judgement_whose_letter_is_out_cannot_be_struck_out(statement):
    statement.judged_fit()
    judged = Event.objects.get(case=statement.case, kind="judged_fit")
    with pytest.raises(GuardFailed, match="would no longer be possible"):
        void(judged.pk, by=statement.by("lead_hmi"), reason="A slip.")


def test_hb_106_a_revisit_after_eighteen_months_needs_a_reason(statement):
    statement.judged_fit()
    planned = events.RevisitPlanned(period_from=day("2028-05-01"), period_to=day("2028-06-30"))
    [(field, text)] = statement.refused(planned, "support_officer")
    assert field == "why_late"
    assert "by Friday 5 May 2028" in text


@pytest.mark.parametrize(
    ("facts", "by"),
    [
        (WHOLE, "send_lead"),
        (events.ReviewBegun(), "dcs"),
        (events.JudgedFit(both=True), "support_officer"),
        (events.FitnessLetterSent(), "lead_hmi"),
        (events.Superseded(inspection="IN-1"), "dcs"),
        (events.RevisitPlanned(period_from=RECEIVED, period_to=RECEIVED), "lead_hmi"),
    ],
)
def test_steps_are_for_those_named_in_the_table_of_roles(statement, facts, by):
    statement.submitted()
    with pytest.raises(NotAllowed):
        statement.record(facts, by)


# The end


def test_an_inspection_of_2023_supersedes_it_when_ofsted_publishes(statement, at):
    statement.judged_fit()
    newer = Case.objects.create(
        reference="IN-2027-0099",
        kind="inspection",
        framework="area-send-2023",
        local_area=statement.world.area,
        created_at=london("2027-01-01T09:00"),
        stage="planned",
    )
    statement.to("2027-03-01T10:00")
    record_import(newer.pk, inspections.FinalReportSent(), happened_on=day("2027-02-26"))
    officer = statement.by("support_officer")
    record(newer.pk, inspections.ReportPublished(subject="CQC"), by=officer)
    statement.case.refresh_from_db()
    assert statement.case.stage == "fit"
    record(newer.pk, inspections.ReportPublished(subject="Ofsted"), by=officer)
    statement.case.refresh_from_db()
    assert statement.case.stage == "superseded"
    assert statement.case.ended_on == day("2027-03-01")
    assert statement.child("monitoring").stage == "closed"
    assert statement.due("WS-REVISIT").state == "not_applicable"
    call_command("rebuild", "--check")


def test_a_statement_opened_by_mistake_ends_with_the_reason(statement):
    withdrawn = events.NoLongerRequired(reason="The determination was withdrawn.")
    statement.record(withdrawn, "support_officer")
    assert statement.case.stage == "cancelled"


# Who sees it


AREA = ("dcs", "send_lead", "health_chief_executive", "chief_executive", "lano")


def test_nobody_outside_knows_of_it_before_the_report_is_sent(walk):
    statement = required(walk)
    for role in (*AREA, "adviser", "official", "parent_carer_forum", "publications"):
        answer = may(statement.by(role), "case.read", statement.case)
        assert (role, answer.allowed, answer.confidential) == (role, False, True)
    for role in ("support_officer", "lead_hmi", "regional_director", "hmci"):
        assert may(statement.by(role), "case.read", statement.case), role


def test_the_report_opens_it_to_its_readers_and_publication_to_the_forum(statement):
    for role in (*AREA, "adviser", "official", "publications"):
        assert may(statement.by(role), "case.read", statement.case), role
    for role in ("minister", "dhsc", "parent_carer_forum", "chair"):
        assert not may(statement.by(role), "case.read", statement.case), role
    walk = statement.walk
    walk.record(inspections.ReportPublished(subject="CQC"), by=walk.publisher)
    statement.case.refresh_from_db()
    assert not may(statement.by("parent_carer_forum"), "case.read", statement.case)
    walk.record(inspections.ReportPublished(subject="Ofsted"), by=walk.publisher)
    statement.case.refresh_from_db()
    assert may(statement.by("parent_carer_forum"), "case.read", statement.case)


def test_a_publication_that_is_struck_out_closes_it_to_the_forum_again(statement):
    walk = statement.walk
    published = walk.record(inspections.ReportPublished(subject="Ofsted"), by=walk.publisher)
    statement.case.refresh_from_db()
    assert may(statement.by("parent_carer_forum"), "case.read", statement.case)
    void(published.pk, by=walk.publisher, reason="It was the draft page.")
    statement.case.refresh_from_db()
    assert not may(statement.by("parent_carer_forum"), "case.read", statement.case)
    assert may(statement.by("dcs"), "case.read", statement.case)
    call_command("rebuild", "--check")


def test_the_area_reads_no_judgement_before_its_letter(statement, client):
    """What is due next, and the stage, would tell it: publish on your website, or resubmit."""
    statement.submitted().to("2026-11-05T10:00").record(events.JudgedFit(both=True), "lead_hmi")
    assert statement.case.outcome == "fit"
    client.force_login(statement.by("dcs"))
    page = client.get(statement.case.get_absolute_url()).content.decode()
    assert "Submitted" in page
    for told in ("own website", "Judged fit", "Fit for purpose", "Re-visit"):
        assert told not in page, told
    assert not may(statement.by("dcs"), "timetable.read", statement.case)
    statement.record(events.FitnessLetterSent(), "regional_director")
    page = client.get(statement.case.get_absolute_url()).content.decode()
    assert "Fit for purpose" in page
    assert "own website" in page


def test_another_area_and_another_team_see_nothing(statement):
    for person in (statement.world.stranger, statement.world.second_lead):
        assert not may(person, "case.read", statement.case)
        assert not Case.objects.visible_to(person).filter(pk=statement.case.pk).exists()


# Data


def test_every_step_has_known_stages_and_somebody_who_may():
    for step in STEPS:
        assert step.who or step.hidden, step.event.kind
        assert step.from_stages <= set(STAGES), step.event.kind


def test_every_event_that_meets_a_deadline_can_be_recorded():
    from casework.timetable import ruleset

    kind = kind_of("wsoa")
    for rule in ruleset("wsoa").rules:
        for name in rule.events_that_meet:
            assert name.startswith("child:") or kind.has_step(name), (rule.code, name)


def test_reactions_form_no_circle():
    assert reactions.find_circle(reactions.reactions()) == ""
