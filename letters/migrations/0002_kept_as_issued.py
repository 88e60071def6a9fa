"""What was approved stands still, and what was issued stays as it went out: the database refuses
to change it, whoever asks."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION letters_letter_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'issued' THEN
        RAISE EXCEPTION 'An issued letter is kept as it is: % is refused.', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'draft' THEN
            RAISE EXCEPTION 'Only a draft can be removed.' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF (NEW.id, NEW.case_id, NEW.code, NEW.key, NEW.number, NEW.reference,
        NEW.replaces_id, NEW.created_at)
        IS DISTINCT FROM
        (OLD.id, OLD.case_id, OLD.code, OLD.key, OLD.number, OLD.reference,
        OLD.replaces_id, OLD.created_at)
    THEN
        RAISE EXCEPTION 'A letter keeps its case, code and reference.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> 'draft' AND NEW.state <> 'draft'
        AND (NEW.facts, NEW.facts_version, NEW.template_version, NEW.approved_at,
            NEW.approved_by_id, NEW.replaces_reason)
        IS DISTINCT FROM
        (OLD.facts, OLD.facts_version, OLD.template_version, OLD.approved_at,
            OLD.approved_by_id, OLD.replaces_reason)
    THEN
        RAISE EXCEPTION 'What a letter says stands still from its approval on.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER letters_letter_row_is_kept
    BEFORE UPDATE OR DELETE ON letters_letter
    FOR EACH ROW EXECUTE FUNCTION letters_letter_is_kept();
"""

BACKWARDS = """
DROP TRIGGER letters_letter_row_is_kept ON letters_letter;
DROP FUNCTION letters_letter_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("letters", "0001_initial")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
