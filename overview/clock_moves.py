"""Where the clock of a demonstration can be moved to, and why not elsewhere."""

import datetime
from typing import Any

from django.db.models import Max

from casework.deadlines import due_from
from casework.models import Event
from config import clock
from design_system.forms import in_words
from working_days.calendar import BeyondCalendar
from working_days.services import current_calendar

MORNING = datetime.time(9, 0)
#: A deadline without an hour stays ahead until its day is over.
END_OF_DAY = datetime.time(17, 0)
HOUR = datetime.timedelta(hours=1)


class CannotMove(Exception):
    """The clock stays where it is; the message says why, in plain words."""


def moment_of(day: datetime.date, time: datetime.time) -> datetime.datetime:
    """A day and time as London clocks show them, aware. An hour that the clocks leave out in spring
    is the one after it."""
    given = datetime.datetime.combine(day, time, clock.LONDON)
    return given.astimezone(datetime.UTC).astimezone(clock.LONDON)


def next_working_day(now: datetime.datetime) -> datetime.datetime:
    """09:00 of the next working day. Raises CannotMove at the end of the calendar."""
    try:
        day = current_calendar().add(clock.london(now).date(), 1)
    except BeyondCalendar as error:
        raise CannotMove(_beyond()) from error
    return moment_of(day, MORNING)


def next_deadline(user: Any, now: datetime.datetime) -> datetime.datetime:
    """When something is next due from a person: its hour, else 09:00 of its day, else, where that
    is past, 17:00. Raises CannotMove where nothing is due later than now."""
    if not getattr(user, "is_authenticated", False):
        raise CannotMove("Sign in as somebody first: nothing is due from a visitor.")
    moments = [
        moment
        for one in due_from(user, limit=500)
        for moment in (
            [one.due_at]
            if one.due_at
            else [moment_of(one.due_on, time) for time in (MORNING, END_OF_DAY)]
        )
    ]
    later = [moment for moment in moments if moment > now]
    if not later:
        raise CannotMove(
            "Nothing is due from you later than now. Become somebody else, or choose a day."
        )
    return min(later)


def last_entry() -> datetime.datetime | None:
    """When the last entry of any case was made; None while there is none."""
    last: datetime.datetime | None = Event.objects.aggregate(last=Max("recorded_at"))["last"]
    return last


def why_not(moment: datetime.datetime, *, all_the_same: bool = False) -> str:
    """Why the clock cannot be moved to a moment; '' where it can. `all_the_same`: back behind
    entries too, which stay on record, with dates that then lie ahead."""
    calendar = current_calendar()
    day = clock.london(moment).date()
    if not calendar.covers_from <= day <= calendar.covers_until:
        return _beyond()
    last = last_entry()
    if last is not None and moment < last and not all_the_same:
        return (
            f"The last entry was made on {in_full(last)}, and entries are never taken back: choose "
            "a moment after it"
        )
    return ""


def _beyond() -> str:
    calendar = current_calendar()
    first, last = in_words(calendar.covers_from), in_words(calendar.covers_until)
    return f"The calendar reaches from {first} to {last}: choose a day in it"


def in_full(moment: datetime.datetime) -> str:
    """'Monday 12 January 2026, 09:00', in London."""
    shown = clock.london(moment)
    return f"{shown:%A} {in_words(shown.date())}, {shown:%H:%M}"
