"""Changing what is known of an area: who holds a post, when school is in term."""

import datetime

from django.db import transaction
from django.db.models import Q

from areas.models import LocalArea, Organisation, Post, PostHolder, PostKind, Term
from design_system.forms import in_words

#: These posts are of one area, also in a body that serves several.
OF_ONE_AREA = frozenset({PostKind.HEALTH_LANO, PostKind.SEND_LEAD})


class EditRefused(ValueError):
    """What was asked for contradicts what is recorded. `field`: the field of the form at fault."""

    def __init__(self, field: str, text: str) -> None:
        self.field = field
        super().__init__(text)


@transaction.atomic
def take_up_post(
    organisation: Organisation,
    local_area: LocalArea,
    kind: str,
    *,
    name: str,
    email: str,
    phone: str,
    starts_on: datetime.date,
    takes_over: bool,
) -> PostHolder:
    """Record that somebody holds a post from a day on; the post is made where there is none yet.

    Taking over ends the time of whoever holds it on that day, the day before. Raises EditRefused
    where that person began on that day or later, or where the same person holds it already.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    post = _post(organisation, local_area, kind)
    holding = post.holders.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
    for before in holding:
        if before.name.casefold() == name.casefold() and before.ends_on is None:
            raise EditRefused("name", f"{before.name} is recorded in this post already")
        if takes_over and before.starts_on and before.starts_on >= starts_on:
            raise EditRefused(
                "starts_on",
                f"{before.name} holds the post from {in_words(before.starts_on)}: "
                "choose a later day, or say that nobody is taken over from",
            )
    if takes_over:
        holding.update(ends_on=starts_on - datetime.timedelta(days=1))
    return post.holders.create(name=name, email=email, phone=phone, starts_on=starts_on)


def _post(organisation: Organisation, local_area: LocalArea, kind: str) -> Post:
    area = local_area if kind in OF_ONE_AREA else None
    known = Post.objects.filter(organisation=organisation, kind=kind)
    found = (
        known.filter(Q(local_area=local_area) | Q(local_area=None)).order_by("local_area").first()
    )
    return found or Post.objects.create(
        organisation=organisation, local_area=area, kind=kind, title=PostKind(kind).label
    )


@transaction.atomic
def leave_post(holder: PostHolder, ends_on: datetime.date) -> None:
    """Record the last day of somebody in a post. Raises EditRefused for one before the first."""
    holder = PostHolder.objects.select_for_update().get(pk=holder.pk)
    if holder.starts_on and ends_on < holder.starts_on:
        raise EditRefused(
            "ends_on", f"The last day is before the first, {in_words(holder.starts_on)}"
        )
    holder.ends_on = ends_on
    holder.save(update_fields=["ends_on"])


@transaction.atomic
def save_term(term: Term, *, name: str, starts_on: datetime.date, ends_on: datetime.date) -> Term:
    """Add or change a stretch of term. Raises EditRefused where it overlaps another one."""
    LocalArea.objects.select_for_update().get(pk=term.local_area_id)  # two at once cannot overlap
    others = Term.objects.filter(local_area=term.local_area_id).exclude(pk=term.pk)
    other = others.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if other:
        inside = other.starts_on <= starts_on <= other.ends_on
        raise EditRefused(
            "starts_on" if inside else "ends_on",
            f"These days overlap with “{other.name}”, {in_words(other.starts_on)} "
            f"to {in_words(other.ends_on)}",
        )
    term.name, term.starts_on, term.ends_on = name, starts_on, ends_on
    term.save()
    return term
