"""The cases of an area, as part of the area's page: those that the viewer may know of."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from areas.models import LocalArea
from casework.models import Case
from overview.case_table import CASE_FIELDS, case_table

LIMIT = 50


def cases_of_area(request: HttpRequest, local_area: LocalArea) -> dict[str, Any] | None:
    """Newest first, those of the areas before it too; left out for those who see none."""
    if not request.user.is_authenticated:
        return None
    # History stays with the old area and is shown on its successor.
    where = Q(local_area=local_area) | Q(local_area__successors=local_area)
    visible = Case.objects.visible_to(request.user).filter(where).distinct()
    cases = list(visible.order_by("-created_at", "pk").values(*CASE_FIELDS)[:LIMIT])
    if not cases:
        return None
    return {"table": case_table("Cases", cases, {}, table_id="cases")}
