"""The main job on the running product: planned, scheduled, notified, confirmed, by three people."""

import datetime
import hashlib
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from design_system.testing import axe_violations
from e2e import steps
from e2e.conftest import LONDON
from e2e.steps import Person
from launcher.running import RunningProduct

AREA = "Surrey"
FRIMLEY = "NHS Frimley Integrated Care Board"
HEARTLANDS = "NHS Surrey Heartlands Integrated Care Board"
DAY_1 = datetime.date(2026, 1, 26)
NOTICE = datetime.datetime(2026, 1, 19, 9, 5, tzinfo=LONDON)


@pytest.fixture(scope="module")
def case(product: RunningProduct) -> dict[str, str]:
    """What the steps of this story hand on to each other."""
    return {}


def test_a_support_officer_plans_and_schedules(
    person: Callable[..., Person], case: dict[str, str], product: RunningProduct
) -> None:
    officer = person("Priya Raman")
    case["id"] = steps.plan(officer, AREA, datetime.date(2026, 1, 19), datetime.date(2026, 2, 27))
    # A bank holiday is no Day 1, and nothing that was typed is lost (HB 14, timetable.md).
    steps.choose_dates(officer, case["id"], datetime.date(2026, 4, 6))
    expect(officer.page.get_by_text("Easter Monday").first).to_be_visible()
    expect(officer.page.get_by_role("button", name="Schedule", exact=True)).to_have_count(0)
    assert officer.page.locator("[name=first_day-month]").input_value() == "4"
    steps.choose_dates(officer, case["id"], DAY_1)
    notice = officer.page.get_by_role("cell", name=re.compile("Mon 19 Jan 2026, 10:00"))
    expect(notice).to_be_visible()
    assert axe_violations(officer.page) == []
    steps.schedule(officer)
    expect(officer.page.get_by_text("Scheduled", exact=True).first).to_be_visible()


@pytest.mark.parametrize("name", ["Dr Imogen Hartwell", "Yusuf Rahmani", "Oliver Stanhope"])
def test_nobody_in_the_area_learns_of_it_before_notification(
    person: Callable[..., Person], case: dict[str, str], name: str
) -> None:
    outsider = person(name)
    for address in (
        f"/cases/{case['id']}/",
        f"/inspections/{case['id']}/notification/",
        f"/cases/{case['id']}/letters/L-IN-CONFIRM/",
    ):
        assert outsider.sees(address) == 404
    outsider.page.goto("/cases/")
    expect(outsider.page.get_by_text(AREA, exact=True)).to_have_count(0)


def test_notification_morning_is_done_by_three_people(
    person: Callable[..., Person], case: dict[str, str], product: RunningProduct
) -> None:
    product.move_clock(NOTICE)
    lead = person("Margaret Ashdown", viewport={"width": 360, "height": 740})
    steps.call_director(lead, case["id"], at="9:05am")
    assert axe_violations(lead.page) == []
    product.move_clock(NOTICE + datetime.timedelta(minutes=30))
    inspector = person("Aoife Brennan", viewport={"width": 360, "height": 740})
    steps.call_commissioner(inspector, case["id"], FRIMLEY, "9:20am")
    steps.call_commissioner(inspector, case["id"], HEARTLANDS, "9:30am")
    steps.confirm_go_ahead(lead, case["id"])
    steps.call_nominated_officer(lead, case["id"], "9:32am")


def test_the_support_officer_approves_and_issues_the_letter(
    person: Callable[..., Person], case: dict[str, str], product: RunningProduct
) -> None:
    officer = person("Priya Raman")
    steps.approve_letter(officer, case["id"])
    address = steps.issue_letter(officer, case["id"])
    assert axe_violations(officer.page) == []
    answer = officer.page.request.get(address)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    body = answer.body()
    assert body.startswith(b"%PDF-")
    case["pdf"] = address
    (stored,) = product.query(
        "SELECT sha256, size FROM letters_letter WHERE case_id = %s", case["id"]
    )
    assert stored == (hashlib.sha256(body).hexdigest(), len(body))
    officer.page.goto(f"/cases/{case['id']}/")
    expect(officer.page.get_by_text("Notified", exact=True).first).to_be_visible()


def test_the_director_sees_case_and_letter_once_notified(
    person: Callable[..., Person], case: dict[str, str]
) -> None:
    director = person("Dr Imogen Hartwell")
    director.page.goto("/cases/")
    director.page.get_by_role("link", name=re.compile("IN-2026-")).first.click()
    expect(director.page.get_by_role("heading", level=1)).to_contain_text(AREA)
    assert axe_violations(director.page) == []
    assert director.sees(case["pdf"]) == 200


def test_a_stranger_sees_neither_case_nor_letter(
    somebody: Callable[..., Page], case: dict[str, str]
) -> None:
    page = somebody()
    for address in (f"/cases/{case['id']}/", case["pdf"]):
        answer = page.request.get(address, max_redirects=0)
        assert answer.status == 302
        assert answer.headers["location"].startswith("/sign-in/")


def test_the_record_holds_together(product: RunningProduct) -> None:
    assert product.manage("rebuild", "--check").strip().endswith("; 0 differences found.")
