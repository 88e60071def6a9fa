"""The only source of now.

In demonstration and tests the clock can be moved for every process of one installation at once:
its offset, in seconds, stands in the small file `settings.CLOCK_FILE`, which each process reads
again when it changes. Production has no such file and refuses to have one.
"""

import datetime
import os
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

LONDON = ZoneInfo("Europe/London")

_read: tuple[str, int, datetime.timedelta] | None = None


def _offset() -> datetime.timedelta:
    global _read
    path = settings.CLOCK_FILE
    if not path:
        return datetime.timedelta()
    try:
        changed = os.stat(path).st_mtime_ns
    except FileNotFoundError:
        return datetime.timedelta()
    if _read is None or _read[:2] != (path, changed):
        _read = (path, changed, datetime.timedelta(seconds=float(Path(path).read_text() or 0)))
    return _read[2]


def now() -> datetime.datetime:
    """The present moment, aware, in UTC."""
    return timezone.now() + _offset()


def real_now() -> datetime.datetime:
    """The moment that a clock which was moved would show if it were put back."""
    return timezone.now()


def today() -> datetime.date:
    """The present calendar day in London."""
    return now().astimezone(LONDON).date()


def london(moment: datetime.datetime) -> datetime.datetime:
    """The same moment as London clocks show it."""
    return moment.astimezone(LONDON)


def move_to(moment: datetime.datetime) -> None:
    """Set the clock of all processes to an aware moment; it runs on from there.

    Raises ImproperlyConfigured where the clock cannot be moved (production).
    """
    path = settings.CLOCK_FILE
    if not path:
        raise ImproperlyConfigured("The clock can be moved in demonstration and tests only.")
    offset = (moment - timezone.now()).total_seconds()
    beside = Path(f"{path}.{os.getpid()}")
    beside.write_text(str(offset))
    beside.replace(path)


def put_back() -> None:
    """Let the clock show the real time again."""
    if settings.CLOCK_FILE:
        Path(settings.CLOCK_FILE).unlink(missing_ok=True)
