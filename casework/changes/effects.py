"""What a change does to one case: its dates by the fold, before and after. Pure but for reading."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from casework.changes.content import Content, ParametersContent
from casework.changes.models import Change
from casework.deadlines import all_met_settled
from casework.digests import UNMET
from casework.events import CalendarChanged, DatesMoved, ParametersChanged
from casework.fold import Fold, Folded, Key, Recorded, Row
from casework.inputs import VersionsOnRecord
from casework.models import Case
from casework.registry import kind_of
from casework.timetable import Subject

Moved = tuple[Row | None, Row | None]


@dataclass(frozen=True)
class Plan:
    """A change as it is worked out: the versions that a case takes over, and in what words.

    `parameters_version` None: each case keeps its own.
    """

    change: Change
    content: Content
    inputs: VersionsOnRecord
    calendar_version: int
    parameters_version: int | None
    #: References of cases whose record does not bear to be counted again: left as they are.
    failed: list[str] = field(default_factory=list)

    def facts(self, moved: Sequence[Moved] = ()) -> DatesMoved:
        """The event that the change leaves on a case."""
        why, days = self.change.why, tuple(in_facts(*one) for one in moved)
        if self.parameters_version is not None:
            return ParametersChanged(version=self.parameters_version, why=why, moved=days)
        return CalendarChanged(version=self.calendar_version, why=why, moved=days)

    def event_after(self, last: Recorded) -> Recorded:
        """That event after a case's last one, as the fold reads it; nothing of it is stored."""
        facts = self.facts()
        return Recorded(
            id=0,
            seq=last.seq + 1,
            kind=facts.kind,
            facts=facts.stored()[0],
            noted={},
            happened_on=last.happened_on,
            happened_at=None,
            schema_version=facts.schema_version,
            calendar_version=self.calendar_version,
            parameters_version=self.parameters_version or last.parameters_version,
            subjects=None,
            corrects_id=None,
            voids_id=None,
            imported=False,
        )

    @property
    def for_chosen_cases(self) -> bool:
        """Whether every case that was chosen takes it over, moved or not."""
        return isinstance(self.content, ParametersContent)


@dataclass(frozen=True)
class Effect:
    """What a change does to one case: the rows that differ, and those of them that move."""

    folded: Folded
    changed: tuple[Moved, ...]
    moved: tuple[Moved, ...]


def effect_on(
    case: Case, recorded: Sequence[Recorded], stored: Mapping[Key, Row], plan: Plan
) -> Effect:
    """What the change does to a case, by folding it with one event more. Raises TimetableError."""
    settled = {key: row for key, row in stored.items() if row.settled}
    fold = Fold(case, kind_of(case), plan.inputs)
    folded = fold.run(
        [*recorded, plan.event_after(recorded[-1])],
        settled=settled,
        all_met_settled=all_met_settled(stored),
    )
    in_turn = _in_turn(folded.state.subjects)
    keys = sorted(
        stored.keys() | folded.rows.keys(), key=lambda key: (key[0], in_turn.get(key[1], -1), key)
    )
    pairs = [(stored.get(key), folded.rows.get(key)) for key in keys]
    changed = tuple((old, new) for old, new in pairs if old != new)
    return Effect(folded, changed, tuple(pair for pair in changed if is_move(*pair)))


def _in_turn(subjects: Mapping[str, Sequence[Subject]]) -> dict[str, int]:
    """The bodies of a case in an order that does not depend on their ids."""
    keys = [one.key for group in sorted(subjects) for one in subjects[group]]
    return {key: place for place, key in enumerate(dict.fromkeys(keys))}


def is_move(old: Row | None, new: Row | None) -> bool:
    """Whether the date of an open deadline is another one: not where only the computed day behind
    an agreed one changes."""
    if not any(row is not None and row.state in UNMET for row in (old, new)):
        return False
    return days_of(old) != days_of(new)


def days_of(row: Row | None) -> tuple[Any, ...]:
    """The days that people see."""
    return (None,) if row is None else (row.due_on, row.due_at, row.practical_on)


def in_facts(old: Row | None, new: Row | None) -> tuple[str, ...]:
    """A move as the event keeps it: rule, subject, old and new day."""
    row = old or new
    assert row is not None
    return row.rule, row.subject, day_text(old), day_text(new)


def day_text(row: Row | None) -> str:
    """The day of a deadline as facts hold it; '' for none."""
    return "" if row is None else row.due_on.isoformat()


def first_day_of(old: Row | None, new: Row | None) -> datetime.date:
    """The earlier of the two days."""
    return min(row.due_on for row in (old, new) if row is not None)
