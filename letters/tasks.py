"""What workers do about letters. Tasks take ids and call one function."""

import uuid

from celery import shared_task

from letters import services


@shared_task(name="letters.issue")
def issue_letter(letter_id: str) -> None:
    """Print, store and record one letter that was asked for."""
    services.carry_out(uuid.UUID(letter_id))


@shared_task(name="letters.sweep")
def sweep() -> None:
    """Every ten seconds: hand on letters whose worker died, or of which no worker was ever told."""
    for letter_id in services.still_issuing():
        services.hand_to_worker(letter_id)


@shared_task(name="letters.tidy")
def tidy() -> None:
    """Twice a day: remove files that no letter has."""
    services.sweep_files()
