"""Indexes for the orders of the list of cases and for the programme (decision 008)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("areas", "0005_local_area_by_name"),
        ("casework", "0006_beat"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["stage", "id"], name="case_in_order_of_stage"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["first_day", "id"], name="case_earliest_first"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("first_day").desc(nulls_last=True), "id", name="case_latest_first"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["local_area", "kind", "-ended_on", "-created_at"],
                name="case_by_area_and_end",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("ended_on__isnull", True), ("first_day__isnull", True)),
                fields=["local_area", "kind", "-created_at"],
                name="case_open_without_days",
            ),
        ),
    ]
