from django.db import migrations

from areas.loading import load_areas


class Migration(migrations.Migration):
    dependencies = [("areas", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda apps, editor: load_areas(apps), migrations.RunPython.noop, elidable=False
        )
    ]
