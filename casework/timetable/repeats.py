"""Deadlines that come again and again until an event ends them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from .answers import Happening
from .known import Facts
from .rules import Months, Offset, Repeat, WorkingDays


@dataclass(frozen=True)
class Begin:
    """Where an occurrence is counted from: the rule's own start, or the day the step changed."""

    on: date
    event: str | None = None


def starts_of_occurrences(
    repeat: Repeat, step: Offset, start: date, held: Sequence[Happening], facts: Facts
) -> Iterator[tuple[int, Begin, Offset, Happening | None]]:
    """Each occurrence: its number, its start, its whole offset from there and what met it.

    Those that were met, the one that is due, and `repeat.ahead` more. `held` is in order of date:
    the nth of them meets the nth occurrence.
    """
    if not isinstance(step, Months | WorkingDays):
        raise ValueError("Only months and working days can be repeated.")
    for number in range(1, len(held) + 2 + repeat.ahead):
        met = held[number - 1] if number <= len(held) else None
        begin, before, every = _segment(repeat, step, start, number, held, facts)
        yield number, begin, every.with_number(every.number * (number - before)), met


def _segment(
    repeat: Repeat,
    step: Months | WorkingDays,
    start: date,
    number: int,
    held: Sequence[Happening],
    facts: Facts,
) -> tuple[Begin, int, Months | WorkingDays]:
    """The start, the number of occurrences before it, and the step, for the nth occurrence.

    A change of step holds for occurrences that were not yet met on the day it was agreed.
    """
    begin, before, every = Begin(start), 0, step
    for change in facts.all(repeat.step) if repeat.step else ():
        met_by_then = sum(happening.on <= change.on for happening in held)
        if number > met_by_then:
            begin = Begin(change.on, change.event)
            before, every = met_by_then, Months(int(change.subject))
    return begin, before, every
