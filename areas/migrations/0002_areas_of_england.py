"""Every local area of England since 2016, its council and its health commissioners."""

from django.db import migrations

from areas.loading import load_areas


def load(apps, schema_editor):
    load_areas(apps.get_model, using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("areas", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
