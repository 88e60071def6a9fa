"""The history of a case as people read it: plain English, who, when; what was corrected, struck."""

import dataclasses
import datetime
from dataclasses import dataclass
from typing import Any

from casework import events
from casework.changes.causes import causes
from casework.fold import subjects_read
from casework.models import Case, Event, Origin
from casework.moved import MovedDate, dates_moved
from casework.registry import CaseKind, kind_of
from config import clock


@dataclass(frozen=True)
class NoteShown:
    """What an event's note says, or that it was erased."""

    text: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    erased: str = ""


@dataclass(frozen=True)
class Entry:
    """One event for the page. `struck`: no longer in effect, and `struck_by` says by which."""

    seq: int
    kind: str
    sentence: str
    happened: str
    recorded: str
    who: str
    note: NoteShown | None
    struck: bool
    struck_by: int | None
    replaces: int | None
    correctable: bool
    origin: str
    moved: tuple[MovedDate, ...] = ()


#: What nobody corrects by hand.
BY_THE_SYSTEM = {
    kind.kind
    for kind in (
        events.Opened,
        events.Voided,
        events.NoteErased,
        events.RelatedHappened,
        events.CalendarChanged,
        events.ParametersChanged,
    )
}


#: Columns, not whole rows: people and notes come along by join.
FIELDS = (
    "pk",
    "seq",
    "kind",
    "subject",
    "happened_on",
    "happened_at",
    "recorded_at",
    "origin",
    "facts",
    "schema_version",
    "subjects",
    "corrects_id",
    "voids_id",
    "parameters_version",
    "recorded_by__name",
    "note__content",
    "note__erased_at",
    "note__erased_reason",
    "note__erased_by__name",
)


def history(case: Case, *, limit: int | None = None) -> list[Entry]:
    """The case's events, newest first: one query, and those of `causes` where dates were moved by a
    change of calendar or offsets."""
    rows = list(Event.objects.filter(case=case).order_by("seq").values_list(*FIELDS, named=True))
    kind = kind_of(case)
    voided = {row.voids_id: row.seq for row in rows if row.voids_id}
    corrected = {row.corrects_id: row.seq for row in rows if row.corrects_id}
    seq_of = {row.pk: row.seq for row in rows}
    names: dict[str, str] = {}
    read = [_facts(row, kind) for row in rows]
    moving = {place: one for place, one in enumerate(read) if isinstance(one, events.DatesMoved)}
    left = [(one, rows[place - 1].parameters_version) for place, one in moving.items()]
    for place, cause in zip(moving, causes(left), strict=True):
        read[place] = dataclasses.replace(moving[place], why=cause)
    entries = []
    for row, facts in zip(rows, read, strict=True):
        if row.subjects is not None:
            for group in subjects_read(row.subjects).values():
                names.update({subject.key: subject.name for subject in group})
        first = row.corrects_id or row.pk
        struck_by = voided.get(first)
        if struck_by is None and (latest := corrected.get(first)) and latest != row.seq:
            struck_by = latest
        entries.append(_entry(case, row, facts, names, seq_of, struck_by))
    entries.reverse()
    return entries[:limit] if limit else entries


def _facts(row: Any, kind: CaseKind) -> events.Facts:
    noted = (row.note__content or {}).get("fields", {})
    return kind.facts_of(row.kind).read(row.facts, noted, row.schema_version)


def _entry(
    case: Case,
    row: Any,
    facts: events.Facts,
    names: dict[str, str],
    seq_of: dict[int, int],
    struck_by: int | None,
) -> Entry:
    replaced = row.corrects_id or row.voids_id
    target = seq_of.get(replaced) if replaced else None
    sentence = facts.sentence(names.get(row.subject, _day_or_nothing(row.subject)))
    if row.voids_id:
        sentence = f"Entry {target} struck out: it did not happen"
    elif row.corrects_id:
        sentence = f"{sentence} (corrects entry {target})"
    return Entry(
        seq=row.seq,
        kind=row.kind,
        sentence=sentence,
        happened=_happened(row),
        recorded=moment_in_words(row.recorded_at),
        who=row.recorded_by__name or "The system",
        note=_note(row, type(facts)),
        struck=struck_by is not None,
        struck_by=struck_by,
        replaces=target,
        correctable=struck_by is None and not row.voids_id and row.kind not in BY_THE_SYSTEM,
        origin="" if row.origin == Origin.RECORDED else Origin(row.origin).label,
        moved=dates_moved(case, facts, names) if isinstance(facts, events.DatesMoved) else (),
    )


def _note(row: Any, facts: type[events.Facts]) -> NoteShown | None:
    if row.note__content is None:
        return None
    if row.note__erased_at is not None:
        who = row.note__erased_by__name or "the system"
        when = events.day_in_words(clock.london(row.note__erased_at).date())
        return NoteShown(erased=f"Redacted by {who} on {when}: {row.note__erased_reason}")
    labels = {f.name: f.metadata.get("label", f.name) for f in dataclasses.fields(facts)}
    fields = row.note__content.get("fields", {})
    return NoteShown(
        text=row.note__content.get("text", ""),
        fields=tuple((labels.get(name, name), str(value)) for name, value in fields.items()),
    )


def _happened(row: Any) -> str:
    if row.happened_at is None:
        return events.day_in_words(row.happened_on)
    return moment_in_words(row.happened_at)


def moment_in_words(moment: datetime.datetime) -> str:
    """'Monday 1 June 2026, 09:00', as London clocks show it."""
    local = clock.london(moment)
    return f"{events.day_in_words(local.date())}, {local:%H:%M}"


def _day_or_nothing(subject: str) -> str:
    try:
        return events.day_in_words(datetime.date.fromisoformat(subject))
    except ValueError:
        return ""
