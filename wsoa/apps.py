from django.apps import AppConfig


class WsoaConfig(AppConfig):
    name = "wsoa"

    def ready(self) -> None:
        from casework.timetable import register
        from wsoa.timetable import WSOA

        register(WSOA)
