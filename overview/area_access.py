"""Who may see and change an area's contacts and terms: rows of the access table, asked per area."""

import datetime
import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from accounts import roles
from accounts.models import Membership, Scope
from areas.contacts import (
    Contacts,
    register_contacts,
    register_keepers_of_commissioners,
    register_term_areas,
)
from areas.models import LocalArea
from casework.access import ON_THE_CASE_ONLY, Row, access_table, register_access
from casework.models import CaseRole

TEAM = ("lead_hmi", "ofsted_inspector", "cqc_inspector", "additional_inspector")
QUALITY = ("quality_assurer", roles.SENIOR_HMI, roles.CQC_QUALITY_ASSURER)
#: These keep their own organisation's people and contacts.
KEEPERS = (
    roles.LANO,
    roles.HEALTH_LANO,
    roles.DCS,
    roles.HEALTH_CHIEF_EXECUTIVE,
    roles.SEND_LEAD,
    roles.PARENT_CARER_FORUM,
)
CONTACTS, OWN_CONTACTS, TERMS = "contacts", "own contacts", "terms"
COMMISSIONERS = "health commissioners"
Held = tuple[str, uuid.UUID | None]


def _rows(thing: str, action: str, *names: str) -> list[Row]:
    return [Row(thing, action, name) for name in names]


ROWS: list[Row] = [
    *_rows(CONTACTS, "edit", roles.SUPPORT_OFFICER, *TEAM),
    *_rows(CONTACTS, "read", roles.SUPPORT_OFFICER, *TEAM, *QUALITY),
    *_rows(CONTACTS, "read", roles.REGIONAL_DIRECTOR, roles.HMCI),
    *_rows(CONTACTS, "read", *KEEPERS, roles.CHIEF_EXECUTIVE),
    *_rows(OWN_CONTACTS, "edit", *KEEPERS),
    # Terms are the council's; those who plan by them, and administrators, keep them as well.
    *_rows(TERMS, "edit", roles.SUPPORT_OFFICER, *TEAM, roles.ADMINISTRATOR),
    *_rows(TERMS, "edit", roles.LANO, roles.DCS, roles.SEND_LEAD),
    *_rows(COMMISSIONERS, "edit", roles.ADMINISTRATOR),
]


def register() -> None:
    """Put these rows into the access table and answer for the areas' pages."""
    register_access(ROWS)
    register_contacts(contacts_of)
    register_term_areas(areas_with_terms_of)
    register_keepers_of_commissioners(may_keep_commissioners)


def contacts_of(user: Any, local_area: LocalArea, on: datetime.date) -> Contacts:
    """What a signed-in person may do with an area's contacts on a day: two queries.

    Being on a case counts for the area in which it is.
    """
    held = [*_standing(user, local_area, on), *_on_cases(user, local_area, on)]
    names = {role for role, _ in held}
    own = _roles_that_may(OWN_CONTACTS, "edit")
    return Contacts(
        reads_all=bool(names & _roles_that_may(CONTACTS, "read")),
        edits_all=bool(names & _roles_that_may(CONTACTS, "edit")),
        edits_terms=bool(names & _roles_that_may(TERMS, "edit")),
        edits_of=frozenset(body for role, body in held if role in own and body),
    )


def areas_with_terms_of(user: Any, on: datetime.date) -> QuerySet[LocalArea]:
    """The areas whose terms a person keeps by a standing role; one query finds the roles."""
    rows = Membership.objects.filter(person_id=user.pk, role__in=_roles_that_may(TERMS, "edit"))
    found = LocalArea.objects.none()
    for row in rows.on(on).exclude(role__in=ON_THE_CASE_ONLY).order_by():
        if row.scope == Scope.NATIONAL:
            return LocalArea.objects.all()
        where = Q(region=row.region_id) if row.scope == Scope.REGION else Q(pk=row.local_area_id)
        found |= LocalArea.objects.filter(where)
    return found


def may_keep_commissioners(user: Any, on: datetime.date) -> bool:
    """Whether a person records that commissioners merge: for all of England at once."""
    names = _roles_that_may(COMMISSIONERS, "edit")
    rows = Membership.objects.filter(person_id=user.pk, role__in=names, scope=Scope.NATIONAL)
    return rows.on(on).exists()


def _roles_that_may(thing: str, action: str) -> set[str]:
    return {row.role for row in access_table() if (row.thing, row.action) == (thing, action)}


def _standing(user: Any, area: LocalArea, on: datetime.date) -> list[Held]:
    rows = Membership.objects.filter(person_id=user.pk).on(on)
    return [
        (row.role, row.organisation_id)
        for row in rows.exclude(role__in=ON_THE_CASE_ONLY).order_by()
        if row.scope == Scope.NATIONAL
        or (row.scope == Scope.REGION and row.region_id == area.region_id)
        or (row.scope == Scope.AREA and row.local_area_id == area.pk)
    ]


def _on_cases(user: Any, area: LocalArea, on: datetime.date) -> Iterable[Held]:
    rows = CaseRole.objects.filter(person_id=user.pk, case__local_area=area).on(on)
    # The LANO's task, and the health equivalent's, end at publication (roles.md).
    over = Q(role__in=(roles.LANO, roles.HEALTH_LANO), case__moments__contains=["published"])
    return rows.exclude(over).order_by().values_list("role", "organisation_id")
