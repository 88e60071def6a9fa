"""People, the roles they hold, and signing in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        """Say who is signed in on every page; give Django admin our sign-in page."""
        from django.contrib import admin

        from accounts import checks, session, views  # noqa: F401
        from design_system import navigation

        navigation.register_person(session.person)
        admin.site.login = views.administrators_sign_in  # type: ignore[assignment]
