"""The timetable as an iCalendar file: one entry a deadline, whole days, hours where a rule has
them."""

from datetime import timedelta
from hashlib import sha256

from icalendar import Calendar as File
from icalendar import Event as Entry

from casework.timetable import Due
from config import clock
from overview.timetable_page import Answer, reason, words_of


def written(answer: Answer, address: str) -> bytes:
    """The file. The same question gives the same entries with the same ids, so that taking it
    in a second time changes them and adds none."""
    file = File()
    file.add("prodid", "-//SEND area inspections//Timetable//EN")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", answer.title)
    file.add("x-wr-timezone", "Europe/London")
    for due in answer.timetable.dues:
        file.add_component(_entry(due, answer, address))
    days = [due.due_on for due in answer.timetable.dues]
    if days:
        year = timedelta(days=366)
        file.add_missing_timezones(first_date=min(days) - year, last_date=max(days) + year)
    content: bytes = file.to_ical()
    return content


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
    entry.add("categories", [due.strength])
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
        f"Owed by: {due.owed_by}.",
        f"{reason(due, answer.rules).count}.",
        f"Rule {due.code}, {due.citation}.",
        due.note,
        answer.definition,
    ]
    return "\n".join(line for line in lines if line)
