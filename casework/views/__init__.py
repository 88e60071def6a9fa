"""The pages that every kind of case shares."""

from casework.views.amend import correct_event, erase_event_note, void_event
from casework.views.case_list import case_list
from casework.views.case_page import case_page
from casework.views.history_page import case_history
from casework.views.record_event import record_event
from casework.views.why_page import deadline_why

__all__ = [
    "case_history",
    "case_list",
    "case_page",
    "correct_event",
    "deadline_why",
    "erase_event_note",
    "record_event",
    "void_event",
]
