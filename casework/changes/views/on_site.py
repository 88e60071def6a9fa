"""The cases to plan again, as a block on the page of a change."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from casework.changes.on_site import OnSite, on_site_then
from casework.changes.words import content_of, span
from casework.models import Case
from casework.registry import kind_of
from casework.views.case_list import short_day
from design_system.tables import Column, Table

COLUMNS = [
    Column("Case"),
    Column("Kind"),
    Column("On site", nowrap=True),
    Column("Days that close", nowrap=True),
]
DAYS_NAMED = 3


def plan_again(change: Any, user: Any) -> dict[str, Any]:
    """What the page shows of cases that are on site on a day that closes; nothing where none is."""
    found = on_site_then(content_of(change), user)
    if found is None or not (found.count or found.unnamed):
        return {}
    which = "that day" if len(found.days) == 1 else "these days"
    rows = [[_case(one, found), _kind(one), _span(one), _closed(one, found)] for one in found.named]
    return {
        "on_site": found,
        "on_site_more": found.count - len(found.named),
        "on_site_title": f"On site on {which}: plan again",
        "on_site_table": Table(
            f"On site on {which}", COLUMNS, rows, hide_caption=True, id="on-site"
        ),
    }


def _case(case: Case, found: OnSite) -> SafeString:
    reference: Any = case.reference
    if case.pk in found.opens:
        reference = format_html(
            '<a class="govuk-link" href="/cases/{}/">{}</a>', case.pk, reference
        )
    return format_html(
        '<a class="govuk-link" href="/areas/{}/">{}</a><br>{}',
        case.local_area_id,
        case.local_area.name,
        reference,
    )


def _kind(case: Case) -> str:
    return kind_of(case).label


def _span(case: Case) -> str:
    assert case.first_day
    assert case.last_day
    return span(case.first_day, case.last_day)


def _closed(case: Case, found: OnSite) -> str:
    days = found.closed_for(case)
    words = [
        short_day(day) + (" (Day 1)" if day == case.first_day else "") for day in days[:DAYS_NAMED]
    ]
    if more := len(days) - DAYS_NAMED:
        words += [f"and {more} more"] if more > 0 else []
    return ", ".join(words)
