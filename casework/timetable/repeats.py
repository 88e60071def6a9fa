"""Deadlines that come again and again until an event ends them."""

from collections.abc import Sequence

from .answers import Happening
from .known import Facts
from .rules import Months, Offset, Repeat, WorkingDays


def nth_start(
    repeat: Repeat, step: Offset, number: int, held: Sequence[Happening], facts: Facts
) -> tuple[Happening | None, Offset]:
    """The change of step from which the nth occurrence is counted (None: from the rule's own
    start), and the whole offset from there. `held` is in order of date: the nth of them meets the
    nth occurrence.

    A change of step holds for occurrences that were not yet met on the day it was agreed.
    """
    if not isinstance(step, Months | WorkingDays):
        raise ValueError("Only months and working days can be repeated.")
    start, before, every = None, 0, step
    for change in facts.all(repeat.step) if repeat.step else ():
        met_by_then = sum(happening.on <= change.on for happening in held)
        if number > met_by_then:
            start, before, every = change, met_by_then, Months(int(change.subject))
    return start, every.with_number(every.number * (number - before))
