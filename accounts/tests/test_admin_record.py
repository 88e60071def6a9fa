# ruff: noqa: F811 (fixtures)
"""What is never deleted in Django admin, and the record of what administrators did."""

import pytest
import time_machine
from django.contrib.admin.models import LogEntry

from accounts import roles
from accounts.models import Membership, User
from accounts.tests.test_admin import person_form
from accounts.tests.test_admin_people import (  # noqa: F401
    TODAY,
    administrator,
    council,
    first_of_june,
    give,
    make,
    messages,
    ofsted,
    page,
    westmarch,
)
from areas.models import AreaOrganisation, LocalArea

pytestmark = pytest.mark.django_db


# -- deleting ----------------------------------------------------------------------------------


def test_a_person_whom_something_names_is_not_deleted(page, administrator):
    ann = make("Ann", "hmci")
    address = f"/admin/accounts/user/{ann.pk}/delete/"
    response = page.post(address, {"post": "yes"}, follow=True)
    [text] = messages(response)
    assert text.startswith("“Ann” is not deleted: ")
    assert "roles" in text
    assert text.endswith("Make the person inactive instead.")
    assert User.objects.filter(pk=ann.pk).exists()
    response = page.get(f"/admin/accounts/user/{administrator.pk}/delete/", follow=True)
    assert messages(response) == ["Nobody deletes themselves."]


def test_a_mistyped_person_whom_nothing_names_is_deleted(page):
    typo = make("Typo")
    address = f"/admin/accounts/user/{typo.pk}/delete/"
    assert page.get(address).status_code == 200
    page.post(address, {"post": "yes"})
    assert not User.objects.filter(pk=typo.pk).exists()
    assert LogEntry.objects.latest("pk").is_deletion()


def test_roles_and_areas_are_never_deleted(page, westmarch, council):
    own = Membership.objects.get()
    response = page.get(f"/admin/accounts/membership/{own.pk}/delete/", follow=True)
    assert "Roles are never deleted" in messages(response)[0]
    response = page.post(
        f"/admin/areas/localarea/{westmarch.pk}/delete/", {"post": "yes"}, follow=True
    )
    assert "never deleted" in messages(response)[0]
    assert LocalArea.objects.filter(pk=westmarch.pk).exists()


# -- the record --------------------------------------------------------------------------------


def test_the_record_tells_what_changed_from_what_to_what(page, westmarch, council):
    link = AreaOrganisation.objects.get(organisation=council)
    address = f"/admin/areas/areaorganisation/{link.pk}/change/"
    page.post(
        address,
        {
            "local_area": westmarch.pk,
            "organisation": council.pk,
            "share": "",
            "starts_on": "2020-01-01",
            "ends_on": "2026-12-31",
        },
    )
    assert LogEntry.objects.latest("pk").get_change_message() == "Ends on: none → 31 December 2026."


def test_names_and_addresses_are_not_repeated_in_the_record(page):
    ann = make("Ann")
    sent = {**person_form(ann), "name": "Anne", "email": "anne@new.example"}
    page.post(f"/admin/accounts/user/{ann.pk}/change/", sent)
    told = LogEntry.objects.latest("pk").get_change_message()
    assert told == "Name changed; E-mail address changed."


def test_recent_actions_are_listed_and_filtered(page, administrator, ofsted):
    ann = make("Ann")
    role = {"role": "hmci", "scope": "national", "organisation": ofsted.pk, "starts_on": TODAY}
    give(page, ann, **role)
    address = "/admin/accounts/administrativeaction/"
    shown = page.get(address).content.decode()
    assert "1 June 2026, 10:00" in shown
    assert "Added role “Ann: HMCI”" in shown
    kind = LogEntry.objects.latest("pk").content_type_id
    for query in (f"who={administrator.public_id}", f"what={kind}", "how=2", "when=1", "q=HMCI"):
        assert "Added role" in page.get(f"{address}?{query}").content.decode(), query
    for query in ("how=3", "q=Nobody"):
        assert "Added role" not in page.get(f"{address}?{query}").content.decode(), query
    with time_machine.travel("2026-07-20T10:00:00+01:00"):
        page.force_login(administrator)
        assert "Added role" not in page.get(f"{address}?when=31").content.decode()
    assert page.post(f"{address}add/", {}).status_code == 403


def test_the_lists_ask_as_often_however_many_rows(page, ofsted, django_assert_max_num_queries):
    addresses = (
        "/admin/accounts/user/",
        "/admin/accounts/membership/",
        "/admin/accounts/administrativeaction/",
    )

    def ask(address):
        with django_assert_max_num_queries(14) as asked:
            assert page.get(address).status_code == 200
        return len(asked)

    make("Ann", roles.HMCI, organisation=ofsted)
    give(page, make("Eve"), role="hmci", scope="national", organisation=ofsted.pk, starts_on=TODAY)
    before = [ask(address) for address in addresses]
    for number in range(10):
        person = make(f"P{number}", roles.HMCI, organisation=ofsted)
        page.post(f"/admin/accounts/user/{person.pk}/change/", person_form(person) | {"name": "Q"})
    assert [ask(address) for address in addresses] == before
