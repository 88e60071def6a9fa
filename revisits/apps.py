from django.apps import AppConfig


class RevisitsConfig(AppConfig):
    name = "revisits"

    def ready(self) -> None:
        from casework.timetable import register
        from revisits.timetable import REVISIT

        register(REVISIT)
