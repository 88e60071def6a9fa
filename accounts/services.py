"""Questions about people and the roles they hold on a day."""

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping

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


#: Says who is named where, beside the standing roles: {person's id: role and place in words}. Rooms
#: above this one know; they register here.
NamedOn = Callable[[Collection[int], datetime.date], Mapping[int, str]]
_named_on: list[NamedOn] = []


def register_named(named_on: NamedOn) -> None:
    """Tell what people are named as who hold no standing role."""
    if named_on not in _named_on:
        _named_on.append(named_on)


def named_as(people: Collection[int], on: datetime.date) -> dict[int, str]:
    """What these people are named as on a day, in words; without those named nowhere. One query
    for each room that knows of such."""
    if not people:
        return {}
    return {person: words for named in _named_on for person, words in named(people, on).items()}


#: Of more areas than this, the header says how many.
MOST_NAMED = 2


def described(memberships: Iterable[Membership]) -> str:
    """Roles in words for the header: 'Support officer', 'Director of children's services, Kent'."""
    places: dict[str, list[str]] = {}
    for membership in memberships:
        place = membership.local_area or membership.region
        held = places.setdefault(roles.LABELS[membership.role], [])
        if place and str(place) not in held:
            held.append(str(place))
    return "; ".join(_held_in(label, held) for label, held in places.items())


def _held_in(label: str, places: list[str]) -> str:
    if len(places) > MOST_NAMED:
        return f"{label}, {len(places)} areas"
    return ", ".join([label, *places])
