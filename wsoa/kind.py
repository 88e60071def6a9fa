"""What a written statement of action is, for the case engine."""

from typing import TYPE_CHECKING, Any

from accounts import roles
from casework.registry import CaseKind
from wsoa import subjects
from wsoa.access import KIND, MOMENTS
from wsoa.events import EVENTS
from wsoa.team import follow
from wsoa.timetable import FRAMEWORK
from wsoa.workflow import ENDED, STAGES, STEPS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Whose task each deadline is (the column 'who owes it' of timetable.md, as roles).
OWNERS: "Mapping[str, Sequence[Any]]" = {
    "WS-SUBMIT": (roles.DCS, roles.HEALTH_CHIEF_EXECUTIVE, roles.SEND_LEAD),
    "WS-PUBLISH": (roles.DCS, roles.HEALTH_CHIEF_EXECUTIVE, roles.SEND_LEAD),
    "WS-REVIEW": ("lead_hmi", "cqc_inspector"),
    "WS-LETTER": (roles.REGIONAL_DIRECTOR,),
    "WS-RESUBMIT": (roles.DCS, roles.HEALTH_CHIEF_EXECUTIVE, roles.SEND_LEAD),
    "WS-REVIEW-2": ("lead_hmi", "cqc_inspector"),
    "WS-MINISTER": ("lead_hmi", "cqc_inspector"),
    "WS-REVISIT": (roles.SUPPORT_OFFICER,),
}

STATEMENT = CaseKind(
    name=KIND,
    label="Written statement",
    prefix="WS",
    first_stage="required",
    stages=STAGES,
    events=EVENTS,
    steps=STEPS,
    ended_stages=ENDED,
    frameworks=(FRAMEWORK,),
    subjects=subjects.of_case,
    moments=MOMENTS,
    confidential_until="final_sent",
    own_access=True,
    watches=(
        "origin:final_report_sent",
        "origin:report_published",
        "child:revisit_published",
        "child:found_all_sufficient",
        "child:found_some_sufficient",
        "child:found_none_sufficient",
    ),
    owners=OWNERS,
    follow=follow,
)
