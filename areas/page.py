"""What an area's page shows: its organisations with their people, and its terms."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.html import format_html

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
from design_system.tables import Column, Table

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


def school_year_of(day: datetime.date) -> int:
    """The year in which the school year of a day began: it runs from August to July."""
    return day.year if day.month >= 8 else day.year - 1


def school_years(local_area: LocalArea) -> list[SchoolYear]:
    """All terms by school year, latest year first; one query."""
    years: dict[int, list[Term]] = {}
    for term in Term.objects.filter(local_area=local_area).order_by("starts_on"):
        years.setdefault(school_year_of(term.starts_on), []).append(term)
    return [SchoolYear(year, tuple(years[year])) for year in sorted(years, reverse=True)]


def term_table(year: SchoolYear, change: Callable[[Term], str] | None) -> Table:
    """A school year's terms; with `change`, the address at which each can be changed."""
    columns = [Column("Term"), Column("From and to")]
    rows: list[list[Any]] = [
        [term.name, f"{_short(term.starts_on)} to {_short(term.ends_on)}"] for term in year.terms
    ]
    if change:
        columns.append(Column("What to do", hide_label=True, nowrap=True))
        for term, row in zip(year.terms, rows, strict=True):
            row.append(
                format_html(
                    '<a class="govuk-link" href="{}">Change<span class="govuk-visually-hidden">'
                    " {} of {}</span></a>",
                    change(term),
                    term.name,
                    year.name,
                )
            )
    title = f"School year {year.name}"
    return Table(title, columns, rows, caption_size="s", stack=False, id=f"terms-{year.year}")


def _short(day: datetime.date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"
