"""A new bank holiday on the running product: proposed, looked at, applied by an administrator; the
worker computes again; the case shows the new date and why; who owes it is told."""

import datetime
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Page, expect

from design_system.testing import axe_violations
from e2e.conftest import BEGINS
from e2e.steps import PATIENCE, Person, fill_date
from launcher.running import RunningProduct, running_product
from working_days.tests.list_server import listed_days, sends_list, serving

HOLIDAY = datetime.date(2026, 2, 23)
ADDED = {"title": "Bank holiday of the test", "date": HOLIDAY.isoformat(), "notes": ""}
LISTED = {"title": "Day of mourning", "date": "2026-02-25", "notes": ""}


@pytest.fixture(scope="module")
def product() -> Iterator[RunningProduct]:
    """A product of its own, since a calendar cannot be put back, with a list of bank holidays of
    its own to ask."""
    with ExitStack() as stack:
        address = stack.enter_context(serving(sends_list([*listed_days(), ADDED, LISTED])))
        environment = {"BANK_HOLIDAYS_URL": address}
        running = stack.enter_context(running_product(empty=True, environment=environment))
        running.move_clock(BEGINS)
        running.manage("demonstration")
        yield running


@pytest.fixture(scope="module")
def moved() -> dict[str, str]:
    """What the steps of this story hand on to each other."""
    return {}


def in_words(day: datetime.date) -> str:
    return f"{day:%a} {day.day} {day:%B %Y}"


def change_of(moved: dict[str, str]) -> str:
    """The demonstration has a proposal of its own: this is the one of the story."""
    return moved["change"].rstrip("/").rpartition("/")[2]


def test_an_administrator_sees_what_a_bank_holiday_would_move(
    person: Callable[..., Person], product: RunningProduct, moved: dict[str, str]
) -> None:
    before = dict(product.query("SELECT id::text, due_on FROM casework_deadline"))
    page = person("Wilfred Ames").page
    page.goto("/")
    page.get_by_role("link", name="Calendar and offsets").click()
    page.get_by_role("link", name="Add a bank holiday").click()
    fill_date(page, "day_0", HOLIDAY)
    page.get_by_label("Name").fill("Bank holiday of the test")
    page.get_by_label("Why it changes").fill("Proclaimed on 12 January 2026")
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    page.get_by_role("button", name="Work out what would move").click()
    moved["change"] = page.url
    # The script of the page looks up how far it is, and leads on.
    wait_for(page, "Ready to apply", "See which")
    expect(page.get_by_text("Nothing has changed yet")).to_be_visible()
    assert axe_violations(page) == []
    rule = "IN-PUBLISH"
    ((moved["case"], reference, old, new),) = product.query(
        "SELECT c.id::text, c.reference, m.old_on, m.new_on FROM casework_move m "
        "JOIN casework_case c ON c.id = m.case_id "
        "WHERE m.change_id = %s AND m.rule = %s "
        "AND c.moments @> ARRAY['notified']::varchar[] ORDER BY m.new_on LIMIT 1",
        change_of(moved),
        rule,
    )
    moved["old"], moved["new"] = in_words(old), in_words(new)
    row = page.get_by_role("row").filter(has_text=rule).filter(has_text=reference)
    expect(row.first).to_contain_text(moved["old"])
    expect(row.first).to_contain_text(moved["new"])
    # Only looked at: no date is another one.
    assert dict(product.query("SELECT id::text, due_on FROM casework_deadline")) == before
    assert product.manage("rebuild", "--check").strip().endswith("; 0 differences found.")


def test_another_administrator_is_told_who_was_quicker_and_the_worker_computes_again(
    person: Callable[..., Person], product: RunningProduct, moved: dict[str, str]
) -> None:
    first, second = person("Wilfred Ames").page, person("Wilfred Ames").page
    for page in (first, second):
        page.goto(f"{moved['change']}apply/")
    first.get_by_role("button", name="Apply", exact=True).click()
    wait_for(first, "told.", "See what has moved")
    second.get_by_role("button", name="Apply", exact=True).click()
    expect(second.get_by_text(re.compile("This was applied already.*Wilfred Ames"))).to_be_visible()
    assert axe_violations(first) == []
    assert product.manage("rebuild", "--check").strip().endswith("; 0 differences found.")


def test_the_case_shows_the_new_date_its_history_and_why(
    person: Callable[..., Person], moved: dict[str, str]
) -> None:
    page = person("Priya Raman").page
    page.goto(f"/cases/{moved['case']}/")
    due = page.get_by_role("row").filter(has_text="Report published by Ofsted and by CQC")
    expect(due.first).to_contain_text(moved["new"])
    expect(page.get_by_text("Deadlines computed again with the new calendar").first).to_be_visible()
    page.goto(f"/cases/{moved['case']}/history/")
    entry = page.get_by_role("listitem").filter(has_text="Proclaimed on 12 January 2026").first
    if entry.locator("summary").count():
        entry.locator("summary").click()
    words = f"Report published by Ofsted and by CQC: {moved['old']} to {moved['new']}"
    expect(entry.get_by_text(words)).to_be_visible()
    assert axe_violations(page) == []
    page.goto(f"/cases/{moved['case']}/why/IN-PUBLISH/")
    expect(page.get_by_text("Monday 23 February 2026: Bank holiday of the test")).to_be_visible()


def test_who_owes_it_is_told_once(product: RunningProduct, moved: dict[str, str]) -> None:
    change = change_of(moved)
    told = product.query(
        "SELECT recipient_email, count(*) FROM notices_notice "
        "WHERE template = 'dates_moved' AND key LIKE %s GROUP BY 1",
        f"change:{change}:%",
    )
    leads = product.query(
        "SELECT DISTINCT u.email FROM casework_move m "
        "JOIN casework_caserole r ON r.case_id = m.case_id AND r.role = 'lead_hmi' "
        "JOIN accounts_user u ON u.id = r.person_id "
        "WHERE m.change_id = %s AND 'lead_hmi' = ANY(m.owed_roles)",
        change,
    )
    assert told
    assert leads
    assert all(count == 1 for _, count in told)
    assert {lead for (lead,) in leads} <= {email for email, _ in told}


def test_what_gov_uk_lists_is_proposed_and_applied_though_the_worker_is_killed(
    person: Callable[..., Person], product: RunningProduct
) -> None:
    page = person("Wilfred Ames").page
    page.goto("/changes/")
    page.get_by_role("button", name="Ask GOV.UK now").click()
    expect(page.get_by_text("GOV.UK is being asked")).to_be_visible()
    name = "New bank holiday on Wednesday 25 February 2026: Day of mourning"
    for _ in range(60):
        page.goto("/changes/")
        if page.get_by_role("link", name=name).count():
            break
        page.wait_for_timeout(500)
    expect(page.get_by_text("differs from the calendar")).to_be_visible()
    page.get_by_role("link", name=name).click()
    wait_for(page, "Ready to apply", "See which")
    page.get_by_role("button", name="Apply…").click()
    old = product.kill_worker()
    page.get_by_role("button", name="Apply", exact=True).click()
    product.wait_for_restart("worker", old)
    wait_for(page, "told.", "See what has moved")
    assert product.manage("rebuild", "--check").strip().endswith("; 0 differences found.")


def wait_for(page: Page, text: str, link: str) -> None:
    """Wait until the page, which looks up how far the work is, leads on; then go there."""
    ready = page.get_by_text(text).first
    expect(ready.or_(page.get_by_role("link", name=link)).first).to_be_visible(timeout=PATIENCE)
    if page.get_by_role("link", name=link).count():
        page.get_by_role("link", name=link).click()
    expect(page.get_by_text(text).first).to_be_visible()
