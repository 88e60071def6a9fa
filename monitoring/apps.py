from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "monitoring"

    def ready(self) -> None:
        from casework.timetable import register
        from monitoring.timetable import MONITORING
        from monitoring.timetable_support import SUPPORT

        register(MONITORING)
        register(SUPPORT)
