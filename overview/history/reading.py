"""From a file to rows of text: CSV in UTF-8, or the first sheet of an XLSX or ODS workbook."""

import csv
import os
import re
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from overview.history import form
from overview.history.form import Unreadable
from overview.history.workbooks import rows_of_workbook

BOM = b"\xef\xbb\xbf"
OTHER_ENCODINGS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))
ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
#: Whatever is no text: NUL and other controls, which no printed report should repeat either.
NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Read:
    """One row of the file: the number by which an editor or spreadsheet shows it, cells by column.

    `problem` says why it cannot be read, where its cells do not fit the heading.
    """

    number: int
    cells: dict[str, str]
    problem: str = ""


@dataclass(frozen=True)
class Content:
    """What a file holds. `words`: what to say about it besides."""

    rows: Sequence[Read]
    words: Sequence[str] = ()


def read(path: Path) -> Content:
    """The rows of a file, at most `form.MOST_ROWS`. Raises Unreadable; changes nothing."""
    start = _beginning(path)
    if start.startswith(OLD_EXCEL):
        raise Unreadable(
            f"{path.name} is a workbook of an old or protected form: save it as .xlsx, .ods or .csv"
            " without a password."
        )
    if start.startswith(ZIP):
        sheet = rows_of_workbook(path)
        return _content(path, sheet.rows, list(sheet.words))
    return _content(path, _csv_rows(path), [])


def _beginning(path: Path) -> bytes:
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            raise Unreadable(f"{path} is a folder, not a file.")
        if not stat.S_ISREG(mode):
            raise Unreadable(f"{path} is not an ordinary file.")
        with open(path, "rb") as file:
            start = file.read(8)
    except FileNotFoundError:
        raise Unreadable(f"There is no file {path}.") from None
    except PermissionError:
        raise Unreadable(f"{path} may not be read by the user that runs this command.") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise Unreadable(f"{path} cannot be read: {why}.") from None
    if not start:
        raise Unreadable(f"{path.name} is empty.")
    return start


# --- CSV ---


def _csv_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Number of the line on which each row begins, and its cells."""
    with open(path, "rb") as file:
        lines = _Lines(file)
        reader = csv.reader(lines, strict=True)
        while True:
            begins = lines.number + 1
            lines.row_begins = begins
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise Unreadable(_csv_problem(error, begins, lines.number)) from None
            if any(cell.strip() for cell in cells):
                yield begins, cells


def _csv_problem(error: csv.Error, begins: int, line: int) -> str:
    text = str(error)
    if "field larger" in text:
        return _too_long(begins)
    if "unexpected end" in text:
        return f"A quote in the row that begins on line {begins} is not closed."
    if "expected after" in text:
        return f"Line {line}: a quote ends within a cell. Quotes within a cell are doubled."
    return f"Line {line} is no CSV: {text}."


class _Lines:
    """The lines of a file as text, none longer than can be kept in memory."""

    def __init__(self, file: Iterable[bytes]) -> None:
        self._file = file
        self.number = 0
        self.row_begins = 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        raw = self._file.readline(form.LONGEST_LINE + 1)  # type: ignore[attr-defined]
        if not raw:
            raise StopIteration
        self.number += 1
        if self.number == 1:
            for mark, name in OTHER_ENCODINGS:
                if raw.startswith(mark):
                    raise Unreadable(f"The file is encoded as {name}: save it as UTF-8.")
            raw = raw.removeprefix(BOM)
        if len(raw) > form.LONGEST_LINE:
            raise Unreadable(f"Line {self.number} is longer than {form.LONGEST_LINE:,} bytes.")
        if self.number - self.row_begins > form.MOST_LINES_OF_A_ROW:
            raise Unreadable(
                f"The row that begins on line {self.row_begins} runs over more than"
                f" {form.MOST_LINES_OF_A_ROW} lines: a quote in it is not closed."
            )
        if b"\0" in raw:
            raise Unreadable(f"Line {self.number} has a NUL byte: the file is no text in UTF-8.")
        return _decoded(raw, self.number)


def _decoded(raw: bytes, number: int) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = raw[error.start]
        raise Unreadable(
            f"Line {number}, byte {error.start + 1} (hexadecimal {byte:02X}) is not UTF-8: save the"
            " file as UTF-8. Excel calls it 'CSV UTF-8'."
        ) from None


def _too_long(number: int) -> str:
    return (
        f"The row that begins on line {number} has a cell of more than"
        f" {form.MOST_CELL_CHARACTERS:,} characters."
    )


# --- the same for all ---


def _content(path: Path, numbered: Iterator[tuple[int, list[str]]], words: list[str]) -> Content:
    heading, characters = None, 0
    rows: list[Read] = []
    for number, raw in numbered:
        cells = [_cell(text, number) for text in raw]
        if heading is None:
            if len(raw) == 1 and (other := _other_delimiter(raw[0])):
                raise Unreadable(f"{path.name} separates columns by {other}: a comma is needed.")
            heading = _heading(path, cells, words)
            continue
        characters += sum(map(len, cells))
        if characters > form.MOST_CHARACTERS:
            raise Unreadable(
                f"{path.name} holds more than {form.MOST_CHARACTERS:,} characters, which no record"
                " of inspections does. Nothing was taken over."
            )
        if len(rows) == form.MOST_ROWS:
            raise Unreadable(
                f"{path.name} has more than {form.MOST_ROWS:,} rows, which no record of"
                " inspections has. Nothing was taken over."
            )
        rows.append(_row(number, cells, heading))
    if heading is None:
        raise Unreadable(f"{path.name} is empty.")
    if not rows:
        raise Unreadable(f"{path.name} has a heading and no rows.")
    return Content(rows, words)


def _cell(text: str, number: int) -> str:
    if len(text) > form.MOST_CELL_CHARACTERS:
        raise Unreadable(_too_long(number))
    if found := NO_TEXT.search(text):
        raise Unreadable(
            f"The row that begins on line {number} has a character that is no text"
            f" (U+{ord(found.group()):04X})."
        )
    return " ".join(unicodedata.normalize("NFC", text).split())


def _heading(path: Path, cells: list[str], words: list[str]) -> list[str]:
    names = [cell.lower().replace(" ", "_") for cell in cells]
    while names and not names[-1]:
        names.pop()
    missing = [name for name in form.COLUMNS if name not in names]
    if len(missing) == len(form.COLUMNS):
        raise Unreadable(
            f"The first row of {path.name} is not the heading: it names none of the columns"
            f" ({', '.join(form.COLUMNS[:4])} and so on)."
        )
    unknown = [name for name in names if name and name not in form.COLUMNS]
    if missing:
        raise Unreadable(f"{_columns(missing)} missing.{_perhaps(missing, unknown)}")
    doubled = [name for name, times in Counter(names).items() if times > 1 and name]
    if known := [name for name in doubled if name in form.COLUMNS]:
        raise Unreadable(f"{_columns(known)} there more than once.")
    if unknown:
        words.append(f"{_columns(sorted(set(unknown)))} not known and not read.")
    return names


def _columns(names: Sequence[str]) -> str:
    return f"The column {names[0]} is" if len(names) == 1 else f"The columns {', '.join(names)} are"


def _perhaps(missing: Sequence[str], unknown: Sequence[str]) -> str:
    """'start' where 'start_date' is missing: which unknown column each may be."""
    close = [(name, get_close_matches(name, unknown, 1, 0.7)) for name in missing]
    said = [f"{found[0]} for {name}" for name, found in close if found]
    return f" Not known: {', '.join(said)}?" if said else ""


def _other_delimiter(text: str) -> str:
    for mark, words in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if text.count(mark) >= len(form.COLUMNS) // 2:
            return words
    return ""


def _row(number: int, cells: list[str], heading: Sequence[str]) -> Read:
    found = dict(zip(heading, cells, strict=False))
    if len(cells) < len(heading) or any(cells[len(heading) :]):
        problem = f"It has {len(cells)} cells and the heading {len(heading)}."
        return Read(number, found, problem)
    return Read(number, {name: found[name] for name in form.COLUMNS})
