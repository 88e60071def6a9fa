"""Cases with the same open dates, worked out once: one of them is folded, all take it over."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.chain import canonical
from casework.changes.effects import Effect, Moved, Plan, effect_on, in_facts, is_move
from casework.changes.reach import Head
from casework.deadlines import rows_of_many
from casework.digests import AN_ID, rule_of
from casework.fold import Row
from casework.models import Case
from casework.reading import recorded_of_many
from casework.timetable import Subject, TimetableError

#: What a new calendar or offset can make of a deadline that stays.
DATES = (
    "due_on",
    "due_at",
    "computed_on",
    "practical_on",
    "day_number",
    "counted_from_event",
    "counted_from_on",
    "state",
)
_SETTLING = {"settled", "calendar_version", "parameters_version", "as_of_seq"}
#: Effects kept at hand at most; with more of them, they are worked out again where needed.
MOST = 20_000


@dataclass(frozen=True)
class GroupEffect:
    """What a change does to every case of a group.

    `rows` say what becomes of a deadline: rule, place of the body that owes it ('' for none),
    subject where it is no body's id, whether it moves, and its new dates, None where it goes.
    `added` are deadlines that were not there. `settles`: what is met, though its start be a
    forecast, is settled. `touches`: the cases of the group have to be written at all; `alone`:
    each of them has to be folded by itself.
    """

    number: int
    digest: str = ""
    rows: tuple[tuple[str, str, str, bool, tuple[Any, ...] | None], ...] = ()
    added: tuple[Row, ...] = ()
    moved: tuple[Moved, ...] = ()
    places: tuple[str, ...] = ()
    facts: bytes = b""
    settles: bool = False
    alone: bool = False
    touches: bool = False


class Groups:
    """The effects of a change by group, worked out as they are asked for."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._known: dict[tuple[str, int], GroupEffect] = {}
        self._number = 0

    def of(self, heads: Sequence[Head]) -> dict[tuple[str, int], GroupEffect]:
        """The effect on each group that is among some cases: three queries for those not known."""
        if len(self._known) > MOST:
            self._known.clear()
        new = {head.group: head for head in heads if head.group not in self._known}
        if new:
            self._work_out(list(new.values()))
        return {head.group: self._known[head.group] for head in heads}

    def _work_out(self, heads: Iterable[Head]) -> None:
        by_id = {head.id: head for head in heads}
        cases = list(Case.objects.filter(pk__in=list(by_id)))
        recorded = recorded_of_many(cases)
        stored = rows_of_many(cases)
        for case in cases:
            self._number += 1
            try:
                effect = effect_on(case, recorded[case.pk], stored[case.pk], self.plan)
                made = self._compiled(case, effect)
            except TimetableError:
                made = self._alone()
            if made.touches and not by_id[case.pk].digest:
                made = self._alone()
            self._known[by_id[case.pk].group] = made

    def _alone(self) -> GroupEffect:
        return GroupEffect(self._number, alone=True, touches=True)

    def _compiled(self, case: Case, effect: Effect) -> GroupEffect:
        if not effect.moved and not self.plan.for_chosen_cases:
            return GroupEffect(self._number)
        if _more_than_dates(case, effect):
            return self._alone()
        places = places_by_group(effect.folded.state.subjects)
        rows, added = [], []
        settles = False
        for old, new in effect.changed:
            if old is not None and new is not None and _differ(old, new) == _SETTLING:
                settles = True
            elif old is None and new is not None and not AN_ID.fullmatch(new.subject):
                added.append(new)
            elif old is not None and (new is None or _differ(old, new) <= set(DATES)):
                place = _place_of(case, old, places)
                if place is None:
                    return self._alone()
                dates = None if new is None else tuple(getattr(new, name) for name in DATES)
                subject = "" if place else old.subject
                rows.append((old.rule, place, subject, is_move(old, new), dates))
            else:
                return self._alone()
        return GroupEffect(
            number=self._number,
            digest=effect.folded.inputs_digest,
            rows=tuple(rows),
            added=tuple(added),
            moved=effect.moved,
            places=tuple(_place_of(case, old or new, places) or "" for old, new in effect.moved),  # type: ignore[arg-type]
            facts=canonical(self.plan.facts(effect.moved).stored()[0]),
            settles=settles,
            touches=True,
        )


def _more_than_dates(case: Case, effect: Effect) -> bool:
    """Whether more than dates would change on a case: none of a new calendar's business."""
    derived = effect.folded.of_case()
    derived.pop("inputs_digest")
    return any(getattr(case, name) != value for name, value in derived.items())


def facts_for(plan: Plan, effect: GroupEffect, subjects: Mapping[str, str]) -> bytes:
    """The facts of the event on one case, its own bodies in them."""
    if not any(effect.places):
        return effect.facts
    facts = plan.facts().stored()[0]
    moved = [list(in_facts(*pair)) for pair in effect.moved]
    for one, place in zip(moved, effect.places, strict=True):
        if place:
            one[1] = subjects[place]
    return canonical({**facts, "moved": moved})


def places_by_group(subjects: Mapping[str, Sequence[Subject]]) -> dict[str, dict[str, str]]:
    """For each group of subjects, the place of each by its id: 'body:0'."""
    return {
        group: {one.key: f"{group}:{place}" for place, one in reversed(list(enumerate(members)))}
        for group, members in subjects.items()
    }


def _place_of(case: Case, row: Row, places: Mapping[str, Mapping[str, str]]) -> str | None:
    """The place of the body that owes a deadline: '' where none does by its id, None where it is
    not among those that the case has."""
    if not AN_ID.fullmatch(row.subject):
        return ""
    rule = rule_of(case.kind, case.framework, row.rule)
    if rule is None or rule.subject is not None:
        return None
    return places.get(rule.each, {}).get(row.subject)


def _differ(old: Row, new: Row) -> set[str]:
    return {
        field.name
        for field in dataclasses.fields(Row)
        if getattr(old, field.name) != getattr(new, field.name)
    }
