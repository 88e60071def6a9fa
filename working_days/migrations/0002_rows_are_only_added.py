from django.db import migrations

# A version is written after its rows. So rows can join only a version that is not there yet, and
# nothing about a version that is there can change: what was counted with it can be counted again.
FORWARDS = """
CREATE FUNCTION working_days_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A version of the calendar is never changed or deleted.'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION working_days_keep_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    latest integer := (SELECT coalesce(max(number), 0) FROM working_days_calendarversion);
BEGIN
    IF TG_OP = 'INSERT' AND NEW.added_in_id > latest AND NEW.removed_in_id IS NULL THEN
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' AND OLD.removed_in_id IS NULL AND NEW.removed_in_id > latest
            AND to_jsonb(NEW) - 'removed_in_id' = to_jsonb(OLD) - 'removed_in_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The days of the calendar change only with a new version.'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER working_days_keep_version BEFORE UPDATE OR DELETE
    ON working_days_calendarversion FOR EACH ROW EXECUTE FUNCTION working_days_keep_version();
CREATE TRIGGER working_days_keep_bank_holiday BEFORE INSERT OR UPDATE OR DELETE
    ON working_days_bankholiday FOR EACH ROW EXECUTE FUNCTION working_days_keep_row();
CREATE TRIGGER working_days_keep_closure BEFORE INSERT OR UPDATE OR DELETE
    ON working_days_closure FOR EACH ROW EXECUTE FUNCTION working_days_keep_row();
"""

BACKWARDS = """
DROP TRIGGER working_days_keep_closure ON working_days_closure;
DROP TRIGGER working_days_keep_bank_holiday ON working_days_bankholiday;
DROP TRIGGER working_days_keep_version ON working_days_calendarversion;
DROP FUNCTION working_days_keep_row();
DROP FUNCTION working_days_keep_version();
"""


class Migration(migrations.Migration):
    dependencies = [("working_days", "0001_initial")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
