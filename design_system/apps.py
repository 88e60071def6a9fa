from django.apps import AppConfig


class DesignSystemConfig(AppConfig):
    name = "design_system"

    def ready(self) -> None:
        """Register the system checks."""
        from design_system import checks  # noqa: F401
