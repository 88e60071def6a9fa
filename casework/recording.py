"""The one door for milestones: who, guards, event, stage, deadlines, reactions, notices, in one
transaction.

`record(case_id, facts, by=...)` is all that views, tasks and commands use. Writers of one local
area wait for each other (one advisory lock, since reactions reach sibling cases), so each sees what
the one before has done.
"""

import dataclasses
import datetime
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from casework import access, events, reactions, relations
from casework.chain import commitment, hash_of, new_salt
from casework.deadlines import rows_of, store_rows
from casework.events import Facts
from casework.fold import Fold, Folded, Recorded, own_reasons, subjects_stored
from casework.inputs import VersionsOnRecord, calendar_now, parameters_version_now
from casework.models import Case, Event, EventNote, Origin, ReferenceNumber
from casework.reading import recorded_of
from casework.refusals import Conflict, GuardFailed, Meanwhile, NotAllowed, Reason
from casework.registry import CaseKind, kind_of
from casework.timetable import TimetableError
from casework.workflow import Context, Happened, reasons_in
from config import clock
from notices.services import notify

FIXED = (events.Opened, events.Voided, events.NoteErased, events.RelatedHappened)


@dataclass(frozen=True)
class _Wanted:
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
    `by=None` is the system itself.

    Raises NotAllowed, GuardFailed (each reason with its form field) or Conflict (who did what
    meanwhile); Case.DoesNotExist.
    """
    on, at = _when(happened_on, happened_at)
    wanted = _Wanted(
        facts=facts,
        by=by,
        happened_on=on,
        happened_at=at,
        trusted=by is None,
        key=key,
        note=note,
        expected_version=expected_version,
    )
    return _write(case_id, wanted)


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
    on, at = _when(happened_on, happened_at)
    wanted = _Wanted(facts, by, on, at, Origin.IMPORTED, trusted=True, key=key, note=note)
    return _write(case_id, wanted)


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
    _need_reason(reason)
    standing = first.corrections.order_by("-seq").first() or first
    on = happened_on or standing.happened_on
    at = happened_at or (standing.happened_at if happened_on in (None, on) else None)
    if at is not None and clock.london(at).date() != on:
        at = None
    wanted = _Wanted(
        facts,
        by,
        on,
        at,
        trusted=by is None,
        key=key,
        note=reason,
        expected_version=expected_version,
        corrects=first,
    )
    return _write(first.case_id, wanted)


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
    _need_reason(reason)
    wanted = _Wanted(
        events.Voided(),
        by,
        clock.today(),
        clock.now(),
        trusted=by is None,
        key=key,
        note=reason,
        expected_version=expected_version,
        voids=first,
    )
    return _write(first.case_id, wanted)


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
    return _open(
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
    _need_reason(reason)
    with transaction.atomic():
        _lock_area(Case.objects.values_list("local_area_id", flat=True).get(pk=event.case_id))
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
        wanted = _Wanted(
            events.NoteErased(event_seq=event.seq),
            by,
            clock.today(),
            clock.now(),
            trusted=True,
            key=key,
        )
        return _write(case.pk, wanted)


class Door:
    """What a reaction writes through: in the name of the person whose event it follows from,
    without asking for their role, and only what it declared."""

    def __init__(self, by: Any, makes: Sequence[reactions.Spot] | None = None) -> None:
        self._by = by
        self._makes = makes

    def only(self, makes: Sequence[reactions.Spot]) -> "Door":
        """The same door, for what one reaction declared."""
        return Door(self._by, makes)

    def record(
        self,
        case_id: uuid.UUID | str,
        facts: Facts,
        *,
        happened_on: datetime.date | None = None,
        happened_at: datetime.datetime | None = None,
        key: str = "",
        note: str = "",
    ) -> Event:
        """As `record`. Raises ValueError for a kind of event that was not declared."""
        kind = Case.objects.values_list("kind", flat=True).get(pk=case_id)
        self._check(kind, facts.kind)
        on, at = _when(happened_on, happened_at)
        wanted = _Wanted(facts, self._by, on, at, Origin.REACTION, True, key, note)
        return _write(case_id, wanted)

    def create_case(
        self,
        kind: str,
        *,
        local_area: Any,
        framework: str = "",
        edition: str = "",
        origin: Case | None = None,
        key: str = "",
        happened_on: datetime.date | None = None,
    ) -> Case:
        """As `create_case`."""
        self._check(kind, events.Opened.kind)
        return _open(
            kind,
            local_area=local_area,
            by=self._by,
            framework=framework,
            edition=edition,
            origin=origin,
            key=key,
            note="",
            happened_on=happened_on,
            event_origin=Origin.REACTION,
            trusted=True,
        )

    def _check(self, case_kind: str, event_kind: str) -> None:
        if self._makes is not None and (case_kind, event_kind) not in self._makes:
            raise ValueError(f"The reaction did not declare {case_kind}.{event_kind}.")


# --- within the transaction ---


def _write(case_id: uuid.UUID | str, wanted: _Wanted) -> Event:
    with transaction.atomic():
        _lock_area(Case.objects.values_list("local_area_id", flat=True).get(pk=case_id))
        case = Case.objects.select_for_update(of=("self",)).with_area().get(pk=case_id)
        if wanted.key and (first := Event.objects.filter(case=case, key=wanted.key).first()):
            return first
        kind = kind_of(case)
        _may_record(case, kind, wanted)
        _not_stale(case, wanted)
        _has_its_note(wanted)
        return _append(case, kind, wanted)


def _append(case: Case, kind: CaseKind, wanted: _Wanted) -> Event:
    inputs = VersionsOnRecord()
    earlier = recorded_of(case)
    event, noted = _event(case, kind, wanted, inputs, earlier)
    if wanted.origin != Origin.IMPORTED:
        _possible_day(wanted, inputs.calendar(event.calendar_version).covers_from)
    stored = rows_of(case)
    folded = _fold(case, kind, wanted, event, earlier, stored, inputs)
    event.save(force_insert=True)
    if noted:
        EventNote.objects.create(event=event, content=noted.content, salt=noted.salt)
    _store(case, kind, event, folded, stored)
    _after(case, kind, event, wanted, folded)
    return event


@dataclass(frozen=True)
class _Noted:
    content: dict[str, Any]
    salt: str


def _event(
    case: Case,
    kind: CaseKind,
    wanted: _Wanted,
    inputs: VersionsOnRecord,
    earlier: Sequence[Recorded],
) -> tuple[Event, _Noted | None]:
    kept, personal = wanted.facts.stored()
    content = {
        **({"text": wanted.note.strip()} if wanted.note.strip() else {}),
        **({"fields": personal} if personal else {}),
    }
    noted = _Noted(content, new_salt()) if content else None
    subjects = subjects_stored(kind.subjects(case))
    known = next((one.subjects for one in reversed(earlier) if one.subjects is not None), None)
    event = Event(
        id=_next_event_id(),
        case=case,
        seq=case.version + 1,
        kind=wanted.facts.kind,
        subject=wanted.facts.subject,
        happened_on=wanted.happened_on,
        happened_at=wanted.happened_at,
        recorded_by=wanted.by,
        recorded_at=clock.now(),
        origin=wanted.origin,
        facts=kept,
        schema_version=wanted.facts.schema_version,
        calendar_version=inputs.know(calendar_now()),
        parameters_version=_parameters_version(wanted.facts, earlier),
        subjects=subjects if subjects != (known or {}) else None,
        key=wanted.key,
        corrects=wanted.corrects,
        voids=wanted.voids,
        note_commitment=commitment(noted.content, noted.salt) if noted else "",
        previous_hash=case.head_hash,
    )
    event.hash = hash_of(event)
    return event, noted


def _parameters_version(facts: Facts, earlier: Sequence[Recorded]) -> int:
    if isinstance(facts, events.ParametersChanged):
        return facts.version
    return earlier[-1].parameters_version if earlier else parameters_version_now()


def _fold(
    case: Case,
    kind: CaseKind,
    wanted: _Wanted,
    event: Event,
    earlier: Sequence[Recorded],
    stored: Any,
    inputs: VersionsOnRecord,
) -> Folded:
    """The case with the new event in effect. Raises GuardFailed with why it cannot be."""
    rewritten = wanted.corrects or wanted.voids
    new = _as_recorded(event, wanted)
    own_seq = rewritten.seq if rewritten else event.seq
    trying = wanted.origin != Origin.IMPORTED

    def tried(one: Happened, context: Context) -> list[Reason]:
        reasons = own_reasons(case, one, context)
        if one.seq == own_seq and wanted.voids is None:
            for check in kind.step(one.kind).checks if trying else ():
                reasons += reasons_in(check(case, one.facts, context))
            return reasons
        return [("", _no_longer_possible(one, text)) for _, text in reasons]

    settled = {key: row for key, row in stored.items() if row.settled}
    run = Fold(case, kind, inputs)
    run.by, run.today = wanted.by, clock.today()
    try:
        return run.run(
            [*earlier, new],
            settled=None if rewritten else settled,
            tried=tried if trying else None,
            tried_after=own_seq - 1,
        )
    except TimetableError as error:
        fields = {"happened_on", *(one.name for one in dataclasses.fields(wanted.facts))}
        renamed = {wanted.facts.kind: "happened_on"}
        raise GuardFailed(
            [
                (name if name in fields else "", text)
                for name, text in ((renamed.get(n, n), text) for n, text in error.messages)
            ]
        ) from error


def _no_longer_possible(one: Happened, text: str) -> str:
    return (
        f"“{one.facts.label}” of {events.day_in_words(one.on)} (entry {one.seq}) "
        f"would no longer be possible: {text}"
    )


def _store(case: Case, kind: CaseKind, event: Event, folded: Folded, stored: Any) -> None:
    state = folded.state
    case.stage = state.stage
    case.first_day = state.first_day
    case.last_day = state.last_day
    case.moments = state.moments
    case.suspended_on = state.suspended_on
    case.ended_on = state.ended_on
    case.version = event.seq
    case.head_hash = event.hash
    case.save(
        update_fields=[
            "stage",
            "first_day",
            "last_day",
            "moments",
            "suspended_on",
            "ended_on",
            "version",
            "head_hash",
        ]
    )
    store_rows(case, kind, folded.rows, stored)


def _after(case: Case, kind: CaseKind, event: Event, wanted: _Wanted, folded: Folded) -> None:
    """What follows: reactions, news for related cases, notices."""
    if wanted.origin == Origin.IMPORTED:
        return
    if kind.follow is not None:
        kind.follow(case, folded.state, wanted.by)
    rewritten = wanted.corrects is not None or wanted.voids is not None
    if not rewritten:
        reactions.react(case, event, wanted.facts, Door(wanted.by))
    for related, facts in relations.news(case, wanted.facts, folded.state, everything=rewritten):
        key = f"related:{case.pk}:{event.seq}:{facts.event}:{facts.subject}"
        copy = _Wanted(
            facts, wanted.by, wanted.happened_on, None, Origin.REACTION, trusted=True, key=key
        )
        _write(related, copy)
    if rewritten:
        return
    for tell in kind.step(event.kind).notices:
        for number, one in enumerate(tell(case, event, wanted.facts)):
            notify(
                recipient_email=one.email,
                recipient_id=one.recipient_id,
                template=one.template,
                context_json=dict(one.context),
                link=one.link,
                key=f"event:{event.pk}:{tell.__name__}:{number}",
                not_before=one.not_before,
            )


def _open(
    kind: str,
    *,
    local_area: Any,
    by: Any,
    framework: str,
    edition: str,
    origin: Case | None,
    key: str,
    note: str,
    happened_on: datetime.date | None,
    event_origin: str,
    trusted: bool,
) -> Case:
    declared = kind_of(kind)
    framework = framework or declared.frameworks[0]
    if framework not in declared.frameworks:
        raise ValueError(f"{declared.label} knows no framework {framework!r}.")
    with transaction.atomic():
        _lock_area(local_area.pk)
        if key and (first := Case.objects.filter(opening_key=key).first()):
            return first
        if not trusted:
            permission = access.may_open(by, declared, local_area)
            if not permission.allowed:
                raise NotAllowed(permission.reason)
        case = Case.objects.create(
            reference=_next_reference(declared.prefix),
            kind=kind,
            framework=framework,
            edition=edition,
            local_area=local_area,
            origin=origin,
            opening_key=key,
            created_at=clock.now(),
            stage=declared.first_stage,
        )
        on, at = _when(happened_on, None)
        _append(
            case,
            declared,
            _Wanted(events.Opened(), by, on, at, event_origin, trusted=True, note=note),
        )
        if origin is not None and event_origin != Origin.IMPORTED:
            for facts in relations.known_to_child(origin, case):
                news_key = f"related:{origin.pk}:opened:{facts.event}:{facts.subject}"
                _write(
                    case.pk,
                    _Wanted(facts, by, on, None, Origin.REACTION, trusted=True, key=news_key),
                )
        case.refresh_from_db()
        return case


# --- small parts ---


def _when(
    on: datetime.date | None, at: datetime.datetime | None
) -> tuple[datetime.date, datetime.datetime | None]:
    if at is not None:
        return on or clock.london(at).date(), at
    if on is not None:
        return on, None
    return clock.today(), clock.now()


def _lock_area(local_area_id: Any) -> None:
    """One writer per local area, until the end of the transaction."""
    digest = hashlib.sha256(f"casework:{local_area_id}".encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], "big", signed=True)]
        )


def _next_event_id() -> int:
    """The id is part of the hash of a later correction, so it is drawn before saving."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('casework_event', 'id'))")
        return int(cursor.fetchone()[0])


def _next_reference(prefix: str) -> str:
    series = f"{prefix}-{clock.today().year}"
    ReferenceNumber.objects.get_or_create(series=series)
    ReferenceNumber.objects.filter(series=series).update(last=F("last") + 1)
    return str(ReferenceNumber.objects.get(series=series))


def _may_record(case: Case, kind: CaseKind, wanted: _Wanted) -> None:
    target = wanted.corrects or wanted.voids
    event_kind = target.kind if target else wanted.facts.kind
    if not kind.has_step(event_kind):
        raise GuardFailed([("", f"{kind.label} has no step “{event_kind}”.")])
    if wanted.trusted:
        return
    permission = access.may_record(wanted.by, event_kind, case)
    if not permission.allowed:
        raise NotAllowed(permission.reason)


def _not_stale(case: Case, wanted: _Wanted) -> None:
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


def _has_its_note(wanted: _Wanted) -> None:
    if wanted.origin == Origin.IMPORTED or wanted.note.strip():
        return
    if wanted.facts.note_required:
        what = wanted.facts.note_label
        raise GuardFailed([("note", f"Say {what[:1].lower()}{what[1:]}.")])


def _possible_day(wanted: _Wanted, begins: datetime.date) -> None:
    if wanted.happened_on > clock.today():
        raise GuardFailed([("happened_on", "The date it happened must be today or in the past.")])
    if wanted.happened_at is not None and wanted.happened_at > clock.now():
        raise GuardFailed([("happened_at", "The time it happened must be in the past.")])
    if wanted.happened_on < begins:
        first = events.day_in_words(begins)
        raise GuardFailed([("happened_on", f"The date it happened must be on or after {first}.")])


def _as_recorded(event: Event, wanted: _Wanted) -> Recorded:
    _, personal = wanted.facts.stored()
    return Recorded(
        id=event.pk,
        seq=event.seq,
        kind=event.kind,
        facts=event.facts,
        noted=personal,
        happened_on=event.happened_on,
        happened_at=event.happened_at,
        schema_version=event.schema_version,
        calendar_version=event.calendar_version,
        parameters_version=event.parameters_version,
        subjects=event.subjects,
        corrects_id=event.corrects_id,
        voids_id=event.voids_id,
        imported=event.origin == Origin.IMPORTED,
    )


def _first_record(event_id: int) -> Event:
    event = Event.objects.select_related("corrects").get(pk=event_id)
    first = event.corrects or event
    if Event.objects.filter(voids=first).exists():
        raise GuardFailed([("", "This entry was struck out. Record what happened anew.")])
    return first


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise GuardFailed([("reason", "Give the reason.")])


__all__ = [
    "Conflict",
    "Door",
    "GuardFailed",
    "NotAllowed",
    "correct",
    "create_case",
    "erase_note",
    "record",
    "record_import",
    "void",
]
