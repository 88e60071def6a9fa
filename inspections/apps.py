from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"

    def ready(self) -> None:
        from casework import timetable
        from casework.access import register_access, register_exclusion
        from casework.registry import register_kind
        from inspections import panels
        from inspections.access import ROWS, areas_with_interest, interests_of_everybody
        from inspections.correspondence import CONFIRMATION
        from inspections.kind import INSPECTION
        from inspections.timetable import INSPECTION as RULESET
        from inspections.timetable_2023 import INSPECTION_2023
        from letters.registry import register_letter

        timetable.register(RULESET)
        timetable.register(INSPECTION_2023)
        register_kind(INSPECTION)
        register_access(ROWS)
        register_exclusion(areas_with_interest, interests_of_everybody)
        register_letter(CONFIRMATION)
        panels.register()
