"""The programme and its year in a real Chromium: axe, 320 px, by keyboard, without JavaScript."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from areas.models import LocalArea
from design_system.testing import assert_usable, browser
from inspections.bookings import add_leave
from inspections.tests.conftest import at, day, world  # noqa: F401
from overview.tests.programme_cases import case, due

ADDRESSES = (
    "/programme/",
    "/programme/?period_to=3+2017&gone=on",
    "/programme/?period_from=spring",
    "/programme/?status=revisit_overdue",
    "/programme/?area=nothing+like+it",
    "/programme/year/?year=2026",
    "/programme/year/?year=2040",
    "/cases/?order=-day",
)


@pytest.fixture
def session(transactional_db, live_server, world, settings):  # noqa: F811
    """A support officer's. Everything is written before the browser starts."""
    settings.SESSION_COOKIE_NAME = "sessionid"
    for number, one in enumerate(LocalArea.objects.filter(ends_on__isnull=True)[:9]):
        case(one, on=f"2017-03-{number + 10}", outcome="statement_required")
        statement = case(one, "wsoa", stage="fit", moments=["published"])
        due(statement, "WS-REVISIT", "2025-06-02")
        case(one, "revisit", on="2026-09-07", stage="scheduled", moments=[])
    world.scheduled()
    add_leave(world.cqc, day("2026-08-03"), day("2026-08-14"), by=world.officer)
    client = Client()
    client.force_login(world.officer)
    return client.cookies["sessionid"].value


def visit(chromium, live_server, session, **options):
    context = chromium.new_context(**options)
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return context.new_page()


def test_the_pages_are_usable(session, live_server):
    with browser() as chromium:
        for width in (1280, 320):
            page = visit(chromium, live_server, session, viewport={"width": width, "height": 800})
            for address in ADDRESSES:
                page.goto(live_server.url + address)
                assert_usable(page)


def test_the_year_is_a_table_on_a_desk_and_a_list_on_a_phone(session, live_server):
    with browser() as chromium:
        page = visit(chromium, live_server, session, viewport={"width": 1280, "height": 800})
        page.goto(live_server.url + "/programme/year/?year=2026")
        expect(page.get_by_role("columnheader", name="Jun")).to_be_visible()
        expect(page.get_by_role("rowheader", name="Ada Osei")).to_be_visible()
        expect(page.get_by_role("heading", name="June 2026")).to_be_hidden()
        page.set_viewport_size({"width": 360, "height": 740})
        expect(page.get_by_role("heading", name="June 2026")).to_be_visible()
        expect(page.get_by_role("table")).to_be_hidden()


def test_filters_order_and_pages_work_by_keyboard_without_a_script(session, live_server):
    with browser() as chromium:
        page = visit(chromium, live_server, session, java_script_enabled=False)
        page.goto(live_server.url + "/programme/")
        heading = page.get_by_role("link", name="Last inspection", exact=True)
        heading.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("columnheader", name="Last inspection")).to_have_attribute(
            "aria-sort", "ascending"
        )
        more = page.get_by_role("link", name="Next areas")
        more.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Previous areas")).to_be_visible()
        page.get_by_label("Inspected to (month)").fill("march 2017")
        page.get_by_label("Inspected to (month)").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("9 areas match")
        # The order was kept by the form.
        expect(page.get_by_role("columnheader", name="Last inspection")).to_have_attribute(
            "aria-sort", "ascending"
        )
        page.get_by_role("link", name="Re-visit overdue").click()
        expect(page.get_by_role("status")).to_contain_text("9 areas match")
        page.get_by_role("link", name="remove Inspected to March 2017").click()
        expect(page.get_by_role("status")).to_contain_text("9 areas match")
        with page.expect_download() as download:
            page.get_by_role("link", name="Excel").click()
        assert download.value.suggested_filename == "programme-2026-04-01.xlsx"
