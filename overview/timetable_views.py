"""The timetable for anyone, without signing in: a page, a PDF, a calendar file, JSON."""

from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casework.timetable import TimetableError, kinds, refuse_unknown, ruleset, rulesets
from casework.timetable.output import as_json
from config.throttle import limit
from overview import timetable_calendar_file, timetable_pdf
from overview.timetable_forms import (
    DatesForm,
    KindForm,
    gives_dates,
    repeated_in,
    strangers_in,
    tidied,
    value_of,
)
from overview.timetable_page import Answer
from overview.timetable_question import InForce, Question, now_in_force
from working_days.calendar import DEFINITION, in_words

PAGES_A_MINUTE = 120
FILES_A_MINUTE = 30
PASSED_ON = ("utm_", "fbclid", "gclid", "msclkid")
WARNING = "X-Timetable-Warning"


@require_safe
@limit(PAGES_A_MINUTE, name="timetable")
def timetable(request: HttpRequest) -> HttpResponse:
    """Ask for the kind, then for the dates, then show the timetable at an address to share."""
    kind = request.GET.get("kind")
    if kind is None:
        return render(request, "overview/timetable_kind.html", {"form": KindForm()})
    if "/" in kind and kind in [value_of(rules) for rules in rulesets()]:
        kind, _, framework = kind.partition("/")
        query = urlencode({"kind": kind, "framework": framework})
        return HttpResponseRedirect(f"{reverse('timetable')}?{query}")
    if kind not in kinds():
        return render(request, "overview/timetable_kind.html", {"form": KindForm(request.GET)})
    in_force = now_in_force()
    form = _form(request, in_force)
    if not form.is_bound or "change" in request.GET or not form.is_valid():
        return _ask(request, form, in_force)
    question = form.question()
    if request.META.get("QUERY_STRING", "") != question.query():
        return HttpResponseRedirect(f"{reverse('timetable')}?{question.query()}")
    return _show(request, question, in_force)


@require_safe
@limit(PAGES_A_MINUTE, name="timetable")
def timetable_json(request: HttpRequest) -> HttpResponse:
    """The same as JSON: the list that the command prints, or `errors` with status 400. What the
    page would warn of stands in the header X-Timetable-Warning, percent-encoded UTF-8."""
    problems, question, in_force = _question(request)
    if question is None:
        errors = [{"event": name, "message": text} for name, text in problems]
        return JsonResponse({"errors": errors}, status=400, json_dumps_params=_READABLE)
    found = question.answer(in_force)
    dues = [as_json(due) for due in found.dues]
    response = JsonResponse(dues, safe=False, json_dumps_params=_READABLE)
    if found.warnings:
        response[WARNING] = quote(" ".join(found.warnings), safe=" ,.:;()'/")
    return response


@require_safe
@limit(FILES_A_MINUTE, name="timetable-files")
def timetable_as_pdf(request: HttpRequest) -> HttpResponse:
    """The same to print, as PDF/UA-1. A question with mistakes is asked again, with status 400."""
    _, question, in_force = _question(request)
    if question is None:
        return _ask_again(request, in_force)
    content = timetable_pdf.printed(Answer(question, question.answer(in_force), in_force.calendar))
    return _file(content, "application/pdf", question, "pdf")


@require_safe
@limit(FILES_A_MINUTE, name="timetable-files")
def timetable_as_calendar(request: HttpRequest) -> HttpResponse:
    """The same as an iCalendar file. A question with mistakes is asked again, with status 400."""
    _, question, in_force = _question(request)
    if question is None:
        return _ask_again(request, in_force)
    address = request.build_absolute_uri(f"{reverse('timetable')}?{question.query()}")
    answer = Answer(question, question.answer(in_force), in_force.calendar)
    content = timetable_calendar_file.written(answer, address)
    return _file(content, "text/calendar; charset=utf-8", question, "ics")


_READABLE = {"ensure_ascii": False, "indent": 2}


def _form(request: HttpRequest, in_force: InForce, *, asked: bool = False) -> DatesForm:
    """The form of the kind that the address names, with what it holds. What cannot be understood
    in the address is an error of the form; nothing else in it is lost. `asked`: an answer is
    wanted, even where the address holds no date."""
    problems = []
    try:
        rules = ruleset(request.GET["kind"], request.GET.get("framework", ""))
    except TimetableError as error:
        rules, problems = ruleset(request.GET["kind"]), error.messages
    data = tidied(request.GET, rules)
    # Programs that pass links on add names of their own, which nobody typed.
    for name in [name for name in data if name.startswith(PASSED_ON)]:
        del data[name]
    problems = problems + _wrong_names(request, DatesForm(rules, in_force, data))
    asked = asked or bool(problems) or gives_dates(request.GET, rules)
    form = DatesForm(rules, in_force, data if asked else None)
    for _, text in problems:
        form.add_error(None, text)
    return form


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
    problems = _wrong_names(request, form)
    if form.is_valid() and not problems:
        return [], form.question(), in_force
    problems += [
        ("" if name == "__all__" else name, str(text))
        for name, texts in form.errors.items()
        for text in texts
    ]
    return problems, None, in_force


def _wrong_names(request: HttpRequest, form: DatesForm) -> list[tuple[str, str]]:
    """What an address says that nobody asks for, or more than once."""
    rules = form.rules
    wrong = [
        (name, f"‘{name}’ is given more than once.") for name in repeated_in(request.GET, rules)
    ]
    try:
        refuse_unknown(rules.kind, strangers_in(form.data, form), rules.framework)
    except TimetableError as error:
        wrong += error.messages
    return wrong


def _ask(request: HttpRequest, form: DatesForm, in_force: InForce) -> HttpResponse:
    context = {
        "form": form,
        "rules": form.rules,
        "framework": value_of(form.rules).partition("/")[2],
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


def _ask_again(request: HttpRequest, in_force: InForce) -> HttpResponse:
    """The form of the page, with what is wrong in it: a program that wanted a file can tell by the
    status that this is none."""
    if request.GET.get("kind") not in kinds():
        context = {"form": KindForm(request.GET)}
        return render(request, "overview/timetable_kind.html", context, status=400)
    answer = _ask(request, _form(request, in_force, asked=True), in_force)
    answer.status_code = 400
    return answer


def _file(content: bytes, content_type: str, question: Question, ending: str) -> HttpResponse:
    first = question.dates[0][1].isoformat()
    response = HttpResponse(content, content_type=content_type)
    name = f"timetable-{question.kind}-{first}.{ending}"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
