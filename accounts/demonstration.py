"""Becoming one of the invented people of a demonstration. Production has none of this."""

import uuid
from dataclasses import dataclass

from django.conf import settings

from accounts.models import Membership, User
from accounts.services import described
from config import clock


@dataclass(frozen=True)
class Someone:
    """One person to become, as the sign-in page lists them."""

    public_id: uuid.UUID
    name: str
    email: str
    role: str


def people() -> list[Someone]:
    """Everybody with a role today or the right to administer; empty outside a demonstration."""
    if not settings.DEMONSTRATION:
        return []
    held: dict[int, list[Membership]] = {}
    rows = Membership.objects.on(clock.today()).select_related("local_area", "region")
    for row in rows.order_by("pk"):
        held.setdefault(row.person_id, []).append(row)
    found = User.objects.filter(is_active=True, pk__in=held).order_by("pk")
    return [
        Someone(user.public_id, user.name, user.email, described(held[user.pk])) for user in found
    ]


def someone(public_id: uuid.UUID) -> User | None:
    """The person to become; None outside a demonstration or for anybody not on the list."""
    if not settings.DEMONSTRATION:
        return None
    on_list = Membership.objects.on(clock.today()).values("person")
    return User.objects.filter(is_active=True, pk__in=on_list, public_id=public_id).first()
