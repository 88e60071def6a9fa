"""On the page of a case that was taken over: that it was, and which of its days is assumed."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from casework.events import Opened
from casework.models import Case, Event, Origin
from casework.registry import register_panel
from inspections.events import DatesOnRecord
from overview.history.keys import PREFIX
from wsoa.access import KIND as STATEMENT

#: Cases of other origin are told by the key that opened them, and cost no query.
KEYS = (PREFIX, f"{STATEMENT}:")


def register() -> None:
    """Put it on the page of every kind of case."""
    register_panel("*", "summary", "overview/history_summary.html", taken_over, order=90)


def taken_over(request: HttpRequest, case: Case) -> Mapping[str, Any] | None:
    """None for a case that was run here. One query at most."""
    if not case.opening_key.startswith(KEYS):
        return None
    told = Event.objects.filter(case=case, kind__in=[Opened.kind, DatesOnRecord.kind])
    rows = list(told.order_by("seq").values_list("kind", "origin", "facts"))
    if (Opened.kind, Origin.IMPORTED) not in [(kind, origin) for kind, origin, _ in rows]:
        return None
    days = [facts for kind, _, facts in rows if kind == DatesOnRecord.kind]
    return {"end_assumed": bool(days and days[-1].get("last_day_assumed"))}
