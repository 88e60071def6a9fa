"""What workers do with the outbox. The tasks hold nothing: all that matters is in the database."""

from celery import shared_task

from notices import services


@shared_task(name="notices.send_due")
def send_due() -> int:
    """Send what is due. Returns how many notices went out."""
    return services.send_all_due()


@shared_task(name="notices.sweep")
def sweep() -> int:
    """Every minute: free dead claims and send what was left. Returns how many were freed."""
    return services.sweep()
