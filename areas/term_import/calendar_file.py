"""Terms from an iCalendar file, whose events are either terms or the holidays between them."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from icalendar import Calendar

from areas.term_import.reading import MOST_ROWS, Entry, Read, cleaned_name, short
from config.clock import LONDON

DAY = datetime.timedelta(days=1)
#: Holidays shorter than this many days are bank holidays and days without pupils: they do not end a
#: stretch of term.
SHORTEST_HOLIDAY = 3
REPEATS = ("RRULE", "RDATE", "EXRULE", "RECURRENCE-ID")


class EventsAre(StrEnum):
    """What the events of a calendar stand for."""

    TERMS = "terms"
    HOLIDAYS = "holidays"


@dataclass(frozen=True)
class _Event:
    line: int
    name: str
    first: datetime.date
    last: datetime.date
    has_end: bool


class _NoDate(ValueError):
    """A property holds no date; the message says what it holds."""


def read_calendar(text: str, events_are: EventsAre) -> Read:
    """The terms of an iCalendar file (RFC 5545), with days as London's clocks have them.

    Where events are holidays, terms are the time between each and the next; what lies before the
    first and after the last is not known.
    """
    read = Read()
    try:
        calendars = Calendar.from_ical(text, multiple=True)
        found = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    except (ValueError, IndexError, KeyError, AttributeError):
        read.wrong(None, "", "This iCalendar file is damaged: it cannot be read to its end")
        return read
    if len(found) > MOST_ROWS:
        read.wrong(None, "", f"The calendar has more than {MOST_ROWS:,} events. Divide it")
        return read
    lines = [number for number, line in enumerate(text.splitlines(), 1) if _begins_event(line)]
    lines += [0] * (len(found) - len(lines))
    events = list(_events(found, lines, read))
    if not found:
        read.wrong(None, "", "The calendar has no events")
    elif events_are is EventsAre.TERMS:
        _terms(events, read)
    else:
        _between_holidays(events, read)
    return read


def _begins_event(line: str) -> bool:
    return line.strip().upper() == "BEGIN:VEVENT"


def _events(found: Sequence[Any], lines: Sequence[int], read: Read) -> Iterator[_Event]:
    for event, line in zip(found, lines, strict=False):
        name = str(_one(event.get("SUMMARY")) or "")
        if str(_one(event.get("STATUS")) or "").upper() == "CANCELLED":
            read.notes.append(f"‘{short(name)}’ on line {line} is left out: it is cancelled")
        elif any(event.get(part) is not None for part in REPEATS):
            text = f"‘{short(name)}’ repeats. Enter each of its times as an event of its own"
            read.wrong(line, "RRULE", text)
        else:
            days = _days(event, line, read)
            if days:
                yield _Event(line, name, *days)


def _one(value: Any) -> Any:
    """A property that stands there twice counts once: the first."""
    return value[0] if isinstance(value, list) else value


def _days(event: Any, line: int, read: Read) -> tuple[datetime.date, datetime.date, bool] | None:
    """First and last day, and whether the file says where it ends."""
    try:
        starts = _moment(event, "DTSTART")
    except _NoDate as error:
        read.wrong(line, "DTSTART", str(error))
        return None
    if starts is None:
        read.wrong(line, "DTSTART", "This event does not say when it begins")
        return None
    try:
        ends = _end(event, starts)
    except _NoDate as error:
        read.wrong(line, "DTEND", str(error))
        return None
    first = _day(starts)
    if ends is None:
        return first, first, False
    last = _last_day(starts, ends)
    if last < first:
        read.wrong(line, "DTEND", "This event ends before it begins")
        return None
    return first, last, True


def _end(event: Any, starts: datetime.date) -> datetime.date | None:
    if event.get("DTEND") is not None:
        return _moment(event, "DTEND")
    if event.get("DURATION") is None:
        return None
    length = _value(event, "DURATION")
    if not isinstance(length, datetime.timedelta):
        raise _NoDate("DURATION does not say how long this event takes")
    try:
        return starts + length
    except OverflowError as error:
        raise _NoDate("DURATION is too long for any date") from error


def _moment(event: Any, part: str) -> datetime.date | None:
    """A date or a moment; None where the event does not have that part. Raises _NoDate."""
    if event.get(part) is None:
        return None
    value = _value(event, part)
    if not isinstance(value, datetime.date):
        raise _NoDate(f"{part} holds no date")
    return value


def _value(event: Any, part: str) -> Any:
    raw = _one(event.get(part))
    try:
        return raw.dt
    except (ValueError, AttributeError) as error:
        given = short(str(raw))
        raise _NoDate(f"{part} holds no real date: ‘{given}’") from error


def _day(value: datetime.date) -> datetime.date:
    """The day in London; a moment without a time zone is London's."""
    if isinstance(value, datetime.datetime):
        return (value.astimezone(LONDON) if value.tzinfo else value).date()
    return value


def _last_day(starts: datetime.date, ends: datetime.date) -> datetime.date:
    """DTEND is the first day, or moment, that no longer belongs to the event (RFC 5545, 3.6.1). One
    that equals DTSTART is read as a single day."""
    if not isinstance(ends, datetime.datetime):
        same = _day(starts) == ends
        return ends if same else ends - DAY
    local = ends.astimezone(LONDON) if ends.tzinfo else ends
    is_midnight = local.time() == datetime.time(0)
    return local.date() - DAY if is_midnight and local.date() > _day(starts) else local.date()


def _terms(events: Sequence[_Event], read: Read) -> None:
    for event in events:
        name = cleaned_name(event.name, read, event.line, "SUMMARY")
        if not event.has_end:
            read.wrong(event.line, "DTEND", f"‘{short(event.name)}’ does not say when it ends")
        elif name:
            read.entries.append(Entry(event.line, "", name, event.first, event.last))


def _between_holidays(events: Sequence[_Event], read: Read) -> None:
    holidays = []
    for event in sorted(events, key=lambda one: (one.first, one.last)):
        if (event.last - event.first).days + 1 < SHORTEST_HOLIDAY:
            read.notes.append(
                f"‘{short(event.name)}’ on line {event.line} is left out: shorter than "
                f"{SHORTEST_HOLIDAY} days, it does not end a stretch of term"
            )
        else:
            holidays.append(event)
    if len(holidays) < 2 and not read.mistakes:
        read.wrong(
            None, "", "Terms lie between two holidays, and the calendar has fewer than two of them"
        )
        return
    over = holidays[0].last if holidays else datetime.date.min
    for holiday in holidays[1:]:
        if holiday.first > over:
            first, last = _school_days(over + DAY, holiday.first - DAY)
            if first <= last:
                read.entries.append(Entry(holiday.line, "", name_by_season(first), first, last))
        over = max(over, holiday.last)
    read.notes.append(
        "Terms are taken from between the holidays. Before the first and after the last holiday of "
        "the calendar they are not known"
    )


def _school_days(first: datetime.date, last: datetime.date) -> tuple[datetime.date, datetime.date]:
    """Without weekends at either end."""
    while first.weekday() >= 5 and first <= last:
        first += DAY
    while last.weekday() >= 5 and last >= first:
        last -= DAY
    return first, last


def name_by_season(first: datetime.date) -> str:
    """What a stretch that begins on this day is usually called."""
    month = first.month
    if month in (8, 9):
        return "Autumn, first half"
    if month in (10, 11, 12):
        return "Autumn, second half"
    if month == 1:
        return "Spring, first half"
    if month in (2, 3):
        return "Spring, second half"
    return "Summer, first half" if month in (4, 5) and first.day < 25 else "Summer, second half"
