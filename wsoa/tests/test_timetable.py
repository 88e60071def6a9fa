"""The deadlines of a written statement, held to the sources and to real cases."""

from datetime import date

import pytest

from casework.timetable import Happening, Subject, TimetableError, compute
from working_days.bundled import bundled_calendar

CALENDAR = bundled_calendar()


def timetable(*known, **options):
    happenings = [
        Happening(event, date.fromisoformat(day), subject="".join(subject))
        for event, day, *subject in known
    ]
    return compute("wsoa", happenings, calendar=CALENDAR, **options)


def codes(found):
    return [due.code for due in found.dues]


@pytest.mark.parametrize(
    ("received", "due_on"),
    [
        ("2021-11-09", "2022-02-18"),
        ("2020-06-04", "2020-09-11"),
        ("2021-08-31", "2021-12-07"),
        ("2026-03-27", "2026-07-09"),
    ],
)
def test_seventy_working_days_from_receipt(received, due_on):
    for name in ("origin:final_report_received", "final_report_received"):
        due = timetable((name, received)).due("WS-SUBMIT")
        assert due.due_on.isoformat() == due_on
        assert due.counted_from.event == name
        assert due.forecast is False


def test_submitted_11_september_2020_judged_by_the_25th():
    assert timetable(("submitted", "2020-09-11")).due("WS-REVIEW").due_on == date(2020, 9, 25)


def test_of_a_joint_statement_the_earliest_receipt_governs():
    council, health = Subject("council", "Council"), Subject("nhs", "NHS")
    found = timetable(
        ("origin:final_report_received", "2021-11-11", "council"),
        ("origin:final_report_received", "2021-11-09", "nhs"),
        subjects={"recipient": [council, health]},
    )
    assert found.due("WS-SUBMIT").due_on == date(2022, 2, 18)


def test_everything_follows_as_a_forecast_from_the_receipt():
    found = timetable(("final_report_received", "2021-11-09"))
    assert [(due.code, due.due_on.isoformat(), due.forecast) for due in found.dues] == [
        ("WS-SUBMIT", "2022-02-18", False),
        ("WS-REVIEW", "2022-03-04", True),
        ("WS-LETTER", "2022-03-08", True),
        ("WS-PUBLISH", "2022-03-11", True),
        ("WS-REVISIT", "2023-09-04", True),
    ]


def test_judged_fit():
    found = timetable(("submitted", "2020-09-11"), ("judged_fit", "2020-09-24"))
    assert found.due("WS-REVIEW").met_on == date(2020, 9, 24)
    assert found.due("WS-PUBLISH").due_on == date(2020, 10, 1)
    assert found.due("WS-REVISIT").due_on == date(2022, 3, 24)
    assert "WS-RESUBMIT" not in codes(found)


def test_the_re_visit_falls_due_on_a_sunday_and_has_a_practical_day():
    due = timetable(("judged_fit", "2025-08-31")).due("WS-REVISIT")
    assert (due.due_on, due.practical_on) == (date(2027, 2, 28), date(2027, 2, 26))
    assert (due.offset, due.skipped) == ("18 months after", ())


def test_the_re_visit_is_met_by_its_first_day():
    found = timetable(("judged_fit", "2020-09-24"), ("revisit_first_day", "2022-09-27"))
    assert found.due("WS-REVISIT").met_on == date(2022, 9, 27)


def test_not_fit_for_purpose_brings_a_second_round():
    found = timetable(("submitted", "2021-02-22"), ("judged_not_fit", "2021-03-08"))
    assert [(due.code, due.due_on.isoformat(), due.forecast) for due in found.dues] == [
        ("WS-REVIEW", "2021-03-08", False),
        ("WS-LETTER", "2021-03-10", False),
        ("WS-RESUBMIT", "2021-04-09", True),
        ("WS-REVIEW-2", "2021-04-23", True),
        ("WS-PUBLISH", "2021-04-30", True),
        ("WS-REVISIT", "2022-10-23", True),
    ]
    letter = found.due("WS-RESUBMIT").counted_from
    assert (letter.event, letter.date) == ("not_fit_letter_received", date(2021, 3, 10))


def test_twenty_days_count_from_the_letter_as_it_was_received():
    found = timetable(("not_fit_letter_received", "2021-03-12"))
    assert found.due("WS-RESUBMIT").due_on == date(2021, 4, 13)
    assert found.due("WS-RESUBMIT").forecast is False


def test_resubmitted_and_then_fit():
    found = timetable(
        ("submitted", "2021-02-22"), ("judged_not_fit", "2021-03-08"),
        ("fitness_letter_sent", "2021-03-10"), ("not_fit_letter_received", "2021-03-10"),
        ("resubmitted", "2021-04-08"), ("judged_fit", "2021-04-20"),
    )  # fmt: skip
    assert found.due("WS-REVIEW").met_on == date(2021, 3, 8)
    assert found.due("WS-REVIEW-2").met_on == date(2021, 4, 20)
    second = found.due("WS-LETTER", "second")
    assert (second.counted_from.event, second.due_on) == ("judged_fit", date(2021, 4, 22))
    assert found.due("WS-LETTER").met_on == date(2021, 3, 10)
    assert found.due("WS-REVISIT").due_on == date(2022, 10, 20)
    assert "WS-MINISTER" not in codes(found)


def test_not_fit_twice_brings_advice_to_the_minister_and_no_re_visit():
    found = timetable(
        ("submitted", "2021-02-22"), ("judged_not_fit", "2021-03-08"),
        ("resubmitted", "2021-04-08"), ("second_not_fit", "2021-04-22"),
    )  # fmt: skip
    assert found.due("WS-MINISTER").due_on == date(2021, 4, 29)
    assert found.due("WS-MINISTER").source_offset == "ours"
    assert found.due("WS-LETTER", "second").due_on == date(2021, 4, 26)
    assert "WS-REVISIT" not in codes(found)
    assert "WS-PUBLISH" in [missing.code for missing in found.not_counted]


def test_publication_can_be_counted_from_submission():
    known = (("submitted", "2020-09-11"), ("judged_fit", "2020-09-24"))
    chosen = timetable(*known, parameters={"WS-PUBLISH:from": 1, "WS-PUBLISH": 0})
    assert chosen.due("WS-PUBLISH").due_on == date(2020, 9, 11)
    assert "the start is ours" in chosen.due("WS-PUBLISH").note


def test_each_body_publishes_on_its_own_website():
    bodies = {"body": [Subject("a", "Council"), Subject("b", "NHS")]}
    found = timetable(
        ("judged_fit", "2020-09-24"), ("address_recorded", "2020-09-30", "a"), subjects=bodies
    )
    assert found.due("WS-PUBLISH", "a").met_on == date(2020, 9, 30)
    assert found.due("WS-PUBLISH", "b").met_on is None


def test_an_order_that_cannot_be_is_pointed_out():
    found = timetable(("submitted", "2020-09-11"), ("judged_fit", "2020-09-01"))
    assert found.warnings == (
        "The judgement that the statement is fit for purpose (Tuesday 1 September 2020) is before"
        " the day the statement was submitted (Friday 11 September 2020).",
    )


def test_twenty_days_are_the_sources_own():
    with pytest.raises(TimetableError, match="WS-RESUBMIT is fixed by its source"):
        timetable(("not_fit_letter_received", "2021-03-12"), parameters={"WS-RESUBMIT": 30})
