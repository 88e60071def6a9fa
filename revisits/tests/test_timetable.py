"""The deadlines of a re-visit, held to the sources and to real cases."""

import csv
from datetime import date
from pathlib import Path

import pytest

from casework.timetable import Happening, Subject, TimetableError, compute
from working_days.bundled import bundled_calendar

CALENDAR = bundled_calendar()
REAL_CASES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "real_cases.csv"


def timetable(*known, **options):
    happenings = [
        Happening(event, date.fromisoformat(day), subject="".join(subject))
        for event, day, *subject in known
    ]
    return compute("revisit", happenings, calendar=CALENDAR, **options)


KENT = (("first_day", "2022-09-27"), ("last_day", "2022-09-29"))


@pytest.mark.parametrize(
    ("code", "due_on", "day_number"),
    [
        ("RE-NOTIFY", "2022-09-12", -10),
        ("RE-HEALTH", "2022-09-12", -10),
        ("RE-LANO", "2022-09-12", -10),
        ("RE-PCF", "2022-09-12", -10),
        ("RE-REQUEST", "2022-09-12", -10),
        ("RE-TELL", "2022-09-14", -8),
        ("RE-EVIDENCE", "2022-09-15", -7),
        ("RE-QUESTIONS", "2022-09-16", -6),
        ("RE-SURVEY-OPEN", "2022-09-20", -5),
        ("RE-SURVEY-CLOSE", "2022-09-26", -1),
        ("RE-REVIEW", "2022-09-26", -1),
        ("RE-CALL", "2022-09-26", -1),
        ("RE-ADVISERS", "2022-09-26", -1),
        ("RE-MORE", "2022-09-26", -1),
        ("RE-LEADERS", "2022-09-27", 1),
        ("RE-FORUM", "2022-09-27", 1),
        ("RE-OPEN", "2022-09-27", 1),
        ("RE-CYP", "2022-09-29", 3),
        ("RE-FEEDBACK", "2022-09-29", 3),
        ("RE-DRAFT", "2022-10-18", None),
        ("RE-FACTS", "2022-11-01", None),
        ("RE-FACTS-REPLY", "2022-11-04", None),
        ("RE-FINAL", "2022-11-08", None),
        ("RE-PUBLISH", "2022-11-15", None),
        ("RE-RETAIN", "2023-05-15", None),
    ],
)
def test_the_re_visit_to_kent_of_27_september_2022(code, due_on, day_number):
    """Over the bank holiday of the state funeral (19 September)."""
    due = timetable(*KENT).due(code)
    assert (due.due_on.isoformat(), due.day_number) == (due_on, day_number)


def test_the_state_funeral_is_among_the_days_skipped():
    skipped = timetable(*KENT).due("RE-NOTIFY").skipped
    assert date(2022, 9, 19) in [day.date for day in skipped]
    assert len(skipped) == 5


@pytest.mark.parametrize(
    ("first_day", "code", "moment"),
    [
        ("2022-12-05", "RE-SURVEY-OPEN", "2022-11-28T12:00:00+00:00"),
        ("2022-12-05", "RE-SURVEY-CLOSE", "2022-12-02T12:00:00+00:00"),
        ("2022-09-27", "RE-SURVEY-OPEN", "2022-09-20T12:00:00+01:00"),
        ("2022-09-27", "RE-SURVEY-CLOSE", "2022-09-26T12:00:00+01:00"),
    ],
)
def test_the_survey_opens_and_closes_at_noon_in_london(first_day, code, moment):
    assert timetable(("first_day", first_day)).due(code).due_at.isoformat() == moment


@pytest.mark.parametrize(
    ("first_day", "notified"),
    [
        ("2019-12-09", "2019-11-25"),
        ("2022-09-27", "2022-09-12"),
        ("2018-12-10", "2018-11-26"),
        ("2020-01-13", "2019-12-27"),
    ],
)
def test_notified_ten_working_days_before(first_day, notified):
    assert timetable(("first_day", first_day)).due("RE-NOTIFY").due_on.isoformat() == notified


@pytest.mark.parametrize("code", ["RE-REVIEW", "RE-CALL", "RE-ADVISERS"])
def test_the_two_editions(code):
    day = (("first_day", "2019-12-09"), ("last_day", "2019-12-12"))
    guidance, handbook = timetable(*day, edition="2018"), timetable(*day)
    assert (guidance.edition, handbook.edition) == ("2018", "2019")
    assert guidance.due(code).due_on == date(2019, 11, 29)
    assert guidance.due(code).offset == "Day -6"
    assert handbook.due(code).due_on == date(2019, 12, 6)
    assert handbook.due(code).opens_on == date(2019, 11, 29)
    assert handbook.due(code).offset == "Day -6 to -1"


@pytest.mark.parametrize(
    ("first_day", "edition"),
    [("2019-04-12", "2018"), ("2019-04-15", "2019"), ("2018-12-10", "2018")],
)
def test_a_re_visit_follows_the_edition_in_force_when_it_was_notified(first_day, edition):
    # Ten working days before 15 April 2019 is Monday 1 April.
    assert timetable(("first_day", first_day)).edition == edition


@pytest.mark.parametrize(("last_day", "meetings"), [("2022-09-28", 0), ("2022-09-29", 3)])
def test_keep_in_touch_meetings_only_where_longer_than_two_days(last_day, meetings):
    dues = timetable(("first_day", "2022-09-27"), ("last_day", last_day)).dues
    assert [due.code for due in dues].count("RE-KIT") == meetings


def test_the_last_day_for_requests_has_nothing_to_record():
    due = timetable(*KENT).due("RE-MORE")
    assert (due.lapses, due.met_by) == (True, "")


def test_the_discussion_with_children_may_be_on_any_day_up_to_the_last():
    due = timetable(*KENT, ("cyp_discussion_held", "2022-09-27")).due("RE-CYP")
    assert (due.offset, due.met_on) == ("same day or before", date(2022, 9, 27))


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ("2022-09-27", "2022-09-27", "there is 1"),
        ("2022-09-26", "2022-09-30", "there are 5"),
        ("2022-09-19", "2022-09-21", "State Funeral"),
        ("2022-09-27", "2022-09-26", "is before Day 1"),
    ],
)
def test_impossible_re_visits(first, last, why):
    with pytest.raises(TimetableError, match=why):
        timetable(("first_day", first), ("last_day", last))


def test_published_by_any_of_its_names():
    for name in ("revisit_published", "letter_published", "report_published"):
        due = timetable(*KENT, (name, "2022-11-09")).due("RE-PUBLISH")
        assert due.met_on == date(2022, 11, 9)


def test_each_body_comments_for_itself():
    bodies = {"body": [Subject("kent", "Kent"), Subject("nhs", "NHS")]}
    answered = (("draft_sent", "2022-10-14"), ("comments_received", "2022-10-20", "nhs"))
    found = timetable(*KENT, *answered, subjects=bodies)
    assert found.due("RE-FACTS", "nhs").met_on == date(2022, 10, 20)
    assert found.due("RE-FACTS", "kent").met_on is None
    assert found.due("RE-FACTS-REPLY").counted_from.event == "comments_period_over"


@pytest.mark.skipif(not REAL_CASES.exists(), reason="../shared/data/real_cases.csv is not here")
def test_all_real_re_visits_have_their_deadline_of_33_working_days():
    with REAL_CASES.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["event"] == "revisit"]
    known = [row for row in rows if row["deadline_33wd"]]
    assert (len(rows), len(known)) == (52, 48)
    differ = []
    for row in known:
        found = timetable(("last_day", row["end_date"])).due("RE-PUBLISH").due_on.isoformat()
        if found != row["deadline_33wd"]:
            differ.append((row["local_area"], found, row["deadline_33wd"]))
    assert differ == []


@pytest.mark.skipif(not REAL_CASES.exists(), reason="../shared/data/real_cases.csv is not here")
def test_every_real_re_visit_can_be_counted_from_its_first_day():
    with REAL_CASES.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["event"] == "revisit"]
    starts = [row["start_date"] for row in rows if row["start_date"]]
    for start in starts:
        assert timetable(("first_day", start)).due("RE-NOTIFY").due_on.isoformat() < start
    assert len(starts) == 51
