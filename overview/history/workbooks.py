"""Workbooks are read by a process of their own with a limit on memory and time: a few hundred bytes
of XLSX or ODS can ask for billions of cells, and the reader gives up by ending its process."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from overview.history import form
from overview.history.form import Unreadable

READER = Path(__file__).with_name("workbook_reader.py")
PATIENCE = 120
MOST_COLUMNS = 250
TOO_LARGE = "asks for more cells than can be read: save only the sheet with the record"
KINDS = {"xl/workbook.xml": "xlsx", "content.xml": "ods"}


@dataclass(frozen=True)
class Sheet:
    """The rows of the sheet that was read, each with its number; what to say besides."""

    rows: Iterator[tuple[int, list[str]]]
    words: list[str]


def rows_of_workbook(path: Path) -> Sheet:
    """The first sheet of an XLSX or ODS workbook as text. Raises Unreadable."""
    kind = _kind(path)
    output = _run(path, kind)
    try:
        head, *lines = output.splitlines()
        said = json.loads(head)
    except ValueError:
        raise Unreadable(f"{path.name} {TOO_LARGE}.") from None
    if problem := said.get("problem"):
        raise Unreadable(f"{path.name} {problem}")
    words = []
    if len(said["sheets"]) > 1:
        words.append(f"Only the first sheet, {said['sheets'][0]}, is read.")
    return Sheet(_rows(lines), words)


def _rows(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    for line in lines:
        number, cells = json.loads(line)
        yield number, cells


def _kind(path: Path) -> str:
    """Which kind of workbook, its parts as large as they say they are."""
    if path.stat().st_size > form.LARGEST_WORKBOOK:
        raise Unreadable(
            f"{path.name} is larger than {form.LARGEST_WORKBOOK // 1_000_000} MB: save only the"
            " sheet with the record, or save it as CSV."
        )
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if unpacked > form.LARGEST_UNPACKED:
                raise Unreadable(
                    f"{path.name} would unpack to more than"
                    f" {form.LARGEST_UNPACKED // 1_000_000} MB."
                )
            if any(part.flag_bits & 1 for part in parts):
                raise Unreadable(f"{path.name} is protected by a password: save it without one.")
            names = {part.filename for part in parts}
            if archive.testzip() is not None:
                raise zipfile.BadZipFile
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError):
        raise Unreadable(f"{path.name} is damaged: it cannot be unpacked.") from None
    for part, kind in KINDS.items():
        if part in names:
            return kind
    raise Unreadable(f"{path.name} is neither CSV nor an XLSX or ODS workbook.")


def _run(path: Path, kind: str) -> str:
    command = [sys.executable, "-I", str(READER), str(path.absolute()), kind]
    limits = (form.MOST_ROWS, form.MOST_CELL_CHARACTERS, form.MOST_CHARACTERS, MOST_COLUMNS)
    command += map(str, limits)
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=PATIENCE, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(f"{path.name} {TOO_LARGE}.") from None
    if done.returncode != 0:
        raise Unreadable(f"{path.name} {TOO_LARGE}.")
    return done.stdout.decode("utf-8", "replace")
