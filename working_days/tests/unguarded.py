"""Changing the calendar's tables past the guards that the database keeps over them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

TABLES = ("bankholiday", "closure", "calendarversion")


@contextmanager
def unguarded() -> Iterator[CursorWrapper]:
    """A cursor, in one transaction, whose changes no trigger refuses."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE working_days_{table} DISABLE TRIGGER USER")
        yield cursor
        # A table with foreign keys still to be checked cannot be altered: check them now.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE working_days_{table} ENABLE TRIGGER USER")
