"""A change of calendar or parameters, from proposal to result.

Proposing works nothing out: a worker does, and the preview lists every open deadline that would
move. Applying records the new version, and a worker carries it out over all open cases
(`carrying.py`). Each of these can be asked twice and is done once; a sweeper goes on with what a
killed worker left.
"""

import datetime
import uuid
from typing import Any

from django.db import transaction

from accounts.administrators import is_administrator
from casework.changes.checking import check_parameters
from casework.changes.content import (
    CalendarContent,
    Content,
    ParametersContent,
    calendar_content,
    parameters_content,
    stored,
)
from casework.changes.models import PENDING, Change, ChangeKind, ChangeSource, ChangeState
from casework.inputs import FIRST_VERSION, add_parameters
from casework.models import ParameterVersion
from casework.refusals import GuardFailed, NotAllowed
from config import clock
from notices.broker import ask
from working_days.models import CalendarVersion
from working_days.services import ChangeRefused, calendar_with, change_calendar

STALE = (
    "The calendar or the offsets have changed since this was worked out. Look at what would move "
    "now before you apply it."
)
BUSY = "Another change is being applied. Apply this one when that is done."


def propose_calendar(
    content: CalendarContent,
    *,
    why: str,
    by: Any,
    source: str = ChangeSource.ADMINISTRATOR,
    known_at: datetime.datetime | None = None,
) -> Change:
    """Propose days that come or go, closures, or a later end of the calendar.

    Returns the change; a worker works out what would move. `known_at`: when it became known, where
    that was not now. The same proposal that still waits is returned as it is. `by=None` is the
    system itself (GOV.UK's list). Raises ChangeRefused (with its field) where the calendar cannot
    take it, NotAllowed for anybody but an administrator.
    """
    _only_administrators(by, unless=source == ChangeSource.GOV_UK)
    calendar_with(content)
    why = _reason(why)
    if known_at is not None and known_at > clock.now():
        raise ChangeRefused("A change cannot have become known in the future.", "known_at")
    return _propose(ChangeKind.CALENDAR, content, why=why, by=by, source=source, known_at=known_at)


def propose_parameters(content: ParametersContent, *, why: str, by: Any) -> Change:
    """Propose new numbers for starred offsets, for new cases or for chosen open ones too.

    Returns the change; a worker works out what would move. Raises GuardFailed with each problem's
    field (unknown key, fixed by its source, out of range, no case chosen), NotAllowed.
    """
    _only_administrators(by)
    check_parameters(content, why)
    return _propose(ChangeKind.PARAMETERS, content, why=" ".join(why.split()), by=by)


def is_stale(change: Change) -> bool:
    """Whether the calendar or the offsets became others since the preview was made."""
    based_on = (change.based_on_calendar, change.based_on_parameters)
    return change.state in PENDING and based_on != versions_in_force()


def preview_again(change_id: uuid.UUID, *, by: Any) -> Change:
    """Have what would move worked out anew (it is stale, or failed). Raises NotAllowed,
    GuardFailed where it was decided already."""
    _only_administrators(by)
    with transaction.atomic():
        change = _locked(change_id)
        if change.state not in (*PENDING, ChangeState.FAILED) or change.applied_at is not None:
            raise GuardFailed([("", _decided(change))])
        change.state, change.failure, change.previewed_at = ChangeState.PROPOSED, "", None
        change.save(update_fields=["state", "failure", "previewed_at"])
        hand_on(change)
    return change


def apply(change_id: uuid.UUID, *, by: Any) -> Change:
    """Record the change as a new version and have it carried out. Asked twice, it is done once.

    Raises NotAllowed; GuardFailed where nobody could have seen what would move, where that is
    stale, where it was withdrawn, and while another change is being applied; ChangeRefused.
    """
    _only_administrators(by)
    with transaction.atomic():
        # Two that are applied at once wait for each other here: only one is under way at a time.
        _hold_versions_still()
        change = _locked(change_id)
        if change.state in (ChangeState.APPLYING, ChangeState.APPLIED):
            return change
        if change.state != ChangeState.PREVIEWED:
            raise GuardFailed([("", _decided(change))])
        if Change.objects.filter(state=ChangeState.APPLYING).exists():
            raise GuardFailed([("", BUSY)])
        if is_stale(change):
            raise GuardFailed([("", STALE)])
        _record_version(change, by)
        change.state = ChangeState.APPLYING
        change.applied_by, change.applied_at = by, clock.now()
        change.save()
        hand_on(change)
    return change


def preview(change_id: uuid.UUID) -> bool:
    """Work out what a change would move, here and now. False where it has to wait for another that
    is being applied. Pages have workers do it: it takes as long as there are cases."""
    from casework.changes import previewing

    return previewing.preview(change_id)


def carry_out(change_id: uuid.UUID) -> None:
    """Carry an applied change out over all open cases, here and now: where it was left, if it was
    begun before. Twice, or twice at once, is once."""
    from casework.changes import carrying

    carrying.carry_out(change_id)


def withdraw(change_id: uuid.UUID, *, by: Any, why: str = "") -> Change:
    """Put a proposal away. `by=None` is the system itself, for what GOV.UK's list proposed before.
    Raises NotAllowed; GuardFailed once it is applied."""
    with transaction.atomic():
        change = _locked(change_id)
        _only_administrators(by, unless=change.source == ChangeSource.GOV_UK)
        if change.state == ChangeState.WITHDRAWN:
            return change
        if change.applied_at is not None:
            raise GuardFailed([("", _decided(change))])
        change.state = ChangeState.WITHDRAWN
        change.withdrawn_by, change.withdrawn_at = by, clock.now()
        change.withdrawn_why = " ".join(why.split())[:300]
        change.save(update_fields=["state", "withdrawn_by", "withdrawn_at", "withdrawn_why"])
        change.moves.all().delete()
    return change


def content_of(change: Change) -> Content:
    """What a change is to change."""
    if change.kind == ChangeKind.CALENDAR:
        return calendar_content(change.content)
    return parameters_content(change.content)


def versions_in_force() -> tuple[int, int]:
    """The newest versions of calendar and parameters."""
    calendar = CalendarVersion.objects.order_by("-number").values_list("number", flat=True)
    parameters = ParameterVersion.objects.order_by("-version").values_list("version", flat=True)
    return calendar[0], parameters.first() or FIRST_VERSION


def hand_on(change: Change) -> None:
    """Ask a worker to go on with a change, once this transaction is committed."""
    transaction.on_commit(lambda: hand_to_worker(change.pk), robust=True)


def hand_to_worker(change_id: uuid.UUID) -> bool:
    """Ask a worker to go on with a change. False where the broker is away: the sweeper will."""
    from casework.tasks import go_on_with_change

    return ask(go_on_with_change, [str(change_id)])


def under_way() -> list[uuid.UUID]:
    """The changes that a worker has to go on with, oldest first."""
    return list(Change.objects.under_way().order_by("proposed_at").values_list("pk", flat=True))


# --- parts ---


def _propose(
    kind: str,
    content: Content,
    *,
    why: str,
    by: Any,
    source: str = ChangeSource.ADMINISTRATOR,
    known_at: datetime.datetime | None = None,
) -> Change:
    kept = stored(content)
    with transaction.atomic():
        _hold_versions_still()
        waiting = Change.objects.pending().filter(kind=kind, content=kept, source=source).first()
        if waiting is not None and not is_stale(waiting):
            return waiting
        calendar, parameters = versions_in_force()
        change = Change.objects.create(
            kind=kind,
            source=source,
            content=kept,
            why=why,
            proposed_by=by,
            proposed_at=clock.now(),
            known_at=known_at,
            based_on_calendar=calendar,
            based_on_parameters=parameters,
        )
        hand_on(change)
        return change


def _record_version(change: Change, by: Any) -> None:
    content = content_of(change)
    if isinstance(content, ParametersContent):
        change.parameters_version = add_parameters(
            content.values, reason=change.why, by=by, effective_from=content.effective_from
        ).version
        return
    change.calendar_version = change_calendar(
        content, why=change.why, by=by.email, known_at=change.known_at
    ).number


def _only_administrators(by: Any, *, unless: bool = False) -> None:
    if unless and by is None:
        return
    if by is None or not is_administrator(by):
        raise NotAllowed("The calendar and the offsets are changed by administrators.")


def _locked(change_id: uuid.UUID) -> Change:
    return Change.objects.select_for_update().get(pk=change_id)


def _hold_versions_still() -> None:
    """Let no other version of calendar or parameters come before this transaction has ended."""
    CalendarVersion.objects.select_for_update().order_by("number").first()


def _reason(why: str) -> str:
    tidy = " ".join(why.split())
    if not tidy:
        raise ChangeRefused("Give the reason for the change.", "why")
    if len(tidy) > 300:
        raise ChangeRefused("The reason for the change must be 300 characters or fewer.", "why")
    if not tidy.isprintable():
        text = "The reason for the change holds characters that cannot be printed."
        raise ChangeRefused(text, "why")
    return tidy


def _decided(change: Change) -> str:
    """Why nothing more can be decided about a change as it stands."""
    if change.state == ChangeState.WITHDRAWN:
        return "This proposal was withdrawn."
    if change.applied_at is not None:
        return "This change was applied already."
    if change.state == ChangeState.FAILED:
        return "What would move could not be worked out. Work it out again first."
    return "What would move is still being worked out."
