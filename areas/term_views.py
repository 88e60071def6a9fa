"""An area's school terms year by year, and as CSV."""

import datetime
import uuid

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from areas.contacts import areas_to_keep_terms_of, contacts_for
from areas.models import LocalArea, Term
from areas.page import SchoolYear, school_year_of, school_years
from areas.school_year import draw
from areas.term_import.csv_file import HALF_TERMS, write_csv
from areas.term_table import term_table
from areas.terms import in_term_by
from config import clock
from working_days.services import current_calendar


@require_safe
def area_terms(request: HttpRequest, area_id: uuid.UUID) -> HttpResponse:
    """One school year of an area, drawn and as a table; `?year=` is the one in which it begins."""
    area = get_object_or_404(LocalArea, pk=area_id)
    today = clock.today()
    may_edit = contacts_for(request.user, area, today).may_edit_terms()
    years = {one.year: one for one in school_years(area)}
    this_year = school_year_of(today)
    years.setdefault(this_year, SchoolYear(this_year, ()))
    asked = request.GET.get("year", "")
    chosen = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else this_year
    year = years.get(chosen, years[this_year])
    calendar = current_calendar()
    stretches = [(term.starts_on, term.ends_on) for one in years.values() for term in one.terms]
    title = f"School year {year.name} of {area.name}"

    def closed(day: datetime.date) -> str | None:
        if day.weekday() >= 5:
            return "weekend"
        # Terms may be entered for years whose bank holidays nobody knows yet.
        is_covered = calendar.covers_from <= day <= calendar.covers_until
        return calendar.name_of(day) if is_covered else None

    def change(term: Term) -> str:
        return reverse("change_term", args=[area.pk, term.pk])

    return render(
        request,
        "areas/terms.html",
        {
            "area": area,
            "year": year,
            "years": [years[key] for key in sorted(years, reverse=True)],
            "drawing": draw(year.year, stretches, title=title, closed=closed, today=today),
            "table": term_table(year, change if may_edit else None, closed=closed),
            "in_term": in_term_by(stretches, today),
            "may_edit": may_edit,
            "any": bool(stretches),
        },
    )


def _file(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def terms_as_csv(request: HttpRequest, area_id: uuid.UUID) -> HttpResponse:
    """All terms of an area, in the form in which they can be imported."""
    area = get_object_or_404(LocalArea, pk=area_id)
    rows = [
        (area.dfe_code, area.name, term.name, *_iso(term))
        for term in Term.objects.filter(local_area=area).order_by("starts_on")
    ]
    return _file(write_csv(rows), f"terms-{area.dfe_code}.csv")


def _iso(term: Term) -> tuple[str, str]:
    return term.starts_on.isoformat(), term.ends_on.isoformat()


@login_required
@require_safe
def term_template(request: HttpRequest, area_id: uuid.UUID) -> HttpResponse:
    """A CSV file to fill in: the half terms of one school year."""
    area = get_object_or_404(LocalArea, pk=area_id)
    contacts_for(request.user, area, clock.today()).require_terms()
    rows = [(area.dfe_code, area.name, name, "", "") for name in HALF_TERMS]
    return _file(write_csv(rows), f"terms-{area.dfe_code}-to-fill-in.csv")


@login_required
@require_safe
def term_template_of_several(request: HttpRequest) -> HttpResponse:
    """A CSV file to fill in: the half terms of one school year for each area of today whose terms
    the person keeps."""
    today = clock.today()
    keeps = areas_to_keep_terms_of(request.user, today)
    areas = list(keeps.filter(pk__in=LocalArea.objects.on(today)).order_by("name"))
    if not areas:
        raise PermissionDenied(
            "The terms of several areas are imported by support officers and administrators."
        )
    rows = [(area.dfe_code, area.name, name, "", "") for area in areas for name in HALF_TERMS]
    return _file(write_csv(rows), "terms-to-fill-in.csv")
