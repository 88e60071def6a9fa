"""Each morning the periods for an answer that ended without one are put on record."""

from django.db import migrations


def schedule(apps, schema_editor):
    morning, _ = apps.get_model("django_celery_beat", "CrontabSchedule").objects.get_or_create(
        minute="20",
        hour="5",
        day_of_week="*",
        day_of_month="*",
        month_of_year="*",
        timezone="Europe/London",
    )
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name="Record which periods for comments ended without any",
        defaults={
            "task": "inspections.periods_over",
            "crontab": morning,
            "expire_seconds": 6 * 3600,
        },
    )


def unschedule(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(
        task="inspections.periods_over"
    ).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("inspections", "0001_initial"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(schedule, unschedule)]
