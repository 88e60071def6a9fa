"""What an area's page shows: its organisations with their people, and its terms."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from areas.contacts import Contacts
from areas.models import (
    AreaOrganisation,
    GssCode,
    LocalArea,
    Organisation,
    OrganisationKind,
    Post,
    PostHolder,
    Term,
)
from design_system.forms import in_words
from design_system.tables import Column, Table

#: In which order organisations stand on the page.
ORDER = (
    OrganisationKind.COUNCIL,
    OrganisationKind.HEALTH_COMMISSIONER,
    OrganisationKind.PARENT_CARER_FORUM,
    OrganisationKind.IASS,
)


#: What the first three characters of a GSS code say that an authority is.
CODE_KINDS = {
    "E06": "unitary authority",
    "E08": "metropolitan district",
    "E09": "London borough",
    "E10": "county council",
}


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
) -> tuple[list[ShownOrganisation], list[ShownOrganisation]]:
    """The organisations that serve an area on a day with their people; then those of other times:
    those to come, and those of the past, latest first. Four queries at most.

    People of organisations that the reader may not read are not looked up at all.
    """
    links = local_area.links.select_related("organisation")
    all_shown = [
        ShownOrganisation(
            link.organisation,
            link,
            contacts.may_read(link.organisation),
            contacts.may_edit(link.organisation),
        )
        for link in links.prefetch_related("organisation__successors")
    ]
    now = sorted((one for one in all_shown if _holds(one.link, on)), key=_by_kind)
    others = [one for one in all_shown if not _holds(one.link, on)]
    others.sort(key=_by_kind)
    others.sort(key=lambda one: one.link.ends_on or datetime.date.max, reverse=True)
    # The posts of an organisation stand once, where it served more than once: with its present.
    _add_posts([*reversed(others), *now], local_area, on)
    return now, others


def _holds(dated: AreaOrganisation | PostHolder, day: datetime.date) -> bool:
    begun = dated.starts_on is None or dated.starts_on <= day
    return begun and (dated.ends_on is None or dated.ends_on >= day)


def _by_kind(one: ShownOrganisation) -> tuple[int, int, str]:
    """Councils first, then commissioners, the one that serves most people before the others."""
    kind = OrganisationKind(one.organisation.kind)
    place = ORDER.index(kind) if kind in ORDER else len(ORDER)
    return (place, -(one.link.share or 0), one.organisation.name)


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


def code_rows(codes: Iterable[GssCode]) -> list[dict[str, Any]]:
    """GSS codes in their order, each with what its first letters say the authority was then."""
    return [{"code": code, "kind": CODE_KINDS.get(code.code[:3], "")} for code in codes]


def other_times_table(
    others: Iterable[ShownOrganisation], change: Callable[[AreaOrganisation], str] | None
) -> Table:
    """Organisations that served the area, or will: from when to when, who held their posts, and
    what they became; with `change`, the address at which the dates are changed."""
    columns = [Column("Organisation"), Column("When it served the area"), Column("It became")]
    if change:
        columns.append(Column("What to do", hide_label=True))
    rows = []
    for one in others:
        cells = [_with_people(one), _when(one.link), _became(one)]
        if change:
            cells.append(
                format_html(
                    '<a class="govuk-link" href="{}">Change<span class="govuk-visually-hidden">'
                    " the dates of {}</span></a>",
                    change(one.link),
                    one.organisation.name,
                )
            )
        rows.append(cells)
    return Table("Organisations of other times", columns, rows, hide_caption=True, id="other-times")


def _with_people(one: ShownOrganisation) -> SafeString:
    people = [
        (shown.post.title, holder.name, _days_in_words(holder))
        for shown in one.posts
        for holder in [*shown.coming, *shown.now, *shown.earlier]
        if _held_while(holder, one.link)
    ]
    lines = format_html_join(
        "", '<br><span class="app-muted app-small">{}: <bdi>{}</bdi>{}</span>', people
    )
    kind = one.organisation.get_kind_display()
    return format_html(
        '{}<br><span class="app-muted app-small govuk-!-font-weight-regular">{}</span>'
        '<span class="govuk-!-font-weight-regular">{}</span>',
        one.organisation.name,
        kind,
        lines,
    )


def _held_while(holder: PostHolder, link: AreaOrganisation) -> bool:
    """Whether somebody held the post while the organisation served the area. Of whom no dates are
    known is taken to hold it today, unless the organisation has gone."""
    if holder.starts_on is None and holder.ends_on is None:
        return link.ends_on is None or link.organisation.ends_on is not None
    begun = holder.starts_on is None or link.ends_on is None or holder.starts_on <= link.ends_on
    ended = holder.ends_on and link.starts_on and holder.ends_on < link.starts_on
    return begun and not ended


def _when(link: AreaOrganisation) -> str:
    words = _days_in_words(link).removeprefix(", ")
    share = f" ({link.share}% of its people)" if link.share and link.share < 100 else ""
    return f"{words[:1].upper()}{words[1:]}{share}"


def _days_in_words(dated: AreaOrganisation | PostHolder) -> str:
    first = f", from {in_words(dated.starts_on)}" if dated.starts_on else ""
    last = f", until {in_words(dated.ends_on)}" if dated.ends_on else ""
    return f"{first}{last}".replace(", until", " until") if first else last


def _became(one: ShownOrganisation) -> str:
    return "; ".join(sorted(body.name for body in one.organisation.successors.all()))
