"""The cells of one row as values. What cannot be read is noted, so that all is said at once."""

import datetime
import enum
import re
from collections.abc import Mapping

from overview.history.rows import KNOWN, OUTCOMES, What
from working_days.calendar import Calendar

# fmt: off
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")
# fmt: on
A_MONTH = re.compile(rf"\b({'|'.join(MONTHS)}) (20[0-9]{{2}})\b")
A_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
A_NUMBER = re.compile(r"-?[0-9]{1,4}")
#: What stands in brackets after an outcome is a remark on it.
REMARK = re.compile(r"\s*\([^()]*\)$")


class Refused(Exception):
    """Why a row is not taken: every reason that was found."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class Cells:
    """The cells of a row by column. Each reader gives a value, or None and a line in `reasons`."""

    def __init__(self, cells: Mapping[str, str], calendar: Calendar, today: datetime.date) -> None:
        self.cells = cells
        self.calendar = calendar
        self.today = today
        self.reasons: list[str] = []

    def what(self) -> What:
        """What the row is of. Raises Refused: nothing else can be read without it."""
        framework, event = self.cells["framework"], self.cells["event"]
        what = KNOWN.get((framework, event.lower()))
        if what is None:
            known = "; ".join(f"{one} {other}" for one, other in KNOWN)
            raise Refused(
                f"An event '{_brief(event)}' of the framework '{_brief(framework)}' is not known."
                f" There are: {known}."
            )
        return what

    def needed(self, name: str) -> str:
        """A text that has to be there."""
        if not self.cells[name]:
            self.reasons.append(f"{name} is empty.")
        return self.cells[name]

    def day(self, name: str, *, may_lie_ahead: bool = False) -> datetime.date | None:
        """A date, of the years that the calendar covers and not ahead of today."""
        text = self.cells[name]
        day = self._day(name, text) if text else None
        if day is None:
            return None
        first, last = self.calendar.covers_from, self.calendar.covers_until
        if not first <= day <= last:
            self.reasons.append(
                f"{name} {text} is not within the years for which bank holidays are known,"
                f" {first.year} to {last.year}."
            )
        elif day > self.today and not may_lie_ahead:
            self.reasons.append(f"{name} {text} is still to come.")
        return day

    def _day(self, name: str, text: str) -> datetime.date | None:
        if not A_DAY.fullmatch(text):
            self.reasons.append(f"{name} '{_brief(text)}' is no date of the form 2019-06-28.")
            return None
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            leap = f": {text[:4]} is no leap year" if text.endswith("-02-29") else ""
            self.reasons.append(f"{name} {text} is no day of the calendar{leap}.")
            return None

    def number(self, name: str, *, signed: bool = False) -> int | None:
        """A whole number."""
        text = self.cells[name]
        if not text:
            return None
        if not A_NUMBER.fullmatch(text) or (text.startswith("-") and not signed):
            self.reasons.append(f"{name} '{_brief(text)}' is no whole number.")
            return None
        return int(text)

    def outcome(self, what: What) -> enum.StrEnum | None:
        """What came of it; None also where the source has it not."""
        words = self.cells["outcome"]
        stem = REMARK.sub("", words).strip().lower()
        if not stem:
            return None
        if stem not in OUTCOMES[what]:
            known = "; ".join(OUTCOMES[what])
            self.reasons.append(
                f"The outcome '{_brief(words)}' is not known of a row of this kind ({known})."
            )
        return OUTCOMES[what].get(stem)

    def month_end(self, name: str) -> datetime.date | None:
        """The last day of the first month that a text names."""
        found = A_MONTH.search(self.cells[name])
        if found is None:
            return None
        year, month = int(found[2]), MONTHS.index(found[1]) + 1
        after = datetime.date(year + month // 12, month % 12 + 1, 1)
        day = after - datetime.timedelta(days=1)
        return day if self.calendar.covers_from <= day <= self.today else None


def _brief(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
