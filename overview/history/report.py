"""What came of each row: a table on the terminal, or a CSV file. The figures: one line of JSON."""

import contextlib
import csv
import json
import os
import pwd
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

from design_system.exports import safe_text
from overview.history.form import Unreadable
from overview.history.results import Result, Summary

COLUMNS = ("row", "event", "area", "date", "result", "record", "case", "why")
LONGEST_IN_TABLE = 30


def table(results: Sequence[Result]) -> Iterator[str]:
    """The lines of the table; why a row is doubted or refused stands on lines of its own."""
    rows = [_cells(one)[:-1] for one in results]
    heading = COLUMNS[:-1]
    widths = [
        min(LONGEST_IN_TABLE, max(len(row[place]) for row in (heading, *rows)))
        for place in range(len(heading))
    ]
    yield _line(heading, widths)
    yield "  ".join("-" * width for width in widths)
    for one, row in zip(results, rows, strict=True):
        yield _line(row, widths)
        for reason in one.why:
            yield f"{'':{widths[0]}}  - {reason}"


def figures(summary: Summary) -> str:
    """The last line: one JSON object."""
    return json.dumps(summary.as_json())


def _cells(one: Result) -> tuple[str, ...]:
    return (
        str(one.number),
        one.event,
        one.area,
        one.day,
        one.outcome.value,
        one.written.value,
        one.reference,
        " ".join(one.why),
    )


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    fitted = [
        (cell if len(cell) <= width else f"{cell[: width - 1]}…").ljust(width)
        for cell, width in zip(cells, widths, strict=True)
    ]
    return "  ".join(fitted).rstrip()


class ReportFile:
    """A CSV file of the results. That it can be written is known before the import begins; it is
    in place once it is whole."""

    def __init__(self, path: Path, source: Path, *, replace: bool) -> None:
        self.path = path
        self._check(source, replace)
        self._file: IO[str] | None = None
        self._aside = ""

    def __enter__(self) -> "ReportFile":
        try:
            handle, self._aside = tempfile.mkstemp(dir=self.path.absolute().parent, suffix=".part")
            os.fchmod(handle, 0o644)
            self._file = os.fdopen(handle, "w", encoding="utf-8-sig", newline="")
        except OSError as error:
            raise Unreadable(_not_written(self.path, error)) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._aside)

    def write(self, results: Sequence[Result]) -> None:
        """All results. What a spreadsheet would take for a formula is text."""
        assert self._file is not None
        writer = csv.writer(self._file)
        try:
            writer.writerow(COLUMNS)
            writer.writerows([safe_text(cell) for cell in _cells(one)] for one in results)
            self._file.close()
            os.replace(self._aside, self.path)
        except OSError as error:
            raise Unreadable(f"The rows are taken, but {_not_written(self.path, error)}") from None

    def _check(self, source: Path, replace: bool) -> None:
        try:
            self.path.stat()
        except PermissionError as error:
            raise Unreadable(_not_written(self.path, error)) from None
        except OSError:
            pass  # it is not there, as it should be
        if self.path.is_dir():
            raise Unreadable(f"{self.path} is a folder: name a file for the report.")
        with contextlib.suppress(OSError):
            if self.path.exists() and self.path.samefile(source):
                raise Unreadable("The report cannot take the place of the file that is read.")
        if self.path.exists() and not replace:
            raise Unreadable(f"{self.path} exists. With --force it is replaced.")


def _not_written(path: Path, error: OSError) -> str:
    """Why a file cannot be written, in words; where it is not allowed, to whom, and what to do:
    the command may run as another user than the one who typed it."""
    said = f"{path} cannot be written: {error.strerror}."
    if not isinstance(error, PermissionError):
        return said
    return (
        f"{said} The command runs as the user {_user()}: name a file in a folder in which that user"
        " may write, or leave --report out and send what is printed into a file with >."
    )


def _user() -> str:
    """The name of the user as whom this process runs, or its number where it has none."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())
