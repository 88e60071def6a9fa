"""The demonstration can be begun on any day, and on a real installation not at all."""

import datetime

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from areas.services import in_term
from casework.models import Case
from config import clock

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "moment",
    [
        "2026-08-14T12:00",  # school holidays
        "2026-11-22T06:00",  # a Sunday
        "2028-09-04T08:00",  # near the end of the calendar
    ],
)
def test_it_can_begin_on_any_day(settings, tmp_path, caplog, moment):
    settings.CLOCK_FILE = str(tmp_path / "clock")
    clock.move_to(datetime.datetime.fromisoformat(moment).replace(tzinfo=clock.LONDON))
    call_command("demonstration")
    told = [one.getMessage() for one in caplog.records if one.name.startswith("overview.")]
    assert [text for text in told if "stands still" in text] == []
    stages = dict(Case.objects.values_list("local_area__name", "stage"))
    assert {"planned", "scheduled", "published"} <= set(stages.values())
    assert len(stages) >= 11
    assert {"wsoa", "monitoring", "revisit", "support"} <= set(
        Case.objects.values_list("kind", flat=True)
    )
    dated = Case.objects.exclude(first_day=None).exclude(events__kind="dates_on_record")
    for case in dated.select_related("local_area"):
        assert in_term(case.local_area, case.first_day)


def test_a_real_installation_refuses(settings):
    settings.DEMONSTRATION = False
    for options in ([], ["--who"]):
        with pytest.raises(CommandError, match="bin/up"):
            call_command("demonstration", *options)
    assert not User.objects.exists()
