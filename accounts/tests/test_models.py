"""People, the roles they hold, and for how long."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from accounts import roles
from accounts.models import Membership, User
from accounts.services import active_memberships, described, people_with_role
from areas.models import LocalArea, Region

pytestmark = pytest.mark.django_db

D = datetime.date


@pytest.fixture
def person():
    return User.objects.create_user("Somebody@COUNCIL.example", name="Somebody")


@pytest.fixture
def kent():
    return LocalArea.objects.get(dfe_code="886")


def _hold(person, role=roles.SUPPORT_OFFICER, **given):
    return Membership.objects.create(
        person=person, role=role, **{"scope": "national", "starts_on": D(2026, 1, 1), **given}
    )


def test_an_address_belongs_to_one_person_in_whatever_case(person):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("somebody@council.EXAMPLE", name="Another")
    assert User.objects.get_by_natural_key("SOMEBODY@council.example") == person


def test_a_person_needs_an_address():
    with pytest.raises(ValueError, match="needs an e-mail address"):
        User.objects.create_user("", name="Nobody")


def test_without_a_password_nobody_signs_in(person):
    assert not person.has_usable_password()
    assert not person.check_password("")


def test_ids_in_addresses_say_nothing(person):
    other = User.objects.create_user("other@council.example", name="Other")
    assert person.public_id != other.public_id
    assert str(person.pk) not in str(person.public_id).split("-")


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (D(2025, 12, 31), False),
        (D(2026, 1, 1), True),
        (D(2026, 6, 30), True),
        (D(2026, 7, 1), False),
    ],
)
def test_a_role_holds_from_its_first_to_its_last_day(person, day, held):
    _hold(person, ends_on=D(2026, 6, 30))
    assert active_memberships(person, day).exists() is held
    assert (person in people_with_role([roles.SUPPORT_OFFICER], day)) is held


def test_people_with_a_role_are_active_and_listed_once(person, django_assert_num_queries):
    gone = User.objects.create_user("gone@council.example", name="Gone", is_active=False)
    for one in (person, person, gone):
        _hold(one, roles.HMI)
    with django_assert_num_queries(1):
        assert people_with_role([roles.HMI, roles.SENIOR_HMI], D(2026, 3, 1)) == [person]


@pytest.mark.parametrize(
    "places",
    [
        {"scope": "area"},
        {"scope": "region"},
        {"scope": "national", "with": "area"},
        {"scope": "area", "with": "both"},
        {"scope": "elsewhere"},
    ],
)
def test_a_scope_has_its_place_and_no_other(person, kent, places):
    given = {"scope": places["scope"]}
    if places.get("with") in ("area", "both"):
        given["local_area"] = kent
    if places.get("with") == "both":
        given["region"] = kent.region
    with pytest.raises(IntegrityError), transaction.atomic():
        _hold(person, **given)


def test_a_role_does_not_end_before_it_begins(person):
    with pytest.raises(IntegrityError), transaction.atomic():
        _hold(person, ends_on=D(2025, 12, 31))


def test_roles_are_described_with_their_place(person, kent):
    region = Region.objects.get(code="london")
    held = [
        _hold(person, roles.SENIOR_HMI),
        _hold(person, roles.DCS, scope="area", local_area=kent),
        _hold(person, roles.REGIONAL_DIRECTOR, scope="region", region=region),
    ]
    assert described(held) == (
        "Senior HMI; Director of children's services, Kent; Regional director, London"
    )
    assert described([]) == ""


def test_every_role_of_the_inspectorates_has_its_label():
    assert set(roles.LABELS) >= roles.INSPECTORATE
    assert all(roles.LABELS.values())
