"""The form for other dates or another team: it begins with those that stand."""

from typing import Any

from casework.forms import EventForm, initial_of
from casework.models import Case
from casework.relations import state_of
from revisits.events import Scheduled


class RescheduleForm(EventForm):
    """Dates and team as last fixed, to be changed."""

    def __init__(self, *args: Any, case: Case, **options: Any) -> None:
        super().__init__(*args, case=case, **options)
        if self.is_bound:
            return
        for one in reversed(state_of(case).happened):
            if isinstance(one.facts, Scheduled):
                shown = initial_of(one.facts, one.on, None)
                fixed = {"happened_on", "happened_time", "subject", "why"}
                self.initial = {
                    **self.initial,
                    **{k: v for k, v in shown.items() if k not in fixed},
                }
                return
