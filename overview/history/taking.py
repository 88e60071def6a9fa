"""Writes one row at a time: all that it says, or nothing.

Rows are taken in the order in which things happened. Imports that run at once wait for each other
at each row, and each finds what the other wrote.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from areas.models import LocalArea
from casework.models import Case
from casework.recording import GuardFailed, import_case
from overview.history import comparing, statements
from overview.history.adding import add_in_order
from overview.history.cells import Refused
from overview.history.keys import PREFIX
from overview.history.results import Outcome, Result, Written
from overview.history.rows import HistoryRow, What
from overview.history.telling import Told, told_of

#: One inspection or re-visit with its dates put right: two of an area never lie nearer together.
SAME_EVENT_WITHIN = datetime.timedelta(days=183)
#: One that was run here has its days from those who made it: a source can only be a little off.
SAME_AS_OURS_WITHIN = datetime.timedelta(days=31)
ONE_AT_A_TIME = 0x48495354
ORDER = (What.INSPECTION, What.REVISIT, What.FULL_INSPECTION)


@dataclass(frozen=True)
class Placement:
    """A checked row with its area."""

    row: HistoryRow
    area: LocalArea

    @property
    def order(self) -> tuple[datetime.date, int, int]:
        """As things happened: an inspection, the re-visit, what supersedes both."""
        return self.row.on, ORDER.index(self.row.what), self.row.number

    @property
    def key(self) -> str:
        """What opens its case, and finds it again."""
        what = self.row.what.replace(" ", "-")
        return f"{PREFIX}{what}:{self.area.dfe_code}:{self.row.on.isoformat()}"

    def is_same_event(self, other: "Placement") -> bool:
        """Whether two rows speak of one inspection or re-visit."""
        if (self.row.what, self.area.pk) != (other.row.what, other.area.pk):
            return False
        return abs(self.row.on - other.row.on) <= SAME_EVENT_WITHIN


def take(placed: Placement, *, correcting: bool = False) -> Result:
    """Put a row on record, or find it there. `correcting`: also where it says otherwise.

    A row that cannot be taken is a result too, with its reasons, and leaves nothing behind.
    """
    row = placed.row
    try:
        with transaction.atomic():
            _wait_for_other_imports()
            case, written, further = _take(placed, correcting)
    except Refused as refused:
        return result_of(row, Outcome.REFUSED, refused.reasons)
    except GuardFailed as refused:
        return result_of(row, Outcome.REFUSED, [text for _, text in refused.reasons])
    outcome = Outcome.DOUBTED if row.doubts else Outcome.TAKEN
    return result_of(row, outcome, [*row.doubts, *further], case, written)


def result_of(
    row: HistoryRow,
    outcome: Outcome,
    why: Sequence[str],
    case: Case | None = None,
    written: Written = Written.NOTHING,
) -> Result:
    """What came of a row that was read."""
    return Result(
        number=row.number,
        event=row.what.value,
        area=row.area_name,
        day=row.anchor.isoformat() if row.anchor else "",
        outcome=outcome,
        why=tuple(why),
        written=written,
        case_id=case.pk if case else None,
        reference=case.reference if case else "",
        what=row.what,
    )


def _wait_for_other_imports() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])


def _take(placed: Placement, correcting: bool) -> tuple[Case, Written, list[str]]:
    told = told_of(placed.row)
    case = _on_record(placed, told)
    if case is None:
        case = _bring_in(placed, told)
        statements.ensure(placed.row, case)
        statements.follow_up(placed.row, case)
        return case, Written.CREATED, []
    found = comparing.changes(case, told.history)
    found += statements.changes(placed.row, case)
    if not correcting and (differing := [one.words for one in found if not one.fills_in]):
        raise Refused(*differing, "Nothing was changed; with --correct it is.")
    added = statements.ensure(placed.row, case)
    comparing.put_right(found)
    added += add_in_order(case, told.history)
    added += statements.follow_up(placed.row, case)
    if found:
        return case, Written.CORRECTED, [one.words for one in found]
    return case, Written.ADDED if added else Written.UNCHANGED, []


def _on_record(placed: Placement, told: Told) -> Case | None:
    """The case of an earlier import. Raises Refused where this service ran the case itself."""
    nearest: tuple[datetime.timedelta, Case] | None = None
    cases = Case.objects.filter(
        kind=told.kind, framework=told.framework, local_area=placed.area
    ).select_related("local_area")
    for case in cases:
        imported = case.opening_key.startswith(PREFIX)
        day = _day_in(case.opening_key) if imported else case.first_day
        apart = abs(placed.row.on - day) if day else None
        if apart is None or apart > (SAME_EVENT_WITHIN if imported else SAME_AS_OURS_WITHIN):
            continue
        if not imported:
            raise Refused(
                f"{case.reference} is about the same {placed.row.what.value} and was recorded here:"
                " that record stands."
            )
        if nearest is None or apart < nearest[0]:
            nearest = apart, case
    return nearest[1] if nearest else None


def _day_in(key: str) -> datetime.date:
    return datetime.date.fromisoformat(key.rpartition(":")[2])


def _bring_in(placed: Placement, told: Told) -> Case:
    row, origin = placed.row, None
    if row.what is What.REVISIT:
        origin = statements.of_revisit(placed.area, row.on)
    return import_case(
        told.kind,
        local_area=placed.area,
        framework=told.framework,
        key=placed.key,
        opened_on=told.opened_on,
        history=told.history,
        origin=origin,
        note=told.note,
    ).case
