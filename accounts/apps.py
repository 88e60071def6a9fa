from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import checks, session  # noqa: F401
        from design_system import navigation

        navigation.register_person(session.person)
