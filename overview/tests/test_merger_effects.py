"""What a merger of health commissioners touches: open cases and roles, and no confidential case."""

import datetime

import pytest

from accounts import roles
from accounts.models import Membership
from casework.models import Case
from inspections.tests.conftest import at, day, make_person, world  # noqa: F401

pytestmark = pytest.mark.django_db
ADDRESS = "/areas/commissioners/merge/"


@pytest.fixture
def administrator(world):  # noqa: F811
    return make_person("Adele", roles.ADMINISTRATOR)


def _look(client, world):  # noqa: F811
    given = {
        "bodies": [str(world.north.pk)],
        "on-day": "1",
        "on-month": "9",
        "on-year": "2027",
        "into": "new",
        "name": "NHS Marches",
    }
    return client.post(ADDRESS, given)


def test_administrators_alone_may_record_a_merger(client, world, administrator):  # noqa: F811
    client.force_login(administrator)
    assert client.get(ADDRESS).status_code == 200
    for person in (world.officer, world.lead, world.director, world.stranger):
        client.force_login(person)
        assert client.get(ADDRESS).status_code == 403
    held = Membership.objects.filter(person=administrator)
    held.update(ends_on=datetime.date(2026, 1, 1))
    client.force_login(administrator)
    assert client.get(ADDRESS).status_code == 403


def test_a_case_that_the_area_does_not_know_of_stays_confidential(
    client,
    world,  # noqa: F811
    administrator,
):
    case = world.scheduled()
    client.force_login(administrator)
    page = _look(client, world).content.decode()
    assert "What would change" in page
    assert case.reference not in page
    assert "None, as far as the areas themselves know" in page
    Case.objects.filter(pk=case.pk).update(moments=["notified"])
    assert case.reference in _look(client, world).content.decode()
    Case.objects.filter(pk=case.pk).update(ended_on="2026-01-01")
    assert case.reference not in _look(client, world).content.decode()


def test_roles_in_bodies_that_merge_are_counted_and_nobody_is_named(
    client,
    world,  # noqa: F811
    administrator,
):
    person = make_person("Zebedee", roles.HEALTH_CHIEF_EXECUTIVE, area=world.area)
    Membership.objects.filter(person=person).update(organisation=world.north)
    client.force_login(administrator)
    page = _look(client, world).content.decode()
    assert "Roles that people go on holding until you end them" in page
    assert "Chief executive, health commissioner" in page
    assert "Zebedee" not in page
