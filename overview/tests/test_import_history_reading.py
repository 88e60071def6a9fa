"""Whatever is wrong with a file as a whole is said in one sentence; nothing is taken from it."""

import csv
import os
import zipfile

import pytest
from openpyxl import Workbook

from overview.history import form
from overview.history.form import COLUMNS, Unreadable
from overview.history.reading import read
from overview.tests.history_files import (
    INSPECTION,
    REVISIT,
    as_csv,
    as_ods,
    as_xlsx,
    lines,
    ods_of,
    row,
)


def refused(path):
    with pytest.raises(Unreadable) as error:
        read(path)
    said = str(error.value)
    assert "\n" not in said
    return said


@pytest.fixture
def file(tmp_path):
    return tmp_path / "record.csv"


# --- what is read ---


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf_8_is_read_with_and_without_a_mark(file, encoding):
    as_csv(file, [row(local_area="Ynys Môn", notes="a “quoted”, word")], encoding=encoding)
    [found] = read(file).rows
    assert (found.number, found.problem) == (2, "")
    assert found.cells["framework"] == "2016-2022"
    assert (found.cells["local_area"], found.cells["notes"]) == ("Ynys Môn", "a “quoted”, word")


def test_the_columns_may_stand_in_any_order(file):
    shuffled = sorted(COLUMNS)
    as_csv(file, [INSPECTION], shuffled)
    assert read(file).rows[0].cells == {name: INSPECTION.get(name, "") for name in COLUMNS}


def test_the_heading_may_have_capitals_and_spaces(file):
    as_csv(file, [INSPECTION])
    heading, rest = file.read_text().split("\n", 1)
    file.write_text(heading.replace("_", " ").title() + "\n" + rest)
    assert read(file).rows[0].cells["local_area"] == "Kent"


def test_a_column_that_is_not_known_is_named_and_not_read(file):
    as_csv(file, [row(phone="01234 567890")], (*COLUMNS, "phone"))
    content = read(file)
    assert content.words == ["The column phone is not known and not read."]
    assert "phone" not in content.rows[0].cells


def test_empty_lines_are_passed_over_and_rows_keep_their_line_numbers(file):
    as_csv(file, [INSPECTION, row(notes="over\ntwo lines"), REVISIT])
    file.write_text(file.read_text().replace("\n2016-2022,revisit", "\n\r\n2016-2022,revisit"))
    content = read(file)
    assert [one.number for one in content.rows] == [2, 3, 6]
    assert content.rows[1].cells["notes"] == "over two lines"


@pytest.mark.parametrize("write", [as_xlsx, as_ods])
def test_a_workbook_says_the_same_as_the_csv_file(tmp_path, file, write):
    rows = [INSPECTION, row(REVISIT, n_weaknesses="0", wd_over_33="-4"), row(notes="+1 & <b>")]
    as_csv(file, rows)
    book = write(tmp_path / "record.bin", lines(rows))
    assert [one.cells for one in read(book).rows] == [one.cells for one in read(file).rows]
    assert [one.number for one in read(book).rows] == [2, 3, 4]


def test_of_several_sheets_the_first_is_read_and_it_is_said(tmp_path):
    book = Workbook()
    for cells in lines([INSPECTION]):
        book.active.append(cells)
    book.active.title = "Record"
    book.create_sheet("Chart").append(["=1+1"])
    book.save(tmp_path / "two.xlsx")
    content = read(tmp_path / "two.xlsx")
    assert len(content.rows) == 1
    assert content.words == ["Only the first sheet, Record, is read."]


# --- a row that does not fit ---


def test_a_row_with_too_few_or_too_many_cells_has_that_problem_alone(file):
    as_csv(file, [INSPECTION, INSPECTION, INSPECTION])
    head, first, second, third = file.read_text().splitlines()
    file.write_text("\n".join([head, first, second.rsplit(",", 2)[0], third + ",more"]))
    assert [one.problem for one in read(file).rows] == [
        "",
        "It has 22 cells and the heading 24.",
        "It has 25 cells and the heading 24.",
    ]


# --- files that cannot be read ---


def test_an_encoding_other_than_utf_8_is_said_with_line_and_byte(file):
    as_csv(file, [INSPECTION, row(source="café")], encoding="cp1252")
    said = refused(file)
    assert said.startswith("Line 3, byte ")
    assert "(hexadecimal E9) is not UTF-8: save the file as UTF-8" in said


def test_utf_16_is_named_where_it_is_certain(file):
    as_csv(file, [INSPECTION], encoding="utf-16")
    assert refused(file) == "The file is encoded as UTF-16: save it as UTF-8."
    as_csv(file, [INSPECTION], encoding="utf-16-le")
    assert refused(file) == "Line 1 has a NUL byte: the file is no text in UTF-8."


def test_missing_columns_are_named(file):
    columns = [name for name in COLUMNS if name not in ("outcome", "source")]
    as_csv(file, [INSPECTION], columns)
    assert refused(file) == "The columns outcome, source are missing."


def test_a_column_of_another_name_is_suggested(file):
    as_csv(file, [INSPECTION], [*COLUMNS[:6], "start date of it", *COLUMNS[7:]])
    said = refused(file)
    assert said == ("The column start_date is missing. Not known: start_date_of_it for start_date?")


def test_a_doubled_column_is_named(file):
    as_csv(file, [INSPECTION], [*COLUMNS, "outcome"])
    assert refused(file) == "The column outcome is there more than once."


def test_a_file_without_heading_is_told_from_one_that_lacks_columns(file):
    file.write_text("Kent,2019-01-28\nSurrey,2016-10-17\n")
    assert "The first row of record.csv is not the heading" in refused(file)


@pytest.mark.parametrize(("mark", "words"), [(";", "semicolons"), ("\t", "tabs")])
def test_other_separators_are_named(file, mark, words):
    with file.open("w", newline="") as out:
        csv.writer(out, delimiter=mark).writerows(lines([INSPECTION]))
    assert refused(file) == f"record.csv separates columns by {words}: a comma is needed."


def test_an_empty_file_and_one_without_rows(file):
    file.write_bytes(b"")
    assert refused(file) == "record.csv is empty."
    file.write_text("\n\n")
    assert refused(file) == "record.csv is empty."
    as_csv(file, [])
    assert refused(file) == "record.csv has a heading and no rows."


def test_a_quote_that_is_not_closed_is_found_with_its_row(file):
    as_csv(file, [INSPECTION, REVISIT])
    file.write_text(file.read_text() + '2016-2022,"inspection,Kent')
    assert refused(file) == "A quote in the row that begins on line 4 is not closed."


def test_a_quote_that_swallows_the_rest_is_found_before_the_end(file):
    as_csv(file, [INSPECTION] * 200)
    text = file.read_text().replace("2016-2022,inspection", '2016-2022,"inspection', 1)
    file.write_text(text)
    assert refused(file) == (
        "The row that begins on line 2 runs over more than 100 lines: a quote in it is not closed."
    )


def test_a_quote_that_ends_within_a_cell(file):
    as_csv(file, [INSPECTION])
    file.write_text(file.read_text().replace("Kent", '"Kent" county', 1))
    assert "Line 2: a quote ends within a cell" in refused(file)


@pytest.mark.parametrize("character", ["\x01", "\x1b", "\x9b"])
def test_what_is_no_text_is_refused_before_anything_prints_it(file, character):
    as_csv(file, [row(notes=f"a{character}b")])
    assert f"no text (U+{ord(character):04X})" in refused(file)


def test_a_cell_that_is_too_long(file):
    as_csv(file, [row(notes="x" * 10_001)])
    assert refused(file) == (
        "The row that begins on line 2 has a cell of more than 10,000 characters."
    )
    as_csv(file, [row(notes="x" * 200_000)])
    assert "more than 10,000 characters" in refused(file)


def test_a_line_without_end_is_not_kept_in_memory(file):
    file.write_bytes(b"a" * 3_000_000)
    assert refused(file) == "Line 1 is longer than 1,000,000 bytes."


def test_a_file_of_200_mb_is_refused_at_its_limit_without_being_read_to_the_end(file):
    as_csv(file, [INSPECTION])
    whole = file.read_bytes().split(b"\r\n")
    with file.open("wb") as out:
        out.write(whole[0] + b"\r\n")
        block = (whole[1] + b"\r\n") * 10_000
        while out.tell() < 200_000_000:
            out.write(block)
    assert refused(file) == (
        "record.csv has more than 20,000 rows, which no record of inspections has. Nothing was"
        " taken over."
    )


def test_much_text_in_few_rows_has_a_limit_too(file, monkeypatch):
    monkeypatch.setattr(form, "MOST_CHARACTERS", 50_000)
    as_csv(file, [row(notes="x" * 9_000)] * 6)
    assert "more than 50,000 characters" in refused(file)


def test_what_is_no_file(tmp_path):
    assert refused(tmp_path) == f"{tmp_path} is a folder, not a file."
    assert refused(tmp_path / "no.csv") == f"There is no file {tmp_path / 'no.csv'}."
    os.mkfifo(tmp_path / "pipe")
    assert refused(tmp_path / "pipe") == f"{tmp_path / 'pipe'} is not an ordinary file."
    (tmp_path / "file").write_text("x")
    assert "cannot be read: Not a directory" in refused(tmp_path / "file" / "below")


def test_a_file_that_may_not_be_read(file, monkeypatch):
    as_csv(file, [INSPECTION])
    if os.geteuid() == 0:  # root may read everything: as the system answers others

        def closed(*args, **kwargs):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("builtins.open", closed)
    else:
        file.chmod(0)
    assert "may not be read by the user that runs this command" in refused(file)


# --- workbooks ---


def test_a_formula_is_refused_with_its_cell(tmp_path):
    book = Workbook()
    for cells in lines([INSPECTION]):
        book.active.append(cells)
    book.active["G2"] = "=TODAY()"
    book.save(tmp_path / "formula.xlsx")
    assert "has a formula in cell G2 of its first sheet" in refused(tmp_path / "formula.xlsx")
    cell = '<table:table-cell table:formula="of:=TODAY()" office:value-type="float"/>'
    path = ods_of(tmp_path / "formula.ods", f"<table:table-row>{cell}</table:table-row>")
    assert "has a formula in row 1 of its first sheet" in refused(path)


def test_a_workbook_that_asks_for_billions_of_cells_ends_nothing_but_its_reader(tmp_path):
    book = Workbook()
    book.active["A1"] = "framework"
    book.active["XFD1048576"] = "far away"
    book.save(tmp_path / "sparse.xlsx")
    assert "asks for more cells than can be read" in refused(tmp_path / "sparse.xlsx")
    cell = (
        '<table:table-cell table:number-columns-repeated="16000" office:value-type="string">'
        "<text:p>a</text:p></table:table-cell>"
    )
    body = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
    assert "cannot be read" in refused(ods_of(tmp_path / "many.ods", body))


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(form, "LARGEST_UNPACKED", 1_000_000)
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 2_000_000)
    assert "would unpack to more than 1 MB" in refused(path)
    monkeypatch.setattr(form, "LARGEST_WORKBOOK", 1_000)
    assert "is larger than 0 MB" in refused(path)


def test_damaged_and_other_archives(tmp_path):
    path = as_xlsx(tmp_path / "cut.xlsx", lines([INSPECTION] * 50))
    path.write_bytes(path.read_bytes()[:3000])
    assert refused(path) == "cut.xlsx is damaged: it cannot be unpacked."
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("letter.txt", "no workbook")
    assert "is neither CSV nor an XLSX or ODS workbook" in refused(tmp_path / "other.zip")
    with zipfile.ZipFile(tmp_path / "hollow.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert "hollow.xlsx" in refused(tmp_path / "hollow.xlsx")
    (tmp_path / "old.xls").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 100)
    assert "is a workbook of an old or protected form" in refused(tmp_path / "old.xls")
