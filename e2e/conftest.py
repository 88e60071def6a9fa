"""The running product and a real Chromium, once for all tests of this folder."""

import datetime
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from e2e.steps import Person
from launcher.running import RunningProduct, running_product

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LONDON = ZoneInfo("Europe/London")
#: When the story begins: demonstration data and terms are made around this day.
BEGINS = datetime.datetime(2026, 1, 12, 9, 0, tzinfo=LONDON)


@pytest.fixture(scope="session")
def product() -> Iterator[RunningProduct]:
    """The product with demonstration data made at `BEGINS`, its clock running on from there."""
    with running_product(empty=True) as running:
        running.move_clock(BEGINS)
        running.manage("demonstration")
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def somebody(product: RunningProduct, browser: Browser) -> Iterator[Callable[..., Page]]:
    """A page of a visitor's own; every script error and server error fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(**options: object) -> Page:
        context = browser.new_context(base_url=product.base_url, locale="en-GB", **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        # Such as what the content security policy refuses; expected 404s are told as such, too.
        page.on(
            "console",
            lambda said: (
                faults.append(f"{page.url}: {said.text}")
                if said.type == "error" and not said.text.startswith("Failed to load resource")
                else None
            ),
        )
        page.on(
            "response",
            lambda answer: (
                faults.append(f"{answer.url}: {answer.status}") if answer.status >= 500 else None
            ),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def person(somebody: Callable[..., Page]) -> Callable[..., Person]:
    """Sign in as one of the invented people: `person('Priya Raman')`."""

    def sign_in(name: str, **options: object) -> Person:
        page = somebody(**options)
        page.goto("/sign-in/")
        page.get_by_role("button", name=f"Sign in as {name}", exact=True).click()
        return Person(name, page)

    return sign_in
