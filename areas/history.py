"""What is changed outside the forms of the administration, said in the history that it shows."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models

from config import clock


def note_changes(changes: Iterable[tuple[models.Model, str]], *, by: Any) -> None:
    """Add a line to the history of each row: what a person changed. Two queries at most."""
    given = list(changes)
    kinds = ContentType.objects.get_for_models(*{type(row) for row, _ in given})
    LogEntry.objects.bulk_create(
        LogEntry(
            user_id=by.pk,
            content_type=kinds[type(row)],
            object_id=str(row.pk),
            object_repr=str(row)[:200],
            action_flag=CHANGE,
            change_message=text,
            action_time=clock.now(),
        )
        for row, text in given
    )
