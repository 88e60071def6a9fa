"""What a correction would change, shown before it is made: done, looked at, and undone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from casework.deadlines import rows_of
from casework.fold import Row
from casework.models import Case


@dataclass(frozen=True)
class Moved:
    """One deadline that would change; None for one that is not there before or after."""

    title: str
    subject_name: str
    before: date | None
    after: date | None
    state_before: str
    state_after: str


@dataclass(frozen=True)
class Effect:
    """What an act would do to a case."""

    stage_before: str
    stage_after: str
    moved: tuple[Moved, ...]


class _Undo(Exception):
    pass


def effect_of(case: Case, act: Callable[[], Any]) -> Effect:
    """What `act` would change. Nothing stays written. Raises what `act` raises."""
    effect: Effect | None = None
    try:
        with transaction.atomic():
            stage, before = case.stage, rows_of(case)
            act()
            after = rows_of(case)
            now = Case.objects.values_list("stage", flat=True).get(pk=case.pk)
            effect = Effect(stage, now, _moved(before, after))
            raise _Undo
    except _Undo:
        pass
    assert effect is not None
    return effect


def _moved(before: dict[Any, Row], after: dict[Any, Row]) -> tuple[Moved, ...]:
    found = []
    for key in before.keys() | after.keys():
        old, new = before.get(key), after.get(key)
        if (old and (old.due_on, old.state)) == (new and (new.due_on, new.state)):
            continue
        shown = new or old
        assert shown is not None
        found.append(
            Moved(
                title=shown.title,
                subject_name=shown.subject_name,
                before=old.due_on if old else None,
                after=new.due_on if new else None,
                state_before=old.state if old else "",
                state_after=new.state if new else "",
            )
        )
    return tuple(sorted(found, key=lambda one: (one.after or one.before or date.max, one.title)))
