"""From when: the starts in which the rules are written."""

from dataclasses import dataclass


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


@dataclass(frozen=True)
class Chain:
    """Of a repeated rule: the first occurrence counts from one event, each further one from the
    next of another repeated event, which is forecast where it has not happened yet."""

    first: Event
    then: str
    ours: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (self.first.name, self.then)


Start = Event | LatestOf | FirstOf | AnswerOrPeriodOver | Choice | Chain


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


def first_then(first: str, then: str) -> Chain:
    """The first time from one event, then each time from the next of the other."""
    return Chain(Event(first), then)


def singled_out(start: Start) -> frozenset[str]:
    """The subjects that a start names, out of several that have the event."""
    parts = start.parts if isinstance(start, LatestOf | FirstOf) else (start,)
    return frozenset(part.by for part in parts if isinstance(part, Event) and part.by)


def _event(name: str | Event) -> Event:
    return Event(name) if isinstance(name, str) else name
