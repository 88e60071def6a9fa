"""A short table of cases, on the home page and on an area's page."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from casework.deadlines import brief_of, brief_words, standing
from casework.registry import kind_of
from design_system.forms import in_words
from design_system.tables import Cell, Column, Row, Table
from design_system.tags import deadline_tag

CASE_FIELDS = (
    "pk",
    "reference",
    "kind",
    "framework",
    "stage",
    "first_day",
    "suspended_on",
    "local_area__name",
    "created_at",
)


def case_table(
    caption: str,
    cases: Sequence[Mapping[str, Any]],
    next_of: Mapping[Any, Any],
    *,
    table_id: str,
    empty: str = "",
    with_next: bool = False,
) -> Table:
    """Cases (read with CASE_FIELDS) as rows; with the next deadline of each where asked for."""
    columns = [Column("Case"), Column("Local area"), Column("Stage"), Column("Day 1", nowrap=True)]
    if with_next:
        columns.append(Column("Next deadline"))
    return Table(
        caption,
        columns,
        [_row(case, next_of.get(case["pk"]), with_next) for case in cases],
        empty=empty,
        id=table_id,
    )


def _row(case: Mapping[str, Any], next_one: Any, with_next: bool) -> Row:
    kind = kind_of(case["kind"])
    link = format_html(
        '<a class="govuk-link" href="{}">{}</a><br>'
        '<span class="app-table__second-line govuk-!-font-weight-regular">{}</span>',
        reverse("case", args=[case["pk"]]),
        case["reference"],
        kind.label,
    )
    day = case["first_day"]
    cells = [
        link,
        case["local_area__name"],
        "Suspended" if case["suspended_on"] else kind.stage_label(case["stage"]),
        Cell(in_words(day), day.isoformat()) if day else "",
    ]
    if with_next:
        short = brief_words(case["kind"], case["framework"])
        cells.append(_next(next_one, short, suspended=bool(case["suspended_on"])))
    return Row(cells)


def _next(deadline: Any, short: Mapping[str, str], *, suspended: bool) -> SafeString | str:
    if deadline is None:
        return ""
    how = standing(deadline, suspended=suspended)
    tag = deadline_tag(how.state)
    words = brief_of(short, deadline.rule) or deadline.title
    return format_html("{} {}: {}", tag, in_words(deadline.due_on), words)
