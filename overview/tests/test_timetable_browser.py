"""The public timetable in a real Chromium: axe, 320 px, keyboard, without a script."""

import os

import pytest

from design_system.testing import assert_usable, browser

pytestmark = pytest.mark.django_db(transaction=True)

WEEK = "kind=inspection&first_day=2026-03-23&last_day=2026-03-27"
PAGES = {
    "kind": "",
    "dates": "?kind=revisit",
    "errors": "?kind=revisit&first_day=2022-09-19&last_day=2022-09-20&council=%07",
    "inspection": f"?{WEEK}&council=Kent+County+Council&health=NHS+North&draft_sent=2026-04-20",
    "revisit": "?kind=revisit&first_day=2022-09-27",
    "statement": "?kind=wsoa&judged_fit=2025-08-31",
    "monitoring dates": "?kind=monitoring&intensity_changed=2021-01-15",
    "monitoring": "?kind=monitoring&judged_fit=2020-09-24&intensity_changed=2021-01-15"
    "&intensity_changed_months=6",
    "support dates": "?kind=support&report_published=2024-11-05",
    "support over years": "?kind=support&report_published=2024-11-05&outcome=inconsistent"
    "&repeat_until=2027-11-05",
    "of 2023": "?kind=inspection&framework=area-send-2023&first_day=2026-03-23&outcome=failings",
}


@pytest.fixture(scope="module", autouse=True)
def _database_beside_playwright():
    # Playwright's loop runs in this thread, where Django would see an asynchronous context.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def chromium():
    with browser() as found:
        yield found


def test_every_page_is_usable_and_says_nothing_on_the_console(live_server, chromium):
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    complaints = []
    page.on("console", lambda told: complaints.append(told.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for query in PAGES.values():
        page.goto(f"{live_server.url}/timetable/{query}")
        assert_usable(page)
        # What is folded away is held to the same.
        page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
        assert_usable(page)
    assert complaints == []


@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_first_question_to_why_a_date_is_what_it_is(live_server, chromium, scripts):
    context = chromium.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{live_server.url}/timetable/")
    page.get_by_label("A re-visit").check()
    page.get_by_role("button", name="Continue").click()
    first = page.get_by_role("group", name="Day 1, the first day on site")
    for label, text in (("Day", "19"), ("Month", "sept"), ("Year", "2022")):
        first.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Show the timetable").click()
    assert page.title().startswith("Error: ")
    assert first.get_by_text("State Funeral").is_visible()
    assert first.get_by_label("Month").input_value() == "sept"
    first.get_by_label("Day", exact=True).fill("27")
    page.get_by_role("button", name="Show the timetable").click()
    assert page.url.endswith("/timetable/?kind=revisit&first_day=2022-09-27")
    row = page.get_by_role("row").filter(has_text="Director of children's services notified")
    assert row.get_by_text("Mon 12 Sep 2022").is_visible()
    why = row.get_by_text("Why this date?")
    why.click()
    assert row.get_by_text(
        "17 to 19 September 2022: Saturday, Sunday and Bank Holiday"
    ).is_visible()
    page.get_by_role("link", name="Change the dates").click()
    assert first.get_by_label("Year").input_value() == "2022"
    context.close()


def test_a_mark_of_the_drawing_leads_to_its_row_by_keyboard(live_server, chromium):
    page = chromium.new_page()
    page.goto(f"{live_server.url}/timetable/?{WEEK}")
    page.locator("svg a[href='#due-0']").focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#due-0")
