"""The pages of a case in a real Chromium: usable with axe, by keyboard, at 320 px, without a
script, and with their print form."""

import datetime
import re

import pytest
from django.test import Client

from casework.models import Case
from casework.recording import create_case, record
from casework.tests.rehearsal import Told, make_area, make_person, put_on_case
from casework.tests.test_recording import FIX
from config import clock
from design_system.testing import assert_usable, browser

MORNING = datetime.datetime(2026, 6, 2, 8, 0, tzinfo=datetime.UTC)


@pytest.fixture
def pages(transactional_db, live_server, settings, tmp_path, declared):
    """Addresses of a case and the session of one who may do everything on it."""
    settings.CLOCK_FILE = str(tmp_path / "clock")
    clock.move_to(MORNING)
    officer = make_person("Olu Officer", role="support_officer")
    make = make_person("Quinn Quality", role="senior_hmi")
    area = make_area()
    case = create_case("rehearsal", local_area=area, by=officer)
    record(case.pk, FIX, by=officer, happened_on=datetime.date(2026, 6, 1))
    record(case.pk, Told(taken_by="Dan <Deputy>"), by=officer, note="Quiet & short")
    put_on_case(officer, case, "lead_hmi")
    client = Client()
    client.force_login(officer)
    quality = Client()
    quality.force_login(make)
    here = f"/cases/{case.pk}/"
    yield {
        client.cookies[settings.SESSION_COOKIE_NAME].value: (
            "/cases/",
            here,
            f"{here}history/",
            f"{here}why/T-PUBLISH/",
            f"{here}record/feedback_given/",
            f"{here}record/hold_placed/",
            f"{here}record/extended/?deadline=T-PUBLISH",
            f"{here}events/3/correct/",
            f"{here}events/3/void/",
        ),
        quality.cookies[settings.SESSION_COOKIE_NAME].value: (f"{here}events/3/erase-note/",),
    }
    clock.put_back()


def visit(chromium, live_server, settings, session, **options):
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, **options)
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    return context.new_page()


def test_every_page_of_a_case_is_usable(pages, live_server, settings):
    with browser() as chromium:
        for session, addresses in pages.items():
            page = visit(chromium, live_server, settings, session)
            for address in addresses:
                page.goto(live_server.url + address)
                assert_usable(page)


def test_an_entry_is_struck_out_without_a_script(pages, live_server, settings):
    session = next(iter(pages))
    address = next(one for one in pages[session] if one.endswith("/void/"))
    with browser() as chromium:
        page = visit(chromium, live_server, settings, session, java_script_enabled=False)
        page.goto(live_server.url + address)
        page.get_by_role("button", name="Continue").click()
        assert page.get_by_role("link", name="Enter the reason").is_visible()
        page.get_by_label("Reason").fill("Never happened")
        page.get_by_role("button", name="Continue").click()
        assert page.get_by_role("heading", name="Check what this changes").is_visible()
        page.get_by_role("button", name="Confirm and strike out").click()
        assert page.get_by_text("Struck out: Area told (entry 3).").is_visible()


def test_an_event_is_recorded_on_a_phone_from_its_deadline(pages, live_server, settings):
    session = next(iter(pages))
    with browser() as chromium:
        page = visit(chromium, live_server, settings, session)
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(live_server.url + pages[session][1])
        page.get_by_role("table").get_by_role("link", name=re.compile("Record.*Feedback")).click()
        page.get_by_role("button", name="Record").click()
        assert page.get_by_text("Recorded: Feedback given.").is_visible()
    assert Case.objects.get().stage == "seen"
