"""The form that takes a file or a pasted text, and what is carried from the look to the word."""

import datetime
from typing import Any

from django import forms
from django.core import signing

from areas.term_import.calendar_file import EventsAre
from areas.term_import.reading import (
    LONGEST_FILE,
    MOST_ROWS,
    Entry,
    Read,
    Unreadable,
    decode,
    is_calendar,
)
from design_system.forms import GovukForm, LongTextField, RadiosField

#: A look is good for a day.
GOOD_FOR = datetime.timedelta(days=1)
LIMIT = f"{LONGEST_FILE // 1000} KB"


class ImportForm(GovukForm):
    """A CSV or iCalendar file, or its text."""

    file = forms.FileField(
        label="CSV or iCalendar file",
        required=False,
        help_text=f"At most {LIMIT} and {MOST_ROWS:,} lines. From Excel: save as CSV UTF-8",
    )
    text = LongTextField(
        label="Or paste what the file says",
        required=False,
        max_length=LONGEST_FILE,
        strip=False,
    )
    events_are = RadiosField(
        label="What do the events of an iCalendar file stand for?",
        required=False,
        choices=[(EventsAre.TERMS, "Terms"), (EventsAre.HOLIDAYS, "Holidays")],
        hints={
            EventsAre.TERMS: "Each event is a stretch of term, such as the time before half-term",
            EventsAre.HOLIDAYS: "Terms are the time between one holiday and the next",
        },
        help_text="Leave this for a CSV file",
    )

    looks = {"text": {"rows": 8, "classes": "app-typewriter"}}

    def __init__(self, *args: Any, several: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.source = "pasted text"
        self.read_text = ""
        if several:
            del self.fields["events_are"]
            self.fields["file"].label = "CSV file"
        # Its own words say more than 'Enter ...' could.
        self.fields["file"].error_messages["empty"] = "The file is empty"

    def clean(self) -> dict[str, Any]:
        """The answers, with `read_text` and `source`; mistakes beside the field at fault."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        file, text = cleaned.get("file"), cleaned.get("text", "")
        if self.errors:
            return cleaned
        if file and text.strip():
            self.add_error("file", "Choose a file or paste a text, not both")
        elif not file and not text.strip():
            self.add_error("file", "Choose a file, or paste what it says")
        else:
            self._decode(file, text)
        asks = "events_are" in self.fields and not cleaned.get("events_are")
        if asks and is_calendar(self.read_text):
            self.add_error("events_are", "Select what the events of this iCalendar file stand for")
        return cleaned

    def _decode(self, file: Any, text: str) -> None:
        field = "file" if file else "text"
        try:
            data = file.read(LONGEST_FILE + 1) if file else text.encode("utf-8", "surrogatepass")
            self.read_text = decode(data)
        except Unreadable as refusal:
            self.add_error(field, str(refusal))
        if file:
            self.source = file.name[:100]


def _salt(user: Any, whose: str) -> str:
    return f"areas.term_import {user.pk} {whose}"


def carried(read: Read, *, digest: str, source: str, user: Any, whose: str) -> str:
    """What was read, signed for this person and place, to be sent back with the word."""
    rows = [
        (one.line, one.dfe_code, one.name, one.starts_on.isoformat(), one.ends_on.isoformat())
        for one in read.entries
    ]
    given = {"rows": rows, "notes": read.notes, "digest": digest, "source": source}
    return signing.dumps(given, salt=_salt(user, whose), compress=True)


def brought_back(text: str, *, user: Any, whose: str) -> tuple[Read, str, str]:
    """What was carried: the terms, the digest of their plan and the name of the file.

    Raises signing.BadSignature where it is not what was given out here, or older than a day.
    """
    given = signing.loads(text, salt=_salt(user, whose), max_age=GOOD_FOR)
    day = datetime.date.fromisoformat
    entries = [
        Entry(line, code, name, day(first), day(last))
        for line, code, name, first, last in given["rows"]
    ]
    return Read(entries, [], given["notes"]), given["digest"], given["source"]
