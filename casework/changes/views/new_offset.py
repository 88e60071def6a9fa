"""The offsets that no source gives: all of them, and proposing another number for one."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from casework.changes import services
from casework.changes.choosing import ChooseCases
from casework.changes.content import ParametersContent
from casework.changes.forms import ChangeOffset, as_typed
from casework.changes.permission import change_or_refuse
from casework.changes.starred import Starred, starred, values_now
from casework.changes.views.asking import check_answers, posted
from casework.changes.words import listed, offset_lines
from casework.models import ParameterVersion
from casework.refusals import GuardFailed
from config import clock
from design_system.forms import in_words
from design_system.tables import Column, Row, Table

COLUMNS = [
    Column("Rule", nowrap=True),
    Column("What is due"),
    Column("Counted from"),
    Column("Our default"),
    Column("Now"),
    Column("Change", hide_label=True),
]


@login_required
@require_safe
def offset_list(request: HttpRequest) -> HttpResponse:
    """Every offset that is ours: its rule, what is due, the default and what holds now."""
    change_or_refuse(request, "parameters", "read")
    now = values_now()
    tables: dict[str, list[Row]] = {}
    for one in starred().values():
        tables.setdefault(one.title, []).append(_row(one, now.get(one.key, one.default)))
    later = ParameterVersion.objects.filter(effective_from__gt=clock.today())
    context = {
        "tables": [
            Table(title, COLUMNS, rows, id=f"offsets-{place}")
            for place, (title, rows) in enumerate(tables.items(), 1)
        ],
        "later": [
            f"From {in_words(one.effective_from)}: {one.reason}"
            for one in later.order_by("effective_from")
        ],
    }
    return render(request, "casework/changes/offsets.html", context)


def _row(one: Starred, number: int) -> Row:
    due = f"{one.due} (only if {one.only_if})" if one.only_if else one.due
    words = one.in_words(number)
    now = words if number == one.default else format_html("<strong>{}</strong>", words)
    change = format_html(
        '<a class="govuk-link" href="{}">Change'
        '<span class="govuk-visually-hidden"> {}: {}</span></a>',
        reverse("change_offset", args=[one.key]),
        listed(one.codes),
        "what it counts from" if one.options else "how long",
    )
    starts = one.starts_with[:1].upper() + one.starts_with[1:]
    return Row([listed(one.codes), due, starts, one.in_words(one.default), now, change])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_offset(request: HttpRequest, key: str) -> HttpResponse:
    """Another number for one offset: the number, perhaps the cases, the answers to check."""
    change_or_refuse(request, "parameters")
    one = starred().get(key)
    if one is None:
        raise Http404("There is no such offset.")
    present = values_now().get(key, one.default)

    def make(data: Any = None, **options: Any) -> ChangeOffset:
        return ChangeOffset(data, parameter=one, present=present, **options)

    if request.method != "POST":
        return _question(request, one, make(initial={"effective_from": clock.today()}))
    if "back" in request.POST:
        return _question(request, one, make(initial=as_typed(make(), request.POST)))
    form = make(request.POST)
    if not form.is_valid():
        return _question(request, one, form)
    return _asked(request, one, form)


def _asked(request: HttpRequest, one: Starred, form: ChangeOffset) -> HttpResponse:
    """The number is given: which cases, then the answers to check, then the proposal."""
    case_ids: Sequence[Any] = ()
    if form.cleaned_data["cases"] == "chosen":
        sent = "chosen" in request.POST and "narrow" not in request.POST
        choice = ChooseCases(
            request.POST if sent else None,
            narrowed=request.POST,
            initial={**request.POST.dict(), "case": request.POST.getlist("case")},
            parameter=one,
            user=request.user,
        )
        if not (sent and choice.is_valid()):
            return _cases(request, one, choice)
        case_ids = choice.case_ids()
    content = ParametersContent(
        values={one.key: form.cleaned_data["value"]},
        effective_from=form.cleaned_data["effective_from"],
        cases=form.cleaned_data["cases"],
        case_ids=tuple(case_ids),
    )
    if "confirmed" not in request.POST:
        answers = [*offset_lines(content, {one.key: one}), ("Why", form.cleaned_data["why"])]
        return check_answers(request, _title(one), answers)
    try:
        change = services.propose_parameters(content, why=form.cleaned_data["why"], by=request.user)
    except GuardFailed as refused:
        form.take_reasons(
            ("value" if name == one.key else name, text) for name, text in refused.reasons
        )
        return _question(request, one, form)
    return HttpResponseRedirect(reverse("change", args=[change.pk]))


def _title(one: Starred) -> str:
    return f"Change an offset: {listed(one.codes)}"


def _question(request: HttpRequest, one: Starred, form: ChangeOffset) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    context = {
        "title": _title(one),
        "form": form,
        "parameter": one,
        "present": one.in_words(form.present),
        "default": one.in_words(one.default),
        # Cases that were ticked before somebody went back.
        "posted": [pair for pair in posted(request) if pair[0] in ChooseCases.base_fields],
    }
    return render(request, "casework/changes/change_offset.html", context, status=status)


def _cases(request: HttpRequest, one: Starred, choice: ChooseCases) -> HttpResponse:
    """Which open cases take the number over. What was ticked stays ticked while the list is
    narrowed."""
    context = {
        "title": _title(one),
        "form": choice,
        "posted": posted(request, "chosen", "narrow", *choice.fields),
    }
    status = 422 if choice.is_bound else 200
    return render(request, "casework/changes/choose_cases.html", context, status=status)
