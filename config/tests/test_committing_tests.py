"""A test that commits leaves nothing behind, and takes nothing that migrations put in."""

import pytest
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django_celery_beat.models import IntervalSchedule


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_each_starts_from_the_migrated_database(turn):
    assert IntervalSchedule.objects.filter(every=98_765).count() == 0
    assert MigrationRecorder(connection).migration_qs.exists()
    with transaction.atomic():
        IntervalSchedule.objects.create(every=98_765, period="days")
    assert IntervalSchedule.objects.filter(every=98_765).count() == 1
