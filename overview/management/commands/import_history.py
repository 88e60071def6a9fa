"""`manage.py import_history FILE`: published inspections and re-visits, taken over row by row."""

import contextlib
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError

from overview.history import report
from overview.history.form import MOST_ROWS, Unreadable
from overview.history.importing import carry_out, prepare
from overview.history.report import ReportFile
from overview.history.results import Summary

GAVE_UP = 1
WRONG_INPUT = 2
INTERRUPTED = 130


class Command(BaseCommand):
    """docs/operations.md says what the words of the report mean."""

    help = (
        "Take over published history: a CSV file in UTF-8, or an XLSX or ODS workbook, in the form"
        " that docs/operations.md describes. Says what came of each row; the last line is JSON. The"
        " same file again changes nothing."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("file", metavar="FILE", help=f"at most {MOST_ROWS:,} rows")
        parser.add_argument(
            "--report",
            metavar="CSV",
            help="write what came of each row into this file instead of printing it",
        )
        parser.add_argument(
            "--force", action="store_true", help="replace the file of --report if it exists"
        )
        parser.add_argument(
            "--correct",
            action="store_true",
            help="where a row says otherwise than the record, correct the record",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 0 when the file was gone through, whatever came of its rows; 2 for a file that
        cannot be read (or a report that cannot be written), 1 where the database gave up."""
        path = Path(options["file"])
        target = Path(options["report"]) if options["report"] else None
        try:
            with contextlib.ExitStack() as open_files:
                into = None
                if target is not None:
                    into = ReportFile(target, path, replace=options["force"])
                    open_files.enter_context(into)
                summary = self._import(path, correcting=options["correct"])
                self._say(summary, into)
        except Unreadable as error:
            raise CommandError(str(error), returncode=WRONG_INPUT) from error
        except DatabaseError as error:
            first = (str(error).splitlines() or ["no reason given"])[0]
            raise CommandError(
                f"The database gave up: {first}. Rows taken so far stay; run it again to go on.",
                returncode=GAVE_UP,
            ) from error
        except KeyboardInterrupt:
            raise CommandError(
                "Interrupted. Rows taken so far stay; run it again to go on.",
                returncode=INTERRUPTED,
            ) from None

    def _import(self, path: Path, *, correcting: bool) -> Summary:
        ready = prepare(path)
        for words in ready.words:
            self.stderr.write(words)
        return carry_out(ready, correcting=correcting, bar=sys.stderr)

    def _say(self, summary: Summary, into: ReportFile | None) -> None:
        if into is not None:
            into.write(summary.results)
        try:
            for line in report.table(summary.results) if into is None else ():
                self.stdout.write(line)
            self.stdout.write(report.figures(summary))
            self.stdout.flush()
        except BrokenPipeError:  # whoever read it has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
