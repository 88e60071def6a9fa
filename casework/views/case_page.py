"""The page of one case: header, time line, deadlines with why, people, panels, history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from casework.access import ROLE_LABELS, Access, case_or_refuse
from casework.deadlines import (
    UNMET,
    Standing,
    brief_of,
    brief_words,
    deadlines_of,
    next_of_each,
    standing,
    working_days_late,
)
from casework.history import Entry, history
from casework.inputs import calendar_now
from casework.models import Case, CaseRole, Deadline
from casework.moved import LastMoves, last_moves
from casework.people import people_on
from casework.registry import CaseKind, kind_of, panels_of
from casework.views.case_list import short_day
from casework.workflow import Step
from config import clock
from design_system import timeline
from design_system.tables import Cell, Column, Row, Table
from design_system.tags import deadline_tag
from working_days.calendar import Calendar

HISTORY_SHOWN = 8
COLUMNS = [
    Column("What is due"),
    Column("Due", nowrap=True),
    Column("Owed by"),
    Column("How it stands"),
    Column("Next step", hide_label=True),
]
#: How a state is drawn on the time line.
MARKS: Mapping[str, timeline.Kind] = {
    "met": "met",
    "met_late": "met-late",
    "overdue": "overdue",
    "late_explained": "overdue",
    "forecast": "forecast",
    "lapsed": "lapsed",
    "not_recorded": "lapsed",
    "not_applicable": "lapsed",
}


@dataclass(frozen=True)
class Shown:
    """One deadline and how it stands now."""

    deadline: Deadline
    stands: Standing


@login_required
@require_safe
def case_page(request: HttpRequest, case_id: Any) -> HttpResponse:
    """The whole case as the person may see it."""
    case = case_or_refuse(request, case_id)
    kind = kind_of(case)
    access = case.access
    dues = _dues(case) if access.may("timetable.read") else []
    entries = history(case) if access.may("history.read") else []
    calendar = calendar_now()
    people = [one for one in people_on(case) if _may_know(access, one)]
    context = {
        "case": case,
        "kind": kind,
        "stage": kind.stage_label(case.stage),
        "outcome": kind.outcomes.get(case.outcome) if access.may("outcome.read") else None,
        "next": None if case.suspended_on else _next(dues),
        "overdue": sum(one.stands.alarm and one.stands.overdue for one in dues),
        "drawing": _drawing(case, dues, calendar) if dues else "",
        "deadlines": _table(case, kind, access, dues, calendar, entries) if dues else "",
        "people": [(role_label(one.role), one) for one in people],
        "team": _team(people),
        "steps": _steps_now(case, kind, access, entries, dues),
        "panels": _panels(request, case),
        "entries": entries[:HISTORY_SHOWN],
        "more_history": len(entries) > HISTORY_SHOWN,
        "may_see_history": bool(access.may("history.read")),
        "may_see_timetable": bool(access.may("timetable.read")),
        "may_amend": _amendable(kind, access),
    }
    return render(request, "casework/case.html", context)


def role_label(role: str) -> str:
    """A role in words."""
    return ROLE_LABELS.get(role, role.replace("_", " ").capitalize())


def _dues(case: Case) -> list[Shown]:
    suspended = case.suspended_on is not None
    return [Shown(one, standing(one, suspended=suspended)) for one in deadlines_of(case)]


def _held(one: Shown) -> bool:
    return one.deadline.held_from is not None


def _next(dues: Sequence[Shown]) -> Shown | None:
    """The first unmet one in the order in which they are listed."""
    unmet = (one for one in dues if one.deadline.state in UNMET and one.stands.state != "lapsed")
    return next(unmet, None)


def _team(people: Sequence[CaseRole]) -> list[tuple[str, str]]:
    inspectors = ("lead_hmi", "ofsted_inspector", "cqc_inspector", "additional_inspector")
    order = {role: place for place, role in enumerate(inspectors)}
    team = sorted((one for one in people if one.role in order), key=lambda one: order[one.role])
    return [(role_label(one.role), one.person.name) for one in team]


#: That these are named says what stage a report is at.
WITHIN = frozenset({"quality_assurer", "cqc_quality_assurer", "representative"})


def _may_know(access: Access, one: CaseRole) -> bool:
    return one.role not in WITHIN or bool(access.may("history.read"))


def _amendable(kind: CaseKind, access: Access) -> set[str]:
    """The kinds of event that the person may correct: those that they may record."""
    return {step.event.kind for step in kind.all_steps() if step.who & access.roles}


def _steps_now(
    case: Case,
    kind: CaseKind,
    access: Access,
    entries: Sequence[Entry],
    dues: Sequence[Shown],
) -> list[tuple[str, str]]:
    """What the person can record at this stage: words and address."""
    # Not all who record something may read the history; they see which deadlines are met.
    happened = {entry.kind for entry in entries if not entry.struck}
    happened |= {one.deadline.met_by for one in dues if one.deadline.met_on}
    held = any(_held(one) for one in dues)
    found = []
    for step in kind.all_steps():
        if step.hidden or not step.who & access.roles or not _belongs(case, step, held=held):
            continue
        once = not step.again and not step.event.subjects
        if once and step.event.kind in happened:
            continue
        address = step.page.format(case=case.pk) or _address(case, "record", step.event.kind)
        found.append((step.event.action or step.event.label, address))
    return found


def _belongs(case: Case, step: Step, *, held: bool = False) -> bool:
    if not step.is_of(case.framework):
        return False
    if step.event.kind == "resumed":
        return case.suspended_on is not None
    if step.event.kind == "suspended" and case.suspended_on is not None:
        return False
    if step.event.kind == "hold_lifted":
        return held
    if step.from_stages:
        return case.stage in step.from_stages
    return case.ended_on is None


# --- deadlines ---


def _table(
    case: Case,
    kind: CaseKind,
    access: Access,
    dues: Sequence[Shown],
    calendar: Calendar,
    entries: Sequence[Entry],
) -> Table:
    recordable = {
        step.event.kind: step
        for step in kind.all_steps()
        if step.who & access.roles and not step.hidden and _belongs(case, step)
    }
    late = working_days_late((one.deadline for one in dues), calendar)
    moved = _last_moves(case, entries)
    coming = next_of_each(one.deadline for one in dues)
    rows = [
        _row(
            case,
            one,
            recordable if one.deadline.pk in coming else {},
            late.get(one.deadline.pk, 0),
            moved,
        )
        for one in dues
    ]
    return Table("Deadlines", COLUMNS, rows, hide_caption=True, id="deadlines")


def _last_moves(case: Case, entries: Sequence[Entry]) -> LastMoves:
    """Those who read the history have it at hand; for others it is one query."""
    if not entries:
        return last_moves(case)
    return {one.key: (one.old, one.new) for entry in reversed(entries) for one in entry.moved}


def _row(
    case: Case, one: Shown, recordable: Mapping[str, Step], late: int, moved: LastMoves
) -> Row:
    due, stands = one.deadline, one.stands
    what = due.title if not due.subject_name else f"{due.title} ({due.subject_name})"
    why = _address(case, "why", due.rule, subject=due.subject)
    tone: Any = "alert" if stands.alarm else "quiet" if stands.state in ("met", "lapsed") else ""
    return Row(
        [
            what,
            Cell(_when(due, why, moved), due.due_on.isoformat()),
            due.owed_by,
            _how(due, stands, late),
            _step(case, due, what, recordable),
        ],
        tone=tone,
        id=f"due-{due.pk}",
    )


def _when(due: Deadline, why: str, moved: LastMoves) -> SafeString:
    hour = f", {clock.london(due.due_at):%H:%M}" if due.due_at else ""
    agreed = ""
    if due.agreed_on:
        agreed = format_html(
            '<br><span class="app-small app-muted">agreed; computed {}</span>',
            short_day(due.computed_on),
        )
    elif due.practical_on and due.practical_on != due.due_on:
        agreed = format_html(
            '<br><span class="app-small app-muted">last working day {}</span>',
            short_day(due.practical_on),
        )
    was = ""
    old, new = moved.get((due.rule, due.subject), (None, None))
    if old is not None and old != new == due.due_on:
        was = format_html('<br><span class="app-small app-muted">was {}</span>', short_day(old))
    return format_html(
        '{}{}{}{}<br><a class="govuk-link app-small" href="{}">Why this date?'
        '<span class="govuk-visually-hidden"> {}</span></a>',
        short_day(due.due_on),
        hour,
        was,
        agreed,
        why,
        due.title,
    )


def _how(due: Deadline, stands: Standing, late: int) -> SafeString:
    more = f" {short_day(due.met_on)}" if due.met_on else ""
    if late:
        more += f", {late} working day{'s' * (late > 1)} late"
    if stands.state == "on_hold" and due.held_from:
        until = f" until {short_day(due.held_until)}" if due.held_until else ""
        more = f" from {short_day(due.held_from)}{until}"
    return format_html("{}{}", deadline_tag(stands.state), more)


def _step(case: Case, due: Deadline, what: str, recordable: Mapping[str, Step]) -> Any:
    if due.met_on is not None or due.met_by not in recordable:
        return ""
    general = _address(case, "record", due.met_by, deadline=due.rule, subject=due.subject)
    return format_html(
        '<a class="govuk-link" href="{}">Record<span class="govuk-visually-hidden">: {}</span></a>',
        recordable[due.met_by].page.format(case=case.pk) or general,
        what,
    )


def _address(case: Case, page: str, name: str, **query: str) -> str:
    given = {key: value for key, value in query.items() if value}
    return f"/cases/{case.pk}/{page}/{name}/" + (f"?{urlencode(given)}" if given else "")


def _drawing(case: Case, dues: Sequence[Shown], calendar: Calendar) -> SafeString:
    bands = []
    if case.first_day and case.last_day:
        bands = [timeline.Band(case.first_day, case.last_day, "On site")]
    # What several bodies owe for the same day is one row of the drawing.
    alike = {(one.deadline.rule, one.deadline.due_on, one.stands.state): one for one in dues[::-1]}
    brief = brief_words(case.kind, case.framework)
    marks = [
        timeline.Mark(
            one.deadline.due_on,
            brief_of(brief, one.deadline.rule) or one.deadline.title,
            MARKS.get(one.stands.state, "open"),
            href=f"#due-{one.deadline.pk}",
        )
        for one in reversed(alike.values())
    ]
    return timeline.draw(
        marks,
        title=f"Time line of {case.reference}, {case.local_area.name}",
        closed=calendar.name_of,
        bands=bands,
        today=clock.today(),
    )


# --- panels of upper rooms ---


def _panels(request: HttpRequest, case: Case) -> dict[str, list[dict[str, Any]]]:
    """What upper rooms show, by slot, each drawn from its own template."""
    slots: dict[str, list[dict[str, Any]]] = {}
    for panel in panels_of(case.kind):
        context = panel.context(request, case)
        if context is None:
            continue
        drawn = render_to_string(panel.template, {"case": case, **context}, request=request)
        slots.setdefault(panel.slot, []).append({"title": panel.title, "html": drawn})
    return slots
