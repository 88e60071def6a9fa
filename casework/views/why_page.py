"""'Why this date?' for one deadline, with what can be done about it."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from casework.access import case_or_refuse
from casework.deadlines import next_of_each, standing
from casework.events import Extended, LatenessExplained, day_in_words
from casework.explain import NoLongerDue, moves_in_words, timetable_behind
from casework.fold import in_effect
from casework.models import Case, Deadline, EventNote
from casework.reading import recorded_of
from casework.registry import kind_of
from casework.timetable import ruleset
from casework.workflow import Happened
from working_days.calendar import DEFINITION

STRENGTHS = {
    "must": "A duty: the source says that it must be done by then.",
    "normally": "What the source says is usual or normal.",
    "target": "A target of ours, which helps to keep the others.",
}


@login_required
@require_safe
def deadline_why(request: HttpRequest, case_id: Any, rule: str) -> HttpResponse:
    """The rule, its source, the start and its day, and each day that does not count, by name."""
    case = case_or_refuse(request, case_id, "timetable.read")
    deadline = deadline_or_404(case, rule, request.GET.get("subject", ""))
    recorded = recorded_of(case)
    try:
        timetable = timetable_behind(deadline, recorded)
        due = timetable.due(deadline.rule, deadline.subject)
    except (KeyError, NoLongerDue) as error:
        raise Http404("This deadline does not follow from the record any more.") from error
    access = case.access
    on_record = in_effect(kind_of(case), recorded)
    unmet = deadline.met_on is None
    context = {
        "case": case,
        "deadline": deadline,
        "due": due,
        "calendar_version": timetable.calendar_version,
        "edition": timetable.edition,
        "starts_with": _event_in_words(case, due.counted_from.event),
        "stands": standing(deadline, suspended=case.suspended_on is not None),
        "strength": STRENGTHS[deadline.strength],
        "definition": DEFINITION,
        "moved": moves_in_words(deadline, on_record),
        "extension": _extension(case, deadline, on_record),
        "lateness": _lateness(case, deadline, on_record),
        "may_extend": unmet and bool(access.may_record("extended")),
        "may_explain": _can_be_explained(deadline) and bool(
            access.may_record("lateness_explained")
        ),
        "may_meet": unmet and _may_meet(case, deadline),
    }  # fmt: skip
    return render(request, "casework/why.html", context)


def deadline_or_404(case: Case, rule: str, subject: str) -> Deadline:
    """One deadline of a case. Raises Http404."""
    try:
        found = Deadline.objects.get(case=case, rule=rule, subject=subject)
    except Deadline.DoesNotExist as error:
        raise Http404("This case has no such deadline.") from error
    found.case = case
    return found


def _can_be_explained(deadline: Deadline) -> bool:
    return deadline.state == "met_late" or standing(deadline).overdue


def _may_meet(case: Case, deadline: Deadline) -> bool:
    kind = kind_of(case)
    if not deadline.met_by or not kind.has_step(deadline.met_by):
        return False
    step = kind.step(deadline.met_by)
    if step.hidden or not case.access.may_record(deadline.met_by):
        return False
    return deadline.pk in next_of_each(case.deadlines.filter(met_by=deadline.met_by))


def _event_in_words(case: Case, event: str) -> str:
    declared = ruleset(case.kind, case.framework).event(event)
    return declared.meaning if declared else event.replace("_", " ")


def _said(
    case: Case, deadline: Deadline, on_record: Sequence[Happened], kind: str
) -> dict[str, str] | None:
    """Who agreed another day, or why it is late: the last that was said and still stands. The words
    of a note are for those who may read the history; the rest is for all who see the date."""
    said = next((one for one in reversed(on_record) if _is_about(one.facts, kind, deadline)), None)
    if said is None:
        return None
    words = {"when": day_in_words(said.on)}
    if case.access.may("history.read"):
        note = EventNote.objects.filter(event=said.event_id).first()
        words["who"] = getattr(said.facts, "agreed_by", "")
        words["why"] = note.content.get("text", "") if note else ""
    return words


def _is_about(facts: Any, kind: str, deadline: Deadline) -> bool:
    return facts.kind == kind and (facts.rule, facts.subject) == (deadline.rule, deadline.subject)


def _lateness(
    case: Case, deadline: Deadline, on_record: Sequence[Happened]
) -> dict[str, str] | None:
    if not deadline.explained:
        return None
    return _said(case, deadline, on_record, LatenessExplained.kind)


def _extension(
    case: Case, deadline: Deadline, on_record: Sequence[Happened]
) -> dict[str, str] | None:
    """What is known of the other day agreed."""
    if deadline.agreed_on is None:
        return None
    said = _said(case, deadline, on_record, Extended.kind)
    return said or {"why": "The case stood still for that long."}
