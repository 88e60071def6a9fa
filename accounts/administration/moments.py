"""The moment that an entry in the record of administration bears."""

from typing import Any

from django.contrib.admin.models import LogEntry

from config import clock


def date_by_the_clock(sender: Any, instance: LogEntry, **_: Any) -> None:
    """Entries bear the moment of `config.clock`, like everything else."""
    if instance._state.adding:
        instance.action_time = clock.now()
