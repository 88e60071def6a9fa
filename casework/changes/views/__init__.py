"""The pages on which administrators change the calendar and the offsets that no source gives."""

from casework.changes.views.change_list import ask_gov_uk, change_list
from casework.changes.views.change_page import (
    apply_change,
    change_page,
    change_progress,
    preview_again,
    withdraw_change,
)
from casework.changes.views.new_calendar import (
    add_bank_holidays,
    record_closure,
    remove_bank_holidays,
    remove_closure,
)
from casework.changes.views.new_offset import change_offset, offset_list

__all__ = [
    "add_bank_holidays",
    "apply_change",
    "ask_gov_uk",
    "change_list",
    "change_offset",
    "change_page",
    "change_progress",
    "offset_list",
    "preview_again",
    "record_closure",
    "remove_bank_holidays",
    "remove_closure",
    "withdraw_change",
]
