"""Each morning advisers are told of updated strategic plans that are late."""

from django.db import migrations


def schedule(apps, schema_editor):
    morning, _ = apps.get_model("django_celery_beat", "CrontabSchedule").objects.get_or_create(
        minute="25",
        hour="5",
        day_of_week="*",
        day_of_month="*",
        month_of_year="*",
        timezone="Europe/London",
    )
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name="Tell advisers of strategic plans that are late",
        defaults={"task": "monitoring.late_plans", "crontab": morning, "expire_seconds": 6 * 3600},
    )


def unschedule(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(
        task="monitoring.late_plans"
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("django_celery_beat", "0019_alter_periodictasks_options")]

    operations = [migrations.RunPython(schedule, unschedule)]
