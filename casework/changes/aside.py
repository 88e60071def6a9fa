"""The tables aside in which a chunk of cases is laid out, so that each kind of row is written by
one statement. They are this session's own and empty after each transaction."""

import io
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

from casework.changes.groups import DATES, GroupEffect
from casework.changes.reach import Head

_TABLES = """
    CREATE TEMP TABLE IF NOT EXISTS changing_case (
        case_id uuid PRIMARY KEY, number int, version int, seq int, hash text, digest text
    ) ON COMMIT DELETE ROWS;
    CREATE TEMP TABLE IF NOT EXISTS changing_subject (
        case_id uuid, place text, subject text, PRIMARY KEY (case_id, place)
    ) ON COMMIT DELETE ROWS;
    CREATE TEMP TABLE IF NOT EXISTS changing_row (
        number int, rule text, place text, subject text, moves boolean, goes boolean,
        due_on date, due_at timestamptz, computed_on date, practical_on date, day_number smallint,
        counted_from_event text, counted_from_on date, state text
    ) ON COMMIT DELETE ROWS;
"""

#: Each deadline of a case at hand that the change is about, with what becomes of it.
CHANGING = """
    changing_case t
    JOIN changing_row r ON r.number = t.number
    LEFT JOIN changing_subject s ON s.case_id = t.case_id AND s.place = r.place
"""
OF_IT = "d.case_id = t.case_id AND d.rule = r.rule AND d.subject = COALESCE(s.subject, r.subject)"


def prepare() -> None:
    """Make the tables, where this session has none yet."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)


def lay_out(
    heads: Sequence[Head],
    effects: Mapping[tuple[str, int], GroupEffect],
    subjects: Mapping[uuid.UUID, Mapping[str, str]],
    hashes: Mapping[uuid.UUID, str],
) -> None:
    """Lay out a chunk of cases with what becomes of their deadlines; the tables are empty."""
    copy_in(
        "changing_case (case_id, number, version, seq, hash, digest)",
        (
            (
                head.id,
                effects[head.group].number,
                head.version,
                head.version + 1,
                hashes.get(head.id, ""),
                effects[head.group].digest,
            )
            for head in heads
        ),
    )
    copy_in(
        "changing_subject (case_id, place, subject)",
        ((case, place, key) for case, known in subjects.items() for place, key in known.items()),
    )
    copy_in(
        f"changing_row (number, rule, place, subject, moves, goes, {', '.join(DATES)})",
        (
            (one.number, rule, place, subject, moves, dates is None, *(dates or _GONE))
            for one in {effects[head.group].number: effects[head.group] for head in heads}.values()
            for rule, place, subject, moves, dates in one.rows
        ),
    )


#: Before a chunk is laid out, and behind it: each goes to the database with the statement after it.
EMPTY = "TRUNCATE changing_case, changing_subject, changing_row;"
LAID_OUT = "ANALYZE changing_case; ANALYZE changing_row; ANALYZE changing_subject;"

_GONE = (None,) * len(DATES)


def copy_in(into: str, rows: Iterable[Sequence[Any]]) -> None:
    """Add rows to a table by COPY."""
    lines = "".join("\t".join(map(_field, row)) + "\n" for row in rows)
    if lines:
        copy_lines(into, lines)


def copy_lines(into: str, lines: str) -> None:
    """Add lines, as COPY reads them, to a table."""
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {into} FROM STDIN", io.StringIO(lines))


def escaped(text: str) -> str:
    """A text as COPY reads it."""
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, int | uuid.UUID):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return escaped(value if isinstance(value, str) else json.dumps(value))


def subjects_of(heads: Iterable[Head], first: str = "") -> dict[uuid.UUID, dict[str, str]]:
    """The bodies of some cases by their places ('body:0'): one query. `first` is what the database
    has to do before."""
    ids = [head.id for head in heads]
    with connection.cursor() as cursor:
        cursor.execute(
            f"{first} SELECT DISTINCT ON (case_id) case_id, subjects FROM casework_event "
            "WHERE case_id = ANY(%s::uuid[]) AND subjects IS NOT NULL ORDER BY case_id, seq DESC",
            [ids],
        )
        found = cursor.fetchall()
    return {
        case: {
            f"{group}:{place}": key
            for group, members in _read(kept).items()
            for place, (key, _) in enumerate(members)
        }
        for case, kept in found
    }


def _read(kept: Any) -> Any:
    return json.loads(kept) if isinstance(kept, str) else kept
