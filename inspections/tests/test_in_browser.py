"""The pages of this room in a real browser: usable by everybody, with and without a script."""

from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from casework.models import Case
from design_system.testing import assert_usable, browser
from inspections import bookings
from inspections.tests.conftest import build_world, day, london

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def chromium():
    """A browser; the connections used beside its event loop are closed with it, since the
    database is put back afterwards."""
    with browser() as found:
        connections.close_all()
        try:
            yield found
        finally:
            connections.close_all()


@pytest.fixture
def world(at, monkeypatch):
    # Playwright keeps an event loop running in this thread.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    return build_world()


def sign_in(page, live_server, user):
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )


def fill_date(page, name, *parts):
    for part, value in zip(("day", "month", "year"), parts, strict=True):
        page.fill(f"[name={name}-{part}]", value)


def choose_team(page):
    for place, name in (
        ("lead_hmi", "Ada Osei"),
        ("ofsted_inspector", "Bilal Khan"),
        ("cqc_inspector", "Cerys Hughes"),
    ):
        option = page.locator(f"select[name={place}] option", has_text=name)
        page.select_option(f"select[name={place}]", option.get_attribute("value"))


def test_the_checks_follow_the_choice_without_a_click(live_server, world):
    case = world.planned()
    bookings.add_leave(world.second_lead, day("2026-06-04"), day("2026-06-09"), by=world.officer)
    with chromium() as opened:
        page = opened.new_page()
        broken = []
        page.on("pageerror", lambda error: broken.append(str(error)))
        sign_in(page, live_server, world.officer)
        page.goto(f"{live_server.url}/inspections/{case.pk}/schedule/")
        assert_usable(page)
        fill_date(page, "first_day", "25", "5", "2026")
        page.get_by_text("is closed: Spring bank holiday").wait_for()
        assert_usable(page)
        fill_date(page, "first_day", "8", "6", "2026")
        page.get_by_text("The whole timetable, if these dates are fixed").wait_for()
        assert "Dewi Rees – leave" in page.text_content("select[name=lead_hmi]")
        choose_team(page)
        page.fill("[name=length]", "6")
        page.get_by_text("Reason for more than five days").wait_for()
        assert_usable(page)
        page.fill("[name=reason_length]", "Two counties")
        # What is typed beside a check outlives the next refresh.
        with page.expect_response(lambda answer: "length=7" in answer.url):
            page.fill("[name=length]", "7")
        page.get_by_text("7 days on site; inspections").wait_for()
        assert page.input_value("[name=reason_length]") == "Two counties"
        page.get_by_role("button", name="Schedule", exact=True).click()
        page.wait_for_url(f"{live_server.url}/cases/{case.pk}/")
        assert broken == []
    case.refresh_from_db()
    assert (case.stage, case.last_day) == ("scheduled", day("2026-06-16"))


def test_planned_and_scheduled_without_a_script(live_server, world):
    with chromium() as opened:
        page = opened.new_context(java_script_enabled=False).new_page()
        sign_in(page, live_server, world.officer)
        page.goto(f"{live_server.url}/inspections/plan/")
        page.select_option("[name=local_area]", label="Westmarch")
        fill_date(page, "period_from", "1", "6", "2026")
        fill_date(page, "period_to", "17", "July", "2026")
        page.get_by_role("button", name="Plan and choose dates").click()
        fill_date(page, "first_day", "8", "6", "2026")
        choose_team(page)
        page.get_by_role("button", name="Check these dates").click()
        assert "Nothing stands in the way." in page.text_content("#result")
        page.get_by_role("button", name="Schedule", exact=True).click()
        assert "Dates and team are fixed." in page.text_content("main")
    assert Case.objects.get().stage == "scheduled"


def test_a_morning_on_a_phone_through_a_lost_connection(live_server, world, at):
    case = world.scheduled()
    at.move_to(london("2026-06-01T09:20"))
    address = f"{live_server.url}/inspections/{case.pk}/notification/"
    with chromium() as opened:
        context = opened.new_context(viewport={"width": 360, "height": 740})
        page = context.new_page()
        sign_in(page, live_server, world.lead)
        page.goto(address)
        assert_usable(page)
        page.check("#dcs input[value=most_senior]")
        page.fill("#dcs [name=post]", "Assistant director")
        page.fill("#dcs [name=name]", "Rui Alves")
        page.fill("#dcs [name=at]", "9:04am")
        key = page.input_value("#dcs [name=key]")
        context.set_offline(True)
        page.click("#dcs button:has-text('Record the call')")
        context.set_offline(False)
        page.goto(address)
        # All that was typed is there again, with the key that makes a second send harmless.
        assert page.input_value("#dcs [name=name]") == "Rui Alves"
        assert page.input_value("#dcs [name=post]") == "Assistant director"
        assert page.is_checked("#dcs input[value=most_senior]")
        assert page.input_value("#dcs [name=key]") == key
        page.click("#dcs button:has-text('Record the call')")
        page.get_by_text("Rui Alves, Assistant director took the call").wait_for()
        assert_usable(page)
        assert page.evaluate("Object.keys(sessionStorage).length") == 0
    case.refresh_from_db()
    assert case.stage == "notified"


def test_the_other_pages(live_server, world):
    world.scheduled()
    with chromium() as opened:
        page = opened.new_page()
        sign_in(page, live_server, world.officer)
        for path in ("/inspections/plan/", "/bookings/people/"):
            page.goto(live_server.url + path)
            assert_usable(page)
        sign_in(page, live_server, world.lead)
        page.goto(f"{live_server.url}/bookings/")
        assert_usable(page)
