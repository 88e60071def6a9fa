"""Terms from a CSV file, and CSV files to begin from."""

import csv
import datetime
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from areas.term_import.reading import MOST_COLUMNS, MOST_ROWS, Entry, Read, cleaned_name, short
from design_system import dates

AREA, NAME, FIRST, LAST = "DfE number", "Term", "First day", "Last day"
COLUMNS = (AREA, "Area", NAME, FIRST, LAST)
#: Other headings under which a column is known, in small letters without anything between.
HEADINGS = {
    "dfenumber": AREA,
    "dfecode": AREA,
    "dfelacode": AREA,
    "lacode": AREA,
    "lanumber": AREA,
    "areacode": AREA,
    "term": NAME,
    "termname": NAME,
    "name": NAME,
    "firstday": FIRST,
    "start": FIRST,
    "startdate": FIRST,
    "starts": FIRST,
    "startson": FIRST,
    "termstarts": FIRST,
    "from": FIRST,
    "opens": FIRST,
    "lastday": LAST,
    "end": LAST,
    "enddate": LAST,
    "ends": LAST,
    "endson": LAST,
    "termends": LAST,
    "to": LAST,
    "until": LAST,
    "closes": LAST,
}
#: Known, and for people's eyes alone: the DfE number says which area is meant.
UNREAD = frozenset({"area", "areaname", "localarea", "localauthority", "authority", "la", ""})

HALF_TERMS = (
    "Autumn, first half",
    "Autumn, second half",
    "Spring, first half",
    "Spring, second half",
    "Summer, first half",
    "Summer, second half",
)


def read_csv(text: str, *, several: bool) -> Read:
    """The terms of a CSV file with a first line of headings, in any order; separated by commas,
    semicolons or tabs. `several`: for several areas, told apart by the DfE number."""
    read = Read()
    rows = _rows(text, read)
    heading = next(rows, None)
    if heading is None:
        if not read.mistakes:
            read.wrong(None, "", "The file is empty")
        return read
    places = _places(heading[1], read, several=several)
    if places is None:
        return read
    for line, cells in rows:
        if len(read.entries) + len(read.mistakes) >= MOST_ROWS:
            read.wrong(line, "", f"The file has more than {MOST_ROWS:,} lines. Divide it")
            break
        if any(cell.strip() for cell in cells):
            _read_row(line, cells, len(heading[1]), places, read)
    if not read.entries and not read.mistakes:
        read.wrong(None, "", "Below the headings the file has no line")
    return read


def _rows(text: str, read: Read) -> Iterator[tuple[int, list[str]]]:
    """Lines with the number at which each begins."""
    first = text.splitlines()[0] if text.strip() else ""
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    return _numbered(reader, read)


def _numbered(reader: "csv._reader", read: Read) -> Iterator[tuple[int, list[str]]]:  # type: ignore[name-defined]
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error:
            read.wrong(line, "", "A quotation mark on this line is out of place, or not closed")
            return


def _places(heading: Sequence[str], read: Read, *, several: bool) -> dict[str, int] | None:
    """At which place each column stands; None, with the mistakes noted, where that is not clear."""
    if len(heading) > MOST_COLUMNS:
        read.wrong(1, "", f"The file has {len(heading)} columns; at most {MOST_COLUMNS} are read")
        return None
    places: dict[str, int] = {}
    others: list[str] = []
    for place, text in enumerate(heading):
        plain = re.sub(r"[^a-z]", "", text.casefold())
        column = HEADINGS.get(plain)
        if column in places:
            read.wrong(1, column, "This column is there twice")
        elif column:
            places[column] = place
        elif plain not in UNREAD:
            others.append(short(text))
    needed = [NAME, FIRST, LAST]
    missing = [
        column for column in ([AREA, *needed] if several else needed) if column not in places
    ]
    for column in missing:
        read.wrong(1, column, "This column is missing. The first line names the columns")
    if others:
        read.notes.append(f"These columns are not read: {', '.join(others)}")
    return None if read.mistakes else places


def _read_row(
    line: int, cells: Sequence[str], width: int, places: dict[str, int], read: Read
) -> None:
    if any(cell.strip() for cell in cells[width:]):
        read.wrong(
            line, "", f"This line has {len(cells)} columns, and the first line names {width}"
        )
        return

    def cell(column: str) -> str:
        place = places.get(column)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    name = cleaned_name(cell(NAME), read, line, NAME)
    first = _date(cell(FIRST), read, line, FIRST)
    last = _date(cell(LAST), read, line, LAST)
    code = cell(AREA)
    if AREA in places and not re.fullmatch(r"[0-9]{3}", code):
        text = f"‘{short(code)}’ is no DfE number" if code else "Enter the DfE number"
        read.wrong(line, AREA, f"{text}: it has three digits, like 302")
    elif name and first and last:
        read.entries.append(Entry(line, code, name, first, last))


def _date(text: str, read: Read, line: int, column: str) -> datetime.date | None:
    try:
        return dates.read(dates.Typed(day=text))
    except dates.DateError as error:
        read.wrong(line, column, _why(text, error, column))
        return None


def _why(text: str, error: dates.DateError, column: str) -> str:
    if error.kind == "empty":
        return f"Enter the {column.lower()}, like 2026-09-02 or 2 September 2026"
    if error.kind == "short_year":
        return f"‘{short(text)}’: write the year with four digits"
    if text[:1] in "=+-@":
        return f"‘{short(text)}’ looks like a formula of a spreadsheet"
    if re.match(r"(\d{4}\D0?2\D29|29\D(0?2|feb\w*)\D\d{4})\b", text.casefold()):
        return f"‘{short(text)}’ is not a real date: that February has 28 days"
    return (
        f"‘{short(text)}’ is not a real date. Write it like 2026-09-02, 02/09/2026 (day first) or "
        "2 September 2026"
    )


def write_csv(rows: Iterable[Sequence[str]]) -> str:
    """A CSV file that Excel opens as what it is; what would be a formula there is made text."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell for cell in row])
    return "\ufeff" + file.getvalue()
