"""Whatever the dates: each deadline agrees with a plain loop over the days."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.timetable import Happening, compute
from working_days.bundled import bundled_calendar

CALENDAR = bundled_calendar()
DAY = timedelta(days=1)
WORKING = [
    day
    for n in range((date(2028, 12, 31) - date(2012, 3, 1)).days)
    if CALENDAR.is_working_day(day := date(2012, 3, 1) + n * DAY)
]


def counts(day):
    return day.weekday() < 5 and (day > CALENDAR.covers_until or day not in CALENDAR.closed)


def by_plain_loop(start, days):
    """The end of the count and the days skipped, one day at a time."""
    step = DAY if days > 0 else -DAY
    day, skipped = start, []
    while days:
        day += step
        if counts(day):
            days -= 1 if days > 0 else -1
        else:
            skipped.append(day)
    return day, sorted(skipped)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([("inspection", 1, 5), ("revisit", 2, 4)]),
    st.sampled_from(WORKING[:-10]),
    st.integers(0, 3),
)
def test_inspections_and_re_visits(kind, first_day, longer):
    name, shortest, longest = kind
    last_day = CALENDAR.add(first_day, min(shortest + longer, longest) - 1)
    found = compute(
        name,
        [Happening("first_day", first_day), Happening("last_day", last_day)],
        calendar=CALENDAR,
    )
    check(found)
    for due in found.dues:
        if due.day_number is not None:
            assert due.due_on == CALENDAR.day(first_day, due.day_number)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["final_report_received", "submitted", "judged_fit", "judged_not_fit"]),
    st.dates(date(2012, 1, 1), date(2028, 12, 31)),
)
def test_statements_from_any_day_also_one_that_does_not_count(event, day):
    check(compute("wsoa", [Happening(event, day)], calendar=CALENDAR))


def check(found):
    assert found.dues
    for due in found.dues:
        start = due.counted_from.date
        words = due.offset.split()
        if "working" in due.offset and words[0].isdigit():
            end, skipped = by_plain_loop(start, int(words[0]))
        elif due.offset == "next working day":
            end, skipped = by_plain_loop(start, 1)
        elif due.offset.startswith("Day ") and due.opens_on is None:
            number = int(words[1].rstrip(","))
            end, skipped = by_plain_loop(start, number - 1 if number > 0 else number)
        else:
            continue
        assert (due.due_on, [day.date for day in due.skipped]) == (end, skipped), due.code
        if due.due_on > CALENDAR.covers_until:
            assert due.forecast
            assert "not yet known" in due.note


@pytest.mark.parametrize("day", [date(2012, 1, 2), date(2028, 12, 29), date(2028, 12, 31)])
def test_the_ends_of_the_calendar(day):
    check(compute("wsoa", [Happening("final_report_received", day)], calendar=CALENDAR))
