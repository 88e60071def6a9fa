"""What the programme and the calendar's changes ask of a case: outcome, publication, digest.

An open deadline no longer says by which versions it was counted (its case's last event does), so
that an event rewrites only the deadlines that it changes.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("areas", "0001_initial"),
        ("casework", "0002_append_only"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="case", name="case_by_area"),
        migrations.AddField(
            model_name="case",
            name="outcome",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="case",
            name="published_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="inputs_digest",
            field=models.CharField(blank=True, default="", editable=False, max_length=32),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["local_area", "kind", "-first_day"], name="case_by_area_and_day"
            ),
        ),
        migrations.AlterField(
            model_name="deadline",
            name="as_of_seq",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="deadline",
            name="calendar_version",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="deadline",
            name="parameters_version",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
    ]
