from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"

    def ready(self) -> None:
        from casework.timetable import register
        from inspections.timetable import INSPECTION

        register(INSPECTION)
