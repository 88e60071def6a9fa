"""The one list of words and colours for the states of a deadline, the same on every page."""

from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


class Look(NamedTuple):
    """A tag's words and its colour class."""

    words: str
    classes: str


STATES: dict[str, Look] = {
    "overdue": Look("Overdue", "govuk-tag--red"),
    "due_today": Look("Due today", "govuk-tag--yellow"),
    "due_soon": Look("Due soon", "govuk-tag--yellow"),
    "open": Look("Open", "govuk-tag--blue"),
    "forecast": Look("Forecast", "app-tag--outline"),
    "met": Look("Met", "govuk-tag--green"),
    "met_late": Look("Met late", "govuk-tag--orange"),
    "late_explained": Look("Late, explained", "govuk-tag--orange"),
    "late_silent": Look("Late, not explained", "govuk-tag--red"),
    "on_hold": Look("On hold", "govuk-tag--purple"),
    "lapsed": Look("Lapsed", "govuk-tag--grey"),
    "not_applicable": Look("Does not apply", "govuk-tag--grey"),
    "not_recorded": Look("Not recorded", "govuk-tag--grey"),
}
_DRAWN: dict[str, SafeString] = {
    state: mark_safe(f'<strong class="govuk-tag {look.classes}">{escape(look.words)}</strong>')
    for state, look in STATES.items()
}


def deadline_tag(state: str) -> SafeString:
    """The tag of a deadline's state. Raises KeyError for a state that is not in the list."""
    return _DRAWN[state]
