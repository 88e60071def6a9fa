"""The list of areas, one area, and changing its contacts and terms."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from areas import editing, presenting
from areas.access import AreaAccess, access_to
from areas.forms import POSTS, ContactForm, EndForm, FindAreaForm, HolderForm, TermForm
from areas.models import AreaOrganisation, LocalArea, Organisation, PostHolder, Term
from areas.panels import panels_for
from config import clock
from design_system.forms import GovukForm, in_words

#: Terms that ended longer ago than this are not listed.
TERMS_BACK = datetime.timedelta(days=366)
SAVE = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def area_list(request: HttpRequest) -> HttpResponse:
    """Every local area that matches what was asked for, on one page; public."""
    form = FindAreaForm(request.GET)
    found = form.found()
    total = f"{len(found)} local area{'' if len(found) == 1 else 's'}"
    context = {"form": form, "total": total, "table": presenting.list_table(found, "Local areas")}
    return render(request, "areas/list.html", context)


@require_safe
def area_page(request: HttpRequest, area_id: uuid.UUID) -> HttpResponse:
    """One area. Its facts are public; people's names are for those who work with it."""
    area = _area(area_id)
    access = access_to(request.user, area)
    links = _links(area)
    today = clock.today()
    context: dict[str, Any] = {
        "area": area,
        "predecessors": area.predecessors.order_by("name"),
        "successors": area.successors.order_by("name"),
        "codes": presenting.codes_table(list(area.gss_codes.order_by("starts_on", "code"))),
        "bodies": presenting.bodies_table(links),
        "terms": presenting.terms_table(_terms(area, access, today)),
        "may_edit_terms": access.edits_terms,
        "panels": panels_for(request, area),
    }
    if access.reads_people:
        context |= _people(area, access, links, today)
    return render(request, "areas/area.html", context)


@login_required
@SAVE
def add_holder(
    request: HttpRequest, area_id: uuid.UUID, organisation_id: uuid.UUID
) -> HttpResponse:
    """Somebody takes up a post in an organisation of the area."""
    area = _area(area_id)
    access = access_to(request.user, area)
    link = _links_today(area).filter(organisation=organisation_id).first()
    if link is None or not access.reads_people:
        raise Http404("No such organisation serves this area.")
    organisation = link.organisation
    _people_may_be_edited(access, organisation)
    form = HolderForm(_given(request), kind=organisation.kind, initial={"starts_on": clock.today()})

    def save() -> str:
        given = dict(form.cleaned_data)
        holder = editing.take_up_post(organisation, area, given.pop("post"), **given)
        return f"{holder.name} is recorded from {in_words(given['starts_on'])}."

    title = f"Who takes up a post in {organisation.name}?"
    return _form_page(request, area, form, save, title=title, button="Save", part="people")


@login_required
@SAVE
def change_holder(request: HttpRequest, area_id: uuid.UUID, holder_id: int) -> HttpResponse:
    """Correct the name or contact details of somebody in a post."""
    area, holder = _holder(request, area_id, holder_id)
    initial = {"name": holder.name, "email": holder.email, "phone": holder.phone}
    form = ContactForm(_given(request), initial=initial)

    def save() -> str:
        for field, value in form.cleaned_data.items():
            setattr(holder, field, value)
        holder.save(update_fields=list(form.cleaned_data))
        return f"The contact details of {holder.name} are changed."

    title = f"Contact details: {holder.post.title}"
    lead = f"{holder.post.organisation.name}. For another person in the post, go back and add them."
    return _form_page(
        request, area, form, save, title=title, lead=lead, button="Save", part="people"
    )


@login_required
@SAVE
def end_holder(request: HttpRequest, area_id: uuid.UUID, holder_id: int) -> HttpResponse:
    """Somebody leaves a post. The record stays, with its last day."""
    area, holder = _holder(request, area_id, holder_id)
    form = EndForm(_given(request), initial={"ends_on": holder.ends_on or clock.today()})

    def save() -> str:
        last = form.cleaned_data["ends_on"]
        editing.leave_post(holder, last)
        return f"{holder.name} holds the post until {in_words(last)}."

    title = f"When does {holder.name} leave the post?"
    lead = f"{holder.post.title}, {holder.post.organisation.name}"
    return _form_page(
        request, area, form, save, title=title, lead=lead, button="Save the last day", part="people"
    )


@login_required
@SAVE
def add_term(request: HttpRequest, area_id: uuid.UUID) -> HttpResponse:
    """A stretch of term is added."""
    area = _area_with_terms_to_edit(request, area_id)
    form = TermForm(_given(request))
    return _form_page(
        request,
        area,
        form,
        _term_saver(form, Term(local_area=area), "added"),
        title="Add a stretch of school term",
        button="Add",
        part="terms-part",
    )


@login_required
@SAVE
def change_term(request: HttpRequest, area_id: uuid.UUID, term_id: int) -> HttpResponse:
    """A stretch of term gets another name or other days."""
    area = _area_with_terms_to_edit(request, area_id)
    term = _term(area, term_id)
    initial = {"name": term.name, "starts_on": term.starts_on, "ends_on": term.ends_on}
    form = TermForm(_given(request), initial=initial)
    return _form_page(
        request,
        area,
        form,
        _term_saver(form, term, "changed"),
        title="Change a stretch of school term",
        button="Save",
        part="terms-part",
    )


@login_required
@SAVE
def remove_term(request: HttpRequest, area_id: uuid.UUID, term_id: int) -> HttpResponse:
    """A stretch of term is removed, after asking."""
    area = _area_with_terms_to_edit(request, area_id)
    term = _term(area, term_id)
    if request.method == "POST":
        term.delete()
        messages.success(request, f"“{term.name}” is removed.")
        return _back(area, "terms-part")
    return render(request, "areas/remove_term.html", {"area": area, "term": term})


# --- what the views share ---


def _given(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _area(area_id: uuid.UUID) -> LocalArea:
    area = LocalArea.objects.select_related("region").filter(pk=area_id).first()
    if area is None:
        raise Http404("There is no such area.")
    return area


def _links(area: LocalArea) -> list[AreaOrganisation]:
    links = area.links.select_related("organisation")
    far = datetime.date.max
    return sorted(
        links, key=lambda one: (one.ends_on is not None, one.organisation.name, one.ends_on or far)
    )


def _links_today(area: LocalArea) -> Any:
    return area.links.on(clock.today()).select_related("organisation")


def _holders(area: LocalArea) -> Any:
    """Everybody in a post of an organisation of the area, other areas' own posts left out."""
    of_the_area = Q(post__local_area=area) | Q(post__local_area__isnull=True)
    found = PostHolder.objects.filter(of_the_area, post__organisation__links__local_area=area)
    return found.select_related("post", "post__organisation").distinct()


def _holder(
    request: HttpRequest, area_id: uuid.UUID, holder_id: int
) -> tuple[LocalArea, PostHolder]:
    area = _area(area_id)
    access = access_to(request.user, area)
    holder = _holders(area).filter(pk=holder_id).first() if access.reads_people else None
    if holder is None:
        raise Http404("There is no such person in this area.")
    _people_may_be_edited(access, holder.post.organisation)
    return area, holder


def _people_may_be_edited(access: AreaAccess, organisation: Organisation) -> None:
    if not access.edits_people(organisation.pk):
        raise PermissionDenied(
            f"The contacts of {organisation.name} are kept by its own people, by support officers "
            "and by the team of an inspection there."
        )


def _area_with_terms_to_edit(request: HttpRequest, area_id: uuid.UUID) -> LocalArea:
    area = _area(area_id)
    if not access_to(request.user, area).edits_terms:
        raise PermissionDenied("School terms are kept by the support officers.")
    return area


def _term(area: LocalArea, term_id: int) -> Term:
    term = Term.objects.filter(local_area=area, pk=term_id).first()
    if term is None:
        raise Http404("There is no such term.")
    return term


def _term_saver(form: TermForm, term: Term, done: str) -> Callable[[], str]:
    def save() -> str:
        saved = editing.save_term(term, **form.cleaned_data)
        return f"“{saved.name}” is {done}."

    return save


def _form_page(
    request: HttpRequest,
    area: LocalArea,
    form: GovukForm,
    save: Callable[[], str],
    *,
    part: str,
    **context: str,
) -> HttpResponse:
    """The page of one form; back to the area once `save` went well, its words shown there."""
    if request.method == "POST" and form.is_valid():
        try:
            done = save()
        except editing.EditRefused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, done)
            return _back(area, part)
    return render(request, "areas/form.html", {"area": area, "form": form, **context})


def _back(area: LocalArea, part: str) -> HttpResponse:
    return redirect(f"{area.get_absolute_url()}#{part}")


def _terms(
    area: LocalArea, access: AreaAccess, today: datetime.date
) -> list[tuple[Term, SafeString]]:
    terms = area.terms.filter(ends_on__gte=today - TERMS_BACK).order_by("starts_on")
    return [
        (term, _term_links(area, term) if access.edits_terms else SafeString()) for term in terms
    ]


def _term_links(area: LocalArea, term: Term) -> SafeString:
    at = f"{term.name}, {in_words(term.starts_on)}"
    return _links_to(
        ("Change", reverse("area_term_change", args=[area.pk, term.pk]), at),
        ("Remove", reverse("area_term_remove", args=[area.pk, term.pk]), at),
    )


def _people(
    area: LocalArea, access: AreaAccess, links: list[AreaOrganisation], today: datetime.date
) -> dict[str, Any]:
    now, before = [], []
    for holder in _holders(area).order_by("post__organisation__name", "post__kind", "starts_on"):
        if holder.ends_on and holder.ends_on < today:
            before.append((holder, SafeString()))
            continue
        own = access.edits_people(holder.post.organisation_id)
        now.append((holder, _holder_links(area, holder) if own else SafeString()))
    own_organisations = {
        link.organisation
        for link in links
        if (link.starts_on is None or link.starts_on <= today)
        and (link.ends_on is None or link.ends_on >= today)
        and link.organisation.kind in POSTS
        and access.edits_people(link.organisation_id)
    }
    return {
        "people": presenting.people_table(now, "People in post", "people-now"),
        "earlier": presenting.people_table(before, "Earlier holders", "people-before")
        if before
        else "",
        "organisations_to_edit": sorted(own_organisations, key=lambda one: one.name),
    }


def _holder_links(area: LocalArea, holder: PostHolder) -> SafeString:
    return _links_to(
        ("Change", reverse("area_holder_change", args=[area.pk, holder.pk]), holder.name),
        ("End", reverse("area_holder_end", args=[area.pk, holder.pk]), holder.name),
    )


def _links_to(*links: tuple[str, str, str]) -> SafeString:
    made = [
        format_html(
            '<a class="govuk-link" href="{}">{}<span class="govuk-visually-hidden">: {}</span></a>',
            address,
            label,
            of,
        )
        for label, address, of in links
    ]
    return SafeString(" ".join(made))
