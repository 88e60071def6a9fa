"""How checks, forecasts and what is known of an area are laid out on a page."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from areas import services as areas
from areas.models import LocalArea, OrganisationKind, PostKind, Term
from casework.events import day_in_words
from casework.models import Case
from casework.registry import kind_of
from casework.timetable import Due, Timetable
from config import clock
from design_system import timeline
from design_system.tables import Cell, Column, Row, Table
from inspections.checks import Check, Outcome, from_to
from inspections.proposal import Dates
from working_days.calendar import Calendar

FIRMNESS = {"must": "Must", "normally": "Normally", "target": "Target"}


@dataclass(frozen=True)
class CheckShown:
    """A check as the page shows it, with the field in which its reason is typed."""

    check: Check
    tag: str
    tag_class: str
    field: Any = None


def shown(checks: Sequence[Check], form: Any, reason_fields: dict[str, str]) -> list[CheckShown]:
    """Checks with their tags: failed first, then what needs a reason, warnings, passed."""
    found = []
    for check in checks:
        if check.needs_reason:
            name = reason_fields.get(check.code, "")
            found.append(CheckShown(check, "Reason", "govuk-tag--orange", form[name]))
        elif check.outcome is Outcome.FAILED:
            found.append(CheckShown(check, "Failed", "govuk-tag--red"))
        elif check.outcome is Outcome.WARNING:
            found.append(CheckShown(check, "Warning", "govuk-tag--yellow"))
        else:
            found.append(CheckShown(check, "Passed", "govuk-tag--green"))
    order = ["Failed", "Reason", "Warning", "Passed"]
    return sorted(found, key=lambda one: order.index(one.tag))


def forecast_table(timetable: Timetable) -> Table:
    """Every deadline that the dates would make, soonest first, each with why."""
    return Table(
        "Whole timetable",
        [
            Column("What is due"),
            Column("By", nowrap=True, sort=True),
            Column("Owed by"),
            Column("How firm"),
        ],
        [_due_row(number, due) for number, due in enumerate(timetable.dues, 1)],
        hide_caption=True,
    )


def _due_row(number: int, due: Due) -> Row:
    title = due.title[:1].upper() + due.title[1:]
    whom = f": {due.subject_name}" if due.subject_name else ""
    why = render_to_string("design_system/why.html", {"due": due, "title": title})
    what = format_html("<strong>{}</strong>{}{}", title, whom, mark_safe(why))
    firmness = FIRMNESS[due.strength]
    source = "*" if due.source_offset == "ours" else ""
    return Row(
        [what, Cell(_when(due), due.due_on.isoformat()), due.owed_by, firmness + source],
        id=f"due-{number}",
    )


def _when(due: Due) -> SafeString:
    hour = f", {clock.london(due.due_at):%H:%M}" if due.due_at else ""
    day = f"Day {due.day_number}" if due.day_number is not None else ""
    practical = (
        f"In practice by {short_day(due.practical_on)}"
        if due.practical_on and due.practical_on != due.due_on
        else ""
    )
    small = "; ".join(part for part in (day, practical) if part)
    return format_html(
        "{}{}{}",
        short_day(due.due_on),
        hour,
        format_html('<br><span class="app-muted app-small">{}</span>', small) if small else "",
    )


def short_day(day: datetime.date) -> str:
    """'Mon 4 May 2026'."""
    return f"{day:%a} {day.day} {day:%b} {day.year}"


def forecast_drawing(timetable: Timetable, dates: Dates, calendar: Calendar) -> SafeString:
    """The time line of the dates chosen, with the days on site as a band."""
    marks = [
        timeline.Mark(due.due_on, _label(due), "forecast", f"#due-{number}")
        for number, due in enumerate(timetable.dues, 1)
    ]
    last = dates.last_day or dates.first_day
    return timeline.draw(
        marks,
        title="Time line of the dates chosen",
        closed=calendar.name_of,
        bands=[timeline.Band(dates.first_day, last, "On site")],
        today=clock.today(),
    )


def _label(due: Due) -> str:
    return f"{due.subject_name}: {due.title}" if due.subject_name else due.title


def known_of_area(area: LocalArea, case: Case | None = None) -> list[tuple[str, str]]:
    """What a scheduler wants to know of an area: pairs of label and text; four queries."""
    today = clock.today()
    bodies = areas.bodies(area, today)
    council = next((one for one in bodies if one.kind == OrganisationKind.COUNCIL), None)
    commissioners = [one for one in bodies if one.kind == OrganisationKind.HEALTH_COMMISSIONER]
    director = areas.holder(council, PostKind.DCS, today, local_area=area) if council else None
    last, open_cases = _cases_of(area, case)
    return [
        ("Region", area.region.name),
        ("Last inspection", last),
        ("Open cases", open_cases),
        ("Council", council.name if council else "Not on record"),
        ("Director of children’s services", director.name if director else "Not on record"),
        (
            "Health commissioners",
            "; ".join(one.name for one in commissioners) or "Not on record",
        ),
        ("School terms", _terms_of(area, today)),
    ]


def _cases_of(area: LocalArea, but_for: Case | None) -> tuple[str, str]:
    cases = Case.objects.filter(local_area=area).order_by("-last_day", "reference")
    if but_for is not None:
        cases = cases.exclude(pk=but_for.pk)
    last, running = "None on record", []
    for one in cases:
        kind = kind_of(one)
        if one.ended_on is None:
            running.append(f"{kind.label} {one.reference} ({kind.stage_label(one.stage).lower()})")
        elif one.kind == "inspection" and one.last_day and last == "None on record":
            last = f"{one.reference}, {day_in_words(one.last_day)}"
    return last, "; ".join(running) or "None"


def _terms_of(area: LocalArea, today: datetime.date) -> str:
    coming = Term.objects.filter(local_area=area, ends_on__gte=today).order_by("starts_on")[:6]
    listed = [f"{one.name}: {from_to(one.starts_on, one.ends_on)}" for one in coming]
    return "; ".join(listed) or "Not on record"
