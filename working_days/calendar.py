"""The calendar: pure arithmetic on working days, with the reason for every day skipped.

A working day is any day but a Saturday, a Sunday, a bank holiday in England and a recorded closure
that stops the clock. A count starts on the day after the start, which is day 0 whether or not it is
a working day itself. A calendar knows its own ends and refuses to guess beyond them.

All answers rest on tables made once: a question costs two look-ups, however many days it spans.
"""

import calendar as months
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any, NoReturn

DEFINITION = (
    "A working day is any day except a Saturday, a Sunday, a bank holiday in England and a day "
    "on which an inspectorate is recorded as closed with the clock stopped."
)

WEEKEND = {5: "Saturday", 6: "Sunday"}


class BeyondCalendar(ValueError):
    """The answer lies, or would lie, outside the days for which bank holidays are known."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that does not count, and why: 'Saturday', 'Good Friday', the reason of a closure."""

    date: date
    name: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a count of working days went: `days` is negative when it went backwards.

    `skipped` holds every day between `start` and `end` that did not count, in calendar order.
    """

    start: date
    days: int
    end: date
    skipped: tuple[Skipped, ...]


class Calendar:
    """The working days from `covers_from` to `covers_until`, both included. Immutable.

    Every method takes and gives plain dates. A moment (`datetime`) where a day is needed, or a
    count that is not a whole number, raises TypeError; a day outside the cover raises
    BeyondCalendar.
    """

    __slots__ = (
        "_last",
        "_names",
        "_off",
        "_working",
        "closed",
        "covers_from",
        "covers_until",
        "version",
    )

    closed: Mapping[date, str]
    covers_from: date
    covers_until: date
    version: int
    _working: tuple[date, ...]
    _off: tuple[Skipped, ...]
    _names: dict[date, str]
    _last: dict[date, int]

    def __init__(
        self, closed: Mapping[date, str], covers_from: date, covers_until: date, version: int = 0
    ) -> None:
        """Make a calendar from the days closed for all, each with its name.

        A weekend keeps its own name where it is also in `closed`. Raises ValueError for a closed
        day outside the cover or without a name, and for a cover that ends before it begins.
        """
        for day in (covers_from, covers_until, *closed):
            _check_day(day)
        if covers_until < covers_from:
            raise ValueError(
                f"A calendar cannot end on {in_words(covers_until)}, before it begins on "
                f"{in_words(covers_from)}."
            )
        for day, name in closed.items():
            if not covers_from <= day <= covers_until:
                raise ValueError(f"{name}, {in_words(day)}, is outside the calendar's cover.")
            if not name.strip():
                raise ValueError(f"{in_words(day)} is closed but has no name.")

        working: list[date] = []
        names: dict[date, str] = {}
        # For each day, the place in `working` of the last working day up to and including it.
        last: dict[date, int] = {}
        place = -1
        for ordinal in range(covers_from.toordinal(), covers_until.toordinal() + 1):
            day = date.fromordinal(ordinal)
            name_or_none = WEEKEND.get(day.weekday()) or closed.get(day)
            if name_or_none is None:
                working.append(day)
                place += 1
            else:
                names[day] = name_or_none
            last[day] = place

        fill = super().__setattr__
        fill("closed", MappingProxyType(dict(sorted(closed.items()))))
        fill("covers_from", covers_from)
        fill("covers_until", covers_until)
        fill("version", version)
        fill("_working", tuple(working))
        fill("_off", tuple(Skipped(day, name) for day, name in names.items()))
        fill("_names", names)
        fill("_last", last)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("A calendar does not change: make another one.")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("A calendar does not change: make another one.")

    def __reduce__(self) -> tuple[Any, ...]:
        return Calendar, (dict(self.closed), self.covers_from, self.covers_until, self.version)

    def __repr__(self) -> str:
        return f"<Calendar version {self.version}, {self.covers_from} to {self.covers_until}>"

    def fingerprint(self) -> str:
        """SHA-256 of the cover and the closed days: the same for calendars that answer alike."""
        lines = [f"{self.covers_from} {self.covers_until}"]
        lines += [f"{day} {name}" for day, name in self.closed.items()]
        return sha256("\n".join(lines).encode()).hexdigest()

    def is_working_day(self, day: date) -> bool:
        """Whether `day` counts."""
        self._check_cover(day)
        return day not in self._names

    def name_of(self, day: date) -> str | None:
        """Why `day` is no working day ('Sunday', 'Good Friday', a closure's reason); else None."""
        self._check_cover(day)
        return self._names.get(day)

    def add(self, start: date, days: int) -> date:
        """The day that is `days` working days after `start`; `start` itself for 0 days.

        Raises BeyondCalendar past either end of the cover, ValueError for a negative count and
        TypeError for anything but a plain day and a whole number.
        """
        # The look-ups do the checking: only plain days inside the cover are keys (a datetime never
        # equals a date), and running off the end of the tuple is running off the calendar.
        try:
            if type(days) is int and days > 0:
                return self._working[self._last[start] + days]
        except (KeyError, IndexError, TypeError):
            self._check_cover(start)
            raise self._ends(f"{_days(days)} after {in_words(start)}") from None
        self._check_cover(start)
        _check_count(days)
        return self.add(start, int(days)) if days else start

    def subtract(self, start: date, days: int) -> date:
        """The day that is `days` working days before `start`; `start` itself for 0 days.

        Raises as `add` does.
        """
        self._check_cover(start)
        _check_count(days)
        if days == 0:
            return start
        # Where `start` does not count, the last working day up to it is already one day before it.
        place = self._last[start] + (start in self._names) - days
        if place < 0:
            raise self._begins(f"{_days(days)} before {in_words(start)}")
        return self._working[place]

    def between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and including `end`.

        Negative when `end` comes first: `between(a, b) == -between(b, a)`.
        """
        self._check_cover(start)
        self._check_cover(end)
        return self._last[end] - self._last[start]

    def day(self, first_day: date, number: int) -> date:
        """The date of Day `number`, where Day 1 is `first_day` (RV 12 and table, HB 118).

        Day 2 is the next working day, Day -1 the last working day before Day 1. Raises ValueError
        for Day 0, which does not exist, and for a first day that is no working day.
        """
        self._check_first_day(first_day)
        _check_whole(number)
        if number == 0:
            raise ValueError("There is no Day 0: the working day before Day 1 is Day -1.")
        if number > 0:
            return self.add(first_day, number - 1)
        return self.subtract(first_day, -number)

    def day_number(self, first_day: date, day: date) -> int:
        """Which Day `day` is, where Day 1 is `first_day`: never 0.

        Raises ValueError where either is no working day, since only working days are numbered.
        """
        self._check_first_day(first_day)
        if name := self.name_of(day):
            raise ValueError(f"{in_words(day)} is no working day ({name}), so it has no number.")
        distance = self.between(first_day, day)
        return distance if distance < 0 else distance + 1

    def explain(self, start: date, days: int) -> Explanation:
        """The day `days` working days after `start` (before it, if negative) and what was skipped.

        Raises as `add` does, except that a negative count is welcome.
        """
        _check_whole(days)
        end = self.add(start, days) if days >= 0 else self.subtract(start, -days)
        if days >= 0:
            skipped = self._off[self._off_up_to(start) : self._off_up_to(end)]
        else:
            before_start = self._off_up_to(start) - (start in self._names)
            skipped = self._off[self._off_up_to(end) : before_start]
        return Explanation(start, days, end, skipped)

    def on_or_before(self, day: date) -> date:
        """The last working day up to and including `day`: a calendar deadline's practical day."""
        self._check_cover(day)
        place = self._last[day]
        if place < 0:
            raise self._begins(f"the last working day up to {in_words(day)}")
        return self._working[place]

    def _off_up_to(self, day: date) -> int:
        """How many days that do not count lie from the calendar's beginning up to `day`."""
        return day.toordinal() - self.covers_from.toordinal() - self._last[day]

    def _check_cover(self, day: date) -> None:
        _check_day(day)
        if day > self.covers_until:
            raise self._ends(in_words(day))
        if day < self.covers_from:
            raise self._begins(in_words(day))

    def _check_first_day(self, first_day: date) -> None:
        if name := self.name_of(first_day):
            raise ValueError(f"Day 1 must be a working day: {in_words(first_day)} is not ({name}).")

    def _ends(self, wanted: str) -> BeyondCalendar:
        return BeyondCalendar(
            f"Bank holidays are known up to {in_words(self.covers_until)} only, so the calendar "
            f"cannot say anything about {wanted}."
        )

    def _begins(self, wanted: str) -> BeyondCalendar:
        return BeyondCalendar(
            f"Bank holidays are known from {in_words(self.covers_from)} only, so the calendar "
            f"cannot say anything about {wanted}."
        )


def add_months(day: date, number: int) -> date:
    """The same day of the month `number` months on, or that month's last day.

    Calendar months: the result may be no working day (`Calendar.on_or_before` gives the practical
    one). A negative number goes back. Raises BeyondCalendar outside the years 1 to 9999.
    """
    _check_day(day)
    _check_whole(number)
    year, month_before = divmod(day.year * 12 + day.month - 1 + number, 12)
    if not date.min.year <= year <= date.max.year:
        raise BeyondCalendar(
            f"{number} months from {in_words(day)} is outside the years 1 to 9999, "
            "which is all that dates can hold."
        )
    last = months.monthrange(year, month_before + 1)[1]
    return date(year, month_before + 1, min(day.day, last))


def in_words(day: date) -> str:
    """A date as the service writes it: '8 May 2020'."""
    return f"{day.day} {months.month_name[day.month]} {day.year}"


def _days(number: int) -> str:
    return "1 working day" if number == 1 else f"{number} working days"


def _check_day(day: object) -> None:
    if isinstance(day, datetime):
        raise TypeError(f"A day is needed, not a moment: {day!r}.")
    if not isinstance(day, date):
        raise TypeError(f"A day is needed, not {day!r}.")


def _check_whole(number: object) -> None:
    if isinstance(number, bool) or not isinstance(number, int):
        raise TypeError(f"A whole number is needed, not {number!r}.")


def _check_count(days: int) -> None:
    _check_whole(days)
    if days < 0:
        raise ValueError(f"A number of working days cannot be negative: {days}.")
