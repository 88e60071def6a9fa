"""The parts of the case page that this room gives: what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from casework.access import access_of
from casework.models import Case
from casework.registry import register_panel
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
