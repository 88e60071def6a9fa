"""Each part of the grammar, on a rule set of the tests' own."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from casework.timetable import Happening, Subject, TimetableError, compute
from casework.timetable.engine import _Computation
from casework.timetable.known import Facts
from working_days.calendar import Skipped

LONDON = ZoneInfo("Europe/London")
KENT, NHS = Subject("kent", "Kent"), Subject("nhs", "NHS Kent")
BOTH = {"body": [KENT, NHS], "recipient": [KENT, NHS]}


@pytest.fixture
def trial_of(calendar):
    def make(*known, **options):
        happenings = [
            Happening(event, date.fromisoformat(day), subject="".join(subject))
            for event, day, *subject in known
        ]
        return compute("trial", happenings, calendar=calendar, **options)

    return make


VISIT = (("first_day", "2026-03-23"), ("last_day", "2026-03-27"))


def test_days_before_day_1_and_the_hour(trial_of):
    due = trial_of(*VISIT).due("T-NOTIFY")
    assert due.due_on == date(2026, 3, 16)
    assert due.due_at == datetime(2026, 3, 16, 10, tzinfo=LONDON)
    assert (due.day_number, due.offset, due.forecast) == (-5, "Day -5", False)
    assert due.counted_from.event == "first_day"
    assert due.skipped == (
        Skipped(date(2026, 3, 21), "Saturday"),
        Skipped(date(2026, 3, 22), "Sunday"),
    )


def test_an_hour_is_london_time_in_winter_and_summer(trial_of):
    winter = trial_of(("first_day", "2022-12-05")).due("T-OPEN")
    summer = trial_of(("first_day", "2022-06-13")).due("T-OPEN")
    assert winter.due_at.isoformat() == "2022-12-02T12:00:00+00:00"
    assert summer.due_at.isoformat() == "2022-06-10T12:00:00+01:00"


def test_a_range_of_days_ends_on_its_last_and_says_when_it_opens(trial_of):
    due = trial_of(*VISIT).due("T-RANGE")
    assert (due.due_on, due.opens_on) == (date(2026, 3, 20), date(2026, 3, 13))
    assert (due.offset, due.day_number) == ("Day -6 to -1", -1)
    assert due.note == "From Friday 13 March 2026."


@pytest.mark.parametrize(
    ("first_day", "edition", "offset", "codes"),
    [
        # Notice five working days before 8 April 2019 falls on 1 April, the new edition's first.
        ("2019-04-08", "new", "Day -6 to -1", True),
        ("2019-04-05", "old", "Day -6", False),
    ],
)
def test_the_edition_in_force_on_the_day_of_notification(
    trial_of, first_day, edition, offset, codes
):
    timetable = trial_of(("first_day", first_day))
    assert timetable.edition == edition
    assert timetable.due("T-RANGE").offset == offset
    assert ("T-NEW" in [due.code for due in timetable.dues]) is codes


def test_a_recorded_notification_and_a_given_edition_come_first(trial_of):
    known = (("first_day", "2019-04-08"), ("notified", "2019-03-29"))
    assert trial_of(*known).edition == "old"
    assert trial_of(*known, edition="new").edition == "new"
    with pytest.raises(TimetableError, match=r"no edition '2020'\. There is old or new"):
        trial_of(*known, edition="2020")


def test_before_the_first_edition_the_first_is_used_with_a_warning(trial_of):
    timetable = trial_of(("drafted", "2017-05-04"))
    assert timetable.edition == "old"
    assert timetable.warnings == (
        "4 May 2017 is before the first edition of the guidance (Old guidance), which is used"
        " all the same.",
    )


def test_a_forecast_counts_from_the_due_date_of_what_must_come_first(trial_of):
    timetable = trial_of(*VISIT)
    draft, facts, reply = (timetable.due(code) for code in ("T-DRAFT", "T-FACTS", "T-REPLY"))
    assert (draft.due_on, draft.forecast) == (date(2026, 4, 17), False)
    assert facts.counted_from.date == draft.due_on
    assert (facts.due_on, facts.forecast) == (date(2026, 5, 1), True)
    assert reply.counted_from.event == "answers_over"
    assert (reply.counted_from.date, reply.due_on) == (date(2026, 5, 1), date(2026, 5, 7))


def test_a_forecast_counts_from_the_agreed_date_of_an_extension(trial_of):
    timetable = trial_of(*VISIT, agreed={("T-DRAFT", ""): date(2026, 4, 24)})
    draft, facts = timetable.due("T-DRAFT"), timetable.due("T-FACTS")
    assert (draft.due_on, draft.agreed_on) == (date(2026, 4, 17), date(2026, 4, 24))
    assert draft.stands_on == date(2026, 4, 24)
    assert (facts.counted_from.date, facts.due_on) == (date(2026, 4, 24), date(2026, 5, 11))


def test_a_recorded_event_takes_the_forecast_away(trial_of):
    facts = trial_of(*VISIT, ("drafted", "2026-04-20")).due("T-FACTS")
    assert (facts.counted_from.date, facts.forecast) == (date(2026, 4, 20), False)


def test_one_deadline_for_each_and_each_is_met_by_its_own_event(trial_of):
    timetable = trial_of(
        *VISIT, ("drafted", "2026-04-17"), ("answered", "2026-04-20", "kent"), subjects=BOTH
    )
    kent, nhs = timetable.due("T-FACTS", "kent"), timetable.due("T-FACTS", "nhs")
    assert (kent.met_on, nhs.met_on) == (date(2026, 4, 20), None)
    assert (kent.subject_name, nhs.subject_name) == ("Kent", "NHS Kent")


def test_the_reply_waits_for_all_and_for_the_period_of_those_who_say_nothing(trial_of):
    one = (*VISIT, ("drafted", "2026-04-17"), ("answered", "2026-04-20", "kent"))
    waiting = trial_of(*one, subjects=BOTH).due("T-REPLY")
    assert waiting.counted_from.event == "answers_over"
    assert (waiting.counted_from.date, waiting.forecast) == (date(2026, 5, 1), True)
    over = trial_of(*one, ("answers_over", "2026-05-02", "nhs"), subjects=BOTH).due("T-REPLY")
    assert (over.due_on, over.forecast) == (date(2026, 5, 7), False)
    both = trial_of(*one, ("answered", "2026-04-22", "nhs"), subjects=BOTH).due("T-REPLY")
    assert both.counted_from.event == "answered"
    assert (both.counted_from.date, both.forecast) == (date(2026, 4, 22), False)
    assert both.due_on == date(2026, 4, 27)


def test_the_reply_counts_from_an_answer_whose_period_is_unknown(trial_of):
    reply = trial_of(("answered", "2026-04-22")).due("T-REPLY")
    assert (reply.due_on, reply.forecast) == (date(2026, 4, 27), False)


def test_an_event_without_a_subject_holds_for_all(trial_of):
    timetable = trial_of(
        *VISIT, ("drafted", "2026-04-17"), ("answered", "2026-04-20"), subjects=BOTH
    )
    assert {d.met_on for d in timetable.dues if d.code == "T-FACTS"} == {date(2026, 4, 20)}


def test_a_stranger_meets_nothing_and_is_pointed_out(trial_of):
    timetable = trial_of(
        *VISIT, ("drafted", "2026-04-17"), ("answered", "2026-04-20", "essex"), subjects=BOTH
    )
    assert {d.met_on for d in timetable.dues if d.code == "T-FACTS"} == {None}
    assert timetable.warnings == (
        "answered: there is no body 'essex' here, which has Kent and NHS Kent.",
    )


def test_published_by_both_is_met_when_the_second_has(trial_of):
    one = trial_of(*VISIT, ("published", "2026-05-13", "one"))
    assert one.due("T-PUBLISH").met_on is None
    both = trial_of(*VISIT, ("published", "2026-05-13", "one"), ("published", "2026-05-20", "two"))
    assert both.due("T-PUBLISH").met_on == date(2026, 5, 20)
    assert [due.code for due in both.dues].count("T-PUBLISH") == 1


def test_counting_from_all_of_several_waits_for_the_last(trial_of):
    one = trial_of(*VISIT, ("published", "2026-05-13", "one")).due("T-KEEP")
    assert (one.counted_from.date, one.forecast) == (date(2026, 5, 18), True)
    both = trial_of(*VISIT, ("published", "2026-05-13", "one"), ("published", "2026-05-20", "two"))
    assert both.due("T-KEEP").counted_from.date == date(2026, 5, 20)
    assert both.due("T-KEEP").forecast is False


def test_the_latest_of_receipt_and_publication_by_the_one_that_matters(trial_of):
    local = trial_of(*VISIT, ("received", "2026-05-11"), ("published", "2026-05-13", "one"))
    due = local.due("T-LOCAL")
    assert (due.counted_from.event, due.due_on) == ("published", date(2026, 5, 20))
    assert due.forecast is False
    late = trial_of(
        *VISIT, ("received", "2026-05-15", "kent"), ("published", "2026-05-13"), subjects=BOTH
    )
    assert late.due("T-LOCAL", "kent").counted_from.date == date(2026, 5, 15)
    assert late.due("T-LOCAL", "kent").forecast is False
    # The other recipient's receipt is forecast on the day the report must be sent.
    assert late.due("T-LOCAL", "nhs").counted_from.date == date(2026, 5, 13)
    assert late.due("T-LOCAL", "nhs").forecast is True


def test_receipt_is_forecast_on_the_day_of_sending(trial_of):
    due = trial_of(("final_sent", "2026-05-11")).due("T-JOINT")
    assert (due.counted_from.event, due.counted_from.date) == ("received", date(2026, 5, 11))
    assert due.forecast is True


def test_the_earliest_receipt_governs(trial_of):
    due = trial_of(
        ("received", "2021-11-10", "kent"), ("received", "2021-11-09", "nhs"), subjects=BOTH
    ).due("T-JOINT")
    assert (due.counted_from.date, due.due_on) == (date(2021, 11, 9), date(2022, 2, 18))
    assert due.forecast is False


def test_a_meeting_for_each_day_on_site_but_the_last(trial_of):
    timetable = trial_of(*VISIT, ("met", "2026-03-24"))
    meetings = [due for due in timetable.dues if due.code == "T-MEET"]
    assert [due.subject for due in meetings] == [f"2026-03-{day}" for day in (23, 24, 25, 26)]
    assert [due.due_on.isoformat() for due in meetings] == [due.subject for due in meetings]
    assert [due.met_on for due in meetings] == [None, date(2026, 3, 24), None, None]
    assert [due.day_number for due in meetings] == [1, 2, 3, 4]
    assert meetings[0].subject_name == "Monday 23 March 2026"
    assert meetings[0].counted_from.event == "day_on_site"


def test_days_on_site_leave_out_a_bank_holiday(trial_of):
    timetable = trial_of(("first_day", "2026-05-21"), ("last_day", "2026-05-27"))
    days = [due.subject for due in timetable.dues if due.code == "T-MEET"]
    assert days == ["2026-05-21", "2026-05-22", "2026-05-26"]


@pytest.mark.parametrize(("last_day", "meetings"), [("2026-03-24", 0), ("2026-03-25", 2)])
def test_only_if_the_visit_is_longer_than_two_days(trial_of, last_day, meetings):
    timetable = trial_of(("first_day", "2026-03-23"), ("last_day", last_day))
    assert [due.code for due in timetable.dues].count("T-MEET") == meetings


def test_without_a_last_day_it_is_forecast_and_said(trial_of):
    timetable = trial_of(("first_day", "2026-03-23"))
    assert timetable.warnings == (
        "The last day on site is not given: forecast as Day 5, Friday 27 March 2026.",
    )
    assert timetable.due("T-TALK").forecast is True
    assert timetable.due("T-TALK").offset == "same day or before"
    assert timetable.due("T-MEET", "2026-03-24").forecast is True


def test_only_if_something_happened(trial_of):
    fit = trial_of(("submitted", "2021-02-01"))
    assert "T-AGAIN" not in [due.code for due in fit.dues]
    not_fit = trial_of(("submitted", "2021-02-01"), ("not_fit", "2021-02-12"))
    assert not_fit.due("T-AGAIN").due_on == date(2021, 3, 12)


def test_met_by_either_of_two_events_and_counted_from_whichever_came(trial_of):
    timetable = trial_of(("submitted", "2021-02-01"), ("not_fit", "2021-02-12"))
    judged, letter = timetable.due("T-JUDGE"), timetable.due("T-LETTER")
    assert (judged.met_by, judged.met_on) == ("not_fit", date(2021, 2, 12))
    assert (letter.counted_from.event, letter.due_on) == ("not_fit", date(2021, 2, 16))
    before = trial_of(("submitted", "2021-02-01"))
    assert (before.due("T-JUDGE").met_by, before.due("T-JUDGE").also_met_by) == (
        "fit",
        ("not_fit",),
    )


def test_what_lapses_has_nothing_to_record(trial_of):
    due = trial_of(*VISIT).due("T-NEW")
    assert (due.lapses, due.met_by, due.met_on) == (True, "", None)


def test_relations_come_in_by_their_prefixed_names_or_a_synonym(trial_of):
    for name in ("child:first_day", "return_first_day"):
        due = trial_of(("fit", "2025-08-31"), (name, "2027-03-01")).due("T-RETURN")
        assert (due.due_on, due.practical_on) == (date(2027, 2, 28), date(2027, 2, 26))
        assert due.met_on == date(2027, 3, 1)
    before = trial_of(("origin:done", "2026-03-27")).due("T-ORIGIN")
    assert (before.due_on, before.offset) == (date(2026, 3, 25), "2 working days before")


def test_a_start_that_an_administrator_chose(trial_of):
    known = (("submitted", "2021-02-01"), ("fit", "2021-02-12"))
    assert trial_of(*known).due("T-PLACE").counted_from.event == "fit"
    chosen = trial_of(*known, parameters={"T-PLACE:from": 1}).due("T-PLACE")
    assert chosen.counted_from.event == "submitted"
    with pytest.raises(TimetableError, match="no start number 2"):
        trial_of(*known, parameters={"T-PLACE:from": 2})


def test_a_starred_number_is_a_parameter_and_another_is_not(trial_of):
    changed = trial_of(*VISIT, parameters={"T-DRAFT": 15, "T-TELL": 1})
    assert changed.due("T-DRAFT").due_on == date(2026, 4, 21)
    assert changed.due("T-DRAFT").offset == "15 working days after"
    assert changed.due("T-TELL").offset == "next working day"
    assert changed.due("T-DRAFT").source_offset == "ours"
    assert changed.due("T-FACTS").source_offset == "source"
    with pytest.raises(TimetableError, match="T-FACTS is fixed by its source"):
        trial_of(*VISIT, parameters={"T-FACTS": 12})


def test_what_cannot_be_counted_is_named_with_what_it_needs(trial_of):
    timetable = trial_of(("drafted", "2026-04-17"))
    assert [due.code for due in timetable.dues] == ["T-FACTS", "T-REPLY"]
    needs = {missing.code: missing.needs for missing in timetable.not_counted}
    assert needs["T-NOTIFY"] == ("first_day",)
    assert needs["T-LOCAL"] == ("received", "published")


# --- repeated deadlines ---


def visits(timetable):
    return [
        (due.code, due.due_on.isoformat(), due.met_on.isoformat() if due.met_on else None)
        for due in timetable.dues
        if due.code.startswith("T-VISIT")
    ]


def test_what_is_due_and_the_next_two(trial_of):
    assert visits(trial_of(("fit", "2021-02-12"))) == [
        ("T-VISIT-1", "2021-05-12", None),
        ("T-VISIT-2", "2021-08-12", None),
        ("T-VISIT-3", "2021-11-12", None),
    ]


def test_each_visit_held_meets_the_next_in_turn(trial_of):
    held = (("fit", "2021-02-12"), ("visited", "2021-05-10"), ("visited", "2021-09-01"))
    assert visits(trial_of(*held)) == [
        ("T-VISIT-1", "2021-05-12", "2021-05-10"),
        ("T-VISIT-2", "2021-08-12", "2021-09-01"),
        ("T-VISIT-3", "2021-11-12", None),
        ("T-VISIT-4", "2022-02-12", None),
        ("T-VISIT-5", "2022-05-12", None),
    ]


def test_ceasing_ends_those_that_were_not_due_yet(trial_of):
    ceased = (("fit", "2021-02-12"), ("visited", "2021-05-10"), ("ceased", "2021-09-01"))
    assert visits(trial_of(*ceased)) == [
        ("T-VISIT-1", "2021-05-12", "2021-05-10"),
        ("T-VISIT-2", "2021-08-12", None),
    ]


def test_another_pace_counts_from_the_day_it_was_agreed(trial_of):
    changed = (
        ("fit", "2021-02-12"),
        ("visited", "2021-05-10"),
        ("pace_agreed", "2021-06-01", "6"),
        ("visited", "2021-11-30"),
    )
    timetable = trial_of(*changed)
    assert visits(timetable) == [
        ("T-VISIT-1", "2021-05-12", "2021-05-10"),
        ("T-VISIT-2", "2021-12-01", "2021-11-30"),
        ("T-VISIT-3", "2022-06-01", None),
        ("T-VISIT-4", "2022-12-01", None),
        ("T-VISIT-5", "2023-06-01", None),
    ]
    assert timetable.due("T-VISIT-3").counted_from.event == "pace_agreed"
    assert timetable.due("T-VISIT-3").rule == "T-VISIT-n"


def test_a_forecast_start_makes_repeats_forecasts_and_an_extension_holds_for_one(trial_of):
    timetable = trial_of(("submitted", "2021-02-01"), agreed={("T-VISIT-2", ""): date(2021, 8, 20)})
    assert timetable.due("T-VISIT-1").forecast is True
    assert timetable.due("T-VISIT-1").agreed_on is None
    assert timetable.due("T-VISIT-2").agreed_on == date(2021, 8, 20)


# --- the ends of the calendar, and dates that cannot be ---


def test_past_the_calendar_a_date_is_marked_never_guessed_silently(trial_of):
    due = trial_of(("drafted", "2028-12-22")).due("T-FACTS")
    # 25 and 26 December are known; 1 January 2029 is not, and counts until it is.
    assert (due.due_on, due.forecast) == (date(2029, 1, 9), True)
    assert due.note == (
        "Bank holidays not yet known: they are published up to 31 December 2028 only, so this"
        " date may move."
    )
    assert Skipped(date(2028, 12, 25), "Christmas Day") in due.skipped
    assert Skipped(date(2029, 1, 6), "Saturday") in due.skipped


def test_months_past_the_calendar_keep_their_date_and_say_what_is_unknown(trial_of):
    due = trial_of(("fit", "2028-06-30")).due("T-RETURN")
    assert (due.due_on, due.practical_on, due.forecast) == (date(2029, 12, 30), None, True)
    assert "the practical day may move" in due.note


@pytest.mark.parametrize(
    ("known", "event", "text"),
    [
        ([("first_day", "2026-04-03")], "first_day", "Friday 3 April 2026 is not (Good Friday)"),
        ([("first_day", "2026-04-04")], "first_day", "Saturday 4 April 2026 is not (Saturday)"),
        ([("last_day", "2026-05-04")], "last_day", "May bank holiday"),
        (
            [("first_day", "2026-03-23"), ("last_day", "2026-03-20")],
            "last_day",
            "The last day on site (Friday 20 March 2026) is before Day 1 (Monday 23 March 2026).",
        ),
        ([("drafted", "0001-01-01")], "drafted", "1 January 1 is before the calendar begins"),
        ([("drafted", "9999-12-31")], "drafted", "31 December 9999 is past the end of the"),
        (
            [("first_day", "2026-03-23"), ("last_day", "2026-06-23")],
            "last_day",
            "A trial takes up to 5 working days on site (T 0): from",
        ),
    ],
)
def test_impossible_dates(trial_of, known, event, text):
    with pytest.raises(TimetableError) as caught:
        trial_of(*known)
    assert caught.value.messages[0][0] == event
    assert text in caught.value.messages[0][1]


def test_days_before_the_calendar_begins(trial_of):
    with pytest.raises(TimetableError, match="Bank holidays are known from 1 January 2012 only"):
        trial_of(("first_day", "2012-01-04"))


def test_unusual_dates_warn(trial_of):
    long = trial_of(("first_day", "2026-03-23"), ("last_day", "2026-03-31"))
    assert long.warnings == (
        "A trial takes up to 5 working days on site (T 0): from Monday 23 March 2026 to Tuesday 31"
        " March 2026 there are 7.",
    )
    disorder = trial_of(*VISIT, ("drafted", "2026-03-20"))
    assert disorder.warnings == (
        "The day of the draft (Friday 20 March 2026) is before Day 1 (Monday 23 March 2026).",
    )


def test_history_can_be_taken_in_unchecked(trial_of):
    timetable = trial_of(
        ("first_day", "2026-04-03"), ("last_day", "2026-03-31"), ("drafted", "2017-01-03"),
        checked=False,
    )  # fmt: skip
    assert timetable.due("T-FINAL").due_on == date(2026, 5, 13)
    assert timetable.warnings == ()


def test_events_the_rules_do_not_know_are_passed_over(trial_of):
    assert trial_of(("tea_served", "2026-03-23")).dues == ()


def test_soonest_first_and_the_order_of_the_rules_within_a_day(trial_of):
    dues = trial_of(*VISIT).dues
    assert [due.due_on for due in dues] == sorted(due.due_on for due in dues)
    assert [due.code for due in dues if due.due_on == date(2026, 3, 20)] == ["T-RANGE", "T-OPEN"]


def test_rules_that_count_from_each_other_are_found_out(trial, calendar):
    first = replace(trial.rules[0], code="A", counted_from="read", met_by="told")
    second = replace(trial.rules[0], code="B", counted_from="told", met_by="read")
    circle = replace(trial, rules=(first, second))
    facts = Facts(circle, [], calendar, {})
    with pytest.raises(ValueError, match="circle: A -> B"):
        _Computation(circle, "new", facts, {}, {}).all_dues()


def test_same_input_same_output(trial_of):
    assert trial_of(*VISIT, subjects=BOTH) == trial_of(*VISIT, subjects=BOTH)
