"""This room's rows of the access table (roles.md), for monitoring and for the 2023 programme.

Who inspects reads the monitoring once a re-visit is scheduled: its team is named on the case then.
The local area reads of it from the letter that says that its statement is fit.
"""

from accounts import roles
from casework.access import Row

MONITORING, SUPPORT = "monitoring", "support"

BODIES = (roles.ADVISER, roles.OFFICIAL)
TEAM = ("lead_hmi", "ofsted_inspector", "cqc_inspector", "additional_inspector")
QUALITY = (roles.SENIOR_HMI, roles.CQC_QUALITY_ASSURER, roles.REGIONAL_DIRECTOR)
AREA = (
    roles.LANO,
    roles.HEALTH_LANO,
    roles.DCS,
    roles.HEALTH_CHIEF_EXECUTIVE,
    roles.SEND_LEAD,
    roles.CHIEF_EXECUTIVE,
)

MOMENTS = {
    "origin:origin:final_report_sent": "final_sent",
    "monitoring_begun": "begun",
}
MOMENT_WORDS = {"begun": "monitoring has begun"}


def _monitoring(thing: str, *names: str, moment: str = "", action: str = "read") -> list[Row]:
    return [Row(thing, action, name, moment, kind=MONITORING) for name in names]


def _support(thing: str, *names: str, action: str = "read") -> list[Row]:
    return [Row(thing, action, name, kind=SUPPORT) for name in names]


ROWS: list[Row] = [
    *_monitoring("case", *BODIES, roles.DHSC, moment="final_sent"),
    *_monitoring("case", *AREA, roles.PARENT_CARER_FORUM, roles.CHAIR, moment="begun"),
    *_monitoring("case", *TEAM, *QUALITY),
    *_monitoring("timetable", *BODIES, roles.DHSC, moment="final_sent"),
    *_monitoring("timetable", *BODIES, moment="final_sent", action="edit"),
    *_monitoring("timetable", *AREA, moment="begun"),
    *_monitoring("timetable", *TEAM, *QUALITY),
    *_monitoring("hold", *BODIES, moment="final_sent", action="edit"),
    *_monitoring("hold", *BODIES, moment="final_sent"),
    *_monitoring("history", *BODIES, moment="final_sent"),
    *_monitoring("history", *TEAM, *QUALITY),
    *_monitoring("note", roles.OFFICIAL, action="erase"),
    *_support("case", *BODIES, roles.MINISTER, roles.DHSC, roles.CHAIR),
    *_support("case", *AREA, roles.PARENT_CARER_FORUM),
    *_support("timetable", *BODIES, roles.MINISTER, roles.DHSC, roles.CHAIR),
    *_support("timetable", *AREA),
    *_support("timetable", *BODIES, action="edit"),
    *_support("hold", *BODIES, action="edit"),
    *_support("hold", *BODIES),
    *_support("history", *BODIES),
    *_support("note", roles.OFFICIAL, action="erase"),
]
