from django.db import migrations

from working_days.seed import fill_calendar


def fill(apps, schema_editor):
    fill_calendar(apps, schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("working_days", "0002_rows_are_only_added")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
