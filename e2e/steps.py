"""What people do in the browser, in their own words: one function a step of the main job."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

#: Rendering happens in the worker; this is long enough on a busy machine.
PATIENCE = 60_000
TEAM = {
    "Lead HMI": "Margaret Ashdown",
    "Ofsted Inspector": "Łukasz Żółkiewski",
    "CQC inspector": "Aoife Brennan",
}


@dataclass(frozen=True)
class Person:
    """Somebody signed in, with the page that they look at."""

    name: str
    page: Page

    def sees(self, address: str) -> int:
        """The status with which an address answers this person."""
        return self.page.request.get(address).status


def fill_date(where: Page | Locator, name: str, day: datetime.date) -> None:
    """Type a date into its three boxes."""
    for part, value in (("day", day.day), ("month", day.month), ("year", day.year)):
        where.locator(f"[name='{name}-{part}']").fill(str(value))


def plan(officer: Person, area: str, first: datetime.date, last: datetime.date) -> str:
    """Plan an inspection for a rough period; gives the case's id."""
    page = officer.page
    page.goto("/inspections/plan/")
    page.get_by_label("Local area", exact=True).select_option(label=area)
    fill_date(page, "period_from", first)
    fill_date(page, "period_to", last)
    page.get_by_role("button", name="Plan and choose dates").click()
    page.wait_for_url(re.compile(r"/inspections/[0-9a-f-]{36}/schedule/"))
    return page.url.split("/inspections/")[1].split("/")[0]


def choose_dates(officer: Person, case: str, first_day: datetime.date, length: int = 5) -> None:
    """Choose Day 1, length and team and have them checked; nothing is saved yet."""
    page = officer.page
    page.goto(f"/inspections/{case}/schedule/")
    fill_date(page, "first_day", first_day)
    page.get_by_label("Working days on site").fill(str(length))
    choose_team(page, TEAM)
    page.get_by_role("button", name="Check these dates").click()
    expect(page.get_by_role("heading", name="Checks")).to_be_visible()


def choose_team(page: Page, team: Mapping[str, str]) -> None:
    """Name people for the places of a team; the pickers may say who is free beside the name."""
    for place, name in team.items():
        picker = page.get_by_label(place, exact=True)
        option = picker.locator("option", has_text=name).first
        picker.select_option(value=option.get_attribute("value"))


def schedule(officer: Person) -> None:
    """Fix what was checked."""
    officer.page.get_by_role("button", name="Schedule", exact=True).click()
    expect(officer.page.get_by_text("Dates and team are fixed.")).to_be_visible()


def open_call(person: Person, case: str, title: str) -> Locator:
    """The part of the notification morning with one call, its form opened."""
    person.page.goto(f"/inspections/{case}/notification/")
    call = person.page.get_by_role("region", name=title, exact=True)
    details = call.locator("details")
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    return call


def expect_done(person: Person, title: str) -> None:
    """The board of the notification morning says that a call is made."""
    line = person.page.get_by_role("listitem").filter(has_text=title)
    expect(line).to_contain_text("Done")


def call_director(lead: Person, case: str, at: str = "9:10am") -> None:
    """Record that the director of children's services took the call."""
    call = open_call(lead, case, "Call the director of children’s services")
    call.get_by_role("radio", name="The director of children’s services").check()
    call.locator("[name=at]").fill(at)
    call.get_by_role("button", name="Record the call").click()
    expect_done(lead, "Call the director of children’s services")


def call_commissioner(inspector: Person, case: str, commissioner: str, at: str) -> None:
    """Record that a health commissioner's chief executive took the call."""
    call = open_call(inspector, case, f"Call {commissioner}")
    call.locator("[name=taken_by][value=named]").check()
    call.locator("[name=at]").fill(at)
    call.get_by_role("button", name="Record the call").click()
    expect_done(inspector, f"Call {commissioner}")


def confirm_go_ahead(lead: Person, case: str) -> None:
    """Record that CQC and the support officer have confirmed."""
    call = open_call(lead, case, "Confirm with CQC and the support officer that it goes ahead")
    for box in call.get_by_role("checkbox").all():
        box.check()
    call.get_by_role("button", name="Confirm").click()
    expect_done(lead, "Confirm with CQC and the support officer")


def call_nominated_officer(lead: Person, case: str, at: str) -> None:
    """Record the extended call, everything on the list gone through."""
    call = open_call(lead, case, "Extended call to the nominated officer")
    call.locator("[name=at]").fill(at)
    for box in call.get_by_role("checkbox").all():
        box.check()
    call.get_by_role("button", name="Record the call").click()
    expect_done(lead, "Extended call to the nominated officer")


def approve_letter(officer: Person, case: str) -> None:
    """Approve the confirmation as previewed."""
    officer.page.goto(f"/cases/{case}/letters/L-IN-CONFIRM/")
    officer.page.get_by_role("button", name="Approve").click()
    expect(officer.page.get_by_text("Approved", exact=True).first).to_be_visible()


def issue_letter(officer: Person, case: str) -> str:
    """Issue it and wait until it is there; gives the PDF's address."""
    officer.page.goto(f"/cases/{case}/letters/L-IN-CONFIRM/")
    officer.page.get_by_role("button", name="Issue").click()
    link = officer.page.get_by_role("link", name=re.compile("^Download the letter"))
    expect(link).to_be_visible(timeout=PATIENCE)
    address = link.get_attribute("href")
    assert address is not None
    return address
