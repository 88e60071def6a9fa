"""Planning an inspection and choosing its dates and team."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db.models import F, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from accounts.models import User
from areas.models import LocalArea
from casework.access import case_or_refuse, grants_of, remember_grants
from casework.events import day_in_words
from casework.models import Case
from casework.recording import Conflict, GuardFailed, NotAllowed
from casework.registry import kinds
from casework.relations import state_of
from config import clock
from design_system.tables import Cell, Column, Table
from inspections import access, presenting, services
from inspections.events import Scheduled
from inspections.forms import REASON_FIELDS, PlanForm, ScheduleForm
from inspections.scheduling import KIND, Choice, candidates, choice_of, schedule_in_force
from working_days.services import current_calendar

SCHEDULABLE = ("planned", "scheduled", "notified", "deferred")
SCHEDULABLE_OR_CANCELLED = (*SCHEDULABLE, "cancelled")
SHOWN_CASES = 5
HEADINGS = {
    "planned": "Choose dates and team",
    "scheduled": "Change dates or team",
    "notified": "Change the team",
    "deferred": "Choose new dates",
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """Choose an area and a rough period. POST fields: see `PlanForm`."""
    remember_grants(request.user)
    if not (permission := access.may_schedule(request.user)):
        raise PermissionDenied(permission.reason)
    areas = _areas_of(request.user)
    if request.method == "POST":
        form = PlanForm(request.POST, areas=areas)
        if form.is_valid() and (case := _plan(request, form)):
            messages.success(request, f"{case.reference} is planned for {case.local_area.name}.")
            return redirect("inspection_schedule", case.pk)
    else:
        form = PlanForm(areas=areas, initial={"local_area": request.GET.get("local_area", "")})
    known = _programme(request.user, areas)
    context = {"form": form, "programme": known}
    status = 422 if form.is_bound else 200
    return render(request, "inspections/plan.html", context, status=status)


def _plan(request: HttpRequest, form: PlanForm) -> Case | None:
    given = form.cleaned_data
    try:
        return services.plan_inspection(
            given["local_area"],
            given["period_from"],
            given["period_to"],
            by=request.user,
            framework=given["framework"],
            key=given["key"],
            note=given["note"],
        )
    except GuardFailed as refusal:
        form.add_reasons(refusal.reasons)
    except NotAllowed as refusal:
        form.add_error(None, refusal.reason)
    return None


def _areas_of(user: Any) -> list[LocalArea]:
    """The areas of today in which the person schedules, by name."""
    grants = [grant for grant in grants_of(user) if grant.role in access.SCHEDULES]
    everywhere = LocalArea.objects.on(clock.today()).select_related("region")
    return [area for area in everywhere if any(grant.reaches_area(area) for grant in grants)]


def _programme(user: Any, areas: Sequence[LocalArea]) -> Table:
    """All these areas with their last inspection and what is open, longest ago first. One query,
    which for each area reads the beginnings of indexes and not all its cases."""
    seen = Case.objects.visible_to(user).filter(local_area=OuterRef("pk"))
    inspected = seen.filter(kind=KIND, first_day__lt=clock.today(), last_day__lt=clock.today())
    running = seen.filter(kind__in=[kind.name for kind in kinds()], ended_on__isnull=True)
    looked_up = (
        LocalArea.objects.filter(pk__in=[area.pk for area in areas])
        .annotate(
            last=Subquery(
                inspected.exclude(stage__in=SCHEDULABLE_OR_CANCELLED)
                .order_by("-first_day")
                .values("last_day")[:1]
            ),
            running=ArraySubquery(running.order_by().values("reference")[: SHOWN_CASES + 1]),
        )
        .order_by(F("last").asc(nulls_first=True), "name")
        .values_list("pk", "name", "region__name", "last", "running")
    )
    rows = []
    for pk, name, region, ended, references in looked_up:
        link = format_html(
            '<a class="govuk-link" href="?local_area={}#main-content">{}</a>', pk, name
        )
        rows.append(
            [
                Cell(link, name),
                region,
                Cell(
                    presenting.short_day(ended) if ended else "None on record",
                    ended.isoformat() if ended else "0",
                ),
                _running(sorted(references)),
            ]
        )
    columns = [
        Column("Area", sort=True),
        Column("Region", sort=True),
        Column("Last inspected", nowrap=True, sort=True),
        Column("Open cases"),
    ]
    return Table("Areas, longest not inspected first", columns, rows)


def _running(references: list[str]) -> str:
    more = ["and more"] if len(references) > SHOWN_CASES else []
    return ", ".join([*references[:SHOWN_CASES], *more]) or "None"


# --- dates and team ---------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Choose dates and team: GET with the fields of `ScheduleForm` checks them, POST fixes them."""
    case = case_or_refuse(request, case_id, "plan.edit")
    if case.kind != KIND or case.stage not in SCHEDULABLE:
        messages.warning(request, "Dates and team no longer change at this stage.")
        return redirect(case.get_absolute_url())
    return _Planner(request, case).respond()


class _Planner:
    """One request of the page of dates and team."""

    def __init__(self, request: HttpRequest, case: Case) -> None:
        self.request, self.case = request, case
        self.calendar = current_calendar()
        self.standing = None if case.stage == "planned" else _scheduled(case)
        self.people = self._candidates()

    def respond(self) -> HttpResponse:
        """The page; after a successful POST, on to the case."""
        if self.request.method == "POST":
            form = self._form(self.request.POST)
            if form.is_valid() and self._schedule(form):
                return redirect(self.case.get_absolute_url())
            return self._page(form, checked=True)
        asked = any(name.startswith("first_day") for name in self.request.GET)
        form = self._form(self.request.GET if asked else None)
        return self._page(form, checked=asked)

    def _candidates(self, choice: Choice | None = None) -> Any:
        dates = choice.dates(self.calendar, self.case.framework) if choice else None
        return candidates(
            self.case.local_area,
            dates,
            viewer=self.request.user,
            today=clock.today(),
            but_for=self.case,
        )

    def _form(self, data: Any) -> ScheduleForm:
        initial: dict[str, Any] = {"version": self.case.version}
        if self.standing is not None:
            standing = choice_of(self.standing, self.calendar)
            people = User.objects.in_bulk([person for person, _ in standing.places()])
            initial.update(ScheduleForm.initial_of(standing, people))
        return ScheduleForm(data, candidates=self.people, initial=initial)

    def _schedule(self, form: ScheduleForm) -> bool:
        try:
            services.schedule(
                self.case,
                form.choice(),
                by=self.request.user,
                key=form.cleaned_data["key"],
                expected_version=form.cleaned_data["version"],
                why=form.cleaned_data["why"],
            )
        except GuardFailed as refusal:
            form.add_reasons(refusal.reasons)
        except NotAllowed as refusal:
            form.add_error(None, refusal.reason)
        except Conflict as refusal:
            form.add_error(None, str(refusal))
        else:
            day = day_in_words(form.cleaned_data["first_day"])
            messages.success(self.request, f"Dates and team are fixed. Day 1 is {day}.")
            return True
        return False

    def _page(self, form: ScheduleForm, *, checked: bool) -> HttpResponse:
        context: dict[str, Any] = {
            "case": self.case,
            "form": form,
            "heading": HEADINGS[self.case.stage],
            "changes": self.case.stage in ("scheduled", "notified"),
            "button": "Schedule" if self.case.stage == "planned" else "Fix these dates and team",
            "known": presenting.known_of_area(self.case.local_area, self.case),
            "period": self.case.inspection,
        }
        if checked and self._complete(form):
            context.update(self._result(form))
        status = 422 if self.request.method == "POST" else 200
        return render(self.request, "inspections/schedule.html", context, status=status)

    def _complete(self, form: ScheduleForm) -> bool:
        """Whether dates and people were understood, whatever else was wrong."""
        form.is_valid()
        return all(name in form.cleaned_data for name in ScheduleForm.CHOSEN)

    def _result(self, form: ScheduleForm) -> dict[str, Any]:
        choice = _choice(form)
        found = services.preview(
            self.case, choice, viewer=self.request.user, calendar=self.calendar
        )
        form.offer(self._candidates(choice), dated=True)
        result: dict[str, Any] = {
            "preview": found,
            "checks": presenting.shown(found.checks, form, REASON_FIELDS),
            "chosen": _chosen(form),
            "key": form["key"].value() or form.initial["key"],
            "version": form["version"].value() or self.case.version,
        }
        if found.timetable is not None:
            result["table"] = presenting.forecast_table(found.timetable)
            result["drawing"] = presenting.forecast_drawing(
                found.timetable, found.dates, self.calendar
            )
        return result


def _choice(form: ScheduleForm) -> Choice:
    """The choice of a form whose dates and people are understood; reasons may be missing."""
    for name in REASON_FIELDS.values():
        form.cleaned_data.setdefault(name, "")
    return form.choice()


def _chosen(form: ScheduleForm) -> list[tuple[str, str]]:
    """What was chosen, as the hidden fields of the form that schedules."""
    found: list[tuple[str, str]] = []
    for name in ScheduleForm.CHOSEN:
        value = form.cleaned_data[name]
        many = value if isinstance(value, list) else [value]
        found += [(name, str(one)) for one in many if one not in (None, "")]
    return found


def _scheduled(case: Case) -> Scheduled | None:
    """Dates and team as they stand."""
    standing = schedule_in_force(state_of(case))
    return standing[1] if standing else None
