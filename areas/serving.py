"""What rests on an organisation serving an area: told before its dates change or it is taken out.

Which cases have the organisation among their bodies a room above knows: it registers here
(`register_cases`). Only how many they are is said, since some may still be confidential.
"""

import datetime
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from areas.models import AreaOrganisation, LocalArea, OrganisationKind
from config import clock

#: An area and an organisation that serves it.
Pair = tuple[uuid.UUID, uuid.UUID]


@dataclass(frozen=True)
class Resting:
    """A case that has the organisation among its bodies, the day whose bodies it has, and whether
    it still goes on."""

    day: datetime.date
    goes_on: bool


@dataclass(frozen=True)
class Objection:
    """Why dates cannot become these; `field` says which of them is at fault."""

    field: str
    text: str


Cases = Callable[[Collection[Pair]], Mapping[Pair, Sequence[Resting]]]
_cases: list[Cases] = []


def register_cases(cases: Cases) -> None:
    """Let a room say which cases rest on organisations in areas. The same twice is once."""
    if cases not in _cases:
        _cases.append(cases)


def pair_of(link: AreaOrganisation) -> Pair:
    """The area and the organisation of a link."""
    return link.local_area_id, link.organisation_id


def cases_on(links: Iterable[AreaOrganisation]) -> dict[Pair, list[Resting]]:
    """The cases that rest on these links, as far as rooms know of any."""
    pairs = {pair_of(link) for link in links}
    found: dict[Pair, list[Resting]] = {}
    for cases in _cases if pairs else ():
        for pair, resting in cases(pairs).items():
            found.setdefault(pair, []).extend(resting)
    return found


def holds(row: AreaOrganisation | LocalArea, day: datetime.date) -> bool:
    """Whether it holds on a day, both ends included."""
    return (row.starts_on or day) <= day <= (row.ends_on or day)


def objection(
    before: AreaOrganisation,
    after: AreaOrganisation,
    resting: Sequence[Resting],
    *,
    area: LocalArea,
    others: Iterable[AreaOrganisation] = (),
) -> Objection | None:
    """Why a link cannot get other dates, or None: an area of today keeps a council of today, and
    cases that go on keep the bodies that they have. A last day that is still to come is nobody's
    loss today."""
    today = clock.today()
    if _without_council(before, area, others, today) and not holds(after, today):
        late = after.starts_on is not None and after.starts_on > today
        which, rule = ("starts_on", "first day must not be after today")
        if not late:
            which, rule = ("ends_on", "last day must not be before today")
        return Objection(which, f"{area.name} would have no council today: the {rule}")
    days = [one.day for one in resting if one.goes_on and holds(before, one.day)]
    late_starts = [day for day in days if after.starts_on and after.starts_on > day]
    if late_starts:
        return Objection("starts_on", f"{_going_on(len(late_starts))}: it cannot begin so late")
    if after.ends_on and after.ends_on < today:
        early_ends = [day for day in days if after.ends_on < day]
        if early_ends:
            text = f"{_going_on(len(early_ends))}: the last day must not be before today"
            return Objection("ends_on", text)
    return None


def why_it_stays(link: AreaOrganisation, resting: Sequence[Resting]) -> str:
    """Why a link cannot be taken out, in words; '' where it was entered by mistake: no case that
    goes on rests on it, and once it has begun no case at all."""
    today = clock.today()
    if _without_council(link, link.local_area, (), today):
        return (
            f"{link.local_area.name} would have no council. This is not deleted: "
            "give it a last day, and add the council that comes after."
        )
    on_it = [one for one in resting if holds(link, one.day)]
    if going_on := [one for one in on_it if one.goes_on]:
        return f"{_going_on(len(going_on))}. This is not deleted: give it a last day."
    if on_it and (link.starts_on is None or link.starts_on <= today):
        rest = "A case that has ended rests" if len(on_it) == 1 else f"{len(on_it)} cases rest"
        return f"{rest} on it. This has begun and is not deleted: give it a last day."
    return ""


def _without_council(
    link: AreaOrganisation,
    area: LocalArea,
    others: Iterable[AreaOrganisation],
    today: datetime.date,
) -> bool:
    """Whether the link is all that gives an area of today a council today."""

    def serves(one: AreaOrganisation) -> bool:
        return one.organisation.kind == OrganisationKind.COUNCIL and holds(one, today)

    return holds(area, today) and serves(link) and not any(serves(one) for one in others)


def _going_on(number: int) -> str:
    return "1 case still goes on with it" if number == 1 else f"{number} cases still go on with it"
