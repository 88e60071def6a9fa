"""This room's rows of the access table (roles.md), and who may see and change a person's days."""

from typing import TYPE_CHECKING, Any

from accounts import roles
from accounts.models import Membership
from casework.access import Permission, Row, grants_of
from config import clock

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection

    from accounts.models import User

TEAM = ("lead_hmi", "ofsted_inspector", "cqc_inspector", "additional_inspector")
QUALITY = ("quality_assurer", roles.SENIOR_HMI, roles.CQC_QUALITY_ASSURER)

#: Who has the final report as soon as it is sent.
READERS = (
    roles.SUPPORT_OFFICER,
    roles.PUBLICATIONS,
    roles.LANO,
    roles.HEALTH_LANO,
    roles.DCS,
    roles.HEALTH_CHIEF_EXECUTIVE,
    roles.SEND_LEAD,
    roles.CHIEF_EXECUTIVE,
    roles.ADVISER,
    roles.OFFICIAL,
    roles.MINISTER,
    roles.DHSC,
)


def _rows(thing: str, action: str, *names: str) -> list[Row]:
    return [Row(thing, action, name) for name in names]


ROWS: list[Row] = [
    # Programme and planner: edited by the schedulers, their proposals read by those who decide.
    *_rows("plan", "edit", roles.SUPPORT_OFFICER),
    *_rows("plan", "read", roles.SUPPORT_OFFICER, "lead_hmi", *QUALITY),
    *_rows("plan", "read", roles.REGIONAL_DIRECTOR, roles.HMCI),
    # What it came to: those who find and decide it, then the readers of the report or letter.
    *_rows("outcome", "read", *TEAM, *QUALITY, roles.REGIONAL_DIRECTOR, roles.HMCI),
    *(Row("outcome", "read", role, "final_sent") for role in READERS),
    *(
        Row("outcome", "read", role, "published")
        for role in (roles.PARENT_CARER_FORUM, roles.CHAIR)
    ),
    # Checklist, calls and requests.
    *_rows("calls", "edit", roles.SUPPORT_OFFICER, *TEAM),
    *_rows("calls", "read", roles.SUPPORT_OFFICER, *TEAM, *QUALITY, roles.REGIONAL_DIRECTOR),
]

#: Leave and workload: these read everybody's, all inspectors their own.
READ_DAYS = frozenset(
    {
        roles.SUPPORT_OFFICER,
        roles.SENIOR_HMI,
        roles.CQC_QUALITY_ASSURER,
        roles.REGIONAL_DIRECTOR,
    }
)
EDIT_DAYS = frozenset({roles.SUPPORT_OFFICER})
SCHEDULES = frozenset({roles.SUPPORT_OFFICER})
#: Standing roles whose holders have days to book.
INSPECTORS = frozenset({roles.HMI, roles.OFSTED_INSPECTOR, roles.CQC_INSPECTOR})
#: Whose pages of days there are: inspectors, and those who see to everybody's.
HAVE_DAYS = INSPECTORS | READ_DAYS | frozenset(TEAM)


def may_have_days(user: Any) -> Permission:
    """Whether there is such a page for a person at all: only within the inspectorates."""
    if held_by(user) & HAVE_DAYS or is_inspector(user):
        return Permission(True)
    return Permission(
        False, "Days, leave and declared interests are for the people of the inspectorates."
    )


def is_inspector(user: Any) -> bool:
    """Whether a person is an inspector by standing role: it opens no case, so no grant says so."""
    standing = Membership.objects.on(clock.today()).filter(role__in=INSPECTORS)
    return standing.filter(person_id=user.pk).exists()


def held_by(user: Any) -> frozenset[str]:
    """The roles that a person holds today, standing or on a case."""
    return frozenset(grant.role for grant in grants_of(user))


def may_schedule(user: Any) -> Permission:
    """Whether a person plans inspections at all."""
    if held_by(user) & SCHEDULES:
        return Permission(True)
    return Permission(False, "Inspections are planned by the support officers.")


def may_read_days(user: Any, person: "User") -> Permission:
    """Whether a person may see another's days (or their own) and declared interests."""
    if not (permission := may_have_days(user)):
        return permission
    if user == person or held_by(user) & READ_DAYS:
        return Permission(True)
    return Permission(False, "People’s days are for themselves and those who schedule them.")


def may_edit_days(user: Any, person: "User") -> Permission:
    """Whether a person may enter leave for another (or themselves)."""
    if not (permission := may_have_days(user)):
        return permission
    if user == person or held_by(user) & EDIT_DAYS:
        return Permission(True)
    return Permission(False, "Leave is entered by the person or by a support officer.")


def interests_of_everybody() -> "list[tuple[int, uuid.UUID]]":
    """Each person and area in which they declared an interest that stands."""
    from inspections.models import DeclaredInterest

    standing = DeclaredInterest.objects.standing(clock.today())
    return list(standing.values_list("person_id", "local_area_id"))


def areas_with_interest(user: Any) -> "Collection[uuid.UUID]":
    """The areas whose cases a person must not see: they declared an interest there."""
    from inspections.models import DeclaredInterest

    standing = DeclaredInterest.objects.standing(clock.today())
    return list(standing.filter(person_id=user.pk).values_list("local_area_id", flat=True))
