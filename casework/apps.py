from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"

    def ready(self) -> None:
        from casework import checks  # noqa: F401
        from casework.access import register_access
        from casework.access_rows import ROWS
        from design_system import navigation

        register_access(ROWS)
        navigation.register(
            "Cases", "case_list", visible=lambda user: bool(user.is_authenticated), order=20
        )
