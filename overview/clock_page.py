"""Moving the clock of a demonstration. A real installation has no such page."""

import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from casework.models import Event
from config import clock
from design_system.forms import DateInputField, GovukForm, TimeInputField, in_words
from working_days.services import current_calendar

MORNING = datetime.time(9, 0)


class ClockForm(GovukForm):
    """The moment to move to, as London clocks show it."""

    day = DateInputField(
        label="Date",
        help_text="For example, 27 3 2026",
        earliest=datetime.date(2016, 5, 1),
        latest=datetime.date(2028, 12, 31),
    )
    time = TimeInputField(label="Time", help_text="For example, 9:30am or 14:30")

    def moment(self) -> datetime.datetime:
        """The moment that was given, aware."""
        given = self.cleaned_data
        return datetime.datetime.combine(given["day"], given["time"], clock.LONDON)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def demonstration_clock(request: HttpRequest) -> HttpResponse:
    """Set the clock of every process to a moment, on to the next working day, or back."""
    if not (settings.DEMONSTRATION and settings.CLOCK_FILE):
        raise Http404("The clock cannot be moved here.")
    return _moving(request)


@login_required
def _moving(request: HttpRequest) -> HttpResponse:
    now = clock.london(clock.now())
    action = request.POST.get("action", "move") if request.method == "POST" else ""
    initial = {"day": now.date(), "time": now.time()}
    form = ClockForm(request.POST if action == "move" else None, initial=initial)
    if action == "put-back":
        clock.put_back()
        return _moved(request, "The clock shows the real time again.")
    if action == "next-working-day":
        day = current_calendar().add(now.date(), 1)
        clock.move_to(datetime.datetime.combine(day, MORNING, clock.LONDON))
        return _moved(request)
    if action == "move" and form.is_valid():
        clock.move_to(form.moment())
        return _moved(request)
    last = Event.objects.aggregate(last=Max("recorded_at"))["last"]
    context: dict[str, Any] = {
        "form": form,
        "now": _words(now),
        "last": _words(clock.london(last)) if last else "",
        "behind": last is not None and clock.now() < last,
    }
    return render(request, "overview/clock.html", context)


def _words(moment: datetime.datetime) -> str:
    return f"{moment:%A} {in_words(moment.date())}, {moment:%H:%M}"


def _moved(request: HttpRequest, text: str = "") -> HttpResponse:
    now = clock.london(clock.now())
    messages.success(request, text or f"It is now {_words(now)}.")
    return redirect("demonstration_clock")
