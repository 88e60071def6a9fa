"""Somebody records on a case that a change under way has not reached yet: it reaches it first.

Otherwise what they record would be counted by the new calendar, its dates would move without a word
on record, and the change would find nothing left to do.
"""

from django.db import models

from casework.changes.carrying import carry_out_for, plan_of
from casework.changes.models import Change, ChangeKind, ChangeState
from casework.models import Case


def catch_up(case: Case) -> bool:
    """Carry the change of the calendar that is under way out on a case. Returns whether anything
    was written on it. The caller holds the lock of its local area."""
    going = Change.objects.filter(kind=ChangeKind.CALENDAR, state=ChangeState.APPLYING)
    change = going.select_related("applied_by").first()
    if change is None or not carry_out_for(plan_of(change), case):
        return False
    Change.objects.filter(pk=change.pk).update(cases_done=models.F("cases_done") + 1)
    return True
