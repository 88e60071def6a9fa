"""Going on with a change wherever it stands: by one worker at a time, whoever was killed before."""

import hashlib
import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

from casework.changes import carrying, previewing
from casework.changes.models import Change, ChangeState

UNEXPECTED = "Something went wrong while it was worked out. The log says what."

logger = logging.getLogger(__name__)


def go_on(change_id: uuid.UUID) -> bool:
    """Work out what a proposed change would move, or carry an applied one out.

    Returns whether anything was to be done; False too where another worker is at it.
    """
    with only_one_at(change_id) as alone:
        if not alone:
            return False
        state = Change.objects.values_list("state", flat=True).get(pk=change_id)
        if state in (ChangeState.PROPOSED, ChangeState.PREVIEWING):
            return _preview(change_id)
        if state == ChangeState.APPLYING:
            carrying.carry_out(change_id)
            return True
        return False


def _preview(change_id: uuid.UUID) -> bool:
    """One that cannot be worked out says so, and waits until somebody asks again."""
    try:
        return previewing.preview(change_id)
    except DatabaseError:
        raise  # the sweeper tries again
    except Exception:
        logger.exception("What change %s would move could not be worked out", change_id)
        Change.objects.filter(pk=change_id, state=ChangeState.PREVIEWING).update(
            state=ChangeState.FAILED, failure=UNEXPECTED
        )
        return True


def lock_number(change_id: uuid.UUID | str) -> int:
    """The number under which whoever is at work on a change holds it."""
    digest = hashlib.sha256(f"change:{change_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


@contextmanager
def only_one_at(change_id: uuid.UUID) -> Iterator[bool]:
    """Whether this process is the only one at work on a change. What a killed one held is free."""
    number = lock_number(change_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
