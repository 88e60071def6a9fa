"""Bookings, team and nominated officer of a re-visit, brought in line with its events."""

import uuid
from dataclasses import replace
from typing import Any

from casework.models import Case
from casework.workflow import State
from inspections import bookings
from inspections.projections import TEAM_ROLES, hold_roles, name_officer
from monitoring.access import MONITORING
from revisits.events import LanoCallHeld, Scheduled
from revisits.scheduling import days_of
from working_days.services import calendar_at

NO_TEAM = frozenset({"planned", "cancelled"})


def follow(case: Case, state: State, by: Any) -> None:
    """Bring them in line. Raises GuardFailed where days clash."""
    fixed = next(
        (one for one in reversed(state.happened) if isinstance(one.facts, Scheduled)), None
    )
    team: list[tuple[int, str]] = []
    days: Any = ()
    if fixed is not None and isinstance(fixed.facts, Scheduled) and state.stage not in NO_TEAM:
        team = fixed.facts.team()
        standing = replace(
            fixed.facts,
            first_day=state.first_day or fixed.facts.first_day,
            last_day=state.last_day or fixed.facts.last_day,
        )
        days = days_of(standing, calendar_at(fixed.calendar_version))
    bookings.book(case, days, by=by)
    members: set[tuple[int, str, uuid.UUID | None]] = {
        (person, role, None) for person, role in team
    }
    hold_roles(case, members, TEAM_ROLES, by)
    if case.origin_id is not None:
        # Those who plan a re-visit read all of the monitoring (process.md, roles.md).
        siblings = Case.objects.filter(kind=MONITORING, origin=case.origin_id)
        for monitoring in siblings.order_by("pk"):
            hold_roles(monitoring, members, TEAM_ROLES, by)
    call = state.last(LanoCallHeld.kind)
    name_officer(case, call, call.facts if call else None, by=by)
