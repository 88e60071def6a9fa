"""The steps that every case has: extensions, holds, suspension, explanations, corrections.

Who: holds, delays and suspensions are edited by support officer and lead HMI and decided by the
regional director.
"""

import datetime
from typing import TYPE_CHECKING

from casework import events
from casework.workflow import Answer, Context, Step
from working_days.calendar import Calendar, add_months

if TYPE_CHECKING:
    from casework.models import Case
    from casework.timetable import Due

RUNS_THE_CASE = frozenset({"support_officer", "lead_hmi", "regional_director"})
#: How far from its computed day a deadline can be agreed to fall.
MOST_MONTHS = 12
NO_SUCH_DEADLINE = "This case has no such deadline."


def deadline_is_open(case: "Case", facts: events.Extended, context: Context) -> Answer:
    """An extension needs a deadline that is still to be met."""
    due = _due(facts.rule, facts.subject, context)
    if due is None:
        return "rule", NO_SUCH_DEADLINE
    if due.met_on is not None:
        return "rule", f"It was met on {events.day_in_words(due.met_on)}: there is no day to agree."
    return None


def agreed_day_differs(case: "Case", facts: events.Extended, context: Context) -> Answer:
    """An extension to the same day says nothing; one far off, or on the wrong side of the day it
    counts from, is a slip."""
    due = _due(facts.rule, facts.subject, context)
    if due is None:
        return None
    if facts.agreed_on == due.stands_on:
        return "agreed_on", "This is the day on which it is due already."
    first, last = _days_to_agree(due, context.calendar)
    if facts.agreed_on < first:
        return "agreed_on", f"The agreed day must be on or after {events.day_in_words(first)}."
    if facts.agreed_on > last:
        return "agreed_on", f"The agreed day must be on or before {events.day_in_words(last)}."
    return None


def _days_to_agree(due: "Due", calendar: Calendar) -> tuple[datetime.date, datetime.date]:
    """The first and last day that can be agreed, both within the calendar.

    What is due before the day it counts from (Day -5) stays before or on it. Otherwise at most a
    year more is agreed, save where the rule itself counts in months.
    """
    start, computed = due.counted_from.date, due.due_on
    if computed < start:
        first, last = add_months(computed, -MOST_MONTHS), start
    elif "month" in due.offset:
        first, last = start, calendar.covers_until
    else:
        first, last = start, add_months(computed, MOST_MONTHS)
    return max(first, calendar.covers_from), min(last, calendar.covers_until)


def who_agreed_is_said(case: "Case", facts: events.Extended, context: Context) -> Answer:
    """An extension says who agreed it."""
    return None if facts.agreed_by.strip() else ("agreed_by", "Say who agreed the new day.")


def deadline_exists(case: "Case", facts: events.LatenessExplained, context: Context) -> Answer:
    """Only a deadline of this case can be explained."""
    if _due(facts.rule, facts.subject, context) is None:
        return "rule", NO_SUCH_DEADLINE
    return None


def hold_ends_after_start(case: "Case", facts: events.HoldPlaced, context: Context) -> Answer:
    """The days of a hold are in order."""
    if facts.until_day is not None and facts.until_day < facts.from_day:
        return "until_day", "The hold must end on or after the day it starts."
    return None


def something_is_held(case: "Case", facts: events.HoldLifted, context: Context) -> Answer:
    """Only a hold that stands can be lifted."""
    return None if context.state.holds else "No hold stands on this case."


def not_suspended(case: "Case", facts: events.Suspended, context: Context) -> Answer:
    """A case that stands still cannot be stopped again."""
    since = context.state.suspended_on
    return f"Suspended already since {events.day_in_words(since)}." if since else None


def is_suspended(case: "Case", facts: events.Resumed, context: Context) -> Answer:
    """Only a suspended case can be resumed, and not before it was suspended."""
    since = context.state.suspended_on
    if since is None:
        return "The case is not suspended."
    if context.on < since:
        return "happened_on", f"It was suspended on {events.day_in_words(since)}, after this day."
    return None


def new_days_in_order(case: "Case", facts: events.Resumed, context: Context) -> Answer:
    """New days on site come in pairs, in order."""
    if (facts.first_day is None) != (facts.last_day is None):
        missing = "first_day" if facts.first_day is None else "last_day"
        return missing, "Give both the first and the last day on site, or neither."
    if facts.first_day and facts.last_day and facts.last_day < facts.first_day:
        return "last_day", "The last day on site is before the first."
    return None


def _due(rule: str, subject: str, context: Context) -> "Due | None":
    for due in context.timetable().dues:
        if due.code == rule and due.subject == subject:
            return due
    return None


BASE_STEPS: tuple[Step, ...] = (
    Step(events.Opened, hidden=True),
    Step(events.Voided, again=True, hidden=True),
    Step(
        events.Extended,
        who=RUNS_THE_CASE,
        guards=(deadline_is_open, agreed_day_differs, who_agreed_is_said),
        again=True,
        hidden=True,
    ),
    Step(
        events.HoldPlaced,
        who=RUNS_THE_CASE,
        guards=(hold_ends_after_start,),
        again=True,
    ),
    Step(events.HoldLifted, who=RUNS_THE_CASE, guards=(something_is_held,), again=True),
    Step(events.Suspended, who=RUNS_THE_CASE, guards=(not_suspended,), again=True),
    Step(
        events.Resumed,
        who=RUNS_THE_CASE,
        guards=(is_suspended, new_days_in_order),
        again=True,
    ),
    Step(
        events.LatenessExplained,
        who=RUNS_THE_CASE,
        guards=(deadline_exists,),
        again=True,
        hidden=True,
    ),
    Step(events.CalendarChanged, again=True, hidden=True),
    Step(events.ParametersChanged, again=True, hidden=True),
    Step(events.RelatedHappened, again=True, hidden=True),
    Step(events.NoteErased, again=True, hidden=True),
)
