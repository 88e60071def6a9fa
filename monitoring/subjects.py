"""Who or what has one deadline each, of monitoring and of the support programme."""

from collections.abc import Mapping, Sequence

from casework.models import Case, Event
from casework.timetable import Subject
from inspections.events import OutcomeDecided
from inspections.timetable import INSPECTORATES


def of_monitoring(case: Case) -> Mapping[str, Sequence[Subject]]:
    """`inspectorate`: each publishes the re-visit's letter."""
    return {"inspectorate": list(INSPECTORATES)}


def of_support(case: Case) -> Mapping[str, Sequence[Subject]]:
    """`priority_action_area`: each has its deep dives, by number until they have titles (SC)."""
    areas = [
        Subject(str(number), f"Area for priority action {number}")
        for number in range(1, _priority_areas(case) + 1)
    ]
    return {"inspectorate": list(INSPECTORATES), "priority_action_area": areas}


def _priority_areas(case: Case) -> int:
    """How many the inspection's report has, as last corrected."""
    said = Event.objects.filter(
        case=case.origin_id, kind=OutcomeDecided.kind, voids=None, voidings=None
    )
    latest = said.exclude(corrects__voidings__isnull=False).order_by("-seq").first()
    if latest is None:
        return 0
    return OutcomeDecided.read(latest.facts, {}, latest.schema_version).priority_areas or 0
