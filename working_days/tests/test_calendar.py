"""Counting days, as the timetable's definitions and the sources' examples have it."""

import copy
import pickle
from datetime import UTC, date, datetime, time

import pytest

from working_days.bundled import bundled_calendar
from working_days.calendar import BeyondCalendar, Calendar, Skipped, add_months, in_words

ENGLAND = bundled_calendar()

FRIDAY = date(2026, 3, 27)
SATURDAY = date(2026, 3, 28)
MONDAY = date(2026, 3, 30)


@pytest.mark.parametrize(
    ("start", "days", "end", "because"),
    [
        (date(2020, 5, 4), 5, date(2020, 5, 12), "VE Day took the place of the first Monday"),
        (date(2022, 5, 30), 5, date(2022, 6, 8), "the Platinum Jubilee made two bank holidays"),
        (date(2022, 9, 9), 10, date(2022, 9, 26), "the state funeral was a bank holiday"),
        (date(2022, 9, 17), 5, date(2022, 9, 26), "a Saturday start, then the state funeral"),
        (date(2023, 4, 28), 10, date(2023, 5, 16), "the coronation was a second May holiday"),
        (date(2026, 3, 27), 28, date(2026, 5, 11), "HB 59: the final report, over Easter"),
        (date(2026, 3, 27), 33, date(2026, 5, 18), "HB 59: published"),
        (date(2026, 3, 27), 70, date(2026, 7, 9), "HB 66: a written statement"),
        (date(2021, 11, 9), 70, date(2022, 2, 18), "HB 66: a real statement, over Christmas"),
        (date(2022, 9, 29), 33, date(2022, 11, 15), "RV 26: a real re-visit's letter"),
    ],
)
def test_working_days_after(start, days, end, because):
    assert ENGLAND.add(start, days) == end, because
    assert ENGLAND.explain(start, days).end == end
    assert ENGLAND.between(start, end) == days


def test_the_first_working_day_after_an_event_is_strictly_after_it():
    assert ENGLAND.add(FRIDAY, 1) == MONDAY
    assert ENGLAND.add(SATURDAY, 1) == MONDAY


def test_the_first_working_day_before_an_event_is_strictly_before_it():
    assert ENGLAND.subtract(MONDAY, 1) == FRIDAY
    assert ENGLAND.subtract(SATURDAY, 1) == FRIDAY
    assert ENGLAND.subtract(date(2026, 3, 29), 2) == date(2026, 3, 26)


def test_no_days_from_an_event_is_the_event_itself_working_day_or_not():
    assert ENGLAND.add(SATURDAY, 0) == SATURDAY
    assert ENGLAND.subtract(SATURDAY, 0) == SATURDAY


def test_between_counts_the_end_and_not_the_start_and_is_signed():
    assert ENGLAND.between(FRIDAY, MONDAY) == 1
    assert ENGLAND.between(MONDAY, FRIDAY) == -1
    assert ENGLAND.between(FRIDAY, SATURDAY) == 0
    assert ENGLAND.between(FRIDAY, FRIDAY) == 0


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (FRIDAY, None),
        (SATURDAY, "Saturday"),
        (date(2026, 3, 29), "Sunday"),
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 6), "Easter Monday"),
        (date(2020, 5, 4), None),
        (date(2020, 5, 8), "Early May bank holiday (VE day)"),
        (date(2021, 12, 25), "Saturday"),
        (date(2021, 12, 27), "Christmas Day"),
        (date(2022, 6, 2), "Spring bank holiday"),
        (date(2022, 6, 3), "Platinum Jubilee bank holiday"),
        (date(2022, 9, 19), "Bank Holiday for the State Funeral of Queen Elizabeth II"),
        (date(2023, 5, 8), "Bank holiday for the coronation of King Charles III"),
    ],
)
def test_a_day_that_does_not_count_has_a_name(day, name):
    assert ENGLAND.name_of(day) == name
    assert ENGLAND.is_working_day(day) is (name is None)


class TestDayNumbers:
    """RV 12 and table, HB 118 and table."""

    def test_day_minus_10_of_a_real_revisit_over_the_state_funeral(self):
        assert ENGLAND.day(date(2022, 9, 27), -10) == date(2022, 9, 12)
        assert ENGLAND.day_number(date(2022, 9, 27), date(2022, 9, 12)) == -10

    def test_the_fortnight_of_the_table(self):
        first_day = date(2019, 7, 15)
        assert [ENGLAND.day(first_day, number) for number in (-10, -7, -6, -5, -1, 1, 2, 4)] == [
            date(2019, 7, 1),
            date(2019, 7, 4),
            date(2019, 7, 5),
            date(2019, 7, 8),
            date(2019, 7, 12),
            date(2019, 7, 15),
            date(2019, 7, 16),
            date(2019, 7, 18),
        ]

    def test_there_is_no_day_0(self):
        with pytest.raises(ValueError, match="no Day 0"):
            ENGLAND.day(FRIDAY, 0)
        assert ENGLAND.day_number(MONDAY, MONDAY) == 1
        assert ENGLAND.day_number(MONDAY, FRIDAY) == -1

    def test_day_1_is_a_working_day(self):
        with pytest.raises(ValueError, match=r"3 April 2026 is not \(Good Friday\)"):
            ENGLAND.day(date(2026, 4, 3), -1)
        with pytest.raises(ValueError, match=r"28 March 2026 is not \(Saturday\)"):
            ENGLAND.day_number(SATURDAY, MONDAY)

    def test_only_working_days_are_numbered(self):
        with pytest.raises(ValueError, match=r"28 March 2026 is no working day \(Saturday\)"):
            ENGLAND.day_number(FRIDAY, SATURDAY)


class TestExplain:
    """Why this date? Every day between start and end that did not count, by name."""

    def test_forwards_over_easter(self):
        explanation = ENGLAND.explain(date(2026, 4, 2), 2)
        assert (explanation.start, explanation.days) == (date(2026, 4, 2), 2)
        assert explanation.end == date(2026, 4, 8)
        assert explanation.skipped == (
            Skipped(date(2026, 4, 3), "Good Friday"),
            Skipped(date(2026, 4, 4), "Saturday"),
            Skipped(date(2026, 4, 5), "Sunday"),
            Skipped(date(2026, 4, 6), "Easter Monday"),
        )

    def test_backwards_over_the_state_funeral(self):
        explanation = ENGLAND.explain(date(2022, 9, 20), -2)
        assert explanation.end == date(2022, 9, 15)
        assert explanation.skipped == (
            Skipped(date(2022, 9, 17), "Saturday"),
            Skipped(date(2022, 9, 18), "Sunday"),
            Skipped(date(2022, 9, 19), "Bank Holiday for the State Funeral of Queen Elizabeth II"),
        )

    @pytest.mark.parametrize("days", [1, -1])
    def test_the_start_is_not_skipped_even_where_it_does_not_count(self, days):
        names = {skipped.date for skipped in ENGLAND.explain(SATURDAY, days).skipped}
        assert SATURDAY not in names

    def test_no_days_skip_nothing(self):
        explanation = ENGLAND.explain(SATURDAY, 0)
        assert (explanation.end, explanation.skipped) == (SATURDAY, ())


class TestMonths:
    def test_a_last_day_of_the_month_stays_one(self):
        due = add_months(date(2025, 8, 31), 18)
        assert due == date(2027, 2, 28)
        # It keeps its date though it is a Sunday; the practical day is the Friday before.
        assert ENGLAND.on_or_before(due) == date(2027, 2, 26)

    @pytest.mark.parametrize(
        ("start", "number", "end"),
        [
            (date(2024, 2, 29), 12, date(2025, 2, 28)),
            (date(2024, 2, 29), 48, date(2028, 2, 29)),
            (date(2023, 8, 31), 6, date(2024, 2, 29)),
            (date(2025, 12, 15), 1, date(2026, 1, 15)),
            (date(2025, 1, 31), 3, date(2025, 4, 30)),
            (date(2025, 3, 31), -1, date(2025, 2, 28)),
            (date(2025, 3, 31), 0, date(2025, 3, 31)),
        ],
    )
    def test_the_same_day_or_the_months_last(self, start, number, end):
        assert add_months(start, number) == end

    def test_a_practical_day_is_the_day_itself_where_it_counts(self):
        assert ENGLAND.on_or_before(FRIDAY) == FRIDAY
        assert ENGLAND.on_or_before(date(2026, 4, 6)) == date(2026, 4, 2)

    def test_the_last_months_of_all(self):
        assert add_months(date(9999, 1, 31), 11) == date(9999, 12, 31)
        with pytest.raises(BeyondCalendar, match="outside the years 1 to 9999"):
            add_months(date(9999, 12, 31), 1)
        with pytest.raises(BeyondCalendar, match="outside the years 1 to 9999"):
            add_months(date(1, 1, 1), -1)


class TestEndOfTheCalendar:
    """A date past the end is an error that says so, never a silent guess."""

    def test_the_last_working_day_is_reached_and_no_further(self):
        assert ENGLAND.add(date(2028, 12, 28), 1) == date(2028, 12, 29)
        with pytest.raises(BeyondCalendar, match="known up to 31 December 2028 only") as refusal:
            ENGLAND.add(date(2028, 12, 28), 2)
        assert "2 working days after 28 December 2028" in str(refusal.value)

    def test_the_first_working_day_is_reached_and_no_further(self):
        assert ENGLAND.subtract(date(2012, 1, 4), 1) == date(2012, 1, 3)
        with pytest.raises(BeyondCalendar, match="known from 1 January 2012 only") as refusal:
            ENGLAND.subtract(date(2012, 1, 3), 1)
        assert "1 working day before 3 January 2012" in str(refusal.value)
        with pytest.raises(BeyondCalendar, match="known from"):
            ENGLAND.on_or_before(date(2012, 1, 2))

    @pytest.mark.parametrize(
        "day", [date(1, 1, 1), date(2011, 12, 31), date(2029, 1, 1), date(9999, 12, 31)]
    )
    @pytest.mark.parametrize(
        "ask",
        [
            lambda day: ENGLAND.add(day, 1),
            lambda day: ENGLAND.add(day, 0),
            lambda day: ENGLAND.subtract(day, 1),
            lambda day: ENGLAND.between(day, FRIDAY),
            lambda day: ENGLAND.between(FRIDAY, day),
            lambda day: ENGLAND.day(day, 1),
            lambda day: ENGLAND.day_number(FRIDAY, day),
            lambda day: ENGLAND.explain(day, 1),
            lambda day: ENGLAND.on_or_before(day),
            lambda day: ENGLAND.is_working_day(day),
            lambda day: ENGLAND.name_of(day),
        ],
    )
    def test_nothing_is_said_about_a_day_outside(self, ask, day):
        with pytest.raises(BeyondCalendar, match=f"anything about .*{in_words(day)}"):
            ask(day)

    def test_more_days_than_any_calendar_has(self):
        with pytest.raises(BeyondCalendar):
            ENGLAND.add(FRIDAY, 10**30)
        with pytest.raises(BeyondCalendar):
            ENGLAND.subtract(FRIDAY, 10**30)


class TestWrongQuestions:
    @pytest.mark.parametrize(
        "day", [datetime.combine(FRIDAY, time()), datetime(2026, 3, 27, 9, tzinfo=UTC)], ids=str
    )
    def test_a_moment_is_no_day(self, day):
        for ask in (ENGLAND.add, ENGLAND.subtract, ENGLAND.explain, ENGLAND.day, add_months):
            with pytest.raises(TypeError, match="not a moment"):
                ask(day, 1)
        with pytest.raises(TypeError, match="not a moment"):
            ENGLAND.between(FRIDAY, day)
        with pytest.raises(TypeError, match="not a moment"):
            ENGLAND.name_of(day)

    @pytest.mark.parametrize("day", [None, "2026-03-27", 20260327, [], object])
    def test_nor_is_anything_else(self, day):
        with pytest.raises(TypeError, match="A day is needed"):
            ENGLAND.add(day, 1)
        with pytest.raises(TypeError, match="A day is needed"):
            ENGLAND.subtract(day, 1)

    @pytest.mark.parametrize("days", [1.0, 0.5, "1", None, True, False, []])
    def test_a_count_is_a_whole_number(self, days):
        for ask in (ENGLAND.add, ENGLAND.subtract, ENGLAND.explain, ENGLAND.day, add_months):
            with pytest.raises(TypeError, match="whole number"):
                ask(FRIDAY, days)

    def test_a_count_is_not_negative_unless_it_is_explained(self):
        with pytest.raises(ValueError, match="cannot be negative: -1"):
            ENGLAND.add(FRIDAY, -1)
        with pytest.raises(ValueError, match="cannot be negative: -1"):
            ENGLAND.subtract(FRIDAY, -1)
        assert ENGLAND.explain(MONDAY, -1).end == FRIDAY


class TestMakingACalendar:
    def test_a_closure_skips_its_days_by_name(self):
        closed = {date(2026, 3, 30): "Staff conference", date(2026, 3, 28): "Move of offices"}
        calendar = Calendar(closed, date(2026, 3, 1), date(2026, 4, 30))
        assert calendar.explain(FRIDAY, 1).skipped == (
            Skipped(SATURDAY, "Saturday"),
            Skipped(date(2026, 3, 29), "Sunday"),
            Skipped(MONDAY, "Staff conference"),
        )

    @pytest.mark.parametrize("name", ["version", "covers_until", "_working", "anything"])
    def test_it_does_not_change(self, name):
        with pytest.raises(AttributeError, match="does not change"):
            setattr(ENGLAND, name, 1)
        with pytest.raises(AttributeError, match="does not change"):
            delattr(ENGLAND, name)
        with pytest.raises(TypeError):
            ENGLAND.closed[FRIDAY] = "Holiday"

    def test_it_does_not_follow_a_change_of_what_it_was_made_from(self):
        closed = {MONDAY: "Closed"}
        calendar = Calendar(closed, date(2026, 3, 1), date(2026, 4, 30))
        closed.clear()
        assert calendar.name_of(MONDAY) == "Closed"
        assert dict(calendar.closed) == {MONDAY: "Closed"}

    def test_a_copy_answers_alike(self):
        for calendar in (copy.deepcopy(ENGLAND), pickle.loads(pickle.dumps(ENGLAND))):
            assert calendar.version == ENGLAND.version
            assert calendar.fingerprint() == ENGLAND.fingerprint()
            assert calendar.add(FRIDAY, 70) == date(2026, 7, 9)

    def test_the_fingerprint_follows_days_names_and_cover(self):
        begins, ends = date(2026, 3, 1), date(2026, 4, 30)
        made = [
            Calendar({MONDAY: "Closed"}, begins, ends),
            Calendar({MONDAY: "Shut"}, begins, ends),
            Calendar({FRIDAY: "Closed"}, begins, ends),
            Calendar({MONDAY: "Closed"}, begins, date(2026, 5, 1)),
        ]
        assert len({calendar.fingerprint() for calendar in made}) == len(made)
        again = Calendar({MONDAY: "Closed"}, begins, ends, version=7)
        assert again.fingerprint() == made[0].fingerprint()

    @pytest.mark.parametrize(
        ("closed", "begins", "ends", "message"),
        [
            ({}, date(2026, 2, 1), date(2026, 1, 1), "before it begins"),
            ({date(2027, 1, 1): "New Year"}, date(2026, 1, 1), date(2026, 12, 31), "outside"),
            ({date(2026, 1, 1): " "}, date(2026, 1, 1), date(2026, 12, 31), "no name"),
        ],
    )
    def test_a_calendar_that_cannot_be(self, closed, begins, ends, message):
        with pytest.raises(ValueError, match=message):
            Calendar(closed, begins, ends)

    def test_a_moment_cannot_be_closed(self):
        with pytest.raises(TypeError, match="not a moment"):
            Calendar({datetime.combine(FRIDAY, time()): "Closed"}, FRIDAY, MONDAY)

    def test_a_cover_without_working_days_counts_nothing(self):
        weekend = Calendar({}, SATURDAY, date(2026, 3, 29))
        assert weekend.between(SATURDAY, date(2026, 3, 29)) == 0
        with pytest.raises(BeyondCalendar):
            weekend.add(SATURDAY, 1)
        with pytest.raises(BeyondCalendar):
            weekend.subtract(SATURDAY, 1)
        with pytest.raises(BeyondCalendar):
            weekend.on_or_before(SATURDAY)

    def test_it_says_what_it_is(self):
        assert repr(ENGLAND) == "<Calendar version 1, 2012-01-01 to 2028-12-31>"
