"""The grammar in which the rooms write their deadline rules: one short declaration each.

A declaration reads like a row of the table of deadlines: code, what is due, who owes it, the event
it counts from, how long, the event that meets it, how strong, where it is written. Nothing here
computes; `engine.py` does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Protocol, TypeVar

from working_days.calendar import Calendar

from .answers import Strength, Subject
from .offsets import Day as Day
from .offsets import Months as Months
from .offsets import Offset as Offset
from .offsets import SameDayOrBefore as SameDayOrBefore
from .offsets import WorkingDays as WorkingDays
from .offsets import months as months
from .offsets import next_working_day as next_working_day
from .offsets import same_day as same_day
from .offsets import same_day_or_before as same_day_or_before
from .offsets import working_days as working_days
from .starts import AnswerOrPeriodOver as AnswerOrPeriodOver
from .starts import Chain as Chain
from .starts import Choice as Choice
from .starts import Event as Event
from .starts import FirstOf as FirstOf
from .starts import LatestOf as LatestOf
from .starts import Start as Start
from .starts import answer_or_period_over as answer_or_period_over
from .starts import by as by
from .starts import choice as choice
from .starts import earliest as earliest
from .starts import first_of as first_of
from .starts import first_then as first_then
from .starts import latest_of as latest_of

MUST: Strength = "must"
NORMALLY: Strength = "normally"
TARGET: Strength = "target"

DAY_ON_SITE = "day_on_site"


# --- ours -------------------------------------------------------------------------------------


_Starred = TypeVar("_Starred", WorkingDays, Day, Months, Event)


def ours(thing: _Starred) -> _Starred:
    """Mark an offset, or a start, that the source does not give: it is a parameter of ours."""
    return replace(thing, ours=True)


# --- met by -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class AnyOf:
    """Met by the first of these events."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class AllOf:
    """Met by the last of these events: each of them is needed."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Nth:
    """Met by the event when it happens for the nth time."""

    number: int
    name: str

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)


@dataclass(frozen=True)
class Offered:
    """Met by the offer, on the day of the offer, once it is known what came of it."""

    offer: str
    then: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return (self.offer, *self.then)


MetBy = AnyOf | AllOf | Nth | Offered


def all_of(*names: str) -> AllOf:
    """All of the events have to happen."""
    return AllOf(names)


def nth(number: int, name: str) -> Nth:
    """The event has to happen so many times."""
    return Nth(number, name)


def offered(offer: str, *, then: tuple[str, ...]) -> Offered:
    """The offer has to be made, and what came of it recorded: one of `then`."""
    return Offered(offer, then)


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


def unless(*events: str, words: str) -> Condition:
    """The rule applies for as long as none of the events has happened."""
    return Condition(words, lambda known: not any(known.happened(name) for name in events), events)


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

    step: str = ""
    ahead: int = 2


# --- the rule ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """One row of the table of deadlines. `brief` is what is due in a few words, for a drawing.

    `until`: the events that end it. What was due by the day on which one happens stays, whatever
    was due later goes. `setting` names the parameter where several rows share a code.
    `from_reports`: the row is in none of the sources but in published reports: every number in it
    is a parameter, and a starred one is not verified.
    """

    code: str
    due: str
    owed_by: str
    counted_from: str | Start
    offset: Offset | Mapping[str, Offset]
    met_by: str | tuple[str, ...] | MetBy
    strength: Strength
    citation: str
    each: str = ""
    but_last: bool = False
    all_of: str = ""
    only_if: Condition | None = None
    repeat: Repeat | None = None
    until: tuple[str, ...] = ()
    lapses: bool = False
    editions: tuple[str, ...] = ()
    subject: Subject | None = None
    brief: str = ""
    note: str = ""
    setting: str = ""
    from_reports: bool = False

    @cached_property
    def start(self) -> Start:
        """The start as a value, also where the declaration just names an event."""
        return Event(self.counted_from) if isinstance(self.counted_from, str) else self.counted_from

    @cached_property
    def title(self) -> str:
        """What is due, as a line of its own."""
        return self.due[0].upper() + self.due[1:]

    @cached_property
    def meeting(self) -> MetBy:
        """What meets it as a value, also where the declaration just names events."""
        if isinstance(self.met_by, tuple):
            return AnyOf(self.met_by)
        if isinstance(self.met_by, str):
            return AnyOf((self.met_by,) if self.met_by else ())
        return self.met_by

    @property
    def events_that_meet(self) -> tuple[str, ...]:
        """The events that have a part in meeting the rule."""
        return self.meeting.names

    @property
    def names_it_depends_on(self) -> frozenset[str]:
        """The events that decide whether the rule applies, until when and at what pace."""
        step = (self.repeat.step,) if self.repeat and self.repeat.step else ()
        return frozenset((*(self.only_if.events if self.only_if else ()), *self.until, *step))

    @property
    def parameter(self) -> str:
        """The key under which an administrator can set its number, where that is allowed."""
        return self.setting or self.code

    def can_set(self, offset: Offset) -> bool:
        """Whether the number is a parameter: ours, or in none of the sources."""
        return offset.ours or self.from_reports

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
    `leading`: among the dates to ask for first. `renewed_by`: where that other event comes later,
    what is not met by then counts from it. `outcome`: it says that the case has this outcome.
    `numbered`: its subject is a number of these units.
    """

    name: str
    meaning: str
    each: str = ""
    follows: str = ""
    latest_day: int | None = None
    synonyms: tuple[str, ...] = ()
    leading: bool = False
    renewed_by: str = ""
    outcome: str = ""
    numbered: str = ""


@dataclass(frozen=True)
class Edition:
    """An edition of a framework and the day from which it holds."""

    name: str
    title: str
    holds_from: date
    note: str = ""


class Dates(Protocol):
    """What a check may ask: the rules, and the one date of an event, where it is known."""

    @property
    def ruleset(self) -> "Ruleset": ...

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
    needs_outcome: bool = False

    def event(self, name: str) -> EventName | None:
        """The declaration of an event by its name or a synonym; None where there is none."""
        return self._by_name.get(name)

    def rules_in(self, edition: str) -> tuple[Rule, ...]:
        """The rules that one edition has, in the order of the table."""
        return tuple(rule for rule in self.rules if rule.holds_in(edition))

    @cached_property
    def repeats_anything(self) -> bool:
        """Whether anything comes again and again."""
        return any(rule.repeat for rule in self.rules)

    @cached_property
    def groups(self) -> frozenset[str]:
        """Who or what has a deadline or an event each."""
        of_rules = {name for rule in self.rules for name in (rule.each, rule.all_of)}
        return frozenset((*of_rules, *(event.each for event in self.events))) - {""}

    @cached_property
    def asks_outcome(self) -> bool:
        """Whether any rule depends on the outcome, so that it is worth asking for."""
        named = {event.name for event in self.outcomes.values()}
        asked = {name for rule in self.rules for name in rule.names_it_depends_on}
        return bool(named & asked)

    @cached_property
    def outcomes(self) -> Mapping[str, EventName]:
        """What a case of this kind can come to, each with the event that says so."""
        return {event.outcome: event for event in self.events if event.outcome}

    @cached_property
    def _by_name(self) -> Mapping[str, EventName]:
        return {name: event for event in self.events for name in (event.name, *event.synonyms)}

    @cached_property
    def meets(self) -> Mapping[str, tuple[Rule, ...]]:
        """The rules that each event has a part in meeting."""
        found: dict[str, list[Rule]] = {}
        for rule in self.rules:
            for name in rule.events_that_meet:
                found.setdefault(name, []).append(rule)
        return {name: tuple(rules) for name, rules in found.items()}
