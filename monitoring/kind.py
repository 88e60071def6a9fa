"""What monitoring and a support programme are, for the case engine."""

from accounts import roles
from casework.registry import CaseKind
from monitoring import events, events_support, subjects, workflow, workflow_support
from monitoring.access import MOMENTS, MONITORING, SUPPORT
from monitoring.timetable import FRAMEWORK
from monitoring.timetable_support import FRAMEWORK as FRAMEWORK_2023

BOTH = (roles.ADVISER, roles.OFFICIAL)
AREA_LEADERS = (roles.DCS, roles.HEALTH_CHIEF_EXECUTIVE, roles.SEND_LEAD)
MINISTERS = (roles.OFFICIAL, roles.MINISTER)

#: Whose task each deadline is (the column 'who owes it' of timetable.md, as roles).
MONITORING_OWNERS = {
    "MO-DEVELOP": BOTH,
    "MO-VISIT-n": (roles.ADVISER,),
    "MO-FOUR": BOTH,
    "MO-PLAN": AREA_LEADERS,
    "MO-REVIEW": BOTH,
}
SUPPORT_OWNERS = {
    "SC-MINISTER": MINISTERS,
    "SC-INCLUSION": AREA_LEADERS,
    "SC-INFORMAL": BOTH,
    "SC-ANNUAL-n": BOTH,
    "SC-CALL": (roles.OFFICIAL,),
    "SC-SENIOR": BOTH,
    "SC-BOARD-ASK": BOTH,
    "SC-BOARD": (*BOTH, *AREA_LEADERS),
    "SC-PLAN": AREA_LEADERS,
    "SC-SIX-n": BOTH,
    "SC-STOCKTAKE-n": BOTH,
    "SC-DEEP-n": BOTH,
    "SC-MINDED": MINISTERS,
    "SC-NOTICE-FACTS": AREA_LEADERS,
    "SC-NOTICE": MINISTERS,
}

MONITORING_KIND = CaseKind(
    name=MONITORING,
    label="Monitoring",
    prefix="MO",
    first_stage="developing",
    stages=workflow.STAGES,
    events=events.EVENTS,
    steps=workflow.STEPS,
    ended_stages=workflow.ENDED,
    frameworks=(FRAMEWORK,),
    subjects=subjects.of_monitoring,
    moments=MOMENTS,
    confidential_until="final_sent",
    own_access=True,
    watches=("origin:origin:final_report_sent",),
    owners=MONITORING_OWNERS,
)

SUPPORT_KIND = CaseKind(
    name=SUPPORT,
    label="Support programme",
    prefix="SC",
    first_stage="begun",
    stages=workflow_support.STAGES,
    events=events_support.EVENTS,
    steps=workflow_support.STEPS,
    ended_stages=workflow_support.ENDED,
    frameworks=(FRAMEWORK_2023,),
    subjects=subjects.of_support,
    moments={},
    confidential_until="",
    own_access=True,
    owners=SUPPORT_OWNERS,
)
