"""Who is on a case. Content, not a milestone: with its own service behind `may`."""

import datetime
from typing import Any

from django.db import transaction

from casework import access
from casework.models import Case, CaseRole
from casework.refusals import NotAllowed
from config import clock


def people_on(case: Case, *, day: datetime.date | None = None) -> list[CaseRole]:
    """Who is on a case on a day (default today), with person and organisation: one query."""
    return list(
        CaseRole.objects.filter(case=case)
        .on(day or clock.today())
        .select_related("person", "organisation")
        .only("case_id", "role", "starts_on", "ends_on", "person__name", "organisation__name")
        .order_by("role", "starts_on", "pk")
    )


def give_role(
    case: Case,
    person: Any,
    role: str,
    *,
    by: Any,
    organisation: Any = None,
    starts_on: datetime.date | None = None,
    reason: str = "",
) -> CaseRole:
    """Put a person on a case; holding the role already, they keep it. `by=None` is the system.

    Raises NotAllowed.
    """
    _may_edit(case, by)
    held, _ = CaseRole.objects.get_or_create(
        case=case,
        person=person,
        role=role,
        ends_on=None,
        defaults={
            "organisation": organisation,
            "starts_on": starts_on or clock.today(),
            "named_by": by,
            "reason": reason,
        },
    )
    return held


def end_role(held: CaseRole, *, by: Any, ends_on: datetime.date | None = None) -> CaseRole:
    """End a person's part in a case with a day (default yesterday: it no longer holds today).

    One that began today or later is taken back whole. Raises NotAllowed.
    """
    _may_edit(held.case, by)
    with transaction.atomic():
        held = CaseRole.objects.select_for_update().get(pk=held.pk)
        last = ends_on or clock.today() - datetime.timedelta(days=1)
        if last < held.starts_on:
            held.delete()
            return held
        held.ends_on = last
        held.save(update_fields=["ends_on"])
    return held


def _may_edit(case: Case, by: Any) -> None:
    if by is None:
        return
    permission = access.may(by, "people.edit", case)
    if not permission.allowed:
        raise NotAllowed(permission.reason)
