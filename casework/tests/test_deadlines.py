import datetime
import io

import pytest
from django.core.management import CommandError, call_command

from casework import measures
from casework.deadlines import deadlines_of, due_from, next_deadlines, standing
from casework.events import CalendarChanged, HoldReason, ParametersChanged
from casework.explain import why
from casework.inputs import add_parameters
from casework.models import Case, Deadline
from casework.recording import GuardFailed, correct, create_case, record, record_import, void
from casework.tests.rehearsal import (
    COUNCIL,
    Commented,
    Done,
    Drafted,
    Fixed,
    Published,
    Seen,
    Told,
    grant,
    make_area,
    make_person,
    put_on_case,
)
from casework.tests.test_recording import FIX, deadline, to_feedback
from working_days.services import add_bank_holiday

pytestmark = pytest.mark.django_db
D = datetime.date


def at(year, month, day, hour=9):
    return datetime.datetime(year, month, day, hour, 0, tzinfo=datetime.UTC)


@pytest.fixture
def fixed(case, officer):
    record(case.pk, FIX, by=officer)
    return case


# --- in which order ---


def test_of_one_day_a_step_stands_before_what_counts_from_it(fixed, officer):
    day = D(2026, 7, 29)
    rows = {"T-PUBLISH": ("open", D(2026, 7, 1)), "T-DRAFT": ("open", D(2026, 7, 2))}
    rows["T-FEEDBACK"] = ("forecast", D(2026, 6, 1))
    for rule, (state, counted) in rows.items():
        Deadline.objects.filter(case=fixed, rule=rule).update(
            due_on=day, state=state, counted_from_on=counted, owed_roles=["support_officer"]
        )
    Deadline.objects.filter(case=fixed).exclude(rule__in=rows).delete()
    assert [one.rule for one in deadlines_of(fixed)] == ["T-PUBLISH", "T-DRAFT", "T-FEEDBACK"]
    assert [one.rule for one in due_from(officer)] == ["T-PUBLISH", "T-DRAFT"]
    assert next_deadlines(officer, [fixed.pk])[fixed.pk].rule == "T-PUBLISH"


# --- how they stand ---


def test_a_forecast_counts_from_the_due_day_of_what_must_come_first(fixed):
    draft = deadline(fixed, "T-DRAFT")
    # Feedback is due on Friday 12 June; thirteen working days after it.
    assert (draft.state, draft.counted_from_on, draft.due_on) == (
        "forecast",
        D(2026, 6, 12),
        D(2026, 7, 1),
    )


def test_a_forecast_does_not_move_with_today(fixed, officer, monday):
    monday.move_to(at(2026, 6, 29))
    record(fixed.pk, Told(taken_by="Dan"), by=officer, happened_on=D(2026, 6, 1))
    assert deadline(fixed, "T-DRAFT").due_on == D(2026, 7, 1)


def test_late_and_silent_alarms_and_late_and_explained_does_not(fixed, officer, monday):
    monday.move_to(at(2026, 6, 2))
    tell = deadline(fixed, "T-TELL")
    assert (standing(tell).state, standing(tell).alarm) == ("overdue", True)
    measures.explain_lateness(tell, by=officer, reason="Snow")
    tell = deadline(fixed, "T-TELL")
    assert (standing(tell).state, standing(tell).alarm) == ("late_explained", False)
    record(fixed.pk, Told(taken_by="Dan"), by=officer)
    tell = deadline(fixed, "T-TELL")
    assert (tell.state, standing(tell).alarm) == ("met_late", False)


def test_an_explanation_without_a_reason_is_refused(fixed, officer, monday):
    with pytest.raises(GuardFailed, match="Say why it is late"):
        measures.explain_lateness(deadline(fixed, "T-TELL"), by=officer, reason=" ")


def test_what_nobody_has_to_record_lapses_by_the_clock(fixed, monday):
    over = deadline(fixed, "T-OVER")
    assert (over.due_on, standing(over).state) == (D(2026, 6, 5), "due_soon")
    monday.move_to(at(2026, 6, 6))
    over = deadline(fixed, "T-OVER")
    assert (over.state, standing(over).state) == ("open", "lapsed")
    assert not Deadline.objects.overdue(D(2026, 6, 6)).filter(rule="T-OVER").exists()


def test_the_day_itself_is_not_late(fixed, monday):
    monday.move_to(datetime.datetime(2026, 6, 1, 22, 59, tzinfo=datetime.UTC))  # 23:59 in London
    assert standing(deadline(fixed, "T-TELL")).state == "due_today"
    monday.move_to(datetime.datetime(2026, 6, 1, 23, 0, tzinfo=datetime.UTC))  # midnight in London
    assert standing(deadline(fixed, "T-TELL")).state == "overdue"


# --- extensions, holds, suspension ---


def test_an_agreed_day_stands_beside_the_computed_one_and_forecasts_follow_it(fixed, officer):
    measures.extend(
        deadline(fixed, "T-DRAFT"), D(2026, 7, 8), by=officer, agreed_by="Both", why="Illness"
    )
    draft = deadline(fixed, "T-DRAFT")
    assert (draft.due_on, draft.agreed_on, draft.computed_on) == (
        D(2026, 7, 8),
        D(2026, 7, 8),
        D(2026, 7, 1),
    )
    # Ten working days after the agreed day, not after the computed one.
    assert deadline(fixed, "T-FACTS", COUNCIL.key).due_on == D(2026, 7, 22)


@pytest.mark.parametrize(
    ("agreed_on", "agreed_by", "field"),
    [
        (D(2026, 7, 1), "Both", "agreed_on"),
        (D(2026, 6, 1), "Both", "agreed_on"),
        (D(2026, 7, 8), " ", "agreed_by"),
    ],
)
def test_an_extension_says_who_and_moves_something(fixed, officer, agreed_on, agreed_by, field):
    with pytest.raises(GuardFailed) as refused:
        measures.extend(
            deadline(fixed, "T-DRAFT"), agreed_on, by=officer, agreed_by=agreed_by, why="x"
        )
    assert [name for name, _ in refused.value.reasons] == [field]


@pytest.mark.parametrize(
    ("rule", "agreed_on", "said"),
    [
        # Counted back from Day 1, Monday 8 June: earlier is sensible, after Day 1 is not.
        ("T-TELL", D(2026, 5, 26), ""),
        ("T-TELL", D(2026, 6, 8), ""),
        ("T-TELL", D(2026, 6, 9), "must be on or before Monday 8 June 2026"),
        ("T-TELL", D(2025, 5, 31), "must be on or after Sunday 1 June 2025"),
        ("T-PUBLISH", D(2027, 7, 29), ""),
        ("T-PUBLISH", D(2027, 7, 30), "must be on or before Thursday 29 July 2027"),
        ("T-PUBLISH", D(2026, 6, 11), "must be on or after Friday 12 June 2026"),
        ("T-PUBLISH", D(9999, 12, 31), "must be on or before"),
    ],
)
def test_a_day_agreed_is_a_sensible_one(fixed, officer, rule, agreed_on, said):
    def agree():
        return measures.extend(
            deadline(fixed, rule), agreed_on, by=officer, agreed_by="Both", why="x"
        )

    if not said:
        agree()
        assert deadline(fixed, rule).due_on == agreed_on
        return
    with pytest.raises(GuardFailed, match=said):
        agree()


def test_what_is_met_cannot_be_extended(fixed, officer):
    record(fixed.pk, Told(taken_by="Dan"), by=officer)
    with pytest.raises(GuardFailed, match="It was met on Monday 1 June 2026"):
        measures.extend(
            deadline(fixed, "T-TELL"), D(2026, 6, 3), by=officer, agreed_by="x", why="x"
        )


def test_a_hold_marks_what_it_delays_and_moves_no_date(fixed, officer, monday):
    before = deadline(fixed, "T-PUBLISH").due_on
    measures.place_hold(
        fixed,
        HoldReason.ELECTION,
        by=officer,
        from_day=D(2026, 7, 20),
        until_day=D(2026, 8, 20),
        rules=("T-PUBLISH",),
    )
    publish = deadline(fixed, "T-PUBLISH")
    assert (publish.due_on, publish.held_from, publish.held_until) == (
        before,
        D(2026, 7, 20),
        D(2026, 8, 20),
    )
    assert deadline(fixed, "T-DRAFT").held_from is None
    monday.move_to(at(2026, 8, 1))
    assert standing(deadline(fixed, "T-PUBLISH")).state == "on_hold"
    monday.move_to(at(2026, 8, 21))
    assert standing(deadline(fixed, "T-PUBLISH")).state == "overdue"
    measures.lift_hold(fixed, by=officer)
    assert deadline(fixed, "T-PUBLISH").held_from is None


def test_of_two_holds_the_one_that_lasts_longer_counts(fixed, officer):
    for until in (D(2026, 9, 30), D(2026, 8, 20)):
        measures.place_hold(
            fixed, HoldReason.ELECTION, by=officer, from_day=D(2026, 7, 20), until_day=until
        )
    assert deadline(fixed, "T-PUBLISH").held_until == D(2026, 9, 30)


def test_a_hold_ends_after_it_starts_and_only_a_hold_can_be_lifted(fixed, officer):
    with pytest.raises(GuardFailed, match="No hold stands"):
        measures.lift_hold(fixed, by=officer)
    with pytest.raises(GuardFailed) as refused:
        measures.place_hold(
            fixed,
            HoldReason.OTHER,
            by=officer,
            from_day=D(2026, 7, 2),
            until_day=D(2026, 7, 1),
        )
    assert refused.value.reasons[0][0] == "until_day"


def test_a_suspended_case_stands_still_and_running_deadlines_get_the_days_back(
    fixed, officer, monday
):
    record(fixed.pk, Told(taken_by="Dan"), by=officer)
    monday.move_to(at(2026, 6, 12, 15))
    record(fixed.pk, Seen(), by=officer)
    monday.move_to(at(2026, 6, 15))
    measures.suspend(fixed, by=officer, reason="Emergency")
    with pytest.raises(GuardFailed, match="has stood still since Monday 15 June 2026"):
        record(fixed.pk, Drafted(), by=officer)
    monday.move_to(at(2026, 6, 29))
    draft = deadline(fixed, "T-DRAFT")
    assert standing(draft, suspended=True).state == "on_hold"
    measures.resume(fixed, by=officer)
    draft = deadline(fixed, "T-DRAFT")
    # Ten working days, from Monday 15 to Monday 29 June, on top of Wednesday 1 July.
    assert (draft.computed_on, draft.agreed_on) == (D(2026, 7, 1), D(2026, 7, 15))
    record(fixed.pk, Drafted(), by=officer)


def test_a_case_resumes_with_new_days_on_site(fixed, officer, monday):
    measures.suspend(fixed, by=officer, reason="Emergency")
    monday.move_to(at(2026, 9, 1))
    measures.resume(fixed, by=officer, first_day=D(2026, 10, 5), last_day=D(2026, 10, 9))
    fixed.refresh_from_db()
    assert (fixed.first_day, fixed.suspended_on) == (D(2026, 10, 5), None)
    tell = deadline(fixed, "T-TELL")
    assert (tell.due_on, tell.agreed_on) == (D(2026, 9, 28), None)


# --- calendar and parameters ---


def test_a_new_bank_holiday_moves_what_is_open_and_nothing_that_is_met(fixed, officer, monday):
    record(fixed.pk, Told(taken_by="Dan"), by=officer)
    before = {one.rule: one.due_on for one in Deadline.objects.filter(case=fixed)}
    # Proclaimed on 2 June for Monday 22 June 2026.
    add_bank_holiday(D(2026, 6, 22), "State occasion", why="Proclaimed", by="test")
    add_bank_holiday(D(2026, 6, 3), "Another", why="Proclaimed", by="test")
    record(fixed.pk, CalendarChanged(), by=None)
    after = {one.rule: one.due_on for one in Deadline.objects.filter(case=fixed)}
    assert after["T-TELL"] == before["T-TELL"] == D(2026, 6, 1)
    assert (before["T-PUBLISH"], after["T-PUBLISH"]) == (D(2026, 7, 29), D(2026, 7, 30))
    assert "State occasion" in [d.name for d in why(deadline(fixed, "T-PUBLISH")).skipped]
    call_command("rebuild", "--check", stdout=io.StringIO())


def test_a_change_of_parameters_holds_for_new_cases_and_for_those_that_take_it_over(
    fixed, officer, area
):
    version = add_parameters({"T-DRAFT": 10}, reason="Faster").version
    assert deadline(fixed, "T-DRAFT").due_on == D(2026, 7, 1)
    new = create_case("rehearsal", local_area=area, by=officer)
    record(new.pk, FIX, by=officer)
    assert deadline(new, "T-DRAFT").due_on == D(2026, 6, 26)
    record(fixed.pk, Told(taken_by="Dan"), by=officer)
    assert deadline(fixed, "T-DRAFT").due_on == D(2026, 7, 1)
    record(fixed.pk, ParametersChanged(version=version), by=None)
    assert deadline(fixed, "T-DRAFT").due_on == D(2026, 6, 26)
    call_command("rebuild", "--check", stdout=io.StringIO())


def test_a_met_deadline_is_explained_as_it_was(fixed, officer, monday):
    record(fixed.pk, Told(taken_by="Dan"), by=officer)
    add_bank_holiday(D(2026, 6, 3), "Another", why="Proclaimed", by="test")
    record(fixed.pk, CalendarChanged(), by=None)
    due = why(deadline(fixed, "T-TELL"))
    assert due.due_on == D(2026, 6, 1)
    assert [d.name for d in due.skipped] == ["Saturday", "Sunday"]


# --- ends, imports, rebuild ---


def test_what_is_open_when_a_case_ends_no_longer_applies(case, officer, monday):
    to_feedback(case, officer, monday)
    record(case.pk, Drafted(), by=officer)
    record(case.pk, Published(), by=officer)
    record(case.pk, Done(), by=officer)
    states = dict(Deadline.objects.filter(case=case).values_list("rule", "state"))
    assert (states["T-PUBLISH"], states["T-FACTS"]) == ("met", "not_applicable")


def test_imported_history_is_facts_without_guards_and_gaps_are_not_recorded(area, monday):
    case = create_case(
        "rehearsal", local_area=area, by=None, imported=True, happened_on=D(2018, 1, 8)
    )
    record_import(case.pk, FIX_2018, happened_on=D(2018, 1, 8))
    record_import(case.pk, Published(), happened_on=D(2018, 5, 1))
    case.refresh_from_db()
    assert case.stage == "published"
    states = dict(Deadline.objects.filter(case=case).values_list("rule", "state"))
    assert (states["T-PUBLISH"], states["T-TELL"]) == ("met_late", "not_recorded")
    call_command("rebuild", "--check", stdout=io.StringIO())


FIX_2018 = Fixed(first_day=D(2018, 1, 8), last_day=D(2018, 1, 12))


def test_rebuild_finds_the_same_after_a_long_life(case, officer, monday):
    to_feedback(case, officer, monday)
    monday.shift(datetime.timedelta(days=5))
    drafted = record(case.pk, Drafted(pages=3), by=officer)
    record(case.pk, Commented(subject=COUNCIL.key), by=officer)
    correct(drafted.pk, Drafted(pages=4), by=officer, reason="x", happened_on=D(2026, 6, 16))
    add_bank_holiday(D(2026, 6, 22), "State occasion", why="Proclaimed", by="test")
    void(case.events.get(kind="comments_received").pk, by=officer, reason="Wrong body")
    record(case.pk, Published(), by=officer)
    out = io.StringIO()
    call_command("rebuild", "--check", stdout=out)
    assert "1 cases derived again; 0 differences found." in out.getvalue()


def test_rebuild_check_prints_what_differs_and_fails_and_rebuild_puts_it_right(fixed, officer):
    Deadline.objects.filter(case=fixed, rule="T-PUBLISH").update(due_on=D(2026, 9, 1))
    Case.objects.filter(pk=fixed.pk).update(stage="seen")
    out = io.StringIO()
    with pytest.raises(CommandError) as failed:
        call_command("rebuild", "--check", stdout=out)
    assert failed.value.returncode == 1
    assert out.getvalue().splitlines() == [
        "RH-2026-0001 stage: stored seen, by its events fixed",
        "RH-2026-0001 T-PUBLISH due_on: stored 2026-09-01, by its events 2026-07-29",
    ]
    call_command("rebuild", stdout=io.StringIO())
    call_command("rebuild", "--check", stdout=io.StringIO())
    assert deadline(fixed, "T-PUBLISH").due_on == D(2026, 7, 29)


# --- whose they are ---


def test_what_is_due_from_a_person_is_their_own_soonest_first(case, area, officer, monday):
    to_feedback(case, officer, monday)
    lead = make_person("Lena Lead", role="hmi")
    assert due_from(lead) == []
    put_on_case(lead, case, "lead_hmi")
    assert [one.rule for one in due_from(lead)] == ["T-DRAFT", "T-PUBLISH"]
    monday.move_to(at(2026, 6, 19))
    record(case.pk, Drafted(), by=officer)
    dora = make_person("Dora", role="dcs", area=area)
    assert {one.subject for one in due_from(dora)} == set()


def test_what_one_body_owes_is_due_from_its_own_people_alone(case, area, officer, monday):
    from areas.models import Organisation

    council = Organisation.objects.create(pk=COUNCIL.key, kind="council", name="Council")
    to_feedback(case, officer, monday)
    record(case.pk, Drafted(), by=officer)
    dora = make_person("Dora")
    grant(dora, "dcs", area=area, organisation=council)
    assert [(one.rule, one.subject) for one in due_from(dora)] == [("T-FACTS", COUNCIL.key)]


def test_what_is_due_comes_in_a_constant_number_of_queries_however_much_there_is(
    officer, monday, declared, django_assert_max_num_queries
):
    for number in range(8):
        area = make_area(f"Area {number}", code=f"A{number}")
        case = create_case("rehearsal", local_area=area, by=officer)
        record(case.pk, FIX, by=officer)
        put_on_case(officer, case, "lead_hmi")
    with django_assert_max_num_queries(4):
        assert len(due_from(officer)) == 32
