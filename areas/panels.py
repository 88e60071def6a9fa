"""Parts of an area's page that rooms above give (its cases, say). Nothing here names a room."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from areas.models import LocalArea

Gather = Callable[[HttpRequest, LocalArea], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Panel:
    """One part: its template, and what goes into it. A context of None leaves the part out."""

    template: str
    context: Gather
    order: int = 50


@dataclass(frozen=True)
class Shown:
    """One part as a page draws it."""

    template: str
    context: Mapping[str, Any]


_panels: list[Panel] = []


def register_panel(template: str, context: Gather, *, order: int = 50) -> None:
    """Add a part to every area's page. The same twice is once."""
    panel = Panel(template, context, order)
    if panel not in _panels:
        _panels.append(panel)
        _panels.sort(key=lambda one: one.order)


def panels_for(request: HttpRequest, local_area: LocalArea) -> list[Shown]:
    """The parts of this area's page for the person who asks, in order."""
    found = [(panel, panel.context(request, local_area)) for panel in _panels]
    return [Shown(panel.template, context) for panel, context in found if context is not None]
