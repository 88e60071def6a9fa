"""What workers do about changes. Tasks take ids and call one function."""

import uuid

from celery import shared_task

from casework.changes import gov_uk, services
from casework.changes.going_on import go_on


@shared_task(name="casework.go_on_with_change")
def go_on_with_change(change_id: str) -> None:
    """Work out what a proposed change would move, or carry an applied one out: whatever is next."""
    go_on(uuid.UUID(change_id))


@shared_task(name="casework.sweep_changes")
def sweep_changes() -> None:
    """Every half minute: go on with what a killed worker left, or no worker was ever told of."""
    for change_id in services.under_way():
        services.hand_to_worker(change_id)


@shared_task(name="casework.ask_gov_uk", time_limit=120)
def ask_gov_uk(person_id: str = "") -> None:
    """Every morning, and when somebody asks: propose what GOV.UK lists and the calendar lacks."""
    gov_uk.look(by=person_id)
