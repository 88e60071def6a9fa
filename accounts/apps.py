"""People, the roles they hold, and signing in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        """Say who is signed in on every page; give Django admin our sign-in page."""
        from django.contrib import admin
        from django.contrib.admin.models import LogEntry
        from django.db.models.signals import pre_save

        from accounts import checks, session, views  # noqa: F401
        from accounts.administration.moments import date_by_the_clock
        from design_system import navigation

        navigation.register_person(session.person)
        admin.site.login = views.administrators_sign_in  # type: ignore[assignment]
        admin.site.logout = views.sign_out  # type: ignore[assignment, method-assign]
        pre_save.connect(date_by_the_clock, sender=LogEntry, dispatch_uid="accounts.log")
