"""What Django admin holds: people, the ground and the calendar to be kept, casework to look at, and
nothing that comes with a library or is content of a case."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.db import models
from django.http import HttpRequest

#: The rooms that have pages here. What each shows stands in its `admin.py`; of casework and letters
#: that is the register alone: what happened on a case is recorded through its one door.
ROOMS = frozenset({"working_days", "areas", "accounts", "casework", "letters"})


class Administration(AdminSite):
    """Django admin for our own rooms alone. Libraries register their tables by themselves (groups,
    e-mail addresses, scheduled tasks): nobody has business in them here."""

    site_header = f"{settings.SERVICE_NAME}: administration"
    site_title = f"Administration – {settings.SERVICE_NAME}"
    index_title = "Administration"
    index_template = "admin/start.html"
    #: It needs JavaScript, and says what the start page says.
    enable_nav_sidebar = False

    def register(
        self,
        model_or_iterable: type[models.Model] | Iterable[type[models.Model]],
        admin_class: Any = None,
        **options: Any,
    ) -> None:
        """Take in the models of our own rooms; leave out every other. Each gets what holds for all
        of them here: short lists, readable history, plain refusals."""
        from accounts.administration.pages import kept

        given = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        own = [model for model in given if model._meta.app_label in ROOMS]
        if own:
            super().register(own, kept(admin_class), **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether somebody is an administrator today: by the role they hold."""
        from accounts.administrators import is_administrator

        return is_administrator(request.user)


class AdministrationConfig(AdminConfig):
    """Django admin with our site in place of its own."""

    default_site = "accounts.administration.Administration"
