"""Resuming a suspended re-visit with new days on site: looked at and booked as when first fixed."""

from dataclasses import replace
from typing import TYPE_CHECKING

from casework.events import Resumed
from casework.workflow import Answer, Context, reasons_in
from inspections import bookings
from revisits.events import Scheduled
from revisits.scheduling import days_are_possible, days_of

if TYPE_CHECKING:
    from casework.models import Case


def new_days_are_possible(case: "Case", facts: Resumed, context: Context) -> Answer:
    """New days stand the same looks as the first; without new days, nothing is looked at."""
    if facts.first_day is None or facts.last_day is None:
        return None
    for one in reversed(context.state.happened):
        if isinstance(one.facts, Scheduled):
            wanted = replace(one.facts, first_day=facts.first_day, last_day=facts.last_day)
            reasons = reasons_in(days_are_possible(case, wanted, context))
            if not reasons:
                bookings.lock_people(person for person, _ in wanted.team())
                days = days_of(wanted, context.calendar)
                found = bookings.clashes(days, viewer=context.by, but_for=case)
                reasons = [("", bookings.clash_in_words(clash)) for clash in found]
            return reasons
    return "first_day", "Resume without new days, then fix dates and team."
