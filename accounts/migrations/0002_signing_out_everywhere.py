"""Sessions can be ended; being an administrator follows from the role, which those who were made at the
command line are given; the record of administration gets a name that people read."""

import django.contrib.admin.models
from django.db import migrations, models


def give_the_role(apps, schema_editor):
    """Whoever could open Django admin holds the role of administrator from their first day on."""
    membership = apps.get_model("accounts", "Membership")
    holding = membership.objects.filter(role="administrator").values("person")
    users = apps.get_model("accounts", "User").objects.filter(is_staff=True, is_superuser=True)
    for user in users.exclude(pk__in=holding):
        membership.objects.create(
            person=user,
            role="administrator",
            scope="national",
            starts_on=user.created_at.date(),
            reason="Could open Django admin before",
        )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("admin", "0003_logentry_add_action_flag_choices"),
    ]

    operations = [
        migrations.CreateModel(
            name="AdministrativeAction",
            fields=[],
            options={
                "verbose_name": "administrative action",
                "verbose_name_plural": "recent administrative actions",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("admin.logentry",),
            managers=[
                ("objects", django.contrib.admin.models.LogEntryManager()),
            ],
        ),
        migrations.AlterModelOptions(
            name="membership",
            options={"ordering": ["person", "role", "starts_on"], "verbose_name": "role"},
        ),
        migrations.AlterModelOptions(
            name="user",
            options={
                "ordering": ["name", "pk"],
                "verbose_name": "person",
                "verbose_name_plural": "people",
            },
        ),
        migrations.AddField(
            model_name="user",
            name="signed_out_at",
            field=models.DateTimeField(
                editable=False, null=True, verbose_name="signed out everywhere"
            ),
        ),
        migrations.RunPython(give_the_role, migrations.RunPython.noop),
    ]
