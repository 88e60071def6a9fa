"""Which open cases a change can reach: found by the days between which their deadlines run."""

import io
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from casework.changes.content import ParametersContent
from casework.changes.effects import Plan
from casework.registry import kinds
from casework.timetable import frameworks, ruleset
from working_days.calendar import WEEKEND, Calendar

CHUNK = 1000


@dataclass(frozen=True)
class Head:
    """A case as its last event left it."""

    id: uuid.UUID
    digest: str
    version: int
    hash: str
    calendar_version: int
    parameters_version: int

    @property
    def group(self) -> tuple[str, int]:
        """Cases that share it have the same open dates, before and after."""
        return self.digest or str(self.id), self.calendar_version


#: A deadline can move only if a day that changes lies between its start and its end. A forecast
#: may rest on days since Day 1; what is counted for each day on site, on any of these.
_TOUCHED = """
    (c.inputs_digest <> '' AND c.first_day IS NOT NULL AND %(days)s::datemultirange
        && daterange(c.first_day, COALESCE(c.last_day, c.first_day), '[]'))
    OR c.kind = ANY(%(wholly)s)
    OR EXISTS (
        SELECT FROM casework_deadline d
        WHERE d.case_id = c.id AND NOT d.settled AND d.state IN ('open', 'forecast')
        AND %(days)s::datemultirange && daterange(
            LEAST(d.counted_from_on, d.computed_on,
                CASE WHEN d.state = 'forecast' THEN c.first_day END),
            GREATEST(d.counted_from_on, d.computed_on,
                CASE WHEN d.state = 'forecast' THEN c.first_day END),
            '[]'))
"""

_HEADS = """
    SELECT c.id, c.inputs_digest, c.version, c.head_hash, e.calendar_version, e.parameters_version
    FROM casework_case c
    JOIN casework_event e ON e.case_id = c.id AND e.seq = c.version
    WHERE c.local_area_id = %(area)s AND c.ended_on IS NULL AND c.id > %(after)s
    AND ({reached})
    AND NOT EXISTS (SELECT FROM casework_event k WHERE k.case_id = c.id AND k.key = %(key)s)
    ORDER BY c.id LIMIT %(limit)s
"""

_CHOSEN = "c.id IN (SELECT id FROM changing_chosen)"
_FIRST = uuid.UUID(int=0)


class Reach:
    """The cases that a change can reach, area by area. Those that have its event are left out."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._values: dict[str, Any] = {"key": plan.change.key, "limit": CHUNK}
        if isinstance(plan.content, ParametersContent):
            _note_chosen(plan.content.case_ids)
            self._reached = _CHOSEN
        else:
            changed = changed_days(plan.inputs.calendar(plan.calendar_version), plan)
            self._values["days"] = as_multirange(changed)
            self._values["wholly"] = _kinds_that_end() if changed else []
            self._reached = _TOUCHED

    def areas(self) -> list[uuid.UUID]:
        """The local areas in which there is such a case, perhaps."""
        where = "ended_on IS NULL"
        if self._reached is _CHOSEN:
            where += f" AND {_CHOSEN}"
        sql = f"SELECT DISTINCT local_area_id FROM casework_case c WHERE {where} ORDER BY 1"
        with connection.cursor() as cursor:
            cursor.execute(sql, self._values)
            return [area for (area,) in cursor.fetchall()]

    def heads(self, area: uuid.UUID, after: uuid.UUID | None = None, first: str = "") -> list[Head]:
        """The next cases of an area in order of their ids, up to a chunk of them; `first` is what
        the database has to do before."""
        values = {**self._values, "area": area, "after": after or _FIRST}
        with connection.cursor() as cursor:
            cursor.execute(first + _HEADS.format(reached=self._reached), values)
            return [Head(*row) for row in cursor.fetchall()]

    def chunks(self, area: uuid.UUID) -> Iterator[list[Head]]:
        """All of them, chunk by chunk."""
        found = self.heads(area)
        while found:
            yield found
            found = self.heads(area, found[-1].id) if len(found) == CHUNK else []


def _note_chosen(case_ids: Sequence[uuid.UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE IF NOT EXISTS changing_chosen (id uuid PRIMARY KEY)")
        cursor.execute("TRUNCATE changing_chosen")
        rows = io.StringIO("".join(f"{one}\n" for one in set(case_ids)))
        cursor.copy_expert("COPY changing_chosen FROM STDIN", rows)
        cursor.execute("ANALYZE changing_chosen")


def changed_days(new: Calendar, plan: Plan) -> list[tuple[date, date]]:
    """The days that count otherwise than by the calendars that open cases have seen last: first
    and last day of each stretch."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT e.calendar_version FROM casework_case c JOIN casework_event e "
            "ON e.case_id = c.id AND e.seq = c.version WHERE c.ended_on IS NULL"
        )
        seen = [version for (version,) in cursor.fetchall()]
    stretches = []
    for version in seen:
        old = plan.inputs.calendar(version)
        stretches += [
            (day, day)
            for day in old.closed.keys() ^ new.closed.keys()
            if day.weekday() not in WEEKEND
        ]
        if old.covers_until != new.covers_until:
            ends = sorted((old.covers_until, new.covers_until))
            stretches.append((ends[0] + timedelta(days=1), ends[1]))
    return sorted(set(stretches))


def as_multirange(stretches: Sequence[tuple[date, date]]) -> str:
    """Stretches of days as PostgreSQL writes them."""
    return "{" + ",".join(f"[{first},{last}]" for first, last in stretches) + "}"


def _kinds_that_end() -> list[str]:
    """The kinds with deadlines that go when something ends them: fewer non-working days can bring
    one back of which there is no trace. They are few, so all their open cases are looked at."""
    return [
        kind.name
        for kind in kinds()
        if any(
            rule.until
            for framework in frameworks(kind.name)
            for rule in ruleset(kind.name, framework).rules
        )
    ]
