from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"

    def ready(self) -> None:
        from casework.access import register_access
        from casework.access_rows import ROWS

        register_access(ROWS)
