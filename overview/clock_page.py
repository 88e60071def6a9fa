"""Moving the clock of a demonstration, from the banner on every page and on a page of its own. A
real installation has neither."""

import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.session import next_address
from config import clock
from design_system.forms import DateInputField, GovukForm, TimeInputField
from overview import clock_moves
from overview.clock_moves import CannotMove, in_full

FOLLOWS = "Letters that are being issued follow within seconds, messages within a minute."


class MomentForm(GovukForm):
    """A moment, as London clocks show it. Subclasses name its two fields."""

    day_field = "day"
    time_field = "time"

    def clean(self) -> dict[str, Any]:
        """The data; the moment must be one that the clock can be moved to."""
        given = super().clean() or self.cleaned_data
        if self.day_field in given and self.time_field in given:
            back = bool(given.get("back"))
            if reason := clock_moves.why_not(self.moment(), all_the_same=back):
                self.add_error(self.day_field, reason)
        return given

    def moment(self) -> datetime.datetime:
        """The moment that was given, aware."""
        given = self.cleaned_data
        return clock_moves.moment_of(given[self.day_field], given[self.time_field])


class ClockForm(MomentForm):
    """The form of the page."""

    day = DateInputField(
        label="Date",
        help_text="For example, 27 3 2026",
        earliest=datetime.date(2000, 1, 1),
        latest=datetime.date(2100, 12, 31),
    )
    time = TimeInputField(label="Time", help_text="For example, 9:30am or 14:30")
    back = forms.BooleanField(
        label="Also back behind entries: they stay, with dates ahead of the clock", required=False
    )


class BannerForm(MomentForm):
    """The small form of the banner, with the browser's own fields."""

    day_field = "clock_on"
    time_field = "clock_at"
    clock_on = forms.DateField(
        label="Date",
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d %m %Y", "%d %B %Y"],
        error_messages={"required": "Enter the date", "invalid": "Date must be a real date"},
    )
    clock_at = TimeInputField(label="Time")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def demonstration_clock(request: HttpRequest) -> HttpResponse:
    """Set the clock of every process to a moment, and come back to the page one was on."""
    if not (settings.DEMONSTRATION and settings.CLOCK_FILE):
        raise Http404("The clock cannot be moved here.")
    if request.method != "POST":
        return _page(request, None)
    action = request.POST.get("action", "move-to" if "clock_on" in request.POST else "move")
    if action == "move-to":
        return _from_banner(request)
    if action == "put-back":
        return _put_back(request)
    if action in ("next-working-day", "next-deadline", "one-hour"):
        return _on(request, action)
    form = ClockForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    clock.move_to(form.moment())
    return _moved(request)


def _on(request: HttpRequest, action: str) -> HttpResponse:
    """One of the ways on that need no choosing."""
    now = clock.now()
    try:
        if action == "next-working-day":
            moment = clock_moves.next_working_day(now)
        elif action == "next-deadline":
            moment = clock_moves.next_deadline(request.user, now)
        else:
            moment = now + clock_moves.HOUR
        # On is never back: entries that lie ahead already do so before.
        if reason := clock_moves.why_not(moment, all_the_same=True):
            raise CannotMove(reason)
    except CannotMove as reason:
        messages.warning(request, f"The clock was not moved. {reason}")
        return redirect(_back_to(request))
    clock.move_to(moment)
    return _moved(request)


def _from_banner(request: HttpRequest) -> HttpResponse:
    form = BannerForm(request.POST)
    if form.is_valid():
        clock.move_to(form.moment())
        return _moved(request)
    request.clock_asked = form  # type: ignore[attr-defined]
    return _page(request, None, asked=form)


def _put_back(request: HttpRequest) -> HttpResponse:
    back = "back" in request.POST
    if reason := clock_moves.why_not(clock.real_now(), all_the_same=back):
        text = f"The clock was not moved. {reason}, or tick the box to go back all the same."
        messages.warning(request, text)
        return redirect("demonstration_clock")
    clock.put_back()
    return _moved(request, "The clock shows the real time again.")


def _page(
    request: HttpRequest, form: ClockForm | None, asked: BannerForm | None = None
) -> HttpResponse:
    now = clock.london(clock.now())
    last = clock_moves.last_entry()
    context: dict[str, Any] = {
        "form": form or ClockForm(initial={"day": now.date(), "time": now.time()}),
        "asked": asked,
        "now": in_full(now),
        "last": in_full(last) if last else "",
        "behind": last is not None and clock.now() < last,
        "next": request.POST.get("next", ""),
        "follows": FOLLOWS,
    }
    return render(request, "overview/clock.html", context)


def _back_to(request: HttpRequest) -> str:
    """The page one was on, where it is one of ours; else the page of the clock."""
    given = request.POST.get("next", "")
    return next_address(request, given) if given else request.path


def _moved(request: HttpRequest, text: str = "") -> HttpResponse:
    told = text or f"It is now {in_full(clock.now())}."
    messages.success(request, f"{told} {FOLLOWS}")
    return redirect(_back_to(request))
