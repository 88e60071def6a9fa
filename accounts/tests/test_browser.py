"""The sign-in page in a browser: axe, 320 px, focus, without JavaScript."""

import pytest

from accounts import roles
from accounts.models import Membership, User
from design_system.testing import assert_usable, browser

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person():
    user = User.objects.create_user(
        "zofia@ofsted.example", "a long and quiet river", name="Zofia Ó"
    )
    Membership.objects.create(
        person=user, role=roles.SUPPORT_OFFICER, scope="national", starts_on="2020-01-01"
    )
    return user


def test_the_page_is_usable_in_a_demonstration_and_in_production(live_server, settings, person):
    User.objects.create_user("named@council.example", name="محمد العربي")
    with browser() as chromium:
        page = chromium.new_page()
        for demonstration in (True, False):
            settings.DEMONSTRATION = demonstration
            page.goto(f"{live_server.url}/sign-in/")
            assert page.get_by_role("button", name="Sign in as Zofia Ó").count() == demonstration
            assert_usable(page)
            page.get_by_label("E-mail address").fill("nobody@council.example")
            page.get_by_label("Password", exact=True).fill("wrong")
            page.get_by_role("button", name="Sign in", exact=True).click()
            assert page.title().startswith("Error: ")
            assert_usable(page)


def test_a_person_is_become_and_signs_out_without_javascript(live_server, person):
    with browser() as chromium:
        page = chromium.new_context(java_script_enabled=False).new_page()
        page.goto(f"{live_server.url}/sign-in/?next=/areas/")
        page.get_by_role("button", name="Sign in as Zofia Ó").press("Enter")
        assert page.url == f"{live_server.url}/areas/"
        assert page.get_by_text("Acting as Zofia Ó (Support officer)").is_visible()
        page.get_by_role("button", name="Sign out").press("Enter")
        assert page.url == f"{live_server.url}/sign-in/"


def test_a_password_signs_in_and_leads_on(live_server, settings, person):
    settings.DEMONSTRATION = False
    with browser() as chromium:
        page = chromium.new_page()
        page.goto(f"{live_server.url}/sign-in/?next=/areas/")
        page.get_by_label("E-mail address").fill("Zofia@ofsted.example")
        page.get_by_label("Password", exact=True).fill("a long and quiet river")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{live_server.url}/areas/")
