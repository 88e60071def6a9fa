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
from overview.timetable_question import Question
from working_days.calendar import DEFINITION, Calendar, in_words
from working_days.services import current_calendar

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
    calendar = current_calendar()
    form = _form(request, calendar)
    if form is None:
        return HttpResponseRedirect(f"{reverse('timetable')}?kind={kind}")
    if not form.is_bound or "change" in request.GET or not form.is_valid():
        return _ask(request, form, calendar)
    question = form.question()
    if request.META.get("QUERY_STRING", "") != question.query():
        return HttpResponseRedirect(f"{reverse('timetable')}?{question.query()}")
    return _show(request, question, calendar)


@require_safe
@limit(PAGES_A_MINUTE, name="timetable")
def timetable_json(request: HttpRequest) -> HttpResponse:
    """The same as JSON: the list that the command prints, or `errors` with status 400."""
    problems, question, calendar = _question(request)
    if question is None:
        errors = [{"event": name, "message": text} for name, text in problems]
        return JsonResponse({"errors": errors}, status=400, json_dumps_params=_READABLE)
    dues = [as_json(due) for due in question.answer(calendar).dues]
    return JsonResponse(dues, safe=False, json_dumps_params=_READABLE)


@require_safe
@limit(FILES_A_MINUTE, name="timetable-files")
def timetable_as_pdf(request: HttpRequest) -> HttpResponse:
    """The same to print, as PDF/UA-1. A question with mistakes leads back to the page."""
    _, question, calendar = _question(request)
    if question is None:
        return _back(request)
    content = timetable_pdf.printed(Answer(question, question.answer(calendar), calendar))
    return _file(content, "application/pdf", question, "pdf")


@require_safe
@limit(FILES_A_MINUTE, name="timetable-files")
def timetable_as_calendar(request: HttpRequest) -> HttpResponse:
    """The same as an iCalendar file. A question with mistakes leads back to the page."""
    _, question, calendar = _question(request)
    if question is None:
        return _back(request)
    address = request.build_absolute_uri(f"{reverse('timetable')}?{question.query()}")
    answer = Answer(question, question.answer(calendar), calendar)
    content = timetable_calendar_file.written(answer, address)
    return _file(content, "text/calendar; charset=utf-8", question, "ics")


_READABLE = {"ensure_ascii": False, "indent": 2}


def _form(request: HttpRequest, calendar: Calendar) -> DatesForm | None:
    """The form of the kind that the address names; None for a framework that has no rules."""
    try:
        rules = ruleset(request.GET["kind"], request.GET.get("framework", ""))
    except TimetableError:
        return None
    bound = tidied(request.GET, rules) if gives_dates(request.GET, rules) else None
    return DatesForm(rules, calendar, bound)


def _question(
    request: HttpRequest,
) -> tuple[list[tuple[str, str]], Question | None, Calendar]:
    """The question of an address, or what is wrong with it."""
    calendar = current_calendar()
    try:
        rules = ruleset(request.GET.get("kind", ""), request.GET.get("framework", ""))
    except TimetableError as error:
        return error.messages, None, calendar
    data = tidied(request.GET, rules)
    form = DatesForm(rules, calendar, data)
    problems = _unknown_names(rules, strangers_in(data, form))
    if form.is_valid() and not problems:
        return [], form.question(), calendar
    problems += [
        ("" if name == "__all__" else name, str(text))
        for name, texts in form.errors.items()
        for text in texts
    ]
    return problems, None, calendar


def _unknown_names(rules: Ruleset, names: list[str]) -> list[tuple[str, str]]:
    try:
        refuse_unknown(rules.kind, names, rules.framework)
    except TimetableError as error:
        return error.messages
    return []


def _ask(request: HttpRequest, form: DatesForm, calendar: Calendar) -> HttpResponse:
    context = {
        "form": form,
        "rules": form.rules,
        "definition": DEFINITION,
        "calendar_ends": in_words(calendar.covers_until),
    }
    return render(request, "overview/timetable_dates.html", context)


def _show(request: HttpRequest, question: Question, calendar: Calendar) -> HttpResponse:
    found = question.answer(calendar)
    query = question.query()
    context: dict[str, Any] = {
        "answer": Answer(question, found, calendar),
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
