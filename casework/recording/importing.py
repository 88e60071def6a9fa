"""Published history through the door: a whole case at once, as facts without guards.

All events of a case are written in one transaction and folded once. What other cases have to hear
of it (`origin:...`, `child:...`) is written in the same transaction. Nobody is told and nothing
follows by reaction: what follows is history too, and comes with it.
"""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from casework import events, relations
from casework.deadlines import rows_of
from casework.events import Facts, RelatedHappened
from casework.fold import Fold, Recorded
from casework.inputs import VersionsOnRecord
from casework.models import Case, Event, EventNote, Origin
from casework.reading import recorded_of
from casework.recording.wanted import Wanted
from casework.recording.writing import (
    as_recorded,
    lock_area,
    new_event,
    next_reference,
    store,
)
from casework.refusals import GuardFailed
from casework.registry import CaseKind, kind_of
from casework.timetable import TimetableError
from casework.workflow import State
from config import clock


@dataclass(frozen=True)
class Historic:
    """One fact of published history. `key` names it on its case: it is written once."""

    facts: Facts
    happened_on: datetime.date
    key: str
    happened_at: datetime.datetime | None = None
    note: str = ""

    def wanted(self) -> Wanted:
        """The same as the door takes it."""
        return Wanted(
            facts=self.facts,
            by=None,
            happened_on=self.happened_on,
            happened_at=self.happened_at,
            origin=Origin.IMPORTED,
            trusted=True,
            key=self.key,
            note=self.note,
        )


@dataclass(frozen=True)
class Imported:
    """The case of an import: whether it is new, and how many events were added to it."""

    case: Case
    created: bool
    added: int


def import_case(
    kind: str,
    *,
    local_area: Any,
    framework: str,
    key: str,
    opened_on: datetime.date,
    history: Sequence[Historic],
    edition: str = "",
    origin: Case | None = None,
    note: str = "",
) -> Imported:
    """Take over a case with everything that is known of it, in the order given.

    The same `key` again finds the first case; of `history` only what is not on it yet is added, by
    its own keys, so the same call twice writes nothing. `note` stands with the first event.

    Raises GuardFailed for days outside the calendar, KeyError for an unknown kind, ValueError for a
    framework that it has not.
    """
    declared = kind_of(kind)
    if framework not in declared.frameworks:
        raise ValueError(f"{declared.label} knows no framework {framework!r}.")
    with transaction.atomic():
        lock_area(local_area.pk)
        case = Case.objects.with_area().filter(opening_key=key).first()
        if case is not None:
            return Imported(case, False, _append(case, declared, history))
        case = Case.objects.create(
            reference=next_reference(declared.prefix, opened_on.year),
            kind=kind,
            framework=framework,
            edition=edition,
            local_area=local_area,
            origin=origin,
            opening_key=key,
            created_at=clock.now(),
            stage=declared.first_stage,
        )
        opening = Historic(events.Opened(), opened_on, key="", note=note)
        heard = [] if origin is None else _copies(origin, relations.known_to_child(origin, case))
        added = _append(case, declared, [opening, *heard, *history])
        return Imported(case, True, added)


def import_events(case: Case, history: Sequence[Historic]) -> int:
    """Add to a case what published history says further, in the order given.

    Returns how many events were added; those whose keys are on record are left out. Raises as
    `import_case` does.
    """
    with transaction.atomic():
        lock_area(case.local_area_id)
        case = Case.objects.select_for_update(of=("self",)).with_area().get(pk=case.pk)
        return _append(case, kind_of(case), history)


def give_origin(case: Case, origin: Case) -> None:
    """Say from which case one of history came, where that is known only later. Both hear of what
    happened on the other."""
    with transaction.atomic():
        lock_area(case.local_area_id)
        case.origin = origin
        case.save(update_fields=["origin"])
        import_events(case, _copies(origin, relations.known_to_child(origin, case)))
        case.refresh_from_db()
        _tell(case, relations.state_of(case))


def _append(case: Case, kind: CaseKind, history: Sequence[Historic]) -> int:
    keys = {one.key for one in history if one.key}
    on_record = set(Event.objects.filter(case=case, key__in=keys).values_list("key", flat=True))
    fresh = [one.wanted() for one in history if one.key not in on_record]
    if not fresh:
        return 0
    inputs = VersionsOnRecord()
    recorded = recorded_of(case)
    stored = rows_of(case)
    one_look = _with_its_bodies(case, kind, _day_of_its_bodies(case, recorded, fresh))
    made: list[Event] = []
    notes: list[EventNote] = []
    for wanted in fresh:
        event, noted = new_event(case, one_look, wanted, inputs, recorded)
        recorded.append(as_recorded(event, wanted))
        made.append(event)
        if noted is not None:
            notes.append(EventNote(event=event, content=noted.content, salt=noted.salt))
        case.version, case.head_hash = event.seq, event.hash
    folded = _folded(case, kind, recorded, inputs)
    Event.objects.bulk_create(made)
    EventNote.objects.bulk_create(notes)
    store(case, kind, made[-1], folded, stored)
    _tell(case, folded.state)
    return len(made)


def _with_its_bodies(case: Case, kind: CaseKind, day: datetime.date) -> CaseKind:
    """The kind with the bodies of the case's area on a day, looked up once for all its events."""
    was, case.first_day = case.first_day, day
    found = kind.subjects(case)
    case.first_day = was
    return replace(kind, subjects=lambda _: found)


def _day_of_its_bodies(
    case: Case, recorded: Sequence[Recorded], fresh: Sequence[Wanted]
) -> datetime.date:
    """Whoever served the area then owed what was due, not those who serve it today: on Day 1, or
    when the case began."""
    days = [day for one in fresh if (day := getattr(one.facts, "first_day", None)) is not None]
    began = (recorded or fresh)[0].happened_on
    return case.first_day or next(iter(days), began)


def _folded(
    case: Case, kind: CaseKind, recorded: Sequence[Recorded], inputs: VersionsOnRecord
) -> Any:
    try:
        return Fold(case, kind, inputs).run(recorded)
    except TimetableError as error:
        raise GuardFailed([("", text) for _, text in error.messages]) from error


def _tell(case: Case, state: State) -> None:
    """Related cases hear what counts there, and tell their own on."""
    told: dict[Any, list[RelatedHappened]] = defaultdict(list)
    for related, facts in relations.news(case, events.Opened(), state, everything=True):
        told[related].append(facts)
    for related, heard in told.items():
        import_events(Case.objects.get(pk=related), _copies(case, heard))


def _copies(case: Case, heard: Any) -> list[Historic]:
    """What another case is told of one, each under a key of what it says."""
    return [
        Historic(
            facts,
            facts.day,
            key=f"related:{case.pk}:{facts.event}:{facts.subject}:{facts.day}"
            + (":withdrawn" if facts.withdrawn else ""),
        )
        for facts in heard
    ]
