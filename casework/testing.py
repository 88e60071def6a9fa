"""For tests: what their database needs that production must not have."""

from django.db import connection

EMPTYING_REFUSED = (
    ("casework_event", "casework_event_table_is_kept"),
    ("casework_eventnote", "casework_note_table_is_kept"),
)


def let_tables_be_emptied() -> None:
    """Tests that commit empty all tables afterwards: take TRUNCATE out of what is refused, in
    this test database alone (`refuse_emptying` puts it back for the test of the refusal)."""
    _switch("DISABLE")


def refuse_emptying() -> None:
    """As every other database: events and notes cannot be truncated."""
    _switch("ENABLE")


def _switch(verb: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, trigger in EMPTYING_REFUSED:
            cursor.execute(f"ALTER TABLE {table} {verb} TRIGGER {trigger}")
