"""The parts of the case page that this room gives: what to do next, the team, the calls."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from casework.access import access_of
from casework.models import Case, CaseRole
from casework.registry import register_panel
from config import clock
from inspections.scheduling import KIND

TEAM_ORDER = ("lead_hmi", "ofsted_inspector", "cqc_inspector", "additional_inspector", "lano")
TEAM_LABELS = {
    "lead_hmi": "Lead HMI",
    "ofsted_inspector": "Ofsted Inspector",
    "cqc_inspector": "CQC inspector",
    "additional_inspector": "Further inspector",
    "lano": "Local area nominated officer",
}


@dataclass(frozen=True)
class Action:
    """One thing to do next: where it leads, and whether it is the main one."""

    label: str
    address: str
    main: bool = False


def register() -> None:
    """Put this room's panels on the case page of an inspection."""
    register_panel(KIND, "actions", "inspections/panels/actions.html", next_steps, order=10)
    register_panel(KIND, "people", "inspections/panels/team.html", team, title="Team", order=10)


def next_steps(request: HttpRequest, case: Case) -> Mapping[str, Any] | None:
    """The one or two things to do at this stage, for those who may do them."""
    may = access_of(request.user, case).may
    actions: list[Action] = []
    if may("plan.edit"):
        schedule = reverse("inspection_schedule", args=[case.pk])
        if case.stage == "planned":
            actions.append(Action("Choose dates and team", schedule, main=True))
        elif case.stage == "deferred":
            actions.append(Action("Choose new dates", schedule, main=True))
        elif case.stage == "scheduled":
            actions.append(Action("Change dates or team", schedule))
        elif case.stage == "notified":
            actions.append(Action("Change the team", schedule))
    if may("calls.read") and case.stage in ("scheduled", "notified"):
        morning = reverse("inspection_notification", args=[case.pk])
        actions.insert(0, Action("Notification morning", morning, main=True))
    return {"actions": actions} if actions else None


def team(request: HttpRequest, case: Case) -> Mapping[str, Any] | None:
    """Who is on the case, lead HMI first; before notification for the inspectorates alone."""
    held = CaseRole.objects.filter(case=case, role__in=TEAM_ORDER).on(clock.today())
    people = sorted(
        held.select_related("person"),
        key=lambda one: (TEAM_ORDER.index(one.role), one.person.name),
    )
    rows = [(TEAM_LABELS[one.role], one.person) for one in people]
    return {"team": rows} if rows else None
