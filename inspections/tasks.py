"""What workers do about inspections, and about whatever else has a period for an answer."""

from celery import shared_task

from casework.periods import record_periods_over


@shared_task(name="inspections.periods_over")
def periods_over() -> None:
    """Each morning: put on record which periods for comments ended without any."""
    record_periods_over()
