"""Home, area, clock and the pages about the service in a real Chromium, on the demonstration."""

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from areas.models import LocalArea
from config import clock
from design_system.testing import assert_usable, browser
from inspections import services
from inspections.tests.conftest import NOW, build_world, london

PUBLIC = ("/", "/about/working-days/", "/accessibility/")


def _session(user):
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


@pytest.fixture
def pages(transactional_db, live_server, settings, tmp_path):
    """Addresses, and who is signed in by which session. Everything is written before the browser
    starts: its event loop bars this thread from the database."""
    settings.CLOCK_FILE = str(tmp_path / "clock")
    call_command("demonstration")
    clock.move_to(NOW)
    world = build_world()
    world.planned(world.other_area)
    clock.move_to(london("2026-06-01T09:20"))
    case = world.notified()
    services.confirm_go_ahead(case.pk, cqc=True, support_officer=True, by=world.lead)
    clock.move_to(london("2026-06-02T09:20"))
    surrey = LocalArea.objects.get(name="Surrey").get_absolute_url()
    director = User.objects.get(name="Dr Imogen Hartwell")
    yield {
        "": PUBLIC,
        _session(world.officer): ("/", world.area.get_absolute_url(), "/demonstration/clock/"),
        _session(world.lead): ("/",),
        _session(director): ("/", surrey),
    }
    clock.put_back()


def _visit(chromium, live_server, session, **options):
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, **options)
    if session:
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return context.new_page()


def test_pages_are_usable_and_the_clock_moves_without_a_script(pages, live_server, settings):
    settings.SESSION_COOKIE_NAME = "sessionid"
    with browser() as chromium:
        for session, addresses in pages.items():
            page = _visit(chromium, live_server, session)
            for address in addresses:
                page.goto(live_server.url + address)
                assert_usable(page)
        officer = list(pages)[1]
        page = _visit(chromium, live_server, officer, java_script_enabled=False)
        page.goto(live_server.url)
        page.get_by_text("move on", exact=True).click()
        page.get_by_role("link", name="More about this clock").click()
        page.get_by_label("Day").fill("31")
        page.get_by_label("Month").fill("june")
        page.get_by_label("Time").fill("half past")
        page.get_by_role("button", name="Move the clock").click()
        summary = page.get_by_role("alert")
        assert summary.get_by_role("link").all_inner_texts() == [
            "Date must be a real date",
            "Time must be a time, like 9:30am or 14:30",
        ]
        assert page.get_by_label("Month").input_value() == "june"
        page.get_by_label("Day").fill("30")
        page.get_by_label("Time").fill("8am")
        page.get_by_label("Also back behind entries").check()
        page.get_by_role("button", name="Move the clock").click()
        assert page.get_by_text("It is now Tuesday 30 June 2026, 08:00. Letters").is_visible()
        page.get_by_role("button", name="Move on to the next working day, 09:00").click()
        assert page.get_by_text("It is now Wednesday 1 July 2026, 09:00. Letters").is_visible()
