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
from config import clock

ORIGIN, CHILD = "origin:", "child:"
Days = dict[str, dict[str, date]]


def news(
    case: Case, facts: Facts, state: State, *, everything: bool
) -> Iterator[tuple[uuid.UUID, RelatedHappened]]:
    """What related cases have to be told after an event: case id and facts for each.

    `everything`: after a correction, look at every event that counts elsewhere.
    """
    own = _names_touched(case, facts)
    for prefix, related in _related(case, None if everything else own):
        watched = {
            name: name.removeprefix(prefix)
            for name in _names(related)
            if name.startswith(prefix) and (everything or name.removeprefix(prefix) in own)
        }
        if not watched:
            continue
        told = _told(related, case)
        days = _told_abroad(case, days_by_event(state, heard_too=prefix == ORIGIN))
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
    days = _told_abroad(origin, days_by_event(state_of(origin), heard_too=True))
    for prefixed in watched:
        for subject, day in days.get(prefixed.removeprefix(ORIGIN), {}).items():
            yield _facts(prefixed, origin, day, subject)


def state_of(case: Case) -> State:
    """The state that a case's events come to."""
    fold = Fold(case, kind_of(case), VersionsOnRecord())
    return fold.state_by(recorded_of(case))


def _names_touched(case: Case, facts: Facts) -> set[str]:
    """The names under which an event can be news: its own, of the days it plans, of what was heard
    from another case, and of what it makes known."""
    if isinstance(facts, RelatedHappened):
        return {facts.event}
    names = {facts.kind, *facts.planned, *facts.clears()}
    names |= {happening.event for happening in facts.happenings(clock.today())}
    told_with = kind_of(case).told_with
    return names | {kept for kept, opener in told_with.items() if opener in names}


def _told_abroad(case: Case, days: Days) -> Days:
    """What other cases may hear of: a finding only once it is published."""
    told_with = kind_of(case).told_with
    return {
        name: by_subject
        for name, by_subject in days.items()
        if name not in told_with or told_with[name] in days
    }


def days_by_event(state: State, *, heard_too: bool = False) -> Days:
    """The newest day of each event, by subject. `heard_too`: also of what it heard from its origin
    or a child, which a case tells its own children (a statement its monitoring:
    `origin:child:revisit_published`)."""
    days: Days = {}
    for one in state.related.values() if heard_too else ():
        heard = one.facts
        if isinstance(heard, RelatedHappened) and not heard.withdrawn:
            by_subject = days.setdefault(heard.event, {})
            known = by_subject.get(heard.subject)
            by_subject[heard.subject] = max(known or heard.day, heard.day)
    for happening in state.happenings:
        by_subject = days.setdefault(happening.event, {})
        known = by_subject.get(happening.subject)
        by_subject[happening.subject] = max(known or happening.on, happening.on)
    for name, day in state.planned.items():
        days[name] = {"": day}
    return days


def _related(case: Case, touched: set[str] | None) -> Iterator[tuple[str, Case]]:
    """The cases that may hear of something `touched` here (None: of anything). Nothing is looked up
    where no kind of case listens."""
    for prefix in (ORIGIN, CHILD):
        listened = _listened_for(prefix)
        if not listened or (touched is not None and not listened & touched):
            continue
        if prefix == ORIGIN:
            for child in Case.objects.filter(origin=case).order_by("pk"):
                yield ORIGIN, child
        elif case.origin_id is not None:
            yield CHILD, Case.objects.get(pk=case.origin_id)


def _listened_for(prefix: str) -> set[str]:
    """What cases of any kind hear of their origins, or of their children."""
    names = (name for kind in kinds() for f in kind.frameworks for name in _declared(kind.name, f))
    return {name.removeprefix(prefix) for name in names if name.startswith(prefix)}


def _names(case: Case) -> tuple[str, ...]:
    return _declared(case.kind, case.framework)


def _declared(kind: str, framework: str) -> tuple[str, ...]:
    watched = tuple(kind_of(kind).watches)
    if not timetable_has(kind_of(kind), framework):
        return watched
    return (*timetable.event_names(kind, framework), *watched)


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
    what = f"{_meaning(case, bare)} ({case.reference})"
    return RelatedHappened(
        subject=subject, event=prefixed, case=case.pk, day=day, withdrawn=withdrawn, what=what
    )


def _meaning(case: Case, bare: str) -> str:
    """What an event means, in the words of the timetable or else of the kind of case."""
    kind = kind_of(case)
    if timetable_has(kind, case.framework):
        declared = timetable.ruleset(case.kind, case.framework).event(bare)
        if declared is not None:
            return declared.meaning
    if kind.has_step(bare):
        return kind.facts_of(bare).label
    # Heard from yet another case: the name there.
    return bare.rpartition(":")[2].replace("_", " ").capitalize()
