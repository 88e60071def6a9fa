"""All changes, newest first, with the state of the calendar above them."""

import datetime
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST, require_safe

from casework.changes import services
from casework.changes.gov_uk import ask_for_a_look
from casework.changes.models import Change, ChangeState
from casework.changes.permission import change_or_refuse
from casework.changes.words import closures_of, headline, moment_in_words, proposer
from config import clock
from design_system.keyset import Key, Order, read_moment
from design_system.tables import Column, Row, Table
from working_days.services import current_calendar
from working_days.upkeep import end_warning, looks, switched_on

PAGE = 25
NEWEST = Order.of(Key("proposed_at", read_moment, descending=True), Key("pk", uuid.UUID))
COLUMNS = [
    Column("Change"),
    Column("State"),
    Column("Proposed"),
    Column("Decided"),
]
TONES = {
    ChangeState.PREVIEWED: "yellow",
    ChangeState.APPLIED: "green",
    ChangeState.WITHDRAWN: "grey",
    ChangeState.FAILED: "red",
}


@login_required
@require_safe
def change_list(request: HttpRequest) -> HttpResponse:
    """How the calendar stands, what can be changed, and every change so far."""
    change_or_refuse(request, "calendar", "read")
    page = NEWEST.page(
        Change.objects.select_related("proposed_by", "applied_by", "withdrawn_by"), request, PAGE
    )
    closures = closures_of(page.rows)
    calendar = current_calendar()
    in_force = services.versions_in_force()
    context = {
        "calendar": calendar,
        "warning": end_warning(calendar, clock.today()),
        "looks": looks(),
        "switched_on": switched_on(),
        "table": Table(
            "Changes so far",
            COLUMNS,
            [
                Row(_cells(one, headline(one, closures), out_of_date(one, in_force)))
                for one in page.rows
            ],
            empty="Nothing has been changed since the service was set up.",
            id="changes",
        ),
        "newer": f"?before={page.before}" if page.before else "",
        "older": f"?after={page.after}" if page.after else "",
    }
    return render(request, "casework/changes/list.html", context)


def _cells(change: Change, words: str, stale: bool) -> list[Any]:
    link = format_html(
        '<a class="govuk-link" href="{}">{}</a>', reverse("change", args=[change.pk]), words
    )
    return [
        link,
        state_tag(change, stale=stale),
        f"{moment_in_words(change.proposed_at)}, {proposer(change)}",
        decided(change),
    ]


def out_of_date(change: Change, in_force: tuple[int, int]) -> bool:
    """Whether a change was worked out against other versions than those in force, and has to be
    worked out again before it can be applied."""
    based_on = (change.based_on_calendar, change.based_on_parameters)
    return change.state == ChangeState.PREVIEWED and based_on != in_force


def state_tag(change: Change, *, stale: bool) -> SafeString:
    """How far a change is."""
    if stale:
        return mark_safe('<strong class="govuk-tag govuk-tag--orange">Out of date</strong>')
    tone = TONES.get(ChangeState(change.state), "blue")
    return format_html(
        '<strong class="govuk-tag govuk-tag--{}">{}</strong>', tone, change.get_state_display()
    )


def decided(change: Change) -> str:
    """Who decided, and when; '' where nobody has."""
    if change.withdrawn_at:
        return _by(change.withdrawn_at, change.withdrawn_by)
    return _by(change.applied_at, change.applied_by) if change.applied_at else ""


def _by(moment: datetime.datetime, person: Any) -> str:
    return f"{moment_in_words(moment)}, {person.name if person else 'the service'}"


@login_required
@require_POST
def ask_gov_uk(request: HttpRequest) -> HttpResponse:
    """Have a worker look at GOV.UK's list now. The page never waits for it."""
    change_or_refuse(request, "calendar")
    if not switched_on():
        messages.warning(request, "This installation does not ask GOV.UK.")
    elif ask_for_a_look(request.user):
        messages.success(
            request, "GOV.UK is being asked. Look at this page again in half a minute."
        )
    else:
        messages.warning(
            request,
            "GOV.UK could not be asked just now: the service’s queue is away. It is asked every "
            "morning in any case.",
        )
    return HttpResponseRedirect(reverse("changes"))
