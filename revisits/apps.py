from django.apps import AppConfig


class RevisitsConfig(AppConfig):
    name = "revisits"

    def ready(self) -> None:
        from casework.access import register_access
        from casework.registry import register_kind
        from casework.timetable import register
        from revisits import reactions
        from revisits.access import ROWS
        from revisits.kind import REVISIT
        from revisits.timetable import REVISIT as RULESET

        register(RULESET)
        register_kind(REVISIT)
        register_access(ROWS)
        reactions.register()
