"""A person's days: on site, planning, travel and leave; and the interests they declared."""

import datetime
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Membership, User
from accounts.roles import LABELS
from areas.models import LocalArea
from casework.access import remember_grants
from casework.recording import GuardFailed, NotAllowed
from config import clock
from design_system.tables import Cell, Column, Table
from inspections import access, bookings
from inspections.checks import from_to
from inspections.forms import InterestForm, LeaveForm
from inspections.models import Booking, DeclaredInterest

AHEAD = datetime.timedelta(days=400)
BEHIND = datetime.timedelta(days=30)


@login_required
@require_http_methods(["GET", "HEAD"])
def own(request: HttpRequest) -> HttpResponse:
    """On to one's own days, or to everybody's for those who schedule."""
    remember_grants(request.user)
    if not (permission := access.may_have_days(request.user)):
        raise PermissionDenied(permission.reason)
    if access.held_by(request.user) & access.READ_DAYS:
        return redirect("bookings_people")
    return redirect("bookings_person", request.user.public_id)  # type: ignore[union-attr]


@login_required
@require_http_methods(["GET", "HEAD"])
def people(request: HttpRequest) -> HttpResponse:
    """All inspectors with their next days: for those who schedule and assure quality."""
    remember_grants(request.user)
    if not access.held_by(request.user) & access.READ_DAYS:
        raise PermissionDenied("Workload is for those who schedule and assure quality.")
    today = clock.today()
    standing = (
        Membership.objects.filter(role__in=access.INSPECTORS, person__is_active=True)
        .on(today)
        .select_related("person")
        .order_by("person__name", "person_id", "role")
    )
    coming: dict[int, list[str]] = {}
    counts: dict[int, int] = {}
    found = list(
        Booking.objects.confirmed()
        .between(today, today + AHEAD)
        .filter(person__in=[one.person_id for one in standing])
        .select_related("case__local_area", "person")
    )
    for clash in bookings.in_words_of(found, viewer=request.user):
        coming.setdefault(clash.person_id, []).append(
            f"{from_to(clash.first, clash.last)}: {clash.what}"
        )
    for booking in found:
        if booking.purpose == Booking.Purpose.ON_SITE:
            counts[booking.person_id] = counts.get(booking.person_id, 0) + 1
    rows, seen = [], set()
    for one in standing:
        if one.person_id in seen:
            continue
        seen.add(one.person_id)
        address = reverse("bookings_person", args=[one.person.public_id])
        rows.append(
            [
                Cell(
                    format_html('<a class="govuk-link" href="{}">{}</a>', address, one.person),
                    one.person.name,
                ),
                LABELS[one.role],
                counts.get(one.person_id, 0),
                _few(coming.get(one.person_id, [])),
            ]
        )
    table = Table(
        "Inspectors",
        [
            Column("Name", sort=True),
            Column("Role", sort=True),
            Column("Inspections ahead", numeric=True, sort=True),
            Column("Next"),
        ],
        rows,
        hide_caption=True,
        empty="No inspectors are on record.",
    )
    return render(request, "inspections/people.html", {"table": table})


def _few(entries: list[str]) -> SafeString:
    """The next three, each on a line, and how many more."""
    more = len(entries) - 3
    lines = [*entries[:3], *([f"and {more} more"] if more > 0 else [])]
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines or ["–"]))


@login_required
@require_http_methods(["GET", "HEAD"])
def person(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """The days and declared interests of one person."""
    return _page(request, _person(request, person_id))


@login_required
@require_POST
def add_leave(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Book leave. Fields: `first`, `last` (dates), `note`."""
    whose = _person(request, person_id)
    form = LeaveForm(request.POST, auto_id="leave-%s")
    if form.is_valid():
        given = form.cleaned_data
        try:
            bookings.add_leave(
                whose, given["first"], given["last"], by=_by(request), note=given["note"]
            )
        except GuardFailed as refusal:
            form.add_reasons(refusal.reasons)
        except NotAllowed as refusal:
            raise PermissionDenied(refusal.reason) from refusal
        else:
            messages.success(request, f"Leave booked: {from_to(given['first'], given['last'])}.")
            return redirect("bookings_person", whose.public_id)
    return _page(request, whose, leave=form)


@login_required
@require_POST
def withdraw_leave(request: HttpRequest, person_id: uuid.UUID, booking_id: int) -> HttpResponse:
    """Take leave back."""
    whose = _person(request, person_id)
    booking = get_object_or_404(Booking.objects.confirmed(), pk=booking_id, person=whose)
    try:
        bookings.withdraw_leave(booking, by=_by(request))
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.reason) from refusal
    messages.success(request, f"Leave withdrawn: {from_to(booking.first, booking.last)}.")
    return redirect("bookings_person", whose.public_id)


@login_required
@require_POST
def declare(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Declare an interest. Fields: `local_area`, `since`, `until` (dates), `reason`."""
    whose = _person(request, person_id)
    form = InterestForm(request.POST, auto_id="interest-%s", areas=_areas())
    if form.is_valid():
        given = form.cleaned_data
        try:
            bookings.declare_interest(
                whose,
                given["local_area"],
                given["since"],
                given["until"],
                given["reason"],
                by=_by(request),
            )
        except GuardFailed as refusal:
            form.add_reasons(refusal.reasons)
        except NotAllowed as refusal:
            raise PermissionDenied(refusal.reason) from refusal
        else:
            messages.success(request, f"Interest in {given['local_area']} declared.")
            return redirect("bookings_person", whose.public_id)
    return _page(request, whose, interest=form)


@login_required
@require_POST
def withdraw_interest(request: HttpRequest, person_id: uuid.UUID, interest_id: int) -> HttpResponse:
    """Take a declared interest back."""
    whose = _person(request, person_id)
    found = get_object_or_404(DeclaredInterest, pk=interest_id, person=whose, withdrawn=False)
    try:
        bookings.withdraw_interest(found, by=_by(request))
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.reason) from refusal
    messages.success(request, f"Interest in {found.local_area} withdrawn.")
    return redirect("bookings_person", whose.public_id)


def _by(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _person(request: HttpRequest, person_id: uuid.UUID) -> User:
    remember_grants(request.user)
    whose = get_object_or_404(User, public_id=person_id)
    permission = access.may_read_days(request.user, whose)
    if not permission:
        raise PermissionDenied(permission.reason)
    return whose


def _areas() -> Any:
    return LocalArea.objects.order_by("name")


def _page(
    request: HttpRequest,
    whose: User,
    *,
    leave: LeaveForm | None = None,
    interest: InterestForm | None = None,
) -> HttpResponse:
    today = clock.today()
    found = list(
        Booking.objects.confirmed()
        .filter(person=whose)
        .between(today - BEHIND, today + AHEAD)
        .select_related("person", "case__local_area")
    )
    days = [
        {"booking": booking, "what": clash.what, "when": from_to(clash.first, clash.last)}
        for booking, clash in zip(
            found, bookings.in_words_of(found, viewer=request.user), strict=True
        )
    ]
    interests = DeclaredInterest.objects.filter(person=whose, withdrawn=False)
    is_own = request.user == whose
    refused = leave or interest
    return render(
        request,
        "inspections/person_days.html",
        {
            "whose": whose,
            "is_own": is_own,
            "days": days,
            "may_edit": bool(access.may_edit_days(request.user, whose)),
            "interests": interests.select_related("local_area"),
            "leave": leave or LeaveForm(auto_id="leave-%s"),
            "interest": (interest or InterestForm(auto_id="interest-%s", areas=_areas()))
            if is_own
            else None,
            "form": refused,
            "running": bookings.running_cases(whose) if is_own else (),
            "everybody": bool(access.held_by(request.user) & access.READ_DAYS),
        },
        status=422 if refused else 200,
    )
