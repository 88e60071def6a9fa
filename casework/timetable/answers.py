"""What goes into the timetable engine and what comes out: plain, frozen values."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from working_days.calendar import Skipped

Strength = Literal["must", "normally", "target"]
Origin = Literal["source", "ours"]


class TimetableError(ValueError):
    """Dates or names that no timetable can be made from.

    `messages` holds one pair for each problem: the event it is about ('' where it is about none)
    and what is wrong, in words for the person who typed it.
    """

    def __init__(self, messages: list[tuple[str, str]]) -> None:
        self.messages = messages
        super().__init__(" ".join(text for _, text in messages))


@dataclass(frozen=True)
class Subject:
    """One of several that owe or receive the same thing: an organisation, a day on site."""

    key: str
    name: str


@dataclass(frozen=True)
class Happening:
    """A known event: the day on which it happened or is fixed to happen."""

    event: str
    on: date
    at: datetime | None = None
    subject: str = ""


@dataclass(frozen=True)
class CountedFrom:
    """The start of a count. `forecast` while the event has not been recorded."""

    event: str
    date: date
    forecast: bool


@dataclass(frozen=True)
class Due:
    """One deadline, with everything that answers 'why this date?'."""

    code: str
    subject: str
    subject_name: str
    title: str
    owed_by: str
    due_on: date
    due_at: datetime | None
    strength: Strength
    source_offset: Origin
    citation: str
    counted_from: CountedFrom
    offset: str
    day_number: int | None
    forecast: bool
    skipped: tuple[Skipped, ...]
    practical_on: date | None
    note: str
    met_by: str = ""
    met_on: date | None = None
    met_at: datetime | None = None
    lapses: bool = False
    agreed_on: date | None = None
    also_met_by: tuple[str, ...] = ()
    opens_on: date | None = None
    opens_at: datetime | None = None
    rule: str = ""
    brief: str = ""
    from_reports: bool = False

    @property
    def verified(self) -> bool:
        """Whether its number is the source's, or ours to choose: not one heard of elsewhere."""
        return not (self.from_reports and self.source_offset == "ours")

    @property
    def stands_on(self) -> date:
        """The day that holds: the agreed one where an extension was agreed, else the computed."""
        return self.agreed_on or self.due_on


@dataclass(frozen=True)
class NotCounted:
    """A rule that applies but whose start is not known and cannot be forecast."""

    code: str
    title: str
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Timetable:
    """All deadlines of one case, soonest first, with what is unusual about the dates given."""

    dues: tuple[Due, ...]
    warnings: tuple[str, ...]
    not_counted: tuple[NotCounted, ...] = ()
    kind: str = ""
    framework: str = ""
    edition: str = ""
    calendar_version: int = 0

    def due(self, code: str, subject: str = "") -> Due:
        """The one deadline of a rule (and subject). Raises KeyError where there is none."""
        for due in self.dues:
            if due.code == code and due.subject == subject:
                return due
        raise KeyError((code, subject))
