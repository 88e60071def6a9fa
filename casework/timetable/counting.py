"""From a start and an offset to a date, with each day that was skipped on the way."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from working_days.calendar import WEEKEND, BeyondCalendar, Calendar, Skipped, add_months, in_words

from .rules import Day, Months, Offset, SameDayOrBefore

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Count:
    """Where a count ends. `unknown_from` is set where it ran past the known bank holidays."""

    on: date
    at: datetime | None = None
    skipped: tuple[Skipped, ...] = ()
    practical_on: date | None = None
    opens_on: date | None = None
    opens_at: datetime | None = None
    unknown_from: date | None = None


def count(offset: Offset, start: date, calendar: Calendar) -> Count:
    """The end of an offset from a start.

    Past the end of the calendar, weekends alone are skipped and `unknown_from` says so. Raises
    BeyondCalendar before its beginning, and for months outside the years 1 to 9999.
    """
    if isinstance(offset, Months):
        return _months(offset, start, calendar)
    if isinstance(offset, Day):
        return _day(offset, start, calendar)
    if isinstance(offset, SameDayOrBefore):
        return Count(start)
    return _working_days(offset.number, start, calendar)


def _day(offset: Day, first_day: date, calendar: Calendar) -> Count:
    end = _working_days(_steps(offset.last), first_day, calendar)
    opens_on = None
    if offset.to is not None:
        opens_on = _working_days(_steps(offset.number), first_day, calendar).on
    return Count(
        end.on,
        at=_at(end.on, offset.at),
        skipped=end.skipped,
        opens_on=opens_on,
        opens_at=_at(end.on, offset.opens),
        unknown_from=end.unknown_from,
    )


def _steps(number: int) -> int:
    """How many working days Day `number` lies from Day 1, which is itself day 0 of the count."""
    return number - 1 if number > 0 else number


def _at(day: date, hour: time | None) -> datetime | None:
    return None if hour is None else datetime.combine(day, hour, LONDON)


def _months(offset: Months, start: date, calendar: Calendar) -> Count:
    end = add_months(start, offset.number)
    if end > calendar.covers_until:
        return Count(end, unknown_from=calendar.covers_until + timedelta(days=1))
    practical = calendar.on_or_before(end)
    return Count(end, practical_on=practical if practical != end else None)


def _working_days(days: int, start: date, calendar: Calendar) -> Count:
    if days == 0:
        return Count(start)
    try:
        explanation = calendar.explain(start, days)
    except BeyondCalendar:
        if days < 0 or start < calendar.covers_from:
            raise
        return _past_the_end(days, start, calendar)
    return Count(explanation.end, skipped=explanation.skipped)


def _past_the_end(days: int, start: date, calendar: Calendar) -> Count:
    if days > (date.max - start).days // 2:
        raise BeyondCalendar(
            f"{days} working days after {in_words(start)} is outside the years 1 to 9999, which is"
            " all that dates can hold."
        )
    day, skipped = start, []
    while days:
        day += timedelta(days=1)
        known = day <= calendar.covers_until
        name = calendar.name_of(day) if known else WEEKEND.get(day.weekday())
        if name:
            skipped.append(Skipped(day, name))
        else:
            days -= 1
    unknown_from = calendar.covers_until + timedelta(days=1)
    return Count(day, skipped=tuple(skipped), unknown_from=unknown_from)


def note_on_unknown(counted: Count) -> str:
    """The sentence that marks a date past the known bank holidays; '' for any other."""
    if counted.unknown_from is None:
        return ""
    last = counted.unknown_from - timedelta(days=1)
    return (
        f"Bank holidays not yet known: they are published up to {in_words(last)} only, so this"
        " date may move."
    )
