"""Who owes or receives something at an inspection: one deadline for each of them."""

import datetime
from collections.abc import Mapping, Sequence

from areas import services as areas
from areas.models import LocalArea, OrganisationKind
from casework.models import Case
from casework.timetable import Subject
from config import clock
from inspections.timetable import INSPECTORATES


def of_case(case: Case) -> Mapping[str, Sequence[Subject]]:
    """The bodies of the case's area on Day 1, or today where no dates are fixed."""
    return of_area(case.local_area, case.first_day or clock.today())


def of_area(local_area: LocalArea, on: datetime.date) -> Mapping[str, Sequence[Subject]]:
    """The council and each health commissioner of an area on a day, by what they do.

    `body`: comments on the draft (HB 58). `recipient`: receives the final report and publishes it
    (HB 59, 63). `health_commissioner`: is called and told (HB 8, 11). `request`: makes available
    what was asked for (HB 10, 11). `inspectorate`: publishes (HB 59).
    """
    found = areas.bodies(local_area, on)
    bodies = [Subject(str(one.pk), one.name) for one in found]
    commissioners = [
        Subject(str(one.pk), one.name)
        for one in found
        if one.kind == OrganisationKind.HEALTH_COMMISSIONER
    ]
    return {
        "body": bodies,
        "recipient": bodies,
        "health_commissioner": commissioners,
        "request": bodies,
        "inspectorate": list(INSPECTORATES),
    }
