"""The Celery application; tasks are found in each room's `tasks.py`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

app = Celery("send_inspections")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

from config import task_logs  # noqa: E402, F401  (connects its signals)
