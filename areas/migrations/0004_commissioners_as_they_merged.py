"""Health commissioners since 2016 as they merged, and what the register says of areas besides."""

from django.db import migrations

from areas.loading import complete_areas


def complete(apps, schema_editor):
    complete_areas(apps.get_model, using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("areas", "0003_further_facts")]

    operations = [migrations.RunPython(complete, migrations.RunPython.noop)]
