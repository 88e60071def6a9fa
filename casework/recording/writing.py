"""Through the door: event, note, stage, deadlines, what follows, in one transaction."""

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
from casework.deadlines import all_met_settled, rows_of, store_rows
from casework.events import Facts
from casework.fold import Fold, Folded, Recorded, subjects_stored
from casework.inputs import VersionsOnRecord, parameters_version_now
from casework.models import Case, Event, EventNote, Origin, ReferenceNumber
from casework.possible import AFTER_THE_END, own_reasons, why_barred
from casework.reading import recorded_of
from casework.recording.again import same_again
from casework.recording.wanted import (
    Wanted,
    has_its_note,
    may_record_it,
    not_stale,
    possible_day,
    when,
)
from casework.refusals import GuardFailed, NotAllowed, Reason
from casework.registry import CaseKind, kind_of
from casework.timetable import TimetableError
from casework.workflow import Context, Happened, reasons_in
from config import clock
from notices.services import notify


def write(case_id: uuid.UUID | str, wanted: Wanted) -> Event:
    with transaction.atomic():
        lock_area(Case.objects.values_list("local_area_id", flat=True).get(pk=case_id))
        case = Case.objects.select_for_update(of=("self",)).with_area().get(pk=case_id)
        if wanted.key and (first := Event.objects.filter(case=case, key=wanted.key).first()):
            if wanted.origin == Origin.RECORDED:
                same_again(first, wanted)
            return first
        kind = kind_of(case)
        may_record_it(case, kind, wanted)
        not_stale(case, wanted)
        has_its_note(wanted)
        return append(case, kind, wanted)


def append(case: Case, kind: CaseKind, wanted: Wanted) -> Event:
    inputs = VersionsOnRecord()
    earlier = recorded_of(case)
    if _a_change_waits(case, wanted, earlier, inputs):
        from casework.changes.catching_up import catch_up

        if catch_up(case):
            earlier = recorded_of(case)
    event, noted = new_event(case, kind, wanted, inputs, earlier)
    if wanted.origin != Origin.IMPORTED:
        possible_day(wanted, inputs.calendar(event.calendar_version).covers_from)
    stored = rows_of(case)
    folded = _fold(case, kind, wanted, event, earlier, stored, inputs)
    event.save(force_insert=True)
    if noted:
        EventNote.objects.create(event=event, content=noted.content, salt=noted.salt)
    store(case, kind, event, folded, stored)
    _after(case, kind, event, wanted, folded)
    return event


@dataclass(frozen=True)
class _Noted:
    content: dict[str, Any]
    salt: str


def new_event(
    case: Case,
    kind: CaseKind,
    wanted: Wanted,
    inputs: VersionsOnRecord,
    earlier: Sequence[Recorded],
) -> tuple[Event, _Noted | None]:
    """The event that follows on the case as it stands, not saved yet, and its note."""
    kept, personal = wanted.facts.stored()
    content = {
        **({"text": wanted.note.strip()} if wanted.note.strip() else {}),
        **({"fields": personal} if personal else {}),
    }
    noted = _Noted(content, new_salt()) if content else None
    subjects = None
    if not isinstance(wanted.facts, events.DatesMoved):  # those change the calendar, nobody's part
        subjects = _subjects_unless_known(case, kind, earlier)
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
        calendar_version=_calendar_version(case, wanted, inputs, earlier),
        parameters_version=_parameters_version(wanted, earlier),
        subjects=subjects,
        key=wanted.key,
        corrects=wanted.corrects,
        voids=wanted.voids,
        note_commitment=commitment(noted.content, noted.salt) if noted else "",
        previous_hash=case.head_hash,
    )
    event.hash = hash_of(event)
    return event, noted


def _subjects_unless_known(
    case: Case, kind: CaseKind, earlier: Sequence[Recorded]
) -> dict[str, list[list[str]]] | None:
    """Who owes something here, where that differs from what is on record."""
    subjects = subjects_stored(kind.subjects(case))
    known = next((one.subjects for one in reversed(earlier) if one.subjects is not None), None)
    return subjects if subjects != (known or {}) else None


def _a_change_waits(
    case: Case, wanted: Wanted, earlier: Sequence[Recorded], inputs: VersionsOnRecord
) -> bool:
    """Whether there is a calendar that the case has not seen yet: a change of it may be under way,
    which has to reach the case before what is to be recorded now."""
    if not earlier or case.ended_on is not None or wanted.origin == Origin.IMPORTED:
        return False
    if isinstance(wanted.facts, events.DatesMoved):
        return False
    return earlier[-1].calendar_version != inputs.in_force()


def _calendar_version(
    case: Case, wanted: Wanted, inputs: VersionsOnRecord, earlier: Sequence[Recorded]
) -> int:
    """The calendar in force; of a case that has ended, the one by which it ended."""
    if case.ended_on is not None and isinstance(wanted.facts, AFTER_THE_END):
        return earlier[-1].calendar_version
    return inputs.in_force()


def _parameters_version(wanted: Wanted, earlier: Sequence[Recorded]) -> int:
    if isinstance(wanted.facts, events.ParametersChanged):
        return wanted.facts.version
    if earlier:
        return earlier[-1].parameters_version
    # History is held against the choices of its own time, not against today's.
    return parameters_version_now(wanted.happened_on if wanted.origin == Origin.IMPORTED else None)


def _fold(
    case: Case,
    kind: CaseKind,
    wanted: Wanted,
    event: Event,
    earlier: Sequence[Recorded],
    stored: Any,
    inputs: VersionsOnRecord,
) -> Folded:
    """The case with the new event in effect. Raises GuardFailed with why it cannot be."""
    rewritten = wanted.corrects or wanted.voids
    new = as_recorded(event, wanted)
    own_seq = rewritten.seq if rewritten else event.seq
    trying = wanted.origin != Origin.IMPORTED

    def tried(one: Happened, context: Context) -> list[Reason]:
        reasons = own_reasons(case, one, context)
        if one.seq == own_seq and wanted.voids is None:
            barred = reasons and why_barred(kind, context.state, one)
            for check in kind.step(one.kind).checks if trying and not barred else ():
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
            all_met_settled=not rewritten and all_met_settled(stored),
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


def as_recorded(event: Event, wanted: Wanted) -> Recorded:
    """A new event as the fold reads it."""
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


def store(case: Case, kind: CaseKind, event: Event, folded: Folded, stored: Any) -> None:
    """What follows from all events up to this one: the case's columns and its deadlines."""
    derived = {**folded.of_case(), "version": event.seq, "head_hash": event.hash}
    for name, value in derived.items():
        setattr(case, name, value)
    case.save(update_fields=list(derived))
    store_rows(case, kind, folded.rows, stored)


def _after(case: Case, kind: CaseKind, event: Event, wanted: Wanted, folded: Folded) -> None:
    """What follows: reactions, news for related cases, notices."""
    if wanted.origin == Origin.IMPORTED or isinstance(wanted.facts, events.DatesMoved):
        return
    if kind.follow is not None:
        kind.follow(case, folded.state, wanted.by)
    rewritten = wanted.corrects is not None or wanted.voids is not None
    if wanted.voids is None:
        door = Door(wanted.by)
        reactions.react(case, event, wanted.facts, door, corrected=wanted.corrects is not None)
    for related, facts in relations.news(case, wanted.facts, folded.state, everything=rewritten):
        key = f"related:{case.pk}:{event.seq}:{facts.event}:{facts.subject}"
        copy = Wanted(
            facts, wanted.by, wanted.happened_on, None, Origin.REACTION, trusted=True, key=key
        )
        write(related, copy)
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


def open_case(
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
        lock_area(local_area.pk)
        if key and (first := Case.objects.filter(opening_key=key).first()):
            return first
        if not trusted:
            permission = access.may_open(by, declared, local_area)
            if not permission.allowed:
                raise NotAllowed(permission.reason)
        case = Case.objects.create(
            reference=next_reference(declared.prefix, clock.today().year),
            kind=kind,
            framework=framework,
            edition=edition,
            local_area=local_area,
            origin=origin,
            opening_key=key,
            created_at=clock.now(),
            stage=declared.first_stage,
        )
        on, at = when(happened_on, None)
        append(
            case,
            declared,
            Wanted(events.Opened(), by, on, at, event_origin, trusted=True, note=note),
        )
        if origin is not None and event_origin != Origin.IMPORTED:
            for facts in relations.known_to_child(origin, case):
                news_key = f"related:{origin.pk}:opened:{facts.event}:{facts.subject}"
                write(
                    case.pk,
                    Wanted(facts, by, on, None, Origin.REACTION, trusted=True, key=news_key),
                )
        case.refresh_from_db()
        return case


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
        on, at = when(happened_on, happened_at)
        wanted = Wanted(facts, self._by, on, at, Origin.REACTION, True, key, note)
        return write(case_id, wanted)

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
        return open_case(
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


def lock_area(local_area_id: Any) -> None:
    """One writer per local area, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(lock_statement(local_area_id))


def lock_statement(local_area_id: Any) -> str:
    """The statement that takes the lock of a local area."""
    digest = hashlib.sha256(f"casework:{local_area_id}".encode()).digest()
    return f"SELECT pg_advisory_xact_lock({int.from_bytes(digest[:8], 'big', signed=True)});"


def _next_event_id() -> int:
    """The id is part of the hash of a later correction, so it is drawn before saving."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('casework_event', 'id'))")
        return int(cursor.fetchone()[0])


def next_reference(prefix: str, year: int) -> str:
    """The next number of a prefix and a year: IN-2026-0007."""
    series = f"{prefix}-{year}"
    ReferenceNumber.objects.get_or_create(series=series)
    ReferenceNumber.objects.filter(series=series).update(last=F("last") + 1)
    return str(ReferenceNumber.objects.get(series=series))
