"""The written statement between an inspection and its re-visit: made by the one, ended by the
other, or superseded when the area is inspected under the framework of 2023.

What follows for a statement is worked out from the cases on record, whichever came first.
"""

import datetime
from collections.abc import Iterator, Sequence

from areas.models import LocalArea
from casework.models import Case, CaseQuerySet
from casework.recording import Historic, give_origin, import_case, import_events
from inspections.frameworks import AREA_SEND_2023
from inspections.scheduling import KIND as INSPECTION
from overview.history import comparing
from overview.history.adding import add_in_order
from overview.history.keys import PREFIX
from overview.history.rows import HistoryRow, What
from overview.history.telling import statement_told_of
from revisits.access import KIND as REVISIT
from revisits.events import Progress
from wsoa.access import KIND as STATEMENT
from wsoa.events import Closed, FurtherSupportNeeded, NoLongerRequired, Superseded


def key_of(inspection: Case) -> str:
    """What opens the statement of an inspection, imported or not."""
    return f"{STATEMENT}:{inspection.pk}"


def ensure(row: HistoryRow, inspection: Case) -> int:
    """The statement that an inspection asked for, with what the row says of it.

    Returns how many entries were added.
    """
    if row.what is not What.INSPECTION:
        return 0
    if not row.needs_statement:
        return _withdraw(row, inspection)
    told = statement_told_of(row)
    statement = Case.objects.filter(opening_key=key_of(inspection)).first()
    if statement is None:
        imported = import_case(
            STATEMENT,
            local_area=inspection.local_area,
            framework=told.framework,
            key=key_of(inspection),
            opened_on=told.opened_on,
            history=told.history,
            origin=inspection,
            note=told.note,
        )
        _claim_revisits(imported.case, inspection)
        return imported.added + _bring_up_to_date(imported.case, told.history)
    return _bring_up_to_date(statement, told.history)


def changes(row: HistoryRow, inspection: Case) -> list[comparing.Change]:
    """Where the row says of a statement on record otherwise, or more."""
    if row.what is not What.INSPECTION or not row.needs_statement:
        return []
    statement = Case.objects.filter(opening_key=key_of(inspection)).first()
    return comparing.changes(statement, statement_told_of(row).history) if statement else []


def follow_up(row: HistoryRow, case: Case) -> int:
    """What a re-visit, or an inspection under the framework of 2023, means for statements.

    Returns how many entries were added.
    """
    if row.what is What.INSPECTION:
        return 0
    if row.what is What.REVISIT:
        found = [case.origin] if case.origin else []
    else:
        areas = [case.local_area, *case.local_area.predecessors.all()]
        found = list(_imported_statements().filter(local_area__in=areas))
    return sum(_bring_up_to_date(one) for one in found)


def of_revisit(area: LocalArea, on: datetime.date) -> Case | None:
    """The latest statement of an area, taken from history, that a re-visit of a day can be to."""
    statements = _imported_statements().filter(local_area=area)
    before = [one for one in statements if one.origin and _day(one.origin) < on]
    return max(before, key=lambda one: _day(one.origin), default=None)  # type: ignore[arg-type]


def _imported_statements() -> CaseQuerySet:
    return Case.objects.filter(
        kind=STATEMENT, origin__opening_key__startswith=PREFIX
    ).select_related("origin", "local_area")


def _withdraw(row: HistoryRow, inspection: Case) -> int:
    statement = Case.objects.filter(opening_key=key_of(inspection)).first()
    if statement is None or row.outcome is None:
        return 0
    reason = NoLongerRequired(reason="The published source says that none was required.")
    return import_events(statement, [Historic(reason, row.on, key="no_longer_required")])


def _claim_revisits(statement: Case, inspection: Case) -> None:
    """Re-visits of its area that came before it in the files: they were to this statement."""
    waiting = Case.objects.filter(
        kind=REVISIT,
        local_area=statement.local_area_id,
        origin=None,
        opening_key__startswith=PREFIX,
    )
    for revisit in waiting.select_related("local_area"):
        if of_revisit(revisit.local_area, _day(revisit)) == statement:
            give_origin(revisit, statement)


def _bring_up_to_date(statement: Case, history: Sequence[Historic] = ()) -> int:
    """Add what is missing of a statement's own history and of what followed for it."""
    return add_in_order(statement, [*history, *_follow_ups(statement)])


def _follow_ups(statement: Case) -> Iterator[Historic]:
    """What re-visits meant (RV 28-29), then what superseded it."""
    ended = False
    revisits = Case.objects.filter(origin=statement, opening_key__startswith=PREFIX)
    for revisit in sorted(revisits, key=_known_on):
        if not revisit.outcome:
            continue
        ended = revisit.outcome == Progress.ALL
        follows = Closed() if ended else FurtherSupportNeeded()
        key = f"revisit:{revisit.pk}:{follows.kind}"
        yield Historic(follows, _known_on(revisit), key=key)
    inspection = None if ended else _inspected_anew(statement)
    if inspection is not None:
        facts = Superseded(inspection=inspection.reference)
        yield Historic(facts, _known_on(inspection), key=f"superseded:{inspection.pk}")


def _inspected_anew(statement: Case) -> Case | None:
    """The inspection under the framework of 2023 that ends a statement: the first of its area; of
    an area that was abolished, the last of the first ones of all that followed it."""
    assert statement.origin is not None
    after = _day(statement.origin)
    successors = list(statement.local_area.successors.all())
    found = []
    for area in successors or [statement.local_area]:
        anew = Case.objects.filter(kind=INSPECTION, framework=AREA_SEND_2023, local_area=area)
        known = [one for one in anew if _is_public(one) and _known_on(one) > after]
        if not known:
            return None
        found.append(min(known, key=_known_on))
    return max(found, key=_known_on)


def _is_public(case: Case) -> bool:
    return case.published_on is not None or case.opening_key.startswith(PREFIX)


def _known_on(case: Case) -> datetime.date:
    """The day on which what came of a case was known: its publication, else its end."""
    day = case.published_on or case.ended_on
    return day or _day(case)


def _day(case: Case) -> datetime.date:
    """The day by which a case of history stands in time."""
    return case.first_day or datetime.date.fromisoformat(case.opening_key.rpartition(":")[2])
