"""What workers do about monitoring and support."""

from celery import shared_task

from monitoring.alarms import tell_of_late_plans


@shared_task(name="monitoring.late_plans")
def late_plans() -> None:
    """Each morning: tell advisers of updated strategic plans that are late."""
    tell_of_late_plans()
