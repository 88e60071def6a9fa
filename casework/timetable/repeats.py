"""Deadlines that come again and again until an event ends them."""

from collections.abc import Sequence
from datetime import date

from .answers import Happening
from .counting import count
from .known import Facts
from .rules import Months, Offset, Repeat, WorkingDays


def nth_start(
    repeat: Repeat,
    step: Offset,
    number: int,
    held: Sequence[Happening],
    facts: Facts,
    began: date,
) -> tuple[Happening | None, Offset]:
    """The change of step from which the nth occurrence is counted (None: from the rule's own
    start, `began`), and the whole offset from there. `held` is in order of date: the nth of them
    meets the nth occurrence.

    A change of step holds for what was neither met nor due by the day it was agreed: what was due
    by then stays as it was, met or missed.
    """
    if not isinstance(step, Months | WorkingDays):
        raise ValueError("Only months and working days can be repeated.")
    start, before, every = None, 0, step
    for change in facts.all(repeat.step) if repeat.step else ():
        settled = max(before, sum(happening.on <= change.on for happening in held))
        # What was due by then beyond those that were met.
        while settled < number:
            offset = every.with_number(every.number * (settled + 1 - before))
            if count(offset, start.on if start else began, facts.calendar).on > change.on:
                break
            settled += 1
        if number <= settled:
            break
        start, before, every = change, settled, Months(int(change.subject))
    return start, every.with_number(every.number * (number - before))
