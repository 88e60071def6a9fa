"""This room's rows of the access table (roles.md).

The case tells that there is a statement, how far it is and what is due; what is in it is not on
it. The result of a judgement is the inspectorates' until the letter tells it: meanwhile the
timetable is closed to the local area, which could read it from what is due next.
"""

from accounts import roles
from casework.access import Row

KIND = "wsoa"

ON_THE_CASE = ("lead_hmi", "cqc_inspector", "quality_assurer")
INSPECTORATE = (
    roles.SUPPORT_OFFICER,
    *ON_THE_CASE,
    roles.SENIOR_HMI,
    roles.CQC_QUALITY_ASSURER,
    roles.REGIONAL_DIRECTOR,
)
BODIES = (
    roles.LANO,
    roles.HEALTH_LANO,
    roles.DCS,
    roles.HEALTH_CHIEF_EXECUTIVE,
    roles.SEND_LEAD,
    roles.CHIEF_EXECUTIVE,
)

#: What brings each moment: the report reaches its readers at different times, and with it the
#: statement that it asks for.
MOMENTS = {
    "origin:final_report_sent": "final_sent",
    "origin:report_published/Ofsted": "published",
    "submitted": "submitted",
    "judged_fit": "judged",
    "judged_not_fit": "judged",
    "fitness_letter_sent": "judgement_told",
    "resubmitted": "resubmitted",
    "second_fitness_letter_sent": "second_judgement_told",
}
MOMENT_WORDS = {
    "submitted": "the statement has been submitted",
    "judged": "the statement was judged",
    "judgement_told": "the letter with the judgement has been sent",
    "resubmitted": "the revised statement was submitted",
    "second_judgement_told": "the letter with the second judgement has been sent",
}


def _rows(thing: str, action: str, *names: str, moment: str = "", until: str = "") -> list[Row]:
    return [Row(thing, action, name, moment, "", until, KIND) for name in names]


def _timetable_of_the_area(*names: str, moment: str) -> list[Row]:
    return [
        *_rows("timetable", "read", *names, moment=moment, until="judged"),
        *_rows("timetable", "read", *names, moment="judgement_told", until="resubmitted"),
        *_rows("timetable", "read", *names, moment="second_judgement_told"),
    ]


ROWS: list[Row] = [
    *_rows("case", "read", *INSPECTORATE, roles.HMCI),
    *_rows("case", "read", *BODIES, roles.ADVISER, roles.OFFICIAL, moment="final_sent"),
    *_rows("case", "read", roles.PUBLICATIONS, moment="final_sent"),
    *_rows("case", "read", roles.MINISTER, roles.DHSC, moment="submitted"),
    *_rows("case", "read", roles.PARENT_CARER_FORUM, roles.CHAIR, moment="published"),
    *_rows("timetable", "edit", roles.SUPPORT_OFFICER, "lead_hmi", "cqc_inspector"),
    *_rows("timetable", "read", *INSPECTORATE),
    *_rows("timetable", "read", roles.ADVISER, roles.OFFICIAL, moment="final_sent"),
    *_timetable_of_the_area(*BODIES, moment="final_sent"),
    *_timetable_of_the_area(roles.PARENT_CARER_FORUM, moment="published"),
    *_rows("hold", "edit", roles.SUPPORT_OFFICER, "lead_hmi"),
    *_rows("hold", "decide", roles.REGIONAL_DIRECTOR),
    *_rows("hold", "read", *INSPECTORATE, roles.HMCI),
    *_rows("history", "read", *INSPECTORATE, roles.HMCI),
    *_rows("people", "edit", roles.SUPPORT_OFFICER, "lead_hmi"),
    *_rows("note", "erase", "quality_assurer", roles.SENIOR_HMI, roles.CQC_QUALITY_ASSURER),
]
