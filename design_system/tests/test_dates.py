import contextlib
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from design_system.dates import (
    MONTHS,
    DateError,
    NoMonth,
    NoTime,
    Typed,
    read,
    read_month,
    read_time,
)

DAY = datetime.date(2026, 3, 27)


@pytest.mark.parametrize(
    "typed",
    [
        ("27", "3", "2026"),
        ("27", "03", "2026"),
        (" 27 ", " 3", "2026 "),
        ("27th", "March", "2026"),
        ("27", "mar", "2026"),
        ("27", "MARCH.", "2026"),
        ("２７", "３", "２０２６"),
        ("٢٧", "٣", "٢٠٢٦"),
        ("2\u200b7", "3", "2026"),
        ("27/03/2026", "", ""),
        ("27-3-2026", "", ""),
        ("27.03.2026", "", ""),
        ("27 3 2026", "", ""),
        ("27 March 2026", "", ""),
        ("27th of March, 2026", "", ""),
        ("Friday 27 March 2026", "", ""),
        ("Fri, 27 Mar 2026", "", ""),
        ("March 27, 2026", "", ""),
        ("27Mar2026", "", ""),
        ("2026-03-27", "", ""),
        ("2026/3/27", "", ""),
        ("2026-03-27T09:15:00Z", "", ""),
        ("27/03/2026 09:15", "", ""),
        ("27032026", "", ""),
        ("20260327", "", ""),
        ("", "27/3/2026", ""),
        ("２７／０３／２０２６", "", ""),
    ],
)
def test_a_date_is_read_in_every_odd_form(typed):
    assert read(Typed(*typed)) == DAY


def test_september_in_four_letters():
    assert read(Typed("1", "Sept", "2026")) == datetime.date(2026, 9, 1)
    assert read(Typed("01", "september", "2026")) == datetime.date(2026, 9, 1)


def test_a_leap_day_is_read_in_its_year_only():
    assert read(Typed("29", "2", "2024")) == datetime.date(2024, 2, 29)
    with pytest.raises(DateError) as refused:
        read(Typed("29", "2", "2026"))
    assert (refused.value.kind, refused.value.parts) == ("unreal", ("day", "month", "year"))


@pytest.mark.parametrize(
    ("typed", "kind", "parts"),
    [
        (("", "", ""), "empty", ("day", "month", "year")),
        ((" ", "", "\u200b"), "empty", ("day", "month", "year")),
        (("27", "3", ""), "incomplete", ("year",)),
        (("", "3", "2026"), "incomplete", ("day",)),
        (("27", "", ""), "incomplete", ("month", "year")),
        (("27", "3", "26"), "short_year", ("year",)),
        (("27/3/26", "", ""), "short_year", ("year",)),
        (("31", "2", "2026"), "unreal", ("day", "month", "year")),
        (("31", "February", "2026"), "unreal", ("day", "month", "year")),
        (("32", "3", "2026"), "unreal", ("day",)),
        (("0", "3", "2026"), "unreal", ("day",)),
        (("27", "13", "2026"), "unreal", ("month",)),
        (("27", "ma", "2026"), "unreal", ("month",)),
        (("27", "Mars", "2026"), "unreal", ("month",)),
        (("x", "y", "z"), "unreal", ("day", "month", "year")),
        (("27", "3", "20266"), "unreal", ("year",)),
        (("-27", "3", "2026"), "unreal", ("day",)),
        (("1.5", "3", "2026"), "unreal", ("day",)),
        (("27", "3", "0000"), "unreal", ("year",)),
        (("12/25/2025", "", ""), "unreal", ("month",)),
        (("tomorrow", "", ""), "incomplete", ("month", "year")),
        (("9" * 900_000, "3", "2026"), "unreal", ("day", "month", "year")),
        (("\x0027", "3", "\ud8002026"), "unreal", ("year",)),
        (("=1+1", "3", "2026"), "unreal", ("day",)),
    ],
)
def test_what_is_no_date_says_why_and_where(typed, kind, parts):
    with pytest.raises(DateError) as refused:
        read(Typed(*typed))
    assert (refused.value.kind, refused.value.parts) == (kind, parts)


@given(st.dates(min_value=datetime.date(1000, 1, 1)))
def test_every_day_is_read_back_however_it_is_written(day):
    month = MONTHS[day.month - 1]
    for typed in (
        Typed(str(day.day), str(day.month), str(day.year)),
        Typed(f"{day.day:02}", month.title(), f"{day.year}"),
        Typed(day.isoformat()),
        Typed(f"{day:%A} {day.day} {month} {day.year}"),
    ):
        assert read(typed) == day


@given(st.text(), st.text(), st.text())
def test_nothing_that_is_typed_breaks_it(day, month, year):
    with contextlib.suppress(DateError):
        assert isinstance(read(Typed(day, month, year)), datetime.date)


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("9:30am", 9, 30),
        ("9.30 am", 9, 30),
        ("09:30", 9, 30),
        ("0930", 9, 30),
        ("9h30", 9, 30),
        ("9am", 9, 0),
        ("9 p.m.", 21, 0),
        ("12am", 0, 0),
        ("12:15am", 0, 15),
        ("12pm", 12, 0),
        ("noon", 12, 0),
        ("Midday", 12, 0),
        ("midnight", 0, 0),
        ("14:30", 14, 30),
        ("14:30:00", 14, 30),
        ("１４：３０", 14, 30),
    ],
)
def test_times(text, hour, minute):
    assert read_time(text) == datetime.time(hour, minute)


@pytest.mark.parametrize(
    "text", ["", "9", "25:00", "9:60", "13pm", "0am", "soon", "9:3", "9" * 99, "\x00"]
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(NoTime):
        read_time(text)


@pytest.mark.parametrize(
    "typed",
    ["3 2017", "03/2017", "March 2017", "mar, 2017", "2017-3", "2017 March", "３ ２０１７"],
)  # fmt: skip
def test_a_month_is_read_in_every_odd_form(typed):
    assert read_month(typed) == datetime.date(2017, 3, 1)


@pytest.mark.parametrize(
    "typed",
    ["", "March", "2017", "13 2017", "0 2017", "3 17", "1 3 2017", "2017 2017", "3 0000", "x" * 99],
)  # fmt: skip
def test_what_is_no_month_is_refused(typed):
    with pytest.raises(NoMonth):
        read_month(typed)


@given(st.text(max_size=70))
def test_no_text_breaks_the_reading_of_a_month(text):
    with contextlib.suppress(NoMonth):
        assert read_month(text).day == 1
