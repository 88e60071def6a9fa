"""Accounts for the people in post of an area: under the names and addresses of their posts."""

import datetime

from accounts import roles
from accounts.models import Membership, Scope, User
from areas import services as areas
from areas.models import LocalArea, Organisation, PostKind
from config import clock

SINCE = datetime.date(2016, 5, 1)


def leaders_of(area: LocalArea) -> list[User]:
    """The director of children's services and each commissioner's chief executive."""
    today = clock.today()
    council = areas.council(area, today)
    posts = [] if council is None else [(council, PostKind.DCS, roles.DCS)]
    posts += [
        (one, PostKind.HEALTH_CHIEF_EXECUTIVE, roles.HEALTH_CHIEF_EXECUTIVE)
        for one in areas.health_commissioners(area, today)
    ]
    found = [_account(area, organisation, kind, role) for organisation, kind, role in posts]
    return [one for one in found if one is not None]


def director_of(area: LocalArea) -> User:
    """The director of children's services. Raises ValueError where nobody is in post."""
    council = areas.council(area, clock.today())
    found = _account(area, council, PostKind.DCS, roles.DCS) if council else None
    if found is None:
        raise ValueError(f"{area} has no director of children's services on record.")
    return found


def _account(area: LocalArea, organisation: Organisation, kind: PostKind, role: str) -> User | None:
    holder = areas.holder(organisation, kind, clock.today(), area)
    if holder is None or not holder.email:
        return None
    person = User.objects.filter(email__iexact=holder.email).first()
    person = person or User.objects.create_user(holder.email, name=holder.name)
    Membership.objects.get_or_create(
        person=person,
        role=role,
        organisation=organisation,
        scope=Scope.AREA,
        local_area=area,
        starts_on=SINCE,
        defaults={"reason": "Demonstration"},
    )
    return person
