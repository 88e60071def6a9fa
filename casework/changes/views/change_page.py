"""One change: what it moves, applying it, how far it is, what came of it, putting it away."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.changes import services
from casework.changes.forms import WithdrawForm
from casework.changes.models import UNDER_WAY, Change, ChangeKind, ChangeState
from casework.changes.permission import change_or_refuse
from casework.changes.views.change_list import decided, out_of_date, state_tag
from casework.changes.views.moves import (
    as_file,
    formats,
    overdue_at_once,
    table_of_moves,
    totals,
)
from casework.changes.views.on_site import plan_again
from casework.changes.words import (
    Lines,
    closures_of,
    headline,
    moment_in_words,
    particulars,
    proposer,
)
from casework.refusals import GuardFailed, NotAllowed
from design_system.exports import wanted_format
from working_days.services import ChangeRefused


@login_required
@require_safe
def change_page(request: HttpRequest, change_id: Any) -> HttpResponseBase:
    """What a change is, what it moves and what can be decided; `?format=csv` is the list as a
    file."""
    change = _change_or_refuse(request, change_id, "read")
    closures = closures_of([change])
    words = headline(change, closures)
    form = wanted_format(request.GET.get("format"))
    if form and _has_list(change) and form in formats(change):
        return as_file(change, words, request.user, form)
    head = _head(change, words)
    context = {
        **head,
        "lines": [*particulars(change, closures), *_about(change)],
        "decided": decided(change),
        "versions": _newer_changes(change) if head["stale"] else [],
    }
    if _has_list(change):
        table, newer, older = table_of_moves(change, request)
        context |= {
            "table": table,
            "totals": totals(change),
            "overdue": overdue_at_once(change),
            **plan_again(change, request.user),
            "formats": formats(change),
            "newer": f"?before={newer}#moves" if newer else "",
            "older": f"?after={older}#moves" if older else "",
        }
    return render(request, "casework/changes/change.html", context)


@login_required
@require_safe
def change_progress(request: HttpRequest, change_id: Any) -> HttpResponse:
    """How far the work on a change is: the part of its page that is looked up again and again."""
    change = _change_or_refuse(request, change_id, "read")
    return render(request, "casework/changes/progress.html", _progress(change))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def apply_change(request: HttpRequest, change_id: Any) -> HttpResponse:
    """Say once more what applying does, then do it."""
    change = _change_or_refuse(request, change_id)
    if change.state != ChangeState.PREVIEWED:
        return _back_with(request, change, _already(change))
    if services.is_stale(change):
        return HttpResponseRedirect(reverse("change", args=[change.pk]))
    seen = _seen(change)
    if request.method != "POST" or request.POST.get("seen") != seen:
        context = {
            **_head(change, headline(change, closures_of([change]))),
            "seen": seen,
            "changed": request.method == "POST",
            "overdue": overdue_at_once(change),
        }
        return render(request, "casework/changes/apply.html", context)
    return _decide(request, change, lambda: services.apply(change.pk, by=request.user))


@login_required
@require_POST
def preview_again(request: HttpRequest, change_id: Any) -> HttpResponse:
    """Have what would move worked out once more."""
    change = _change_or_refuse(request, change_id)
    return _decide(request, change, lambda: services.preview_again(change.pk, by=request.user))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_change(request: HttpRequest, change_id: Any) -> HttpResponse:
    """Put a proposal away, with the reason."""
    change = _change_or_refuse(request, change_id)
    if change.applied_at or change.state == ChangeState.WITHDRAWN:
        return _back_with(request, change, _already(change))
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["reason"]
        return _decide(
            request, change, lambda: services.withdraw(change.pk, by=request.user, why=why)
        )
    context = {**_head(change, headline(change, closures_of([change]))), "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "casework/changes/withdraw.html", context, status=status)


# --- parts ---


def _change_or_refuse(request: HttpRequest, change_id: Any, action: str = "edit") -> Change:
    """The change, for whoever may do this with its kind. Raises Http404, PermissionDenied."""
    people = ("proposed_by", "applied_by", "withdrawn_by")
    change = Change.objects.select_related(*people).filter(pk=change_id).first()
    thing = "calendar" if change is None else _thing(change)
    change_or_refuse(request, thing, action)
    if change is None:
        raise Http404("There is no such change.")
    return change


def _thing(change: Change) -> str:
    return "parameters" if change.kind == ChangeKind.PARAMETERS else "calendar"


def _decide(request: HttpRequest, change: Change, act: Callable[[], Change]) -> HttpResponse:
    """Do it and show the change; a refusal is said on top of it."""
    try:
        act()
    except NotAllowed as refused:
        raise PermissionDenied(refused.reason) from refused
    except GuardFailed as refused:
        return _back_with(request, change, " ".join(text for _, text in refused.reasons))
    except ChangeRefused as refused:
        return _back_with(request, change, str(refused))
    return HttpResponseRedirect(reverse("change", args=[change.pk]))


def _back_with(request: HttpRequest, change: Change, text: str) -> HttpResponse:
    messages.warning(request, text)
    return HttpResponseRedirect(reverse("change", args=[change.pk]))


def _already(change: Change) -> str:
    """Why it cannot be decided now: mostly somebody else was quicker."""
    if change.withdrawn_at:
        return f"This was withdrawn already: {decided(change)}."
    if change.applied_at:
        return f"This was applied already: {decided(change)}."
    return "What would move has to be worked out before it can be applied."


def _seen(change: Change) -> str:
    """What somebody who applies a change has looked at."""
    made = change.previewed_at.isoformat() if change.previewed_at else ""
    return f"{change.based_on_calendar}.{change.based_on_parameters}.{made}"


def _has_list(change: Change) -> bool:
    return change.state in (ChangeState.PREVIEWED, ChangeState.APPLYING, ChangeState.APPLIED)


def _head(change: Change, words: str) -> dict[str, Any]:
    stale = out_of_date(change, services.versions_in_force())
    return {
        "change": change,
        "headline": words,
        "stale": stale,
        "state": state_tag(change, stale=stale),
        **_progress(change),
    }


def _progress(change: Change) -> dict[str, Any]:
    return {"change": change, "under_way": change.state in UNDER_WAY}


def _about(change: Change) -> Lines:
    """Who, when and why."""
    lines = [
        ("Why", change.why),
        ("Proposed", f"{moment_in_words(change.proposed_at)}, {proposer(change)}"),
    ]
    if change.known_at:
        lines.append(("Known since", moment_in_words(change.known_at)))
    if change.applied_at:
        lines.append(("Applied", decided(change)))
    if change.calendar_version:
        lines.append(("Recorded as", f"Version {change.calendar_version} of the calendar"))
    if change.parameters_version:
        lines.append(("Recorded as", f"Version {change.parameters_version} of the offsets"))
    if change.finished_at and change.applied_at:
        lines.append(("Finished", moment_in_words(change.finished_at)))
    if change.withdrawn_at:
        lines.append(("Withdrawn", decided(change)))
    if change.withdrawn_why:
        lines.append(("Why it was withdrawn", change.withdrawn_why))
    return lines


def _newer_changes(change: Change) -> list[str]:
    """Who changed what since this was worked out, for one that is out of date."""
    since = Change.objects.filter(applied_at__gte=change.previewed_at or change.proposed_at)
    newer = list(since.select_related("applied_by").order_by("applied_at")[:5])
    closures = closures_of(newer)
    return [f"{headline(one, closures)} ({decided(one)})" for one in newer]
