"""Rules may count from an event of the case's origin (`origin:...`) or of a child (`child:...`).

What happens there is copied as an event here, so that each case's deadlines follow from its own
events alone. Only events that the other case's rules name are copied.
"""

import uuid
from collections.abc import Iterator
from datetime import date

from casework import timetable
from casework.events import Facts, RelatedHappened
from casework.fold import Fold, timetable_has
from casework.inputs import VersionsOnRecord
from casework.models import Case, Event
from casework.reading import recorded_of
from casework.registry import kind_of, kinds
from casework.workflow import State

ORIGIN, CHILD = "origin:", "child:"


def news(
    case: Case, facts: Facts, state: State, *, everything: bool
) -> Iterator[tuple[uuid.UUID, RelatedHappened]]:
    """What related cases have to be told after an event: case id and facts for each.

    `everything`: after a correction, look at every event that counts elsewhere.
    """
    own = {facts.kind, *facts.planned, *facts.clears()}
    for prefix, related in _related(case):
        watched = {
            name: name.removeprefix(prefix)
            for name in _names(related)
            if name.startswith(prefix) and (everything or name.removeprefix(prefix) in own)
        }
        if not watched:
            continue
        told = _told(related, case)
        days = days_by_event(state)
        for prefixed, bare in watched.items():
            for subject, day in days.get(bare, {}).items():
                if told.get((prefixed, subject)) != day:
                    yield related.pk, _facts(prefixed, case, day, subject)
            for (name, subject), said in told.items():
                gone = subject not in days.get(bare, {})
                if name == prefixed and said is not None and gone:
                    yield related.pk, _facts(prefixed, case, said, subject, withdrawn=True)


def known_to_child(origin: Case, child: Case) -> Iterator[RelatedHappened]:
    """What a new case has to know of the one it comes from."""
    watched = [name for name in _names(child) if name.startswith(ORIGIN)]
    if not watched:
        return
    days = days_by_event(state_of(origin))
    for prefixed in watched:
        for subject, day in days.get(prefixed.removeprefix(ORIGIN), {}).items():
            yield _facts(prefixed, origin, day, subject)


def state_of(case: Case) -> State:
    """The state that a case's events come to."""
    fold = Fold(case, kind_of(case), VersionsOnRecord())
    return fold.state_by(recorded_of(case))


def days_by_event(state: State) -> dict[str, dict[str, date]]:
    """The newest day of each event, by subject."""
    days: dict[str, dict[str, date]] = {}
    for happening in state.happenings:
        by_subject = days.setdefault(happening.event, {})
        known = by_subject.get(happening.subject)
        by_subject[happening.subject] = max(known or happening.on, happening.on)
    for name, day in state.planned.items():
        days[name] = {"": day}
    return days


def _related(case: Case) -> Iterator[tuple[str, Case]]:
    names = [name for kind in kinds() for f in kind.frameworks for name in _declared(kind.name, f)]
    if any(name.startswith(ORIGIN) for name in names):
        for child in Case.objects.filter(origin=case).order_by("pk"):
            yield ORIGIN, child
    if case.origin_id is not None and any(name.startswith(CHILD) for name in names):
        yield CHILD, Case.objects.get(pk=case.origin_id)


def _names(case: Case) -> tuple[str, ...]:
    return _declared(case.kind, case.framework)


def _declared(kind: str, framework: str) -> tuple[str, ...]:
    if not timetable_has(kind_of(kind), framework):
        return ()
    return timetable.event_names(kind, framework)


def _told(related: Case, case: Case) -> dict[tuple[str, str], date | None]:
    """What the related case has been told of this one, as it stands; None where withdrawn."""
    told: dict[tuple[str, str], date | None] = {}
    rows = Event.objects.filter(case=related, kind=RelatedHappened.kind).order_by("seq")
    for data in rows.values_list("facts", flat=True):
        facts = RelatedHappened.read(data)
        if facts.case == case.pk:
            told[facts.event, facts.subject] = None if facts.withdrawn else facts.day
    return told


def _facts(
    prefixed: str, case: Case, day: date, subject: str, *, withdrawn: bool = False
) -> RelatedHappened:
    bare = prefixed.partition(":")[2]
    declared = timetable.ruleset(case.kind, case.framework).event(bare)
    what = f"{declared.meaning} ({case.reference})" if declared else ""
    return RelatedHappened(
        subject=subject, event=prefixed, case=case.pk, day=day, withdrawn=withdrawn, what=what
    )
