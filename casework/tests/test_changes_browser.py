"""The pages of changes in a real Chromium: usable with axe, by keyboard, at 320 px, without a
script."""

import datetime
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from casework.changes import services
from casework.changes.models import Change
from casework.recording import create_case, record
from casework.tests.changes.helpers import administrator, applied, holidays, previewed
from casework.tests.rehearsal import Told, make_area, make_person
from casework.tests.test_browser import visit
from casework.tests.test_recording import FIX
from config import clock
from design_system.testing import assert_usable, browser
from working_days.models import Refresh

MORNING = datetime.datetime(2026, 6, 2, 8, 0, tzinfo=datetime.UTC)
D = datetime.date


@pytest.fixture
def session(transactional_db, settings, tmp_path, declared):
    """An administrator's session, with an open case for which dates can move."""
    settings.CLOCK_FILE = str(tmp_path / "clock")
    clock.move_to(MORNING)
    officer = make_person("Olu Officer", role="support_officer")
    case = create_case("rehearsal", local_area=make_area(), by=officer)
    record(case.pk, FIX, by=officer, happened_on=D(2026, 6, 1))
    record(case.pk, Told(taken_by="Dan"), by=officer)
    client = Client()
    client.force_login(administrator())
    yield client.cookies[settings.SESSION_COOKIE_NAME].value
    clock.put_back()


def aside(work):
    """What `work` gives, done in a thread: a page is open in this one."""

    def alone():
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(alone).result()


def changes_in_every_state():
    """One change in each state; their addresses."""
    ada = administrator("Ben Administrator")
    done = applied(holidays(D(2026, 7, 6)), ada)
    given_up = previewed(holidays(D(2026, 7, 7)), ada)
    services.withdraw(given_up.pk, by=ada, why="A hoax")
    stale = previewed(holidays(D(2026, 7, 8)), ada)
    failed = previewed(holidays(D(2026, 7, 9)), ada)
    Change.objects.filter(pk=failed.pk).update(state="failed", failure="The database was away.")
    applied(holidays(D(2026, 7, 10)), ada)
    ready = previewed(holidays(D(2026, 7, 13)), ada)
    waiting = services.propose_calendar(holidays(D(2026, 7, 14)), why="Proclaimed", by=ada)
    found = [f"/changes/{one.pk}/" for one in (done, given_up, stale, failed, ready, waiting)]
    return [*found, f"/changes/{ready.pk}/apply/", f"/changes/{ready.pk}/withdraw/"]


def test_every_page_is_usable(session, live_server, settings):
    Refresh.objects.create(
        started_at=clock.now(), outcome="failed", failure="It hung.", reference="ABCDEFGH"
    )
    settings.BANK_HOLIDAYS_URL = "https://www.gov.uk/bank-holidays.json"
    addresses = [
        "/changes/",
        "/changes/bank-holidays/add/?days=2",
        "/changes/bank-holidays/remove/",
        "/changes/closures/add/",
        "/changes/closures/remove/",
        "/changes/offsets/",
        "/changes/offsets/T-DRAFT/",
        *changes_in_every_state(),
    ]
    with browser() as chromium:
        page = visit(chromium, live_server, settings, session)
        for address in addresses:
            page.goto(live_server.url + address)
            assert_usable(page)


def test_a_bank_holiday_is_proposed_without_a_script(session, live_server, settings):
    with browser() as chromium:
        page = visit(chromium, live_server, settings, session, java_script_enabled=False)
        page.goto(f"{live_server.url}/changes/bank-holidays/add/")
        page.get_by_role("button", name="Continue").last.click()
        assert page.get_by_role("link", name="Enter the date of the bank holiday").is_visible()
        page.get_by_role("button", name="Add another day").click()
        fill_date(page, "day_1", D(2026, 7, 6))
        page.locator("[name=title_1]").fill("Day of thanks")
        page.get_by_label("Why it changes").fill("Proclaimed")
        # Enter in a field goes on; it does not ask for another day.
        page.get_by_label("Why it changes").press("Enter")
        assert page.get_by_role("heading", name="Check your answers").is_visible()
        page.get_by_role("button", name="Change the answers").click()
        assert page.locator("[name=title_1]").input_value() == "Day of thanks"
        page.get_by_role("button", name="Continue").last.click()
        page.get_by_role("button", name="Work out what would move").click()
        assert page.get_by_text("Working out what would move").is_visible()
        change = aside(Change.objects.get)
        aside(lambda: services.preview(change.pk))
        page.get_by_role("link", name="See how far it is").click()
        assert page.get_by_text("3 open deadlines of 1 case would move").is_visible()
        page.get_by_role("button", name="Apply…").click()
        page.get_by_role("button", name="Apply", exact=True).click()
        aside(lambda: services.carry_out(change.pk))
        page.get_by_role("link", name="See how far it is").click()
        assert page.get_by_text("3 deadlines of 1 case have moved").is_visible()


def test_what_is_out_of_date_is_worked_out_again(session, live_server, settings):
    addresses = changes_in_every_state()
    with browser() as chromium:
        page = visit(chromium, live_server, settings, session, java_script_enabled=False)
        for address, name in ((addresses[2], "Work it out again"), (addresses[3], "Try again")):
            page.goto(live_server.url + address)
            page.get_by_role("button", name=name).click()
            assert page.get_by_text("Working out what would move").is_visible()


def test_an_offset_is_changed_for_a_chosen_case_on_a_phone(session, live_server, settings):
    with browser() as chromium:
        page = visit(chromium, live_server, settings, session)
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(f"{live_server.url}/changes/offsets/T-DRAFT/")
        page.locator("[name=value]").fill("15")
        page.get_by_label("New cases and open cases that I choose").check()
        page.get_by_label("Why it changes").fill("Too short")
        page.get_by_role("button", name="Continue").click()
        assert_usable(page)
        page.get_by_label("Those that I tick below").check()
        page.get_by_label(re.compile("Testshire, RH-")).check()
        page.get_by_role("button", name="Continue").last.click()
        assert_usable(page)
        page.get_by_role("button", name="Work out what would move").click()
        assert page.get_by_text("T-DRAFT: 15 working days after").first.is_visible()
        # The script looks up how far it is and says so when it is done.
        aside(lambda: services.preview(Change.objects.get().pk))
        page.get_by_role("link", name="See which").click(timeout=10_000)
        assert page.get_by_text("open deadline").first.is_visible()


def fill_date(page, name, day):
    for part, value in (("day", day.day), ("month", day.month), ("year", day.year)):
        page.locator(f"[name='{name}-{part}']").fill(str(value))
