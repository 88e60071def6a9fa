"""An open deadline goes by the versions of its case's last event: it keeps none of its own.

Outcome, publication and digest need the fold, so `bin/manage rebuild` fills them for cases that
were there before (docs/operations.md). Until then such a case is recomputed by itself.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_derived_columns")]

    operations = [
        migrations.RunSQL(
            "UPDATE casework_deadline SET calendar_version = NULL, parameters_version = NULL, "
            "as_of_seq = NULL WHERE NOT settled",
            "UPDATE casework_deadline d SET calendar_version = e.calendar_version, "
            "parameters_version = e.parameters_version, as_of_seq = e.seq "
            "FROM casework_case c JOIN casework_event e ON e.case_id = c.id AND e.seq = c.version "
            "WHERE d.case_id = c.id AND NOT d.settled",
        )
    ]
