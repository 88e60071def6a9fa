"""`manage.py timetable KIND --event NAME=YYYY-MM-DD ...`: the whole timetable of a case."""

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError

from casework.timetable import Due, Subject, Timetable, TimetableError, compute, kinds, ruleset
from casework.timetable.documentation import page
from casework.timetable.known import outside_the_calendar
from casework.timetable.output import as_json
from casework.timetable.typed import typed_date, typed_happenings, with_outcome
from overview.timetable_question import COUNCIL, InForce, now_in_force
from working_days.bundled import bundled_calendar
from working_days.calendar import DEFINITION, Calendar, in_words

DOCS = Path("docs") / "timetable.md"
WRONG_INPUT = 2


class Command(BaseCommand):
    """See docs/timetable.md for every kind, rule and event name."""

    help = (
        "Print every deadline that follows from the dates given. docs/timetable.md lists the kinds,"
        " the rules and the names of events."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("kind", nargs="?", metavar="KIND", help="such as inspection or revisit")
        parser.add_argument("--framework", default="", help="default: the first declared")
        parser.add_argument(
            "--edition", default="", help="default: the one in force on the day of notification"
        )
        parser.add_argument(
            "--event",
            action="append",
            default=[],
            metavar="NAME[:SUBJECT]=YYYY-MM-DD",
            help="a date that is known; with a subject, for that body or recipient only",
        )
        parser.add_argument(
            "--body",
            action="append",
            default=[],
            metavar="NAME",
            help="the local authority or a health commissioner: comments on facts, gets the report",
        )
        parser.add_argument(
            "--health",
            action="append",
            default=[],
            metavar="NAME",
            help="a health commissioner: a body that is also told and called by CQC",
        )
        parser.add_argument(
            "--recipient",
            action="append",
            default=[],
            metavar="NAME",
            help="another recipient of the report, beside the bodies",
        )
        parser.add_argument(
            "--priority-area",
            action="append",
            default=[],
            metavar="NAME",
            help="an area for priority action: each deep dive needs a record of it",
        )
        parser.add_argument(
            "--outcome", default="", help="what was found, such as inconsistent or all_sufficient"
        )
        parser.add_argument(
            "--repeat-until",
            default="",
            metavar="YYYY-MM-DD",
            help="give what comes again and again up to this day, not only the next two",
        )
        parser.add_argument(
            "--parameter",
            action="append",
            default=[],
            metavar="CODE=NUMBER",
            help="another number in place of one marked * in docs/timetable.md",
        )
        parser.add_argument(
            "--bundled", action="store_true", help="use the built-in bank holidays: no database"
        )
        parser.add_argument("--format", choices=("table", "json"), default="table")
        parser.add_argument("--write-docs", action="store_true", help=f"write {DOCS} and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the timetable; exit code 2 for input that no timetable can be made from."""
        if options["write_docs"]:
            (Path(settings.BASE_DIR) / DOCS).write_text(page(), encoding="utf-8")
            return
        in_force = _in_force(options["bundled"])
        try:
            timetable = _timetable(options, in_force)
        except TimetableError as error:
            text = "\n".join(f"  {text}" for _, text in error.messages)
            raise CommandError(
                f"No timetable can be made.\n{text}", returncode=WRONG_INPUT
            ) from error
        for warning in timetable.warnings:
            self.stderr.write(f"Warning: {warning}")
        if options["format"] == "json":
            dues = [as_json(due) for due in timetable.dues]
            self.stdout.write(json.dumps(dues, indent=2, ensure_ascii=False))
        else:
            self.stdout.write(_as_table(timetable, in_force.calendar))


def _in_force(bundled: bool) -> InForce:
    """The calendar and the administrators' choices; bundled: built in, and all as declared."""
    if bundled:
        return InForce(bundled_calendar(), {})
    try:
        return now_in_force()
    except DatabaseError as error:
        raise CommandError(
            "The calendar in the database cannot be read. With --bundled the built-in bank"
            f" holidays are used instead. ({str(error).splitlines()[0]})"
        ) from error


def _timetable(options: dict[str, Any], in_force: InForce) -> Timetable:
    kind, framework = options["kind"], options["framework"]
    if not kind:
        raise TimetableError([("", f"Which kind? There is {', '.join(kinds())}.")])
    rules = ruleset(
        kind, framework
    )  # Says so where there is none, before anything else is asked for.
    subjects = _subjects(options)
    happenings = typed_happenings(kind, options["event"], subjects, framework)
    if not happenings:
        leading = next(event for event in rules.events if event.leading)
        name = leading.synonyms[0] if leading.synonyms else leading.name
        text = f"Give at least one date, such as --event {name}=2026-03-23."
        raise TimetableError([("", text)])
    return compute(
        kind,
        with_outcome(rules, happenings, options["outcome"]),
        calendar=in_force.calendar,
        framework=framework,
        edition=options["edition"],
        subjects=subjects,
        parameters={
            **in_force.parameters_for(rules),
            **_parameters(options["parameter"]),
        },
        repeat_until=_repeat_until(options["repeat_until"], in_force.calendar),
    )


def _repeat_until(typed: str, calendar: Calendar) -> date | None:
    if not typed:
        return None
    try:
        day = typed_date(typed)
    except ValueError as error:
        raise TimetableError([("", f"--repeat-until: {error}")]) from error
    if day > calendar.covers_until:
        raise TimetableError([("", f"--repeat-until: {outside_the_calendar(day, calendar)}")])
    return day


def _subjects(options: dict[str, Any]) -> dict[str, list[Subject]]:
    def named(*options_given: list[str]) -> list[Subject]:
        names = [name.strip() for given in options_given for name in given if name.strip()]
        return [Subject(name, name) for name in dict.fromkeys(names)]

    body, health, recipient = options["body"], options["health"], options["recipient"]
    if named(health) and not named(body):
        body = [COUNCIL]
    return {
        "body": named(body, health),
        "health_commissioner": named(health),
        "recipient": named(body, health, recipient),
        "priority_action_area": named(options["priority_area"]),
    }


def _parameters(typed: list[str]) -> dict[str, int]:
    found = {}
    for text in typed:
        code, _, number = text.partition("=")
        try:
            found[code.strip()] = int(number)
        except ValueError:
            problem = f"'{text}' sets no parameter: write CODE=NUMBER, such as IN-DRAFT=15."
            raise TimetableError([("", problem)]) from None
    return found


def _as_table(timetable: Timetable, calendar: Calendar) -> str:
    head = ("code", "due", "strength", "counted from", "who owes it", "what")
    rows = [head, *(_row(due) for due in timetable.dues)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    lines = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    notes = [f"{due.rule}: {due.note}" for due in _one_each(timetable.dues) if due.note]
    missing = [f"{m.code}: needs {' or '.join(m.needs)}" for m in timetable.not_counted]
    parts = [
        "\n".join(line.rstrip() for line in lines),
        "* The number is ours, not the source's. (forecast): its start has not happened yet.",
        "\n".join(["Notes", *notes]) if notes else "",
        "\n".join(["Not counted, for want of a date", *missing]) if missing else "",
        f"Edition {timetable.edition} of {timetable.framework}. {DEFINITION}"
        f" Bank holidays are known up to {in_words(calendar.covers_until)}.",
    ]
    return "\n\n".join(part for part in parts if part)


def _row(due: Due) -> tuple[str, ...]:
    day = f"{due.due_on:%a} {due.due_on.day:>2} {due.due_on:%b %Y}"
    hour = f" {due.due_at:%H:%M}" if due.due_at else ""
    practical = f" (by {due.practical_on:%a} {due.practical_on.day})" if due.practical_on else ""
    start = due.counted_from
    return (
        due.code,
        day + hour + practical + (" (forecast)" if due.forecast else ""),
        due.strength,
        f"{due.offset}{'*' if due.source_offset == 'ours' else ''}, {start.event} {start.date}",
        due.owed_by,
        due.title + (f": {due.subject_name}" if due.subject_name else ""),
    )


def _one_each(dues: tuple[Due, ...]) -> list[Due]:
    return list({(due.rule, due.note): due for due in dues}.values())
