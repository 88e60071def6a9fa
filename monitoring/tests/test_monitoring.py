"""Support and monitoring of a written statement (process.md, 'Monitoring'; timetable.md, MO-*)."""

import datetime
import re

import pytest
from django.core.management import call_command

from casework.access import may
from casework.models import Deadline
from casework.recording import record
from casework.refusals import GuardFailed, NotAllowed
from casework.registry import kind_of
from inspections.tests.conftest import make_person
from monitoring import events
from monitoring.workflow import STAGES, STEPS
from wsoa import events as statements
from wsoa.tests.conftest import required

VISIT = events.VisitHeld(dfe=True, nhs=True, summary="Four of six actions on track.")


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def due(case, rule):
    return Deadline.objects.get(case=case, rule=rule)


def refused(statement, facts, by, case):
    return statement.refused(facts, by, case)


def test_hb_105_support_is_owed_from_the_receipt_of_the_report(statement, monitoring):
    offered = due(monitoring, "MO-DEVELOP")
    assert (offered.due_on, offered.owed_roles) == (day("2026-07-30"), ["adviser", "official"])
    statement.to("2026-07-20T10:00").record(events.SupportOffered(), "adviser", monitoring)
    statement.record(events.SupportSessionHeld(what="Milestones"), "adviser", monitoring)
    assert due(monitoring, "MO-DEVELOP").state == "met"


def test_rv_5_visits_count_from_the_judgement_and_begin_with_its_letter(statement, monitoring):
    statement.submitted().to("2026-11-05T15:00")
    statement.record(statements.JudgedFit(both=True), "lead_hmi")
    monitoring.refresh_from_db()
    assert monitoring.stage == "developing"
    statement.to("2026-11-06T15:00").record(statements.FitnessLetterSent(), "regional_director")
    monitoring.refresh_from_db()
    assert monitoring.stage == "monitored"
    visits = Deadline.objects.filter(case=monitoring, rule__startswith="MO-VISIT").order_by("rule")
    assert [one.due_on for one in visits] == [
        day("2027-02-05"),
        day("2027-05-05"),
        day("2027-08-05"),
    ]
    assert visits[0].owed_roles == ["adviser"]


def test_a_letter_that_says_not_fit_begins_no_monitoring(statement, monitoring):
    statement.submitted().to("2026-11-05T15:00")
    statement.record(statements.JudgedNotFit(weaknesses=1, reasons="No period."), "lead_hmi")
    statement.record(statements.FitnessLetterSent(), "regional_director")
    monitoring.refresh_from_db()
    assert monitoring.stage == "developing"


def test_hb_111_four_visits_meet_their_deadlines(statement, monitoring):
    statement.judged_fit()
    for date in ("2027-02-03", "2027-05-04", "2027-08-04", "2027-11-03"):
        statement.to(f"{date}T14:00").record(VISIT, "adviser", monitoring)
    assert due(monitoring, "MO-FOUR").state == "met"
    met = Deadline.objects.filter(case=monitoring, rule__startswith="MO-VISIT", state="met")
    assert met.count() == 4
    call_command("rebuild", "--check")


def test_a_visit_leaves_its_record(statement, monitoring):
    statement.judged_fit().to("2027-02-03T14:00")
    assert refused(statement, events.VisitHeld(), "adviser", monitoring) == [
        ("dfe", "Say which adviser took part."),
        ("summary", "Enter a summary of the visit."),
    ]
    with pytest.raises(GuardFailed, match="judged fit for purpose on Thursday 5 November 2026"):
        record(monitoring.pk, VISIT, by=statement.by("adviser"), happened_on=day("2026-11-04"))


def test_sc_another_pace_counts_from_the_joint_decision(statement, monitoring):
    statement.judged_fit().to("2027-02-03T14:00").record(VISIT, "adviser", monitoring)
    alone = events.IntensityChanged(months=2, dfe_agrees=True)
    assert refused(statement, alone, "official", monitoring) == [
        ("nhs_agrees", "NHS England has to agree."),
        ("reason", "Give the reasons."),
    ]
    odd = events.IntensityChanged(months=0, dfe_agrees=True, nhs_agrees=True, reason="Behind.")
    assert [field for field, _ in refused(statement, odd, "official", monitoring)] == ["months"]
    faster = events.IntensityChanged(months=2, dfe_agrees=True, nhs_agrees=True, reason="Behind.")
    statement.to("2027-02-10T14:00").record(faster, "official", monitoring)
    assert due(monitoring, "MO-VISIT-2").due_on == day("2027-04-10")
    call_command("rebuild", "--check")


def test_sc_ceasing_ends_the_visits_and_never_the_statement(statement, monitoring):
    statement.judged_fit().to("2027-08-04T14:00")
    ceased = events.MonitoringCeased(dfe_agrees=True, nhs_agrees=True, reason="Enough progress.")
    statement.record(ceased, "official", monitoring)
    monitoring.refresh_from_db()
    assert (monitoring.stage, statement.case.stage) == ("ceased", "fit")
    assert not Deadline.objects.filter(case=monitoring, state__in=["open", "forecast"]).exists()


def test_next_steps_wait_for_a_revisit_with_insufficient_progress(statement, monitoring):
    statement.judged_fit()
    for facts in (
        events.NextStepsChosen(steps=("updated_plan",), reason="x"),
        events.PlanReceived(co_produced=True, progress=True, families=True),
        events.PlanPublished(address="https://www.example.gov.uk/plan"),
        events.ReviewMeetingHeld(forum_invited=True),
    ):
        assert refused(statement, facts, "official", monitoring) == [
            ("", "No re-visit with insufficient progress has been published.")
        ]


def test_its_deadlines_move_by_agreement_of_the_bodies_alone(statement, monitoring):
    from casework.events import Extended

    statement.judged_fit()
    later = Extended(rule="MO-VISIT-1", agreed_on=day("2027-02-24"), agreed_by="Both advisers")
    with pytest.raises(NotAllowed):
        record(monitoring.pk, later, by=statement.by("support_officer"), note="x")
    record(monitoring.pk, later, by=statement.by("adviser"), note="Half term.")
    assert due(monitoring, "MO-VISIT-1").due_on == day("2027-02-24")


# Who sees it

AREA = ("dcs", "send_lead", "health_chief_executive", "chief_executive", "parent_carer_forum")


def test_advisers_know_of_it_with_the_report_and_the_area_with_the_letter(walk, client):
    statement = required(walk)
    monitoring = statement.child("monitoring")
    for role in ("adviser", "official", *AREA):
        answer = may(statement.by(role), "case.read", monitoring)
        assert (role, answer.allowed, answer.confidential) == (role, False, True)
    from wsoa.tests.conftest import report_sent

    report_sent(statement)
    monitoring.refresh_from_db()
    for role in ("adviser", "official", "dhsc"):
        assert may(statement.by(role), "case.read", monitoring), role
    statement.submitted().to("2026-11-05T15:00")
    statement.record(statements.JudgedFit(both=True), "lead_hmi")
    monitoring.refresh_from_db()
    for role in AREA:
        assert not may(statement.by(role), "case.read", monitoring), role
    statement.record(statements.FitnessLetterSent(), "regional_director")
    monitoring.refresh_from_db()
    for role in AREA:
        assert may(statement.by(role), "case.read", monitoring), role


def test_the_inspectorates_schedulers_and_another_areas_adviser_do_not_read_it(statement):
    statement.judged_fit()
    monitoring = statement.child("monitoring")
    elsewhere = make_person("Oona Adviser", "adviser", area=statement.world.other_area)
    for person in (statement.world.officer, statement.by("hmci"), elsewhere):
        assert not may(person, "case.read", monitoring)
        assert monitoring not in type(monitoring).objects.visible_to(person)
    assert may(statement.by("senior_hmi"), "history.read", monitoring)


# Data


def test_every_step_has_known_stages_and_somebody_who_may():
    for step in STEPS:
        assert step.who or step.hidden, step.event.kind
        assert step.from_stages <= set(STAGES), step.event.kind


def test_every_event_that_meets_a_deadline_can_be_recorded_and_has_its_owner():
    from casework.timetable import rulesets

    for rules in rulesets():
        kind = kind_of(rules.kind)
        for rule in rules.rules:
            if rules.kind in ("monitoring", "support"):
                assert rule.code in kind.owners, rule.code
            for name in rule.events_that_meet:
                assert name.startswith("child:") or kind.has_step(name), (rule.code, name)


def test_rv_5_the_visit_that_comes_next_is_the_one_to_record(statement, monitoring, client):
    """Whatever is recorded meets the first visit that is not met: no later one offers it."""
    statement.judged_fit().to("2027-02-03T14:00").record(VISIT, "adviser", monitoring)
    client.force_login(statement.by("adviser"))
    page = client.get(f"/cases/{monitoring.pk}/").content.decode()
    offered = re.findall(r"record/visit_held/\?deadline=(MO-VISIT-\d+)", page)
    assert offered == ["MO-VISIT-2"]
    for rule, offers in (("MO-VISIT-1", 0), ("MO-VISIT-2", 1), ("MO-VISIT-3", 0)):
        why = client.get(f"/cases/{monitoring.pk}/why/{rule}/").content.decode()
        assert why.count("Record that it was done") == offers
