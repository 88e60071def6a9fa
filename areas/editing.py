"""Changes to posts, their holders, organisations and terms, each checked against what is there.

Every function locks the row that its rows belong to, so that two people who save at the same
moment cannot both enter overlapping dates.
"""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from areas import serving
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

#: Longer than any stretch between two holidays: the autumn term without its half-term.
LONGEST_TERM = 130


class ChangeRefused(ValueError):
    """A change that what is there already does not allow; `field` says which answer is at fault."""

    def __init__(self, field: str | None, text: str) -> None:
        super().__init__(text)
        self.field = field


def in_words(day: datetime.date | None) -> str:
    """'27 March 2026'."""
    return f"{day.day} {day:%B %Y}" if day else "an unknown day"


def _overlap(one: tuple[datetime.date | None, datetime.date | None], other: Any) -> bool:
    first, last = one
    begins = other.starts_on or datetime.date.min
    ends = other.ends_on or datetime.date.max
    return begins <= (last or datetime.date.max) and ends >= (first or datetime.date.min)


def _in_order(starts_on: datetime.date | None, ends_on: datetime.date | None) -> None:
    if starts_on and ends_on and ends_on < starts_on:
        raise ChangeRefused(
            "ends_on", f"The last day must not be before the first, {in_words(starts_on)}"
        )


# -- posts and holders ---------------------------------------------------------------------------


@transaction.atomic
def add_post(
    organisation: Organisation, *, kind: str, title: str, local_area: LocalArea | None
) -> Post:
    """A new post of the organisation, for one area or (None) for all that it serves.

    Raises ChangeRefused where it has such a post already.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    same = Post.objects.filter(organisation=organisation, kind=kind, local_area=local_area)
    if existing := same.first():
        raise ChangeRefused("kind", f"{organisation.name} has this post already: {existing.title}")
    return Post.objects.create(
        organisation=organisation, kind=kind, title=title, local_area=local_area
    )


def check_holder(holder: PostHolder, others: Iterable[PostHolder]) -> None:
    """Raise ChangeRefused for dates in the wrong order, or where one of the others holds the post
    at that time."""
    _in_order(holder.starts_on, holder.ends_on)
    for other in others:
        if _overlap((holder.starts_on, holder.ends_on), other):
            raise ChangeRefused("starts_on", _who_holds_it(other))


@transaction.atomic
def save_holder(holder: PostHolder, *, succeeds: bool = False) -> PostHolder:
    """Save a new or changed holder of a post. With `succeeds`, whoever holds it without an end is
    given one, the day before.

    Raises ChangeRefused for dates in the wrong order, or where somebody else holds the post.
    """
    Post.objects.select_for_update().get(pk=holder.post_id)
    _in_order(holder.starts_on, holder.ends_on)
    others = list(PostHolder.objects.filter(post=holder.post_id).exclude(pk=holder.pk))
    if succeeds and holder.starts_on:
        eve = holder.starts_on - datetime.timedelta(days=1)
        for other in others:
            begins = other.starts_on or datetime.date.min
            if other.ends_on is None and begins <= eve:
                other.ends_on = eve
                other.save(update_fields=["ends_on"])
    check_holder(holder, others)
    holder.save()
    return holder


def _who_holds_it(other: PostHolder) -> str:
    since = f" from {in_words(other.starts_on)}" if other.starts_on else ""
    until = f" to {in_words(other.ends_on)}" if other.ends_on else ""
    if until:
        return f"{other.name} holds this post{since}{until}: dates must not overlap"
    return f"{other.name} holds this post{since} without an end: give them a last day first"


# -- organisations ---------------------------------------------------------------------------------


def check_link(link: AreaOrganisation, others: Iterable[AreaOrganisation]) -> None:
    """Raise ChangeRefused for dates in the wrong order or that overlap with the same organisation's
    among the other links of the area, and for a second council at the same time."""
    _in_order(link.starts_on, link.ends_on)
    is_council = link.organisation.kind == OrganisationKind.COUNCIL
    for other in others:
        same = other.organisation_id == link.organisation_id
        two_councils = is_council and other.organisation.kind == OrganisationKind.COUNCIL
        if (same or two_councils) and _overlap((link.starts_on, link.ends_on), other):
            raise ChangeRefused(
                "starts_on", f"{other.organisation.name} serves this area at that time already"
            )


def check_new_dates(
    before: AreaOrganisation,
    after: AreaOrganisation,
    resting: Sequence[serving.Resting],
    *,
    area: LocalArea,
    others: Iterable[AreaOrganisation] = (),
) -> None:
    """Raise ChangeRefused where other dates would leave the area without a council today, or cases
    that go on without a body; `others` are what else serves the area after the change."""
    if found := serving.objection(before, after, resting, area=area, others=others):
        raise ChangeRefused(found.field, found.text)


@transaction.atomic
def save_link(link: AreaOrganisation) -> AreaOrganisation:
    """Save from when to when an organisation serves an area.

    Raises ChangeRefused for dates in the wrong order or that overlap with the same organisation's,
    for a second council at the same time, and as `check_new_dates`.
    """
    area = LocalArea.objects.select_for_update().get(pk=link.local_area_id)
    rows = AreaOrganisation.objects.filter(local_area=area).select_related("organisation")
    known = {one.pk: one for one in rows}
    before = known.pop(link.pk, None)
    check_link(link, known.values())
    if before is not None:
        resting = serving.cases_on([before]).get(serving.pair_of(before), [])
        check_new_dates(before, link, resting, area=area, others=known.values())
    link.save()
    return link


def check_code(code: GssCode, others: Iterable[GssCode]) -> None:
    """Raise ChangeRefused for dates in the wrong order, or where the area has another code then."""
    _in_order(code.starts_on, code.ends_on)
    for other in others:
        if _overlap((code.starts_on, code.ends_on), other):
            raise ChangeRefused("starts_on", f"The area has the code {other.code} at that time")


# -- terms -----------------------------------------------------------------------------------------


def check_term(term: Term, others: Iterable[Term]) -> None:
    """Raise ChangeRefused for dates in the wrong order, for a term that overlaps another of the
    area, and for one so long that a half-term must be missing from it (HB 14 needs the holidays).
    """
    _in_order(term.starts_on, term.ends_on)
    if (term.ends_on - term.starts_on).days >= LONGEST_TERM:
        raise ChangeRefused(
            "ends_on", "That is too long for one term: enter the time before and after half-term"
        )
    for other in others:
        if _overlap((term.starts_on, term.ends_on), other):
            raise ChangeRefused(
                "starts_on",
                f"These days overlap with {other.name}, {in_words(other.starts_on)} to "
                f"{in_words(other.ends_on)}",
            )


@transaction.atomic
def save_term(term: Term) -> Term:
    """Save a stretch of term. Raises ChangeRefused, as `check_term`."""
    LocalArea.objects.select_for_update().get(pk=term.local_area_id)
    check_term(term, Term.objects.filter(local_area=term.local_area_id).exclude(pk=term.pk))
    term.save()
    return term
