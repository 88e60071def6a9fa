"""Django admin: reference data for the administrator; of cases the register, to look at only."""

import uuid

import pytest
from django.contrib import admin

from accounts import roles
from accounts.administration import ROOMS
from accounts.models import Membership, User
from areas.models import LocalArea, Organisation, Post, Region, Term

pytestmark = pytest.mark.django_db

REGISTERED = {
    "accounts.administrativeaction",
    "accounts.membership",
    "accounts.user",
    "areas.areaorganisation",
    "areas.localarea",
    "areas.organisation",
    "areas.post",
    "areas.postholder",
    "areas.region",
    "areas.term",
    "casework.case",
    "casework.caserole",
    "casework.deadline",
    "casework.event",
    "casework.parameterversion",
    "letters.letter",
    "working_days.bankholiday",
    "working_days.calendarversion",
    "working_days.closure",
    "working_days.refresh",
}


@pytest.fixture
def administrator():
    return User.objects.create_superuser("adebayo@test.example", "x", name="Adébáyọ̀ Ọlá")


@pytest.fixture
def officer():
    user = User.objects.create_user("officer@test.example", "x", name="Oona Frey")
    Membership.objects.create(
        person=user, role=roles.SUPPORT_OFFICER, scope="national", starts_on="2020-01-01"
    )
    return user


@pytest.fixture
def area():
    region = Region.objects.create(code="marches", name="The Marches")
    area = LocalArea.objects.create(
        dfe_code="999", name="Westmarch", region=region, authority_type="county"
    )
    council = Organisation.objects.create(kind="council", name="Westmarch Council")
    Post.objects.create(organisation=council, kind="dcs", title="Director")
    Term.objects.create(
        local_area=area, name="Spring", starts_on="2026-01-05", ends_on="2026-03-27"
    )
    return area


def pages():
    for model in admin.site._registry:
        meta = model._meta
        yield model, f"/admin/{meta.app_label}/{meta.model_name}/"


def test_reference_data_and_the_register_of_cases_have_pages_and_nothing_else():
    assert {model._meta.label_lower for model in admin.site._registry} == REGISTERED
    assert {name.split(".")[0] for name in REGISTERED} == ROOMS


def test_every_page_opens_for_the_administrator(client, administrator, officer, area):
    client.force_login(administrator)
    assert client.get("/admin/").status_code == 200
    for model, address in pages():
        assert client.get(f"{address}?q=a").status_code in (200, 302), address
        assert client.get(address).status_code == 200, address
        if admin.site.get_model_admin(model).has_add_permission(_request(administrator)):
            assert client.get(f"{address}add/").status_code == 200, address
        for row in model.objects.all()[:1]:
            assert client.get(f"{address}{row.pk}/change/").status_code == 200, address
            assert client.get(f"{address}{row.pk}/history/").status_code == 200, address
    assert client.get(f"/admin/accounts/user/{officer.pk}/password/").status_code == 200


def _request(user):
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.user = user
    return request


def test_admin_pages_need_no_script_in_the_page(client, administrator, officer):
    client.force_login(administrator)
    for address in ("/admin/", f"/admin/accounts/user/{officer.pk}/change/"):
        response = client.get(address)
        page = response.content.decode()
        assert "unsafe" not in response["Content-Security-Policy"]
        assert all("src=" in part.split(">")[0] for part in page.split("<script")[1:])
        assert "onclick=" not in page


def test_a_support_officer_is_refused(client, officer):
    client.force_login(officer)
    for address in ["/admin/", *(address for _, address in pages())]:
        response = client.get(address, follow=True)
        assert response.status_code == 403, address


def test_a_person_is_made_by_e_mail_address_and_keeps_the_opaque_id(client, administrator):
    client.force_login(administrator)
    given = {
        "email": "new@test.example",
        "name": "Zoë Ng",
        "usable_password": "false",
    }
    assert client.post("/admin/accounts/user/add/", given).status_code == 302
    person = User.objects.get(email="new@test.example")
    assert not person.has_usable_password()
    before = person.public_id
    given = {**person_form(person), "name": "Zoë Ng-Ó"}
    other = {"public_id": str(uuid.uuid4()), "password": "typed", "is_superuser": "on"}
    address = f"/admin/accounts/user/{person.pk}/change/"
    assert client.post(address, {**given, **other}).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.public_id) == ("Zoë Ng-Ó", before)
    assert not person.has_usable_password()
    assert not person.is_superuser
    again = {"email": "NEW@test.example", "name": "Twin", "usable_password": "false"}
    response = client.post("/admin/accounts/user/add/", again)
    assert "Somebody has this e-mail address already." in response.content.decode()


def person_form(person, **new_role):
    """What the page of a person sends: nothing changed, and one new role where one is given."""
    held = person.memberships.count()
    forms = {"memberships-TOTAL_FORMS": held, "memberships-INITIAL_FORMS": held}
    rows = person.memberships.order_by("-ends_on", "-starts_on", "pk")
    for number, row in enumerate(rows):
        forms |= {
            f"memberships-{number}-id": row.pk,
            f"memberships-{number}-person": person.pk,
            f"memberships-{number}-ends_on": row.ends_on or "",
            f"memberships-{number}-reason": row.reason,
        }
    new = {f"memberships-2-0-{name}": value for name, value in new_role.items()}
    forms |= {"memberships-2-TOTAL_FORMS": 1, "memberships-2-INITIAL_FORMS": 0, **new}
    return {"name": person.name, "email": person.email, **forms}


def test_a_wrong_term_gets_a_message(client, administrator, area):
    client.force_login(administrator)
    given = {"local_area": area.pk, "name": "x", "starts_on": "2026-05-01", "ends_on": "2026-04-01"}
    response = client.post("/admin/areas/term/add/", given)
    assert "The last day must not be before the first." in response.content.decode()
    given["starts_on"] = "2026-01-05"
    response = client.post("/admin/areas/term/add/", given)
    assert response.status_code == 200
