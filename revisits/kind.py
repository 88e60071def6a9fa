"""What a re-visit is, for the case engine."""

from accounts import roles
from casework.registry import CaseKind
from inspections import subjects
from revisits.access import KIND, MOMENTS
from revisits.events import EVENTS
from revisits.projections import follow
from revisits.timetable import FRAMEWORK
from revisits.workflow import STAGES, STEPS

#: Whose task each deadline is (the column 'who owes it' of timetable.md, as roles).
OWNERS = {
    "RE-NOTIFY": ("lead_hmi",),
    "RE-HEALTH": ("cqc_inspector",),
    "RE-LANO": ("lead_hmi",),
    "RE-PCF": ("lead_hmi",),
    "RE-TELL": (roles.LANO,),
    "RE-REQUEST": ("lead_hmi",),
    "RE-EVIDENCE": (roles.LANO, roles.HEALTH_LANO, roles.SEND_LEAD),
    "RE-QUESTIONS": ("lead_hmi",),
    "RE-REVIEW": ("lead_hmi", "cqc_inspector"),
    "RE-CALL": ("lead_hmi",),
    "RE-ADVISERS": ("lead_hmi", "cqc_inspector"),
    # The system's, by the rule; recorded by the lead until the survey itself is here.
    "RE-SURVEY-OPEN": ("lead_hmi",),
    "RE-SURVEY-CLOSE": ("lead_hmi",),
    "RE-MORE": ("lead_hmi", "cqc_inspector"),
    "RE-LEADERS": ("lead_hmi",),
    "RE-FORUM": ("lead_hmi",),
    "RE-OPEN": ("lead_hmi",),
    "RE-CYP": ("lead_hmi",),
    "RE-KIT": ("lead_hmi", "cqc_inspector"),
    "RE-FEEDBACK": ("lead_hmi",),
    "RE-DRAFT": ("lead_hmi",),
    "RE-FACTS": (roles.DCS, roles.HEALTH_CHIEF_EXECUTIVE),
    "RE-FACTS-REPLY": ("lead_hmi",),
    "RE-FINAL": (roles.SUPPORT_OFFICER,),
    "RE-PUBLISH": (roles.PUBLICATIONS,),
    "RE-RETAIN": (roles.SUPPORT_OFFICER,),
}

REVISIT = CaseKind(
    name=KIND,
    label="Re-visit",
    prefix="RV",
    first_stage="planned",
    stages=STAGES,
    events=EVENTS,
    steps=STEPS,
    frameworks=(FRAMEWORK,),
    subjects=subjects.of_case,
    moments=MOMENTS,
    published_by="revisit_published",
    outcomes={
        "all_sufficient": "Sufficient progress in all weaknesses",
        "some_sufficient": "Sufficient progress in some weaknesses",
        "none_sufficient": "Sufficient progress in no weakness",
    },
    told_with={
        "found_all_sufficient": "revisit_published",
        "found_some_sufficient": "revisit_published",
        "found_none_sufficient": "revisit_published",
    },
    owners=OWNERS,
    follow=follow,
)
