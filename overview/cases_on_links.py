"""Which cases rest on an organisation serving an area: those that have it among their bodies."""

import datetime
from collections.abc import Collection, Mapping
from typing import Any

from areas.serving import Pair, Resting, register_cases
from casework.fold import subjects_read
from casework.models import Event
from config import clock


def register() -> None:
    """Tell it before links change."""
    register_cases(cases_on_links)


def cases_on_links(pairs: Collection[Pair]) -> dict[Pair, list[Resting]]:
    """The cases of these areas whose bodies, as last recorded, include the organisation, each with
    the day whose bodies it has: its first day, or today while none is fixed. One query."""
    said = Event.objects.filter(case__local_area__in={area for area, _ in pairs})
    rows = (
        said.filter(subjects__isnull=False)
        .order_by("case_id", "seq")
        .values_list(
            "case_id", "case__local_area_id", "case__first_day", "case__ended_on", "subjects"
        )
    )
    latest = {row[0]: row[1:] for row in rows}
    found: dict[Pair, list[Resting]] = {}
    for area, first_day, ended_on, subjects in latest.values():
        named = _keys(subjects)
        for pair in pairs:
            if pair[0] == area and str(pair[1]) in named:
                found.setdefault(pair, []).append(_resting(first_day, ended_on))
    return found


def _keys(subjects: Mapping[str, Any] | None) -> set[str]:
    return {one.key for group in subjects_read(subjects or {}).values() for one in group}


def _resting(first_day: datetime.date | None, ended_on: datetime.date | None) -> Resting:
    return Resting(first_day or ended_on or clock.today(), ended_on is None)
