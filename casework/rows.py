"""What goes into the fold and what comes out: stored events, and deadlines as they are kept."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from working_days.calendar import Calendar

Key = tuple[str, str]


class Inputs(Protocol):
    """Where the versions named on events are looked up."""

    def calendar(self, version: int) -> Calendar: ...

    def parameters(self, version: int) -> Mapping[str, int]: ...


@dataclass(frozen=True)
class Recorded:
    """One stored event as the fold reads it."""

    id: int
    seq: int
    kind: str
    facts: Mapping[str, Any]
    noted: Mapping[str, Any]
    happened_on: datetime.date
    happened_at: datetime.datetime | None
    schema_version: int
    calendar_version: int
    parameters_version: int
    subjects: Mapping[str, Any] | None
    corrects_id: int | None
    voids_id: int | None
    imported: bool
    redacted: bool = False


@dataclass(frozen=True)
class Row:
    """A deadline as the fold has it: what is stored, and compared by `rebuild`."""

    rule: str
    subject: str
    subject_name: str
    title: str
    owed_by: str
    strength: str
    due_on: datetime.date
    due_at: datetime.datetime | None
    computed_on: datetime.date
    agreed_on: datetime.date | None
    practical_on: datetime.date | None
    day_number: int | None
    counted_from_event: str
    counted_from_on: datetime.date
    calendar_version: int | None
    parameters_version: int | None
    state: str
    lapses: bool
    met_by: str
    met_on: datetime.date | None
    met_at: datetime.datetime | None
    met_event_id: int | None
    explained: bool
    held_from: datetime.date | None
    held_until: datetime.date | None
    settled: bool
    as_of_seq: int | None

    @property
    def key(self) -> Key:
        """Unique on its case."""
        return self.rule, self.subject
