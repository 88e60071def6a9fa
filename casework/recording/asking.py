"""What views, tasks and commands ask of the door."""

import datetime
import uuid
from typing import Any

from django.db import transaction

from casework import access, events
from casework.events import Facts
from casework.models import Case, Event, EventNote, Origin
from casework.recording.wanted import Wanted, need_reason, when
from casework.recording.writing import lock_area, open_case, write
from casework.refusals import GuardFailed, NotAllowed
from config import clock

FIXED = (events.Opened, events.Voided, events.NoteErased, events.RelatedHappened)


def record(
    case_id: uuid.UUID | str,
    facts: Facts,
    *,
    by: Any,
    happened_on: datetime.date | None = None,
    happened_at: datetime.datetime | None = None,
    expected_version: int | None = None,
    key: str = "",
    note: str = "",
) -> Event:
    """Record that something happened on a case. Returns the event.

    Without a day or hour it happened now. `key` names the request: the same key again returns the
    first event and writes nothing. `expected_version` is the case's version as the person saw it.
    `by=None` is the system itself. The same key with other content is refused.

    Raises NotAllowed, GuardFailed (each reason with its form field) or Conflict (who did what
    meanwhile); Case.DoesNotExist.
    """
    on, at = when(happened_on, happened_at)
    wanted = Wanted(
        facts=facts,
        by=by,
        happened_on=on,
        happened_at=at,
        trusted=by is None,
        key=key,
        note=note,
        expected_version=expected_version,
        dated=happened_on is not None or happened_at is not None,
    )
    return write(case_id, wanted)


def record_import(
    case_id: uuid.UUID | str,
    facts: Facts,
    *,
    happened_on: datetime.date,
    happened_at: datetime.datetime | None = None,
    key: str = "",
    note: str = "",
    by: Any = None,
) -> Event:
    """Take over a fact of published history: no guards, no reactions, no notices."""
    on, at = when(happened_on, happened_at)
    wanted = Wanted(facts, by, on, at, Origin.IMPORTED, trusted=True, key=key, note=note)
    return write(case_id, wanted)


def correct(
    event_id: int,
    facts: Facts,
    *,
    by: Any,
    reason: str,
    happened_on: datetime.date | None = None,
    happened_at: datetime.datetime | None = None,
    expected_version: int | None = None,
    key: str = "",
) -> Event:
    """Put right what an event says, by a further event with a reason. Returns that event.

    Without a day, it keeps the day now on record. All later steps are tried again: raises
    GuardFailed where one becomes impossible, and as `record` does.
    """
    first = _first_record(event_id)
    if isinstance(facts, FIXED) or facts.kind != first.kind:
        raise GuardFailed([("", "An entry can only be corrected by one of its own kind.")])
    need_reason(reason)
    standing = first.corrections.order_by("-seq").first() or first
    on = happened_on or standing.happened_on
    at = happened_at or (standing.happened_at if happened_on in (None, on) else None)
    if at is not None and clock.london(at).date() != on:
        at = None
    wanted = Wanted(
        facts,
        by,
        on,
        at,
        trusted=by is None,
        key=key,
        note=reason,
        expected_version=expected_version,
        corrects=first,
        dated=happened_on is not None,
    )
    return write(first.case_id, wanted)


def void(
    event_id: int,
    *,
    by: Any,
    reason: str,
    expected_version: int | None = None,
    key: str = "",
) -> Event:
    """Strike an event out: it never happened. Later steps are tried again, as with `correct`."""
    first = _first_record(event_id)
    if first.kind in {kind.kind for kind in FIXED}:
        raise GuardFailed([("", "This entry cannot be struck out.")])
    need_reason(reason)
    wanted = Wanted(
        events.Voided(),
        by,
        clock.today(),
        clock.now(),
        trusted=by is None,
        key=key,
        note=reason,
        expected_version=expected_version,
        voids=first,
        dated=False,
    )
    return write(first.case_id, wanted)


def create_case(
    kind: str,
    *,
    local_area: Any,
    by: Any,
    framework: str = "",
    edition: str = "",
    origin: Case | None = None,
    key: str = "",
    note: str = "",
    happened_on: datetime.date | None = None,
    imported: bool = False,
) -> Case:
    """Make a case with its first event. The same `key` again returns the first case.

    `by=None` is the system itself. Raises NotAllowed where the person's role does not open such
    cases in this area; KeyError for an unknown kind; ValueError for a framework it has not.
    """
    return open_case(
        kind,
        local_area=local_area,
        by=by,
        framework=framework,
        edition=edition,
        origin=origin,
        key=key,
        note=note,
        happened_on=happened_on,
        event_origin=Origin.IMPORTED if imported else Origin.RECORDED,
        trusted=by is None,
    )


def erase_note(event: Event, *, by: Any, reason: str) -> Event:
    """Lawfully erase what an event's note says. The chain still holds; the history shows that it
    was erased, by whom and why. Returns the event that says so; erased twice is erased once.

    Raises NotAllowed; GuardFailed without a reason or a note.
    """
    need_reason(reason)
    with transaction.atomic():
        lock_area(Case.objects.values_list("local_area_id", flat=True).get(pk=event.case_id))
        note = EventNote.objects.select_for_update().filter(event=event).first()
        if note is None:
            raise GuardFailed([("", "This entry has no note.")])
        case = Case.objects.get(pk=event.case_id)
        if by is not None and not (permission := access.may(by, "note.erase", case)).allowed:
            raise NotAllowed(permission.reason)
        key = f"erase:{event.seq}"
        if note.erased_at is not None:
            return Event.objects.get(case=case, key=key)
        EventNote.objects.filter(pk=note.pk).update(
            content={}, salt="", erased_at=clock.now(), erased_by=by, erased_reason=reason.strip()
        )
        wanted = Wanted(
            events.NoteErased(event_seq=event.seq),
            by,
            clock.today(),
            clock.now(),
            trusted=True,
            key=key,
        )
        return write(case.pk, wanted)


def _first_record(event_id: int) -> Event:
    event = Event.objects.select_related("corrects").get(pk=event_id)
    first = event.corrects or event
    if Event.objects.filter(voids=first).exists():
        raise GuardFailed([("", "This entry was struck out. Record what happened anew.")])
    return first
