"""The timetable as an iCalendar file: one entry a deadline, whole days, hours where a rule has
them."""

from datetime import datetime, timedelta
from hashlib import sha256

from icalendar import Calendar as File
from icalendar import Event as Entry
from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from casework.timetable import Due
from config import clock
from overview.timetable_page import Answer, owed_by, reason, words_of


def written(answer: Answer, address: str) -> bytes:
    """The file. The same question gives the same entries with the same ids, so that taking it
    in a second time changes them and adds none."""
    file = File()
    file.add("prodid", "-//SEND area inspections//Timetable//EN")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", answer.title)
    file.add("x-wr-timezone", "Europe/London")
    if any(due.due_at is not None for due in answer.timetable.dues):
        file.add_component(_london())
    for due in answer.timetable.dues:
        file.add_component(_entry(due, answer, address))
    content: bytes = file.to_ical()
    return content


def _london() -> Timezone:
    """The clocks of London since 1996, each change at the hour that clocks showed before it."""
    zone = Timezone()
    zone.add("tzid", "Europe/London")
    none, hour = timedelta(0), timedelta(hours=1)
    # A zone is defined in its own hours, so these moments belong to no zone.
    changes = (
        (TimezoneStandard(), "GMT", datetime(1996, 10, 27, 2), hour, none, 10),  # noqa: DTZ001
        (TimezoneDaylight(), "BST", datetime(1997, 3, 30, 1), none, hour, 3),  # noqa: DTZ001
    )
    for change, name, first, before, after, month in changes:
        change.add("dtstart", first)
        change.add("tzname", name)
        change.add("tzoffsetfrom", before)
        change.add("tzoffsetto", after)
        change.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        zone.add_component(change)
    return zone


def _entry(due: Due, answer: Answer, address: str) -> Entry:
    entry = Entry()
    entry.add("uid", _identity(due, answer))
    entry.add("dtstamp", clock.now())
    entry.add("summary", words_of(due) + (" (forecast)" if due.forecast else ""))
    if due.due_at is not None:
        entry.add("dtstart", due.opens_at or due.due_at)
        entry.add("dtend", due.due_at)
    else:
        entry.add("dtstart", due.due_on)
        entry.add("dtend", due.due_on + timedelta(days=1))
    entry.add("description", _description(due, answer))
    entry.add("status", "TENTATIVE" if due.forecast else "CONFIRMED")
    entry.add("transp", "TRANSPARENT")
    entry.add("url", address)
    return entry


def _identity(due: Due, answer: Answer) -> str:
    asked = sha256(answer.question.query().encode()).hexdigest()[:16]
    subject = sha256(due.subject.encode()).hexdigest()[:12] if due.subject else "all"
    return f"{due.code.lower()}-{subject}-{asked}@send-area-inspections"


def _description(due: Due, answer: Answer) -> str:
    lines = [
        f"Owed by: {owed_by(due, answer.rules)}.",
        f"{reason(due, answer.rules).count}.",
        f"Rule {due.code}, {due.citation}.",
        due.note,
        answer.definition,
    ]
    return "\n".join(line for line in lines if line)
