"""Questions about people and the roles they hold on a day."""

import datetime
from collections.abc import Iterable

from accounts import roles
from accounts.models import Membership, MembershipQuerySet, User


def active_memberships(user: User, on: datetime.date) -> MembershipQuerySet:
    """The roles a person holds on a day, with their places read by the same query."""
    return (
        Membership.objects.on(on)
        .filter(person=user)
        .select_related("organisation", "local_area", "region")
    )


def people_with_role(wanted: Iterable[str], on: datetime.date) -> list[User]:
    """Active people who hold any of these roles on a day, by name; one query."""
    held = Membership.objects.on(on).filter(role__in=list(wanted)).values("person")
    return list(User.objects.filter(is_active=True, pk__in=held).order_by("name", "pk"))


def described(memberships: Iterable[Membership]) -> str:
    """Roles in words for the header: 'Support officer', 'Director of children's services, Kent'."""
    words = []
    for membership in memberships:
        label = roles.LABELS[membership.role]
        place = membership.local_area or membership.region
        words.append(f"{label}, {place}" if place else label)
    return "; ".join(words)
