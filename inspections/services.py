"""What can be done with an inspection, each verb through the one door, `casework.record`.

Every function raises what the door raises: NotAllowed, GuardFailed (reasons by form field) and
Conflict. `key` names the request: the same key again returns the first event and writes nothing.
"""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from areas.models import LocalArea, Organisation
from casework.models import Case, Event
from casework.recording import create_case, record
from casework.refusals import GuardFailed
from inspections import events
from inspections.checks import Check, check
from inspections.events import Scheduled, TakenBy
from inspections.frameworks import LOCAL_AREA_2016
from inspections.scheduling import KIND, Choice, preview, propose
from working_days.services import current_calendar

__all__ = [
    "Choice",
    "cancel",
    "change_schedule",
    "check_schedule",
    "confirm_go_ahead",
    "facts_of",
    "health_call",
    "lano_call",
    "notify",
    "plan_inspection",
    "preview",
    "schedule",
    "tell_forum",
    "tell_health",
]


# --- planning and scheduling ------------------------------------------------------------------


def plan_inspection(
    local_area: LocalArea,
    period_from: datetime.date,
    period_to: datetime.date,
    *,
    by: Any,
    framework: str = LOCAL_AREA_2016,
    key: str = "",
    note: str = "",
) -> Case:
    """Open an inspection of an area for a rough period. Returns the case, at stage 'planned'.

    Also refused where the area has an open inspection.
    """
    with transaction.atomic():
        case = create_case(KIND, local_area=local_area, framework=framework, by=by, key=key)
        record(
            case.pk,
            events.Planned(period_from=period_from, period_to=period_to),
            by=by,
            key=f"planned:{key}" if key else "",
            note=note,
        )
    case.refresh_from_db()
    return case


def check_schedule(case: Case, choice: Choice, *, viewer: Any) -> tuple[Check, ...]:
    """Every check of a choice of dates and team, as it stands now. Saves nothing.

    Raises ValueError for an impossible length.
    """
    return check(propose(case, choice, viewer=viewer))


def schedule(
    case: Case,
    choice: Choice,
    *,
    by: Any,
    key: str = "",
    expected_version: int | None = None,
    why: str = "",
) -> Event:
    """Fix dates and team, or change them: what that is depends on the stage.

    Planned: the first time. Scheduled or notified: a change, with `why`. Deferred: new dates.
    Books everyone's days in the same transaction; the checks are tried again within it.
    """
    return record(
        case.pk,
        facts_of(case, choice, why),
        by=by,
        key=key,
        expected_version=expected_version,
    )


def change_schedule(
    case: Case, choice: Choice, *, why: str, by: Any, key: str = "", **given: Any
) -> Event:
    """Other dates or another team, with the reason. As `schedule`."""
    return schedule(case, choice, by=by, key=key, why=why, **given)


def facts_of(case: Case, choice: Choice, why: str) -> Scheduled:
    """The event that a choice stands for. Raises GuardFailed while the team is incomplete."""
    dates = choice.dates(current_calendar(), case.framework)
    if dates.last_day is None or not (
        choice.lead_hmi and choice.ofsted_inspector and choice.cqc_inspector
    ):
        # What is missing cannot even be put down as an event: the checks say it.
        blocking = [one for one in check_schedule(case, choice, viewer=None) if one.blocks]
        raise GuardFailed([(one.form_field, f"{one.title}: {one.why}") for one in blocking])
    overridden = [one.code for one in check_schedule(case, choice, viewer=None) if one.overridden]
    said = {f"reason_{code}": choice.reasons[code] for code in overridden}
    kind: type[Scheduled] = {
        "planned": events.Scheduled,
        "deferred": events.NewDatesGiven,
    }.get(case.stage, events.Rescheduled)
    more = {"why": why} if kind is events.Rescheduled else {}
    return kind(
        first_day=dates.first_day,
        last_day=dates.last_day,
        lead_hmi=choice.lead_hmi,
        ofsted_inspector=choice.ofsted_inspector,
        cqc_inspector=choice.cqc_inspector,
        additional_inspectors=choice.additional_inspectors,
        planning_days=choice.planning_days,
        travel_before=choice.travel_before,
        travel_after=choice.travel_after,
        overridden=tuple(overridden),
        **said,
        **more,
    )


def cancel(case: Case, reason: str, *, by: Any, key: str = "") -> Event:
    """Cancel before the team is on site; all booked days are free again."""
    return record(case.pk, events.Cancelled(reason=reason), by=by, key=key)


# --- notification -----------------------------------------------------------------------------


def notify(
    case_id: uuid.UUID,
    *,
    taken_by: TakenBy,
    name: str,
    at: datetime.datetime,
    by: Any,
    post: str = "",
    reason: str = "",
    key: str = "",
    note: str = "",
) -> Event:
    """Record the call to the director of children's services (HB 7, 8)."""
    facts = events.Notified(taken_by=taken_by, name=name, post=post, reason=reason)
    return record(case_id, facts, by=by, happened_at=at, key=key, note=note)


def tell_health(
    case_id: uuid.UUID,
    commissioner: Organisation,
    *,
    taken_by: TakenBy,
    name: str,
    at: datetime.datetime,
    by: Any,
    post: str = "",
    key: str = "",
    note: str = "",
) -> Event:
    """Record the call to one health commissioner's chief executive (HB 8)."""
    facts = events.HealthTold(subject=str(commissioner.pk), taken_by=taken_by, name=name, post=post)
    return record(case_id, facts, by=by, happened_at=at, key=key, note=note)


def confirm_go_ahead(
    case_id: uuid.UUID, *, cqc: bool, support_officer: bool, by: Any, key: str = ""
) -> Event:
    """Record that CQC and the support officer know that it goes ahead (HB 9)."""
    facts = events.GoAheadConfirmed(cqc=cqc, support_officer=support_officer)
    return record(case_id, facts, by=by, key=key)


def lano_call(
    case_id: uuid.UUID,
    *,
    name: str,
    email: str,
    items: Sequence[str],
    at: datetime.datetime,
    by: Any,
    phone: str = "",
    left_out: str = "",
    key: str = "",
    note: str = "",
) -> Event:
    """Record the extended call to the LANO, who gets access to the case (HB 7, 10)."""
    facts = events.LanoCallHeld(
        name=name, email=email, phone=phone, items=tuple(items), left_out=left_out
    )
    return record(case_id, facts, by=by, happened_at=at, key=key, note=note)


def health_call(
    case_id: uuid.UUID,
    commissioner: Organisation,
    *,
    name: str,
    items: Sequence[str],
    at: datetime.datetime,
    by: Any,
    left_out: str = "",
    key: str = "",
    note: str = "",
) -> Event:
    """Record the CQC inspector's extended call to one health commissioner (HB 11)."""
    facts = events.HealthCallHeld(
        subject=str(commissioner.pk), name=name, items=tuple(items), left_out=left_out
    )
    return record(case_id, facts, by=by, happened_at=at, key=key, note=note)


def tell_forum(
    case_id: uuid.UUID, *, at: datetime.datetime, by: Any, key: str = "", note: str = ""
) -> Event:
    """Record that forum and advice service were told and an open meeting asked for (HB 12)."""
    return record(case_id, events.PcfTold(), by=by, happened_at=at, key=key, note=note)
