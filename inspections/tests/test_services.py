"""Planning, scheduling and notifying through the one door."""

import dataclasses
import datetime

import pytest

from casework.models import Case, CaseRole, Deadline, Event
from casework.recording import correct, record, void
from casework.refusals import Conflict, GuardFailed, NotAllowed
from inspections import bookings, events, services
from inspections.events import TakenBy
from inspections.models import Booking, DeclaredInterest
from inspections.requests import LANO_REQUESTS
from inspections.tests.conftest import day, london
from notices.models import Notice


def booked(case: Case) -> list[tuple[str, str, str, str]]:
    return [
        (one.person.name, one.purpose, one.first.isoformat(), one.last.isoformat())
        for one in Booking.objects.confirmed()
        .filter(case=case)
        .order_by("person__name", "days")
        .select_related("person")
    ]


def refused(call) -> list[tuple[str, str]]:
    with pytest.raises(GuardFailed) as refusal:
        call()
    return refusal.value.reasons


# --- planning ---------------------------------------------------------------------------------


def test_a_planned_inspection_keeps_its_rough_period(world):
    case = world.planned()
    assert (case.stage, case.kind, case.framework) == (
        "planned",
        "inspection",
        "local-area-send-2016",
    )
    assert (case.inspection.period_from, case.inspection.period_to) == (
        day("2026-06-01"),
        day("2026-07-17"),
    )
    assert list(Deadline.objects.filter(case=case)) == []


def test_planned_twice_with_the_same_key_is_planned_once(world):
    first, second = (
        services.plan_inspection(
            world.area, day("2026-06-01"), day("2026-07-17"), by=world.officer, key="one"
        )
        for _ in range(2)
    )
    assert first == second
    assert Case.objects.count() == 1
    assert Event.objects.filter(case=first).count() == 2


def test_an_area_has_one_open_inspection_at_a_time(world):
    first = world.planned()
    assert refused(world.planned) == [
        ("local_area", f"Westmarch has an open inspection already: {first.reference}.")
    ]
    assert Case.objects.count() == 1  # nothing of the second is left
    services.cancel(first, "Planned in the wrong year", by=world.officer)
    assert world.planned().stage == "planned"


def test_a_period_runs_forward(world):
    assert refused(
        lambda: services.plan_inspection(
            world.area, day("2026-07-17"), day("2026-06-01"), by=world.officer
        )
    ) == [("period_to", "The period must end on or after the day it begins.")]


def test_a_period_that_is_over_is_not_planned(world):
    assert refused(
        lambda: services.plan_inspection(
            world.area, day("2026-02-01"), day("2026-03-31"), by=world.officer
        )
    ) == [("period_to", "The period must not be over already.")]


@pytest.mark.parametrize("who", ["lead", "director", "dcs", "stranger"])
def test_only_support_officers_plan(world, who):
    with pytest.raises(NotAllowed):
        services.plan_inspection(
            world.area, day("2026-06-01"), day("2026-07-17"), by=getattr(world, who)
        )
    assert Case.objects.count() == 0


# --- scheduling -------------------------------------------------------------------------------


def test_scheduling_fixes_dates_team_and_days(world):
    case = world.scheduled()
    assert (case.stage, case.first_day, case.last_day) == (
        "scheduled",
        day("2026-06-08"),
        day("2026-06-12"),
    )
    held = CaseRole.objects.filter(case=case).values_list("person__name", "role")
    assert set(held) == {
        ("Ada Osei", "lead_hmi"),
        ("Bilal Khan", "ofsted_inspector"),
        ("Cerys Hughes", "cqc_inspector"),
    }
    assert booked(case) == [
        ("Ada Osei", "planning", "2026-06-01", "2026-06-01"),
        ("Ada Osei", "planning", "2026-06-04", "2026-06-05"),
        ("Ada Osei", "on_site", "2026-06-08", "2026-06-12"),
        ("Bilal Khan", "planning", "2026-06-04", "2026-06-05"),
        ("Bilal Khan", "on_site", "2026-06-08", "2026-06-12"),
        ("Cerys Hughes", "planning", "2026-06-01", "2026-06-01"),
        ("Cerys Hughes", "planning", "2026-06-04", "2026-06-05"),
        ("Cerys Hughes", "on_site", "2026-06-08", "2026-06-12"),
    ]


def test_scheduling_counts_every_deadline_from_day_1(world):
    case = world.scheduled()
    dues = {
        (due.rule, due.subject_name): due.due_on.isoformat()
        for due in Deadline.objects.filter(case=case)
    }
    assert dues["IN-NOTIFY", ""] == "2026-06-01"
    assert {name for rule, name in dues if rule == "IN-HEALTH"} == {
        "NHS North Westmarch",
        "NHS South Westmarch",
    }
    assert {name for rule, name in dues if rule == "IN-FACTS"} == {
        "Westmarch Council",
        "NHS North Westmarch",
        "NHS South Westmarch",
    }
    assert dues["IN-FINAL", ""] == "2026-07-22"
    assert dues["IN-PUBLISH", ""] == "2026-07-29"


def test_what_the_page_showed_is_tried_again_when_it_is_saved(world):
    case = world.planned()
    DeclaredInterest.objects.create(
        person=world.lead,
        local_area=world.area,
        since=day("2015-01-01"),
        reason="Former head teacher",
        entered_at=london("2026-01-01T09:00"),
    )
    reasons = refused(lambda: services.schedule(case, world.choice(), by=world.officer))
    assert reasons == [
        ("lead_hmi", "No declared interest: Declared an interest in Westmarch: Ada Osei.")
    ]
    case.refresh_from_db()
    assert (case.stage, booked(case)) == ("planned", [])


def test_an_interest_that_has_ended_or_was_withdrawn_stands_in_nobodys_way(world):
    for until, withdrawn in ((day("2026-05-31"), False), (None, True)):
        DeclaredInterest.objects.create(
            person=world.lead,
            local_area=world.area,
            since=day("2015-01-01"),
            until=until,
            withdrawn=withdrawn,
            reason="Former head teacher",
            entered_at=london("2026-01-01T09:00"),
        )
    assert world.scheduled().stage == "scheduled"


def test_hb_14_outside_known_terms_nothing_is_scheduled(world):
    case = world.planned()
    reasons = refused(lambda: services.schedule(case, world.choice("2026-05-26"), by=world.officer))
    assert [name for name, _ in reasons] == ["first_day"]
    assert "outside school term in Westmarch" in reasons[0][1]


def test_hb_14_with_unknown_terms_it_can_be_scheduled(world):
    case = services.plan_inspection(
        world.other_area, day("2026-06-01"), day("2026-07-17"), by=world.officer
    )
    outcomes = {
        one.code: one.outcome.value
        for one in services.check_schedule(case, world.choice(), viewer=world.officer)
    }
    assert outcomes["term"] == "warning"
    services.schedule(case, world.choice(), by=world.officer)
    case.refresh_from_db()
    assert case.stage == "scheduled"


@pytest.mark.parametrize("first_day", ["2026-06-06", "2026-05-25", "2026-03-31", "2030-01-07"])
def test_a_day_1_that_cannot_be(world, first_day):
    case = world.planned()
    reasons = refused(lambda: services.schedule(case, world.choice(first_day), by=world.officer))
    assert reasons
    assert {name for name, _ in reasons} <= {"first_day", "reason_notice"}
    case.refresh_from_db()
    assert case.stage == "planned"


def test_hb_20_an_incomplete_team_is_named(world):
    case = world.planned()
    assert refused(
        lambda: services.schedule(case, world.choice(cqc_inspector=None), by=world.officer)
    ) == [("lead_hmi", "The team is named: Not named yet: CQC inspector.")]


def test_hb_20_a_role_that_nobody_gave(world):
    case = world.planned()
    assert refused(
        lambda: services.schedule(
            case, world.choice(cqc_inspector=world.second_ofsted.pk), by=world.officer
        )
    ) == [
        (
            "lead_hmi",
            "Each holds the role: No such role on these days: Efua Mensah (CQC inspector).",
        )
    ]


def test_hb_20_six_days_and_four_people_with_their_reasons(world):
    case = world.planned()
    choice = world.choice(length=6, additional_inspectors=(world.second_cqc.pk,))
    assert [
        name for name, _ in refused(lambda: services.schedule(case, choice, by=world.officer))
    ] == ["reason_length", "reason_team_size"]
    choice = world.choice(
        length=6,
        additional_inspectors=(world.second_cqc.pk,),
        reasons={"length": "Two counties", "team_size": "Six commissioners", "notice": "unasked"},
    )
    event = services.schedule(case, choice, by=world.officer)
    case.refresh_from_db()
    assert case.last_day == day("2026-06-15")
    # What overrides is a fact; the words stand in the note, which can be erased. What nobody
    # had to override is not kept.
    assert event.facts["overridden"] == ["length", "team_size"]
    assert "reason_length" not in event.facts
    assert event.note.content["fields"] == {
        "reason_length": "Two counties",
        "reason_team_size": "Six commissioners",
    }


def test_leave_stands_in_the_way_and_is_named(world):
    bookings.add_leave(world.cqc, day("2026-06-05"), day("2026-06-05"), by=world.cqc)
    case = world.planned()
    assert refused(lambda: services.schedule(case, world.choice(), by=world.officer)) == [
        ("lead_hmi", "Everyone is free: Cerys Hughes: leave, 5 June 2026.")
    ]


def test_other_work_stands_in_the_way_and_is_named_to_those_who_may_know(world):
    first = world.scheduled()
    second = world.planned(world.other_area)
    [free] = [
        one
        for one in services.check_schedule(second, world.choice("2026-06-10"), viewer=world.officer)
        if one.code == "free"
    ]
    assert free.why.startswith(
        f"Ada Osei: on site, Westmarch ({first.reference}), 8 to 12 June 2026. Bilal Khan:"
    )
    [free] = [
        one
        for one in services.check_schedule(second, world.choice("2026-06-10"), viewer=world.dcs)
        if one.code == "free"
    ]
    assert "Westmarch" not in free.why
    assert first.reference not in free.why
    assert "other work" in free.why


def test_a_change_needs_a_reason_moves_the_days_and_frees_the_old_ones(world):
    case = world.scheduled()
    later = world.choice("2026-06-15", ofsted_inspector=world.second_ofsted.pk)
    assert refused(lambda: services.schedule(case, later, by=world.officer)) == [
        ("why", "Say why dates or team change.")
    ]
    services.change_schedule(case, later, why="A general election", by=world.officer)
    case.refresh_from_db()
    assert (case.stage, case.first_day) == ("scheduled", day("2026-06-15"))
    assert {name for name, *_ in booked(case)} == {"Ada Osei", "Cerys Hughes", "Efua Mensah"}
    assert {days for _, purpose, *days in map(list, booked(case)) for days in [tuple(days)]} == {
        ("2026-06-08", "2026-06-08"),
        ("2026-06-11", "2026-06-12"),
        ("2026-06-15", "2026-06-19"),
    }
    assert not Case.objects.visible_to(world.ofsted).exists()
    assert Case.objects.visible_to(world.second_ofsted).get() == case


def test_a_person_taken_off_sees_the_case_no_more_the_same_day(world):
    case = world.scheduled()
    assert Case.objects.visible_to(world.ofsted).get() == case
    services.change_schedule(
        case,
        world.choice(ofsted_inspector=world.second_ofsted.pk),
        why="Illness",
        by=world.officer,
    )
    assert not Case.objects.visible_to(world.ofsted).exists()


def test_a_declared_interest_hides_the_areas_cases_from_a_team_member(world):
    world.scheduled()
    assert Case.objects.visible_to(world.lead).exists()
    bookings.declare_interest(
        world.lead, world.area, day("2026-04-01"), None, "A cousin works there", by=world.lead
    )
    assert not Case.objects.visible_to(world.lead).exists()


def test_a_struck_out_schedule_frees_everybody(world):
    case = world.scheduled()
    scheduled = Event.objects.get(case=case, kind="scheduled")
    void(scheduled.pk, by=world.officer, reason="Entered on the wrong area")
    case.refresh_from_db()
    assert (case.stage, case.first_day, booked(case)) == ("planned", None, [])
    assert not CaseRole.objects.filter(case=case).exists()


def test_a_struck_out_change_takes_the_old_days_again_or_says_why_not(world):
    case = world.scheduled()
    services.change_schedule(case, world.choice("2026-06-15"), why="Election", by=world.officer)
    change = Event.objects.get(case=case, kind="rescheduled")
    leave = bookings.add_leave(world.lead, day("2026-06-09"), day("2026-06-10"), by=world.lead)
    before = booked(case)
    assert refused(lambda: void(change.pk, by=world.officer, reason="No election")) == [
        ("", "Ada Osei: leave, 9 to 10 June 2026.")
    ]
    assert booked(case) == before
    bookings.withdraw_leave(leave, by=world.lead)
    void(change.pk, by=world.officer, reason="No election")
    assert ("Ada Osei", "on_site", "2026-06-08", "2026-06-12") in booked(case)


def test_a_correction_is_judged_like_the_first_entry(world):
    case = world.scheduled()
    scheduled = Event.objects.get(case=case, kind="scheduled")
    facts = dataclasses.replace(
        events.Scheduled.read(scheduled.facts),
        first_day=day("2026-06-15"),
        last_day=day("2026-06-19"),
    )
    correct(scheduled.pk, facts, by=world.officer, reason="A slip of the week")
    assert ("Ada Osei", "on_site", "2026-06-15", "2026-06-19") in booked(case)


def test_a_stale_page_is_told_who_did_what(world):
    case = world.planned()
    seen = case.version
    services.schedule(case, world.choice(), by=world.officer)
    case.refresh_from_db()
    with pytest.raises(Conflict, match="Sam Officer: Dates and team fixed"):
        services.schedule(
            case,
            world.choice("2026-06-15"),
            why="Late",
            by=world.officer,
            expected_version=seen,
        )


# --- notification -----------------------------------------------------------------------------


def call(world, **given):
    values = {
        "taken_by": TakenBy.NAMED,
        "name": "Dana Carter",
        "at": london("2026-06-01T09:10"),
        "by": world.lead,
        **given,
    }
    return lambda case: services.notify(case.pk, **values)


def test_hb_7_the_call_on_the_day_of_notice(world, at):
    case = world.scheduled()
    at.move_to(london("2026-06-01T09:20"))
    call(world)(case)
    case.refresh_from_db()
    assert (case.stage, case.moments) == ("notified", ["notified"])
    notified = Deadline.objects.get(case=case, rule="IN-NOTIFY")
    assert (notified.state, notified.met_at) == ("met", london("2026-06-01T09:10"))
    open_now = set(
        Deadline.objects.filter(case=case, state="open", due_on=day("2026-06-01")).values_list(
            "rule", flat=True
        )
    )
    assert open_now == {"IN-HEALTH", "IN-CONFIRM", "IN-LANO"}


def test_hb_7_after_ten_it_is_met_late(world, at):
    case = world.scheduled()
    at.move_to(london("2026-06-01T10:30"))
    late = london("2026-06-01T10:20")
    assert refused(lambda: call(world, at=late)(case)) == [
        (
            "reason",
            "The call normally falls between 09:00 and 10:00. Say why it was made at 10:20.",
        )
    ]
    call(world, at=late, reason="The line was engaged until then")(case)
    assert Deadline.objects.get(case=case, rule="IN-NOTIFY").state == "met_late"


def test_hb_7_before_nine_the_reason_is_asked_for(world, at):
    case = world.scheduled()
    at.move_to(london("2026-06-01T09:30"))
    [(field, _)] = refused(lambda: call(world, at=london("2026-06-01T08:59"))(case))
    assert field == "reason"
    call(world, at=london("2026-06-01T09:00"))(case)
    case.refresh_from_db()
    assert case.stage == "notified"


@pytest.mark.parametrize("moment", ["2026-05-29T09:10", "2026-06-02T09:10"])
def test_hb_7_on_another_day_the_reason_is_asked_for(world, at, moment):
    case = world.scheduled()
    at.move_to(london("2026-06-02T12:00"))
    [reason] = refused(lambda: call(world, at=london(moment))(case))
    assert reason[0] == "reason"
    assert reason[1].startswith("Notice falls on Monday 1 June 2026. Say why the call was made on")
    call(world, at=london(moment), reason="Nobody answered on the day")(case)
    case.refresh_from_db()
    assert case.stage == "notified"


def test_hb_7_never_on_or_after_day_1(world, at):
    case = world.scheduled()
    at.move_to(london("2026-06-08T12:00"))
    assert refused(
        lambda: call(world, at=london("2026-06-08T09:00"), reason="Forgotten")(case)
    ) == [("happened_on", "The call comes before Day 1, Monday 8 June 2026.")]


def test_hb_8_the_most_senior_person_is_named_with_the_post(world, at):
    case = world.scheduled()
    at.move_to(london("2026-06-01T09:20"))
    assert refused(lambda: call(world, taken_by=TakenBy.MOST_SENIOR, name=" ")(case)) == [
        ("name", "Give the name of the person who took the call."),
        ("post", "Give the post of the person who took the call."),
    ]
    event = services.notify(
        case.pk,
        taken_by=TakenBy.MOST_SENIOR,
        name="Rui Alves",
        post="Assistant director",
        at=london("2026-06-01T09:10"),
        by=world.lead,
        note="Will tell the director at noon",
    )
    # Names are kept apart from the facts, in the erasable note.
    assert event.facts == {"taken_by": "most_senior"}
    assert event.note.content == {
        "text": "Will tell the director at noon",
        "fields": {"name": "Rui Alves", "post": "Assistant director"},
    }


def test_nobody_is_called_before_dates_are_fixed(world):
    case = world.planned()
    [(_, reason), *_] = refused(
        lambda: call(world, at=london("2026-04-01T08:59"), by=world.officer)(case)
    )
    assert reason == (
        "“Notification call made” cannot be recorded at the stage “Planned”. "
        "It belongs to: Scheduled."
    )


def test_twice_with_one_key_is_once_and_without_it_says_so(world, at):
    case = world.scheduled()
    at.move_to(london("2026-06-01T09:20"))
    first = call(world, key="phone")(case)
    assert call(world, key="phone")(case) == first
    with pytest.raises(GuardFailed, match="already on record for Monday 1 June 2026"):
        call(world, by=world.cqc)(case)
    assert Event.objects.filter(case=case, kind="notified").count() == 1


def test_hb_8_health_hears_after_the_local_authority(world, at):
    case = world.notified(at)
    tell = {"taken_by": TakenBy.NAMED, "name": "Chief", "by": world.cqc}
    assert refused(
        lambda: services.tell_health(case.pk, world.north, at=london("2026-06-01T09:05"), **tell)
    ) == [
        (
            "happened_at",
            "The local authority was called at 09:10 that day, and is told first.",
        )
    ]
    services.tell_health(case.pk, world.north, at=london("2026-06-01T09:15"), **tell)
    states = dict(
        Deadline.objects.filter(case=case, rule="IN-HEALTH").values_list("subject_name", "state")
    )
    assert states == {"NHS North Westmarch": "met", "NHS South Westmarch": "open"}


def test_hb_9_the_confirmation_waits_for_the_go_ahead(world, at):
    case = world.notified(at)
    from casework.recording import record

    letter = events.ConfirmationSent(letter=case.pk)
    assert refused(lambda: record(case.pk, letter, by=world.officer)) == [
        (
            "",
            "Record first that the inspection goes ahead, confirmed with CQC and the support "
            "officer.",
        )
    ]
    assert refused(
        lambda: services.confirm_go_ahead(case.pk, cqc=True, support_officer=False, by=world.lead)
    ) == [("support_officer", "The support officer has to know that the inspection goes ahead.")]
    services.confirm_go_ahead(case.pk, cqc=True, support_officer=True, by=world.lead)
    assert refused(lambda: record(case.pk, events.ConfirmationSent(), by=world.officer)) == [
        ("", "The confirmation is sent by issuing its letter.")
    ]
    record(case.pk, letter, by=world.officer)
    assert Deadline.objects.get(case=case, rule="IN-CONFIRM").state == "met"


ALL_ITEMS = [item.code for item in LANO_REQUESTS]


def lano(world, case, **given):
    values = {
        "name": "Lana Petrova",
        "email": "Lana@Westmarch.example",
        "items": ALL_ITEMS,
        "at": london("2026-06-01T09:20"),
        "by": world.lead,
        **given,
    }
    return services.lano_call(case.pk, **values)


def test_hb_10_the_lano_gets_access_with_the_call(world, at):
    case = world.notified(at)
    lano(world, case)
    [held] = CaseRole.objects.filter(case=case, role="lano")
    assert (held.person.email.lower(), held.person.name) == (
        "lana@westmarch.example",
        "Lana Petrova",
    )
    assert held.organisation.name == "Westmarch Council"
    assert Case.objects.visible_to(held.person).get() == case
    assert not held.person.has_usable_password()


def test_hb_10_a_second_call_hands_over_to_another_lano(world, at):
    case = world.notified(at)
    lano(world, case)
    lano(world, case, name="Leo Grant", email="leo@westmarch.example")
    held = CaseRole.objects.filter(case=case, role="lano", ends_on__isnull=True)
    assert [one.person.name for one in held] == ["Leo Grant"]


def test_hb_10_a_struck_out_call_takes_the_access_away(world, at):
    case = world.notified(at)
    event = lano(world, case)
    void(event.pk, by=world.lead, reason="Recorded on the wrong case")
    assert not CaseRole.objects.filter(case=case, role="lano").exists()


def test_hb_10_what_is_left_for_later_has_its_reason(world, at):
    case = world.notified(at)
    [(field, text)] = refused(lambda: lano(world, case, items=ALL_ITEMS[:-2]))
    assert field == "left_out"
    assert text == (
        "Say why these are left for later: Children known to other services, "
        "Feedback during the week."
    )
    lano(world, case, items=ALL_ITEMS[:-2], left_out="The line broke; second call at 14:00")


@pytest.mark.parametrize("email", ["", "lana", "lana@", "@example.org", "a b@example.org"])
def test_hb_10_access_hangs_on_an_address(world, at, email):
    case = world.notified(at)
    assert refused(lambda: lano(world, case, email=email)) == [
        ("email", "Give an e-mail address in the form name@example.gov.uk.")
    ]


def test_hb_12_forum_and_advice_service(world, at):
    case = world.notified(at)
    services.tell_forum(case.pk, at=london("2026-06-01T09:20"), by=world.lead)
    assert Deadline.objects.get(case=case, rule="IN-PCF").state == "met"


def test_what_is_recorded_is_not_offered_again_to_those_without_the_history(world, at, client):
    case = world.notified(at)
    services.lano_call(
        case.pk,
        name="Lana",
        email="lana@westmarch.example",
        items=[item.code for item in LANO_REQUESTS],
        at=london("2026-06-01T09:18"),
        by=world.lead,
    )
    officer = CaseRole.objects.get(case=case, role="lano").person
    client.force_login(officer)

    def offered():
        return [label for label, _ in client.get(f"/cases/{case.pk}/").context["steps"]]

    assert events.ToldRecorded.label in offered()
    record(case.pk, events.ToldRecorded(how="By letter", how_many=9), by=officer)
    assert events.ToldRecorded.label not in offered()


# --- deferral and cancellation ----------------------------------------------------------------


def test_hb_15_deferred_the_days_are_free_and_new_ones_lead_back_to_notified(world, at):
    case = world.notified(at)
    with pytest.raises(GuardFailed, match="No request for deferral is open"):
        record(case.pk, events.DeferralAgreed(reason="Flood"), by=world.director)
    record(case.pk, events.DeferralAsked(reason="Flood", asked_by="Dana"), by=world.lead)
    with pytest.raises(NotAllowed):
        record(case.pk, events.DeferralAgreed(reason="Flood"), by=world.lead)
    record(case.pk, events.DeferralAgreed(reason="A major incident"), by=world.director)
    case.refresh_from_db()
    assert (case.stage, case.first_day, booked(case)) == ("deferred", None, [])
    unmet = Deadline.objects.filter(case=case, met_on=None)
    assert unmet.filter(rule="IN-TELL").exists()  # counted from the call, which was made
    assert set(unmet.values_list("state", flat=True)) == {"not_applicable"}
    assert Case.objects.visible_to(world.lead).get() == case  # the team stays
    at.move_to(london("2026-06-16T10:00"))
    services.schedule(case, world.choice("2026-07-06"), by=world.officer)
    case.refresh_from_db()
    assert (case.stage, case.first_day) == ("notified", day("2026-07-06"))
    assert ("Ada Osei", "on_site", "2026-07-06", "2026-07-10") in booked(case)
    # What was not met when the area was called counts again from the day of the new dates.
    tell = unmet.get(rule="IN-TELL")
    assert (tell.state, tell.due_on) == ("open", day("2026-06-18"))
    assert (tell.counted_from_event, tell.counted_from_on) == (
        "new_dates_given",
        day("2026-06-16"),
    )
    assert unmet.get(rule="IN-CONFIRM").due_on == day("2026-06-16")
    assert Deadline.objects.get(case=case, rule="IN-NOTIFY").state == "met"


def test_hb_15_once_told_dates_change_by_deferral_only_the_team_still_can(world, at):
    case = world.notified(at)
    assert refused(
        lambda: services.change_schedule(
            case, world.choice("2026-06-15"), why="Easier", by=world.officer
        )
    ) == [("first_day", "The area has been told of these dates: they change by deferral only.")]
    with pytest.raises(GuardFailed, match="No such role on these days"):
        services.change_schedule(
            case, world.choice(ofsted_inspector=world.second_cqc.pk), why="Ill", by=world.officer
        )
    services.change_schedule(
        case, world.choice(ofsted_inspector=world.second_ofsted.pk), why="Ill", by=world.officer
    )
    case.refresh_from_db()
    assert case.stage == "notified"
    assert "Efua Mensah" in {name for name, *_ in booked(case)}


def test_the_days_can_be_put_right_when_they_are_over(world, at):
    case = world.notified(at)
    scheduled = Event.objects.get(case=case, kind="scheduled")
    said = events.Scheduled.read(scheduled.facts)
    at.move_to(london("2026-06-22T09:00"))
    correct(
        scheduled.pk,
        dataclasses.replace(said, last_day=day("2026-06-11")),
        by=world.officer,
        reason="It was four days",
    )
    case.refresh_from_db()
    assert case.last_day == day("2026-06-11")
    assert ("Ada Osei", "on_site", "2026-06-08", "2026-06-11") in booked(case)
    with pytest.raises(GuardFailed, match="outside school term"):
        correct(
            scheduled.pk,
            dataclasses.replace(said, first_day=day("2026-05-28"), last_day=day("2026-06-01")),
            by=world.officer,
            reason="A slip",
        )


def test_cancelled_everybody_is_free_again(world):
    case = world.scheduled()
    assert refused(lambda: services.cancel(case, " ", by=world.officer)) == [
        ("reason", "Give the reason.")
    ]
    services.cancel(case, "Merged with another area", by=world.officer)
    case.refresh_from_db()
    assert (case.stage, booked(case)) == ("cancelled", [])
    assert case.ended_on == datetime.date(2026, 4, 1)


# --- who is told ------------------------------------------------------------------------------


def outbox():
    return sorted(Notice.objects.values_list("recipient_email", "template", "link", "context"))


def test_the_team_is_told_without_a_word_about_where(world):
    case = world.scheduled()
    link = f"/cases/{case.pk}/"
    assert outbox() == [
        ("ada@test.example", "role_given", link, {}),
        ("bilal@test.example", "role_given", link, {}),
        ("cerys@test.example", "role_given", link, {}),
    ]


def test_a_change_is_told_to_those_who_stay_and_those_who_join(world, at):
    case = world.scheduled()
    Notice.objects.all().delete()
    at.move_to(london("2026-04-02T09:00"))
    services.change_schedule(
        case,
        world.choice("2026-06-15", ofsted_inspector=world.second_ofsted.pk),
        why="Election",
        by=world.officer,
    )
    assert [notice[:2] for notice in outbox()] == [
        ("ada@test.example", "dates_moved"),
        ("cerys@test.example", "dates_moved"),
        ("efua@test.example", "role_given"),
    ]


def test_hb_10_the_nominated_officer_is_told(world, at):
    case = world.notified(at)
    Notice.objects.all().delete()
    lano(world, case)
    assert outbox() == [("Lana@westmarch.example", "role_given", f"/cases/{case.pk}/", {})]
