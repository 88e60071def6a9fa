"""The deadlines of an inspection, held to the sources and to real cases."""

import csv
from datetime import date
from pathlib import Path

import pytest

from casework.timetable import Happening, Subject, TimetableError, compute
from working_days.bundled import bundled_calendar

CALENDAR = bundled_calendar()
REAL_CASES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "real_cases.csv"
COUNCIL = Subject("council", "Somewhere Council")
NORTH, SOUTH = Subject("north", "NHS North"), Subject("south", "NHS South")
SIX_TO_TELL = {
    "body": [COUNCIL, NORTH, SOUTH],
    "health_commissioner": [NORTH, SOUTH],
    "recipient": [COUNCIL, NORTH, SOUTH],
}


def timetable(*known, **options):
    happenings = [
        Happening(event, date.fromisoformat(day), subject="".join(subject))
        for event, day, *subject in known
    ]
    return compute("inspection", happenings, calendar=CALENDAR, **options)


VISIT = (("first_day", "2026-03-23"), ("last_day", "2026-03-27"))


@pytest.mark.parametrize(
    ("code", "subject", "due_on"),
    [
        ("IN-NOTIFY", "", "2026-03-16"),
        ("IN-HEALTH", "", "2026-03-16"),
        ("IN-CONFIRM", "", "2026-03-16"),
        ("IN-LANO", "", "2026-03-16"),
        ("IN-HEALTH-CALL", "", "2026-03-17"),
        ("IN-PCF", "", "2026-03-17"),
        ("IN-TELL", "", "2026-03-18"),
        ("IN-SELECT", "", "2026-03-20"),
        ("IN-REQUEST", "", "2026-03-23"),
        ("IN-KIT", "2026-03-23", "2026-03-23"),
        ("IN-KIT", "2026-03-26", "2026-03-26"),
        ("IN-FEEDBACK", "", "2026-03-27"),
        ("IN-SURVEY", "", "2026-03-31"),
        ("IN-DRAFT", "", "2026-04-17"),
        ("IN-FACTS", "", "2026-05-01"),
        ("IN-FACTS-REPLY", "", "2026-05-07"),
        ("IN-FINAL", "", "2026-05-11"),
        ("IN-COPIES", "", "2026-05-11"),
        ("IN-PUBLISH", "", "2026-05-18"),
        ("IN-LOCAL-PUBLISH", "", "2026-05-26"),
        ("IN-RETAIN", "", "2026-11-18"),
    ],
)
def test_the_week_of_23_march_2026(code, subject, due_on):
    assert timetable(*VISIT).due(code, subject).due_on.isoformat() == due_on


@pytest.mark.parametrize(
    ("last_day", "final", "published"),
    [
        ("2026-03-27", "2026-05-11", "2026-05-18"),
        ("2016-05-27", "2016-07-07", "2016-07-14"),
        ("2019-12-13", "2020-01-27", "2020-02-03"),
        ("2020-03-06", "2020-04-17", "2020-04-24"),
        ("2022-05-20", "2022-07-01", "2022-07-08"),
    ],
)
def test_final_and_publication_count_from_the_last_day_on_site(last_day, final, published):
    dues = timetable(("last_day", last_day))
    assert dues.due("IN-FINAL").due_on.isoformat() == final
    assert dues.due("IN-PUBLISH").due_on.isoformat() == published


def test_why_the_final_report_is_due_on_11_may_2026():
    due = timetable(*VISIT).due("IN-FINAL")
    named = [day.name for day in due.skipped if day.name not in ("Saturday", "Sunday")]
    assert named == ["Good Friday", "Easter Monday", "Early May bank holiday"]
    assert len(due.skipped) == 17
    assert (due.offset, due.citation, due.strength) == (
        "28 working days after",
        "HB 59",
        "normally",
    )


def test_notice_of_the_call_is_between_nine_and_ten_in_london():
    due = timetable(*VISIT).due("IN-NOTIFY")
    assert due.due_at.isoformat() == "2026-03-16T10:00:00+00:00"
    assert (due.day_number, due.note) == (-5, "Between 09:00 and 10:00.")


def test_no_keep_in_touch_meeting_on_the_last_day():
    days = [due.subject for due in timetable(*VISIT).dues if due.code == "IN-KIT"]
    assert days == ["2026-03-23", "2026-03-24", "2026-03-25", "2026-03-26"]


def test_each_health_commissioner_and_each_body_has_its_own():
    dues = timetable(*VISIT, subjects=SIX_TO_TELL).dues
    by_code = {code: [d.subject for d in dues if d.code == code] for code in {d.code for d in dues}}
    assert by_code["IN-HEALTH"] == by_code["IN-HEALTH-CALL"] == ["north", "south"]
    assert by_code["IN-FACTS"] == by_code["IN-LOCAL-PUBLISH"] == ["council", "north", "south"]
    assert by_code["IN-FINAL"] == [""]


def test_two_inspections_of_2026_notified_late():
    """What follows notification counts from the call itself once it was made."""
    dues = timetable(*VISIT, ("notified", "2026-03-17"))
    assert dues.due("IN-NOTIFY").met_on == date(2026, 3, 17)
    assert dues.due("IN-CONFIRM").due_on == date(2026, 3, 17)
    assert dues.due("IN-CONFIRM").forecast is False


def test_local_publication_waits_for_ofsted_not_for_cqc():
    known = (*VISIT, ("final_report_received", "2026-05-11"))
    cqc = timetable(*known, ("report_published", "2026-05-12", "CQC")).due("IN-LOCAL-PUBLISH")
    assert (cqc.counted_from.date, cqc.forecast) == (date(2026, 5, 18), True)
    ofsted = timetable(*known, ("report_published", "2026-05-13", "Ofsted"))
    assert ofsted.due("IN-LOCAL-PUBLISH").due_on == date(2026, 5, 20)
    assert ofsted.due("IN-LOCAL-PUBLISH").forecast is False
    assert ofsted.due("IN-PUBLISH").met_on is None


def test_the_star_of_a_start_is_not_the_star_of_an_offset():
    retain = timetable(*VISIT).due("IN-RETAIN")
    assert retain.source_offset == "source"
    assert "the start is ours" in retain.note


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ("2026-04-06", "2026-04-10", "Easter Monday"),
        ("2026-03-22", "2026-03-27", "Sunday"),
        ("2026-03-23", "2026-03-20", "is before Day 1"),
        ("2026-03-23", "2027-03-25", "up to 5 working days on site"),
    ],
)
def test_impossible_visits(first, last, why):
    with pytest.raises(TimetableError, match=why):
        timetable(("first_day", first), ("last_day", last))


def test_six_days_on_site_are_unusual():
    dues = timetable(("first_day", "2026-03-23"), ("last_day", "2026-03-30"))
    assert dues.warnings == (
        "An inspection normally takes up to 5 working days on site (HB 20): from Monday 23 March"
        " 2026 to Monday 30 March 2026 there are 6.",
    )


@pytest.mark.skipif(not REAL_CASES.exists(), reason="../shared/data/real_cases.csv is not here")
def test_all_real_inspections_have_their_deadline_of_33_working_days():
    with REAL_CASES.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["event"] == "inspection"]
    assert len(rows) == 151
    differ = []
    for row in rows:
        dues = timetable(("first_day", row["start_date"]), ("last_day", row["end_date"]))
        found = dues.due("IN-PUBLISH").due_on.isoformat()
        if found != row["deadline_33wd"]:
            differ.append((row["local_area"], found, row["deadline_33wd"]))
    assert differ == []
