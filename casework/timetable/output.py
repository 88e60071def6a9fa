"""A timetable for other programs: the same for the command, the page and whoever reads it."""

from typing import Any

from .answers import Due


def as_json(due: Due) -> dict[str, Any]:
    """One deadline as plain values: dates as YYYY-MM-DD, an hour as ISO 8601 with its offset."""
    return {
        "code": due.code,
        "subject": due.subject,
        "title": due.title,
        "owed_by": due.owed_by,
        "due_on": due.due_on.isoformat(),
        "due_at": due.due_at.isoformat() if due.due_at else None,
        "strength": due.strength,
        "source_offset": due.source_offset,
        "citation": due.citation,
        "counted_from": {
            "event": due.counted_from.event,
            "date": due.counted_from.date.isoformat(),
            "forecast": due.counted_from.forecast,
        },
        "offset": due.offset,
        "day_number": due.day_number,
        "forecast": due.forecast,
        "skipped": [{"date": day.date.isoformat(), "name": day.name} for day in due.skipped],
        "practical_on": due.practical_on.isoformat() if due.practical_on else None,
        "note": due.note,
    }
