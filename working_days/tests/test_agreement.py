"""The calendar against a plain loop, against other people's lists, and against its own laws."""

import csv
import socket
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from working_days.bundled import (
    COVERS_FROM,
    COVERS_UNTIL,
    bundled_calendar,
    published_bank_holidays,
)
from working_days.calendar import BeyondCalendar, Calendar

ENGLAND = bundled_calendar()
ONE_DAY = timedelta(days=1)
COVER = [COVERS_FROM + timedelta(n) for n in range((COVERS_UNTIL - COVERS_FROM).days + 1)]
CLOSED = {holiday.date: holiday.title for holiday in published_bank_holidays()}
BANK_HOLIDAYS_CSV = Path("../shared/data/bank_holidays_england.csv")


def walk(start: date, step: timedelta, ends: date, most: int) -> list[date]:
    """The 1st, 2nd ... working day met from `start`, one day at a time, as far as `ends`."""
    met: list[date] = []
    day = start
    while len(met) < most and day != ends:
        day += step
        if day.weekday() < 5 and day not in CLOSED:
            met.append(day)
    return met


@pytest.mark.parametrize("year", range(2012, 2029))
def test_every_day_of_the_year_and_1_to_100_working_days_agree_with_a_plain_loop(year):
    for start in (day for day in COVER if day.year == year):
        after = walk(start, ONE_DAY, COVERS_UNTIL, 100)
        assert [ENGLAND.add(start, n) for n in range(1, len(after) + 1)] == after
        before = walk(start, -ONE_DAY, COVERS_FROM, 100)
        assert [ENGLAND.subtract(start, n) for n in range(1, len(before) + 1)] == before
        if len(after) < 100:
            with pytest.raises(BeyondCalendar):
                ENGLAND.add(start, len(after) + 1)
        if len(before) < 100:
            with pytest.raises(BeyondCalendar):
                ENGLAND.subtract(start, len(before) + 1)


def test_it_agrees_with_the_holidays_package():
    england = holidays.country_holidays("GB", subdiv="ENG", years=range(2012, 2029))
    weekdays = [day for day in COVER if day.weekday() < 5]
    assert {day for day in weekdays if not ENGLAND.is_working_day(day)} == {
        day for day in weekdays if day in england
    }
    for start in COVER[:: len(COVER) // 300]:
        for days in (1, 5, 10, 28, 33, 70):
            if start + timedelta(2 * days + 20) <= COVERS_UNTIL:
                assert ENGLAND.add(start, days) == england.get_nth_working_day(start, days)


def test_it_agrees_with_the_compiled_list():
    if not BANK_HOLIDAYS_CSV.exists():
        pytest.skip("the compiled list of bank holidays is not beside this repository")
    with BANK_HOLIDAYS_CSV.open(newline="") as rows:
        compiled = {
            (date.fromisoformat(row["date"]), row["title"], row["notes"])
            for row in csv.DictReader(rows)
        }
    assert {(day.date, day.title, day.notes) for day in published_bank_holidays()} == compiled


def test_every_year_is_complete():
    for year in range(2012, 2029):
        assert sum(day.year == year for day in CLOSED) >= 8, year
    assert all(day.weekday() < 5 for day in CLOSED)


def test_the_bundled_list_needs_no_network(monkeypatch):
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    published_bank_holidays.cache_clear()
    assert len(published_bank_holidays()) == 140


# Laws that hold for any calendar, so also for one with closures of every kind.

BEGINS, ENDS = date(2022, 1, 1), date(2023, 12, 31)
days_inside = st.dates(BEGINS, ENDS)
closings = st.dictionaries(days_inside, st.just("Closed"), max_size=60)
calendars = closings.map(lambda closed: Calendar(closed, BEGINS, ENDS))
counts = st.integers(0, 120)


@given(calendars, days_inside, counts)
def test_as_many_working_days_lie_between_as_were_added(calendar, start, days):
    try:
        end = calendar.add(start, days)
    except BeyondCalendar:
        assert calendar.between(start, ENDS) < days
    else:
        assert calendar.between(start, end) == days


@given(calendars, days_inside, counts)
def test_adding_then_subtracting_returns_to_a_working_day(calendar, start, days):
    if calendar.is_working_day(start) and days <= calendar.between(start, ENDS):
        assert calendar.subtract(calendar.add(start, days), days) == start


@given(calendars, days_inside, st.integers(1, 120))
def test_the_answer_is_a_working_day(calendar, start, days):
    if days <= calendar.between(start, ENDS):
        assert calendar.is_working_day(calendar.add(start, days))


@given(calendars, days_inside, days_inside, days_inside)
def test_between_adds_up_and_turns_its_sign(calendar, first, second, third):
    assert calendar.between(first, second) == -calendar.between(second, first)
    assert calendar.between(first, third) == (
        calendar.between(first, second) + calendar.between(second, third)
    )


@given(calendars, days_inside, days_inside, counts, counts)
def test_a_later_start_or_a_longer_count_never_ends_earlier(calendar, one, other, few, many):
    one, other = sorted((one, other))
    few, many = sorted((few, many))
    if calendar.between(other, ENDS) >= many:
        assert calendar.add(one, few) <= calendar.add(one, many)
        assert calendar.add(one, many) <= calendar.add(other, many)


@given(calendars, days_inside, st.integers(-120, 120))
def test_explain_lists_exactly_what_was_skipped(calendar, start, days):
    try:
        explanation = calendar.explain(start, days)
    except BeyondCalendar:
        return
    end = explanation.end
    expected = calendar.add(start, days) if days >= 0 else calendar.subtract(start, -days)
    assert end == expected
    first, last = sorted((start, end))
    inside = [first + timedelta(n) for n in range(1, (last - first).days)]
    assert [(skipped.date, skipped.name) for skipped in explanation.skipped] == [
        (day, calendar.name_of(day)) for day in inside if not calendar.is_working_day(day)
    ]
    # Nothing is lost: what lies between start and end either counted or is listed.
    counted = [day for day in inside if calendar.is_working_day(day)]
    assert len(counted) + len(explanation.skipped) == len(inside)
    assert len(counted) == max(abs(days) - 1, 0)


@given(calendars, days_inside, st.integers(-60, 60).filter(bool))
def test_a_day_has_the_number_it_was_found_by(calendar, first_day, number):
    if not calendar.is_working_day(first_day):
        return
    try:
        day = calendar.day(first_day, number)
    except BeyondCalendar:
        return
    assert calendar.day_number(first_day, day) == number


@given(calendars, days_inside)
def test_the_practical_day_is_the_last_that_counts(calendar, day):
    try:
        practical = calendar.on_or_before(day)
    except BeyondCalendar:
        assert not any(map(calendar.is_working_day, (d for d in COVER if BEGINS <= d <= day)))
    else:
        assert practical <= day
        assert calendar.is_working_day(practical)
        assert calendar.between(practical, day) == 0
