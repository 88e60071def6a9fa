"""When the steps of a script happen: so many working days from a day, at a time."""

import datetime
from collections.abc import Callable, Collection, Iterator

from config import clock
from working_days.calendar import BeyondCalendar, Calendar

#: From which day, how many working days later (below zero: before), at what time, name, act.
Steps = list[tuple[datetime.date, int, str, str, Callable[[], None]]]


def at_time(day: datetime.date, time: str) -> datetime.datetime:
    """A moment as London clocks show it."""
    return datetime.datetime.combine(day, datetime.time.fromisoformat(time), tzinfo=clock.LONDON)


def happening_by(
    steps: Steps, calendar: Calendar, forgotten: Collection[str], ends_before: str
) -> Iterator[tuple[datetime.datetime, str, Callable[[], None]]]:
    """The steps with their moments, without those that are forgotten or come after the end of the
    script or of the calendar."""
    ended = False
    for day, days, time, name, act in steps:
        ended = ended or name == ends_before
        if name in forgotten or (ended and name != "besides"):
            continue
        try:
            on = _moved(day, days, calendar)
        except BeyondCalendar:
            continue  # far ahead, so it does not happen here
        yield at_time(on, time), name, act


def _moved(day: datetime.date, days: int, calendar: Calendar) -> datetime.date:
    if days == 0:
        return day
    return calendar.add(day, days) if days > 0 else calendar.subtract(day, -days)
