"""The life of an inspection after notification: each step once as it should be, once refused."""

import pytest
from django.core.management import call_command

from accounts import roles
from casework.models import Deadline
from casework.recording import record
from casework.refusals import GuardFailed, NotAllowed
from casework.registry import kind_of
from inspections import events, services
from inspections.tests.conftest import day, london, make_person
from inspections.workflow import STAGES, STEPS


@pytest.fixture
def walk(world, at):
    """Record events on one case as the days go by."""
    return Walk(world, at)


class Walk:
    def __init__(self, world, at):
        self.world, self.at = world, at
        self.case = world.notified(at)
        self.publisher = make_person("Nadia Press", roles.PUBLICATIONS)
        self.hmci = make_person("Edmund Chief", roles.HMCI)
        council = self.case.local_area.links.get(organisation__kind="council").organisation
        self.bodies = [str(one.pk) for one in (council, world.north, world.south)]

    def to(self, moment):
        self.at.move_to(london(moment))
        return self

    def record(self, facts, by=None):
        event = record(self.case.pk, facts, by=by or self.world.lead)
        self.case.refresh_from_db()
        return event

    def refused(self, facts, by=None):
        with pytest.raises(GuardFailed) as refusal:
            self.record(facts, by)
        return refusal.value.reasons

    def on_site(self):
        self.to("2026-06-08T09:00").record(events.OnSiteBegun())
        return self

    def fed_back(self):
        self.on_site().to("2026-06-12T16:00").record(events.FeedbackGiven())
        return self

    def drafted(self):
        self.fed_back().to("2026-07-01T12:00").record(
            events.DraftSent(ofsted_assured=True, cqc_assured=True)
        )
        return self

    def determined(self, result=events.Need.NOT_REQUIRED, *authorities, weaknesses=None):
        facts = events.Determined(
            result=result, principal_authorities=authorities, weaknesses=weaknesses
        )
        self.record(facts, by=self.hmci)
        return self

    def final(self):
        self.drafted().to("2026-07-16T12:00").determined().record(
            events.FinalReportSent(), by=self.world.officer
        )
        return self

    def published(self):
        self.final().to("2026-07-29T09:30")
        for inspectorate in ("Ofsted", "CQC"):
            self.record(events.ReportPublished(subject=inspectorate), by=self.publisher)
        return self


def test_the_whole_way_to_the_end_meets_every_deadline(walk, world):
    officer = world.officer
    services.confirm_go_ahead(walk.case.pk, cqc=True, support_officer=True, by=world.lead)
    for body in (world.north, world.south):
        services.tell_health(
            walk.case.pk,
            body,
            taken_by=events.TakenBy.NAMED,
            name="Chief",
            at=london("2026-06-01T09:15"),
            by=world.cqc,
        )
        services.health_call(
            walk.case.pk,
            body,
            name="Nurse",
            items=["professionals"],
            left_out="Rest on Wednesday",
            at=london("2026-06-01T09:18"),
            by=world.cqc,
        )
    walk.record(events.ConfirmationSent(letter=walk.case.pk), by=officer)
    services.lano_call(
        walk.case.pk,
        name="Lana",
        email="lana@westmarch.example",
        items=[],
        left_out="All of it at noon",
        at=london("2026-06-01T09:19"),
        by=world.lead,
    )
    services.tell_forum(walk.case.pk, at=london("2026-06-01T09:19"), by=world.lead)
    walk.to("2026-06-02T15:00").record(events.ToldRecorded(how="By e-mail", how_many=400))
    walk.to("2026-06-05T15:00").record(events.SelectionConfirmed())
    walk.to("2026-06-08T08:50")
    for body in walk.bodies:
        walk.record(events.RequestAnswered(subject=body))
    walk.on_site()
    for date in ("2026-06-08", "2026-06-09", "2026-06-10", "2026-06-11"):
        walk.to(f"{date}T17:00").record(events.KitMeetingHeld(subject=date))
    walk.to("2026-06-12T16:00").record(events.FeedbackGiven())
    walk.record(events.SurveySent(), by=officer)
    walk.to("2026-07-01T12:00").record(events.DraftSent(ofsted_assured=True, cqc_assured=True))
    for body in walk.bodies:
        walk.record(events.CommentsReceived(subject=body, none=True))
    walk.record(events.ReplySent())
    walk.determined().record(events.FinalReportSent(), by=officer)
    for body in walk.bodies:
        walk.record(events.FinalReportReceived(subject=body), by=officer)
    walk.record(events.CopiesSent(), by=officer)
    walk.to("2026-07-20T09:30")
    for inspectorate in ("Ofsted", "CQC"):
        walk.record(events.ReportPublished(subject=inspectorate), by=walk.publisher)
    for body in walk.bodies:
        walk.record(
            events.AddressRecorded(subject=body, address="https://www.example.gov.uk/report"),
            by=officer,
        )
    assert walk.refused(events.Closed(), by=officer) == [
        ("", "Still due: Evidence base reviewed for disposal.")
    ]
    walk.to("2027-01-20T10:00").record(
        events.RetentionReviewed(decision=events.RetentionDecision.DISPOSE), by=officer
    )
    walk.record(events.Closed(), by=officer)
    assert walk.case.stage == "closed"
    states = set(Deadline.objects.filter(case=walk.case).values_list("state", flat=True))
    assert states == {"met"}
    call_command("rebuild", "--check")


def test_every_step_has_somebody_who_may_and_only_known_stages():
    for step in STEPS:
        # What only history has, and what the clock brings, nobody records.
        assert step.who or step.hidden, step.event.kind
        assert step.from_stages <= set(STAGES), step.event.kind
        assert step.event.label, step.event.kind


def test_stages_are_told_in_words():
    kind = kind_of("inspection")
    assert [kind.stage_label(stage) for stage in ("feedback_given", "final_sent")] == [
        "Feedback given",
        "Final report sent",
    ]


# HB 21


def test_hb_21_the_team_arrives_on_day_1_not_before_nine(walk):
    assert walk.to("2026-06-08T08:59").refused(events.OnSiteBegun()) == [
        ("happened_at", "Inspectors do not arrive before 09:00 on Day 1.")
    ]
    assert walk.to("2026-06-05T10:00").refused(events.OnSiteBegun()) == [
        ("happened_on", "Day 1 is Monday 8 June 2026.")
    ]
    walk.on_site()
    assert walk.case.stage == "on_site"


# HB 23-25


def test_hb_23_a_meeting_counts_for_its_own_day(walk):
    walk.on_site().to("2026-06-09T17:00")
    assert walk.refused(events.KitMeetingHeld(subject="2026-06-08")) == [
        ("happened_on", "The meeting counts for the day on which it was held.")
    ]
    walk.record(events.KitMeetingHeld(subject="2026-06-09"))
    met = Deadline.objects.get(case=walk.case, rule="IN-KIT", subject="2026-06-09")
    assert met.state == "met"


# HB 46, 55-59


def test_hb_57_the_draft_waits_for_both_sign_offs(walk):
    walk.fed_back()
    assert walk.refused(events.DraftSent(ofsted_assured=True)) == [
        ("cqc_assured", "CQC has to sign the draft off first.")
    ]
    assert walk.refused(events.DraftSent(cqc_assured=True)) == [
        ("ofsted_assured", "Ofsted has to sign the draft off first.")
    ]


def test_hb_58_the_final_report_waits_for_comments_or_the_end_of_ten_days(walk, world):
    walk.drafted().determined()
    walk.record(events.CommentsReceived(subject=walk.bodies[0], none=True))
    [(field, text)] = walk.refused(events.FinalReportSent(), by=world.officer)
    assert field == ""
    assert text.startswith("Still within the time to comment: NHS ")
    assert text.endswith(", until Wednesday 15 July 2026.")
    walk.to("2026-07-16T09:00").record(events.FinalReportSent(), by=world.officer)
    assert walk.case.stage == "final_sent"


def test_hb_29_the_determination_is_part_of_the_final_report(walk, world):
    walk.drafted().to("2026-07-16T09:00")
    assert walk.refused(events.FinalReportSent(), by=world.officer) == [
        ("", "HMCI has not decided the outcome yet: it is part of the final report.")
    ]
    walk.determined().record(events.FinalReportSent(), by=world.officer)
    assert (walk.case.stage, walk.case.outcome) == ("final_sent", "no_statement")


def test_hb_65_a_determination_names_who_makes_the_statement_and_for_how_many_weaknesses(walk):
    walk.drafted()
    assert walk.refused(events.Determined(result=events.Need.REQUIRED), by=walk.hmci) == [
        ("principal_authorities", "Choose who must make the statement."),
        ("weaknesses", "Enter how many significant weaknesses the report has."),
    ]
    assert walk.refused(
        events.Determined(
            result=events.Need.NOT_REQUIRED, principal_authorities=(walk.bodies[0],), weaknesses=2
        ),
        by=walk.hmci,
    ) == [
        ("principal_authorities", "Leave this empty: no statement is required."),
        ("weaknesses", "Leave this empty: no statement is required."),
    ]
    walk.determined(events.Need.REQUIRED, *walk.bodies[:2], weaknesses=4)
    assert walk.case.outcome == "statement_required"


def test_hb_46_the_outcome_shows_to_those_who_decide_and_to_others_with_the_report(
    walk, world, client
):
    """roles.md, 'recommendation; determination': nothing for support officers and the area."""
    walk.drafted().to("2026-07-16T09:00").determined()

    def shown_to(person):
        client.force_login(person)
        return "No written statement of action required" in (
            client.get(walk.case.get_absolute_url()).content.decode()
        )

    assert shown_to(walk.hmci)
    assert shown_to(world.lead)
    assert not shown_to(world.officer)
    assert not shown_to(world.dcs)
    walk.record(events.FinalReportSent(), by=world.officer)
    assert shown_to(world.officer)
    assert shown_to(world.dcs)


def test_an_inspection_of_2016_has_none_of_the_steps_of_2023(walk):
    walk.drafted()
    decided = events.OutcomeDecided(result=events.Judgement.POSITIVE)
    assert walk.refused(decided, by=walk.hmci) == [
        (
            "",
            "“Outcome of the inspection decided” is no step under the framework of this case.",
        )
    ]


def test_hb_63_nobody_publishes_before_ofsted(walk, world):
    walk.final()
    walk.record(events.ReportPublished(subject="CQC"), by=walk.publisher)
    address = events.AddressRecorded(subject=walk.bodies[0], address="https://a.example/x")
    assert walk.refused(address, by=world.officer) == [
        ("", "Ofsted has not published the report yet.")
    ]
    walk.case.refresh_from_db()
    assert "published" not in walk.case.moments  # all is confidential until Ofsted does (HB 46)
    walk.record(events.ReportPublished(subject="Ofsted"), by=walk.publisher)
    walk.case.refresh_from_db()
    assert "published" in walk.case.moments
    walk.record(address, by=world.officer)


@pytest.mark.parametrize(
    "address", ["", "our website", "javascript:alert(1)", "ftp://a.example/x", "https://"]
)
def test_hb_63_an_address_that_cannot_be_opened(walk, world, address):
    walk.published()
    assert walk.refused(
        events.AddressRecorded(subject=walk.bodies[0], address=address), by=world.officer
    ) == [("address", "Give the full web address, such as https://www.example.gov.uk/report.")]


# HB 64


def test_hb_64_nothing_is_disposed_of_while_a_hold_stands(walk, world):
    from casework.events import HoldPlaced, HoldReason

    walk.published()
    walk.record(HoldPlaced(why=HoldReason.OTHER, from_day=day("2026-07-29")), by=world.officer)
    dispose = events.RetentionReviewed(decision=events.RetentionDecision.DISPOSE)
    assert walk.refused(dispose, by=world.officer) == [("decision", "A hold stands on this case.")]
    keep = events.RetentionReviewed(decision=events.RetentionDecision.KEEP)
    assert walk.refused(keep, by=world.officer) == [("reason", "Say why it is kept longer.")]


def test_hb_64_a_hold_that_is_over_keeps_nothing(walk, world):
    from casework.events import HoldPlaced, HoldReason

    walk.published()
    walk.record(
        HoldPlaced(why=HoldReason.OTHER, from_day=day("2026-07-29"), until_day=day("2026-09-30")),
        by=world.officer,
    )
    walk.to("2026-10-01T09:00").record(
        events.RetentionReviewed(decision=events.RetentionDecision.DISPOSE), by=world.officer
    )


# What is said for whom, and how


def test_hb_10_what_was_told_is_told_with_how_and_how_many(walk):
    assert walk.refused(events.ToldRecorded()) == [
        ("how_many", "Say how many were told, about."),
        ("how", "Say how they were told."),
    ]
    walk.record(events.ToldRecorded(how="By e-mail", how_many=400))


@pytest.mark.parametrize(
    "facts",
    [
        events.RequestAnswered(),
        events.HealthTold(taken_by=events.TakenBy.NAMED, name="Chief"),
        events.HealthCallHeld(name="Nurse", left_out="All of it"),
    ],
)
def test_one_entry_never_meets_the_deadline_of_every_body(walk, facts):
    reasons = walk.refused(facts)
    assert ("subject", "Say for whom: each of them is recorded by itself.") in reasons


@pytest.mark.parametrize("kind", ["request_answered", "health_told", "health_call_held"])
def test_the_general_form_asks_for_whom(walk, client, kind):
    client.force_login(walk.world.lead)
    page = client.get(f"/cases/{walk.case.pk}/record/{kind}/")
    names = [text for _, text in page.context["form"].fields["subject"].choices]
    assert "NHS North Westmarch" in names


def test_hb_11_the_extended_call_comes_after_the_first(walk, world):
    call = events.HealthCallHeld(subject=str(world.north.pk), name="Nurse", left_out="All of it")
    assert walk.refused(call) == [
        ("", "This health commissioner has not been told yet: record that call first.")
    ]
    told = events.HealthTold(
        subject=str(world.north.pk), taken_by=events.TakenBy.NAMED, name="Chief"
    )
    walk.record(told)
    walk.record(call)


# Who may


@pytest.mark.parametrize(
    ("facts", "who"),
    [
        (events.DeferralAgreed(reason="x"), "lead"),
        (events.SelectionConfirmed(), "officer"),
        (events.FinalReportSent(), "lead"),
        (events.Cancelled(reason="x"), "lead"),
        (events.RequestAnswered(), "dcs"),
    ],
)
def test_steps_are_for_those_named_in_the_table_of_roles(walk, world, facts, who):
    with pytest.raises(NotAllowed):
        walk.record(facts, by=getattr(world, who))
