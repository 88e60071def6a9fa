"""The cases of an area, as part of the area's page: those that the viewer may know of."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from areas.models import LocalArea
from casework.models import Case
from design_system.forms import in_words
from design_system.tables import Table
from overview.case_table import CASE_FIELDS, case_table

LIMIT = 50


def cases_of_area(request: HttpRequest, local_area: LocalArea) -> dict[str, Any] | None:
    """Newest first: its own, then those of each area that it came from, which stay with that area
    and are shown here. Left out for those who see none. One query."""
    if not request.user.is_authenticated:
        return None
    before = Q(local_area__successors=local_area) | Q(local_area__successors__successors=local_area)
    visible = Case.objects.visible_to(request.user).filter(Q(local_area=local_area) | before)
    fields = (*CASE_FIELDS, "local_area_id", "local_area__ends_on")
    # An area can follow from another by two ways: one row a case all the same.
    cases = list(visible.distinct().order_by("-created_at", "pk").values(*fields)[: LIMIT + 1])
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
