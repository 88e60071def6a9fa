"""The Celery application; tasks are found in each room's `tasks.py`."""

import os
from typing import Any

from celery import Celery, signals

from config.processes import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

app = Celery("send_inspections")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.worker_process_init.connect
def _end_with_the_worker(**_: Any) -> None:
    """None of a worker's pool is left at work when the worker itself is killed."""
    end_with_parent(os.getppid())


from config import task_logs  # noqa: E402, F401  (connects its signals)
