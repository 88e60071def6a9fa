"""Health commissioners that merge, or pass areas on: the links of the old end, those of the new
begin, and both stay on record."""

import datetime
import hashlib
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from areas.history import note_changes
from areas.models import AreaOrganisation, LocalArea, Organisation, OrganisationKind, PostHolder
from design_system.forms import in_words
from design_system.tables import Table

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Merger:
    """What somebody wants to record: from a day, one body serves in place of others. `into` is one
    that is there, or None for a new one of that `name`."""

    on: datetime.date
    bodies: tuple[uuid.UUID, ...]
    into: uuid.UUID | None = None
    name: str = ""

    @property
    def eve(self) -> datetime.date:
        """The last day of the old."""
        return self.on - DAY


@dataclass(frozen=True)
class Problem:
    """Why a merger cannot be recorded as it stands: which answer is at fault, in plain words."""

    field: str
    text: str


@dataclass
class Passing:
    """One area that passes on: the links that end, and the one that begins in their place, unless
    the body serves the area already."""

    area: LocalArea
    ends: list[AreaOrganisation] = field(default_factory=list)
    serves_already: bool = False

    @property
    def share(self) -> int | None:
        """How many of a hundred people of the area the new link serves; None where not known."""
        shares = [link.share for link in self.ends]
        if any(share is None for share in shares):
            return None
        return min(100, sum(share or 0 for share in shares))

    @property
    def ends_on(self) -> datetime.date | None:
        """A last day that was planned for all of the old links."""
        days = [link.ends_on for link in self.ends]
        return None if None in days else max(day for day in days if day)


@dataclass
class MergerPlan:
    """What a merger would do, area by area; nothing while there are problems."""

    merger: Merger
    bodies: list[Organisation]
    target: Organisation | None
    passings: list[Passing]
    holders: list[PostHolder]
    problems: list[Problem]

    @property
    def target_name(self) -> str:
        """The name of the body that takes over."""
        return self.target.name if self.target else self.merger.name

    @property
    def digest(self) -> str:
        """A short text that is another one as soon as anything would happen in another way."""
        said = [
            (
                str(one.area.pk),
                one.serves_already,
                [(k.pk, k.starts_on, k.ends_on) for k in one.ends],
            )
            for one in self.passings
        ]
        held = [(one.pk, one.starts_on, one.ends_on) for one in self.holders]
        return hashlib.sha256(repr((self.merger, said, held)).encode()).hexdigest()

    def ending(self, areas: Collection[uuid.UUID]) -> list[Organisation]:
        """The bodies that serve nobody any more once these areas have passed on."""
        staying = {
            link.organisation_id
            for one in self.passings
            if one.area.pk not in areas
            for link in one.ends
        }
        return [body for body in self.bodies if body.pk not in staying]


class MergerRefused(ValueError):
    """Nothing was recorded; `plan` is what would happen now, with its problems."""

    def __init__(self, plan: MergerPlan) -> None:
        super().__init__("The merger was not recorded")
        self.plan = plan


def commissioners(on: datetime.date) -> list[Organisation]:
    """The health commissioners that are there on a day, by name."""
    rows = Organisation.objects.on(on).filter(kind=OrganisationKind.HEALTH_COMMISSIONER)
    return list(rows.order_by("name"))


def plan_merger(merger: Merger) -> MergerPlan:
    """What recording a merger would do. Four queries at most."""
    wanted = [*merger.bodies, *([merger.into] if merger.into else [])]
    rows = Organisation.objects.filter(kind=OrganisationKind.HEALTH_COMMISSIONER)
    found = {body.pk: body for body in rows.filter(pk__in=wanted)}
    bodies = sorted((found[pk] for pk in merger.bodies if pk in found), key=lambda one: one.name)
    target = found.get(merger.into) if merger.into else None
    plan = MergerPlan(merger, bodies, target, [], [], [])
    _check_target(plan, rows)
    _check_bodies(plan)
    links = AreaOrganisation.objects.filter(organisation__in=found).exclude(ends_on__lt=merger.on)
    _pass_on(plan, list(links.select_related("local_area", "organisation")))
    holders = PostHolder.objects.filter(post__organisation__in=bodies)
    plan.holders = list(
        holders.exclude(ends_on__lt=merger.on)
        .select_related("post", "post__organisation")
        .order_by("post__organisation__name", "post__title", "pk")
    )
    return plan


def _check_target(plan: MergerPlan, rows: Any) -> None:
    merger, target = plan.merger, plan.target
    if merger.into is None:
        if rows.filter(name__iexact=merger.name).exists():
            text = f"{merger.name} is recorded already: choose it as a body that is there"
            plan.problems.append(Problem("name", text))
        return
    if target is None:
        plan.problems.append(Problem("existing", "Select a health commissioner of the list"))
    elif target.pk in merger.bodies:
        text = f"{target.name} cannot merge into itself: leave it out of those that end"
        plan.problems.append(Problem("existing", text))
    elif target.starts_on and target.starts_on > merger.on:
        text = f"{target.name} begins on {in_words(target.starts_on)}, after the merger"
        plan.problems.append(Problem("existing", text))
    elif target.ends_on and target.ends_on < merger.on:
        text = f"{target.name} ended on {in_words(target.ends_on)}"
        plan.problems.append(Problem("existing", text))


def _check_bodies(plan: MergerPlan) -> None:
    if len(plan.bodies) < len(set(plan.merger.bodies)) or not plan.bodies:
        plan.problems.append(Problem("bodies", "Select health commissioners of the list"))
    for body in plan.bodies:
        if body.ends_on and body.ends_on < plan.merger.on:
            text = f"{body.name} ended on {in_words(body.ends_on)}"
            plan.problems.append(Problem("bodies", text))
        elif body.starts_on and body.starts_on >= plan.merger.on:
            text = f"{body.name} began on {in_words(body.starts_on)}, not before the merger"
            plan.problems.append(Problem("bodies", text))


def _pass_on(plan: MergerPlan, links: Sequence[AreaOrganisation]) -> None:
    day = plan.merger.on
    old = {body.pk for body in plan.bodies}
    passings: dict[uuid.UUID, Passing] = {}
    for link in links:
        if link.organisation_id not in old:
            continue
        if link.starts_on and link.starts_on >= day:
            text = (
                f"{link.organisation.name} begins to serve {link.local_area.name} on "
                f"{in_words(link.starts_on)}, after the merger: change that first"
            )
            plan.problems.append(Problem("bodies", text))
            continue
        passing = passings.setdefault(link.local_area_id, Passing(link.local_area))
        passing.ends.append(link)
    for link in links:
        one = passings.get(link.local_area_id)
        if one is None or link.organisation_id in old:
            continue
        if link.starts_on and link.starts_on > day:
            text = (
                f"{link.organisation.name} serves {link.local_area.name} from "
                f"{in_words(link.starts_on)} only: change that first"
            )
            plan.problems.append(Problem("existing", text))
        else:
            one.serves_already = True
    plan.passings = sorted(passings.values(), key=lambda one: one.area.name)
    idle = [body for body in plan.bodies if not any(x.organisation_id == body.pk for x in links)]
    for body in idle:
        if not any(body.name in problem.text for problem in plan.problems):
            text = f"{body.name} serves no area on {in_words(day)}"
            plan.problems.append(Problem("bodies", text))


@transaction.atomic
def record_merger(
    merger: Merger, areas: Collection[uuid.UUID], *, seen: str, by: Any
) -> MergerPlan:
    """Let these areas pass on: their links end on the eve, and new ones begin. A body that serves
    no area any more ends as well, with whoever holds its posts, and is said to have become the new
    one. `seen` is the digest of the plan that the person agreed to.

    Raises MergerRefused, and changes nothing, where there are problems or the plan is another one.
    """
    wanted = [*merger.bodies, *([merger.into] if merger.into else [])]
    list(Organisation.objects.filter(pk__in=wanted).order_by("pk").select_for_update())
    serving = LocalArea.objects.filter(links__organisation__in=merger.bodies)
    ids = set(serving.values_list("pk", flat=True))
    list(LocalArea.objects.filter(pk__in=ids).order_by("pk").select_for_update())
    plan = plan_merger(merger)
    chosen = [one for one in plan.passings if one.area.pk in areas]
    if plan.problems or plan.digest != seen or not chosen:
        raise MergerRefused(plan)
    target = plan.target or Organisation.objects.create(
        kind=OrganisationKind.HEALTH_COMMISSIONER, name=merger.name, starts_on=merger.on
    )
    _write_links(plan, chosen, target)
    ending = plan.ending({one.area.pk for one in chosen})
    _end_bodies(plan, ending, target)
    _note(plan, chosen, ending, target, by=by)
    plan.target = target
    return plan


def _write_links(plan: MergerPlan, chosen: Sequence[Passing], target: Organisation) -> None:
    ended = [link for one in chosen for link in one.ends]
    started = [
        AreaOrganisation(
            local_area=one.area,
            organisation=target,
            share=one.share,
            starts_on=plan.merger.on,
            ends_on=one.ends_on,
        )
        for one in chosen
        if not one.serves_already
    ]
    AreaOrganisation.objects.filter(pk__in=[link.pk for link in ended]).update(
        ends_on=plan.merger.eve
    )
    AreaOrganisation.objects.bulk_create(started)


def _end_bodies(plan: MergerPlan, ending: Sequence[Organisation], target: Organisation) -> None:
    ids = [body.pk for body in ending]
    Organisation.objects.filter(pk__in=ids).update(ends_on=plan.merger.eve)
    target.predecessors.add(*ending)
    held = PostHolder.objects.filter(pk__in=[one.pk for one in plan.holders])
    held.filter(post__organisation__in=ids).exclude(starts_on__gte=plan.merger.on).update(
        ends_on=plan.merger.eve
    )


def _note(
    plan: MergerPlan,
    chosen: Sequence[Passing],
    ending: Sequence[Organisation],
    target: Organisation,
    *,
    by: Any,
) -> None:
    day = in_words(plan.merger.on)
    names = ", ".join(body.name for body in plan.bodies)
    gone = {body.pk for body in ending}
    lines: list[tuple[Any, str]] = [(target, f"Serves in place of {names} from {day}.")]
    for body in plan.bodies:
        words = "Became" if body.pk in gone else "Passed areas on to"
        lines.append((body, f"{words} {target.name} on {day}."))
    passed: dict[uuid.UUID, list[str]] = defaultdict(list)
    for one in chosen:
        passed[one.area.pk] += [link.organisation.name for link in one.ends]
    for one in chosen:
        before = ", ".join(passed[one.area.pk])
        lines.append((one.area, f"{target.name} serves it from {day} in place of {before}."))
    note_changes(lines, by=by)


# -- what rooms above have to say ------------------------------------------------------------------

Effect = Callable[[Any, Sequence[LocalArea], Sequence[Organisation], datetime.date], Table | None]
_effects: list[Effect] = []


def register_effect(effect: Effect) -> None:
    """Let a room show what else rests on bodies that merge:
    `effect(user, areas, bodies, first day)`; None shows nothing."""
    if effect not in _effects:
        _effects.append(effect)


def effects(user: Any, plan: MergerPlan) -> Iterable[Table]:
    """The tables of all rooms, in the order in which they were registered."""
    areas = [one.area for one in plan.passings]
    found = (effect(user, areas, plan.bodies, plan.merger.on) for effect in _effects)
    return [table for table in found if table is not None]
