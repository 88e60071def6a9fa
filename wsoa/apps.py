from django.apps import AppConfig


class WsoaConfig(AppConfig):
    name = "wsoa"

    def ready(self) -> None:
        from casework.access import register_access
        from casework.registry import register_kind
        from casework.timetable import register
        from wsoa import reactions
        from wsoa.access import MOMENT_WORDS, ROWS
        from wsoa.kind import STATEMENT
        from wsoa.timetable import WSOA

        register(WSOA)
        register_kind(STATEMENT)
        register_access(ROWS, MOMENT_WORDS)
        reactions.register()
