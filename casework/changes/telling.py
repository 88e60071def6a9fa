"""Telling those who owe: one notice for each person, whatever a change moved for them."""

import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.models import User
from casework import access
from casework.changes.models import Change
from casework.registry import kind_of
from config import clock
from notices.services import Message, notify_many

#: Who owes what moved, with the case only where it is one: as few rows as possible. A deadline
#: that one body owes is its own people's, unless an inspectorate has a part in it (as in
#: `deadlines.due_from`).
_OWED = """
    SELECT c.local_area_id, a.region_id, c.kind, c.moments, m.owed_roles,
        CASE WHEN m.subject ~ %(an_id)s AND NOT m.owed_roles && %(inspectorates)s::varchar[]
            THEN m.subject ELSE '' END AS body,
        CASE WHEN min(c.id::text) = max(c.id::text) THEN min(c.id::text)::uuid END
    FROM casework_move m
    JOIN casework_case c ON c.id = m.case_id
    JOIN areas_localarea a ON a.id = c.local_area_id
    WHERE m.change_id = %(change)s
    GROUP BY c.local_area_id, a.region_id, c.kind, c.moments, m.owed_roles, body
"""
_STANDING = """
    SELECT person_id, role, scope, local_area_id, region_id, organisation_id::text
    FROM accounts_membership m JOIN accounts_user u ON u.id = m.person_id AND u.is_active
    WHERE m.role <> ALL (%(on_the_case_only)s)
        AND m.starts_on <= %(today)s AND (m.ends_on IS NULL OR m.ends_on >= %(today)s)
"""
#: Those who owe something by their part in a case, which may be for some cases only.
_ON_CASES = """
    SELECT r.person_id, r.role, c.local_area_id, a.region_id, c.kind, c.moments, m.body,
        CASE WHEN min(c.id::text) = max(c.id::text) THEN min(c.id::text)::uuid END
    FROM (
        SELECT DISTINCT case_id, owed_roles,
            CASE WHEN subject ~ %(an_id)s AND NOT owed_roles && %(inspectorates)s::varchar[]
                THEN subject ELSE '' END AS body
        FROM casework_move WHERE change_id = %(change)s
    ) m
    JOIN casework_caserole r ON r.case_id = m.case_id AND r.role = ANY(m.owed_roles)
        AND r.starts_on <= %(today)s AND (r.ends_on IS NULL OR r.ends_on >= %(today)s)
    JOIN accounts_user u ON u.id = r.person_id AND u.is_active
    JOIN casework_case c ON c.id = m.case_id
    JOIN areas_localarea a ON a.id = c.local_area_id
    GROUP BY r.person_id, r.role, c.local_area_id, a.region_id, c.kind, c.moments, m.body
"""


@dataclass(frozen=True)
class _Owed:
    """What moved in one area on cases of one kind that are open to the same people."""

    area: uuid.UUID
    region: int
    kind: str
    moments: frozenset[str]
    body: str
    #: The case, where it is one alone.
    case: uuid.UUID | None


@dataclass(frozen=True)
class _Held:
    """A role that a person holds, and for which body."""

    role: str
    scope: str
    area: uuid.UUID | None
    region: int | None
    body: str | None

    def may_owe(self, owed: _Owed) -> bool:
        """What one body owes is its own people's."""
        return not owed.body or owed.body == self.body

    def reaches(self, owed: _Owed) -> bool:
        """Whether it holds for the area."""
        return (
            self.scope == "national"
            or (self.scope == "region" and self.region == owed.region)
            or (self.scope == "area" and self.area == owed.area)
        )


def tell(change: Change) -> int:
    """Put one notice for each person who owes something that moved into the outbox. Returns how
    many there are; asked twice, each is still told once."""
    messages = [
        Message(
            recipient_email=user.email,
            recipient_id=user.pk,
            template="dates_moved",
            link=f"/cases/{case}/" if case else "/",
            key=f"{change.key}:{user.pk}",
        )
        for user, case in _told_where(change)
    ]
    notify_many(messages)
    return len(messages)


def people_to_tell(change: Change) -> list[User]:
    """Those who owe something that moves, or has moved."""
    return [user for user, _ in _told_where(change)]


def _told_where(change: Change) -> list[tuple[User, uuid.UUID | None]]:
    """Those people, each with the case on which it all is, where it is one."""
    owing = _Owing(change)
    areas = owing.areas()
    people = User.objects.filter(pk__in=areas, is_active=True).exclude(email="").order_by("pk")
    excluded = access.exclusions_of_everybody()
    found: list[tuple[User, uuid.UUID | None]] = []
    for user in people:
        if left := areas[user.pk] - excluded.get(user.pk, set()):
            found.append(
                (user, owing.only_case(user.pk, next(iter(left))) if len(left) == 1 else None)
            )
    return found


class _Owing:
    """What each person owes of what moved."""

    def __init__(self, change: Change) -> None:
        self._held = _held(change)
        self._by_role = _owed_by_role(change)
        self._on_cases: dict[int, list[tuple[str, _Owed]]] = defaultdict(list)
        for person, role, owed in _on_cases(change):
            self._on_cases[person].append((role, owed))
        self._readable = _Readable()

    def areas(self) -> dict[int, set[uuid.UUID]]:
        """The local areas in which each person owes something that moved, and may read of it."""
        found: dict[int, set[uuid.UUID]] = defaultdict(set)
        for person, roles in self._held.items():
            for own in roles:
                for area, moved in _within(own, self._by_role.get(own.role, {})):
                    if area not in found[person] and any(
                        self._concerns(own, roles, owed) for owed in moved
                    ):
                        found[person].add(area)
        for person in self._on_cases:
            found[person] |= {owed.area for owed in self._by_part(person)}
        return {person: areas for person, areas in found.items() if areas}

    def only_case(self, person: int, area: uuid.UUID) -> uuid.UUID | None:
        """The case on which all is that moved for a person in an area; None for several."""
        roles = self._held.get(person, [])
        cases = {owed.case for owed in self._by_part(person) if owed.area == area}
        for own in roles:
            for within, moved in _within(own, self._by_role.get(own.role, {})):
                if within == area:
                    cases |= {owed.case for owed in moved if self._concerns(own, roles, owed)}
        return cases.pop() if len(cases) == 1 else None

    def _by_part(self, person: int) -> Iterator[_Owed]:
        """What a person owes by a part in a case."""
        for role, owed in self._on_cases.get(person, ()):
            roles = [*self._held.get(person, ()), _Held(role, "national", None, None, None)]
            if any(own.may_owe(owed) for own in roles) and self._readable.by(roles, owed):
                yield owed

    def _concerns(self, own: _Held, roles: list[_Held], owed: _Owed) -> bool:
        return own.may_owe(owed) and self._readable.by(roles, owed)


def _within(
    own: _Held, areas: dict[uuid.UUID, list[_Owed]]
) -> Iterator[tuple[uuid.UUID, list[_Owed]]]:
    if own.scope == "area":
        if own.area in areas:
            yield own.area, areas[own.area]
        return
    for area, moved in areas.items():
        if own.reaches(moved[0]):
            yield area, moved


class _Readable:
    """Whether some roles let a person read the timetable of a case, by the access table."""

    def __init__(self) -> None:
        self._known: dict[tuple[frozenset[str], str, frozenset[str]], bool] = {}

    def by(self, roles: list[_Held], owed: _Owed) -> bool:
        reaching = frozenset(own.role for own in roles if own.reaches(owed))
        asked = (reaching, owed.kind, owed.moments)
        if asked not in self._known:
            self._known[asked] = access.opens(
                "timetable", "read", reaching, kind_of(owed.kind), owed.moments
            )
        return self._known[asked]


def _values(change: Change) -> dict[str, Any]:
    return {
        "change": change.pk,
        "today": clock.today(),
        "on_the_case_only": sorted(access.ON_THE_CASE_ONLY),
        "an_id": "^[0-9a-f]{8}-[0-9a-f]{4}-",
        "inspectorates": ["lead_hmi", "cqc_inspector", "support_officer"],
    }


def _owed_by_role(change: Change) -> dict[str, dict[uuid.UUID, list[_Owed]]]:
    found: dict[str, dict[uuid.UUID, list[_Owed]]] = defaultdict(lambda: defaultdict(list))
    with connection.cursor() as cursor:
        cursor.execute(_OWED, _values(change))
        for area, region, kind, moments, roles, body, case in cursor.fetchall():
            owed = _Owed(area, region, kind, frozenset(moments), body, case)
            for role in roles:
                found[role][area].append(owed)
    return found


def _held(change: Change) -> dict[int, list[_Held]]:
    found: dict[int, list[_Held]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, _values(change))
        for person, *held in cursor.fetchall():
            found[person].append(_Held(*held))
    return found


def _on_cases(change: Change) -> Iterator[tuple[int, str, _Owed]]:
    with connection.cursor() as cursor:
        cursor.execute(_ON_CASES, _values(change))
        for person, role, area, region, kind, moments, body, case in cursor.fetchall():
            yield person, role, _Owed(area, region, kind, frozenset(moments), body, case)
