"""Who is an administrator: an active person who holds the role on the day. The two marks that
Django asks for (`is_staff`, `is_superuser`) follow from the role and are never set by hand."""

import datetime
from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from accounts import roles
from accounts.models import Membership, User
from config import clock


def administrators(on: datetime.date) -> QuerySet[User]:
    """The active people who hold the role of administrator on a day."""
    held = Membership.objects.on(on).filter(role=roles.ADMINISTRATOR).values("person")
    return User.objects.filter(is_active=True, pk__in=held)


def is_administrator(user: Any) -> bool:
    """Whether a person may open Django admin today. One query for the length of a request."""
    if not (getattr(user, "is_active", False) and getattr(user, "is_staff", False)):
        return False
    today = clock.today()
    known = getattr(user, "_administrator_on", None)
    if known is None or known[0] != today:
        known = (today, administrators(today).filter(pk=user.pk).exists())
        user._administrator_on = known
    return bool(known[1])


def mark(people: Collection[int]) -> None:
    """Bring Django's two marks of these people in line with the roles they hold or will hold."""
    today = clock.today()
    standing = Membership.objects.filter(role=roles.ADMINISTRATOR, person__in=people)
    holding = standing.exclude(ends_on__lt=today).values("person")
    theirs = User.objects.filter(pk__in=people)
    theirs.filter(pk__in=holding).update(is_staff=True, is_superuser=True)
    theirs.exclude(pk__in=holding).update(is_staff=False, is_superuser=False)


def hold_still() -> None:
    """Make others who take an administrator away wait until this transaction has ended: two who
    take each other away at once would leave none."""
    held = Membership.objects.filter(role=roles.ADMINISTRATOR)
    list(held.select_for_update().order_by("pk").values_list("pk", flat=True))


def would_remain(
    day: datetime.date, *, without_people: Collection[int] = (), without: Collection[int] = ()
) -> bool:
    """Whether anybody is an administrator on a day if these people were not active and these
    memberships did not hold any more."""
    held = Membership.objects.on(day).filter(role=roles.ADMINISTRATOR, person__is_active=True)
    return held.exclude(person__in=without_people).exclude(pk__in=without).exists()
