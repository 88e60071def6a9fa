"""Who may read the programme, of which areas, and which cases show there (roles.md, first row)."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from accounts import roles
from accounts.models import Scope
from areas.models import LocalArea
from casework import access
from casework.access import Grant, Row
from casework.models import Case

TEAM = ("lead_hmi", "ofsted_inspector", "cqc_inspector", "additional_inspector")
PROGRAMME, OWN_PROGRAMME = "programme", "own programme"

ROWS: list[Row] = [
    Row(PROGRAMME, "edit", roles.SUPPORT_OFFICER),
    *(
        Row(PROGRAMME, "read", role)
        for role in (
            roles.SUPPORT_OFFICER,
            "lead_hmi",
            roles.SENIOR_HMI,
            roles.CQC_QUALITY_ASSURER,
            roles.REGIONAL_DIRECTOR,
            roles.HMCI,
        )
    ),
    # Other inspectors: the areas and days of their own cases.
    *(Row(OWN_PROGRAMME, "read", role) for role in (*TEAM, "quality_assurer")),
]
#: Standing inspectors have a programme of their own even while no case names them.
INSPECTORS = frozenset({roles.HMI, roles.OFSTED_INSPECTOR, roles.CQC_INSPECTOR})
#: For whom the menu shows it: by standing roles, since no page may ask the database for its menu.
IN_THE_MENU = INSPECTORS | {row.role for row in ROWS if row.role != "lead_hmi"}
REFUSED = "The programme is for the people of the inspectorates who plan, lead and decide."


def register() -> None:
    """Put these rows into the access table."""
    access.register_access(ROWS)


@dataclass(frozen=True)
class Reader:
    """What one person may read of the programme. `everywhere`: every area."""

    user: Any
    everywhere: bool
    regions: frozenset[int]
    areas: frozenset[uuid.UUID]
    excluded: frozenset[uuid.UUID]
    schedules: tuple[Grant, ...]

    def reaches(self, area: LocalArea) -> bool:
        """Whether a local area is within reach."""
        return self.everywhere or area.region_id in self.regions or area.pk in self.areas

    def of_cases(self) -> Q:
        """The condition for cases that may show: those the person may know of by the access
        table, and what is published. Nothing of an area with a declared interest."""
        published = Q(moments__contains=["published"])
        if self.excluded:
            published &= ~Q(local_area_id__in=self.excluded)
        seen = access.visible_cases(self.user)
        return seen | published if seen else seen  # an empty condition holds everywhere

    def may_open(self) -> Q:
        """The condition for cases whose page the person may read."""
        return access.visible_cases(self.user)

    def may_plan(self, area: LocalArea) -> bool:
        """Whether the person plans inspections of an area."""
        return any(grant.reaches_area(area) for grant in self.schedules)


def roles_that(action: str, thing: str = PROGRAMME) -> frozenset[str]:
    """The roles that the access table gives an action."""
    rows = access.access_table()
    return frozenset(row.role for row in rows if (row.thing, row.action) == (thing, action))


def reader_of(user: Any) -> Reader:
    """What a signed-in person may read of the programme.

    Raises PermissionDenied with the reason where that is nothing. Asks for the person's roles and
    interests, and once more where no role but that of an inspector could let them in.
    """
    access.remember_grants(user)
    grants = access.grants_of(user)
    whole = [grant for grant in grants if grant.role in roles_that("read")]
    own = [grant for grant in grants if grant.role in roles_that("read", OWN_PROGRAMME)]
    if not whole and not own and not _inspects(user, grants):
        raise PermissionDenied(REFUSED)
    return Reader(
        user=user,
        # Who leads an inspection anywhere plans the next with the schedulers: all areas.
        everywhere=any(grant.scope in (Scope.NATIONAL, access.ON_CASE) for grant in whole),
        regions=frozenset(g.region_id for g in whole if g.scope == Scope.REGION and g.region_id),
        areas=_areas_of(whole, own),
        excluded=frozenset(access.excluded_areas(user)),
        schedules=tuple(grant for grant in grants if grant.role in roles_that("edit")),
    )


def _areas_of(whole: Collection[Grant], own: Collection[Grant]) -> frozenset[uuid.UUID]:
    """The areas that standing roles name, and those of the person's own cases."""
    named = {one.local_area_id for one in whole if one.scope == Scope.AREA and one.local_area_id}
    cases = [one.case_id for one in own if one.case_id]
    if cases:
        named.update(Case.objects.filter(pk__in=cases).values_list("local_area", flat=True))
    return frozenset(named)


def _inspects(user: Any, grants: Collection[Grant]) -> bool:
    from inspections.access import is_inspector

    return any(grant.role in INSPECTORS for grant in grants) or is_inspector(user)


def in_the_menu(user: Any) -> bool:
    """Whether the menu shows the programme: by the roles that the session remembers."""
    return bool(getattr(user, "roles_today", frozenset()) & IN_THE_MENU)
