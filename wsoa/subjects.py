"""Who makes a written statement: one deadline each to publish it."""

from collections.abc import Mapping, Sequence

from casework.models import Case, Event
from casework.timetable import Subject
from inspections import subjects as inspections
from inspections.events import Determined


def of_case(case: Case) -> Mapping[str, Sequence[Subject]]:
    """`body`: the principal authorities that the determination names, or, where it is not on
    record, the council and every health commissioner of the area (HB 65, 70).

    `recipient`: the same, who each receive the report; the earliest receipt starts the 70 days.
    """
    bodies = inspections.of_case(case)["body"]
    named = principal_authorities(case)
    makers = [one for one in bodies if one.key in named] or list(bodies)
    return {"body": makers, "recipient": bodies}


def principal_authorities(case: Case) -> frozenset[str]:
    """The ids of the bodies that the inspection's determination names, as last corrected."""
    said = Event.objects.filter(
        case=case.origin_id, kind=Determined.kind, voids=None, voidings=None
    )
    latest = said.exclude(corrects__voidings__isnull=False).order_by("-seq").first()
    if latest is None:
        return frozenset()
    return frozenset(Determined.read(latest.facts, {}, latest.schema_version).principal_authorities)
