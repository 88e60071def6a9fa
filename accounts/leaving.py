"""Ending roles and accounts: what it would break is told before anything is changed.

What else rests on a person, rooms above know: they register here (`register_hindrance`).
"""

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import QuerySet

from accounts import roles
from accounts.administrators import hold_still, mark, would_remain
from accounts.models import Membership, User
from config import clock
from design_system.forms import in_words

#: What would break if these people held no such role after a day (`None`: no role at all), in
#: words, by person's id.
Hindrance = Callable[
    [Collection[int], Collection[str] | None, datetime.date], Mapping[int, Sequence[str]]
]
_hindrances: list[Hindrance] = []

LAST_ADMINISTRATOR = "Nobody would be an administrator any more: give somebody else the role first."


def register_hindrance(hindrance: Hindrance) -> None:
    """Tell what would break when people leave a role. The same twice is once."""
    if hindrance not in _hindrances:
        _hindrances.append(hindrance)


@dataclass(frozen=True)
class Line:
    """What becomes of one row, or why nothing does, in words."""

    pk: int
    name: str
    text: str


@dataclass(frozen=True)
class Plan:
    """What will happen, and what is refused. The same rows again give the same plan."""

    doing: Sequence[Line] = field(default_factory=tuple)
    refused: Sequence[Line] = field(default_factory=tuple)

    @property
    def pks(self) -> list[int]:
        """The rows that something happens to."""
        return [line.pk for line in self.doing]


class PlanChanged(Exception):
    """Something else came meanwhile: what would happen now is not what was agreed to."""


def _resting_on(
    people: Collection[int], held: Collection[str] | None, after: datetime.date
) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for hindrance in _hindrances:
        for person, reasons in hindrance(people, held, after).items():
            found.setdefault(person, []).extend(reasons)
    return found


# -- roles -------------------------------------------------------------------------------------


def plan_ending(memberships: QuerySet[Membership], last: datetime.date) -> Plan:
    """What becomes of roles whose last day is to be `last`: ended, taken back whole (they begin
    later, and nobody has acted in them yet), or refused with the reason."""
    rows = list(memberships.select_related("person", "local_area", "region").order_by("pk"))
    resting = _resting_on_roles(rows, last)
    doing: list[Line] = []
    refused: list[Line] = []
    for row in rows:
        reason = _dates_against(row, last) or resting.get(row.pk, "")
        line = Line(row.pk, describe(row), reason or _ending(row, last))
        (refused if reason else doing).append(line)
    going = {line.pk for line in doing}
    administering = {row.pk for row in rows if row.pk in going and _administers(row, last)}
    if administering and not _administrator_remains(administering, last):
        refused += [
            Line(line.pk, line.name, LAST_ADMINISTRATOR)
            for line in doing
            if line.pk in administering
        ]
        doing = [line for line in doing if line.pk not in administering]
    return Plan(doing, refused)


def describe(row: Membership) -> str:
    """'Priya Raman: Support officer, England'."""
    return f"{row.person}: {row.get_role_display()}, {row.local_area or row.region or 'England'}"


def _dates_against(row: Membership, last: datetime.date) -> str:
    today = clock.today()
    if row.ends_on and row.ends_on < today:
        return f"Ended on {in_words(row.ends_on)} already."
    if last < row.starts_on < today:
        return f"Began on {in_words(row.starts_on)}: the last day cannot be before it."
    return ""


def _resting_on_roles(rows: Sequence[Membership], last: datetime.date) -> dict[int, str]:
    """What would break, by membership; nothing for those who hold the same role otherwise too."""
    after = last + datetime.timedelta(days=1)
    others = Membership.objects.on(after).exclude(pk__in=[row.pk for row in rows])
    kept = set(
        others.filter(person__in={row.person_id for row in rows}).values_list("person_id", "role")
    )
    found = {}
    for role in {row.role for row in rows}:
        losing = [row for row in rows if row.role == role and (row.person_id, role) not in kept]
        resting = _resting_on({row.person_id for row in losing}, [role], last)
        found.update({row.pk: " ".join(resting.get(row.person_id, ())) for row in losing})
    return found


def _administers(row: Membership, last: datetime.date) -> bool:
    shorter = row.ends_on is None or last < row.ends_on
    return row.role == roles.ADMINISTRATOR and shorter


def _administrator_remains(ending: Collection[int], last: datetime.date) -> bool:
    first_without = max(clock.today(), last + datetime.timedelta(days=1))
    return would_remain(first_without, without=ending)


def _ending(row: Membership, last: datetime.date) -> str:
    if last < row.starts_on:
        return f"Taken back: it was to begin on {in_words(row.starts_on)}."
    if row.ends_on:
        return f"Last day {in_words(last)} instead of {in_words(row.ends_on)}."
    return f"Last day {in_words(last)}."


@transaction.atomic
def end_roles(
    memberships: QuerySet[Membership], last: datetime.date, reason: str, *, agreed: Sequence[int]
) -> Plan:
    """End the roles that were agreed to; gives what was done. Raises PlanChanged, with nothing
    changed, where what would happen is not what was agreed to any more."""
    hold_still()
    list(memberships.select_for_update().order_by("pk").values_list("pk", flat=True))
    plan = plan_ending(memberships, last)
    if plan.pks != list(agreed):
        raise PlanChanged
    rows = Membership.objects.filter(pk__in=plan.pks)
    people = set(rows.values_list("person_id", flat=True))
    rows.filter(starts_on__gt=last).delete()
    changes = {"ends_on": last, **({"reason": reason} if reason else {})}
    rows.filter(starts_on__lte=last).update(**changes)
    mark(people)
    return plan


# -- accounts ----------------------------------------------------------------------------------


def plan_deactivation(people: QuerySet[User]) -> Plan:
    """Who can be made inactive, and whom that would leave something without."""
    rows = list(people.order_by("pk"))
    today = clock.today()
    yesterday = today - datetime.timedelta(days=1)
    resting = _resting_on([row.pk for row in rows], None, yesterday)
    doing: list[Line] = []
    refused: list[Line] = []
    for row in rows:
        reason = " ".join(resting.get(row.pk, ()))
        if not row.is_active:
            reason = "Is inactive already."
        elif (
            not reason
            and _administers_today(row)
            and not would_remain(today, without_people=[row.pk, *(line.pk for line in doing)])
        ):
            reason = LAST_ADMINISTRATOR
        text = reason or "Is signed out everywhere and cannot sign in. Roles stay on record."
        (refused if reason else doing).append(Line(row.pk, str(row), text))
    return Plan(doing, refused)


def _administers_today(user: User) -> bool:
    held = Membership.objects.on(clock.today())
    return held.filter(person=user, role=roles.ADMINISTRATOR).exists()


@transaction.atomic
def deactivate(people: QuerySet[User], *, agreed: Sequence[int]) -> Plan:
    """Make people inactive and sign them out. Raises PlanChanged."""
    hold_still()
    list(people.select_for_update().order_by("pk").values_list("pk", flat=True))
    plan = plan_deactivation(people)
    if plan.pks != list(agreed):
        raise PlanChanged
    rows = User.objects.filter(pk__in=plan.pks)
    rows.update(is_active=False, signed_out_at=clock.now())
    return plan


def plan_reactivation(people: QuerySet[User]) -> Plan:
    """Who can be made active again."""
    doing: list[Line] = []
    refused: list[Line] = []
    for row in people.order_by("pk"):
        if row.is_active:
            refused.append(Line(row.pk, str(row), "Is active already."))
        else:
            text = "Can sign in again, and acts in the roles that have not ended."
            doing.append(Line(row.pk, str(row), text))
    return Plan(doing, refused)


@transaction.atomic
def reactivate(people: QuerySet[User], *, agreed: Sequence[int]) -> Plan:
    """Make people active again. Raises PlanChanged."""
    plan = plan_reactivation(people.select_for_update())
    if plan.pks != list(agreed):
        raise PlanChanged
    User.objects.filter(pk__in=plan.pks).update(is_active=True)
    return plan


def plan_signing_out(people: QuerySet[User]) -> Plan:
    """Everybody can be signed out."""
    text = "Every session ends; signing in again is possible at once."
    return Plan([Line(row.pk, str(row), text) for row in people.order_by("pk")])


@transaction.atomic
def sign_out_everywhere(people: QuerySet[User], *, agreed: Sequence[int]) -> Plan:
    """End all sessions of people. Raises PlanChanged."""
    plan = plan_signing_out(people.select_for_update())
    if plan.pks != list(agreed):
        raise PlanChanged
    User.objects.filter(pk__in=plan.pks).update(signed_out_at=clock.now())
    return plan
