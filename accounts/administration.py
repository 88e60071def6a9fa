"""What Django admin holds: people, the ground and the calendar, and nothing that comes with a
library or belongs to a case."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.db import models

#: The rooms whose reference data administrators keep. Casework, letters and notices have no page
#: there: what happened on a case is recorded through its one door.
ROOMS = frozenset({"working_days", "areas", "accounts"})


class Administration(AdminSite):
    """Django admin for the rooms of reference data alone. Libraries register their tables by
    themselves (groups, e-mail addresses, scheduled tasks): nobody has business in them here."""

    site_header = "SEND area inspections: reference data"
    site_title = "Reference data"
    index_title = "Reference data"

    def register(
        self,
        model_or_iterable: type[models.Model] | Iterable[type[models.Model]],
        admin_class: Any = None,
        **options: Any,
    ) -> None:
        """Take in the models of our own rooms of reference data; leave out every other."""
        given = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        own = [model for model in given if model._meta.app_label in ROOMS]
        if own:
            super().register(own, admin_class, **options)


class AdministrationConfig(AdminConfig):
    """Django admin with our site in place of its own."""

    default_site = "accounts.administration.Administration"
