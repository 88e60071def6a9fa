"""What an area's page shows: its organisations with their people, and its terms."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from areas.contacts import Contacts
from areas.models import (
    AreaOrganisation,
    LocalArea,
    Organisation,
    OrganisationKind,
    Post,
    PostHolder,
    Term,
)

#: In which order organisations stand on the page.
ORDER = (
    OrganisationKind.COUNCIL,
    OrganisationKind.HEALTH_COMMISSIONER,
    OrganisationKind.PARENT_CARER_FORUM,
    OrganisationKind.IASS,
)


@dataclass
class ShownPost:
    """A post with whoever holds it now, and before and after."""

    post: Post
    now: list[PostHolder] = field(default_factory=list)
    coming: list[PostHolder] = field(default_factory=list)
    earlier: list[PostHolder] = field(default_factory=list)


@dataclass
class ShownOrganisation:
    """An organisation that serves the area, for how long, and its posts."""

    organisation: Organisation
    link: AreaOrganisation
    readable: bool
    editable: bool
    posts: list[ShownPost] = field(default_factory=list)


@dataclass(frozen=True)
class SchoolYear:
    """The stretches of term that begin between August of one year and July of the next."""

    year: int
    terms: tuple[Term, ...]

    @property
    def name(self) -> str:
        """'2026 to 2027'."""
        return f"{self.year} to {self.year + 1}"


def serving(
    local_area: LocalArea, on: datetime.date, contacts: Contacts
) -> tuple[list[ShownOrganisation], list[AreaOrganisation]]:
    """The organisations that serve an area on a day with their people, and the links of all
    others: those of the past, latest first, and those to come. Three queries at most.

    People of organisations that the reader may not read are not looked up at all.
    """
    links = list(local_area.links.select_related("organisation"))
    now = [link for link in links if _holds(link, on)]
    others = [link for link in links if not _holds(link, on)]
    shown = [
        ShownOrganisation(
            link.organisation,
            link,
            contacts.may_read(link.organisation),
            contacts.may_edit(link.organisation),
        )
        for link in sorted(now, key=_by_kind)
    ]
    _add_posts(shown, local_area, on)
    others.sort(key=lambda link: link.ends_on or datetime.date.max, reverse=True)
    return shown, others


def _holds(dated: AreaOrganisation | PostHolder, day: datetime.date) -> bool:
    begun = dated.starts_on is None or dated.starts_on <= day
    return begun and (dated.ends_on is None or dated.ends_on >= day)


def _by_kind(link: AreaOrganisation) -> tuple[int, str]:
    kind = OrganisationKind(link.organisation.kind)
    return (ORDER.index(kind) if kind in ORDER else len(ORDER), link.organisation.name)


def _add_posts(
    shown: Iterable[ShownOrganisation], local_area: LocalArea, on: datetime.date
) -> None:
    by_organisation = {one.organisation.pk: one for one in shown}
    of_area = Q(local_area__isnull=True) | Q(local_area=local_area)
    posts: dict[int, ShownPost] = {}
    readable: list[int] = []
    for post in Post.objects.filter(of_area, organisation__in=by_organisation).order_by("pk"):
        organisation = by_organisation[post.organisation_id]
        posts[post.pk] = ShownPost(post)
        organisation.posts.append(posts[post.pk])
        if organisation.readable:
            readable.append(post.pk)
    for holder in PostHolder.objects.filter(post__in=readable).order_by("starts_on", "pk"):
        of_post = posts[holder.post_id]
        if _holds(holder, on):
            of_post.now.append(holder)
        elif holder.starts_on is not None and holder.starts_on > on:
            of_post.coming.append(holder)
        else:
            of_post.earlier.insert(0, holder)


def school_years(local_area: LocalArea) -> list[SchoolYear]:
    """All terms by school year, latest year first; one query."""
    years: dict[int, list[Term]] = {}
    for term in Term.objects.filter(local_area=local_area).order_by("starts_on"):
        day = term.starts_on
        years.setdefault(day.year if day.month >= 8 else day.year - 1, []).append(term)
    return [SchoolYear(year, tuple(years[year])) for year in sorted(years, reverse=True)]


def link_of(local_area: LocalArea, organisation_id: uuid.UUID) -> AreaOrganisation | None:
    """The latest link between an area and an organisation, or None."""
    links = local_area.links.filter(organisation=organisation_id).select_related("organisation")
    return links.order_by("-starts_on").first()
