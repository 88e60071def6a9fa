"""The gallery in a real Chromium: axe, 320 px, keyboard, without a script, on paper."""

import pytest
from pytest_django.live_server_helper import LiveServer

from design_system.testing import (
    assert_usable,
    axe_violations,
    browser,
    sideways_scroll,
    without_visible_focus,
)

pytestmark = pytest.mark.urls("design_system.tests.urls")


@pytest.fixture(scope="module")
def chromium():
    with browser() as found:
        yield found


@pytest.fixture
def address(settings):
    # No test here touches the database: neither does the layout.
    settings.DEMONSTRATION = True
    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()


@pytest.fixture
def page(chromium):
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.complaints = []
    page.on("console", lambda told: page.complaints.append(told.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    complaints = page.complaints
    page.close()
    assert complaints == []


def test_gallery(address, page):
    page.goto(f"{address}/gallery/")
    assert_usable(page)


def test_form_empty_and_in_error(address, page):
    page.goto(f"{address}/gallery/form/")
    assert_usable(page)
    page.get_by_label("Somebody else").check()
    assert page.get_by_label("Name of that person").is_visible()
    page.get_by_role("button", name="Record the call").click()
    page.wait_for_load_state()
    assert page.title().startswith("Error: ")
    summary = page.get_by_role("alert")
    page.wait_for_function("document.activeElement.className === 'govuk-error-summary'")
    assert_usable(page)
    summary.get_by_role("link", name="Enter the day of the call").click()
    page.wait_for_function("document.activeElement.id === 'id_called_on-day'")
    summary.get_by_role("link", name="Enter the name of that person").click()
    page.wait_for_function("document.activeElement.id === 'id_name'")


@pytest.mark.parametrize("name", ["400", "403", "404", "413", "429", "500", "503", "csrf"])
def test_error_pages(address, page, name):
    page.goto(f"{address}/gallery/errors/{name}/")
    assert_usable(page)


def test_without_a_script(address, chromium):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/gallery/form/")
    assert page.get_by_label("Name of that person").is_visible()
    page.get_by_role("group", name="Day of the call").get_by_label("Day").fill("27 March 2026")
    page.get_by_role("button", name="Record the call").click()
    assert page.title().startswith("Error: ")
    value = page.get_by_role("group", name="Day of the call").get_by_label("Day").input_value()
    assert value == "27 March 2026"
    page.goto(f"{address}/gallery/")
    assert page.get_by_text("Two people.").is_visible()
    assert page.get_by_text("Eleven papers.").is_visible()
    context.close()


def test_a_table_sorts_by_keyboard_and_says_so(address, page):
    page.goto(f"{address}/gallery/")
    table = page.get_by_role("table", name="Deadlines")

    def days():
        return table.locator("tbody td:nth-of-type(1)").all_inner_texts()

    first = days()
    head = table.get_by_role("columnheader", name="Due")
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert days() == first[::-1]
    assert page.get_by_text("Sorted by Due, descending.").count() == 1
    number = table.get_by_role("columnheader", name="Day")
    number.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "none"
    assert days() == first


def test_a_box_that_needs_no_scrolling_is_no_tab_stop(address, page):
    page.goto(f"{address}/gallery/")
    drawing = page.get_by_role("region", name="Time line of the inspection of Barnet")
    assert drawing.get_attribute("tabindex") is None
    page.set_viewport_size({"width": 360, "height": 700})
    page.wait_for_function("document.querySelector('.app-scroll').tabIndex === 0")


def test_progress_follows_to_the_end(address, page):
    page.goto(f"{address}/gallery/progress/")
    assert_usable(page)
    page.get_by_role("link", name="Open it").wait_for()
    assert page.locator(".app-progress--done").count() == 1


def test_on_paper(address, page):
    page.goto(f"{address}/gallery/")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert not page.get_by_role("button", name="Sign out").is_visible()
    assert page.get_by_text("8 working days after the last day on site").first.is_visible()
    head = page.get_by_role("table", name="Deadlines").get_by_role("columnheader", name="Due")
    assert head.inner_text() == "Due"
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert not page.get_by_text("8 working days after the last day on site").first.is_visible()
    assert head.get_by_role("button", name="Due").is_visible()


def test_the_helpers_find_what_they_look_for(page):
    page.set_content(
        "<!DOCTYPE html><html lang=en><title>t</title><main><h1>x</h1><img src='data:,'>"
        "<div id=wide>w</div><a id=link href='#a'>a</a></main></html>"
    )
    page.evaluate(
        """() => {
          document.getElementById("wide").style.width = "700px";
          document.getElementById("link").style.outline = "none";
        }"""
    )
    assert any(line.startswith("image-alt") for line in axe_violations(page))
    assert sideways_scroll(page)
    assert without_visible_focus(page) == ['<a id="link" href="#a" style="outline: none;">a</a>']
    page.complaints.clear()


def test_a_card_on_a_phone_is_as_wide_as_the_screen_whatever_it_holds(address, page):
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{address}/gallery/")
    wider = page.evaluate(
        """() => {
          const cell = document.querySelector(".app-table--stack .app-table__date > span");
          cell.textContent = "Monday 30 November 2026, in practice by Friday 27 November 2026";
          const box = cell.closest(".app-scroll");
          return box.scrollWidth - box.clientWidth;
        }"""
    )
    assert wider == 0
