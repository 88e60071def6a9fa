"""What an inspection is, for the case engine: its stages, steps, subjects and owners."""

from accounts import roles
from casework.registry import CaseKind
from inspections import projections, subjects
from inspections.events import EVENTS, JUDGEMENTS
from inspections.frameworks import AREA_SEND_2023, LOCAL_AREA_2016
from inspections.scheduling import KIND
from inspections.workflow import STAGES, STEPS

#: Whose task each deadline is (the column 'who owes it' of timetable.md, as roles).
OWNERS = {
    "IN-NOTIFY": ("lead_hmi",),
    "IN-HEALTH": ("cqc_inspector",),
    "IN-CONFIRM": (roles.SUPPORT_OFFICER,),
    "IN-LANO": ("lead_hmi",),
    "IN-HEALTH-CALL": ("cqc_inspector",),
    "IN-PCF": ("lead_hmi",),
    "IN-TELL": (roles.LANO,),
    "IN-SELECT": ("lead_hmi", "cqc_inspector"),
    "IN-REQUEST": (roles.LANO, roles.HEALTH_LANO),
    "IN-KIT": ("lead_hmi",),
    "IN-FEEDBACK": ("lead_hmi",),
    "IN-SURVEY": (roles.SUPPORT_OFFICER,),
    "IN-DRAFT": ("lead_hmi",),
    "IN-FACTS": (roles.DCS, roles.HEALTH_CHIEF_EXECUTIVE),
    "IN-FACTS-REPLY": ("lead_hmi",),
    "IN-FINAL": (roles.SUPPORT_OFFICER,),
    "IN-PUBLISH": (roles.PUBLICATIONS,),
    "IN-COPIES": (roles.SUPPORT_OFFICER,),
    "IN-LOCAL-PUBLISH": (roles.LANO, roles.HEALTH_LANO, roles.SEND_LEAD),
    "IN-RETAIN": (roles.SUPPORT_OFFICER,),
}

INSPECTION = CaseKind(
    name=KIND,
    label="Inspection",
    prefix="IN",
    first_stage="planned",
    stages=STAGES,
    events=EVENTS,
    steps=STEPS,
    waiting_stages=frozenset({"deferred"}),
    frameworks=(LOCAL_AREA_2016, AREA_SEND_2023),
    outcomes={
        "statement_required": "Written statement of action required",
        "no_statement": "No written statement of action required",
        **dict(JUDGEMENTS),
    },
    told_with={
        "found_positive": "report_published",
        "found_inconsistent": "report_published",
        "found_failings": "report_published",
    },
    opened_by=frozenset({roles.SUPPORT_OFFICER}),
    subjects=subjects.of_case,
    owners=OWNERS,
    published_by="report_published",
    follow=projections.follow,
)
