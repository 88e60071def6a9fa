"""What is doubtful about a row that can be taken all the same: said in the report, kept with it."""

import datetime
import re
from collections.abc import Iterator

from casework.events import day_in_words
from overview.history.rows import HistoryRow, What
from working_days.calendar import Calendar

#: In notes: words by which a source is doubted, or held against another.
SOURCES_DIFFER = re.compile(
    r"\b(says?|said|minutes|differs?|doubtful|doubted|unsure|only|taken as|excerpt|but)\b"
    r"|\bletter dated\b.*\bpublication\b",
    re.IGNORECASE,
)
NOT_SEEN = re.compile(r"\bnot (seen|given|extracted|known|stated)\b", re.IGNORECASE)
#: Days on site: an inspection is normally of five days at most (HB 20), a re-visit of two to four
#: (RV 19). Real inspections under the framework of 2023 lasted five days too.
USUAL_DAYS = {What.INSPECTION: (1, 5), What.FULL_INSPECTION: (1, 5), What.REVISIT: (2, 4)}
NEXT = {
    "positive": ("5 years",),
    "inconsistent": ("3 years",),
    "failings": ("3 years", "18 months"),
}
DAYS_TO_PUBLICATION = 33


def doubts_of(row: HistoryRow, calendar: Calendar) -> Iterator[str]:
    """Every doubt about a row that its own cells and the calendar give, as short sentences."""
    yield from _missing(row)
    yield from _end(row)
    yield from _days(row, calendar)
    yield from _own_reckoning(row, calendar)
    if row.notes and SOURCES_DIFFER.search(row.notes):
        yield f"Sources differ or are doubted: {row.notes}."
    elif row.notes and NOT_SEEN.search(row.notes):
        yield f"The source says: {row.notes}."
    expected = NEXT.get(row.outcome.value) if row.outcome else None
    if row.next_inspection and expected and row.next_inspection not in expected:
        yield f"Next inspection in {row.next_inspection} does not go with the outcome."


def _missing(row: HistoryRow) -> Iterator[str]:
    if row.first_day is None:
        yield "The days on site are not known."
    if row.published_on is None:
        yield "The day of publication is not known."
    if row.first_day is None and row.published_on is None:
        yield f"Placed in the month that the notes name, by its last day, {row.on.isoformat()}."
    if row.outcome is None:
        said = f" ({row.outcome_words.strip('()')})" if row.outcome_words else ""
        yield f"The outcome is not known{said}."
    if row.what is What.REVISIT and row.outcome and None in (row.sufficient, row.insufficient):
        yield "In how many weaknesses progress was sufficient is not known."
    if row.needs_statement and row.weaknesses is None:
        yield "The number of significant weaknesses is not known."


def _end(row: HistoryRow) -> Iterator[str]:
    if row.last_day and not row.last_day_given:
        yield f"The last day is not given: {row.last_day.isoformat()} is assumed."
    elif row.last_day_assumed:
        yield f"The last day on site is {row.end_basis}."


def _days(row: HistoryRow, calendar: Calendar) -> Iterator[str]:
    named = (
        ("notification_date", row.notified_on),
        ("start_date", row.first_day),
        ("end_date", row.last_day),
        ("publication_date", row.published_on),
    )
    for name, day in named:
        if day and (why := calendar.name_of(day)):
            yield f"{name} {day.isoformat()} is no working day ({why})."
    if row.first_day and row.last_day:
        days = _working_days_within(row.first_day, row.last_day, calendar)
        shortest, longest = USUAL_DAYS[row.what]
        if not shortest <= days <= longest:
            yield f"{days} working days on site are unusual."


def _working_days_within(first: datetime.date, last: datetime.date, calendar: Calendar) -> int:
    return calendar.between(first, last) + calendar.is_working_day(first)


def _own_reckoning(row: HistoryRow, calendar: Calendar) -> Iterator[str]:
    """Where the file's own count of working days is another than the calendar's."""
    if row.last_day is None:
        return
    deadline = calendar.add(row.last_day, DAYS_TO_PUBLICATION)
    if row.file_deadline and row.file_deadline != deadline:
        yield (
            f"33 working days end on {day_in_words(deadline)}; the file says"
            f" {row.file_deadline.isoformat()}."
        )
    if row.published_on is None:
        return
    taken = calendar.between(row.last_day, row.published_on)
    if row.file_days_to_publication not in (None, taken):
        yield (
            f"It took {taken} working days to publication; the file says"
            f" {row.file_days_to_publication}."
        )
    elif row.file_days_over not in (None, calendar.between(deadline, row.published_on)):
        yield (
            f"Publication came {calendar.between(deadline, row.published_on)} working days after"
            f" the 33; the file says {row.file_days_over}."
        )
