"""Carrying an applied change out over all open cases: set-based, restartable, the same as one by
one through the door.

Local area by local area, under the lock that the door takes, in transactions of up to a thousand
cases. Each group of cases with the same open dates is folded once; events are added by COPY, dates
brought up to date by one statement. A case that has the event of the change is done, so whoever was
killed, the next one goes on; two at once do no harm.
"""

import logging
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from casework.chain import HashOfMany
from casework.changes import aside, telling
from casework.changes.effects import Moved, Plan, effect_on, first_day_of
from casework.changes.groups import DATES, GroupEffect, Groups, facts_for
from casework.changes.models import Change, ChangeState, Move
from casework.changes.reach import CHUNK, Head, Reach
from casework.changes.services import content_of, hand_to_worker, under_way
from casework.deadlines import as_deadline, owed_roles, rows_of
from casework.inputs import VersionsOnRecord
from casework.models import Case, Deadline, Event
from casework.reading import recorded_of
from casework.recording.wanted import Wanted
from casework.recording.writing import append, lock_statement
from casework.refusals import GuardFailed
from casework.registry import kind_of
from casework.timetable import TimetableError
from config import clock

logger = logging.getLogger(__name__)

Effects = Mapping[tuple[str, int], GroupEffect]


def carry_out(change_id: uuid.UUID) -> None:
    """Carry a change out from where it was left. One that is not being applied is left alone."""
    change = Change.objects.select_related("applied_by").get(pk=change_id)
    if change.state != ChangeState.APPLYING:
        return
    plan = plan_of(change)
    aside.prepare()
    groups, reach = Groups(plan), Reach(plan)
    for area in reach.areas():
        heads = _carry_out_chunk(plan, groups, reach, area, None)
        while len(heads) == CHUNK:
            heads = _carry_out_chunk(plan, groups, reach, area, heads[-1].id)
    _finish(plan)
    for other in under_way():  # proposals waited until this was done
        hand_to_worker(other)


def plan_of(change: Change) -> Plan:
    """A change that was applied, as each case takes it over."""
    inputs = VersionsOnRecord()
    return Plan(change, content_of(change), inputs, inputs.in_force(), change.parameters_version)


def carry_out_for(plan: Plan, case: Case) -> bool:
    """Bring one case up to the change by itself, through the door. Returns whether it moved (or
    was chosen). The caller holds the lock of its local area."""
    if Event.objects.filter(case=case, key=plan.change.key).exists():
        return False
    try:
        effect = effect_on(case, recorded_of(case), rows_of(case), plan)
        if not effect.moved and not plan.for_chosen_cases:
            return False
        kind = kind_of(case)
        _replace_moves(plan, case, effect.moved)
        now = clock.now()
        wanted = Wanted(
            plan.facts(effect.moved),
            plan.change.applied_by,
            clock.london(now).date(),
            now,
            trusted=True,
            key=plan.change.key,
        )
        append(case, kind, wanted)
    except (TimetableError, GuardFailed):
        logger.exception("Change %s cannot be carried out on %s", plan.change.pk, case.reference)
        plan.failed.append(case.reference)
        return False
    return True


# --- one chunk ---


def _carry_out_chunk(
    plan: Plan, groups: Groups, reach: Reach, area: uuid.UUID, after: uuid.UUID | None
) -> list[Head]:
    """The next cases of an area, in one transaction. Returns those that were looked at."""
    with transaction.atomic():
        heads = reach.heads(area, after, first=lock_statement(area))
        effects = groups.of(heads)
        touched = [head for head in heads if effects[head.group].touches]
        together = [head for head in touched if not effects[head.group].alone]
        if together:
            _write(plan, together, effects)
        done = len(together)
        for head in touched:
            if effects[head.group].alone:
                case = Case.objects.select_for_update(of=("self",)).with_area().get(pk=head.id)
                done += carry_out_for(plan, case)
        if done:
            Change.objects.filter(pk=plan.change.pk).update(cases_done=F("cases_done") + done)
    return heads


def _write(plan: Plan, heads: Sequence[Head], effects: Effects) -> None:
    placed = [head for head in heads if any(row[1] for row in effects[head.group].rows)]
    subjects = aside.subjects_of(placed, first=aside.EMPTY)
    lines, hashes = _events(plan, heads, effects, subjects)
    aside.lay_out(heads, effects, subjects, hashes)
    _put_moves_right(plan, heads, effects)
    _bring_up_to_date(plan, heads, effects)
    aside.copy_lines(f"casework_event ({', '.join(_EVENT)})", lines)


_EVENT = (
    "case_id",
    "seq",
    "facts",
    "parameters_version",
    "previous_hash",
    "hash",
    "kind",
    "subject",
    "happened_on",
    "happened_at",
    "recorded_by_id",
    "recorded_at",
    "origin",
    "schema_version",
    "calendar_version",
    "key",
    "note_commitment",
)


def _events(
    plan: Plan,
    heads: Sequence[Head],
    effects: Effects,
    subjects: Mapping[uuid.UUID, Mapping[str, str]],
) -> tuple[str, dict[uuid.UUID, str]]:
    """The events of a chunk as lines for COPY, and their hashes by case."""
    now = clock.now()
    facts = plan.facts()
    model = Event(
        kind=facts.kind,
        happened_on=clock.london(now).date(),
        happened_at=now,
        recorded_by=plan.change.applied_by,
        recorded_at=now,
        schema_version=facts.schema_version,
        calendar_version=plan.calendar_version,
        key=plan.change.key,
    )
    by = "\\N" if model.recorded_by_id is None else str(model.recorded_by_id)
    common = "\t".join(
        (
            model.kind,
            "",
            model.happened_on.isoformat(),
            now.isoformat(),
            by,
            now.isoformat(),
            model.origin,
            str(model.schema_version),
            str(model.calendar_version),
            model.key,
            "",
        )
    )
    hashers: dict[int, HashOfMany] = {}
    lines, hashes = [], {}
    nobody: dict[str, str] = {}
    for head in heads:
        parameters = plan.parameters_version or head.parameters_version
        if parameters not in hashers:
            model.parameters_version = parameters
            hashers[parameters] = HashOfMany(model)
        said = facts_for(plan, effects[head.group], subjects.get(head.id, nobody))
        seq = head.version + 1
        digest = hashers[parameters].hash(head.id, seq, said, head.hash)
        hashes[head.id] = digest
        text = aside.escaped(said.decode())
        lines.append(f"{head.id}\t{seq}\t{text}\t{parameters}\t{head.hash}\t{digest}\t{common}\n")
    return "".join(lines), hashes


def _bring_up_to_date(plan: Plan, heads: Sequence[Head], effects: Effects) -> None:
    """The case's own row and its deadlines, as the fold has them."""
    statements = [_DATES]
    if any(effects[head.group].settles for head in heads):
        statements.append(_SETTLE)
    if any(row[4] is None for head in heads for row in effects[head.group].rows):
        statements.append(_GO)
    with connection.cursor() as cursor:
        cursor.execute(";".join([*statements, _CASES]))
        if cursor.rowcount != len(heads):
            raise RuntimeError("A case was written past the lock of its local area.")
    adding = [head for head in heads if effects[head.group].added]
    if adding:
        cases = Case.objects.in_bulk([head.id for head in adding])
        Deadline.objects.bulk_create(
            as_deadline(cases[head.id], kind_of(cases[head.id]), row)
            for head in adding
            for row in effects[head.group].added
        )


_DATES = f"""
    UPDATE casework_deadline d SET {", ".join(f"{name} = r.{name}" for name in DATES)}
    FROM {aside.CHANGING} WHERE {aside.OF_IT} AND NOT r.goes
"""
_GO = f"DELETE FROM casework_deadline d USING {aside.CHANGING} WHERE {aside.OF_IT} AND r.goes"
_CASES = """
    UPDATE casework_case c SET version = t.seq, head_hash = t.hash, inputs_digest = t.digest
    FROM changing_case t WHERE c.id = t.case_id AND c.version = t.version
"""
#: By the event before: it was met by then.
_SETTLE = """
    UPDATE casework_deadline d SET settled = TRUE, calendar_version = e.calendar_version,
        parameters_version = e.parameters_version, as_of_seq = e.seq
    FROM changing_case t JOIN casework_event e ON e.case_id = t.case_id AND e.seq = t.version
    WHERE d.case_id = t.case_id AND NOT d.settled AND d.met_on IS NOT NULL
"""


# --- moves ---

_MOVES = """
    INSERT INTO casework_move (change_id, case_id, case_version, rule, subject, subject_name,
        title, owed_by, owed_roles, old_on, new_on, old_practical_on, new_practical_on, first_on)
    SELECT %(change)s, t.case_id, t.version, d.rule, d.subject, d.subject_name, d.title, d.owed_by,
        d.owed_roles, d.due_on, r.due_on, d.practical_on, r.practical_on,
        LEAST(d.due_on, r.due_on)
    FROM {changing} JOIN casework_deadline d ON {of_it}
    WHERE r.moves {only}
"""


def note_moves(
    plan: Plan, heads: Sequence[Head], effects: Effects, only: Sequence[uuid.UUID] | None = None
) -> None:
    """Note what moves of the cases laid out (or of those named): before anything is moved."""
    where = "" if only is None else "AND t.case_id = ANY(%(only)s)"
    sql = _MOVES.format(changing=aside.CHANGING, of_it=aside.OF_IT, only=where)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"change": plan.change.pk, "only": list(only or ())})
    adding = [
        head
        for head in heads
        if effects[head.group].added and (only is None or head.id in set(only))
    ]
    cases = Case.objects.in_bulk([head.id for head in adding])
    Move.objects.bulk_create(
        _move(plan, cases[head.id], head.version, (None, row))
        for head in adding
        for row in effects[head.group].added
    )


def note_moves_alone(plan: Plan, case_id: uuid.UUID) -> bool:
    """Note what moves of one case that has to be folded by itself. Returns whether any does."""
    case = Case.objects.get(pk=case_id)
    try:
        effect = effect_on(case, recorded_of(case), rows_of(case), plan)
    except TimetableError:
        logger.exception("Change %s cannot be worked out for %s", plan.change.pk, case.reference)
        return False
    _replace_moves(plan, case, effect.moved)
    return bool(effect.moved)


def _put_moves_right(plan: Plan, heads: Sequence[Head], effects: Effects) -> None:
    """Where a case went on since the preview, its moves are noted again."""
    moving = [head.id for head in heads if effects[head.group].moved]
    with connection.cursor() as cursor:
        cursor.execute(
            f"{aside.LAID_OUT} SELECT t.case_id FROM changing_case t "
            "WHERE t.case_id = ANY(%(cases)s::uuid[]) AND NOT EXISTS "
            "(SELECT FROM casework_move m WHERE m.change_id = %(change)s "
            "AND m.case_id = t.case_id AND m.case_version = t.version)",
            {"cases": moving, "change": plan.change.pk},
        )
        gone_on = [case for (case,) in cursor.fetchall()]
    if gone_on:
        Move.objects.filter(change=plan.change, case__in=gone_on).delete()
        note_moves(plan, heads, effects, only=gone_on)


def _replace_moves(plan: Plan, case: Case, moved: Sequence[Moved]) -> None:
    Move.objects.filter(change=plan.change, case=case).delete()
    Move.objects.bulk_create(_move(plan, case, case.version, pair) for pair in moved)


def _move(plan: Plan, case: Case, version: int, pair: Moved) -> Move:
    old, new = pair
    row = old or new
    assert row is not None
    return Move(
        change=plan.change,
        case=case,
        case_version=version,
        rule=row.rule,
        subject=row.subject,
        subject_name=row.subject_name,
        title=row.title,
        owed_by=row.owed_by,
        owed_roles=owed_roles(kind_of(case), row),
        old_on=old.due_on if old else None,
        new_on=new.due_on if new else None,
        old_practical_on=old.practical_on if old else None,
        new_practical_on=new.practical_on if new else None,
        first_on=first_day_of(old, new),
    )


# --- the end ---

#: Cases that ended, or went on, since the preview, so that nothing moved on them after all.
_LEFT_OVER = """
    DELETE FROM casework_move WHERE change_id = %(change)s AND case_id IN (
        SELECT m.case_id
        FROM (SELECT DISTINCT case_id FROM casework_move WHERE change_id = %(change)s) m
        LEFT JOIN casework_event e ON e.case_id = m.case_id AND e.key = %(key)s
        WHERE e.id IS NULL)
"""
_COUNT = """
    SELECT count(DISTINCT case_id), count(*) FROM casework_move WHERE change_id = %(change)s
"""


def _finish(plan: Plan) -> None:
    """Tell those who owe what moved, and say that it is done."""
    change = plan.change
    values: dict[str, Any] = {"change": change.pk, "key": change.key}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_LEFT_OVER, values)
            cursor.execute(_COUNT, values)
            cases, deadlines = cursor.fetchone()
        told = telling.tell(change)
        Change.objects.filter(pk=change.pk, state=ChangeState.APPLYING).update(
            state=ChangeState.APPLIED,
            finished_at=clock.now(),
            cases=cases,
            deadlines=deadlines,
            told=told,
            failure=_left_as_they_are(plan),
        )


def _left_as_they_are(plan: Plan) -> str:
    if not plan.failed:
        return ""
    number = len(plan.failed)
    cases = "1 case" if number == 1 else f"{number} cases"
    return f"{cases} could not be counted again and kept their dates: {', '.join(plan.failed)}."[
        :500
    ]
