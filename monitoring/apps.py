from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "monitoring"

    def ready(self) -> None:
        from casework.access import register_access
        from casework.registry import register_kind
        from casework.timetable import register
        from monitoring import reactions
        from monitoring.access import MOMENT_WORDS, ROWS
        from monitoring.kind import MONITORING_KIND, SUPPORT_KIND
        from monitoring.timetable import MONITORING
        from monitoring.timetable_support import SUPPORT

        register(MONITORING)
        register(SUPPORT)
        register_kind(MONITORING_KIND)
        register_kind(SUPPORT_KIND)
        register_access(ROWS, MOMENT_WORDS)
        reactions.register()
