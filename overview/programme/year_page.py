"""The page of a year: a table of people and months, and on a phone a list by month."""

import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from accounts.models import User
from config import clock
from design_system.tables import Column, Table
from inspections.access import READ_DAYS, held_by
from overview.programme.access import reader_of
from overview.programme.words import listed
from overview.programme.year import Month, Stay, Year, year_of

FIRST_YEAR, LAST_YEAR = 2016, 2099
PURPOSES = {"planning": "planning, ", "travel": "travel, "}


@login_required
@require_safe
def year_page(request: HttpRequest) -> HttpResponse:
    """Who is where in a year. GET: `year` (this one where none is given), `after`, `before`.

    Raises Http404 for what is no year from 2016 to 2099.
    """
    reader_of(request.user)
    year = _year(request.GET.get("year", ""))
    found = year_of(request.user, year, request)
    address = f"?year={year}"
    context = {
        "year": year,
        "earlier": year - 1 if year > FIRST_YEAR else None,
        "later": year + 1 if year < LAST_YEAR else None,
        "found": found,
        "table": _table(found, request.user),
        "months": [_month(month) for month in found.months],
        "newer": f"{address}&before={found.people.before}" if found.people.before else "",
        "older": f"{address}&after={found.people.after}" if found.people.after else "",
    }
    return render(request, "overview/programme/year.html", context)


def _year(text: str) -> int:
    if not text:
        return clock.today().year
    if not (text.isascii() and text.isdecimal() and len(text) == 4):
        raise Http404("There is no such year.")
    year = int(text)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404("The calendar shows the years from 2016 to 2099.")
    return year


def _table(found: Year, viewer: Any) -> Table:
    columns = [Column("Inspector"), *(Column(_heading(month)) for month in found.months)]
    links = bool(held_by(viewer) & READ_DAYS)
    rows = [
        [
            _person(person, links=links or person.pk == viewer.pk),
            *(_cell(stays) for stays in found.by_person[person.pk]),
        ]
        for person in found.people.rows
    ]
    return Table(
        f"Who is where in {found.year}",
        columns,
        rows,
        hide_caption=True,
        stack=False,
        empty="No inspector has days in this year that are open to you.",
        id="year",
    )


def _heading(month: Month) -> SafeString:
    return format_html(
        '<abbr title="{}">{}</abbr>{}',
        f"{month.first:%B}",
        f"{month.first:%b}",
        _notes(month, '<span class="app-year__note">{} {}</span>'),
    )


def _notes(month: Month, pattern: str) -> SafeString:
    """Bank holidays and when schools are closed."""
    lines = []
    if month.bank_holidays:
        word = "Bank holiday" if len(month.bank_holidays) == 1 else "Bank holidays"
        lines.append((word, ", ".join(str(day.day) for day, _ in month.bank_holidays)))
    if month.schools_closed:
        lines.append(("Schools closed", ", ".join(_days(*one) for one in month.schools_closed)))
    return format_html_join("", pattern, lines)


def _days(first: datetime.date, last: datetime.date) -> str:
    return str(first.day) if first == last else f"{first.day} to {last.day}"


def _person(person: User, *, links: bool) -> Any:
    if not links:
        return person.name
    address = reverse("bookings_person", args=[person.public_id])
    return format_html('<a class="govuk-link" href="{}">{}</a>', address, person.name)


def _cell(stays: list[Stay]) -> Any:
    """A line for each place and purpose, with all its days."""
    lines: dict[tuple[str, str], list[Stay]] = {}
    for stay in stays:
        lines.setdefault((stay.purpose, stay.what), []).append(stay)
    return format_html_join("", "{}", ((_line(of_one),) for of_one in lines.values()))


def _line(stays: list[Stay]) -> SafeString:
    return format_html(
        '<span class="app-year__stay app-year__stay--{}">{} {}</span>',
        stays[0].purpose.replace("_", "-"),
        ", ".join(stay.days for stay in stays),
        _place(stays[0]),
    )


def _place(stay: Stay) -> SafeString | str:
    text = PURPOSES.get(stay.purpose, "") + stay.what
    if stay.case is None or stay.purpose != "on_site":
        return text
    return format_html(
        '<a class="govuk-link" href="{}">{}<span class="govuk-visually-hidden">, {}</span></a>',
        reverse("case", args=[stay.case.pk]),
        text,
        stay.case.reference,
    )


def _month(month: Month) -> dict[str, Any]:
    """A month of the list: heading, notes, entries."""
    return {
        "name": f"{month.first:%B %Y}",
        "notes": _notes(month, '<p class="app-small app-muted">{}: {}</p>'),
        "entries": [
            {
                "days": stay.days,
                "place": _place(stay),
                "people": listed([person.name for person in people]),
            }
            for stay, people in month.teams()
        ],
    }
