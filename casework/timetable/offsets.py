"""How long: the offsets in which the rules are written, from a start to a date."""

from dataclasses import dataclass, replace
from datetime import time


@dataclass(frozen=True)
class WorkingDays:
    """So many working days after (below zero: before) the start; 0 is the day itself."""

    number: int
    ours: bool = False

    @property
    def words(self) -> str:
        if self.number == 0:
            return "same day"
        if self.number == 1:
            return "next working day"
        side = "after" if self.number > 0 else "before"
        return f"{abs(self.number)} working day{'s' if abs(self.number) > 1 else ''} {side}"

    def with_number(self, number: int) -> "WorkingDays":
        return replace(self, number=number)


@dataclass(frozen=True)
class SameDayOrBefore:
    """Any day up to the start itself."""

    ours: bool = False
    number: int = 0
    words: str = "same day or before"

    def with_number(self, number: int) -> "SameDayOrBefore":
        raise ValueError("'Same day or before' has no number to set.")


@dataclass(frozen=True)
class Day:
    """A numbered day of a visit: Day 1 is the first on site, Day -1 the working day before it.

    `to` makes it a range that ends on that day; `at` gives the hour by which, `opens` the hour
    from which (London time).
    """

    number: int
    to: int | None = None
    at: time | None = None
    opens: time | None = None
    ours: bool = False

    @property
    def last(self) -> int:
        return self.number if self.to is None else self.to

    @property
    def words(self) -> str:
        days = f"Day {self.number}" + (f" to {self.to}" if self.to is not None else "")
        return days + (f", {self.at:%H:%M}" if self.at and not self.opens else "")

    def with_number(self, number: int) -> "Day":
        if number == 0:
            raise ValueError("There is no Day 0.")
        return replace(self, number=number)


@dataclass(frozen=True)
class Months:
    """The same day of the month so many months on, or that month's last day."""

    number: int
    ours: bool = False

    @property
    def words(self) -> str:
        return f"{self.number} month{'s' if self.number != 1 else ''} after"

    def with_number(self, number: int) -> "Months":
        return replace(self, number=number)


Offset = WorkingDays | SameDayOrBefore | Day | Months


def working_days(number: int) -> WorkingDays:
    """So many working days after the start; below zero, before it."""
    return WorkingDays(number)


def months(number: int) -> Months:
    """So many months after the start."""
    return Months(number)


same_day = WorkingDays(0)
next_working_day = WorkingDays(1)
same_day_or_before = SameDayOrBefore()
