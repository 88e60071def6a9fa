"""A list as a file: CSV and XLSX, row by row, however long it is.

Both begin with what the list is, what it was narrowed to and when it was made. A text that a
spreadsheet would take for a formula gets an apostrophe in front, in both.
"""

import csv
import datetime
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.text import slugify

from config import clock

Format = Literal["csv", "xlsx"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOM = "\ufeff"
#: Excel's own limit of rows on a sheet is 1,048,576.
ROWS_ON_A_SHEET = 1_000_000
LONGEST_CELL = 32_000
#: What makes a spreadsheet compute; the wide forms do so in some languages.
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Sheet:
    """What is exported. Cells are texts, numbers, dates or None; `rows` is read once.

    `chosen`: what the list was narrowed to, as (name, value).
    """

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]
    chosen: Sequence[tuple[str, str]] = field(default_factory=tuple)

    def head(self) -> list[list[str]]:
        """The lines above the columns."""
        made = clock.london(clock.now())
        narrowed = "; ".join(f"{name}: {value}" for name, value in self.chosen)
        return [
            [self.title],
            ["Narrowed to", narrowed or "nothing: the whole list"],
            ["Made", f"{made:%A} {made.day} {made:%B %Y}, {made:%H:%M} (London time)"],
            [],
        ]

    def file_name(self, extension: str) -> str:
        """'programme-2026-11-22.csv': letters, digits and hyphens only."""
        return f"{slugify(self.title) or 'list'}-{clock.today().isoformat()}.{extension}"


def wanted_format(text: str | None) -> Format | None:
    """The format that an address asks for; None for the page itself."""
    return text if text in ("csv", "xlsx") else None  # type: ignore[return-value]


def respond(sheet: Sheet, form: Format) -> HttpResponseBase:
    """The file as a download."""
    return _csv(sheet) if form == "csv" else _xlsx(sheet)


def safe_text(text: str) -> str:
    """The text as a spreadsheet may have it: no formula, no character that XML refuses."""
    text = _NOT_IN_XML.sub("", text)[:LONGEST_CELL]
    return f"'{text}" if _FORMULA.match(text) else text


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _csv(sheet: Sheet) -> StreamingHttpResponse:
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield BOM  # without it Excel takes the file for Windows-1252
        for row in _all_rows(sheet):
            yield writer.writerow(_in_csv(cell) for cell in row)

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{sheet.file_name("csv")}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _all_rows(sheet: Sheet) -> Iterator[Sequence[Any]]:
    yield from sheet.head()
    yield sheet.columns
    yield from sheet.rows


def _in_csv(cell: Any) -> Any:
    if cell is None:
        return ""
    if isinstance(cell, (datetime.date, datetime.datetime)):
        return cell.isoformat()
    return safe_text(cell) if isinstance(cell, str) else cell


def _xlsx(sheet: Sheet) -> FileResponse:
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    title = re.sub(r"[^\w ]", "", sheet.title)[:25] or "List"

    def new_page(number: int) -> Any:
        page = book.create_sheet(title if number == 1 else f"{title} {number}")
        for place in range(len(sheet.columns)):
            page.column_dimensions[get_column_letter(place + 1)].width = 30 if place == 0 else 20
        return page

    page, count, number = new_page(1), 0, 1
    for row in _all_rows(sheet):
        if count == ROWS_ON_A_SHEET:
            number += 1
            page, count = new_page(number), 1
            page.append(_in_xlsx(page, sheet.columns))
        page.append(_in_xlsx(page, row))
        count += 1
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    answer = FileResponse(
        file, as_attachment=True, filename=sheet.file_name("xlsx"), content_type=XLSX
    )
    answer["Cache-Control"] = "no-store"
    return answer


def _in_xlsx(page: Any, row: Sequence[Any]) -> list[Any]:
    from openpyxl.cell import WriteOnlyCell

    cells = []
    for value in row:
        if isinstance(value, str) and (text := safe_text(value)):
            cell = WriteOnlyCell(page, text)
            cell.data_type = "s"
        else:
            cell = WriteOnlyCell(page, None if isinstance(value, str) else value)
            if isinstance(value, datetime.date):
                cell.number_format = "dd/mm/yyyy"
        cells.append(cell)
    return cells
