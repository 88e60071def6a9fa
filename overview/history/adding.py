"""Adding to a case of history what a later file says further, so that its end stays its end."""

from collections.abc import Sequence
from dataclasses import replace

from casework.models import Case, Event
from casework.recording import Historic, import_events

STANDS = "It stands as before: what precedes this entry came with a later file."


def add_in_order(case: Case, history: Sequence[Historic]) -> int:
    """Add those of a case's history, given in the order of things, that are not on record.

    Entries take effect in the order of record. What is added before the last that is on record
    would move the case back from its end, so that last one is recorded again after it.

    Returns how many entries were added.
    """
    keys = [one.key for one in history]
    on_record = set(Event.objects.filter(case=case, key__in=keys).values_list("key", flat=True))
    missing = [one for one in history if one.key not in on_record]
    if not missing:
        return 0
    after = [one for one in history[keys.index(missing[0].key) :] if one.key in on_record]
    again = [
        replace(one, key=f"{one.key}:again:{missing[0].key}", note=STANDS) for one in after[-1:]
    ]
    return import_events(case, [*missing, *again])
