"""Lists as files: opened again by a reader, they hold the same rows and no formula."""

import csv
import datetime
import io

import openpyxl
import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from design_system import exports

DAY = datetime.date(2026, 6, 1)
DANGEROUS = ["=1+1", "+44 20", "-2+3", "@SUM(A1)", "\tx", "\rx", "\nx", "=cmd|' /C calc'!A0", "＝1"]
#: 23:30 UTC on 31 May is already 1 June in London.
NOW = datetime.datetime(2026, 5, 31, 23, 30, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _late_in_may():
    with time_machine.travel(NOW, tick=False):
        yield


def sheet(rows, **more):
    return exports.Sheet("Programme", ["Name", "Day", "Number"], rows, **more)


def read_csv(answer):
    text = b"".join(answer.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def read_xlsx(answer):
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    answer.file_to_stream.close()
    return book


def test_the_head_says_what_was_narrowed_and_when_by_london_clocks():
    rows = read_csv(exports.respond(sheet([], chosen=[("Region", "London")]), "csv"))
    assert rows[:3] == [
        ["Programme"],
        ["Narrowed to", "Region: London"],
        ["Made", "Monday 1 June 2026, 00:30 (London time)"],
    ]
    assert rows[4] == ["Name", "Day", "Number"]
    assert read_csv(exports.respond(sheet([]), "csv"))[1][1] == "nothing: the whole list"


def test_a_file_has_a_safe_name_and_is_never_kept():
    for form in ("csv", "xlsx"):
        answer = exports.respond(
            exports.Sheet('Pro"gramme\r\nX: ../ü', ["A"], iter([["x"]])),
            form,
        )
        assert answer["Content-Disposition"] == (
            f'attachment; filename="programme-x-u-2026-06-01.{form}"'
        )
        assert answer["Cache-Control"] == "no-store"
        b"".join(answer.streaming_content)
        if form == "xlsx":
            answer.file_to_stream.close()


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_would_be_a_formula_is_text(text):
    answer = exports.respond(sheet([[text, None, 1]], chosen=[("Area", text)]), "csv")
    rows = read_csv(answer)
    assert rows[5][0] == f"'{text}"
    book = read_xlsx(exports.respond(sheet([[text, None, 1]], chosen=[("Area", text)]), "xlsx"))
    cell = book.active.cell(6, 1)
    assert (cell.data_type, cell.value.replace("\r", "\n").rstrip("\n")) == (
        "s",
        f"'{text}".replace("\r", "\n").replace("_x000D_", "\n").rstrip("\n"),
    )


def test_days_are_days_in_a_workbook_and_iso_in_csv():
    rows = [["Barnet", DAY, 3], ["Bath", None, None]]
    assert read_csv(exports.respond(sheet(rows), "csv"))[5:] == [
        ["Barnet", "2026-06-01", "3"],
        ["Bath", "", ""],
    ]
    page = read_xlsx(exports.respond(sheet(rows), "xlsx")).active
    assert page.cell(6, 2).is_date
    assert page.cell(6, 2).value.date() == DAY
    assert page.cell(6, 3).value == 3
    assert page.cell(7, 2).value is None


@given(st.text(max_size=40))
def test_every_text_survives_or_is_made_safe(text):
    book = read_xlsx(exports.respond(sheet([[text, DAY, 1]]), "xlsx"))
    cell = book.active.cell(6, 1)
    assert cell.data_type in ("s", "n")
    rows = read_csv(exports.respond(sheet([[text, DAY, 1]]), "csv"))
    assert rows[5][0][:1] not in set("=+-@\t\r\n")


def test_what_is_too_long_for_one_sheet_goes_on_on_the_next(monkeypatch):
    monkeypatch.setattr(exports, "ROWS_ON_A_SHEET", 8)
    book = read_xlsx(exports.respond(sheet([[f"Area {n}", DAY, n] for n in range(10)]), "xlsx"))
    assert book.sheetnames == ["Programme", "Programme 2"]
    names = [
        row[0]
        for page in book
        for row in page.iter_rows(values_only=True)
        if row[0] and str(row[0]).startswith("Area")
    ]
    assert names == [f"Area {n}" for n in range(10)]
    assert next(book["Programme 2"].iter_rows(values_only=True))[0] == "Name"


def test_rows_are_written_as_they_come():
    """Streaming: the first line leaves before the last row is read."""
    seen = []

    def rows():
        for number in range(1000):
            seen.append(number)
            yield [f"Area {number}", DAY, number]

    lines = iter(exports.respond(sheet(rows()), "csv").streaming_content)
    for _ in range(8):
        next(lines)
    assert len(seen) < 10


def test_only_these_formats():
    assert [exports.wanted_format(text) for text in ("csv", "xlsx", "ods", "", None)] == [
        "csv",
        "xlsx",
        None,
        None,
        None,
    ]
