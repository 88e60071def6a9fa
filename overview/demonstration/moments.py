"""When the steps of a script happen: so many working days from a day, at a time."""

import datetime
from collections.abc import Callable, Collection, Iterator

from config import clock
from working_days.calendar import Calendar

#: From which day, how many working days later (below zero: before), at what time, name, act.
Steps = list[tuple[datetime.date, int, str, str, Callable[[], None]]]


def at_time(day: datetime.date, time: str) -> datetime.datetime:
    """A moment as London clocks show it."""
    return datetime.datetime.combine(day, datetime.time.fromisoformat(time), tzinfo=clock.LONDON)


def happening_by(
    steps: Steps, calendar: Calendar, forgotten: Collection[str], ends_before: str
) -> Iterator[tuple[datetime.datetime, str, Callable[[], None]]]:
    """The steps with their moments, without those that are forgotten or come after the end."""
    ended = False
    for day, days, time, name, act in steps:
        ended = ended or name == ends_before
        if name in forgotten or (ended and name != "besides"):
            continue
        on = calendar.add(day, days) if days > 0 else calendar.subtract(day, -days) if days else day
        yield at_time(on, time), name, act
