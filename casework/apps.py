from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"

    def ready(self) -> None:
        from accounts.leaving import register_hindrance
        from casework import checks  # noqa: F401
        from casework.access import may_have_cases, register_access
        from casework.access_rows import ROWS
        from casework.leaving import without_lead
        from design_system import navigation

        register_access(ROWS)
        register_hindrance(without_lead)
        navigation.register("Cases", "case_list", visible=may_have_cases, order=20)
        navigation.register(
            "Calendar",
            "changes",
            visible=lambda user: bool(getattr(user, "is_staff", False)),
            order=50,
        )
