"""The pages of this room in a browser: axe, 320 px, focus, without JavaScript."""

import pytest
from django.conf import settings

from areas import contacts
from areas.models import LocalArea, PostHolder
from design_system.testing import assert_usable, browser

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def signed_in(client, live_server, editor):
    """Addresses of the live server, and the cookie of somebody who keeps contacts."""
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}


@pytest.fixture
def everywhere(monkeypatch):
    """Everybody keeps terms and commissioners of all areas."""
    monkeypatch.setattr(contacts, "_keepers_of_commissioners", [lambda user, on: True])
    monkeypatch.setattr(contacts, "_term_areas", [lambda user, on: LocalArea.objects.all()])


def test_every_page_is_usable(live_server, suffolk, holder, term, signed_in, everywhere):
    PostHolder.objects.create(post=holder.post, name="محمد العربي", ends_on="2023-12-31")
    link = suffolk.links.get(organisation=holder.post.organisation)
    own = suffolk.get_absolute_url()
    pages = [
        "/areas/",
        "/areas/?q=nothing+like+it",
        "/areas/?region=atlantis",
        own,
        f"{own}organisations/{holder.post.organisation_id}/",
        f"{own}organisations/{holder.post.organisation_id}/posts/new/",
        f"{own}organisations/new/",
        f"{own}links/{link.pk}/",
        f"{own}posts/{holder.post_id}/holders/new/",
        f"{own}holders/{holder.pk}/",
        f"{own}holders/{holder.pk}/remove/",
        f"{own}terms/{term.pk}/",
        f"{own}terms/",
        f"{own}terms/import/",
        "/areas/terms/import/",
        "/areas/?q=cumbria",
        "/areas/commissioners/merge/",
    ]
    with browser() as chromium:
        page = chromium.new_page()
        page.goto(live_server.url + own)
        assert_usable(page)
        page.context.add_cookies([signed_in])
        for address in pages:
            page.goto(live_server.url + address)
            assert_usable(page)


def test_an_error_is_reached_by_keyboard_without_javascript(live_server, suffolk, signed_in):
    with browser() as chromium:
        context = chromium.new_context(java_script_enabled=False)
        context.add_cookies([signed_in])
        page = context.new_page()
        page.goto(f"{live_server.url}{suffolk.get_absolute_url()}terms/new/")
        page.get_by_label("Name").fill("Spring, first half")
        page.get_by_role("group", name="First day").get_by_label("Day").fill("4")
        page.get_by_role("button", name="Save").press("Enter")
        assert page.title().startswith("Error: ")
        page.get_by_role("link", name="First day must include a month and a year").click()
        assert page.url.endswith("#id_starts_on-month")
        assert page.get_by_label("Name").input_value() == "Spring, first half"


TERMS = "Term,First day,Last day\nAutumn,2026-09-02,{}\nSpring,2027-01-04,2027-02-12\n"


def test_terms_are_imported_by_keyboard_without_javascript(live_server, suffolk, term, signed_in):
    with browser() as chromium:
        context = chromium.new_context(java_script_enabled=False)
        context.add_cookies([signed_in])
        page = context.new_page()
        page.goto(f"{live_server.url}{suffolk.get_absolute_url()}terms/import/")
        file = {"name": "terms.csv", "mimeType": "text/csv", "buffer": TERMS.format("x").encode()}
        page.get_by_label("CSV or iCalendar file").set_input_files(files=[file])
        page.get_by_role("button", name="See what would change").press("Enter")
        assert page.title().startswith("Error: ")
        assert page.get_by_role("cell", name="‘x’ is not a real date.").is_visible()
        box = page.get_by_label("Or paste what the file says")
        assert box.input_value() == TERMS.format("x")
        box.fill(TERMS.format("2026-10-23"))
        page.get_by_role("button", name="See what would change").press("Enter")
        assert page.get_by_role("heading", name="What would change", level=1).is_visible()
        page.get_by_role("button", name="Import these terms").press("Enter")
        assert page.url.endswith("/terms/")
        assert "2 added" in page.content()
    assert suffolk.terms.count() == 3


def test_what_an_import_shows_is_usable(live_server, suffolk, term, signed_in):
    with browser() as chromium:
        page = chromium.new_page()
        page.context.add_cookies([signed_in])
        for last in ("2026-12-04", "x"):
            page.goto(f"{live_server.url}{suffolk.get_absolute_url()}terms/import/")
            page.get_by_label("Or paste what the file says").fill(TERMS.format(last))
            page.get_by_role("button", name="See what would change").click()
            assert_usable(page)


def test_boards_are_merged_by_keyboard_without_javascript(live_server, signed_in, everywhere):
    with browser() as chromium:
        for scripts in (False, True):
            context = chromium.new_context(java_script_enabled=scripts)
            context.add_cookies([signed_in])
            page = context.new_page()
            page.goto(f"{live_server.url}/areas/commissioners/merge/")
            page.get_by_label("NHS Somerset Integrated Care Board").check()
            page.get_by_role("button", name="See what would change").press("Enter")
            assert page.title().startswith("Error: ")
            day = page.get_by_role("group", name="First day of the body that takes over")
            for part, text in (("Day", "1"), ("Month", "4"), ("Year", "2027")):
                day.get_by_label(part).fill(text)
            page.get_by_label("A new one").check()
            page.get_by_label("Name of the new body").fill("NHS Somerset and Dorset")
            page.get_by_role("button", name="See what would change").press("Enter")
            assert page.get_by_role("heading", name="What would change", level=1).is_visible()
            if scripts:
                assert_usable(page)
        page.get_by_label("Somerset", exact=True).uncheck()
        page.get_by_role("button", name="Record the merger").press("Enter")
        assert page.get_by_role("link", name="Select the areas that pass on").is_visible()
        assert_usable(page)
        page.get_by_label("Somerset", exact=True).check()
        page.get_by_role("button", name="Record the merger").press("Enter")
        assert "serves 1 area from 1 April 2027" in page.content()
