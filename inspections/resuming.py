"""Resuming a suspended inspection with new days on site: checked and booked as by the planner."""

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING

from casework.base_steps import BASE_STEPS
from casework.events import Resumed, day_in_words
from casework.workflow import Answer, Context, Step
from config import clock
from inspections import bookings
from inspections.checks import check
from inspections.scheduling import choice_of, propose, schedule_in_force

if TYPE_CHECKING:
    from casework.models import Case

#: What is looked at only while the area knows of no dates, or the team has not arrived.
BEFORE_THE_CALL = frozenset({"notice"})
BEFORE_DAY_1 = BEFORE_THE_CALL | {"ahead"}
PLANNER = "the page of dates and team"


def new_days_stand_up(case: "Case", facts: Resumed, context: Context) -> Answer:
    """All checks of the planner on the new days, with the people locked until the end.

    Resumed without new days, nothing is looked at. Reasons given when dates and team were fixed
    hold on; what needs a further one is for the planner, which asks for it.
    """
    if facts.first_day is None or facts.last_day is None:
        return None
    standing = schedule_in_force(context.state)
    if standing is None or context.state.stage in ("planned", "deferred"):
        return "first_day", f"Resume without new days, then choose them on {PLANNER}."
    begun = context.state.last("on_site_begun")
    if begun is not None and facts.first_day != begun.on:
        return "first_day", f"The team came on {day_in_words(begun.on)}: Day 1 no longer changes."
    wanted = replace(standing[1], first_day=facts.first_day, last_day=facts.last_day)
    bookings.lock_people(person for person, _ in wanted.team())
    moment = context.at or datetime.datetime.combine(context.on, datetime.time(9), clock.LONDON)
    choice = choice_of(wanted, context.calendar)
    try:
        proposal = propose(case, choice, viewer=context.by, calendar=context.calendar, now=moment)
    except ValueError as error:
        return "last_day", str(error)
    told = context.state.stage != "scheduled"
    passed_over = BEFORE_DAY_1 if begun else BEFORE_THE_CALL if told else frozenset()
    reasons = [
        (
            "last_day" if one.code == "length" else "first_day",
            f"{one.title}: {one.why}" + _where_to_say_why(one.overridable, context.state.stage),
        )
        for one in check(proposal)
        if one.blocks and one.code not in passed_over
    ]
    if not reasons and proposal.dates.last_day != facts.last_day:
        reasons.append(("last_day", "The last day on site is no working day."))
    return reasons


def _where_to_say_why(overridable: bool, stage: str) -> str:
    if not overridable or stage != "scheduled":
        return ""
    return f" Resume without new days, then give the reason on {PLANNER}."


_BASE = next(step for step in BASE_STEPS if step.event is Resumed)

RESUMED: Step = replace(_BASE, checks=(*_BASE.checks, new_days_stand_up))
