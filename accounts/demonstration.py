"""Becoming one of the invented people of a demonstration. Production has none of this."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts import roles
from accounts.models import Membership, User
from accounts.services import described, named_as
from config import clock

#: Endings of addresses that can never be anybody's (RFC 2606, RFC 6761). Even a real database that
#: is opened in a demonstration by mistake lets nobody become a real person.
RESERVED = (".example", ".test", ".invalid", "@example.org", "@example.com", "@example.net")


#: How the sign-in page groups people, by the first role they hold; within a group the first person
#: of each role stands before its others.
GROUPS: Sequence[tuple[str, frozenset[str]]] = (
    ("Inspectorates", roles.INSPECTORATE),
    (
        "Local areas",
        frozenset(
            {
                roles.LANO,
                roles.HEALTH_LANO,
                roles.DCS,
                roles.HEALTH_CHIEF_EXECUTIVE,
                roles.REPRESENTATIVE,
                roles.SEND_LEAD,
                roles.CHIEF_EXECUTIVE,
                roles.PARENT_CARER_FORUM,
            }
        ),
    ),
    (
        "Departments and boards",
        frozenset({roles.ADVISER, roles.OFFICIAL, roles.MINISTER, roles.DHSC, roles.CHAIR}),
    ),
    ("Administration", frozenset({roles.ADMINISTRATOR})),
)


@dataclass(frozen=True)
class Someone:
    """One person to become, as the sign-in page lists them."""

    public_id: uuid.UUID
    name: str
    email: str
    role: str
    named: bool = False
    #: The first role they hold, by its name in code; '' for those whom only a case names.
    first_role: str = ""


def people() -> list[Someone]:
    """Everybody who can be become, in the order in which they were made, with the roles that they
    hold today, or what a case names them as; empty outside a demonstration. Three queries."""
    held: dict[int, list[Membership]] = {}
    if not settings.DEMONSTRATION:
        return []
    today = clock.today()
    rows = Membership.objects.on(today).select_related("local_area", "region")
    for row in rows.order_by("pk"):
        held.setdefault(row.person_id, []).append(row)
    invented = list(_invented().order_by("pk"))
    named = named_as([user.pk for user in invented if user.pk not in held], today)
    return [
        Someone(
            user.public_id,
            user.name,
            user.email,
            described(held.get(user.pk, [])) or named.get(user.pk, ""),
            named=user.pk not in held,
            first_role=held[user.pk][0].role if user.pk in held else "",
        )
        for user in invented
    ]


def grouped(listed: Sequence[Someone]) -> list[tuple[str, list[Someone]]]:
    """Those who hold a standing role, in the groups of the sign-in page; without empty groups."""
    groups = []
    for heading, wanted in GROUPS:
        found = [one for one in listed if one.first_role in wanted]
        firsts = list({one.first_role: one for one in reversed(found)}.values())
        firsts.sort(key=found.index)
        others = [one for one in found if one not in firsts]
        if found:
            groups.append((heading, [*firsts, *others]))
    return groups


def someone(public_id: uuid.UUID) -> User | None:
    """The person to become; None outside a demonstration or for anybody not on the list."""
    if not settings.DEMONSTRATION:
        return None
    return _invented().filter(public_id=public_id).first()


def _invented() -> QuerySet[User]:
    reserved = Q()
    for ending in RESERVED:
        reserved |= Q(email__iendswith=ending)
    return User.objects.filter(reserved, is_active=True)
