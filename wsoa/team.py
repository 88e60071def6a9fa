"""Who judges a statement: the lead HMI and the CQC inspector of the inspection it came from."""

from typing import Any

from casework.models import Case, CaseRole
from casework.workflow import State
from config import clock

JUDGES = ("lead_hmi", "cqc_inspector")


def follow(case: Case, state: State, by: Any) -> None:
    """Give the statement its judges when it is opened; later changes are made on the case."""
    if case.version > 1 or case.origin_id is None:
        return
    team = CaseRole.objects.filter(case=case.origin_id, role__in=JUDGES).on(clock.today())
    CaseRole.objects.bulk_create(
        CaseRole(
            case=case,
            person_id=one.person_id,
            role=one.role,
            organisation_id=one.organisation_id,
            starts_on=clock.today(),
            named_by=by,
        )
        for one in team.order_by("role", "pk")
    )
