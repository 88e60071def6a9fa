"""What somebody asks of the public timetable: a kind, the dates known, who is concerned.

A question has one address: the same dates in any spelling lead to the same link, which can be
shared, kept, and asked again as PDF, calendar file or JSON.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from casework.inputs import VersionsOnRecord, parameters_version_now
from casework.timetable import (
    Happening,
    Subject,
    Timetable,
    compute,
    parameters_of,
    ruleset,
)
from casework.timetable.rules import DAY_ON_SITE, AnswerOrPeriodOver, EventName, Ruleset
from casework.timetable.typed import with_outcome
from working_days.calendar import Calendar
from working_days.services import current_calendar

MANY = 20
#: Who the council is where only health commissioners were named: it owes its own deadlines still.
COUNCIL = "the local authority"


def key_of(event: EventName) -> str:
    """The event's name as it stands in an address: without a colon."""
    return event.synonyms[0] if ":" in event.name else event.name


def events_to_ask_for(rules: Ruleset) -> list[EventName]:
    """The events that move a date: those that some rule counts from or depends on. What was found
    is asked for by itself."""
    names: set[str] = set()
    for rule in rules.rules:
        names.update(rule.start.names, rule.names_it_depends_on)
        if isinstance(rule.start, AnswerOrPeriodOver):
            names.discard(rule.start.over)
    names.update(event.renewed_by for event in rules.events if event.name in names)
    return [
        event
        for event in rules.events
        if (event.name in names - {DAY_ON_SITE} or event.leading) and not event.outcome
    ]


def number_key_of(event: EventName) -> str:
    """The name in an address of the number that goes with an event."""
    return f"{key_of(event)}_{event.numbered}"


@dataclass(frozen=True)
class InForce:
    """What an answer rests on besides the question: the calendar, and the numbers that
    administrators have chosen in place of those that are ours."""

    calendar: Calendar
    parameters: Mapping[str, int]

    def parameters_for(self, rules: Ruleset) -> dict[str, int]:
        """The chosen numbers that belong to these rules."""
        known = {one.key for one in parameters_of(rules.kind, rules.framework)}
        return {key: number for key, number in self.parameters.items() if key in known}


def now_in_force() -> InForce:
    """What a case opened today would be counted with. Three short queries."""
    chosen = VersionsOnRecord().parameters(parameters_version_now())
    return InForce(current_calendar(), chosen)


@dataclass(frozen=True)
class Question:
    """One question, with its dates in the order of the kind's events."""

    kind: str
    dates: tuple[tuple[str, date], ...]
    framework: str = ""
    edition: str = ""
    council: str = ""
    health: tuple[str, ...] = ()
    outcome: str = ""
    numbers: tuple[tuple[str, int], ...] = ()
    repeat_until: date | None = None

    @property
    def rules(self) -> Ruleset:
        """The rules it is asked of. Raises TimetableError for a kind that has none."""
        return ruleset(self.kind, self.framework)

    def query(self) -> str:
        """The question as the part of an address after '?': one spelling only."""
        pairs = [("kind", self.kind), ("framework", self.framework), ("edition", self.edition)]
        pairs += [(key, day.isoformat()) for key, day in self.dates]
        pairs += [(key, str(number)) for key, number in self.numbers]
        pairs += [("outcome", self.outcome)]
        pairs += [("repeat_until", self.repeat_until.isoformat() if self.repeat_until else "")]
        pairs += [("council", self.council), *(("health", name) for name in self.health)]
        return urlencode([(key, text) for key, text in pairs if text])

    def subjects(self) -> Mapping[str, list[Subject]]:
        """Who has one deadline each, where they were named."""
        health = [Subject(name, name) for name in self.health]
        name = self.council or (COUNCIL if health else "")
        council = [Subject(name, name)] if name else []
        bodies = [*council, *health]
        return {"body": bodies, "recipient": bodies, "health_commissioner": health}

    def answer(self, in_force: InForce) -> Timetable:
        """The timetable. Raises TimetableError for what cannot be."""
        known = [Happening(key, day, subject=self._number(key)) for key, day in self.dates]
        return compute(
            self.kind,
            with_outcome(self.rules, known, self.outcome),
            calendar=in_force.calendar,
            framework=self.framework,
            edition=self.edition,
            subjects=self.subjects(),
            parameters=in_force.parameters_for(self.rules),
            repeat_until=self.repeat_until,
        )

    def _number(self, key: str) -> str:
        event = self.rules.event(key)
        numbers = dict(self.numbers)
        return str(numbers[number_key_of(event)]) if event and event.numbered else ""


def in_order(rules: Ruleset, dates: Mapping[str, date]) -> tuple[tuple[str, date], ...]:
    """The dates in the order in which the kind declares its events."""
    return tuple(
        (key_of(event), dates[event.name]) for event in rules.events if event.name in dates
    )


def names_in(lines: Iterable[str]) -> tuple[str, ...]:
    """Names, one a line: trimmed, empty and repeated ones left out."""
    tidy = (" ".join(line.split()) for line in lines)
    return tuple(dict.fromkeys(name for name in tidy if name))
