"""This room's rows of the access table (roles.md).

A re-visit opens as an inspection does, row by row, save that the advisers, who are spoken to before
it (RV 13), know of it from its notification (`/r`).
"""

from accounts import roles
from casework.access import Row

KIND = "revisit"

MOMENTS = {
    "notified": "notified",
    "feedback_given": "feedback",
    "final_letter_sent": "final_sent",
    "revisit_published": "published",
}

ROWS: list[Row] = [
    Row("case", "read", roles.ADVISER, "notified", kind=KIND),
    Row("timetable", "read", roles.ADVISER, "notified", kind=KIND),
]
