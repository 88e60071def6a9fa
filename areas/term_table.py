"""The table of a school year: its stretches of term, and the holidays between them."""

import datetime
from collections.abc import Callable
from typing import Any, Literal

from django.utils.html import format_html

from areas.models import Term
from areas.page import SchoolYear
from areas.terms import in_term_by
from design_system.tables import Column, Row, Table

DAY = datetime.timedelta(days=1)


def term_table(
    year: SchoolYear,
    change: Callable[[Term], str] | None,
    *,
    closed: Callable[[datetime.date], str | None] | None = None,
    caption_size: Literal["s", "m"] = "m",
) -> Table:
    """A school year's terms and what lies between. `closed` says why a day is no school day, or
    None: with it, school days are counted; `change` gives the address at which a term is changed.
    """
    columns = [Column("Term"), Column("From and to")]
    if closed:
        columns.append(Column("School days", numeric=True))
    if change:
        columns.append(Column("What to do", hide_label=True, nowrap=True))
    rows: list[Row] = []
    before: Term | None = None
    for term in year.terms:
        if before:
            rows += _between(before, term, width=len(columns))
        cells: list[Any] = [term.name, _days(term.starts_on, term.ends_on)]
        if closed:
            cells.append(_count(term, closed))
        if change:
            cells.append(_link(term, change(term)))
        rows.append(Row(cells))
        before = term
    return Table(
        f"School year {year.name}",
        columns,
        rows,
        caption_size=caption_size,
        empty="No terms are entered for this school year.",
        id=f"terms-{year.year}",
    )


def _between(before: Term, after: Term, *, width: int) -> list[Row]:
    first, last = before.ends_on + DAY, after.starts_on - DAY
    if first > last:
        return []
    stretches = [(one.starts_on, one.ends_on) for one in (before, after)]
    known = in_term_by(stretches, first) is False
    name = "Holiday" if known else "Not known: is a stretch of term missing here?"
    cells = [name, _days(first, last), "", ""][:width]
    return [Row(cells, tone="quiet" if known else "warn")]


def _count(term: Term, closed: Callable[[datetime.date], str | None]) -> int:
    days = (term.ends_on - term.starts_on).days + 1
    return sum(not closed(term.starts_on + number * DAY) for number in range(days))


def _link(term: Term, address: str) -> str:
    return format_html(
        '<a class="govuk-link" href="{}">Change<span class="govuk-visually-hidden"> {}, '
        "{}</span></a>",
        address,
        term.name,
        _days(term.starts_on, term.ends_on),
    )


def _days(first: datetime.date, last: datetime.date) -> str:
    return f"{_short(first)} to {_short(last)}"


def _short(day: datetime.date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"
