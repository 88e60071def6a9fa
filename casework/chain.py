"""What makes the record of a case hard to rewrite: each event's hash covers the one before.

A note is not in the hash but its commitment is (a hash with a random salt): erase note and salt,
and the chain still holds while nobody can guess what the note said.
"""

import hashlib
import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from casework.events import NoteErased
from casework.models import Case, Event, EventNote


@dataclass(frozen=True)
class Broken:
    """One place where the stored record is not what was written."""

    seq: int
    why: str


def canonical(content: Any) -> bytes:
    """One byte string for one content, whatever the order of its keys."""
    return json.dumps(
        content,
        cls=DjangoJSONEncoder,
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()


def commitment(content: Mapping[str, Any], salt: str) -> str:
    """What the event's hash holds of its note; '' where there is no note."""
    if not content:
        return ""
    return hashlib.sha256(salt.encode() + canonical(content)).hexdigest()


def new_salt() -> str:
    """A salt that nobody can guess."""
    return secrets.token_hex(16)


def content_of(event: Event) -> dict[str, Any]:
    """What the hash of an event covers, the hash of the event before it among it."""
    return {
        "case": str(event.case_id),
        "seq": event.seq,
        "kind": event.kind,
        "subject": event.subject,
        "happened_on": event.happened_on.isoformat(),
        "happened_at": event.happened_at.timestamp() if event.happened_at else None,
        "recorded_by": event.recorded_by_id,
        "recorded_at": event.recorded_at.timestamp(),
        "origin": event.origin,
        "facts": event.facts,
        "schema_version": event.schema_version,
        "calendar_version": event.calendar_version,
        "parameters_version": event.parameters_version,
        "subjects": event.subjects,
        "key": event.key,
        "corrects": event.corrects_id,
        "voids": event.voids_id,
        "note": event.note_commitment,
        "previous": event.previous_hash,
    }


def hash_of(event: Event) -> str:
    """The hash of an event's content and of the event before it."""
    return hashlib.sha256(canonical(content_of(event))).hexdigest()


class HashOfMany:
    """The hashes of many events that differ in case, place, facts and the event before alone.

    What they share is written out once; the result is that of `hash_of`.
    """

    _differ = ("case", "facts", "previous", "seq")

    def __init__(self, event: Event) -> None:
        marks = {name: f"@{name}@{new_salt()}@" for name in self._differ}
        whole = canonical({**content_of(event), **marks})
        self._between = []
        for name in self._differ:
            before, whole = whole.split(canonical(marks[name]), 1)
            self._between.append(before)
        self._end = whole

    def hash(self, case: Any, seq: int, facts: bytes, previous: str) -> str:
        """The hash for one case; `facts` as `canonical` writes them."""
        case_starts, facts_start, previous_starts, seq_starts = self._between
        return hashlib.sha256(
            b'%b"%b"%b%b%b"%b"%b%d%b'
            % (
                case_starts,
                str(case).encode(),
                facts_start,
                facts,
                previous_starts,
                previous.encode(),
                seq_starts,
                seq,
                self._end,
            )
        ).hexdigest()


def verify_chain(case: Case) -> list[Broken]:
    """Where the stored record of a case was changed, cut or added to; [] where it is whole."""
    broken: list[Broken] = []
    previous = ""
    expected = 1
    notes = {note.pk: note for note in EventNote.objects.filter(event__case=case)}
    record = list(Event.objects.filter(case=case).order_by("seq"))
    erased = {one.facts.get("event_seq") for one in record if one.kind == NoteErased.kind}
    for event in record:
        if event.seq != expected:
            broken.append(Broken(expected, f"Entry {expected} is missing."))
            expected = event.seq
        if event.previous_hash != previous:
            broken.append(Broken(event.seq, "It does not follow on the entry before."))
        if hash_of(event) != event.hash:
            broken.append(Broken(event.seq, "Its content is not what was recorded."))
        if why := _note_problem(event, notes.get(event.pk), erased):
            broken.append(Broken(event.seq, why))
        previous = event.hash
        expected += 1
    if case.version != expected - 1:
        broken.append(Broken(case.version, "The case counts another number of entries."))
    elif case.head_hash != previous:
        broken.append(Broken(case.version, "The last entry is not the one the case knows."))
    return broken


def _note_problem(event: Event, note: EventNote | None, erased: Collection[int]) -> str:
    if not event.note_commitment:
        return "It has a note that was not recorded with it." if note else ""
    if note is None:
        return "Its note is gone without a trace."
    if note.erased_at is not None:
        return "" if event.seq in erased else "Its note was erased, and no entry says so."
    if commitment(note.content, note.salt) != event.note_commitment:
        return "Its note is not what was recorded."
    return ""
