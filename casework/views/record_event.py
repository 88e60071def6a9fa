"""Recording an event: one page for every kind, made from its declaration."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from casework.access import case_or_refuse
from casework.events import Facts
from casework.forms import EventForm, days_on_site, event_form, new_key
from casework.inputs import calendar_now
from casework.models import Case, Deadline, Event
from casework.possible import other_framework, wrong_stage
from casework.recording import record
from casework.refusals import Conflict, GuardFailed, NotAllowed
from casework.registry import CaseKind, kind_of
from casework.timetable import Subject
from config import clock


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def record_event(request: HttpRequest, case_id: Any, event: str) -> HttpResponse:
    """The form for one kind of event, and what comes of sending it."""
    case = case_or_refuse(request, case_id)
    kind = kind_of(case)
    facts_type = facts_type_or_404(kind, event)
    permission = case.access.may_record(event)
    if not permission.allowed:
        raise PermissionDenied(permission.reason)
    if request.method != "POST" and (not_now := _why_not_now(case, kind, facts_type)):
        context = {"case": case, "label": facts_type.action or facts_type.label, "not_now": not_now}
        return render(request, "casework/record.html", context)
    step = kind.step(event)
    if request.method != "POST" and step.page and (step.hidden or step.letter):
        # Its own page alone can record it: the general form would always be refused.
        return HttpResponseRedirect(step.page.format(case=case.pk))
    form_type = event_form(case, facts_type, subjects_for_form(case, kind))
    meanwhile = None
    if request.method == "POST":
        form = form_type(request.POST, case=case, facts_type=facts_type)
        if form.is_valid():
            done, meanwhile = _record(request, case, form)
            if done is not None:
                return done
    else:
        form = form_type(initial=_initial(request, case), case=case, facts_type=facts_type)
    context = {
        "case": case,
        "form": form,
        "label": facts_type.action or facts_type.label,
        "deadline": _deadline(case, form["rule"].value() if "rule" in form.fields else "", form),
        "meanwhile": meanwhile,
    }
    status = 409 if meanwhile else 422 if request.method == "POST" else 200
    return render(request, "casework/record.html", context, status=status)


def facts_type_or_404(kind: CaseKind, event: str) -> type[Facts]:
    """The declaration of a kind of event. Raises Http404."""
    if not kind.has_step(event):
        raise Http404(f"{kind.label} has no such event.")
    return kind.facts_of(event)


def subjects_for_form(case: Case, kind: CaseKind) -> Mapping[str, Sequence[Subject]]:
    """What a subject can be chosen from, days on site included."""
    return {**kind.subjects(case), "day_on_site": days_on_site(case, calendar_now())}


def _why_not_now(case: Case, kind: CaseKind, facts_type: type[Facts]) -> str:
    """Why the event can only be refused as the case stands, whatever were typed; '' if it may be
    taken. What happened before a suspension can still be recorded, so that is left to the door."""
    step = kind.step(facts_type.kind)
    if not step.is_of(case.framework):
        return other_framework(step)
    if not step.again and not facts_type.subjects:
        entered = Event.objects.filter(case=case, kind=facts_type.kind, corrects=None)
        if first := entered.exclude(pk__in=_voided(case)).first():
            return (
                f"“{facts_type.label}” is already on record (entry {first.seq}). "
                "Correct that entry instead."
            )
    return wrong_stage(kind, step, case.stage, ended=case.ended_on is not None)


def _voided(case: Case) -> Any:
    """The ids of a case's entries that were struck out, as a query."""
    return Event.objects.filter(case=case, voids__isnull=False).values("voids_id")


def _initial(request: HttpRequest, case: Case) -> dict[str, Any]:
    return {
        "happened_on": clock.today(),
        "subject": request.GET.get("subject", ""),
        "rule": request.GET.get("deadline", ""),
        "version": case.version,
        "key": new_key(),
    }


def _record(
    request: HttpRequest, case: Case, form: EventForm
) -> tuple[HttpResponse | None, Conflict | None]:
    """Send it through the door: where to go next, or who was quicker. Refusals go to the form."""
    cleaned = form.cleaned_data
    try:
        event = record(
            case.pk,
            form.facts(),
            by=request.user,
            happened_on=cleaned["happened_on"],
            happened_at=form.happened_at(),
            expected_version=cleaned["version"],
            key=cleaned["key"],
            note=cleaned["note"],
        )
    except GuardFailed as refused:
        form.take_reasons(refused.reasons)
        return None, None
    except NotAllowed as refused:
        raise PermissionDenied(refused.reason) from refused
    except Conflict as conflict:
        say_it_again(form, conflict)
        return None, conflict
    messages.success(request, f"Recorded: {kind_of(case).facts_of(event.kind).label}.")
    return HttpResponseRedirect(case.get_absolute_url()), None


def say_it_again(form: Any, conflict: Conflict) -> None:
    """Keep what was typed, and let the next try be one made in knowledge of what happened."""
    form.data = form.data.copy()
    form.data[form.add_prefix("version")] = str(conflict.version)


def _deadline(case: Case, rule: str | None, form: EventForm) -> Deadline | None:
    """The deadline that an extension or explanation is about."""
    if not rule:
        return None
    subject = form["subject"].value() or ""
    return Deadline.objects.filter(case=case, rule=rule, subject=subject).first()
