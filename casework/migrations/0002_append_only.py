"""Events are added, never changed or removed: the database itself refuses it.

A note can change in one way only: it is erased, with a reason.
"""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION casework_event_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Events are kept as they are: % on casework_event is refused.', TG_OP
        USING ERRCODE = 'restrict_violation';
END;
$$;

CREATE TRIGGER casework_event_row_is_kept
    BEFORE UPDATE OR DELETE ON casework_event
    FOR EACH ROW EXECUTE FUNCTION casework_event_is_kept();

CREATE TRIGGER casework_event_table_is_kept
    BEFORE TRUNCATE ON casework_event
    FOR EACH STATEMENT EXECUTE FUNCTION casework_event_is_kept();

CREATE FUNCTION casework_note_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.event_id = OLD.event_id AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL
            AND NEW.content = '{}'::jsonb AND NEW.salt = '' AND btrim(NEW.erased_reason) <> ''
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'Notes are kept, or erased with a reason: % on casework_eventnote is refused.',
        TG_OP USING ERRCODE = 'restrict_violation';
END;
$$;

CREATE TRIGGER casework_note_row_is_kept
    BEFORE UPDATE OR DELETE ON casework_eventnote
    FOR EACH ROW EXECUTE FUNCTION casework_note_is_kept();

CREATE TRIGGER casework_note_table_is_kept
    BEFORE TRUNCATE ON casework_eventnote
    FOR EACH STATEMENT EXECUTE FUNCTION casework_note_is_kept();
"""

BACKWARDS = """
DROP TRIGGER casework_note_table_is_kept ON casework_eventnote;
DROP TRIGGER casework_note_row_is_kept ON casework_eventnote;
DROP FUNCTION casework_note_is_kept();
DROP TRIGGER casework_event_table_is_kept ON casework_event;
DROP TRIGGER casework_event_row_is_kept ON casework_event;
DROP FUNCTION casework_event_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
