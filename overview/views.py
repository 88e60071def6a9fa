"""The home page and the pages about the service."""

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casework.access import remember_grants
from config import clock
from design_system.forms import in_words
from design_system.tables import Column, Table
from overview import home as on_home
from working_days.calendar import DEFINITION
from working_days.models import BankHoliday, Closure
from working_days.services import current_calendar


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is due from me and my cases; without signing in, what this is."""
    if not request.user.is_authenticated:
        return render(request, "overview/home_public.html", {"definition": DEFINITION})
    remember_grants(request.user)
    due, more = on_home.due_items(request.user)
    context = {
        "due": due,
        "more": more,
        "nothing_due": "" if due else on_home.nothing_due(request.user),
        "overdue": sum(item.overdue for item in due),
        "waiting": on_home.waiting(request.user, due),
        "cases": on_home.my_cases(request.user),
        "cards": on_home.cards(request.user),
    }
    return render(request, "overview/home.html", context)


@require_safe
def working_days(request: HttpRequest) -> HttpResponse:
    """What counts as a working day, with every bank holiday and closure; public."""
    calendar = current_calendar()
    holidays = BankHoliday.objects.at(calendar.version).order_by("date")
    years = {
        year: _holidays_table(year, list(of_year))
        for year, of_year in groupby(holidays, key=lambda one: one.date.year)
    }
    this_year = clock.today().year
    context = {
        "definition": DEFINITION,
        "covers_from": in_words(calendar.covers_from),
        "covers_until": in_words(calendar.covers_until),
        "years": [table for year, table in years.items() if year >= this_year],
        "earlier": [table for year, table in reversed(years.items()) if year < this_year],
        "closures": _closures_table(calendar.version),
    }
    return render(request, "overview/working_days.html", context)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """How accessible the service is, and what was tried; public."""
    return render(request, "overview/accessibility.html")


def _holidays_table(year: int, holidays: list[BankHoliday]) -> Table:
    rows: list[list[Any]] = [
        [
            f"{one.date:%a} {in_words(one.date)}",
            f"{one.title} ({one.notes.lower()})" if one.notes else one.title,
        ]
        for one in holidays
    ]
    columns = [Column("Date", nowrap=True), Column("Bank holiday")]
    return Table(f"Bank holidays in {year}", columns, rows, stack=False, id=f"year-{year}")


def _closures_table(version: int) -> Table:
    rows: list[list[Any]] = [
        [
            in_words(one.starts_on),
            in_words(one.ends_on),
            one.get_inspectorate_display(),
            one.reason,
            "No: these days do not count" if one.stops_the_clock else "Yes",
        ]
        for one in Closure.objects.at(version).order_by("-starts_on")
    ]
    columns = [
        Column("First day", nowrap=True),
        Column("Last day", nowrap=True),
        Column("Who is closed"),
        Column("Why"),
        Column("Do the days count?"),
    ]
    return Table(
        "Days on which an inspectorate is closed",
        columns,
        rows,
        empty="None is recorded.",
        id="closures",
    )
