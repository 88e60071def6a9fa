"""The ground: regions, local areas, the bodies that serve them, posts and school terms."""

from typing import Any

from django.apps import AppConfig
from django.apps import apps as apps_of_today
from django.apps.registry import Apps
from django.db import transaction
from django.db.models.signals import post_migrate


class AreasConfig(AppConfig):
    name = "areas"
    verbose_name = "Areas"

    def ready(self) -> None:
        """Put the list into the menu; fill in the areas after a flush, too."""
        from design_system import navigation

        navigation.register("Areas", "area_list", order=30)
        post_migrate.connect(_load_after_flush, sender=self)


def _load_after_flush(using: str, apps: Apps = apps_of_today, **options: Any) -> None:
    """Load areas into an emptied database, and what a new release adds to the file."""
    from areas.loading import load_areas

    try:
        apps.get_model("areas", "AreaOrganisation")
    except LookupError:  # the room's migrations were undone
        return
    with transaction.atomic(using=using):
        load_areas(apps.get_model, using=using)
