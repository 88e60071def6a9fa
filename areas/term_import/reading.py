"""What a file says, line by line, before it is held against anything. Pure: no Django models."""

import datetime
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

#: The largest file that is read, in bytes, and the most lines of terms: an authority's terms of ten
#: years take 4,000 bytes, those of all authorities for three years some 150,000.
LONGEST_FILE = 500_000
MOST_ROWS = 4_000
MOST_COLUMNS = 30
LONGEST_NAME = 80
#: Of mistakes, so many are kept: after these the file is the wrong one.
MOST_MISTAKES = 100

#: How other kinds of file begin.
OTHER_FILES = (
    (b"PK\x03\x04", "This is a spreadsheet or a zip file. Save it as CSV and choose that file"),
    (b"\xd0\xcf\x11\xe0", "This is an old Excel file. Save it as CSV and choose that file"),
    (b"%PDF", "This is a PDF. Terms are read from CSV and iCalendar files"),
    (b"\x89PNG", "This is a picture. Terms are read from CSV and iCalendar files"),
    (b"\xff\xd8\xff", "This is a picture. Terms are read from CSV and iCalendar files"),
    (b"<!DOCTYPE", "This is a web page. Terms are read from CSV and iCalendar files"),
    (b"<html", "This is a web page. Terms are read from CSV and iCalendar files"),
)


@dataclass(frozen=True)
class Mistake:
    """One thing to be put right: on which line of the file (None: of the file as a whole), in which
    column or part, and what, in plain words."""

    line: int | None
    part: str
    text: str


@dataclass(frozen=True)
class Entry:
    """One stretch of term as a file has it. `dfe_code` is empty where the file is for one area."""

    line: int
    dfe_code: str
    name: str
    starts_on: datetime.date
    ends_on: datetime.date


@dataclass
class Read:
    """What was read: entries, mistakes, and notes on what was left out."""

    entries: list[Entry] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def wrong(self, line: int | None, part: str, text: str) -> None:
        """Add a mistake."""
        self.mistakes.append(Mistake(line, part, text))


class Unreadable(ValueError):
    """The file is no text that can be read; the message says what to do."""


def decode(data: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, or what Excel writes in England (Windows
    1252). Raises Unreadable."""
    if len(data) > LONGEST_FILE:
        raise Unreadable(f"The file is larger than {LONGEST_FILE // 1000} KB")
    for beginning, text in OTHER_FILES:
        if data.lstrip()[: len(beginning)].lower() == beginning.lower():
            raise Unreadable(text)
    text = _decoded(data)
    for place, char in enumerate(text):
        if unicodedata.category(char) in ("Cc", "Cs") and char not in "\r\n\t":
            line = text.count("\n", 0, place) + 1
            raise Unreadable(
                f"This is not a text file: line {line} holds a character that no text has "
                f"(U+{ord(char):04X}). Save it as CSV (UTF-8)"
            )
    if not text.strip():
        raise Unreadable("The file is empty")
    return text


def _decoded(data: bytes) -> str:
    is_wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    encodings = ["utf-16"] if is_wide else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("The characters of this file cannot be read. Save it as CSV (UTF-8)")


def is_calendar(text: str) -> bool:
    """Whether this is an iCalendar file rather than CSV."""
    return text.lstrip("\ufeff \r\n\t").upper().startswith("BEGIN:VCALENDAR")


def cleaned_name(text: str, read: Read, line: int, part: str) -> str | None:
    """A name on one line; None, with the mistake noted, where there is none or it may not be."""
    name = re.sub(r"\s+", " ", text).strip()
    if not name:
        read.wrong(line, part, "Enter a name, such as Autumn, first half")
    elif name[0] in "=+-@":
        read.wrong(line, part, f"‘{short(name)}’ looks like a formula of a spreadsheet")
    elif len(name) > LONGEST_NAME:
        read.wrong(
            line, part, f"‘{short(name)}’ has {len(name)} characters; at most {LONGEST_NAME} fit"
        )
    else:
        return name
    return None


def short(text: str) -> str:
    """A text of any length as part of a message."""
    text = re.sub(r"\s+", " ", text).strip()
    return text if len(text) <= 40 else f"{text[:39]}…"


def first_mistakes(mistakes: list[Mistake]) -> Iterator[Mistake]:
    """In order of lines, as many as anybody will read."""
    yield from sorted(mistakes, key=lambda one: one.line or 0)[:MOST_MISTAKES]
