"""An index for lists in the order of areas' names."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("areas", "0004_commissioners_as_they_merged")]

    operations = [
        migrations.AddIndex(
            model_name="localarea",
            index=models.Index(fields=["name"], name="local_area_by_name"),
        ),
    ]
