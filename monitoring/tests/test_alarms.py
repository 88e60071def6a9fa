"""A late strategic plan alarms the adviser, since the six-monthly meetings wait for it."""

import datetime

import pytest
from django_celery_beat.models import PeriodicTask

from accounts import roles
from casework import events as base
from casework.models import Deadline
from casework.recording import record
from inspections.events import Judgement
from inspections.tests.conftest import make_person
from monitoring import events_support as events
from monitoring.alarms import tell_of_late_plans
from monitoring.tasks import late_plans
from notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(programme):
    """The support programme of an area with the outcome 'inconsistent'."""
    return programme.published(Judgement.INCONSISTENT).case


@pytest.fixture
def advisers(world):
    own = make_person("Ann Adviser", roles.ADVISER, area=world.area)
    make_person("Ben Elsewhere", roles.ADVISER, area=world.other_area)
    make_person("Cal Official", roles.OFFICIAL)
    return own


def told():
    return [
        (one.recipient_id, one.template, one.link)
        for one in Notice.objects.filter(key__startswith="plan-late:")
    ]


def late(programme, case):
    """Published on 5 August 2026: the sixtieth working day* is Thursday 29 October."""
    assert str(Deadline.objects.get(case=case, rule="SC-PLAN").due_on) == "2026-10-29"
    programme.to("2026-10-29T23:00")
    assert tell_of_late_plans() == 0
    programme.to("2026-10-30T05:25")


def test_the_advisers_of_the_area_are_told_once(programme, case, advisers):
    late(programme, case)
    late_plans()
    late_plans()
    assert told() == [(advisers.pk, "something_waits", case.get_absolute_url())]


def test_another_day_agreed_and_missed_is_another_alarm(programme, case, advisers):
    late(programme, case)
    late_plans()
    agreed = base.Extended(
        rule="SC-PLAN", agreed_on=datetime.date(2026, 12, 18), agreed_by="The department"
    )
    record(case.pk, agreed, by=None, note="A new director")
    programme.to("2026-12-18T05:25")
    late_plans()
    assert len(told()) == 1
    programme.to("2026-12-19T05:25")
    late_plans()
    assert len(told()) == 2


def test_nobody_is_told_of_a_plan_that_is_there(programme, case, advisers):
    published = events.StrategicPlanPublished(address="https://westmarch.example/plan")
    record(case.pk, published, by=programme.by("dcs"))
    programme.to("2027-03-01T05:25")
    assert tell_of_late_plans() == 0
    assert told() == []


def test_beat_knows_the_task():
    task = PeriodicTask.objects.get(task="monitoring.late_plans")
    assert (task.enabled, task.crontab.hour) == (True, "5")
