"""Questions about a local area on a day: which bodies serve it, who holds a post, is it term."""

import datetime
from collections.abc import Sequence

from areas.models import (
    LocalArea,
    Organisation,
    OrganisationKind,
    PostHolder,
    PostKind,
    Term,
)


def organisations(
    local_area: LocalArea, on: datetime.date, *kinds: OrganisationKind
) -> list[Organisation]:
    """The organisations of these kinds that serve the area on a day, by kind and name."""
    links = (
        local_area.links.on(on)  # type: ignore[attr-defined]
        .filter(organisation__kind__in=kinds)
        .select_related("organisation")
    )
    found = [link.organisation for link in links]
    return sorted(
        found, key=lambda organisation: (kinds.index(organisation.kind), organisation.name)
    )


def council(local_area: LocalArea, on: datetime.date) -> Organisation | None:
    """The council of the area on a day, or None before or after its time."""
    return next(iter(organisations(local_area, on, OrganisationKind.COUNCIL)), None)


def health_commissioners(local_area: LocalArea, on: datetime.date) -> list[Organisation]:
    """The health commissioners of the area on a day, by name (HB 8)."""
    return organisations(local_area, on, OrganisationKind.HEALTH_COMMISSIONER)


def bodies(local_area: LocalArea, on: datetime.date) -> list[Organisation]:
    """Those who answer for themselves on factual accuracy: council, then commissioners (HB 58)."""
    return organisations(
        local_area, on, OrganisationKind.COUNCIL, OrganisationKind.HEALTH_COMMISSIONER
    )


def holders(
    organisations: Sequence[Organisation],
    kind: PostKind | str,
    on: datetime.date,
    local_area: LocalArea | None = None,
) -> dict[Organisation, PostHolder]:
    """Who holds the post in each organisation on a day; one query.

    A post of this area goes before one that the organisation has for all its areas.
    """
    found: dict[Organisation, PostHolder] = {}
    by_id = {organisation.pk: organisation for organisation in organisations}
    rows = (
        PostHolder.objects.on(on)
        .filter(post__organisation__in=by_id, post__kind=kind)
        .select_related("post")
        .order_by("post__organisation", "starts_on", "pk")
    )
    for row in sorted(rows, key=lambda row: row.post.local_area_id is not None):
        if row.post.local_area_id is None or (
            local_area is not None and row.post.local_area_id == local_area.pk
        ):
            found[by_id[row.post.organisation_id]] = row
    return found


def holder(
    organisation: Organisation,
    kind: PostKind | str,
    on: datetime.date,
    local_area: LocalArea | None = None,
) -> PostHolder | None:
    """Who holds the post in the organisation on a day, or None where nobody is recorded."""
    return holders([organisation], kind, on, local_area).get(organisation)


def in_term(local_area: LocalArea, day: datetime.date) -> bool | None:
    """Whether the day is in term time at the area; None where its terms are not known (HB 14).

    Terms are known about a day when one that is recorded ends within the year before it and one
    begins within the year after it, or one contains it.
    """
    terms = Term.objects.filter(local_area=local_area)
    if terms.filter(starts_on__lte=day, ends_on__gte=day).exists():
        return True
    year = datetime.timedelta(days=366)
    known_before = terms.filter(ends_on__lt=day, ends_on__gte=day - year).exists()
    known_after = terms.filter(starts_on__gt=day, starts_on__lte=day + year).exists()
    return False if known_before and known_after else None
