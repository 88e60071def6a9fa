"""A re-visit from planning to what follows from it (process.md, 'Re-visit'; timetable.md)."""

import datetime

import pytest
from django.core.management import call_command

from casework.access import may
from casework.models import Case, CaseRole, Deadline, Event
from casework.recording import correct, record_import
from casework.refusals import NotAllowed
from casework.registry import kind_of
from inspections import bookings
from inspections.models import Booking
from revisits import events
from revisits.tests.conftest import DAYS
from revisits.workflow import STAGES, STEPS
from wsoa import events as statements


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def london(text: str) -> datetime.datetime:
    from inspections.tests.conftest import london as moment

    return moment(text)


# Planning


def test_a_revisit_planned_on_the_statement_opens_its_own_case(revisit):
    assert (revisit.case.stage, revisit.case.origin) == ("planned", revisit.statement.case)
    assert revisit.case.local_area == revisit.world.area


def test_rv_6_dates_and_team_are_fixed_and_their_days_are_booked(revisit):
    revisit.scheduled()
    assert revisit.case.stage == "scheduled"
    booked = Booking.objects.confirmed().filter(case=revisit.case, person=revisit.world.lead)
    days = {(one.purpose, one.first, one.last) for one in booked}
    assert days == {
        ("on_site", *DAYS),
        ("planning", day("2027-05-24"), day("2027-05-24")),
        ("planning", day("2027-06-04"), day("2027-06-04")),
        ("planning", day("2027-06-07"), day("2027-06-07")),
    }


def test_its_first_day_meets_the_statements_deadline(revisit):
    revisit.scheduled()
    due = revisit.statement.due("WS-REVISIT")
    assert (due.met_on, due.state) == (DAYS[0], "met")


def test_rv_19_it_takes_two_to_four_days(revisit):
    too_long = revisit.dates(last_day=day("2027-06-14"))
    [(field, text)] = revisit.refused(too_long, "support_officer")
    assert field == "last_day"
    assert "2 to 4 working days" in text


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({"last_day": day("2027-06-07")}, "last_day", "before Day 1"),
        ({"first_day": day("2027-01-19"), "last_day": day("2027-01-20")}, "first_day", "Notice"),
        (
            {"first_day": day("2027-04-06"), "last_day": day("2027-04-08")},
            "first_day",
            "not in term time",
        ),
    ],
)
def test_hb_14_days_have_to_be_possible(revisit, given, field, says):
    reasons = revisit.refused(revisit.dates(**given), "support_officer")
    assert any(name == field and says in text for name, text in reasons), reasons


def test_rv_6_another_lead_needs_the_reason(revisit):
    other = revisit.dates(lead_hmi=revisit.world.second_lead.pk)
    assert [field for field, _ in revisit.refused(other, "support_officer")] == ["reason_team"]
    explained = revisit.dates(
        lead_hmi=revisit.world.second_lead.pk, reason_team="On leave; led four of these before."
    )
    revisit.record(explained, "support_officer")
    held = CaseRole.objects.get(case=revisit.case, role="lead_hmi")
    assert held.person == revisit.world.second_lead


def test_nobody_is_sent_where_they_have_other_work_or_an_interest(revisit):
    world = revisit.world
    bookings.add_leave(world.lead, DAYS[0], DAYS[0], by=world.officer, note="Leave")
    reasons = revisit.refused(revisit.dates(), "support_officer")
    assert reasons == [("", "Ada Osei: leave, 8 June 2027.")]
    since = day("2026-01-01")
    bookings.declare_interest(world.cqc, world.area, since, None, "Moved here.", by=world.cqc)
    reasons = revisit.refused(revisit.dates(), "support_officer")
    assert ("", "Cerys Hughes has declared an interest in the area.") in reasons


def test_rv_29_a_further_revisit_needs_the_direction_on_record(revisit):
    revisit.published(sufficient=3, not_sufficient=1)
    planned = statements.RevisitPlanned(period_from=day("2027-09-01"), period_to=day("2028-04-30"))
    [(field, text)] = revisit.statement.refused(planned, "support_officer")
    assert field == "direction"
    assert "Secretary of State" in text
    directed = statements.RevisitPlanned(
        period_from=day("2027-09-01"),
        period_to=day("2028-04-30"),
        direction="Direction of 2 August 2027, SoS/2027/4",
    )
    revisit.statement.record(directed, "support_officer")
    assert Case.objects.filter(kind="revisit", origin=revisit.statement.case).count() == 2


# Notification


def test_rv_7_notice_is_given_on_day_minus_10_over_a_bank_holiday(revisit):
    revisit.scheduled()
    due = Deadline.objects.get(case=revisit.case, rule="RE-NOTIFY")
    assert due.due_on == day("2027-05-24")  # 31 May is a bank holiday


def test_rv_7_another_day_or_the_afternoon_needs_the_reason(revisit):
    revisit.scheduled().to("2027-05-25T15:00")
    call = {"taken_by": events.TakenBy.NAMED, "name": "Dana", "told": True}
    [(field, text)] = revisit.refused(events.Notified(**call))
    assert (field, text) == (
        "reason",
        "Notice falls on Monday 24 May 2027. Say why not on that day.",
    )
    [(field, _)] = revisit.refused(events.Notified(**call), happened_at=london("2027-05-24T14:00"))
    assert field == "reason"
    revisit.record(events.Notified(**call, reason="The director was away on Monday."))
    assert revisit.case.stage == "notified"


def test_rv_7_length_team_and_quality_assurance_are_told(revisit):
    revisit.scheduled().to("2027-05-24T09:10")
    call = events.Notified(taken_by=events.TakenBy.NAMED, name="Dana")
    assert revisit.refused(call) == [
        ("told", "Length, team and quality assurance are told in this call.")
    ]


@pytest.mark.parametrize(
    ("facts", "by", "fields"),
    [
        (events.LanoCallHeld(), "lead_hmi", ["name", "email", "young_people"]),
        (events.PcfTold(), "lead_hmi", ["focus", "questions"]),
        (events.ToldRecorded(), "lead_hmi", ["how_many", "how"]),
        (events.UploadDeclaredComplete(), "send_lead", ["outcomes"]),
        (events.SurveyOpened(), "lead_hmi", ["happened_on"]),
    ],
)
def test_steps_before_day_1_say_what_is_missing(revisit, facts, by, fields):
    revisit.notified()
    reasons = revisit.refused(facts, by)
    assert [name or "name" for name, _ in reasons] == fields


def test_rv_16_the_survey_opens_and_closes_at_noon(revisit):
    revisit.notified().to("2027-06-01T11:59")  # Day -5
    assert revisit.refused(events.SurveyOpened()) == [
        ("happened_at", "The survey opens on Tuesday 1 June 2027 at 12:00.")
    ]
    revisit.to("2027-06-01T12:00").record(events.SurveyOpened())
    revisit.to("2027-06-07T11:59")
    assert [field for field, _ in revisit.refused(events.SurveyClosed())] == ["happened_at"]
    revisit.to("2027-06-07T12:00").record(events.SurveyClosed())
    states = Deadline.objects.filter(case=revisit.case, rule__startswith="RE-SURVEY")
    assert set(states.values_list("state", flat=True)) == {"met"}


# On site, and the judgement


def test_rv_20_only_an_open_meeting_counts_and_consent_comes_first(revisit):
    revisit.on_site()
    assert [field for field, _ in revisit.refused(events.OpenMeetingHeld())] == ["open_to_all"]
    assert [field for field, _ in revisit.refused(events.CypDiscussionHeld())] == ["consent"]


def test_rv_22_feedback_follows_the_judgement_of_each_weakness(revisit):
    revisit.on_site().to("2027-06-10T14:00")
    assert revisit.refused(events.FeedbackGiven()) == [
        ("", "Progress has not been judged yet on each weakness.")
    ]
    assert revisit.refused(events.ProgressJudged()) == [
        ("sufficient", "Enter a number, 0 for none."),
        ("not_sufficient", "Enter a number, 0 for none."),
        ("reasons", "Give a clear reason for each judgement."),
    ]


@pytest.mark.parametrize(
    ("sufficient", "not_sufficient", "outcome"),
    [(4, 0, "all_sufficient"), (3, 1, "some_sufficient"), (0, 4, "none_sufficient")],
)
def test_the_outcome_is_derived_and_never_typed(revisit, sufficient, not_sufficient, outcome):
    revisit.judged(sufficient, not_sufficient)
    assert revisit.case.outcome == outcome
    typed = events.ProgressJudged(
        sufficient=1, not_sufficient=0, reasons="x", published_outcome="all_sufficient"
    )
    judged = Event.objects.get(case=revisit.case, kind="progress_judged")
    with pytest.raises(Exception, match="never entered"):
        correct(judged.pk, typed, by=revisit.by("lead_hmi"), reason="Try.")


def test_a_corrected_judgement_corrects_the_outcome(revisit):
    revisit.judged(3, 1)
    judged = Event.objects.get(case=revisit.case, kind="progress_judged")
    right = events.ProgressJudged(sufficient=4, not_sufficient=0, reasons="Counted again.")
    correct(judged.pk, right, by=revisit.by("lead_hmi"), reason="Counted wrongly.")
    revisit.case.refresh_from_db()
    assert revisit.case.outcome == "all_sufficient"
    call_command("rebuild", "--check")


# What follows


def test_rv_28_sufficient_in_all_closes_the_statement_and_its_monitoring(revisit):
    revisit.final()
    revisit.to("2027-07-26T09:30")
    revisit.record(events.RevisitPublished(subject="Ofsted"), "publications")
    revisit.statement.case.refresh_from_db()
    assert revisit.statement.case.stage == "fit"
    revisit.record(events.RevisitPublished(subject="CQC"), "publications")
    revisit.statement.case.refresh_from_db()
    assert revisit.statement.case.stage == "closed"
    assert revisit.statement.child("monitoring").stage == "closed"
    call_command("rebuild", "--check")


def test_rv_29_insufficient_in_any_leaves_it_open_in_further_support(revisit):
    revisit.published(sufficient=3, not_sufficient=1)
    assert revisit.statement.case.stage == "in_further_support"
    monitoring = revisit.statement.child("monitoring")
    assert monitoring.stage == "monitored"
    plan = Deadline.objects.get(case=monitoring, rule="MO-PLAN")
    review = Deadline.objects.get(case=monitoring, rule="MO-REVIEW")
    assert (plan.due_on, plan.owed_roles[0]) == (day("2027-09-14"), "dcs")
    assert review.due_on == day("2028-01-26")
    call_command("rebuild", "--check")


def test_what_it_found_is_not_told_abroad_before_it_is_published(revisit):
    """The advisers read the monitoring's history: nothing there may tell the judgement."""
    revisit.final(sufficient=3, not_sufficient=1)
    for case in (revisit.statement.case, revisit.statement.child("monitoring")):
        said = Event.objects.filter(case=case, kind="related_happened")
        assert not [one for one in said if "found_" in one.facts["event"]]
    revisit.to("2027-07-26T09:30")
    revisit.record(events.RevisitPublished(subject="Ofsted"), "publications")
    said = Event.objects.filter(case=revisit.statement.child("monitoring"))
    assert [one for one in said if "found_some" in one.facts.get("event", "")]


def test_the_whole_way_meets_every_deadline(revisit):
    bodies = revisit.statement.walk.bodies
    revisit.notified()
    for body in bodies[1:]:
        told = events.HealthTold(subject=body, taken_by=events.TakenBy.NAMED, name="Chief")
        revisit.record(told, "cqc_inspector")
    revisit.record(
        events.LanoCallHeld(name="Lana", email="lana@westmarch.example", young_people=True)
    )
    revisit.record(events.PcfTold(focus=True, questions=True))
    revisit.record(events.RequestSent())
    revisit.to("2027-05-26T12:00").record(events.ToldRecorded(how="By e-mail", how_many=300))
    complete = events.UploadDeclaredComplete(outcomes=True)
    revisit.to("2027-05-27T12:00").record(complete, "send_lead")
    revisit.to("2027-05-28T12:00")
    for facts in (
        events.QuestionsShared(),
        events.ReviewRecorded(),
        events.ScheduleCallHeld(),
        events.AdvisersCallRecorded(),
    ):
        revisit.record(facts)
    revisit.to("2027-06-01T12:00").record(events.SurveyOpened())
    revisit.to("2027-06-07T12:00").record(events.SurveyClosed())
    revisit.to("2027-06-08T09:10").record(events.OnSiteBegun())
    revisit.to("2027-06-08T17:00").record(events.LeadersMeetingHeld())
    revisit.record(events.ForumMeetingHeld())
    revisit.record(events.OpenMeetingHeld(open_to_all=True))
    for number in (8, 9, 10):
        revisit.to(f"2027-06-{number:02}T16:00")
        revisit.record(events.KitMeetingHeld(subject=f"2027-06-{number:02}"))
    revisit.record(events.CypDiscussionHeld(consent=True))
    judged = events.ProgressJudged(sufficient=4, not_sufficient=0, reasons="Each with its own.")
    revisit.record(judged)
    revisit.record(events.FeedbackGiven())
    revisit.to("2027-06-29T12:00").record(events.DraftSent(ofsted_assured=True, cqc_assured=True))
    revisit.to("2027-07-13T10:00")
    for body in bodies:
        revisit.record(events.CommentsReceived(subject=body, none=True))
    revisit.record(events.ReplySent())
    revisit.to("2027-07-20T10:00").record(events.FinalLetterSent(), "support_officer")
    revisit.to("2027-07-26T09:30")
    for inspectorate in ("Ofsted", "CQC"):
        revisit.record(events.RevisitPublished(subject=inspectorate), "publications")
    assert revisit.refused(events.Closed(), "support_officer") == [
        ("", "Still due: Evidence base reviewed for disposal.")
    ]
    disposed = events.RetentionReviewed(decision="dispose")
    revisit.to("2028-01-20T10:00").record(disposed, "support_officer")
    revisit.record(events.Closed(), "support_officer")
    rows = Deadline.objects.filter(case=revisit.case, lapses=False)
    assert {one.rule: one.state for one in rows if one.state != "met"} == {}
    call_command("rebuild", "--check")


# Who sees it


def test_it_is_confidential_until_notified_to_advisers_too(revisit):
    revisit.scheduled()
    outside = ("dcs", "send_lead", "parent_carer_forum", "adviser", "official", "lano")
    for role in outside:
        answer = may(revisit.by(role), "case.read", revisit.case)
        assert (role, answer.allowed, answer.confidential) == (role, False, True)
    revisit.to("2027-05-24T09:10").record(
        events.Notified(taken_by=events.TakenBy.NAMED, name="Dana", told=True)
    )
    for role in ("dcs", "send_lead", "parent_carer_forum", "adviser"):
        assert may(revisit.by(role), "timetable.read", revisit.case), role
    assert not may(revisit.by("official"), "case.read", revisit.case)


def test_its_team_reads_the_monitoring_once_it_is_scheduled(revisit):
    monitoring = revisit.statement.child("monitoring")
    assert not may(revisit.world.lead, "case.read", monitoring)
    revisit.scheduled()
    assert may(revisit.world.lead, "history.read", monitoring)
    assert not may(revisit.world.second_lead, "case.read", monitoring)
    assert not may(revisit.world.officer, "case.read", monitoring)


def test_the_nominated_officer_of_the_call_reads_it(revisit):
    revisit.notified()
    call = events.LanoCallHeld(name="Lana", email="lana@westmarch.example", young_people=True)
    revisit.record(call)
    assert CaseRole.objects.get(case=revisit.case, role="lano").person.name == "Lana"


def test_steps_are_for_those_named_in_the_table_of_roles(revisit):
    revisit.notified()
    for facts, role in (
        (events.ReviewRecorded(), "support_officer"),
        (events.UploadDeclaredComplete(outcomes=True), "parent_carer_forum"),
        (events.Cancelled(reason="x"), "lead_hmi"),
    ):
        with pytest.raises(NotAllowed):
            revisit.record(facts, role)


# History


def test_what_published_history_has_is_enough(world, at):
    """real_cases.csv: dates, an assumed end, publication, counts or only the words."""
    case = Case.objects.create(
        reference="RV-2019-0001",
        kind="revisit",
        framework="local-area-send-2016",
        local_area=world.area,
        created_at=london("2026-01-01T09:00"),
        stage="planned",
    )
    on_site = events.DatesOnRecord(
        first_day=day("2019-12-09"), last_day=day("2019-12-11"), last_day_assumed=True
    )
    record_import(case.pk, on_site, happened_on=day("2019-12-09"))
    only_words = events.ProgressJudged(published_outcome="some_sufficient")
    record_import(case.pk, only_words, happened_on=day("2019-12-11"))
    for one in ("Ofsted", "CQC"):
        published = events.RevisitPublished(subject=one)
        record_import(case.pk, published, happened_on=day("2020-02-03"))
    record_import(case.pk, events.Closed(), happened_on=day("2020-02-03"))
    case.refresh_from_db()
    assert (case.stage, case.outcome, case.published_on) == (
        "closed",
        "some_sufficient",
        day("2020-02-03"),
    )


# Data


def test_every_step_has_known_stages_and_somebody_who_may():
    for step in STEPS:
        # What only history has, and what the clock brings, nobody records.
        assert step.who or step.hidden, step.event.kind
        assert step.from_stages <= set(STAGES), step.event.kind


def test_every_event_that_meets_a_deadline_can_be_recorded_and_has_its_owner():
    from casework.timetable import ruleset

    kind = kind_of("revisit")
    for rule in ruleset("revisit").rules:
        assert rule.code in kind.owners, rule.code
        for name in rule.events_that_meet:
            assert kind.has_step(name), (rule.code, name)
