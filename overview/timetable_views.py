"""The timetable for anyone, without signing in: a page, a PDF, a calendar file, JSON."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casework.timetable import TimetableError, kinds, refuse_unknown, ruleset
from casework.timetable.output import as_json
from casework.timetable.rules import Ruleset
from config.throttle import limit
from overview import timetable_calendar_file, timetable_pdf
from overview.timetable_forms import DatesForm, KindForm, gives_dates, strangers_in, tidied
from overview.timetable_page import Answer
from overview.timetable_question import InForce, Question, now_in_force
from working_days.calendar import DEFINITION, in_words

PAGES_A_MINUTE = 120
FILES_A_MINUTE = 30


@require_safe
@limit(PAGES_A_MINUTE, name="timetable")
def timetable(request: HttpRequest) -> HttpResponse:
    """Ask for the kind, then for the dates, then show the timetable at an address to share."""
    kind = request.GET.get("kind")
    if kind is None:
        return render(request, "overview/timetable_kind.html", {"form": KindForm()})
    if kind not in kinds():
        return render(request, "overview/timetable_kind.html", {"form": KindForm(request.GET)})
    in_force = now_in_force()
    form = _form(request, in_force)
    if form is None:
        return HttpResponseRedirect(f"{reverse('timetable')}?kind={kind}")
    if not form.is_bound or "change" in request.GET or not form.is_valid():
        return _ask(request, form, in_force)
    question = form.question()
    if request.META.get("QUERY_STRING", "") != question.query():
        return HttpResponseRedirect(f"{reverse('timetable')}?{question.query()}")
    return _show(request, question, in_force)


@require_safe
@limit(PAGES_A_MINUTE, name="timetable")
def timetable_json(request: HttpRequest) -> HttpResponse:
    """The same as JSON: the list that the command prints, or `errors` with status 400."""
    problems, question, in_force = _question(request)
    if question is None:
        errors = [{"event": name, "message": text} for name, text in problems]
        return JsonResponse({"errors": errors}, status=400, json_dumps_params=_READABLE)
    dues = [as_json(due) for due in question.answer(in_force).dues]
    return JsonResponse(dues, safe=False, json_dumps_params=_READABLE)


@require_safe
@limit(FILES_A_MINUTE, name="timetable-files")
def timetable_as_pdf(request: HttpRequest) -> HttpResponse:
    """The same to print, as PDF/UA-1. A question with mistakes leads back to the page."""
    _, question, in_force = _question(request)
    if question is None:
        return _back(request)
    content = timetable_pdf.printed(Answer(question, question.answer(in_force), in_force.calendar))
    return _file(content, "application/pdf", question, "pdf")


@require_safe
@limit(FILES_A_MINUTE, name="timetable-files")
def timetable_as_calendar(request: HttpRequest) -> HttpResponse:
    """The same as an iCalendar file. A question with mistakes leads back to the page."""
    _, question, in_force = _question(request)
    if question is None:
        return _back(request)
    address = request.build_absolute_uri(f"{reverse('timetable')}?{question.query()}")
    answer = Answer(question, question.answer(in_force), in_force.calendar)
    content = timetable_calendar_file.written(answer, address)
    return _file(content, "text/calendar; charset=utf-8", question, "ics")


_READABLE = {"ensure_ascii": False, "indent": 2}


def _form(request: HttpRequest, in_force: InForce) -> DatesForm | None:
    """The form of the kind that the address names; None for a framework that has no rules."""
    try:
        rules = ruleset(request.GET["kind"], request.GET.get("framework", ""))
    except TimetableError:
        return None
    bound = tidied(request.GET, rules) if gives_dates(request.GET, rules) else None
    return DatesForm(rules, in_force, bound)


def _question(
    request: HttpRequest,
) -> tuple[list[tuple[str, str]], Question | None, InForce]:
    """The question of an address, or what is wrong with it."""
    in_force = now_in_force()
    try:
        rules = ruleset(request.GET.get("kind", ""), request.GET.get("framework", ""))
    except TimetableError as error:
        return error.messages, None, in_force
    data = tidied(request.GET, rules)
    form = DatesForm(rules, in_force, data)
    problems = _unknown_names(rules, strangers_in(data, form))
    if form.is_valid() and not problems:
        return [], form.question(), in_force
    problems += [
        ("" if name == "__all__" else name, str(text))
        for name, texts in form.errors.items()
        for text in texts
    ]
    return problems, None, in_force


def _unknown_names(rules: Ruleset, names: list[str]) -> list[tuple[str, str]]:
    try:
        refuse_unknown(rules.kind, names, rules.framework)
    except TimetableError as error:
        return error.messages
    return []


def _ask(request: HttpRequest, form: DatesForm, in_force: InForce) -> HttpResponse:
    context = {
        "form": form,
        "rules": form.rules,
        "definition": DEFINITION,
        "calendar_ends": in_words(in_force.calendar.covers_until),
    }
    return render(request, "overview/timetable_dates.html", context)


def _show(request: HttpRequest, question: Question, in_force: InForce) -> HttpResponse:
    found = question.answer(in_force)
    query = question.query()
    context: dict[str, Any] = {
        "answer": Answer(question, found, in_force.calendar),
        "warnings": found.warnings,
        "query": query,
        "address": request.build_absolute_uri(f"{reverse('timetable')}?{query}"),
    }
    return render(request, "overview/timetable.html", context)


def _back(request: HttpRequest) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(f"{reverse('timetable')}{'?' if query else ''}{query}")


def _file(content: bytes, content_type: str, question: Question, ending: str) -> HttpResponse:
    first = question.dates[0][1].isoformat()
    response = HttpResponse(content, content_type=content_type)
    name = f"timetable-{question.kind}-{first}.{ending}"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
