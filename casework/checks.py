"""System checks: what the rooms declare must fit together before anything is served."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from casework.reactions import find_circle, reactions
from casework.registry import kinds


@register
def declarations_fit_together(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """An error for reactions in a circle, or for one to or from what no kind has."""
    found: list[CheckMessage] = []
    if circle := find_circle(reactions()):
        text = f"Reactions go round in a circle: {circle}."
        found.append(Error(text, id="casework.E001"))
    declared = {(kind.name, step.event.kind) for kind in kinds() for step in kind.all_steps()}
    for one in reactions():
        for kind, event in (one.on, *one.makes):
            if (kind, event) not in declared:
                text = f"A reaction names {kind}.{event}, which no kind of case has."
                found.append(Error(text, id="casework.E002"))
    return found
