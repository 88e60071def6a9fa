"""Every check of a proposed inspection, in pairs: one that passes, one that does not."""

import datetime
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from inspections import checks
from inspections.checks import Outcome
from inspections.proposal import (
    Clash,
    Dates,
    Member,
    PlannedDays,
    Proposal,
    dates_for,
    planned_days,
)
from working_days.bundled import bundled_calendar

LONDON = ZoneInfo("Europe/London")
CALENDAR = bundled_calendar()
LONDON_MORNING = datetime.datetime(2026, 4, 1, 9, 30, tzinfo=LONDON)
TEAM = (
    Member(1, "Ada Osei", "lead_hmi"),
    Member(2, "Bilal Khan", "ofsted_inspector"),
    Member(3, "Cerys Hughes", "cqc_inspector"),
)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def proposal(first_day="2026-06-08", length=5, **given) -> Proposal:
    values = {
        "area_name": "Kent",
        "dates": dates_for(day(first_day), length, calendar=CALENDAR),
        "members": TEAM,
        "calendar": CALENDAR,
        "now": LONDON_MORNING,
        "in_term": lambda _: True,
        "health_commissioners": ("NHS Kent and Medway",),
        **given,
    }
    return Proposal(**values)


def found(code: str, given: Proposal) -> tuple[Outcome, str]:
    [one] = [check for check in checks.check(given) if check.code == code]
    return one.outcome, one.why


def test_every_check_passes_for_an_ordinary_inspection():
    outcomes = {check.code: check.outcome for check in checks.check(proposal())}
    assert outcomes == {rule.code: Outcome.PASSED for rule in checks.RULES}


def test_every_rule_names_its_source():
    for rule in checks.RULES:
        assert rule.citation.startswith(("HB ", checks.OURS)), rule.code
        # Only what the source calls normal or risk based may be departed from.
        assert rule.overridable == (rule.code in {"notice", "length", "team_size"}), rule.code
        assert bool(rule.reason_hint) == rule.overridable, rule.code


# HB 7: five working days before.


def test_hb_7_notice_day_skips_the_bank_holidays_of_easter():
    dates = dates_for(day("2026-04-13"), 5, calendar=CALENDAR)
    assert dates.notice_day == day("2026-04-02")  # Good Friday and Easter Monday do not count
    assert dates.on_site == tuple(day(f"2026-04-{n}") for n in range(13, 18))


def test_hb_7_notice_still_to_come():
    assert found("notice", proposal()) == (
        Outcome.PASSED,
        "The call falls on Monday 1 June 2026, 5 working days before Day 1.",
    )


def test_hb_7_notice_on_the_day_itself_before_and_after_ten():
    early = datetime.datetime(2026, 6, 1, 9, 59, tzinfo=LONDON)
    assert found("notice", proposal(now=early))[0] is Outcome.PASSED
    assert found("notice", proposal(now=early.replace(hour=10, minute=0))) == (
        Outcome.WARNING,
        "The call falls on Monday 1 June 2026, 5 working days before Day 1: today, and 10:00 has "
        "passed.",
    )


def test_hb_7_too_late_for_notice_can_be_overridden_with_a_reason():
    late = proposal(now=datetime.datetime(2026, 6, 3, 9, 0, tzinfo=LONDON))
    assert found("notice", late) == (
        Outcome.FAILED,
        "The call falls on Monday 1 June 2026, 5 working days before Day 1, which has passed. "
        "Called today, the area would have 3 working days.",
    )
    [notice] = [check for check in checks.check(late) if check.code == "notice"]
    assert (notice.needs_reason, notice.overridden, notice.blocks) == (True, False, True)
    late = replace(late, reasons={"notice": "Flooding closed the first week"})
    [notice] = [check for check in checks.check(late) if check.code == "notice"]
    assert (notice.needs_reason, notice.overridden, notice.blocks) == (True, True, False)


@pytest.mark.parametrize("today", ["2026-06-08", "2026-08-03"])
def test_hb_7_no_notice_is_counted_backwards(today):
    now = datetime.datetime.combine(day(today), datetime.time(9), LONDON)
    assert found("notice", proposal(now=now)) == (
        Outcome.FAILED,
        "No notice can be given any more of Monday 8 June 2026.",
    )


def test_hb_7_notice_of_a_day_that_is_no_working_day_is_not_passed():
    assert found("notice", proposal("2026-06-06")) == (
        Outcome.WARNING,
        "Notice cannot be told: Day 1 is no working day.",
    )


@pytest.mark.parametrize(
    ("period", "outcome", "why"),
    [
        (("2026-06-01", "2026-07-17"), Outcome.PASSED, "within the planned period, 1 June to 17"),
        (("2026-06-08", "2026-06-08"), Outcome.PASSED, "within the planned period, 8 June 2026."),
        (("2026-06-09", "2026-07-17"), Outcome.WARNING, "outside the planned period, 9 June to 17"),
        (("2026-05-01", "2026-06-07"), Outcome.WARNING, "outside the planned period, 1 May to 7"),
    ],
)
def test_day_1_outside_the_rough_period_is_remarked_on(period, outcome, why):
    came, said = found("period", proposal(period=tuple(day(one) for one in period)))
    assert came is outcome
    assert why in said


def test_several_bodies_to_be_told_are_one_list():
    given = proposal(health_commissioners=("NHS North", "NHS South"))
    assert found("told", given)[1] == "To be told: the council, NHS North and NHS South."


@pytest.mark.parametrize(
    ("today", "why"),
    [
        ("2026-06-08", "Day 1 is today."),
        ("2026-06-09", "Monday 8 June 2026 is in the past."),
    ],
)
def test_day_1_must_be_ahead(today, why):
    now = datetime.datetime.combine(day(today), datetime.time(9), LONDON)
    assert found("ahead", proposal(now=now)) == (Outcome.FAILED, why)


def test_a_reason_never_overrides_a_hard_stop():
    given = proposal("2026-06-06", reasons={"working_days": "We insist"})
    [one] = [check for check in checks.check(given) if check.code == "working_days"]
    assert (one.outcome, one.needs_reason, one.blocks) == (Outcome.FAILED, False, True)


# HB 14: term time, working days.


def test_hb_14_day_1_on_a_saturday():
    given = proposal("2026-06-06")
    assert found("working_days", given) == (
        Outcome.FAILED,
        "Day 1, Saturday 6 June 2026, is a Saturday.",
    )
    # What cannot be judged without days on site is left out, never passed.
    assert {"term", "free"}.isdisjoint(check.code for check in checks.check(given))


def test_hb_14_day_1_on_a_bank_holiday():
    assert found("working_days", proposal("2026-05-25"))[1] == (
        "Day 1, Monday 25 May 2026, is closed: Spring bank holiday."
    )


def test_hb_14_a_bank_holiday_between_moves_the_last_day():
    given = proposal("2026-05-01")
    assert given.dates.last_day == day("2026-05-08")
    assert found("working_days", given) == (
        Outcome.PASSED,
        "5 working days, Friday 1 May 2026 to Friday 8 May 2026. Early May bank holiday (4 May) "
        "falls between and is skipped.",
    )


def test_hb_14_outside_term_is_a_hard_stop():
    given = proposal(in_term=lambda d: d < day("2026-06-11"))
    assert found("term", given) == (
        Outcome.FAILED,
        "Thursday 11 June 2026 and Friday 12 June 2026 are outside school term in Kent.",
    )
    [one] = [check for check in checks.check(given) if check.code == "term"]
    assert one.blocks


def test_hb_14_unknown_terms_are_a_warning():
    given = proposal(in_term=lambda _: None)
    assert found("term", given) == (
        Outcome.WARNING,
        "The terms of Kent are not on record for these days. Ask the local authority before "
        "notice is given.",
    )
    assert not any(check.blocks for check in checks.check(given))


def test_hb_14_one_day_outside_term_wins_over_days_not_known():
    given = proposal(in_term=lambda d: False if d == day("2026-06-12") else None)
    assert found("term", given) == (
        Outcome.FAILED,
        "Friday 12 June 2026 is outside school term in Kent.",
    )


# HB 20: length and team.


def test_hb_20_more_than_five_days_needs_a_reason():
    given = proposal(length=6)
    assert found("length", given) == (
        Outcome.FAILED,
        "6 days on site; inspections do not normally last longer than 5.",
    )
    assert not any(
        check.blocks for check in checks.check(replace(given, reasons={"length": "Two counties"}))
    )


@pytest.mark.parametrize("length", [-1, 0, 16])
def test_a_length_that_cannot_be(length):
    with pytest.raises(ValueError, match="An inspection lasts 1 to 15 working days"):
        dates_for(day("2026-06-08"), length, calendar=CALENDAR)


def test_hb_20_three_inspectors_are_named():
    assert found("team", proposal(members=TEAM[:1])) == (
        Outcome.FAILED,
        "Not named yet: Ofsted Inspector and CQC inspector.",
    )
    assert found("team", proposal()) == (
        Outcome.PASSED,
        "Ada Osei (lead HMI), Bilal Khan (Ofsted Inspector) and Cerys Hughes (CQC inspector).",
    )


def test_hb_20_a_larger_team_needs_its_risk_reason():
    bigger = (*TEAM, Member(4, "Dewi Rees", "additional_inspector"))
    assert found("team_size", proposal(members=bigger)) == (
        Outcome.FAILED,
        "4 inspectors; the usual team is 3.",
    )
    assert not any(
        check.blocks
        for check in checks.check(
            proposal(members=bigger, reasons={"team_size": "Six health commissioners"})
        )
    )


def test_one_person_cannot_fill_two_places():
    twice = (*TEAM[:2], Member(1, "Ada Osei", "cqc_inspector"))
    assert found("roles", proposal(members=twice)) == (
        Outcome.FAILED,
        "Ada Osei cannot hold two places on one team.",
    )


def test_each_holds_the_role():
    wrong = (*TEAM[:2], replace(TEAM[2], qualified=False))
    assert found("roles", proposal(members=wrong)) == (
        Outcome.FAILED,
        "No such role on these days: Cerys Hughes (CQC inspector).",
    )


def test_a_clash_names_who_what_and_when():
    clash = Clash(1, "Ada Osei", "leave", day("2026-06-04"), day("2026-06-08"))
    far = Clash(2, "Bilal Khan", "on site in Hull", day("2026-05-29"), day("2026-06-01"))
    assert found("free", proposal(clashes=(clash, far))) == (
        Outcome.FAILED,
        "Ada Osei: leave, 4 to 8 June 2026. Bilal Khan: on site in Hull, 29 May to 1 June 2026.",
    )


def test_a_declared_interest_blocks():
    assert found("interest", proposal(interests=("Cerys Hughes",))) == (
        Outcome.FAILED,
        "Declared an interest in Kent: Cerys Hughes.",
    )


def test_another_open_inspection_blocks_another_kind_of_case_warns():
    assert found("area", proposal(open_inspections=("IN-2026-004",))) == (
        Outcome.FAILED,
        "Kent has another open inspection: IN-2026-004.",
    )
    assert found("area", proposal(other_open_cases=("WS-2024-001",)))[0] is Outcome.WARNING


def test_an_area_that_was_merged_away():
    given = proposal(area_exists=False, successors=("Westmorland and Furness", "Cumberland"))
    assert found("told", given) == (
        Outcome.FAILED,
        "Kent is no local area on these days. It is now part of Westmorland and Furness and "
        "Cumberland.",
    )


def test_hb_8_whom_to_tell():
    assert found("told", proposal(health_commissioners=()))[0] is Outcome.WARNING
    assert found("told", proposal(council_knows_dcs=False))[0] is Outcome.WARNING
    assert found("told", proposal()) == (
        Outcome.PASSED,
        "To be told: the council and NHS Kent and Medway.",
    )


# Dates in odd places.


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "2029-01-08", "2028-12-29"])
def test_a_date_beyond_the_calendar_says_so_and_judges_nothing_else_on_dates(text):
    given = proposal(text)
    outcome, why = found("calendar", given)
    assert outcome is Outcome.FAILED
    assert why
    codes = {check.code for check in checks.check(given)}
    assert codes.isdisjoint({"working_days", "term", "notice", "free"})


def test_the_29th_of_february_is_a_day_like_others():
    assert dates_for(day("2028-02-29"), 1, calendar=CALENDAR) == Dates(
        day("2028-02-29"),
        1,
        on_site=(day("2028-02-29"),),
        notice_day=day("2028-02-22"),
        planning=(day("2028-02-25"), day("2028-02-28")),
    )


# The days people are booked for.


def test_planning_days_come_before_travel_and_the_notice_day_is_for_those_who_call():
    dates = dates_for(
        day("2026-06-09"), 3, calendar=CALENDAR, travel_before=True, travel_after=True
    )
    assert dates.travel == (day("2026-06-08"), day("2026-06-12"))
    assert dates.planning == (day("2026-06-04"), day("2026-06-05"))
    assert dates.notice_day == day("2026-06-02")
    assert planned_days(TEAM[:2], dates) == (
        PlannedDays(1, "planning", day("2026-06-02"), day("2026-06-02")),
        PlannedDays(1, "planning", day("2026-06-04"), day("2026-06-05")),
        PlannedDays(1, "travel", day("2026-06-08"), day("2026-06-08")),
        PlannedDays(1, "on_site", day("2026-06-09"), day("2026-06-11")),
        PlannedDays(1, "travel", day("2026-06-12"), day("2026-06-12")),
        PlannedDays(2, "planning", day("2026-06-04"), day("2026-06-05")),
        PlannedDays(2, "travel", day("2026-06-08"), day("2026-06-08")),
        PlannedDays(2, "on_site", day("2026-06-09"), day("2026-06-11")),
        PlannedDays(2, "travel", day("2026-06-12"), day("2026-06-12")),
    )
    assert dates.span == (day("2026-06-02"), day("2026-06-12"))


def test_nobody_is_booked_while_there_are_no_days_on_site():
    assert planned_days(TEAM, dates_for(day("2026-06-06"), 5, calendar=CALENDAR)) == ()
