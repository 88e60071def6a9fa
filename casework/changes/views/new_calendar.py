"""Proposing a bank holiday, its removal, a closure or the end of one."""

import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from casework.changes.forms import (
    MOST_DAYS,
    AddBankHolidays,
    RecordClosure,
    RemoveBankHolidays,
    RemoveClosure,
)
from casework.changes.permission import change_or_refuse
from casework.changes.views.asking import Question, ask
from config import clock
from working_days.models import BankHoliday, Closure
from working_days.services import current_calendar

FORMS = "casework/changes/"
LATELY = datetime.timedelta(365)
#: The version that the service was set up with.
FIRST_VERSION = 1


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_bank_holidays(request: HttpRequest) -> HttpResponse:
    """One bank holiday or several, perhaps in place of another, perhaps a whole further year."""
    change_or_refuse(request, "calendar")
    calendar = current_calendar()
    recorded = list(BankHoliday.objects.at(calendar.version))
    count = _count(request)

    def make(data: Any = None, **options: Any) -> AddBankHolidays:
        return AddBankHolidays(
            data, count=count, recorded=recorded, covers_until=calendar.covers_until, **options
        )

    context = {"covers_until": calendar.covers_until, "more": count < MOST_DAYS}
    title = "Add a bank holiday"
    return ask(request, Question(title, f"{FORMS}add_bank_holidays.html", make, context))


def _count(request: HttpRequest) -> int:
    """For how many days there is room on the page."""
    given = request.POST.get("rows") or request.GET.get("days") or "1"
    count = int(given) if given.isascii() and given.isdecimal() and len(given) < 4 else 1
    return max(1, min(count + ("more" in request.POST), MOST_DAYS))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove_bank_holidays(request: HttpRequest) -> HttpResponse:
    """Days that are bank holidays no longer: of those to come, those of the last twelve months and
    those recorded here; or, if asked for, of all."""
    change_or_refuse(request, "calendar")
    calendar = current_calendar()
    recorded = BankHoliday.objects.at(calendar.version)
    earlier = "earlier" in request.GET
    today = clock.today()
    if not earlier:
        lately = today - LATELY
        recorded = recorded.filter(Q(date__gte=lately) | Q(added_in__number__gt=FIRST_VERSION))
    days = list(recorded.order_by("date"))
    passed = [one for one in days if one.date < today]
    found = [*days[len(passed) :], *reversed(passed)]

    def make(data: Any = None, **options: Any) -> RemoveBankHolidays:
        return RemoveBankHolidays(data, recorded=found, **options)

    context = {"earlier": earlier}
    title = "Remove a bank holiday"
    return ask(request, Question(title, f"{FORMS}remove_bank_holidays.html", make, context))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def record_closure(request: HttpRequest) -> HttpResponse:
    """Days on which an inspectorate is closed."""
    change_or_refuse(request, "calendar")

    def make(data: Any = None, **options: Any) -> RecordClosure:
        return RecordClosure(data, **options)

    return ask(request, Question("Record a closure", f"{FORMS}record_closure.html", make))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove_closure(request: HttpRequest) -> HttpResponse:
    """A closure that does not hold any longer."""
    change_or_refuse(request, "calendar")
    in_force = list(Closure.objects.at(current_calendar().version).order_by("-starts_on"))

    def make(data: Any = None, **options: Any) -> RemoveClosure:
        return RemoveClosure(data, closures=in_force, **options)

    context = {"none": not in_force}
    title = "Take a closure back"
    return ask(request, Question(title, f"{FORMS}remove_closure.html", make, context))
