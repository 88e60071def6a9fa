"""What a proposed change would move: the list that administrators look at before they apply it.

It is worked out against the calendar or the offsets as they would be, and written as `Move` rows.
Nothing else is written, nobody waits for it, and one that was killed is begun again.
"""

import logging
import uuid

from django.db import connection, transaction

from casework.changes import aside, carrying
from casework.changes.content import ParametersContent
from casework.changes.effects import Plan
from casework.changes.groups import Groups
from casework.changes.models import Change, ChangeState
from casework.changes.reach import Head, Reach
from casework.changes.services import content_of, versions_in_force
from casework.changes.telling import people_to_tell
from casework.inputs import VersionsOnRecord
from casework.models import ParameterVersion
from config import clock
from working_days.services import ChangeRefused, calendar_with

logger = logging.getLogger(__name__)


def preview(change_id: uuid.UUID) -> bool:
    """Work out what a change would move. False where it is decided already, or has to wait for
    another that is being applied. What goes wrong is kept with the change, in words."""
    with transaction.atomic():
        change = Change.objects.select_for_update().get(pk=change_id)
        if change.state not in (ChangeState.PROPOSED, ChangeState.PREVIEWING):
            return False
        if Change.objects.filter(state=ChangeState.APPLYING).exists():
            return False
        change.state = ChangeState.PREVIEWING
        change.based_on_calendar, change.based_on_parameters = versions_in_force()
        change.cases = change.deadlines = change.cases_done = 0
        change.save()
        change.moves.all().delete()
    try:
        plan = _plan(change)
    except ChangeRefused as refused:
        _finish(change, ChangeState.FAILED, failure=str(refused))
        return True
    cases = 0
    aside.prepare()
    groups, reach = Groups(plan), Reach(plan)
    for area in reach.areas():
        for heads in reach.chunks(area):
            with transaction.atomic():
                cases += _note_moves(plan, groups, heads)
    _finish(change, ChangeState.PREVIEWED, cases=cases)
    return True


def _plan(change: Change) -> Plan:
    """The change as it would be recorded now. Raises ChangeRefused where it no longer can be."""
    content = content_of(change)
    inputs = VersionsOnRecord()
    if not isinstance(content, ParametersContent):
        calendar = calendar_with(content)
        return Plan(change, content, inputs, inputs.know(calendar), None)
    latest = ParameterVersion.objects.order_by("-version").first()
    version = (latest.version if latest else 1) + 1
    inputs.know_parameters(version, {**(latest.values if latest else {}), **content.values})
    return Plan(change, content, inputs, inputs.in_force(), version)


def _note_moves(plan: Plan, groups: Groups, heads: list[Head]) -> int:
    """Note the moves of a chunk of cases. Returns how many of them the change touches."""
    effects = groups.of(heads)
    touched = [head for head in heads if effects[head.group].touches]
    alone = [head for head in touched if effects[head.group].alone]
    together = [head for head in touched if not effects[head.group].alone]
    moved = sum(carrying.note_moves_alone(plan, head.id) for head in alone)
    if together:
        placed = [head for head in together if any(row[1] for row in effects[head.group].rows)]
        subjects = aside.subjects_of(placed, first=aside.EMPTY)
        aside.lay_out(together, effects, subjects, {})
        carrying.note_moves(plan, together, effects)
    return moved + sum(bool(effects[head.group].moved) for head in together)


def _finish(change: Change, state: str, *, cases: int = 0, failure: str = "") -> None:
    """Keep the result, unless the change was withdrawn meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM casework_move WHERE change_id = %s", [change.pk])
        deadlines = cursor.fetchone()[0]
    going = Change.objects.filter(pk=change.pk, state=ChangeState.PREVIEWING)
    kept = going.update(
        state=state,
        cases=cases,
        deadlines=deadlines,
        told=len(people_to_tell(change)),
        failure=failure[:500],
        previewed_at=clock.now(),
    )
    if not kept:
        change.moves.all().delete()
