"""Notification morning: one screen for three people, each call its own small form."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from casework.access import case_or_refuse
from casework.models import Case
from casework.recording import Conflict, GuardFailed, NotAllowed
from inspections import events, services
from inspections.forms import (
    ForumToldForm,
    GoAheadForm,
    HealthCallForm,
    HealthToldForm,
    KeyedForm,
    LanoCallForm,
    NotifyForm,
)
from inspections.morning import DONE, READY, WAITING, Call, Morning, morning_of
from inspections.scheduling import KIND
from letters.registry import letter_kinds

FORMS: Mapping[str, type[KeyedForm]] = {
    "dcs": NotifyForm,
    "health": HealthToldForm,
    "go-ahead": GoAheadForm,
    "lano": LanoCallForm,
    "health-call": HealthCallForm,
    "forum": ForumToldForm,
}
LETTER = "L-IN-CONFIRM"
BUTTONS = {"go-ahead": "Confirm", "forum": "Record that they are told"}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD"])
def morning(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Every call with its state, and a form for each that can be made now."""
    case = _case(request, case_id, "calls.read")
    return _page(request, case, morning_of(case))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def record_call(
    request: HttpRequest, case_id: uuid.UUID, call: str, body_id: uuid.UUID | None = None
) -> HttpResponse:
    """Record one call; the fields are those of its form. Sent twice, it is recorded once."""
    if call not in FORMS:
        raise Http404("There is no such call.")
    if request.method != "POST":
        return redirect("inspection_notification", case_id)
    case = _case(request, case_id, "calls.edit")
    calls = morning_of(case)
    one = calls.call(call, body_id)
    if one is None:
        raise Http404("There is no such call.")
    form = FORMS[call](request.POST, auto_id=_ids(one))
    if form.is_valid() and _record(request, case, one, form):
        messages.success(request, f"Recorded: {one.recorded}.")
        return redirect(reverse("inspection_notification", args=[case.pk]) + f"#{one.code}")
    return _page(request, case, calls, refused=(one, form))


def _case(request: HttpRequest, case_id: uuid.UUID, action: str) -> Case:
    case = case_or_refuse(request, case_id, action)
    if case.kind != KIND:
        raise Http404("There is no such inspection.")
    return case


def _record(request: HttpRequest, case: Case, call: Call, form: Any) -> bool:
    try:
        WRITERS[call.what](case, call, form, request.user)
    except GuardFailed as refusal:
        form.add_reasons(refusal.reasons)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.reason) from refusal
    except Conflict as refusal:
        form.add_error(None, str(refusal))
    else:
        return True
    return False


# --- one writer for each call -----------------------------------------------------------------


def _key(call: Call, form: KeyedForm) -> str:
    """What makes a second send of the same form harmless; no two calls share one."""
    given = form.cleaned_data["key"]
    return f"{call.code}:{given}" if given else ""


Writer = Callable[[Case, Call, Any, Any], Any]


def _notify(case: Case, call: Call, form: NotifyForm, by: Any) -> None:
    given = form.cleaned_data
    services.notify(
        case.pk,
        **form.facts(),
        at=form.moment(),
        reason=given["reason"],
        by=by,
        key=_key(call, form),
        note=given["note"],
    )


def _tell_health(case: Case, call: Call, form: HealthToldForm, by: Any) -> None:
    given = form.cleaned_data
    assert call.body is not None
    services.tell_health(
        case.pk,
        call.body,
        **form.facts(),
        at=form.moment(),
        by=by,
        key=_key(call, form),
        note=given["note"],
    )


def _go_ahead(case: Case, call: Call, form: GoAheadForm, by: Any) -> None:
    given = form.cleaned_data
    services.confirm_go_ahead(
        case.pk,
        cqc=given["cqc"],
        support_officer=given["support_officer"],
        by=by,
        key=_key(call, form),
    )


def _lano(case: Case, call: Call, form: LanoCallForm, by: Any) -> None:
    given = form.cleaned_data
    services.lano_call(
        case.pk,
        name=given["name"],
        email=given["email"],
        phone=given["phone"],
        items=given["items"],
        left_out=given["left_out"],
        at=form.moment(),
        by=by,
        key=_key(call, form),
        note=given["note"],
    )


def _health_call(case: Case, call: Call, form: HealthCallForm, by: Any) -> None:
    given = form.cleaned_data
    assert call.body is not None
    services.health_call(
        case.pk,
        call.body,
        name=given["name"],
        items=given["items"],
        left_out=given["left_out"],
        at=form.moment(),
        by=by,
        key=_key(call, form),
        note=given["note"],
    )


def _forum(case: Case, call: Call, form: ForumToldForm, by: Any) -> None:
    given = form.cleaned_data
    services.tell_forum(case.pk, at=form.moment(), by=by, key=_key(call, form), note=given["note"])


WRITERS: Mapping[str, Writer] = {
    "dcs": _notify,
    "health": _tell_health,
    "go-ahead": _go_ahead,
    "lano": _lano,
    "health-call": _health_call,
    "forum": _forum,
}


# --- the page ---------------------------------------------------------------------------------


def _page(
    request: HttpRequest,
    case: Case,
    calls: Morning,
    refused: tuple[Call, KeyedForm] | None = None,
) -> HttpResponse:
    board = _Board(case, calls, refused)
    shown = [board.shown(one) for one in calls.calls]
    return render(
        request,
        "inspections/notification.html",
        {
            "case": case,
            "morning": calls,
            "calls": shown,
            "refused": refused[1] if refused else None,
            "done": sum(one["call"].state == DONE for one in shown),
            "may_edit": board.may_edit,
            "deferral": board.deferral(),
        },
        status=422 if refused else 200,
    )


class _Board:
    """The calls as one person sees them."""

    def __init__(self, case: Case, calls: Morning, refused: tuple[Call, KeyedForm] | None) -> None:
        self.case, self.calls, self.refused = case, calls, refused
        self.own = case.access.roles
        self.may_edit = bool(case.access.may("calls.edit"))
        ready = [one for one in calls.calls if one.state == READY and one.role in self.own]
        self.next = ready[0].code if ready else ""

    def shown(self, call: Call) -> dict[str, Any]:
        """A call with its form where it can be recorded now; the person's next one stands open."""
        form = self._form(call)
        body = [call.body.pk] if call.body else []
        name = "inspection_call_to" if body else "inspection_call"
        return {
            "call": call,
            "form": form,
            "own": call.role in self.own,
            "open": call.code == self.next or self._was_refused(call),
            "address": reverse(name, args=[self.case.pk, call.what, *body])
            if call.what in FORMS
            else "",
            "is_call": call.what not in BUTTONS,
            "button": BUTTONS.get(call.what, "Record the call"),
            "link": self._letter(call),
        }

    def deferral(self) -> str:
        """Where a request for deferral is recorded, while that can be (HB 15)."""
        kind = events.DeferralAsked.kind
        if self.case.stage != "notified" or not self.case.access.may_record(kind):
            return ""
        return reverse("record_event", args=[self.case.pk, kind])

    def _was_refused(self, call: Call) -> bool:
        return self.refused is not None and self.refused[0].code == call.code

    def _form(self, call: Call) -> KeyedForm | None:
        if self.refused is not None and self._was_refused(call):
            return self.refused[1]
        if not self.may_edit or call.state != READY or call.what not in FORMS:
            return None
        form = FORMS[call.what](auto_id=_ids(call), initial=_initial(call))
        if self.calls.on_the_day:
            form.fields.pop("reason", None)  # asked for where the day differs
        return form

    def _letter(self, call: Call) -> str:
        known = any(kind.code == LETTER for kind in letter_kinds())
        if call.what != "letter" or call.state == WAITING or not known:
            return ""
        may = self.case.access.may(f"{LETTER}.draft") or self.case.access.may(f"{LETTER}.read")
        return reverse("letter_desk", args=[self.case.pk, LETTER]) if may else ""


def _ids(call: Call) -> str:
    """Several forms on one page: each field's id begins with its call's."""
    return f"{call.code}-%s"


def _initial(call: Call) -> dict[str, Any]:
    """What is on record of the person to be called stands there already."""
    if call.contact is None:
        return {}
    known = {"name": call.contact.name}
    if call.what == "lano":
        known.update(email=call.contact.email, phone=call.contact.phone)
    return known
