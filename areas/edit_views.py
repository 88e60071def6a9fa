"""Changing the people, organisations and terms of an area: one small form each."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from areas import editing
from areas.contacts import contacts_for
from areas.forms import (
    HolderForm,
    LinkForm,
    NewHolderForm,
    NewLinkForm,
    OrganisationForm,
    PostForm,
    TermForm,
)
from areas.history import note_changes
from areas.models import (
    AreaOrganisation,
    LocalArea,
    Organisation,
    OrganisationKind,
    Post,
    PostHolder,
    PostKind,
    Term,
)
from config import clock

View = Callable[..., HttpResponse]

#: Which posts an organisation can have, by its kind.
POSTS: dict[str, tuple[PostKind, ...]] = {
    OrganisationKind.COUNCIL: (
        PostKind.DCS,
        PostKind.CHIEF_EXECUTIVE,
        PostKind.LANO,
        PostKind.SEND_LEAD,
    ),
    OrganisationKind.HEALTH_COMMISSIONER: (
        PostKind.HEALTH_CHIEF_EXECUTIVE,
        PostKind.HEALTH_LANO,
        PostKind.SEND_LEAD,
    ),
    OrganisationKind.PARENT_CARER_FORUM: (PostKind.FORUM_CHAIR,),
    OrganisationKind.IASS: (PostKind.SERVICE_MANAGER,),
}


def _for_editors(view: View) -> View:
    return login_required(require_http_methods(["GET", "HEAD", "POST"])(view))


def _area(area_id: uuid.UUID) -> LocalArea:
    return get_object_or_404(LocalArea, pk=area_id)


def _organisation(area: LocalArea, organisation_id: uuid.UUID) -> Organisation:
    """An organisation that serves, served or will serve the area; 404 for any other."""
    serving = Organisation.objects.filter(links__local_area=area).distinct()
    return get_object_or_404(serving, pk=organisation_id)


def _allowed(
    request: HttpRequest, area: LocalArea, organisation: Organisation | None = None
) -> None:
    """Raises PermissionDenied with the reason."""
    contacts_for(request.user, area, clock.today()).require_edit(organisation)


def _keeps_terms(request: HttpRequest, area: LocalArea) -> None:
    """Raises PermissionDenied with the reason."""
    contacts_for(request.user, area, clock.today()).require_terms()


def _form_page(
    request: HttpRequest,
    area: LocalArea,
    form: Any,
    save: Callable[[dict[str, Any]], str],
    *,
    title: str,
    **shown: Any,
) -> HttpResponse:
    """Show the form, or save it and go back to the area's page with what `save` says.

    A refusal of `save` stands beside the field at fault, and nothing typed is lost.
    """
    if request.method == "POST" and form.is_valid():
        try:
            done = save(form.cleaned_data)
        except editing.ChangeRefused as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, str(refusal))
        else:
            note_changes([(area, done)], by=request.user)
            messages.success(request, done)
            return HttpResponseRedirect(area.get_absolute_url())
    return render(request, "areas/edit.html", {"area": area, "form": form, "title": title, **shown})


def _remove_page(request: HttpRequest, area: LocalArea, row: Any, *, what: str) -> HttpResponse:
    """Ask whether to remove a row that was entered by mistake, then do."""
    if request.method == "POST":
        row.delete()
        note_changes([(area, f"Removed: {what}.")], by=request.user)
        messages.success(request, f"Removed: {what}.")
        return HttpResponseRedirect(area.get_absolute_url())
    return render(request, "areas/remove.html", {"area": area, "what": what})


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


# -- posts and holders ---------------------------------------------------------------------------


@_for_editors
def new_post(request: HttpRequest, area_id: uuid.UUID, organisation_id: uuid.UUID) -> HttpResponse:
    """A post that an organisation does not have yet."""
    area = _area(area_id)
    organisation = _organisation(area, organisation_id)
    _allowed(request, area, organisation)
    kinds = POSTS.get(organisation.kind, ())
    form = PostForm([(one.value, one.label) for one in kinds], _data(request))
    if organisation.kind != OrganisationKind.HEALTH_COMMISSIONER:
        del form.fields["whose"]

    def save(answers: dict[str, Any]) -> str:
        kind = PostKind(answers["kind"])
        only_here = answers.get("whose") == "area"
        post = editing.add_post(
            organisation,
            kind=kind,
            title=answers["title"] or str(kind.label),
            local_area=area if only_here else None,
        )
        return f"{post.title} was added. Now say who holds the post."

    return _form_page(request, area, form, save, title=f"Add a post at {organisation.name}")


@_for_editors
def new_holder(request: HttpRequest, area_id: uuid.UUID, post_id: int) -> HttpResponse:
    """Somebody new in a post."""
    area = _area(area_id)
    post = _post(area, post_id)
    _allowed(request, area, post.organisation)
    succession = post.holders.filter(ends_on__isnull=True).exists()
    form = NewHolderForm(_data(request), succession=succession)

    def save(answers: dict[str, Any]) -> str:
        succeeds = answers.pop("succeeds", "no") == "yes"
        editing.save_holder(PostHolder(post=post, **answers), succeeds=succeeds)
        return f"{answers['name']} was added as {post.title}."

    return _form_page(
        request, area, form, save, title=f"{post.title}: somebody new", about=post.organisation
    )


def _post(area: LocalArea, post_id: int) -> Post:
    here = Q(local_area__isnull=True) | Q(local_area=area)
    serving = Q(organisation__links__local_area=area)
    posts = Post.objects.filter(here, serving).select_related("organisation").distinct()
    return get_object_or_404(posts, pk=post_id)


def _holder(area: LocalArea, holder_id: int) -> PostHolder:
    holder = get_object_or_404(PostHolder, pk=holder_id)
    holder.post = _post(area, holder.post_id)
    return holder


@_for_editors
def change_holder(request: HttpRequest, area_id: uuid.UUID, holder_id: int) -> HttpResponse:
    """Name, address, number and dates of somebody who holds a post."""
    area = _area(area_id)
    holder = _holder(area, holder_id)
    _allowed(request, area, holder.post.organisation)
    form = HolderForm(_data(request), initial=forms.model_to_dict(holder))

    def save(answers: dict[str, Any]) -> str:
        for name, answer in answers.items():
            setattr(holder, name, answer)
        editing.save_holder(holder)
        return f"{holder.name} was saved."

    return _form_page(
        request,
        area,
        form,
        save,
        title=f"{holder.post.title}: change {forms.model_to_dict(holder)['name']}",
        about=holder.post.organisation,
        remove="remove_holder",
        row=holder,
    )


@_for_editors
def remove_holder(request: HttpRequest, area_id: uuid.UUID, holder_id: int) -> HttpResponse:
    """Take out somebody who was entered by mistake."""
    area = _area(area_id)
    holder = _holder(area, holder_id)
    _allowed(request, area, holder.post.organisation)
    what = f"{holder.name}, {holder.post.title}"
    return _remove_page(request, area, holder, what=what)


# -- organisations ---------------------------------------------------------------------------------


@_for_editors
def change_organisation(
    request: HttpRequest, area_id: uuid.UUID, organisation_id: uuid.UUID
) -> HttpResponse:
    """E-mail and postal address of an organisation."""
    area = _area(area_id)
    organisation = _organisation(area, organisation_id)
    _allowed(request, area, organisation)
    form = OrganisationForm(_data(request), initial=forms.model_to_dict(organisation))

    def save(answers: dict[str, Any]) -> str:
        organisation.email, organisation.address = answers["email"], answers["address"]
        organisation.save(update_fields=["email", "address"])
        return f"{organisation.name} was saved."

    return _form_page(request, area, form, save, title=f"Contact details of {organisation.name}")


@_for_editors
def new_link(request: HttpRequest, area_id: uuid.UUID) -> HttpResponse:
    """An organisation begins to serve the area."""
    area = _area(area_id)
    _allowed(request, area)
    form = NewLinkForm(_data(request))

    def save(answers: dict[str, Any]) -> str:
        dates = {"starts_on": answers["starts_on"], "ends_on": answers["ends_on"]}
        with transaction.atomic():  # a refused link leaves no new organisation behind
            organisation = form.organisation()
            editing.save_link(AreaOrganisation(local_area=area, organisation=organisation, **dates))
        return f"{organisation.name} was added."

    return _form_page(request, area, form, save, title=f"Add an organisation to {area.name}")


@_for_editors
def change_link(request: HttpRequest, area_id: uuid.UUID, link_id: int) -> HttpResponse:
    """From when to when an organisation serves the area."""
    area = _area(area_id)
    links = AreaOrganisation.objects.select_related("organisation")
    link = get_object_or_404(links, pk=link_id, local_area=area)
    _allowed(request, area)
    form = LinkForm(_data(request), initial=forms.model_to_dict(link))

    def save(answers: dict[str, Any]) -> str:
        link.starts_on, link.ends_on = answers["starts_on"], answers["ends_on"]
        editing.save_link(link)
        return f"The dates of {link.organisation.name} were saved."

    title = f"{link.organisation.name}: when it serves {area.name}"
    return _form_page(request, area, form, save, title=title)


# -- terms -----------------------------------------------------------------------------------------


@_for_editors
def new_term(request: HttpRequest, area_id: uuid.UUID) -> HttpResponse:
    """A stretch of term that is not entered yet."""
    area = _area(area_id)
    _keeps_terms(request, area)

    def save(answers: dict[str, Any]) -> str:
        term = editing.save_term(Term(local_area=area, **answers))
        return f"{term.name} was added."

    return _form_page(
        request, area, TermForm(_data(request)), save, title=f"Add a school term in {area.name}"
    )


@_for_editors
def change_term(request: HttpRequest, area_id: uuid.UUID, term_id: int) -> HttpResponse:
    """Name and dates of a stretch of term."""
    area = _area(area_id)
    term = get_object_or_404(Term, pk=term_id, local_area=area)
    _keeps_terms(request, area)
    form = TermForm(_data(request), initial=forms.model_to_dict(term))

    def save(answers: dict[str, Any]) -> str:
        for name, answer in answers.items():
            setattr(term, name, answer)
        editing.save_term(term)
        return f"{term.name} was saved."

    title = f"Change a school term in {area.name}"
    return _form_page(request, area, form, save, title=title, remove="remove_term", row=term)


@_for_editors
def remove_term(request: HttpRequest, area_id: uuid.UUID, term_id: int) -> HttpResponse:
    """Take out a stretch of term that was entered by mistake."""
    area = _area(area_id)
    term = get_object_or_404(Term, pk=term_id, local_area=area)
    _keeps_terms(request, area)
    return _remove_page(
        request,
        area,
        term,
        what=f"{term.name}, {editing.in_words(term.starts_on)} to {editing.in_words(term.ends_on)}",
    )
