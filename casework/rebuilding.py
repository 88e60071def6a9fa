"""Derive every case again from its events, and compare with what is stored."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from casework.deadlines import rows_of_many, store_rows
from casework.fold import Fold, Folded, Key, Row
from casework.inputs import VersionsOnRecord
from casework.models import Case
from casework.reading import recorded_of_many
from casework.registry import kind_of

BATCH = 200


@dataclass(frozen=True)
class Difference:
    """One value that is stored otherwise than the events say."""

    reference: str
    what: str
    stored: str
    derived: str

    def __str__(self) -> str:
        return f"{self.reference} {self.what}: stored {self.stored}, by its events {self.derived}"


def differences(*, repair: bool = False) -> Iterator[Difference]:
    """Every difference between what is stored and what the events come to, case by case.

    With `repair` each case is brought to what its events say, in a transaction of its own.
    """
    inputs = VersionsOnRecord()
    for cases in _batches():
        events = recorded_of_many(cases)
        stored = rows_of_many(cases)
        for case in cases:
            if not events[case.pk]:
                yield Difference(case.reference, "events", "a case", "none")
                continue
            folded = Fold(case, kind_of(case), inputs).run(events[case.pk])
            found = list(_compare(case, folded, stored[case.pk]))
            if found and repair:
                _bring_to(case, folded, stored[case.pk])
            yield from found


def _batches() -> Iterator[list[Case]]:
    last: Any = None
    while True:
        query = Case.objects.order_by("pk")
        batch = list((query.filter(pk__gt=last) if last else query)[:BATCH])
        if not batch:
            return
        yield batch
        last = batch[-1].pk


def _compare(case: Case, folded: Folded, stored: dict[Key, Row]) -> Iterator[Difference]:
    for name, derived in folded.of_case().items():
        kept = getattr(case, name)
        if kept != derived:
            yield Difference(case.reference, name, str(kept), str(derived))
    if case.version != folded.last_seq:
        yield Difference(case.reference, "version", str(case.version), str(folded.last_seq))
    for key in sorted(stored.keys() | folded.rows.keys()):
        old, new = stored.get(key), folded.rows.get(key)
        label = " ".join(part for part in key if part)
        if old is None or new is None:
            yield Difference(
                case.reference, label, "nothing" if old is None else str(old.due_on),
                "nothing" if new is None else str(new.due_on),
            )  # fmt: skip
        elif old != new:
            for field in dataclasses.fields(Row):
                kept, derived = getattr(old, field.name), getattr(new, field.name)
                if kept != derived:
                    yield Difference(
                        case.reference, f"{label} {field.name}", str(kept), str(derived)
                    )


def _bring_to(case: Case, folded: Folded, stored: dict[Key, Row]) -> None:
    with transaction.atomic():
        fresh = Case.objects.select_for_update().get(pk=case.pk)
        if fresh.version != case.version:
            return  # somebody recorded meanwhile, which derived it anew
        derived = folded.of_case()
        for name, value in derived.items():
            setattr(fresh, name, value)
        fresh.save(update_fields=list(derived))
        store_rows(fresh, kind_of(fresh), folded.rows, stored)
