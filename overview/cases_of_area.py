"""The cases of an area, as part of the area's page: those that the viewer may know of."""

from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from areas.models import LocalArea
from casework.models import Case
from design_system.forms import in_words
from design_system.tables import Table
from overview.case_table import CASE_FIELDS, case_table

LIMIT = 50
LATEST = Coalesce("first_day", "origin__first_day", "origin__origin__first_day")


def cases_of_area(request: HttpRequest, local_area: LocalArea) -> dict[str, Any] | None:
    """Its own, then those of each area that it came from, which stay with that area and are shown
    here: newest first by what happened, not by when it was put on record. A case without days on
    site stands with the one it came from; what has no day at all stands first. Left out for those
    who see none. One query."""
    if not request.user.is_authenticated:
        return None
    before = Q(local_area__successors=local_area) | Q(local_area__successors__successors=local_area)
    visible = Case.objects.visible_to(request.user).filter(Q(local_area=local_area) | before)
    fields = (*CASE_FIELDS, "local_area_id", "local_area__ends_on")
    # An area can follow from another by two ways: one row a case all the same.
    newest = F("latest").desc(nulls_first=True), "-created_at", "pk"
    dated = visible.annotate(latest=LATEST).distinct().order_by(*newest)
    cases = list(dated.values(*fields, "latest")[: LIMIT + 1])
    if not cases:
        return None
    return {"tables": _tables(local_area, cases[:LIMIT]), "limit": LIMIT, "more": cases[LIMIT:]}


def _tables(local_area: LocalArea, cases: list[dict[str, Any]]) -> list[Table]:
    by_area: dict[Any, list[dict[str, Any]]] = {}
    for case in cases:
        by_area.setdefault(case["local_area_id"], []).append(case)
    own = by_area.pop(local_area.pk, [])
    tables = [case_table("Cases", own, {}, table_id="cases")] if own or not by_area else []
    groups = sorted(by_area.values(), key=lambda group: str(group[0]["local_area__name"]))
    for number, group in enumerate(groups, 1):
        tables.append(case_table(_of(group[0]), group, {}, table_id=f"cases-before-{number}"))
    return tables


def _of(case: dict[str, Any]) -> str:
    ended = case["local_area__ends_on"]
    until = f", an area until {in_words(ended)}" if ended else ""
    return f"Cases of {case['local_area__name']}{until}"
