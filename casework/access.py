"""The access engine: who may see and do what, from when on. The table itself is data.

Rooms declare rows (thing, action, role, from which moment); their union is the access table.
`cases_where` compiles it to one indexed condition for a person, `may` answers for one case with
the reason. Being an administrator gives nothing here.
"""

import datetime
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.db.models import Q
from django.http import Http404, HttpRequest

from accounts.models import Membership, Scope
from accounts.roles import ADMINISTRATOR, LABELS
from casework.models import Case, CaseRole
from casework.registry import CaseKind, kind_of, kinds
from config import clock

if TYPE_CHECKING:
    from areas.models import LocalArea

#: Held on a case only: a standing inspector sees no case before being named on it.
ON_THE_CASE_ONLY = frozenset(
    {
        "lead_hmi",
        "ofsted_inspector",
        "cqc_inspector",
        "additional_inspector",
        "quality_assurer",
        "representative",
    }
)
ROLE_LABELS = {
    **LABELS,
    "additional_inspector": "Additional inspector",
    "quality_assurer": "Quality assurer",
}
MOMENT_WORDS: dict[str, str] = {
    "notified": "the local area has been notified",
    "feedback": "feedback has been given",
    "final_sent": "the final report has been sent",
    "published": "the report has been published",
}


@dataclass(frozen=True)
class Row:
    """One cell of the access table. `moment`: from when; `until`: up to when ('' for always).

    `kind`: of one kind of case; '' for all that have no access table of their own.
    """

    thing: str
    action: str
    role: str
    moment: str = ""
    note: str = ""
    until: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Permission:
    """The answer to `may`. `confidential`: even that the case exists is not to be told."""

    allowed: bool
    reason: str = ""
    confidential: bool = False

    def __bool__(self) -> bool:
        return self.allowed


@dataclass(frozen=True)
class Grant:
    """One role that a person holds today, and how far it reaches."""

    role: str
    scope: str
    local_area_id: uuid.UUID | None
    region_id: int | None
    case_id: uuid.UUID | None

    def reaches(self, case: Case) -> bool:
        """Whether it holds for a case."""
        if self.scope == ON_CASE:
            return self.case_id == case.pk
        return self.reaches_area(case.local_area)

    def reaches_area(self, local_area: "LocalArea") -> bool:
        """Whether it holds for a local area as such."""
        if self.scope == Scope.NATIONAL:
            return True
        if self.scope == Scope.REGION:
            return self.region_id == local_area.region_id
        return self.scope == Scope.AREA and self.local_area_id == local_area.pk


ON_CASE = "case"

_rows: dict[tuple[str, str], list[Row]] = {}
_exclusions: list[Callable[[Any], Collection[uuid.UUID]]] = []
_exclusions_of_everybody: list[Callable[[], Iterable[tuple[int, uuid.UUID]]]] = []


def register_access(rows: Iterable[Row], moments: Mapping[str, str] | None = None) -> None:
    """Add rows to the access table, and the words for moments of the room's own. The same row
    twice is once."""
    MOMENT_WORDS.update(moments or {})
    for row in rows:
        cell = _rows.setdefault((row.thing, row.action), [])
        if row not in cell:
            cell.append(row)


def register_exclusion(
    areas_of: Callable[[Any], Collection[uuid.UUID]],
    of_everybody: Callable[[], Iterable[tuple[int, uuid.UUID]]],
) -> None:
    """Tell of local areas whose cases a person must not see whatever their role: those in which
    they have a declared interest. `of_everybody`: each person and area by one query."""
    if areas_of not in _exclusions:
        _exclusions.append(areas_of)
        _exclusions_of_everybody.append(of_everybody)


def access_table() -> Sequence[Row]:
    """All rows, by thing and action."""
    return [row for cell in sorted(_rows) for row in _rows[cell]]


# --- what a person holds ---


def grants_of(user: Any) -> list[Grant]:
    """The roles a person holds today, standing and on cases: one query."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return []
    remembered = getattr(user, "_grants_today", None)
    if remembered is not None and remembered[0] == clock.today():
        return list(remembered[1])
    return _grants(user, clock.today())


def may_have_cases(user: Any) -> bool:
    """Whether a list of cases can have anything for a person: an administrator who is nothing else
    sees none. Nothing is asked of others, who would pay for it on every page."""
    if not getattr(user, "is_authenticated", False):
        return False
    return not user.is_staff or any(grant.role != ADMINISTRATOR for grant in grants_of(user))


def remember_grants(user: Any) -> None:
    """Look a person's roles and interests up once for the length of a request."""
    if getattr(user, "is_authenticated", False):
        user._grants_today = user._excluded_today = None
        user._grants_today = (clock.today(), grants_of(user))
        user._excluded_today = (clock.today(), _excluded_areas(user))


#: Written out: it is asked on every page, and composing it anew takes ten times its own time.
_GRANTS_SQL = f"""
    SELECT role, scope, local_area_id, region_id, NULL::uuid
    FROM {Membership._meta.db_table}
    WHERE person_id = %(person)s AND role <> ALL (%(on_the_case_only)s)
        AND starts_on <= %(today)s AND (ends_on IS NULL OR ends_on >= %(today)s)
    UNION ALL
    SELECT role, %(on_case)s, NULL::uuid, NULL::bigint, case_id
    FROM {CaseRole._meta.db_table}
    WHERE person_id = %(person)s
        AND starts_on <= %(today)s AND (ends_on IS NULL OR ends_on >= %(today)s)
"""


def _grants(user: Any, today: datetime.date) -> list[Grant]:
    values = {
        "person": user.pk,
        "today": today,
        "on_the_case_only": sorted(ON_THE_CASE_ONLY),
        "on_case": ON_CASE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_GRANTS_SQL, values)
        return [Grant(*row) for row in cursor.fetchall()]


def _excluded_areas(user: Any) -> set[uuid.UUID]:
    remembered = getattr(user, "_excluded_today", None)
    if remembered is not None and remembered[0] == clock.today():
        return set(remembered[1])
    return {area for areas_of in _exclusions for area in areas_of(user)}


def excluded_areas(user: Any) -> set[uuid.UUID]:
    """The local areas of whose cases the person sees none today, whatever their role."""
    return _excluded_areas(user)


def exclusions_of_everybody() -> dict[int, set[uuid.UUID]]:
    """The same for all who have any, by person."""
    found: dict[int, set[uuid.UUID]] = {}
    for of_everybody in _exclusions_of_everybody:
        for person, area in of_everybody():
            found.setdefault(person, set()).add(area)
    return found


def roles_on(user: Any, case: Case) -> frozenset[str]:
    """The roles in which a person has to do with a case today."""
    grants = [grant for grant in grants_of(user) if grant.reaches(case)]
    if grants and case.local_area_id in _excluded_areas(user):
        return frozenset()
    return frozenset(grant.role for grant in grants)


# --- lists ---


def visible_cases(user: Any) -> Q:
    """The condition for cases whose existence a person may know of."""
    return cases_where(user, "case", "read")


def cases_where(user: Any, thing: str, action: str, grants: Sequence[Grant] | None = None) -> Q:
    """The condition for cases on which a person may do `action` with `thing` today. `grants` are
    the person's, where they were looked up already; with a `user` of None those of nobody in
    particular, who has declared no interest."""
    if grants is None:
        grants = grants_of(user)
    ways = []
    for (moment, until, kind), roles in _gates(thing, action).items():
        reach = reach_of([grant for grant in grants if grant.role in roles])
        if reach is not None:
            opened = Q(moments__contains=[moment]) if moment else Q()
            still = ~Q(moments__contains=[until]) if until else Q()
            ways.append(_of_kind(kind) & reach & opened & still)
    condition = _any_of(ways)
    if excluded := (_excluded_areas(user) if grants and user is not None else set()):
        condition &= ~Q(local_area_id__in=excluded)
    return condition


def _any_of(ways: Sequence[Q]) -> Q:
    """Any of the conditions; nothing where there is none. An empty one holds everywhere, which
    `|` would lose."""
    if any(not way for way in ways):
        return Q()
    condition = Q(pk__in=[])
    for way in ways:
        condition |= way
    return condition


def _gates(thing: str, action: str) -> dict[tuple[str, str, str], set[str]]:
    gates: dict[tuple[str, str, str], set[str]] = {}
    for row in _rows.get((thing, action), ()):
        gates.setdefault((row.moment, row.until, row.kind), set()).add(row.role)
    return gates


def _of_kind(kind: str) -> Q:
    """The cases for which rows of a kind hold: without one, all but those with their own."""
    if kind:
        return Q(kind=kind)
    apart = [one.name for one in kinds() if one.own_access]
    return ~Q(kind__in=apart) if apart else Q()


def _holds_for(row: Row, kind: CaseKind) -> bool:
    return row.kind == kind.name if row.kind or kind.own_access else True


def reach_of(grants: Sequence[Grant]) -> Q | None:
    """Where some grants hold; Q() for everywhere, None for nowhere."""
    if not grants:
        return None
    if any(grant.scope == Scope.NATIONAL for grant in grants):
        return Q()
    reach = Q(pk__in=[])
    if areas := {g.local_area_id for g in grants if g.scope == Scope.AREA}:
        reach |= Q(local_area_id__in=areas)
    if regions := {g.region_id for g in grants if g.scope == Scope.REGION}:
        reach |= Q(local_area__region_id__in=regions)
    if cases := {g.case_id for g in grants if g.scope == ON_CASE}:
        reach |= Q(pk__in=cases)
    return reach


# --- one case ---


class Access:
    """What one person may do on one case, asked as often as a page likes."""

    def __init__(self, user: Any, case: Case) -> None:
        self.user = user
        self.case = case
        self.roles = roles_on(user, case)

    def may(self, action: str) -> Permission:
        """As the function `may`."""
        thing, _, verb = action.rpartition(".")
        kind = kind_of(self.case)
        rows = [row for row in _rows.get((thing, verb), ()) if _holds_for(row, kind)]
        own = [row for row in rows if row.role in self.roles]
        for row in own:
            if _open(row, self.case.moments):
                return Permission(True)
        return self._refusal(self._why_not(rows, own))

    def may_record(self, event_kind: str) -> Permission:
        """Whether the person may record such an event."""
        seen = self.may("case.read")
        if not seen:
            return seen
        step = kind_of(self.case).step(event_kind)
        if step.who & self.roles:
            return Permission(True)
        label = step.event.label or event_kind
        if not step.who:
            return Permission(False, f"“{label}” is recorded by the system alone.")
        return Permission(False, f"“{label}” is recorded by {_listed(step.who)}.")

    def _why_not(self, rows: Sequence[Row], own: Sequence[Row]) -> str:
        for row in own:
            if row.until:
                return f"This closed when {MOMENT_WORDS.get(row.until, row.until)}."
            if row.moment:
                return f"This opens once {MOMENT_WORDS.get(row.moment, row.moment)}."
        if not rows:
            return "Nobody may do this."
        who = f"It is for {_listed({row.role for row in rows})}."
        if self.roles:
            held = _and([ROLE_LABELS.get(role, role) for role in _in_order(self.roles)])
            return f"Your role ({held}) does not include this. {who}"
        what = f"This {_in_sentence(kind_of(self.case).label)}"
        if self.case.local_area_id in _excluded_areas(self.user):
            return f"{what} is of an area in which you have declared an interest."
        if any(grant.scope != ON_CASE for grant in grants_of(self.user)):
            return f"{what} is of another area."
        return f"You have no part in this {_in_sentence(kind_of(self.case).label)}. {who}"

    def _refusal(self, reason: str) -> Permission:
        until = kind_of(self.case).confidential_until
        secret = bool(until) and until not in self.case.moments and not self._sees()
        return Permission(False, reason, confidential=secret)

    def _sees(self) -> bool:
        kind = kind_of(self.case)
        rows = [row for row in _rows.get(("case", "read"), ()) if _holds_for(row, kind)]
        return any(row.role in self.roles and _open(row, self.case.moments) for row in rows)


def opens(
    thing: str, action: str, roles: Collection[str], kind: CaseKind, moments: Collection[str]
) -> bool:
    """Whether some roles, held on a case of a kind at these moments, let do `action` there."""
    return any(
        row.role in roles and _holds_for(row, kind) and _open(row, moments)
        for row in _rows.get((thing, action), ())
    )


def may(user: Any, action: str, case: Case) -> Permission:
    """Whether a person may do `action` ('timetable.edit') on a case, and if not, why."""
    return access_of(user, case).may(action)


def may_record(user: Any, event_kind: str, case: Case) -> Permission:
    """Whether a person may record such an event on a case, and if not, why."""
    return access_of(user, case).may_record(event_kind)


def access_of(user: Any, case: Case) -> Access:
    """What a person may do on a case; the one that `case_or_refuse` made, where it did."""
    known = getattr(case, "access", None)
    if known is not None and known.user == user:
        return known
    return Access(user, case)


def may_open(user: Any, kind: CaseKind, local_area: "LocalArea") -> Permission:
    """Whether a person may make a case of a kind in a local area."""
    held = {grant.role for grant in grants_of(user) if grant.reaches_area(local_area)}
    if held & kind.opened_by and local_area.pk not in _excluded_areas(user):
        return Permission(True)
    who = _listed(kind.opened_by) if kind.opened_by else "the system alone"
    return Permission(False, f"{kind.label} for {local_area.name}: opened by {who}.")


def case_or_refuse(request: HttpRequest, case_id: Any, action: str = "case.read") -> Case:
    """The case, with `case.access` for further questions, where the person may do `action`.

    Raises Http404 where there is none or its existence is confidential to the person, else
    PermissionDenied with the reason in plain English.
    """
    try:
        case = Case.objects.with_area().get(pk=case_id)
    except (Case.DoesNotExist, ValidationError) as error:
        raise Http404("There is no such case.") from error
    remember_grants(request.user)
    case.access = Access(request.user, case)
    permission = case.access.may(action)
    if permission.allowed:
        return case
    if permission.confidential:
        raise Http404("There is no such case.")
    raise PermissionDenied(permission.reason)


def _open(row: Row, moments: Collection[str]) -> bool:
    if row.moment and row.moment not in moments:
        return False
    return not (row.until and row.until in moments)


#: Roles whose label with 'the' before it is no English.
IN_SENTENCE = {
    "hmi": "His Majesty's Inspectors",
    "hmci": "HMCI",
    "publications": "publications and policy staff",
    "health_chief_executive": "the health commissioner's chief executive",
    "dhsc": "the Department of Health and Social Care",
}
#: Who may is named as far as a sentence bears.
NAMED = 3


def _listed(roles: Collection[str]) -> str:
    """'the lead HMI, the support officer or the regional director'; of more than three, the first
    three 'and others'."""
    words = [
        IN_SENTENCE.get(role)
        or f"the {_in_sentence(ROLE_LABELS.get(role, role.replace('_', ' ')))}"
        for role in _in_order(roles)
    ]
    if len(words) > NAMED:
        return f"{', '.join(words[:NAMED])} and others"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _in_order(roles: Collection[str]) -> list[str]:
    order = list(ROLE_LABELS)
    return sorted(roles, key=lambda role: order.index(role) if role in order else len(order))


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _in_sentence(label: str) -> str:
    first = label.split(" ", 1)[0]
    keep = first.isupper() or first in {"Ofsted", "DfE", "His"}
    return label if keep else label[0].lower() + label[1:]
