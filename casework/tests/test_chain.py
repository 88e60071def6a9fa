import datetime
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from casework.chain import verify_chain
from casework.models import Case, Event, EventNote
from casework.recording import GuardFailed, NotAllowed, erase_note, record
from casework.testing import let_tables_be_emptied, refuse_emptying
from casework.tests.rehearsal import Told, make_person
from casework.tests.test_recording import FIX

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(case, officer):
    record(case.pk, FIX, by=officer, note="Agreed with CQC")
    record(case.pk, Told(taken_by="Dan Deputy"), by=officer)
    return Case.objects.get(pk=case.pk)


def behind_our_back(sql, *values):
    """What somebody with the database's own keys could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE casework_event DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE casework_eventnote DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        cursor.execute("ALTER TABLE casework_event ENABLE TRIGGER casework_event_row_is_kept")
        cursor.execute("ALTER TABLE casework_eventnote ENABLE TRIGGER casework_note_row_is_kept")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE casework_event SET happened_on = '2026-01-01'",
        "UPDATE casework_event SET kind = kind",
        "DELETE FROM casework_event WHERE seq = 3",
        'UPDATE casework_eventnote SET content = \'{"text": "other"}\'',
        "UPDATE casework_eventnote SET content = '{}', salt = '', erased_at = now()",
        "DELETE FROM casework_eventnote",
    ],
)
def test_the_database_refuses_to_change_or_remove_what_is_on_record(told, sql):
    with pytest.raises(DatabaseError, match="is refused"), transaction.atomic():
        connection.cursor().execute(sql)
    assert Event.objects.filter(case=told).count() == 3


@pytest.mark.parametrize("table", ["casework_event", "casework_eventnote"])
def test_the_database_refuses_to_empty_the_record(told, table):
    refuse_emptying()
    try:
        with pytest.raises(DatabaseError, match="TRUNCATE"), transaction.atomic():
            connection.cursor().execute(f"TRUNCATE {table} CASCADE")
    finally:
        let_tables_be_emptied()
    assert Event.objects.filter(case=told).count() == 3


def test_an_untouched_record_is_whole(told):
    assert verify_chain(told) == []


@pytest.mark.parametrize(
    ("sql", "seq", "why"),
    [
        (
            "UPDATE casework_event SET happened_on = '2026-05-29' WHERE seq = 2",
            2,
            "Its content is not what was recorded.",
        ),
        (
            'UPDATE casework_event SET facts = \'{"first_day": "2026-06-09"}\' WHERE seq = 2',
            2,
            "Its content is not what was recorded.",
        ),
        (
            "UPDATE casework_event SET recorded_at = recorded_at - interval '1 day' WHERE seq = 3",
            3,
            "Its content is not what was recorded.",
        ),
        (
            'UPDATE casework_eventnote SET content = \'{"text": "Other"}\''
            " WHERE event_id = (SELECT id FROM casework_event WHERE seq = 2)",
            2,
            "Its note is not what was recorded.",
        ),
        (
            "DELETE FROM casework_eventnote"
            " WHERE event_id = (SELECT id FROM casework_event WHERE seq = 2)",
            2,
            "Its note is gone without a trace.",
        ),
    ],
)
def test_a_row_changed_behind_our_back_is_found(told, sql, seq, why):
    behind_our_back(sql)
    assert [(one.seq, one.why) for one in verify_chain(told)] == [(seq, why)]


def test_a_note_erased_past_the_door_is_found(told):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE casework_eventnote SET content = '{}', salt = '', erased_at = now(),"
            " erased_reason = 'Asked for' WHERE event_id ="
            " (SELECT id FROM casework_event WHERE seq = 2)"
        )
    assert [(one.seq, one.why) for one in verify_chain(told)] == [
        (2, "Its note was erased, and no entry says so.")
    ]


def test_rebuild_tells_of_a_record_that_is_not_what_was_written(told):
    out = io.StringIO()
    call_command("rebuild", "--check", stdout=out)
    behind_our_back("UPDATE casework_event SET recorded_by_id = NULL WHERE seq = 2")
    for arguments in (["--check"], []):
        with pytest.raises(CommandError, match="not what was recorded: 1") as refused:
            call_command("rebuild", *arguments, stdout=out)
        assert refused.value.returncode == 1
    assert f"{told.reference} entry 2: Its content is not what was recorded." in out.getvalue()


def test_the_last_entry_removed_behind_our_back_is_found(told):
    behind_our_back(
        "DELETE FROM casework_eventnote"
        " WHERE event_id = (SELECT id FROM casework_event WHERE seq = 3)"
    )
    behind_our_back("UPDATE casework_deadline SET met_event_id = NULL")
    behind_our_back("DELETE FROM casework_event WHERE seq = 3")
    assert [one.why for one in verify_chain(told)] == ["The case counts another number of entries."]


def test_a_changed_entry_with_its_hash_made_to_fit_breaks_what_follows(told):
    behind_our_back("UPDATE casework_event SET happened_on = '2026-05-29' WHERE seq = 2")
    from casework.chain import hash_of

    changed = Event.objects.get(case=told, seq=2)
    behind_our_back("UPDATE casework_event SET hash = %s WHERE seq = 2", hash_of(changed))
    assert [(one.seq, one.why) for one in verify_chain(told)] == [
        (3, "It does not follow on the entry before.")
    ]


def test_an_erased_note_leaves_the_chain_whole_and_says_who_and_why(told):
    event = Event.objects.get(case=told, seq=3)
    quinn = make_person("Quinn Quality", role="senior_hmi")
    said = erase_note(event, by=quinn, reason="Asked for by Dan")
    note = EventNote.objects.get(event=event)
    assert (note.content, note.salt, note.erased_by, note.erased_reason) == (
        {},
        "",
        quinn,
        "Asked for by Dan",
    )
    told.refresh_from_db()
    assert verify_chain(told) == []
    assert (said.kind, said.facts, told.version) == ("note_erased", {"event_seq": 3}, 4)


def test_erased_twice_is_erased_once(told):
    event = Event.objects.get(case=told, seq=3)
    first = erase_note(event, by=None, reason="Asked for")
    assert erase_note(event, by=None, reason="Again") == first
    assert EventNote.objects.get(event=event).erased_reason == "Asked for"


def test_erasing_needs_the_role_and_a_reason(told, officer):
    event = Event.objects.get(case=told, seq=3)
    with pytest.raises(NotAllowed):
        erase_note(event, by=officer, reason="I would rather")
    with pytest.raises(GuardFailed, match="Give the reason"):
        erase_note(event, by=None, reason=" ")
    assert EventNote.objects.get(event=event).erased_at is None


def test_a_later_correction_does_not_stumble_over_words_that_were_erased(told, officer, monday):
    erase_note(Event.objects.get(case=told, seq=3), by=None, reason="Asked for")
    from casework.recording import correct
    from casework.tests.rehearsal import Fixed

    facts = Fixed(first_day=datetime.date(2026, 6, 8), last_day=datetime.date(2026, 6, 11))
    # The guard that asks who took the call would fail on the erased name.
    correct(Event.objects.get(case=told, seq=2).pk, facts, by=officer, reason="Shorter")
    told.refresh_from_db()
    assert told.last_day == datetime.date(2026, 6, 11)
