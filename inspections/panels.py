"""The parts of the case page that this room gives: what to do next, who must leave the team."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from casework.access import ROLE_LABELS, access_of
from casework.models import Case, CaseRole
from casework.registry import register_panel
from config import clock
from inspections.models import DeclaredInterest
from inspections.projections import TEAM_ROLES
from inspections.scheduling import KIND


@dataclass(frozen=True)
class Action:
    """One thing to do next: where it leads, and whether it is the main one."""

    label: str
    address: str
    main: bool = False


def register() -> None:
    """Put this room's panel on the case page of an inspection."""
    register_panel(KIND, "actions", "inspections/panels/actions.html", next_steps, order=10)
    register_panel(KIND, "people", "inspections/panels/interests.html", interested_team)


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


def interested_team(request: HttpRequest, case: Case) -> Mapping[str, Any] | None:
    """Who of the team has an interest in the area by now, for those who read the plan."""
    access = access_of(request.user, case)
    if case.ended_on is not None or not access.may("plan.read"):
        return None
    today = clock.today()
    until = max(today, case.last_day or today)
    standing = DeclaredInterest.objects.standing(today, until).order_by()
    people = standing.filter(local_area=case.local_area_id).values_list("person_id", flat=True)
    # Nearly always there is none, and the team need not be asked for.
    if not (with_interest := set(people)):
        return None
    held = (
        CaseRole.objects.on(today)
        .filter(case=case, role__in=TEAM_ROLES, person__in=with_interest)
        .select_related("person")
        .order_by("role", "person__name")
    )
    interested = [(str(one.person), _in_words(one.role)) for one in held]
    if not interested:
        return None
    may_change = case.stage in ("scheduled", "notified") and access.may("plan.edit")
    change = reverse("inspection_schedule", args=[case.pk]) if may_change else ""
    return {"interested": interested, "area": case.local_area, "change": change}


def _in_words(role: str) -> str:
    return ROLE_LABELS.get(role, role.replace("_", " "))
