"""This room's rows of the access table (roles.md): the case itself, its timetable and history."""

from accounts import roles
from casework.access import Row

TEAM = ("lead_hmi", "ofsted_inspector", "cqc_inspector", "additional_inspector")
QUALITY = ("quality_assurer", roles.SENIOR_HMI, roles.CQC_QUALITY_ASSURER)
BODIES = (roles.DCS, roles.HEALTH_CHIEF_EXECUTIVE, roles.SEND_LEAD, roles.CHIEF_EXECUTIVE)


def _rows(
    thing: str, action: str, *names: str, moment: str = "", until: str = "", note: str = ""
) -> list[Row]:
    return [Row(thing, action, name, moment, note, until) for name in names]


ROWS: list[Row] = [
    # A case, its dates and team: before notification only the inspectorates know of it.
    *_rows("case", "read", roles.SUPPORT_OFFICER, *TEAM, *QUALITY),
    *_rows("case", "read", roles.REGIONAL_DIRECTOR, roles.HMCI),
    *_rows("case", "edit", roles.SUPPORT_OFFICER),
    *_rows("case", "read", *BODIES, roles.PARENT_CARER_FORUM, moment="notified"),
    *_rows("case", "read", roles.REPRESENTATIVE, moment="notified"),
    *_rows("case", "read", roles.ADVISER, moment="feedback"),
    *_rows("case", "read", roles.OFFICIAL, roles.PUBLICATIONS, moment="final_sent"),
    *_rows("case", "read", roles.MINISTER, roles.DHSC, moment="final_sent"),
    *_rows("case", "read", roles.CHAIR, moment="published"),
    # LANO and health LANO end at publication.
    *_rows("case", "read", roles.LANO, roles.HEALTH_LANO, moment="notified", until="published"),
    # The timetable.
    *_rows("timetable", "edit", roles.SUPPORT_OFFICER, *TEAM),
    *_rows("timetable", "read", roles.SUPPORT_OFFICER, *TEAM, *QUALITY),
    *_rows("timetable", "read", roles.REGIONAL_DIRECTOR),
    *_rows("timetable", "read", *BODIES, roles.PARENT_CARER_FORUM, moment="notified"),
    *_rows(
        "timetable", "read", roles.LANO, roles.HEALTH_LANO, moment="notified", until="published"
    ),
    *_rows("timetable", "read", roles.ADVISER, moment="feedback"),
    *_rows("timetable", "read", roles.OFFICIAL, moment="final_sent"),
    # Holds, delays, suspensions.
    *_rows("hold", "edit", roles.SUPPORT_OFFICER, "lead_hmi"),
    *_rows("hold", "decide", roles.REGIONAL_DIRECTOR),
    *_rows("hold", "read", roles.SUPPORT_OFFICER, *TEAM, *QUALITY),
    *_rows("hold", "read", roles.REGIONAL_DIRECTOR, roles.HMCI),
    *_rows("hold", "read", roles.PUBLICATIONS, moment="final_sent"),
    # The history names what is confidential until it is sent: for the inspectorates alone.
    *_rows("history", "read", roles.SUPPORT_OFFICER, *TEAM, *QUALITY),
    *_rows("history", "read", roles.REGIONAL_DIRECTOR, roles.HMCI),
    # Who is on the case.
    *_rows("people", "edit", roles.SUPPORT_OFFICER, "lead_hmi"),
    # Retention and disposal are decided by quality assurance.
    *_rows("note", "erase", *QUALITY),
    # What dates rest on: administrators see what a change moves, and no more of a case by that.
    *_rows("calendar", "read", roles.ADMINISTRATOR),
    *_rows("calendar", "edit", roles.ADMINISTRATOR),
    *_rows("parameters", "read", roles.ADMINISTRATOR),
    *_rows("parameters", "edit", roles.ADMINISTRATOR),
]
