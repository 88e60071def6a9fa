"""Reads the first sheet of one workbook and prints it as JSON, a row per line. Run on its own by
`workbooks.py`, so that a workbook that asks for too much ends this process and nothing else."""

import datetime
import json
import re
import resource
import sys
import zipfile
from typing import Any
from xml.parsers import expat

MEMORY = 1_500_000_000
SECONDS = 60
CHUNK = 1_000_000


def main(path: str, kind: str, rows: int, cell: int, characters: int, columns: int) -> None:
    """Print what the sheet is, or the problem with it, then its rows."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_path(path)
        names = book.sheet_names
        if not names:
            return _say(problem="has no sheet.")
        if where := formula_in(path, kind):
            return _say(
                problem=f"has a formula in {where} of its first sheet: save the sheet with values"
                " in place of formulas, or as CSV."
            )
        sheet = book.get_sheet_by_index(0)
        if sheet.total_width > columns:
            return _say(problem=f"has more than {columns} columns on its first sheet.")
        _say(sheets=names)
        _print_rows(sheet, rows, cell, characters)
    except PasswordError:
        _say(problem="is protected by a password: save it without one.")
    except (CalamineError, zipfile.BadZipFile, expat.ExpatError, KeyError) as error:
        first = (str(error).splitlines() or [""])[0][:200]
        _say(problem=f"cannot be read: {first or 'it is damaged'}.")


def _say(**said: Any) -> None:
    sys.stdout.write(json.dumps(said) + "\n")


def _print_rows(sheet: Any, rows: int, cell: int, characters: int) -> None:
    """All rows, or somewhat more than is allowed: then the other side says that it is too much."""
    printed = 0
    # Rows before the first that is used are left out by the reader.
    for number, row in enumerate(sheet.iter_rows(), (sheet.start or (0, 0))[0] + 1):
        cells = [as_text(value)[: cell + 1] for value in row]
        if not any(cells):
            continue
        sys.stdout.write(json.dumps([number, cells]) + "\n")
        printed += 1
        characters -= sum(map(len, cells))
        if printed > rows + 1 or characters < 0:
            return


def as_text(value: Any) -> str:
    """A cell as a CSV file would have it: days as YYYY-MM-DD, whole numbers without a point."""
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def formula_in(path: str, kind: str) -> str:
    """The first cell of the first sheet that holds a formula: its stored result may be old or not
    there at all. '' for none."""
    with zipfile.ZipFile(path) as archive:
        if kind == "ods":
            return _ods_formula(archive)
        return _xlsx_formula(archive)


def _ods_formula(archive: zipfile.ZipFile) -> str:
    tables = row = 0
    found = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal tables, row, found
        if name == "table:table":
            tables += 1
        elif tables == 1 and not found:
            if name == "table:table-row":
                row += 1
            elif "table:formula" in attributes:
                found = f"row {row}"

    _parse(archive, "content.xml", start)
    return found


def _xlsx_formula(archive: zipfile.ZipFile) -> str:
    part = _first_sheet(archive)
    if not part:
        return ""
    cell = found = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal cell, found
        tag = name.rpartition(":")[2]
        if tag == "c":
            cell = attributes.get("r", "")
        elif tag == "f" and not found:
            found = f"cell {cell}" if re.fullmatch("[A-Z]{1,3}[0-9]{1,7}", cell) else "a cell"

    _parse(archive, part, start)
    return found


def _first_sheet(archive: zipfile.ZipFile) -> str:
    relation = ""
    targets: dict[str, str] = {}

    def sheets(name: str, attributes: dict[str, str]) -> None:
        nonlocal relation
        if name.rpartition(":")[2] == "sheet" and not relation:
            relation = next((v for k, v in attributes.items() if k.endswith(":id")), "")

    def relations(name: str, attributes: dict[str, str]) -> None:
        targets[attributes.get("Id", "")] = attributes.get("Target", "")

    _parse(archive, "xl/workbook.xml", sheets)
    _parse(archive, "xl/_rels/workbook.xml.rels", relations)
    target = targets.get(relation, "")
    part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return part if part in archive.namelist() else ""


def _parse(archive: zipfile.ZipFile, part: str, start: Any) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with archive.open(part) as file:
        while chunk := file.read(CHUNK):
            parser.Parse(chunk)
        parser.Parse(b"", True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:7]))
