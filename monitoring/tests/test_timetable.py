"""Monitoring of a statement and support after an inspection, held to days counted by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.deadlines import brief_of, brief_words
from casework.timetable import Happening, compute
from casework.timetable.typed import with_outcome
from monitoring.timetable import MONITORING
from monitoring.timetable_support import SUPPORT
from working_days.bundled import bundled_calendar

CALENDAR = bundled_calendar()
KINDS = {"monitoring": MONITORING, "support": SUPPORT}


def timetable(kind, *known, outcome="", **options):
    happenings = [
        Happening(name, day if isinstance(day, date) else date.fromisoformat(day), subject=subject)
        for name, day, *rest in known
        for subject in ["".join(rest)]
    ]
    found = with_outcome(KINDS[kind], happenings, outcome)
    return compute(kind, found, calendar=CALENDAR, **options)


def days(found):
    """Code and day, as '~' where it is a forecast."""
    return {due.code: f"{'~' if due.forecast else ''}{due.due_on}" for due in found.dues}


# Published on Tuesday 5 November 2024. Ten working days are two weeks; the 40th, over Christmas,
# Boxing Day and New Year's Day, is Friday 3 January 2025; the 60th Friday 31 January.
PUBLISHED = ("report_published", "2024-11-05")


def test_positive():
    """SC: an informal meeting and a strategic conversation each year are offered."""
    found = timetable("support", PUBLISHED, outcome="positive")
    assert days(found) == {
        "SC-MINISTER": "2024-12-03",
        "SC-INFORMAL": "2025-01-03",
        "SC-INCLUSION": "2025-01-31",
        "SC-PLAN": "2025-01-31",
        "SC-ANNUAL-1": "2025-11-05",
        "SC-ANNUAL-2": "2026-11-05",
        "SC-ANNUAL-3": "2027-11-05",
    }
    assert found.warnings == ()


def test_inconsistent():
    """SC: senior officials meet; progress meetings every 6 months after the strategic plan."""
    known = (PUBLISHED, ("senior_officials_met", "2024-12-18"))
    assert days(timetable("support", *known, outcome="inconsistent")) == {
        "SC-MINISTER": "2024-12-03",
        "SC-SENIOR": "2025-01-03",
        "SC-BOARD-ASK": "2025-01-03",
        "SC-INCLUSION": "2025-01-31",
        "SC-PLAN": "2025-01-31",
        "SC-SIX-1": "~2025-07-31",
        "SC-SIX-2": "~2026-01-31",
        "SC-SIX-3": "~2026-07-31",
    }
    planned = timetable(
        "support", *known, ("strategic_plan_published", "2025-03-20"),
        ("progress_meeting_held", "2025-09-18"), outcome="inconsistent",
    )  # fmt: skip
    six = {code: day for code, day in days(planned).items() if code.startswith("SC-SIX")}
    assert six == {
        "SC-SIX-1": "2025-09-20",
        "SC-SIX-2": "2026-03-20",
        "SC-SIX-3": "2026-09-20",
        "SC-SIX-4": "2027-03-20",
    }
    assert planned.due("SC-SIX-1").practical_on == date(2025, 9, 19)
    assert planned.due("SC-SIX-1").met_on == date(2025, 9, 18)


def test_failings():
    """SC: call, notice, board, stocktakes every 6 months and a deep dive between them."""
    found = timetable(
        "support", PUBLISHED, ("senior_officials_met", "2024-12-18"), outcome="failings"
    )
    assert days(found) == {
        "SC-CALL": "2024-11-19",
        "SC-MINISTER": "2024-12-03",
        "SC-SENIOR": "2025-01-03",
        "SC-BOARD": "2025-01-03",
        "SC-INCLUSION": "2025-01-31",
        "SC-PLAN": "2025-01-31",
        # 20 working days after 18 December: 19, 20, 23, 24, 27, 30, 31; 2, 3, 6 to 10, 13 to 17
        # and 20 January. Then 10, then 20, over no bank holiday.
        "SC-MINDED": "2025-01-20",
        "SC-NOTICE-FACTS": "~2025-02-03",
        "SC-NOTICE": "~2025-03-03",
        "SC-DEEP-1": "2025-03-18",
        "SC-STOCKTAKE-1": "2025-06-18",
        "SC-DEEP-2": "~2025-09-18",
        "SC-STOCKTAKE-2": "2025-12-18",
        "SC-DEEP-3": "~2026-03-18",
        "SC-STOCKTAKE-3": "2026-06-18",
    }
    assert found.due("SC-NOTICE").counted_from.event == "notice_period_over"


def test_the_notice_waits_for_the_response_or_the_end_of_its_period():
    known = (PUBLISHED, ("minded_notice_sent", "2025-01-15"))
    waiting = timetable("support", *known, outcome="failings").due("SC-NOTICE")
    assert (waiting.counted_from.date, waiting.forecast) == (date(2025, 1, 29), True)
    over = timetable(
        "support", *known, ("notice_period_over", "2025-01-30"), outcome="failings"
    ).due("SC-NOTICE")
    assert (over.counted_from.date, over.forecast) == (date(2025, 1, 29), False)
    answered = timetable(
        "support", *known, ("notice_response_received", "2025-01-22"), outcome="failings"
    ).due("SC-NOTICE")
    assert (answered.due_on, answered.forecast) == (date(2025, 2, 19), False)


def test_a_decision_against_a_notice_meets_the_steps_to_it_and_ends_the_rest():
    against = timetable(
        "support", PUBLISHED, ("notice_decided_against", "2024-11-18"), outcome="failings"
    )
    assert against.due("SC-CALL").met_on == date(2024, 11, 18)
    assert against.due("SC-MINDED").met_by == "notice_decided_against"
    assert not {"SC-NOTICE", "SC-NOTICE-FACTS"} & set(days(against))
    # One that was called first and decided against later was called in time all the same.
    later = timetable(
        "support", PUBLISHED, ("minded_call_made", "2024-11-12"),
        ("notice_decided_against", "2025-01-10"), outcome="failings",
    )  # fmt: skip
    assert later.due("SC-CALL").met_by == "minded_call_made"
    assert later.due("SC-MINDED").met_on == date(2025, 1, 10)


@pytest.mark.parametrize(
    ("outcome", "event", "left"),
    [
        ("positive", "next_inspection_begun", ["SC-ANNUAL-1", "SC-ANNUAL-2"]),
        ("inconsistent", "next_inspection_begun", ["SC-SIX-1", "SC-SIX-2", "SC-SIX-3"]),
        ("failings", "monitoring_inspection_begun", ["SC-DEEP-1", "SC-DEEP-2", "SC-STOCKTAKE-1",
                                                     "SC-STOCKTAKE-2", "SC-STOCKTAKE-3"]),
    ],
)  # fmt: skip
def test_meetings_go_on_until_the_next_inspection_and_what_was_missed_stays(outcome, event, left):
    known = (
        PUBLISHED,
        ("senior_officials_met", "2024-12-18"),
        ("strategic_plan_published", "2025-03-20"),
        ("stocktake_held", "2025-06-18"),
    )
    found = timetable("support", *known, (event, "2026-11-16"), outcome=outcome)
    repeated = sorted(due.code for due in found.dues if due.rule.endswith("-n"))
    assert repeated == left


def test_without_an_inclusion_plan_there_is_none_to_review():
    found = timetable("support", PUBLISHED, ("no_inclusion_plan", "2024-11-20"), outcome="positive")
    assert "SC-INCLUSION" not in days(found)


def test_published_by_one_inspectorate_is_not_yet_published():
    """As IN-PUBLISH: by Ofsted and by CQC."""
    one = timetable("support", (*PUBLISHED, "Ofsted"), outcome="positive")
    assert one.dues == ()
    both = timetable(
        "support", (*PUBLISHED, "Ofsted"), ("report_published", "2024-11-07", "CQC"),
        outcome="positive",
    )  # fmt: skip
    assert both.due("SC-MINISTER").due_on == date(2024, 12, 5)


# --- monitoring of a written statement ---


def test_monitoring():
    """Received on 2 March 2020; judged fit on 24 September; the re-visit letter published on 1 June
    2022, before the bank holidays of 2 and 3 June."""
    found = timetable(
        "monitoring", ("final_report_received", "2020-03-02"), ("judged_fit", "2020-09-24"),
        ("revisit_published", "2022-06-01"), outcome="some_sufficient",
    )  # fmt: skip
    assert days(found) == {
        "MO-DEVELOP": "2020-03-16",
        "MO-VISIT-1": "2020-12-24",
        "MO-VISIT-2": "2021-03-24",
        "MO-VISIT-3": "2021-06-24",
        "MO-FOUR": "2022-03-24",
        "MO-PLAN": "2022-07-22",
        "MO-REVIEW": "2022-12-01",
    }


def test_four_visits_are_held_when_the_fourth_is():
    """HB 111: a minimum of four support and challenge visits."""
    held = [("visit_held", day) for day in ("2020-12-10", "2021-03-18", "2021-07-01")]
    fit = ("judged_fit", "2020-09-24")
    assert timetable("monitoring", fit, *held).due("MO-FOUR").met_on is None
    four = timetable("monitoring", fit, *held, ("visit_held", "2022-04-05"))
    assert four.due("MO-FOUR").met_on == date(2022, 4, 5)
    assert four.due("MO-VISIT-4").met_on == date(2022, 4, 5)
    assert days(four)["MO-VISIT-7"] == "2022-06-24"


@pytest.mark.parametrize(
    "end",
    [
        ("monitoring_ceased", "2021-04-20"),
        ("superseded", "2021-04-20"),
        ("found_all_sufficient", "2021-04-20"),
    ],
)
def test_ceasing_ends_all_of_them(end):
    found = timetable(
        "monitoring", ("judged_fit", "2020-09-24"), ("visit_held", "2020-12-10"),
        ("revisit_published", "2021-04-20"), end,
    )  # fmt: skip
    assert days(found) == {"MO-VISIT-1": "2020-12-24", "MO-VISIT-2": "2021-03-24"}


def test_progress_in_some_weaknesses_only_ends_nothing():
    """RV 29, HB Annex A: an updated plan and a formal review follow."""
    for outcome in ("some_sufficient", "none_sufficient"):
        found = timetable("monitoring", ("revisit_published", "2022-06-01"), outcome=outcome)
        assert list(days(found)) == ["MO-PLAN", "MO-REVIEW"]


def test_an_updated_plan_is_received_and_published():
    known = (("revisit_published", "2022-06-01"), ("plan_received", "2022-07-15"))
    assert timetable("monitoring", *known).due("MO-PLAN").met_on is None
    both = timetable("monitoring", *known, ("plan_published", "2022-07-27"))
    assert both.due("MO-PLAN").met_on == date(2022, 7, 27)


def test_another_pace_holds_from_the_day_of_the_joint_decision():
    """SC: the cycle may be reduced; concerns that escalate may raise it."""
    fit, held = ("judged_fit", "2020-09-24"), ("visit_held", "2020-12-10")
    reduced = timetable("monitoring", fit, held, ("intensity_changed", "2021-01-15", "6"))
    assert days(reduced)["MO-VISIT-2"] == "2021-07-15"
    raised = timetable(
        "monitoring", fit, held, ("intensity_changed", "2021-01-15", "6"),
        ("intensity_changed", "2021-05-04", "1"),
    )  # fmt: skip
    assert days(raised)["MO-VISIT-2"] == "2021-06-04"
    assert days(raised)["MO-VISIT-4"] == "2021-08-04"
    assert raised.due("MO-FOUR").due_on == date(2022, 3, 24)


def test_a_visit_due_before_the_joint_decision_stays_as_it_was():
    """It replaces the step of 3 months from the date of the decision: what was missed by then
    stays on record, and each further visit counts from the decision."""
    fit, change = ("judged_fit", "2025-08-31"), ("intensity_changed", "2026-02-02", "6")
    once = days(timetable("monitoring", fit, change))
    assert [once[f"MO-VISIT-{n}"] for n in (1, 2, 3)] == ["2025-11-30", "2026-08-02", "2027-02-02"]
    # Visit 1, held late, meets the one that was missed; visit 2 is the first at the new pace.
    late = timetable("monitoring", fit, change, ("visit_held", "2026-03-10"))
    assert (late.due("MO-VISIT-1").due_on, late.due("MO-VISIT-1").met_on) == (
        date(2025, 11, 30), date(2026, 3, 10))  # fmt: skip
    assert late.due("MO-VISIT-2").due_on == date(2026, 8, 2)
    # Held before the decision though due after it: settled too.
    early = timetable(
        "monitoring", fit, change, ("visit_held", "2025-11-20"), ("visit_held", "2026-01-20")
    )
    assert days(early)["MO-VISIT-2"] == "2026-02-28"
    assert days(early)["MO-VISIT-3"] == "2026-08-02"
    # Due on the very day of the decision: due by then.
    on_the_day = days(timetable("monitoring", fit, ("intensity_changed", "2025-11-30", "1")))
    assert (on_the_day["MO-VISIT-1"], on_the_day["MO-VISIT-2"]) == ("2025-11-30", "2025-12-30")


def test_each_of_several_decisions_leaves_what_was_due_before_it():
    """Due by 28 May and by 28 August; monthly from 15 September, by 15 October and 15 November;
    every 4 months from 1 December."""
    found = timetable(
        "monitoring", ("judged_fit", "2023-02-28"), ("intensity_changed", "2023-09-15", "1"),
        ("intensity_changed", "2023-12-01", "4"), repeat_until=date(2024, 8, 31),
    )  # fmt: skip
    visits = [due.due_on.isoformat() for due in found.dues if due.rule == "MO-VISIT-n"]
    assert visits == [
        "2023-05-28", "2023-08-28", "2023-10-15", "2023-11-15", "2024-04-01", "2024-08-01",
    ]  # fmt: skip


def test_monitoring_that_ceased_before_it_began_is_said():
    found = timetable(
        "monitoring", ("judged_fit", "2021-03-01"), ("monitoring_ceased", "2021-02-01")
    )
    assert [text for text in found.warnings if "monitoring ceases" in text]
    usual = timetable(
        "monitoring", ("judged_fit", "2021-03-01"), ("monitoring_ceased", "2022-02-01")
    )
    assert not usual.warnings


def test_the_senior_officials_are_told_what_their_invitation_asks_for():
    """SC, inconsistent: meetings; failings: meetings."""
    asks = {"inconsistent": "strategic improvement plan", "failings": "area for priority action"}
    for outcome, words in asks.items():
        note = timetable("support", PUBLISHED, outcome=outcome).due("SC-SENIOR").note
        assert words in note
        assert not any(other in note for other in asks.values() if other != words)


def test_the_nth_of_what_comes_again_has_its_few_words_with_its_number():
    words = brief_words("support", "area-send-2023")
    assert brief_of(words, "SC-DEEP-2") == "Deep dive 2"
    assert brief_of(words, "SC-SENIOR") == "Senior officials' meeting"
    assert brief_of(words, "SC-OTHER-2") == ""


# --- whatever the dates ---


def by_plain_loop(start, number):
    day = start
    while number:
        day += timedelta(days=1)
        known = CALENDAR.closed if day <= CALENDAR.covers_until else ()
        number -= day.weekday() < 5 and day not in known
    return day


STARTS = st.dates(date(2012, 3, 1), date(2028, 6, 30))
OUTCOMES = st.sampled_from(["positive", "inconsistent", "failings"])


@settings(max_examples=100, deadline=None)
@given(STARTS, OUTCOMES, st.dates(date(2012, 3, 1), date(2028, 12, 31)))
def test_working_days_agree_with_a_plain_loop_and_repeats_with_their_number(start, outcome, until):
    found = timetable("support", ("report_published", start), outcome=outcome, repeat_until=until)
    turns = {}
    for due in found.dues:
        counted = due.counted_from.date
        if "working" in due.offset:
            assert due.due_on == by_plain_loop(counted, int(due.offset.split()[0])), due.code
            assert due.due_on.weekday() < 5
        if due.rule.endswith("-n"):
            turns.setdefault(due.rule, []).append(due)
    for rule, dues in turns.items():
        numbers = [int(due.code.rpartition("-")[2]) for due in dues]
        assert numbers == list(range(1, len(dues) + 1)), rule
        assert len(dues) >= 3
        # What lies beyond the three nearest is no later than was asked for.
        assert all(due.due_on <= until for due in dues[3:])
        assert [due.due_on for due in dues] == sorted(due.due_on for due in dues)


@settings(max_examples=100, deadline=None)
@given(STARTS, st.integers(0, 180), OUTCOMES)
def test_a_later_publication_never_brings_an_earlier_deadline(start, later, outcome):
    first = timetable("support", ("report_published", start), outcome=outcome)
    second = timetable(
        "support", ("report_published", start + timedelta(days=later)), outcome=outcome
    )
    assert {due.code for due in first.dues} == {due.code for due in second.dues}
    for due in first.dues:
        assert due.due_on <= second.due(due.code).due_on, due.code


@settings(max_examples=100, deadline=None)
@given(STARTS, st.lists(st.integers(1, 900), max_size=6, unique=True), st.integers(1, 12))
def test_visits_count_whatever_their_days(fit, gaps, pace):
    held = [("visit_held", fit + timedelta(days=gap)) for gap in gaps]
    held = [one for one in held if one[1] <= date(2028, 12, 31)]
    known = [("judged_fit", fit), *held]
    found = timetable("monitoring", *known)
    visits = [due for due in found.dues if due.rule == "MO-VISIT-n"]
    assert len(visits) == len(held) + 3
    assert sorted(due.met_on for due in visits if due.met_on) == sorted(day for _, day in held)
    assert (found.due("MO-FOUR").met_on is not None) is (len(held) >= 4)
    changed = fit + timedelta(days=80)  # no visit is due by then
    if changed <= date(2028, 12, 31):
        other = timetable("monitoring", *known, ("intensity_changed", changed, str(pace)))
        number = sum(day <= changed for _, day in held) + 1
        due = other.due(f"MO-VISIT-{number}")
        assert (due.counted_from.event, due.counted_from.date) == ("intensity_changed", changed)
        assert due.offset == f"{pace} month{'s' if pace != 1 else ''} after"


CHANGES = st.lists(st.tuples(st.integers(1, 900), st.integers(1, 12)), min_size=1, max_size=4)


@settings(max_examples=100, deadline=None)
@given(st.dates(date(2016, 4, 1), date(2026, 3, 31)), CHANGES, st.lists(st.integers(1, 900)))
def test_a_decision_moves_nothing_that_was_due_before_it(fit, changes, gaps):
    """Whatever was decided and held; without visits each falls due after the one before."""
    changes = sorted(dict(changes).items())
    decided = [("intensity_changed", fit + timedelta(gap), str(pace)) for gap, pace in changes]
    visits = [("visit_held", fit + timedelta(gap)) for gap in set(gaps)]
    until = date(2028, 12, 31)

    def visits_due(*known):
        found = timetable("monitoring", ("judged_fit", fit), *known, repeat_until=until)
        return [due.due_on for due in found.dues if due.rule == "MO-VISIT-n"]

    for held in ([], visits):
        before, after = visits_due(*held, *decided[:-1]), visits_due(*held, *decided)
        kept = [day for day in before if day <= decided[-1][1]]
        assert after[: len(kept)] == kept
    unmet = visits_due(*decided)
    assert unmet == sorted(set(unmet))
