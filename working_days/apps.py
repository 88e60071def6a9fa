from typing import Any

from django.apps import AppConfig
from django.apps import apps as apps_of_today
from django.apps.registry import Apps
from django.db import transaction
from django.db.models.signals import post_migrate


class WorkingDaysConfig(AppConfig):
    name = "working_days"
    verbose_name = "Working days"

    def ready(self) -> None:
        post_migrate.connect(_fill_after_flush, sender=self)


def _fill_after_flush(using: str, apps: Apps = apps_of_today, **kwargs: Any) -> None:
    """Fill a calendar that `flush` has emptied: without one, nothing can be counted."""
    from working_days.seed import fill_calendar

    try:
        apps.get_model("working_days", "CalendarVersion")
    except LookupError:  # The room's migrations were undone.
        return
    with transaction.atomic(using=using):
        fill_calendar(apps, using)
