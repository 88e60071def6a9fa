"""What is asked of the door, and what is looked at before anything is tried."""

import datetime
from dataclasses import dataclass
from typing import Any

from casework import access, events
from casework.events import Facts
from casework.models import Case, Event, Origin
from casework.refusals import Conflict, GuardFailed, Meanwhile, NotAllowed
from casework.registry import CaseKind, kind_of
from config import clock


@dataclass(frozen=True)
class Wanted:
    """What somebody asks the door to write."""

    facts: Facts
    by: Any
    happened_on: datetime.date
    happened_at: datetime.datetime | None
    origin: str = Origin.RECORDED
    trusted: bool = False
    key: str = ""
    note: str = ""
    expected_version: int | None = None
    corrects: Event | None = None
    voids: Event | None = None
    #: Whether the day was given; otherwise it is the moment of asking, another at each try.
    dated: bool = True


def when(
    on: datetime.date | None, at: datetime.datetime | None
) -> tuple[datetime.date, datetime.datetime | None]:
    if at is not None:
        return on or clock.london(at).date(), at
    if on is not None:
        return on, None
    return clock.today(), clock.now()


def need_reason(reason: str) -> None:
    if not reason.strip():
        raise GuardFailed([("reason", "Give the reason.")])


def may_record_it(case: Case, kind: CaseKind, wanted: Wanted) -> None:
    target = wanted.corrects or wanted.voids
    event_kind = target.kind if target else wanted.facts.kind
    if not kind.has_step(event_kind):
        raise GuardFailed([("", f"{kind.label} has no step “{event_kind}”.")])
    if wanted.trusted:
        return
    permission = access.may_record(wanted.by, event_kind, case)
    if not permission.allowed:
        raise NotAllowed(permission.reason)


def not_stale(case: Case, wanted: Wanted) -> None:
    if wanted.expected_version is None or wanted.expected_version == case.version:
        return
    kind = kind_of(case)
    since = (
        Event.objects.filter(case=case, seq__gt=wanted.expected_version)
        .select_related("recorded_by")
        .order_by("seq")
    )
    raise Conflict(
        case.version,
        [
            Meanwhile(
                seq=one.seq,
                who=one.recorded_by.name if one.recorded_by else "The system",
                what=kind.facts_of(one.kind).label,
                when=f"{clock.london(one.recorded_at):%H:%M on} "
                f"{events.day_in_words(clock.london(one.recorded_at).date())}",
            )
            for one in since
        ],
    )


def has_its_note(wanted: Wanted) -> None:
    if wanted.origin == Origin.IMPORTED or wanted.note.strip():
        return
    if wanted.facts.note_required:
        what = wanted.facts.note_label
        raise GuardFailed([("note", f"Say {what[:1].lower()}{what[1:]}.")])


def possible_day(wanted: Wanted, begins: datetime.date) -> None:
    if wanted.happened_on > clock.today():
        raise GuardFailed([("happened_on", "The date it happened must be today or in the past.")])
    if wanted.happened_at is not None and wanted.happened_at > clock.now():
        raise GuardFailed([("happened_at", "The time it happened must be in the past.")])
    if wanted.happened_on < begins:
        first = events.day_in_words(begins)
        raise GuardFailed([("happened_on", f"The date it happened must be on or after {first}.")])
