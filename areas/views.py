"""The list of areas and an area's page: public, but for the people of the organisations."""

import datetime
import uuid
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from areas.contacts import (
    Contacts,
    areas_to_keep_terms_of,
    contacts_for,
    may_keep_commissioners,
    panels,
)
from areas.forms import FilterForm
from areas.models import AreaOrganisation, LocalArea, OrganisationKind, Region, Term
from areas.page import (
    SchoolYear,
    ShownOrganisation,
    code_rows,
    other_times_table,
    school_year_of,
    school_years,
    serving,
)
from areas.term_table import term_table
from areas.terms import Stretch, in_term_by
from config import clock
from design_system.forms import in_words
from design_system.tables import Column, Table

COLUMNS = (
    Column("Area", sort=True),
    Column("DfE number", sort=True),
    Column("Region", sort=True),
    Column("Health commissioners"),
)


@require_safe
def area_list(request: HttpRequest) -> HttpResponse:
    """All areas of today, or of all time, narrowed by name, code and region."""
    today = clock.today()
    regions = list(Region.objects.values_list("code", "name"))
    form = FilterForm(regions, request.GET or None)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = list(_matching(chosen, today))
    return render(
        request,
        "areas/list.html",
        {
            "form": form,
            "count": len(found),
            "gone": _gone(chosen, found),
            "merges": may_keep_commissioners(request.user, today),
            "imports": areas_to_keep_terms_of(request.user, today).exists(),
            "filtered": any(chosen.values()),
            "table": Table(
                "Areas",
                COLUMNS,
                [_row(area) for area in found],
                hide_caption=True,
                empty="No area matches. Part of a name is enough, in capitals or not.",
                id="areas",
            ),
        },
    )


def _matching(chosen: dict[str, Any], today: datetime.date) -> QuerySet[LocalArea]:
    """Three queries: areas with regions, links of today, their organisations."""
    areas = LocalArea.objects.all() if chosen.get("gone") else LocalArea.objects.on(today)
    if text := chosen.get("q"):
        codes = Q(dfe_code=text) | Q(gss_codes__code__iexact=text)
        names = Q(name__icontains=text) | Q(other_names__icontains=text)
        areas = areas.filter(names | codes).distinct()
    if region := chosen.get("region"):
        areas = areas.filter(region__code=region)
    health = (
        AreaOrganisation.objects.on(today)
        .filter(organisation__kind=OrganisationKind.HEALTH_COMMISSIONER)
        .select_related("organisation")
        .order_by("organisation__name")
    )
    return (
        areas.select_related("region")
        .prefetch_related(Prefetch("links", queryset=health, to_attr="health"))
        .order_by("name")
    )


def _gone(chosen: dict[str, Any], found: list[LocalArea]) -> list[LocalArea]:
    """Areas that no longer exist and would match, where nothing of today does."""
    if found or chosen.get("gone") or not chosen.get("q"):
        return []
    return list(_matching({**chosen, "gone": True}, clock.today()))


def _row(area: Any) -> list[Any]:
    ended = f" (until {in_words(area.ends_on)})" if area.ends_on else ""
    boards = [(link.organisation.name,) for link in area.health]
    return [
        format_html('<a class="govuk-link" href="{}">{}</a>{}', _address(area), area.name, ended),
        area.dfe_code,
        area.region.name,
        format_html_join(mark_safe("<br>"), "{}", boards),
    ]


def _address(area: LocalArea) -> str:
    return reverse("area", args=[area.pk])


@require_safe
def area_page(request: HttpRequest, area_id: uuid.UUID) -> HttpResponse:
    """One area: what is known of it, who serves it and did, its terms, and what rooms above have to
    say about it."""
    area = get_object_or_404(LocalArea.objects.select_related("region"), pk=area_id)
    today = clock.today()
    contacts = contacts_for(request.user, area, today)
    organisations, others = serving(area, today, contacts)
    year, stretches = _this_school_year(area, today)
    return render(
        request,
        "areas/area.html",
        {
            "area": area,
            "codes": code_rows(area.gss_codes.all()),
            "successors": list(area.successors.all()),
            "predecessors": list(area.predecessors.all()),
            "organisations": organisations,
            "other_times": _other_times(area, others, contacts),
            "contacts": contacts,
            "all_readable": all(one.readable for one in organisations),
            "terms": _terms(area, year, may_edit=contacts.may_edit_terms()),
            "in_term": in_term_by(stretches, today),
            "today": today,
            "panels": _panels(request, area),
        },
    )


def _other_times(
    area: LocalArea, others: list[ShownOrganisation], contacts: Contacts
) -> Table | None:
    def change(link: AreaOrganisation) -> str:
        return reverse("change_link", args=[area.pk, link.pk])

    return other_times_table(others, change if contacts.edits_all else None) if others else None


def _this_school_year(area: LocalArea, today: datetime.date) -> tuple[SchoolYear, list[Stretch]]:
    years = school_years(area)
    this_year = school_year_of(today)
    stretches = [(term.starts_on, term.ends_on) for year in years for term in year.terms]
    found = [year for year in years if year.year == this_year]
    return next(iter(found), SchoolYear(this_year, ())), stretches


def _terms(area: LocalArea, year: SchoolYear, *, may_edit: bool) -> Table:
    def change(term: Term) -> str:
        return reverse("change_term", args=[area.pk, term.pk])

    return term_table(year, change if may_edit else None, caption_size="s")


def _panels(request: HttpRequest, area: LocalArea) -> list[str]:
    shown: list[str] = []
    for panel in panels():
        context = panel.context(request, area)
        if context is not None:
            shown.append(render_to_string(panel.template, {**context, "area": area}, request))
    return shown
