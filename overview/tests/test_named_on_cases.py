"""People whom only a case names: the sign-in page and the header say as what, and where."""

import pytest

from casework.models import CaseRole
from inspections.tests.conftest import at, day, make_person, world  # noqa: F401

pytestmark = pytest.mark.django_db
WORDS = "Local area nominated officer, Westmarch"


@pytest.fixture
def named(world, at):  # noqa: F811
    person = make_person("Lena Nominated")
    case = world.notified(at)
    CaseRole.objects.create(case=case, person=person, role="lano", starts_on=day("2026-06-01"))
    return person


def test_the_sign_in_page_says_as_what_and_where(client, named, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        page = client.get("/sign-in/")
    [one] = page.context["others"]
    assert (one.name, one.role) == (named.name, WORDS)
    assert WORDS in page.content.decode()
    assert named.name not in [
        person.name for _, listed in page.context["groups"] for person in listed
    ]


def test_so_does_the_header(client, named):
    client.post(f"/sign-in/as/{named.public_id}/")
    assert client.session["acting_as"] == WORDS


def test_somebody_who_left_is_named_no_more(client, named):
    dates = {"starts_on": day("2026-05-01"), "ends_on": day("2026-05-31")}
    CaseRole.objects.filter(person=named).update(**dates)
    [one] = client.get("/sign-in/").context["others"]
    assert one.role == ""
