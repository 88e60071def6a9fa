"""Questions about local areas: who serves them, who holds which post, what is term time."""

import datetime
import uuid
from collections.abc import Iterable, Sequence

from django.db.models import Q

from areas.models import LocalArea, Organisation, OrganisationKind, PostHolder, Term
from areas.terms import in_term_by

__all__ = [
    "bodies",
    "council",
    "health_commissioners",
    "holder",
    "holders",
    "holders_by_body",
    "in_term",
    "in_term_on",
    "organisations",
]


def organisations(
    local_area: LocalArea, on: datetime.date, kinds: Iterable[str] = ()
) -> list[Organisation]:
    """The organisations that serve an area on a day, by name; of these kinds only where given."""
    links = local_area.links.on(on).select_related("organisation")
    if wanted := list(kinds):
        links = links.filter(organisation__kind__in=wanted)
    found = {link.organisation_id: link.organisation for link in links}
    return sorted(found.values(), key=lambda one: (one.name, str(one.pk)))


def council(local_area: LocalArea, on: datetime.date) -> Organisation | None:
    """The council of an area on a day, or None where none is recorded (an area that has gone)."""
    return next(iter(organisations(local_area, on, [OrganisationKind.COUNCIL])), None)


def health_commissioners(local_area: LocalArea, on: datetime.date) -> list[Organisation]:
    """The health commissioners of an area on a day, by name: CCGs until June 2022, integrated care
    boards since. Empty where none is recorded for that day."""
    return organisations(local_area, on, [OrganisationKind.HEALTH_COMMISSIONER])


def bodies(local_area: LocalArea, on: datetime.date) -> list[Organisation]:
    """Who is asked about factual accuracy and receives the report: the council, then each health
    commissioner (HB 57-59)."""
    kinds = [OrganisationKind.COUNCIL, OrganisationKind.HEALTH_COMMISSIONER]
    found = organisations(local_area, on, kinds)
    return sorted(found, key=lambda one: one.kind != OrganisationKind.COUNCIL)


def holder(
    organisation: Organisation,
    kind: str,
    on: datetime.date,
    local_area: LocalArea | None = None,
) -> PostHolder | None:
    """Who holds a kind of post in an organisation on a day, or None.

    With an area, the post that is of this area comes before one that is of no single area.
    """
    return holders([organisation], [kind], on, local_area).get((organisation.pk, kind))


def holders(
    of: Sequence[Organisation],
    kinds: Iterable[str],
    on: datetime.date,
    local_area: LocalArea | None = None,
) -> dict[tuple[uuid.UUID, str], PostHolder]:
    """As `holder`, for several organisations and kinds at once, by id and kind: one query.

    The latest to begin counts where two overlap.
    """
    whose = Q(post__local_area__isnull=True)
    if local_area is not None:
        whose |= Q(post__local_area=local_area)
    found = (
        PostHolder.objects.on(on)
        .filter(whose, post__organisation__in=list(of), post__kind__in=list(kinds))
        .select_related("post", "post__organisation")
    )
    begin = datetime.date.min

    def rank(one: PostHolder) -> tuple[bool, datetime.date, int]:
        return (one.post.local_area_id is not None, one.starts_on or begin, one.pk)

    return {(one.post.organisation_id, one.post.kind): one for one in sorted(found, key=rank)}


def holders_by_body(
    of: Sequence[Organisation],
    kind: str,
    on: datetime.date,
    local_area: LocalArea | None = None,
) -> dict[Organisation, PostHolder]:
    """Who holds one kind of post in each of these organisations that has somebody: one query."""
    found = holders(of, [kind], on, local_area)
    return {one: found[one.pk, kind] for one in of if (one.pk, kind) in found}


def in_term(local_area: LocalArea, day: datetime.date) -> bool | None:
    """Whether a day is in term time at an area: True, False, or None where it is not known."""
    return in_term_on(local_area, [day])[day]


def in_term_on(
    local_area: LocalArea, days: Iterable[datetime.date]
) -> dict[datetime.date, bool | None]:
    """As `in_term`, for several days at once: one query (HB 14)."""
    terms = list(
        Term.objects.filter(local_area=local_area)
        .order_by("starts_on")
        .values_list("starts_on", "ends_on")
    )
    return {day: in_term_by(terms, day) for day in days}
