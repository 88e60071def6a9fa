"""Recording that health commissioners merge: choose, look, agree."""

import uuid
from collections.abc import Collection

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from areas.contacts import may_keep_commissioners
from areas.merge_forms import MergerForm, brought_back, carried
from areas.merging import (
    MergerPlan,
    MergerRefused,
    Passing,
    commissioners,
    effects,
    plan_merger,
    record_merger,
)
from config import clock
from design_system.forms import in_words
from design_system.tables import Column, Table


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge_commissioners(request: HttpRequest) -> HttpResponse:
    """Choose the bodies and the day; `areas` are those that pass on."""
    if not may_keep_commissioners(request.user, clock.today()):
        raise PermissionDenied("Mergers of health commissioners are recorded by administrators.")
    if request.method == "POST" and "carried" in request.POST:
        return _agree(request)
    known = commissioners(clock.today())
    form = MergerForm(known, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        plan = plan_merger(form.merger())
        for problem in plan.problems:
            form.add_error(problem.field if problem.field in form.fields else None, problem.text)
        if not plan.problems:
            return _show(request, plan)
    return render(request, "areas/merge.html", {"form": form})


def _show(
    request: HttpRequest,
    plan: MergerPlan,
    *,
    chosen: Collection[uuid.UUID] | None = None,
    problem: str = "",
) -> HttpResponse:
    """What would happen; `chosen`: the areas that are ticked, all at first."""
    ticked = {one.area.pk for one in plan.passings} if chosen is None else set(chosen)
    last_day = in_words(plan.merger.eve)
    return render(
        request,
        "areas/merge_look.html",
        {
            "plan": plan,
            "problem": problem,
            "first_day": in_words(plan.merger.on),
            "last_day": last_day,
            "passings": [_row(one, ticked) for one in plan.passings],
            "holders": _holders(plan),
            "effects": list(effects(request.user, plan)),
            "carried": carried(plan, request.user),
        },
    )


def _row(one: Passing, ticked: Collection[uuid.UUID]) -> dict[str, object]:
    return {
        "area": one.area,
        "ticked": one.area.pk in ticked,
        "ends": [link.organisation.name for link in one.ends],
        "serves_already": one.serves_already,
        "share": one.share if one.share and one.share < 100 else None,
    }


def _holders(plan: MergerPlan) -> Table | None:
    """Who holds posts of the bodies."""
    if not plan.holders:
        return None
    columns = [Column("Person"), Column("Post"), Column("Body"), Column("What happens")]
    rows = []
    for one in plan.holders:
        later = one.starts_on is not None and one.starts_on >= plan.merger.on
        words = "Stays as entered" if later else f"Last day {in_words(plan.merger.eve)}"
        name = format_html("<bdi>{}</bdi>", one.name)
        rows.append([name, one.post.title, one.post.organisation.name, words])
    return Table("Who holds their posts", columns, rows, id="holders")


def _agree(request: HttpRequest) -> HttpResponse:
    try:
        merger, seen = brought_back(request.POST["carried"], request.user)
    except (signing.BadSignature, ValueError):
        messages.error(request, "That page is too old. Begin again.")
        return HttpResponseRedirect(request.path)
    areas = _areas(request)
    if not areas:
        problem = "Select the areas that pass on"
        return _show(request, plan_merger(merger), chosen=areas, problem=problem)
    try:
        plan = record_merger(merger, areas, seen=seen, by=request.user)
    except MergerRefused as refusal:
        if refusal.plan.problems:
            text = "; ".join(problem.text for problem in refusal.plan.problems)
            messages.error(request, f"Nothing was recorded. {text}.")
            return HttpResponseRedirect(request.path)
        problem = "Something changed since you looked. Nothing was recorded: look again"
        return _show(request, refusal.plan, problem=problem)
    messages.success(
        request,
        f"{plan.target_name} serves {len(areas)} area{'' if len(areas) == 1 else 's'} from "
        f"{in_words(merger.on)}.",
    )
    return HttpResponseRedirect(reverse("area_list"))


def _areas(request: HttpRequest) -> set[uuid.UUID]:
    found = set()
    for text in request.POST.getlist("areas"):
        try:
            found.add(uuid.UUID(text))
        except ValueError:
            continue
    return found
