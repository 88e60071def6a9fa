"""Look at a page in a real browser: for tests of this room and for `e2e/`.

with browser() as chromium:
    page = chromium.new_page()
    page.goto(...)
    assert_usable(page)
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NARROW = 320

# Each thing that takes focus must change its look when it has it.
_WITHOUT_VISIBLE_FOCUS = """
() => {
  const look = (element) => {
    const seen = [];
    for (let at = element, up = 0; at && up < 3; at = at.parentElement, up += 1) {
      for (const pseudo of [null, "::before", "::after"]) {
        const style = getComputedStyle(at, pseudo);
        seen.push(style.outline, style.boxShadow, style.backgroundColor, style.border,
          style.textDecoration, style.color);
      }
      if (at.matches("label, .govuk-radios__item, .govuk-checkboxes__item")) break;
    }
    const label = element.labels && element.labels[0];
    if (label) {
      for (const pseudo of ["::before", "::after"]) {
        const style = getComputedStyle(label, pseudo);
        seen.push(style.outline, style.boxShadow, style.borderWidth, style.backgroundColor);
      }
    }
    return seen.join("|");
  };
  const wrong = [];
  const all = document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']");
  for (const element of all) {
    if (element.disabled || !element.checkVisibility({visibilityProperty: true})) continue;
    if (document.activeElement) document.activeElement.blur();
    const before = look(element);
    element.focus({focusVisible: true, preventScroll: true});
    if (document.activeElement !== element) continue;
    if (look(element) === before) wrong.push(element.outerHTML.slice(0, 160));
    element.blur();
  }
  return wrong;
}
"""


@contextmanager
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless, closed at the end."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield chromium
        finally:
            chromium.close()


def axe_violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands, against WCAG 2.2 A and AA: one line per element."""
    source = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(source.read_text())
    options = {"runOnly": {"type": "tag", "values": STANDARD}, "resultTypes": ["violations"]}
    result: dict[str, Any] = page.evaluate("options => window.axe.run(document, options)", options)
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:200]} {node['failureSummary']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def sideways_scroll(page: Page, width: int = NARROW) -> list[str]:
    """What sticks out to the right at this width (in pixels); nothing when the page fits."""
    size = page.viewport_size
    page.set_viewport_size({"width": width, "height": 640})
    try:
        return list(
            page.evaluate(
                """() => {
                  const root = document.documentElement;
                  if (root.scrollWidth <= root.clientWidth) return [];
                  const wide = [...document.body.querySelectorAll("*")].filter((element) =>
                    element.getBoundingClientRect().right > root.clientWidth + 0.5
                    && !element.parentElement.closest(".app-scroll"));
                  return [`page is ${root.scrollWidth} wide`,
                    ...wide.slice(0, 5).map((element) => element.outerHTML.slice(0, 160))];
                }"""
            )
        )
    finally:
        if size:
            page.set_viewport_size(size)


def without_visible_focus(page: Page) -> list[str]:
    """The elements that take focus and do not show it."""
    return list(page.evaluate(_WITHOUT_VISIBLE_FOCUS))


def assert_usable(page: Page) -> None:
    """axe finds nothing (wide and narrow), nothing scrolls sideways at 320 px, focus shows."""
    page.wait_for_load_state()
    assert not (found := axe_violations(page)), "\n".join([page.url, *found])
    assert not (found := sideways_scroll(page)), "\n".join([page.url, *found])
    assert not (found := without_visible_focus(page)), "\n".join([page.url, *found])
    size = page.viewport_size
    page.set_viewport_size({"width": NARROW, "height": 640})
    assert not (found := axe_violations(page)), "\n".join([page.url, "at 320 px", *found])
    if size:
        page.set_viewport_size(size)
