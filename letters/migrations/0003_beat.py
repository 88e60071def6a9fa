"""The sweeper runs every ten seconds: a letter whose worker died is on its way again soon after."""

from django.db import migrations

TASKS = (
    ("Hand on letters whose worker died", "letters.sweep", 10),
    ("Remove files that no letter has", "letters.tidy", 12 * 3600),
)


def schedule(apps, schema_editor):
    for name, task, seconds in TASKS:
        interval, _ = apps.get_model(
            "django_celery_beat", "IntervalSchedule"
        ).objects.get_or_create(every=seconds, period="seconds")
        apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
            name=name,
            defaults={"task": task, "interval": interval, "expire_seconds": max(8, seconds - 2)},
        )


def unschedule(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(
        task__in=[task for _, task, _ in TASKS]
    ).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0002_kept_as_issued"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(schedule, unschedule)]
