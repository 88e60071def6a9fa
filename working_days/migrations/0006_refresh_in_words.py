"""What the administration calls a look at GOV.UK's list."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("working_days", "0005_beat")]

    operations = [
        migrations.AlterModelOptions(
            name="refresh",
            options={
                "ordering": ["-started_at", "-id"],
                "verbose_name": "look at GOV.UK’s list",
                "verbose_name_plural": "looks at GOV.UK’s list",
            },
        ),
    ]
