"""Celery's log lines: the settings' JSON, the task's id, and the reference of the request that
asked for the task."""

import logging.config
from typing import Any

from celery import signals

from config import logs

HEADER = "reference"


@signals.setup_logging.connect
def _as_the_settings_say(**_: Any) -> None:
    """Being connected keeps Celery from installing its own handlers."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@signals.before_task_publish.connect
def _send_reference(headers: dict[str, Any] | None = None, **_: Any) -> None:
    own = logs.reference.get()
    if headers is not None and own:
        headers[HEADER] = own


@signals.task_prerun.connect
def _task_begins(task_id: str = "", task: Any = None, **_: Any) -> None:
    request = getattr(task, "request", None)
    given = getattr(request, HEADER, None) or (getattr(request, "headers", None) or {}).get(HEADER)
    logs.task_id.set(task_id or "")
    logs.reference.set(given or logs.reference.get() or logs.new_reference())


@signals.task_postrun.connect
def _task_ends(**_: Any) -> None:
    logs.task_id.set("")
    logs.reference.set("")
