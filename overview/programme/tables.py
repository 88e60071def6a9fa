"""The programme's lines and regional figures as tables of a page."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from config import clock
from design_system.tables import Cell, Column, Row, Table
from design_system.tags import deadline_tag
from overview.programme import words
from overview.programme.access import Reader
from overview.programme.filters import Chosen
from overview.programme.lines import CaseFacts, Line
from overview.programme.statuses import soon
from overview.programme.summary import RegionFigures, total

HEADINGS = {
    "area": "Area",
    "last": "Last inspection",
    "revisit": "Re-visit due",
    "next": "Next inspection due",
}


def programme_table(
    lines: Sequence[Line], reader: Reader, chosen: Chosen, order: str, empty: str
) -> Table:
    """One row for each line, its columns sorted by the server."""
    today = clock.today()

    def column(name: str) -> Column:
        descending = order == name
        return Column(
            "Last inspection in the period" if name == "last" and chosen.period else HEADINGS[name],
            sort_address=chosen.address(order=f"-{name}" if descending else name),
            sorted="ascending" if descending else "descending" if order == f"-{name}" else "",
        )

    columns = [
        column("area"),
        column("last"),
        Column("Outcome"),
        Column("Statement"),
        column("revisit"),
        Column("Last re-visit"),
        column("next"),
        Column("Coming"),
    ]
    if reader.schedules:
        columns.append(Column("What to do", hide_label=True))
    plan = reverse("inspection_plan")
    rows = [_row(line, reader, today, plan) for line in lines]
    return Table("Local areas", columns, rows, hide_caption=True, empty=empty, id="programme")


def _row(line: Line, reader: Reader, today: Any, plan: str) -> Row:
    overdue = line.revisit_due is not None and line.revisit_due < today
    cells: list[Any] = [
        _area(line),
        _inspection(line.shown),
        words.outcome(line.shown),
        _linked(line.statement, words.statement(line)),
        _due(line.revisit_due, today, forecast=line.revisit_forecast) or words.revisit_due(line),
        _revisit(line.revisit),
        _due(line.next_due, today),
        _linked(line.coming, words.coming(line)),
    ]
    if reader.schedules:
        plans = not line.area.ends_on and reader.may_plan(line.area)
        cells.append(_plan(line, plan) if plans else "")
    return Row(cells, tone="alert" if overdue else "")


def _area(line: Line) -> SafeString:
    ended = f", until {words.day(line.area.ends_on)}" if line.area.ends_on else ""
    if line.successors:
        ended += f"; since then {words.listed([area.name for area in line.successors])}"
    return format_html(
        '<a class="govuk-link" href="{}">{}</a>'
        '<span class="app-table__second-line govuk-!-font-weight-regular">{}{}</span>',
        line.area.get_absolute_url(),
        line.name,
        line.area.region.name,
        ended,
    )


def _linked(case: CaseFacts | None, text: str) -> Any:
    if case is None or not case.open:
        return text
    return format_html(
        '<a class="govuk-link" href="{}">{}<span class="govuk-visually-hidden">, {}</span></a>',
        case.address,
        text,
        case.reference,
    )


def _inspection(case: CaseFacts | None) -> Any:
    if case is None or case.first_day is None:
        return "Never"
    detail = words.framework(case) + ("" if case.is_out else f", {case.stage_label.lower()}")
    shown = format_html(
        '{}<span class="app-table__second-line">{}</span>',
        _linked(case, words.days(case.first_day, case.last_day)),
        detail,
    )
    return Cell(shown, case.first_day.isoformat())


def _revisit(case: CaseFacts | None) -> Any:
    if case is None:
        return ""
    result = words.outcome(case) or case.stage_label
    return format_html(
        '{}<span class="app-table__second-line">{}</span>',
        _linked(case, words.days(case.first_day, case.last_day)),
        result,
    )


def _due(due: Any, today: Any, *, forecast: bool = False) -> Any:
    if due is None:
        return ""
    if due < today:
        state = "overdue"
    elif forecast:
        state = "forecast"
    else:
        state = "due_soon" if due <= soon(today) else ""
    shown = words.day(due)
    if not state:
        return shown
    return format_html('{} <span class="app-tag-line">{}</span>', shown, deadline_tag(state))


def _plan(line: Line, address: str) -> SafeString:
    return format_html(
        '<a class="govuk-link app-nowrap" href="{}?local_area={}">Plan'
        '<span class="govuk-visually-hidden"> an inspection of {}</span></a>',
        address,
        line.pk,
        line.name,
    )


def region_table(figures: Sequence[RegionFigures], caption: str) -> Table:
    """A row for each region and one for all; the outcomes of 2023 where the period has any."""
    everything = total(list(figures))
    columns = [Column("Region"), Column("Inspections", numeric=True)]
    names = ["inspections"]
    if everything.earlier:
        columns.append(Column("Statement required", numeric=True))
        names.append("statements")
    if everything.present:
        for name, label in (
            ("positive", "Typically positive"),
            ("inconsistent", "Inconsistent"),
            ("failings", "Widespread or systemic failings"),
        ):
            columns.append(Column(label, numeric=True))
            names.append(name)
    rows = [
        Row([one.region, *(getattr(one, name) for name in names)])
        for one in [*figures, *([everything] if len(figures) > 1 else [])]
    ]
    return Table(
        caption,
        columns,
        rows,
        empty="No inspection began in this period.",
        id="regions",
    )
