"""What comes in turn, ends, is met by several events, or starts anew: on a rule set of its own."""

from dataclasses import replace
from datetime import date

import pytest

from casework.timetable import Happening, Subject, TimetableError, compute, parameters_of
from casework.timetable.registry import forget, register
from casework.timetable.rules import (
    MUST,
    Edition,
    EventName,
    Repeat,
    Rule,
    Ruleset,
    all_of,
    earliest,
    first_then,
    happened,
    months,
    nth,
    offered,
    ours,
    unless,
    working_days,
)

# fmt: off
RULES = (
    Rule("P-ONCE", "support", "us", earliest("origin:origin:received"), ours(working_days(10)),
         "supported", MUST, "P 1", until=("ceased",)),
    Rule("P-VISIT-n", "visit", "us", "fit", months(3), "visited", MUST, "P 2",
         repeat=Repeat(step="pace"), until=("ceased",)),
    Rule("P-FOUR", "four visits", "us", "fit", months(18), nth(4, "visited"), MUST, "P 3",
         until=("ceased",)),
    Rule("P-PLAN", "plan", "them", "fit", working_days(35), all_of("received_plan", "shown_plan"),
         MUST, "P 4"),
    Rule("P-TALK", "talk offered", "us", "fit", working_days(40),
         offered("talk_offered", then=("talk_held", "talk_declined")), MUST, "P 5"),
    Rule("P-YEAR-n", "yearly talk offered", "us", "fit", months(12),
         offered("yearly_offered", then=("yearly_held", "yearly_declined")), MUST, "P 6",
         repeat=Repeat()),
    Rule("P-TAKE-n", "stocktake", "us", "met", months(6), "taken", MUST, "P 7", repeat=Repeat(),
         until=("inspected",)),
    Rule("P-DEEP-n", "deep dive", "us", first_then("met", "taken"), ours(months(3)), "dived",
         MUST, "P 8", repeat=Repeat(), until=("inspected",), all_of="matter"),
    Rule("P-FOUND", "after failings", "us", "fit", months(60), "done", MUST, "P 9",
         only_if=happened("found_bad", words="failings"), setting="P-FOUND:bad", from_reports=True),
    Rule("P-FOUND", "after success", "us", "fit", ours(months(36)), "done", MUST, "P 9",
         only_if=happened("found_good", words="success"), setting="P-FOUND:good",
         from_reports=True),
    Rule("P-UNLESS", "unless there is none", "us", "fit", working_days(1), "seen", MUST, "P 10",
         only_if=unless("none_there", words="there is one")),
    Rule("P-TOLD", "told", "us", "notified", working_days(2), "told", MUST, "P 11"),
)
# fmt: on
NAMES = (
    "supported",
    "fit",
    "visited",
    "ceased",
    "received_plan",
    "shown_plan",
    "talk_offered",
    "talk_held",
    "talk_declined",
    "yearly_offered",
    "yearly_held",
    "yearly_declined",
    "met",
    "taken",
    "inspected",
    "done",
    "seen",
    "none_there",
    "told",
    "moved",
)  # fmt: skip
PATIENCE = Ruleset(
    kind="patience",
    framework="p",
    title="Patience",
    events=(
        *(EventName(name, name.capitalize()) for name in NAMES),
        EventName("origin:origin:received", "Received"),
        EventName("pace", "Another pace", numbered="months"),
        EventName("dived", "Dived", each="matter"),
        EventName("notified", "Notified", renewed_by="moved"),
        EventName("found_bad", "Bad", outcome="bad", follows="fit"),
        EventName("found_good", "Good", outcome="good", follows="fit"),
    ),
    rules=RULES,
    editions=(Edition("one", "One", date(2012, 1, 1)),),
)
MATTERS = {"matter": [Subject("waits", "Waits"), Subject("speech", "Speech")]}


@pytest.fixture(autouse=True)
def _patience():
    register(PATIENCE)
    yield
    forget(PATIENCE)


@pytest.fixture
def patience(calendar):
    def make(*known, **options):
        happenings = [
            Happening(event, date.fromisoformat(day), subject="".join(subject))
            for event, day, *subject in known
        ]
        return compute("patience", happenings, calendar=calendar, **options)

    return make


def days(timetable, stem):
    return [
        (due.code, due.due_on.isoformat(), due.met_on.isoformat() if due.met_on else None)
        for due in timetable.dues
        if due.code.startswith(stem)
    ]


FIT = ("fit", "2021-02-12")
VISITS = [("visited", day) for day in ("2021-05-10", "2021-08-10", "2021-11-10")]


def test_met_by_the_fourth_time(patience):
    three = patience(FIT, *VISITS).due("P-FOUR")
    assert (three.met_on, three.due_on) == (None, date(2022, 8, 12))
    four = patience(FIT, *VISITS, ("visited", "2022-02-14"), ("visited", "2022-05-12"))
    assert four.due("P-FOUR").met_on == date(2022, 2, 14)


def test_two_visits_on_one_day_are_one(patience):
    assert patience(FIT, *VISITS, VISITS[0]).due("P-FOUR").met_on is None


def test_met_when_each_of_several_events_has_happened_on_the_day_of_the_last(patience):
    received = ("received_plan", "2021-03-01")
    assert patience(FIT, received).due("P-PLAN").met_on is None
    both = patience(FIT, received, ("shown_plan", "2021-03-08")).due("P-PLAN")
    assert (both.met_on, both.met_by) == (date(2021, 3, 8), "shown_plan")


def test_an_offer_is_met_on_its_day_once_it_is_known_what_came_of_it(patience):
    offer = ("talk_offered", "2021-03-01")
    waiting = patience(FIT, offer).due("P-TALK")
    assert waiting.met_on is None
    assert waiting.note == "Offered on Monday 1 March 2021: what came of it is to be recorded."
    for came in ("talk_held", "talk_declined"):
        due = patience(FIT, offer, (came, "2021-06-30")).due("P-TALK")
        assert (due.met_on, due.met_by, due.note) == (date(2021, 3, 1), "talk_offered", "")
    held = patience(FIT, ("talk_held", "2021-06-30")).due("P-TALK")
    assert (held.met_on, held.met_by) == (date(2021, 6, 30), "talk_held")


def test_a_repeated_offer_pairs_each_with_what_came_of_it(patience):
    first = (("yearly_offered", "2022-02-01"), ("yearly_held", "2022-03-01"))
    timetable = patience(FIT, *first, ("yearly_offered", "2023-02-10"))
    assert days(timetable, "P-YEAR") == [
        ("P-YEAR-1", "2022-02-12", "2022-02-01"),
        ("P-YEAR-2", "2023-02-12", None),
        ("P-YEAR-3", "2024-02-12", None),
        ("P-YEAR-4", "2025-02-12", None),
    ]
    assert timetable.due("P-YEAR-2").note.startswith("Offered on Friday 10 February 2023")
    assert timetable.due("P-YEAR-3").note == ""
    assert timetable.due("P-YEAR-2").title == "Yearly talk offered (2)"


def test_an_end_takes_what_is_due_later_and_leaves_what_was_missed(patience):
    ceased = ("ceased", "2021-06-01")
    timetable = patience(FIT, ("origin:origin:received", "2020-11-02"), ceased)
    codes = [due.code for due in timetable.dues]
    assert "P-FOUR" not in codes
    assert days(timetable, "P-ONCE") == [("P-ONCE", "2020-11-16", None)]
    assert days(timetable, "P-VISIT") == [("P-VISIT-1", "2021-05-12", None)]
    # What was done after the end was done all the same.
    late = patience(FIT, ceased, *VISITS, ("visited", "2022-02-14"))
    assert late.due("P-FOUR").met_on == date(2022, 2, 14)


def test_an_end_takes_what_is_only_forecast(patience):
    timetable = patience(("met", "2021-02-12"), ("inspected", "2024-01-08"))
    # Stocktake 1 was missed; nothing can be said of a deep dive after a stocktake never held.
    assert [code for code, *_ in days(timetable, "P-")] == ["P-DEEP-1"] + [
        f"P-TAKE-{number}" for number in range(1, 4)
    ]


def test_a_chain_counts_from_one_event_and_then_from_each_of_another(patience):
    timetable = patience(("met", "2021-02-12"))
    assert days(timetable, "P-DEEP") == [
        ("P-DEEP-1", "2021-05-12", None),
        ("P-DEEP-2", "2021-11-12", None),
        ("P-DEEP-3", "2022-05-12", None),
    ]
    assert [timetable.due(f"P-DEEP-{n}").forecast for n in (1, 2, 3)] == [False, True, True]
    assert timetable.due("P-DEEP-2").counted_from.event == "taken"
    taken = patience(("met", "2021-02-12"), ("taken", "2021-09-01"))
    assert taken.due("P-DEEP-2").due_on == date(2021, 12, 1)
    assert taken.due("P-DEEP-2").forecast is False


def test_a_chain_counts_from_the_agreed_day_of_what_it_waits_for(patience):
    agreed = {("P-TAKE-1", ""): date(2021, 9, 30)}
    timetable = patience(("met", "2021-02-12"), agreed=agreed)
    assert timetable.due("P-DEEP-2").due_on == date(2021, 12, 30)


def test_each_turn_is_met_when_each_subject_has_had_it(patience):
    known = [("met", "2021-02-12"), ("dived", "2021-05-04", "waits")]
    assert days(patience(*known, subjects=MATTERS), "P-DEEP")[0][2] is None
    known += [("dived", "2021-05-06", "speech"), ("dived", "2021-11-02")]
    found = days(patience(*known, subjects=MATTERS), "P-DEEP")
    # A record without a subject is of all of them.
    assert [met for _, _, met in found] == ["2021-05-06", "2021-11-02", None, None]
    nobody = days(patience(*known), "P-DEEP")
    assert [met for _, _, met in nobody][:3] == ["2021-05-04", "2021-05-06", "2021-11-02"]


def test_repeats_up_to_a_day_and_never_without_end(patience):
    far = patience(FIT, repeat_until=date(2028, 12, 31))
    visits = [due.due_on for due in far.dues if due.rule == "P-VISIT-n"]
    assert (len(visits), visits[-1]) == (31, date(2028, 11, 12))
    near = patience(FIT, repeat_until=date(2021, 3, 1))
    assert len([due for due in near.dues if due.rule == "P-VISIT-n"]) == 3
    endless = patience(FIT, repeat_until=date(9999, 12, 31))
    assert len([due for due in endless.dues if due.rule == "P-VISIT-n"]) < 250


def test_rows_that_share_a_code_have_a_parameter_each(patience):
    found = {one.key: one.default for one in parameters_of("patience")}
    assert {"P-FOUND:bad": 60, "P-FOUND:good": 36}.items() <= found.items()
    known = (FIT, ("found_bad", "2021-02-12"))
    due = patience(*known, parameters={"P-FOUND:bad": 12, "P-FOUND:good": 1}).due("P-FOUND")
    assert (due.due_on, due.from_reports, due.verified) == (date(2022, 2, 12), True, True)
    good = patience(FIT, ("found_good", "2021-02-12")).due("P-FOUND")
    assert (good.due_on, good.verified) == (date(2024, 2, 12), False)
    assert good.note.startswith("Not verified. From published reports")
    with pytest.raises(TimetableError, match="P-TOLD is fixed by its source"):
        patience(("notified", "2021-02-12"), parameters={"P-TOLD": 3})


def test_a_rule_that_holds_unless_something_happened(patience):
    assert patience(FIT).due("P-UNLESS").due_on == date(2021, 2, 15)
    codes = [due.code for due in patience(FIT, ("none_there", "2021-02-12")).dues]
    assert "P-UNLESS" not in codes


def test_what_is_not_met_counts_again_from_the_event_that_renews_it(patience):
    known = (("notified", "2026-06-01"), ("moved", "2026-06-16"))
    due = patience(*known).due("P-TOLD")
    assert (due.counted_from.event, due.due_on) == ("moved", date(2026, 6, 18))
    met_before = patience(*known, ("told", "2026-06-02")).due("P-TOLD")
    assert (met_before.counted_from.event, met_before.due_on) == ("notified", date(2026, 6, 3))
    met_after = patience(*known, ("told", "2026-06-17")).due("P-TOLD")
    assert (met_after.counted_from.event, met_after.due_on) == ("moved", date(2026, 6, 18))
    again = patience(*known, ("moved", "2026-07-01")).due("P-TOLD")
    assert again.due_on == date(2026, 7, 3)


def test_the_earliest_of_several_who_are_not_named(patience):
    due = patience(
        ("origin:origin:received", "2020-11-09", "one"),
        ("origin:origin:received", "2020-11-02", "two"),
    ).due("P-ONCE")
    assert (due.counted_from.date, due.due_on) == (date(2020, 11, 2), date(2020, 11, 16))


def test_a_repeated_rule_is_met_by_one_event_at_a_time(calendar):
    wrong = replace(RULES[1], met_by=all_of("visited", "seen"))
    strange = replace(PATIENCE, framework="strange", rules=(wrong,))
    register(strange)
    try:
        with pytest.raises(ValueError, match="P-VISIT-n: what meets a repeated rule"):
            compute("patience", [], calendar=calendar, framework="strange")
    finally:
        forget(strange)
