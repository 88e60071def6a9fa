"""The pages of an import: choose, look, agree."""

import functools
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from areas.contacts import areas_to_keep_terms_of, contacts_for
from areas.models import LocalArea
from areas.term_import import presenting
from areas.term_import.calendar_file import EventsAre
from areas.term_import.forms import LIMIT, ImportForm, brought_back, carried
from areas.term_import.plan import Plan
from areas.term_import.reading import LONGEST_FILE, Read
from areas.term_import.services import (
    ChangedMeanwhile,
    Scope,
    plan_import,
    read_terms,
    take_terms,
)
from config import clock

#: A file, or a pasted text that is too long but is given back, and what a form has around them.
MOST_SENT = LONGEST_FILE + 600_000
#: So much of a file with mistakes is shown in the box, to be put right there.
MOST_SHOWN = 60_000
View = Callable[..., HttpResponse]


def takes_files(view: View) -> View:
    """A page that takes a file and never reads one that is far too large: what was sent is looked
    at only after its announced length (the check of the form's token would read it first)."""
    protected = csrf_protect(view)

    @functools.wraps(view)
    def limited(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        sent = request.META.get("CONTENT_LENGTH") or "0"
        if request.method == "POST" and sent.isdecimal() and int(sent) > MOST_SENT:
            return view(request, *args, too_large=True, **options)
        return protected(request, *args, **options)

    return csrf_exempt(limited)


@dataclass(frozen=True)
class _Place:
    """Where an import takes place: on one area's page, or for several areas."""

    scope: Scope
    title: str
    whose: str
    back: str
    back_text: str
    template: str

    @property
    def several(self) -> bool:
        return self.scope.area is None


@takes_files
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_terms(request: HttpRequest, area_id: uuid.UUID, too_large: bool = False) -> HttpResponse:
    """Import the terms of one area."""
    area = get_object_or_404(LocalArea, pk=area_id)
    contacts_for(request.user, area, clock.today()).require_terms()
    place = _Place(
        Scope(LocalArea.objects.filter(pk=area.pk), area),
        f"Import school terms of {area.name}",
        str(area.pk),
        reverse("area_terms", args=[area.pk]),
        f"Terms of {area.name}",
        reverse("term_template", args=[area.pk]),
    )
    return _answer(request, place, too_large=too_large)


@takes_files
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_terms_of_several(request: HttpRequest, too_large: bool = False) -> HttpResponse:
    """Import the terms of several areas from one CSV file."""
    keeps = areas_to_keep_terms_of(request.user, clock.today())
    if not keeps.exists():
        raise PermissionDenied(
            "The terms of several areas are imported by support officers and administrators."
        )
    place = _Place(
        Scope(keeps),
        "Import school terms of several areas",
        "several",
        reverse("area_list"),
        "All areas",
        reverse("term_template_of_several"),
    )
    return _answer(request, place, too_large=too_large)


def _answer(request: HttpRequest, place: _Place, *, too_large: bool) -> HttpResponse:
    if too_large:
        form = ImportForm({}, {}, several=place.several)
        form.full_clean()
        form.errors.clear()
        form.add_error("file", f"The file is larger than {LIMIT}. Divide it")
        return _choose(request, place, form)
    if request.method != "POST":
        return _choose(request, place, ImportForm(several=place.several))
    if "carried" in request.POST:
        return _take(request, place)
    return _look(request, place)


def _choose(
    request: HttpRequest, place: _Place, form: ImportForm, plan: Plan | None = None
) -> HttpResponse:
    mistakes = None if plan is None else presenting.mistakes_table(plan.mistakes)
    given = {"form": form, "place": place, "mistakes": mistakes, "limit": LIMIT}
    return render(request, "areas/import.html", given)


def _look(request: HttpRequest, place: _Place) -> HttpResponse:
    form = ImportForm(request.POST, request.FILES, several=place.several)
    if not form.is_valid():
        return _choose(request, place, form)
    chosen = form.cleaned_data.get("events_are")
    read = read_terms(form.read_text, EventsAre(chosen) if chosen else None, several=place.several)
    plan = plan_import(read, place.scope)
    if plan.mistakes:
        return _choose(request, place, _with_mistakes(form, plan), plan)
    return _show(request, place, read, plan, source=form.source)


def _with_mistakes(form: ImportForm, plan: Plan) -> ImportForm:
    """The form again. What a file says goes into the box, to be put right there."""
    if form.cleaned_data.get("file") and len(form.read_text) <= MOST_SHOWN:
        answers: Any = form.data.copy()  # type: ignore[attr-defined]
        answers["text"] = form.read_text.removeprefix("\ufeff")
        form.data = answers
        field = "text"
    else:
        field = "file" if form.cleaned_data.get("file") else "text"
    count = len(plan.mistakes)
    things = "1 thing needs" if count == 1 else f"{count:,} things need"
    form.add_error(
        field, f"{things} putting right, and until then nothing is imported: see the list"
    )
    return form


def _show(
    request: HttpRequest,
    place: _Place,
    read: Read,
    plan: Plan,
    *,
    source: str,
    changed: bool = False,
) -> HttpResponse:
    return render(
        request,
        "areas/import_look.html",
        {
            "place": place,
            "plan": plan,
            "counts": plan.counts(),
            "tables": presenting.plan_tables(plan, several=place.several),
            "doubts": [text for one in plan.areas for text in presenting.doubts(one, plan)],
            "source": source,
            "changed": changed,
            "carried": carried(
                read, digest=plan.digest, source=source, user=request.user, whose=place.whose
            ),
        },
    )


def _take(request: HttpRequest, place: _Place) -> HttpResponse:
    try:
        read, seen, source = brought_back(
            request.POST["carried"], user=request.user, whose=place.whose
        )
    except (signing.BadSignature, ValueError):
        messages.error(request, "That page is too old. Choose the file again.")
        return HttpResponseRedirect(request.path)
    try:
        plan = take_terms(read, place.scope, seen=seen, by=request.user, source=source)
    except ChangedMeanwhile as changed:
        if changed.plan.mistakes:
            form = ImportForm({}, {}, several=place.several)
            form.full_clean()
            form.errors.clear()
            form.add_error("file", "Something changed since you looked: see the list")
            return _choose(request, place, form, changed.plan)
        return _show(request, place, read, changed.plan, source=source, changed=True)
    messages.success(request, presenting.done(plan))
    return HttpResponseRedirect(place.back)
