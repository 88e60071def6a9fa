"""The programme's page: filters, regional figures of a period, the table, and both as files."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from config import clock
from design_system import exports
from overview.programme import words
from overview.programme.access import Reader, reader_of
from overview.programme.filters import DEFAULT_ORDER, ORDERS, Chosen, ProgrammeFilters, regions
from overview.programme.lines import CaseFacts, Line, Period, programme
from overview.programme.statuses import STATUSES, has
from overview.programme.summary import by_region
from overview.programme.tables import programme_table, region_table

PAGE = 50


@dataclass(frozen=True)
class Chip:
    """One status as a link, with the number of areas that have it."""

    label: str
    count: int
    address: str
    current: bool


@login_required
@require_safe
def programme_page(request: HttpRequest) -> HttpResponseBase:
    """Every local area: last inspection, statement, re-visit, what is due and what comes.

    GET: fields of `ProgrammeFilters`, `order` (see `ORDERS`), `after` or `before`, and
    `format=csv` or `format=xlsx` for the whole list as a file.
    """
    reader = reader_of(request.user)
    form = ProgrammeFilters(request.GET, regions=regions())
    form.is_valid()
    chosen = Chosen.of(form)
    order = request.GET.get("order", "")
    order = order if order in ORDERS else DEFAULT_ORDER
    found = programme(reader, chosen.period, chosen.region)
    matching = chosen.narrow(found.lines)
    # What is not understood narrows to nothing, rather than not at all.
    understood = matching if form.is_valid() else []
    listed = [line for line in understood if not chosen.status or has(line, chosen.status)]
    wanted = exports.wanted_format(request.GET.get("format"))
    if wanted and form.is_valid():
        return exports.respond(_sheet(ORDERS[order].sorted(listed), form), wanted)
    page = ORDERS[order].page_of(listed, request, PAGE)
    kept = {"order": order if order != DEFAULT_ORDER else ""}
    context = {
        "form": form,
        "reader": reader,
        "count": len(listed),
        "chips": _chips(matching, chosen, kept["order"]),
        "narrowed": _narrowed(form, chosen, kept["order"]),
        "left_out": words.listed([a.name for a in found.left_out]) if found.left_out else "",
        "regions": _region_table(reader, chosen),
        "table": programme_table(page.rows, reader, chosen, order, _empty(reader, chosen)),
        "newer": chosen.address(before=page.before, **kept) if page.before else "",
        "older": chosen.address(after=page.after, **kept) if page.after else "",
        "csv": chosen.address(format="csv", **kept),
        "xlsx": chosen.address(format="xlsx", **kept),
        "order": kept["order"],
    }
    return render(request, "overview/programme/programme.html", context)


def _chips(lines: Sequence[Line], chosen: Chosen, order: str) -> list[Chip]:
    every = Chip(
        "All", len(lines), chosen.address(without="status", order=order), not chosen.status
    )
    today = clock.today()
    return [
        every,
        *(
            Chip(
                status.label,
                sum(status.holds(line, today) for line in lines),
                chosen.address(status=name, order=order),
                chosen.status == name,
            )
            for name, status in STATUSES.items()
        ),
    ]


def _narrowed(form: ProgrammeFilters, chosen: Chosen, order: str) -> list[dict[str, str]]:
    """What the list is narrowed to, each with the address of the list without it."""
    return [
        {
            "label": label,
            "value": value,
            "address": chosen.address(without=name, order=order),
        }
        for name, label, value in _choices(form)
    ]


def _choices(form: ProgrammeFilters) -> Iterator[tuple[str, str, str]]:
    """What was chosen and understood: field, its label, the value in words."""
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if not value:
            continue
        if isinstance(value, datetime.date):
            value = words.month(value)
        elif value is True:
            value = "shown too"
        else:
            value = dict(getattr(field, "choices", ())).get(value, value)
        yield name, str(field.label).removesuffix(" (month)"), str(value)


def _empty(reader: Reader, chosen: Chosen) -> str:
    if chosen.typed:
        return "No area matches. Choose less, or show all areas."
    if not reader.everywhere and not reader.regions and not reader.areas:
        return "No area is yours at present: the areas of your cases appear here."
    return "No local area is on record."


def _region_table(reader: Reader, chosen: Chosen) -> Any:
    if not chosen.period:
        return None
    return region_table(by_region(reader, chosen), f"Inspections {_period(chosen.period)}")


def _period(period: Period) -> str:
    if period.first and period.last:
        return f"from {words.month(period.first)} to {words.month(period.last)}"
    if period.first:
        return f"from {words.month(period.first)}"
    return f"to the end of {words.month(period.last)}" if period.last else ""


# --- as a file --------------------------------------------------------------------------------

COLUMNS = (
    "Local area",
    "DfE number",
    "Region",
    "Until",
    "Inspection",
    "First day",
    "Last day",
    "Framework",
    "Published",
    "Outcome",
    "Statement",
    "Statement, where it stands",
    "Re-visit due",
    "Re-visit due is a forecast",
    "Last re-visit, first day",
    "Outcome of the re-visit",
    "Next inspection due",
    "Coming",
    "Coming, first day",
    "Calls for",
)


def _sheet(lines: Sequence[Line], form: ProgrammeFilters) -> exports.Sheet:
    return exports.Sheet(
        title="Programme",
        columns=COLUMNS,
        rows=(_cells(line) for line in lines),
        chosen=[(label, value) for _, label, value in _choices(form)],
    )


def _cells(line: Line) -> list[Any]:
    last, revisit = line.shown, line.revisit
    today = clock.today()
    return [
        line.name,
        line.area.dfe_code,
        line.area.region.name,
        line.area.ends_on,
        _reference(last),
        last.first_day if last else None,
        last.last_day if last else None,
        words.framework(last),
        last.published_on if last else None,
        words.outcome(last),
        _reference(line.statement),
        words.statement(line),
        line.revisit_due,
        "Yes" if line.revisit_forecast else "",
        revisit.first_day if revisit else None,
        words.outcome(revisit),
        line.next_due,
        words.coming(line),
        line.coming.first_day if line.coming else None,
        "; ".join(one.label for one in STATUSES.values() if one.holds(line, today)),
    ]


def _reference(case: CaseFacts | None) -> str:
    return case.reference if case else ""
