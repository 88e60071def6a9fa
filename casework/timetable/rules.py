"""The grammar in which the rooms write their deadline rules: one short declaration each.

A declaration reads like a row of the table of deadlines: code, what is due, who owes it, the event
it counts from, how long, the event that meets it, how strong, where it is written. Nothing here
computes; `engine.py` does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Protocol, TypeVar

from working_days.calendar import Calendar

from .answers import Strength, Subject

MUST: Strength = "must"
NORMALLY: Strength = "normally"
TARGET: Strength = "target"

DAY_ON_SITE = "day_on_site"


# --- how long ---------------------------------------------------------------------------------


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


# --- from when --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Event:
    """Counted from one event. Where several subjects have it and the rule is for all of them,
    the last of them counts, unless `first`; `by` names the one subject that matters."""

    name: str
    first: bool = False
    by: str = ""
    ours: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)


@dataclass(frozen=True)
class LatestOf:
    """Counted from whichever of these comes last."""

    parts: tuple[Event, ...]
    ours: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(part.name for part in self.parts)


@dataclass(frozen=True)
class FirstOf:
    """Counted from the first of these to happen: they exclude each other."""

    parts: tuple[Event, ...]
    ours: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(part.name for part in self.parts)


@dataclass(frozen=True)
class AnswerOrPeriodOver:
    """Counted from an answer or, where none comes, from the end of the period for it."""

    answer: str
    over: str
    period: str
    ours: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (self.answer, self.over)


@dataclass(frozen=True)
class Choice:
    """Counted from the first of these events; an administrator can choose another of them by
    the parameter `<CODE>:from` (0 is the first)."""

    options: tuple[Event, ...]
    ours: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(option.name for option in self.options)


Start = Event | LatestOf | FirstOf | AnswerOrPeriodOver | Choice


def latest_of(*names: str | Event) -> LatestOf:
    """Whichever of the events comes last."""
    return LatestOf(tuple(_event(name) for name in names))


def first_of(*names: str) -> FirstOf:
    """Whichever of the events, which exclude each other, has happened."""
    return FirstOf(tuple(_event(name) for name in names))


def earliest(name: str) -> Event:
    """The first of the subjects to have the event governs all."""
    return Event(name, first=True)


def by(subject: str, name: str) -> Event:
    """The event of this one subject."""
    return Event(name, by=subject)


def answer_or_period_over(answer: str, *, over: str, period: str) -> AnswerOrPeriodOver:
    """The answer, or the end of the period that rule `period` gives for it."""
    return AnswerOrPeriodOver(answer, over, period)


def choice(*names: str) -> Choice:
    """The first event, unless an administrator chose another."""
    return Choice(tuple(_event(name) for name in names))


def _event(name: str | Event) -> Event:
    return Event(name) if isinstance(name, str) else name


_Starred = TypeVar("_Starred", WorkingDays, Day, Months, Event)


def ours(thing: _Starred) -> _Starred:
    """Mark an offset, or a start, that the source does not give: it is a parameter of ours."""
    return replace(thing, ours=True)


# --- only if, repeat --------------------------------------------------------------------------


class Known(Protocol):
    """What a condition may ask about a case."""

    def happened(self, event: str) -> bool: ...

    def days_on_site(self) -> int | None: ...


@dataclass(frozen=True)
class Condition:
    """When a rule applies, in words and as a test."""

    words: str
    test: Callable[[Known], bool]
    events: tuple[str, ...] = ()


def happened(*events: str, words: str) -> Condition:
    """The rule applies once any of the events has happened."""
    return Condition(words, lambda known: any(known.happened(name) for name in events), events)


def longer_on_site_than(days: int) -> Condition:
    """The rule applies to visits of more than so many working days on site."""
    return Condition(
        f"more than {days} days on site",
        lambda known: (known.days_on_site() or 0) > days,
        ("first_day", "last_day"),
    )


@dataclass(frozen=True)
class Repeat:
    """Again and again by the rule's offset, counted from the start, until an event ends it.

    Materialised: every occurrence that was met, the one now due and the next two. `step` names an
    event that sets another number of months from its own date on (its subject is that number).
    """

    until: tuple[str, ...] = ()
    step: str = ""
    ahead: int = 2


# --- the rule ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """One row of the table of deadlines. `brief` is what is due in a few words, for a drawing."""

    code: str
    due: str
    owed_by: str
    counted_from: str | Start
    offset: Offset | Mapping[str, Offset]
    met_by: str | tuple[str, ...]
    strength: Strength
    citation: str
    each: str = ""
    but_last: bool = False
    all_of: str = ""
    only_if: Condition | None = None
    repeat: Repeat | None = None
    lapses: bool = False
    editions: tuple[str, ...] = ()
    subject: Subject | None = None
    brief: str = ""
    note: str = ""

    @property
    def start(self) -> Start:
        """The start as a value, also where the declaration just names an event."""
        return Event(self.counted_from) if isinstance(self.counted_from, str) else self.counted_from

    @property
    def events_that_meet(self) -> tuple[str, ...]:
        """The events any of which meets the rule."""
        if isinstance(self.met_by, tuple):
            return self.met_by
        return (self.met_by,) if self.met_by else ()

    def offset_in(self, edition: str) -> Offset:
        """How long, in one edition. Raises KeyError where the edition has no such rule."""
        return self.offset[edition] if isinstance(self.offset, Mapping) else self.offset

    def holds_in(self, edition: str) -> bool:
        """Whether the edition has the rule at all."""
        return not self.editions or edition in self.editions


@dataclass(frozen=True)
class EventName:
    """An event that a kind of case may have: its name, what it means, who has it.

    `follows`: while unknown, forecast on the day of that other event. `latest_day`: while unknown,
    forecast as that numbered day of the visit. `synonyms` are other names people may type.
    `leading`: among the dates to ask for first.
    """

    name: str
    meaning: str
    each: str = ""
    follows: str = ""
    latest_day: int | None = None
    synonyms: tuple[str, ...] = ()
    leading: bool = False


@dataclass(frozen=True)
class Edition:
    """An edition of a framework and the day from which it holds."""

    name: str
    title: str
    holds_from: date
    note: str = ""


class Dates(Protocol):
    """What a check may ask: the one date of an event, where it is known."""

    def on(self, event: str) -> date | None: ...


@dataclass(frozen=True)
class Problem:
    """Something wrong with the dates given: an error, or merely unusual."""

    event: str
    text: str
    unusual: bool = False


Check = Callable[[Dates, Calendar], Sequence[Problem]]


@dataclass(frozen=True)
class Ruleset:
    """All rules of one kind of case under one framework."""

    kind: str
    framework: str
    title: str
    events: tuple[EventName, ...]
    rules: tuple[Rule, ...]
    editions: tuple[Edition, ...]
    checks: tuple[Check, ...] = ()
    notified_on_day: int | None = None
    default_subjects: Mapping[str, tuple[Subject, ...]] = field(default_factory=dict)

    def event(self, name: str) -> EventName | None:
        """The declaration of an event by its name or a synonym; None where there is none."""
        for event in self.events:
            if name == event.name or name in event.synonyms:
                return event
        return None

    def rules_in(self, edition: str) -> tuple[Rule, ...]:
        """The rules that one edition has, in the order of the table."""
        return tuple(rule for rule in self.rules if rule.holds_in(edition))
