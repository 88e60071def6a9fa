"""Inspections of a period, by region: how many, and what they found."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from casework.models import Case
from config import clock
from overview.programme.access import Reader
from overview.programme.filters import Chosen
from overview.programme.lines import EARLIER, INSPECTION, NOT_BEGUN, PRESENT

#: A result is known to the area once it was sent, published, or belongs to history.
OUT = (
    Q(moments__contains=["final_sent"])
    | Q(moments__contains=["published"])
    | Q(ended_on__isnull=False)
)
COUNTED = {
    "inspections": Q(),
    "earlier": Q(framework=EARLIER),
    "statements": Q(OUT, outcome="statement_required"),
    "present": Q(framework=PRESENT),
    "positive": Q(OUT, outcome="positive"),
    "inconsistent": Q(OUT, outcome="inconsistent"),
    "failings": Q(OUT, outcome="failings"),
}


@dataclass(frozen=True)
class RegionFigures:
    """The inspections of a region that began on site in the period."""

    region: str
    inspections: int
    earlier: int
    statements: int
    present: int
    positive: int
    inconsistent: int
    failings: int


def by_region(reader: Reader, chosen: Chosen) -> list[RegionFigures]:
    """Regions with an inspection in the period, by name: one query, over the period's inspections
    alone. An inspection stays in the region of the area that was inspected."""
    cases = (
        Case.objects.filter(reader.of_cases(), chosen.period.condition(), kind=INSPECTION)
        .filter(first_day__lte=clock.today())
        .exclude(stage__in=NOT_BEGUN)
    )
    if not reader.everywhere:
        within = Q(local_area__region_id__in=reader.regions) | Q(local_area__in=reader.areas)
        cases = cases.filter(within)
    if chosen.region:
        cases = cases.filter(local_area__region__code=chosen.region)
    if chosen.framework:
        cases = cases.filter(framework=chosen.framework)
    counts: dict[str, Any] = {
        name: Count("pk", filter=condition) if condition else Count("pk")
        for name, condition in COUNTED.items()
    }
    rows = cases.order_by().values_list("local_area__region__name").annotate(**counts)
    return sorted((RegionFigures(*row) for row in rows), key=lambda figures: figures.region)


def total(figures: list[RegionFigures]) -> RegionFigures:
    """All regions together."""
    sums = {name: sum(getattr(one, name) for one in figures) for name in COUNTED}
    return RegionFigures(region="England", **sums)
