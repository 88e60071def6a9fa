"""The whole history of a case."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from casework.access import case_or_refuse
from casework.history import history
from casework.registry import kind_of


@login_required
@require_safe
def case_history(request: HttpRequest, case_id: Any) -> HttpResponse:
    """Every event, newest first; what was corrected or struck out is shown struck."""
    case = case_or_refuse(request, case_id, "history.read")
    kind = kind_of(case)
    access = case.access
    context = {
        "case": case,
        "kind": kind,
        "entries": history(case),
        "may_amend": {s.event.kind for s in kind.all_steps() if s.who & access.roles},
        "may_erase": bool(access.may("note.erase")),
    }
    return render(request, "casework/history.html", context)
