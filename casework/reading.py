"""Reading what is stored of a case into the form that the fold takes."""

from collections.abc import Iterable, Iterator
from typing import Any

from casework.fold import Recorded
from casework.models import Case, Event, Origin

FIELDS = (
    "id",
    "seq",
    "kind",
    "facts",
    "happened_on",
    "happened_at",
    "schema_version",
    "calendar_version",
    "parameters_version",
    "subjects",
    "corrects_id",
    "voids_id",
)


def recorded_of(case: Case) -> list[Recorded]:
    """All events of a case in order: one query."""
    return [one for _, one in _read(Event.objects.filter(case=case).order_by("seq"))]


def recorded_of_many(cases: Iterable[Case]) -> dict[Any, list[Recorded]]:
    """The events of several cases by case id, in order: one query."""
    ids = [case.pk for case in cases]
    found: dict[Any, list[Recorded]] = {pk: [] for pk in ids}
    for case_id, one in _read(Event.objects.filter(case_id__in=ids).order_by("case_id", "seq")):
        found[case_id].append(one)
    return found


def _read(events: Any) -> Iterator[tuple[Any, Recorded]]:
    rows = events.values(*FIELDS, "case_id", "origin", "note__content", "note__erased_at")
    for row in rows:
        noted = (row.pop("note__content") or {}).get("fields", {})
        redacted = row.pop("note__erased_at") is not None
        imported = row.pop("origin") == Origin.IMPORTED
        case_id = row.pop("case_id")
        yield case_id, Recorded(**row, noted=noted, imported=imported, redacted=redacted)
