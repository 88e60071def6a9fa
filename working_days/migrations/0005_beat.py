"""GOV.UK is asked once a day, early in the morning, for its list of bank holidays."""

from django.db import migrations


def schedule(apps, schema_editor):
    morning, _ = apps.get_model("django_celery_beat", "CrontabSchedule").objects.get_or_create(
        minute="40",
        hour="5",
        day_of_week="*",
        day_of_month="*",
        month_of_year="*",
        timezone="Europe/London",
    )
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name="Ask GOV.UK for its list of bank holidays",
        defaults={"task": "casework.ask_gov_uk", "crontab": morning, "expire_seconds": 6 * 3600},
    )


def unschedule(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(
        task="casework.ask_gov_uk"
    ).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("working_days", "0004_refresh"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(schedule, unschedule)]
