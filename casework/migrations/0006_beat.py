"""The sweeper of changes runs every half minute: it goes on with what a killed worker left."""

from django.db import migrations


def schedule(apps, schema_editor):
    interval, _ = apps.get_model("django_celery_beat", "IntervalSchedule").objects.get_or_create(
        every=30, period="seconds"
    )
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name="Go on with changes of calendar and offsets",
        defaults={"task": "casework.sweep_changes", "interval": interval, "expire_seconds": 28},
    )


def unschedule(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(
        task="casework.sweep_changes"
    ).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0005_changes"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(schedule, unschedule)]
