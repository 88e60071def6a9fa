"""Correcting an entry, striking it out, erasing its note: each with a reason, and confirmed after
seeing what it would change."""

import dataclasses
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from casework.access import case_or_refuse
from casework.events import Facts, Opened
from casework.forms import EventForm, ReasonForm, event_form, initial_of, new_key
from casework.history import BY_THE_SYSTEM, Entry, history
from casework.models import Case, DeadlineState, Event
from casework.preview import Effect, effect_of
from casework.recording import correct, erase_note, void
from casework.refusals import Conflict, GuardFailed, NotAllowed
from casework.registry import kind_of
from casework.views.case_list import short_day
from casework.views.record_event import say_it_again, subjects_for_form
from design_system.tables import Column, Table

Act = Callable[[], Event]
COLUMNS = [
    Column("Deadline"),
    Column("Now", nowrap=True),
    Column("Then", nowrap=True),
    Column("How it stands"),
]
STATES = dict(DeadlineState.choices)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct_event(request: HttpRequest, case_id: Any, seq: int) -> HttpResponse:
    """Put an entry right: the form with what it says now, then what that would change."""
    case = case_or_refuse(request, case_id, "history.read")
    event, entry = _amendable_or_refuse(case, seq)
    standing = event.corrections.order_by("-seq").first() or event
    facts = _facts_of(case, standing)
    form_type = event_form(
        case, type(facts), subjects_for_form(case, kind_of(case)), correcting=True
    )
    given: dict[str, Any] = {"case": case, "facts_type": type(facts)}
    if request.method != "POST":
        initial = initial_of(facts, standing.happened_on, standing.happened_at)
        form = form_type(initial={**initial, **_hidden(case)}, **given)
        return _show(request, case, entry, form, "casework/correct.html")
    form = form_type(request.POST, **given)
    if not form.is_valid():
        return _show(request, case, entry, form, "casework/correct.html")
    kept = {
        field.name: getattr(facts, field.name)
        for field in dataclasses.fields(facts)
        if field.name not in form.own_fields
    }

    def act() -> Event:
        return correct(
            event.pk,
            form.facts(**kept),
            by=request.user,
            reason=form.cleaned_data["reason"],
            happened_on=form.cleaned_data["happened_on"],
            happened_at=form.happened_at(),
            expected_version=form.cleaned_data["version"],
            key=form.cleaned_data["key"],
        )

    return _confirm(request, case, entry, form, act, "casework/correct.html", "Corrected")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def void_event(request: HttpRequest, case_id: Any, seq: int) -> HttpResponse:
    """Strike an entry out: the reason, then what that would change."""
    case = case_or_refuse(request, case_id, "history.read")
    event, entry = _amendable_or_refuse(case, seq)
    if request.method != "POST":
        form = ReasonForm(initial=_hidden(case))
        return _show(request, case, entry, form, "casework/void.html")
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, case, entry, form, "casework/void.html")

    def act() -> Event:
        return void(
            event.pk,
            by=request.user,
            reason=form.cleaned_data["reason"],
            expected_version=form.cleaned_data["version"],
            key=form.cleaned_data["key"],
        )

    return _confirm(request, case, entry, form, act, "casework/void.html", "Struck out")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def erase_event_note(request: HttpRequest, case_id: Any, seq: int) -> HttpResponse:
    """Lawfully erase the words of a note; that they were erased, by whom and why, stays."""
    case = case_or_refuse(request, case_id, "note.erase")
    event = _event_or_404(case, seq)
    entry = _entry(case, seq)
    if entry.note is None or entry.note.erased:
        raise Http404("This entry has no note to erase.")
    form = ReasonForm(request.POST or None, initial=_hidden(case))
    if request.method == "POST" and form.is_valid() and "confirmed" in request.POST:
        try:
            erase_note(event, by=request.user, reason=form.cleaned_data["reason"])
        except GuardFailed as refused:
            form.take_reasons(refused.reasons)
        else:
            messages.success(request, f"The note of entry {seq} is erased.")
            return HttpResponseRedirect(f"{case.get_absolute_url()}history/")
    return _show(request, case, entry, form, "casework/erase.html")


def _confirm(
    request: HttpRequest,
    case: Case,
    entry: Entry,
    form: EventForm | ReasonForm,
    act: Act,
    template: str,
    done: str,
) -> HttpResponse:
    """Show the effect first; do it once it is confirmed."""
    try:
        if "confirmed" in request.POST:
            act()
            messages.success(request, f"{done}: {entry.sentence} (entry {entry.seq}).")
            return HttpResponseRedirect(f"{case.get_absolute_url()}history/")
        effect = effect_of(case, act)
    except GuardFailed as refused:
        form.take_reasons(refused.reasons)
        return _show(request, case, entry, form, template)
    except NotAllowed as refused:
        raise PermissionDenied(refused.reason) from refused
    except Conflict as conflict:
        say_it_again(form, conflict)
        return _show(request, case, entry, form, template, conflict=conflict)
    return _show(request, case, entry, form, "casework/confirm.html", effect=effect, done=done)


def _show(
    request: HttpRequest,
    case: Case,
    entry: Entry,
    form: EventForm | ReasonForm,
    template: str,
    *,
    effect: Effect | None = None,
    conflict: Conflict | None = None,
    done: str = "",
) -> HttpResponse:
    kind = kind_of(case)
    context = {
        "case": case,
        "entry": entry,
        "form": form,
        "meanwhile": conflict,
        "effect": effect,
        "done": done,
        "posted": _posted(request) if effect else [],
        "changes": _changes(effect) if effect else "",
    }
    if effect:
        context["stages"] = (
            kind.stage_label(effect.stage_before),
            kind.stage_label(effect.stage_after),
        )
    status = 409 if conflict else 422 if form.is_bound and form.errors else 200
    return render(request, template, context, status=status)


def _changes(effect: Effect) -> Table:
    rows = [
        [
            f"{one.title} ({one.subject_name})" if one.subject_name else one.title,
            short_day(one.before) if one.before else "not there",
            short_day(one.after) if one.after else "no longer there",
            _state_change(one.state_before, one.state_after),
        ]
        for one in effect.moved
    ]
    return Table("Deadlines that would change", COLUMNS, rows, empty="No deadline changes.")


def _state_change(before: str, after: str) -> str:
    old, new = STATES.get(before, ""), STATES.get(after, "")
    return new if old == new or not old else f"{old}, then {new.lower()}" if new else old


def _posted(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed, to be sent once more with the confirmation."""
    leave_out = {"csrfmiddlewaretoken", "confirmed"}
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in leave_out
    ]


def _hidden(case: Case) -> dict[str, Any]:
    return {"version": case.version, "key": new_key()}


def _facts_of(case: Case, event: Event) -> Facts:
    note = getattr(event, "note", None)
    fields = note.content.get("fields", {}) if note else {}
    facts_type = kind_of(case).facts_of(event.kind)
    return facts_type.read(event.facts, fields, event.schema_version)


def _amendable_or_refuse(case: Case, seq: int) -> tuple[Event, Entry]:
    """The first record of an entry that may be amended by this person."""
    event = _event_or_404(case, seq)
    first = event.corrects or event
    if reason := _never_amended(event, first):
        raise PermissionDenied(reason)
    permission = case.access.may_record(first.kind)
    if not permission.allowed:
        raise PermissionDenied(permission.reason)
    return first, _entry(case, seq)


def _never_amended(event: Event, first: Event) -> str:
    """Why nobody corrects or strikes out such an entry; '' where it can be amended."""
    if first.kind == Opened.kind:
        return "The first entry is the opening of the case. It is neither corrected nor struck out."
    if event.voids_id:
        return "This entry strikes out another. Record what happened anew instead."
    if first.kind in BY_THE_SYSTEM:
        return "The system made this entry itself. It is neither corrected nor struck out."
    return ""


def _event_or_404(case: Case, seq: int) -> Event:
    try:
        return Event.objects.select_related("corrects", "note").get(case=case, seq=seq)
    except Event.DoesNotExist as error:
        raise Http404("This case has no such entry.") from error


def _entry(case: Case, seq: int) -> Entry:
    return next(entry for entry in history(case) if entry.seq == seq)
