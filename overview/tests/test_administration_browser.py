"""Django admin in a real Chromium: axe, 320 px, focus, and without JavaScript."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, User
from config import clock
from design_system.testing import assert_usable, browser
from inspections.tests.conftest import NOW, build_world, london
from overview.demonstration.people import make_people
from overview.demonstration.places import make_places


@pytest.fixture
def pages(transactional_db, live_server, settings, tmp_path):
    """The addresses of one page of each sort, and a session. Everything is written before the
    browser starts: its event loop bars this thread from the database."""
    settings.CLOCK_FILE = str(tmp_path / "clock")
    make_places(clock.today())
    make_people()
    clock.move_to(NOW)
    told = build_world()
    clock.move_to(london("2026-06-01T09:20"))
    told.notified()
    administrator = User.objects.get(name="Wilfred Ames")
    client = Client()
    client.force_login(administrator)
    found = ["/admin/"]
    for model, pages in admin.site._registry.items():
        meta = model._meta
        name = f"admin:{meta.app_label}_{meta.model_name}"
        found.append(reverse(f"{name}_changelist"))
        request = client.get("/admin/").wsgi_request
        if pages.has_add_permission(request):
            found.append(reverse(f"{name}_add"))
        row = pages.get_queryset(request).first()
        if row is not None:
            found.append(reverse(f"{name}_change", args=[row.pk]))
    held = Membership.objects.exclude(person=administrator).first()
    found += [
        "/admin/areas/organisation/?q=nothing+like+it",
        "/admin/areas/organisation/?p=2",
        f"/admin/accounts/user/{held.person_id}/change/",
        f"/admin/accounts/user/{held.person_id}/history/",
        f"/admin/accounts/user/{held.person_id}/password/",
        f"/admin/accounts/user/deactivate/?id={held.person_id}&id={administrator.pk}",
        f"/admin/accounts/membership/end/?id={held.pk}",
    ]
    yield client.cookies["sessionid"].value, found
    clock.put_back()


@pytest.fixture
def nobody(transactional_db):
    """A person with no role."""
    return User.objects.create_user("new@test.example", name="Nell Norole")


def _sign_in(chromium, live_server, session, **options):
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, **options)
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return context.new_page()


def test_every_page_of_the_administration_is_usable(pages, live_server):
    session, addresses = pages
    faults = []
    with browser() as chromium:
        page = _sign_in(chromium, live_server, session)
        for address in addresses:
            answer = page.goto(live_server.url + address)
            try:
                assert answer is not None
                assert answer.status == 200, address
                assert_usable(page)
            except AssertionError as fault:
                faults.append(str(fault)[:1500])
        # The last one asks for a day: with a mistake in it, too.
        page.get_by_label("Last day").fill("x")
        page.get_by_role("button", name="Show what will happen").click()
        assert page.get_by_text("The last day must be a real date").is_visible()
        assert_usable(page)
    assert not faults, "\n\n".join(faults)


def test_a_role_is_given_and_ended_and_a_person_deactivated_without_a_script(
    pages, nobody, live_server
):
    session, _ = pages
    with browser() as chromium:
        page = _sign_in(chromium, live_server, session, java_script_enabled=False)
        page.goto(f"{live_server.url}/admin/accounts/user/?q=norole")
        page.get_by_role("link", name="Nell Norole").click()
        page.locator("#id_memberships-2-0-role").select_option("publications")
        page.get_by_label("For how far").first.select_option("national")
        page.get_by_label("First day").first.fill("1/1/2026")
        page.get_by_role("button", name="Save and continue editing").click()
        assert page.get_by_text("Choose the organisation: Publications and policy").is_visible()
        assert page.title().startswith("Error:")
        page.get_by_label("Organisation:").first.select_option(label="Ofsted")
        page.get_by_role("button", name="Save and continue editing").click()
        assert page.get_by_text("was changed successfully").is_visible()
        page.goto(f"{live_server.url}/admin/accounts/membership/?q=norole")
        page.get_by_role("checkbox").last.check()
        page.get_by_role("combobox", name="Action").select_option("end")
        page.get_by_role("button", name="Go").click()
        page.get_by_label("Last day").fill("x")
        page.get_by_role("button", name="Show what will happen").click()
        assert page.get_by_text("The last day must be a real date").is_visible()
        page.get_by_label("Last day").fill("31/12/2030")
        page.get_by_role("button", name="Show what will happen").click()
        page.get_by_role("button", name="End these roles (1)").click()
        assert page.get_by_text("Ended: Nell Norole: Publications and policy").is_visible()
        page.goto(f"{live_server.url}/admin/accounts/user/?q=norole")
        page.get_by_role("link", name="Nell Norole").click()
        page.get_by_role("link", name="Deactivate and sign out").click()
        page.get_by_role("button", name="Deactivate and sign out (1)").click()
        assert page.get_by_text("Deactivated and signed out: Nell Norole.").is_visible()
