"""Question, answers to check, proposal: the same for every change. Nothing is kept in between: what
was typed goes along with each page, so a change that nobody proposes leaves nothing behind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from casework.changes import services
from casework.changes.forms import CalendarForm, as_typed
from casework.changes.words import Lines
from design_system.forms import GovukForm
from working_days.services import ChangeRefused, calendar_with

#: What the pages themselves send, and not the person.
OF_THE_PAGES = frozenset({"csrfmiddlewaretoken", "confirmed", "back", "more"})
Make = Callable[..., CalendarForm]


@dataclass(frozen=True)
class Question:
    """One page that asks for a change of the calendar."""

    title: str
    template: str
    make: Make
    context: Mapping[str, Any] = field(default_factory=dict)


def ask(request: HttpRequest, question: Question) -> HttpResponse:
    """The question; its answers to check; or where to go once it is proposed."""
    if request.method != "POST":
        return _show(request, question, question.make(None))
    if "back" in request.POST or "more" in request.POST:
        blank = question.make(None)
        return _show(request, question, question.make(None, initial=as_typed(blank, request.POST)))
    form = question.make(request.POST)
    if not (form.is_valid() and _can_be(form)):
        return _show(request, question, form)
    if "confirmed" not in request.POST:
        return check_answers(request, question.title, form.answers())
    try:
        change = services.propose_calendar(
            form.change(), why=form.why_it_changes(), by=request.user
        )
    except ChangeRefused as refused:
        form.take_refusal(refused)
        return _show(request, question, form)
    return HttpResponseRedirect(reverse("change", args=[change.pk]))


def _can_be(form: CalendarForm) -> bool:
    """Whether the calendar takes the change; where it does not, the form says why."""
    try:
        calendar_with(form.change())
    except ChangeRefused as refused:
        form.take_refusal(refused)
        return False
    return True


def check_answers(request: HttpRequest, title: str, answers: Lines, **more: Any) -> HttpResponse:
    """What was typed, in words, before it is proposed."""
    context = {"title": title, "answers": answers, "posted": posted(request), **more}
    return render(request, "casework/changes/check.html", context)


def posted(request: HttpRequest, *without: str) -> list[tuple[str, str]]:
    """What was typed, to be sent along with the next page."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in OF_THE_PAGES and name not in without
    ]


def _show(request: HttpRequest, question: Question, form: GovukForm) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    context = {"title": question.title, "form": form, **question.context}
    return render(request, question.template, context, status=status)
