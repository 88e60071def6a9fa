"""Every page of the running product: axe finds nothing at WCAG 2.2 A and AA, it fits 320 px, its
focus shows, and the main job is done without JavaScript. Every PDF is PDF/UA-1.

The addresses come from the product's own list: a page that nobody has put here fails the test.
"""

import datetime
import itertools
import re
from collections.abc import Callable, Iterator

import page as page_validation
import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from playwright.sync_api import Browser, Page, expect

from design_system.testing import assert_usable
from e2e import steps
from e2e.conftest import LONDON
from e2e.steps import Person
from launcher.running import RunningProduct
from overview.demonstration.people import PEOPLE

#: In the region of the demonstration's regional director, who has pages of her own.
AREA = "Oxfordshire"
DAY_1 = datetime.date(2026, 3, 2)
NOTICE = datetime.datetime(2026, 2, 23, 9, 5, tzinfo=LONDON)
LETTER = "L-IN-CONFIRM"
OFFICER = "Priya Raman"

#: Addresses that take forms only, that lead on, or that give something other than a page.
NO_PAGES = {
    "healthz",
    "readyz",
    "sign_in",  # looked at below, as a stranger
    "become",
    "sign_out",
    "letter_approve",
    "letter_issue",
    "letter_take_back",
    "letter_correct",
    "letter_abandon",
    "letter_progress",
    "letter_draft",
    "letter_pdf",
    "inspection_call",
    "inspection_call_to",
    "bookings_leave",
    "bookings_withdraw",
    "bookings_interest",
    "bookings_interest_withdraw",
    "ask_gov_uk",
    "preview_again",
    "change_progress",
    "term_template",
    "term_template_of_several",
    "terms_as_csv",
    "timetable_json",
    "timetable_pdf",
    "timetable_ics",
}
TIMETABLES = (
    "/timetable/?kind=inspection",
    "/timetable/?kind=inspection&first_day=2026-03-02&last_day=2026-03-06",
    "/timetable/?kind=wsoa&final_report_received=2026-03-02",
    "/timetable/?kind=inspection&first_day=2026-04-06",
)


# -- the main job without JavaScript -----------------------------------------------------------


@pytest.fixture(scope="module")
def job() -> dict[str, str]:
    """What the job leaves for the tests after it: ids of its case and letter."""
    return {}


def test_the_main_job_is_done_without_javascript(
    person: Callable[..., Person],
    product: RunningProduct,
    job: dict[str, str],
) -> None:
    """Planned, scheduled, notified and confirmed; each page on the way is looked at, too."""
    officer = person(OFFICER, java_script_enabled=False)
    assert officer.page.locator("html.js-enabled, body.js-enabled").count() == 0
    seen = person(OFFICER).page

    def look(address: str) -> None:
        seen.goto(address)
        assert_usable(seen)

    case = steps.plan(officer, AREA, DAY_1, DAY_1 + datetime.timedelta(days=60))
    look(f"/inspections/{case}/schedule/")
    steps.choose_dates(officer, case, DAY_1)
    look(officer.page.url)
    steps.schedule(officer)
    look(f"/cases/{case}/")
    product.move_clock(NOTICE)
    look(f"/inspections/{case}/notification/")
    lead = person("Margaret Ashdown", java_script_enabled=False)
    steps.call_director(lead, case, at="9:05am")
    _tell_health(person("Aoife Brennan", java_script_enabled=False), case)
    desk = f"/cases/{case}/letters/{LETTER}/"
    look(desk)  # what is missing
    steps.confirm_go_ahead(lead, case)
    look(desk)  # to be approved
    steps.approve_letter(officer, case)
    look(desk)  # to be issued
    assert_accessible_pdf(officer.page, f"{desk}draft.pdf")
    _issue(officer, desk)
    look(desk)
    job["case"] = case


def _tell_health(inspector: Person, case: str) -> None:
    page = inspector.page
    page.goto(f"/inspections/{case}/notification/")
    calls = page.get_by_role("region", name=re.compile("^Call NHS"))
    titles = [one.get_by_role("heading").first.inner_text() for one in calls.all()]
    assert titles
    for title in titles:
        name = title.split("\n")[0].removeprefix("Call ")
        steps.call_commissioner(inspector, case, name, "9:05am")


def _issue(officer: Person, desk: str) -> None:
    page = officer.page
    page.goto(desk)
    page.get_by_role("button", name="Issue").click()
    for _ in range(120):
        if page.get_by_role("link", name=re.compile("^Download the letter")).count():
            return
        page.wait_for_timeout(500)
        page.get_by_role("link", name="Check again").click()
    pytest.fail("The letter was not issued.")


# -- every address -----------------------------------------------------------------------------


@pytest.fixture
def case(job: dict[str, str]) -> str:
    """The case of the job above: notified, its letter issued."""
    if "case" not in job:
        pytest.skip("The main job above was not done.")
    return job["case"]


def test_every_page_is_known_here() -> None:
    assert {name for name, _ in _patterns(get_resolver())} == NO_PAGES | set(ADDRESSES)


def test_every_page_is_usable(
    person: Callable[..., Person], product: RunningProduct, case: str
) -> None:
    wanted = {name: make(product, case) for name, make in ADDRESSES.items()}
    assert [name for name, found in wanted.items() if not found] == []
    finder, faults = Finder(person), []
    for address in itertools.chain.from_iterable(wanted.values()):
        try:
            page = finder.page_for(address)
            page.goto(address)
            assert_usable(page)
        except AssertionError as fault:
            faults.append(str(fault))
    assert not faults, "\n".join(faults)


class Finder:
    """Finds for each address somebody who may see it: the officer, else one of the others."""

    def __init__(self, person: Callable[..., Person]) -> None:
        self._sign_in = person
        self._people: dict[str, Person] = {}

    def page_for(self, address: str) -> Page:
        """A page of somebody to whom the address answers with 200. Raises AssertionError."""
        for name in dict.fromkeys([OFFICER, "Margaret Ashdown", *(one.name for one in PEOPLE)]):
            if name not in self._people:
                self._people[name] = self._sign_in(name)
            if self._people[name].sees(address) == 200:
                return self._people[name].page
        raise AssertionError(f"Nobody may see {address}")


def _patterns(resolver: URLResolver) -> Iterator[tuple[str, URLPattern]]:
    """Names and patterns of all addresses but Django admin's."""
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield one.name or str(one.pattern), one
        elif one.namespace != "admin":
            yield from _patterns(one)


Make = Callable[[RunningProduct, str], list[str]]


def _plain(name: str, *more: str) -> Make:
    return lambda product, case: [reverse(name), *more]


def _of_case(name: str) -> Make:
    return lambda product, case: [reverse(name, args=[case])]


def _from_rows(name: str, statement: str, takes_case: bool = True) -> Make:
    """Addresses with the values of a query's rows, which may ask for the case."""

    def make(product: RunningProduct, case: str) -> list[str]:
        rows = product.query(statement, case) if "%s" in statement else product.query(statement)
        before = [case] if takes_case else []
        return [reverse(name, args=[*before, *row]) for row in rows]

    return make


def _of_area(name: str, tail: str = "") -> Make:
    """Addresses of the area of the case: its id, and what `tail` selects below it."""
    statement = AREA_ROWS.get(tail, "SELECT local_area_id FROM casework_case WHERE id = %s")
    return _from_rows(name, statement, takes_case=False)


AREA_OF_CASE = "(SELECT local_area_id FROM casework_case WHERE id = %s)"
LINKS = f"""
    areas_areaorganisation AS link JOIN areas_organisation AS body
    ON body.id = link.organisation_id AND link.local_area_id = {AREA_OF_CASE}
"""
POSTS = f"{LINKS} JOIN areas_post AS post ON post.organisation_id = body.id"
AREA_ROWS = {
    "link": f"SELECT link.local_area_id, link.id FROM {LINKS} LIMIT 1",
    "organisation": f"SELECT link.local_area_id, body.id FROM {LINKS} LIMIT 1",
    "post": f"SELECT link.local_area_id, post.id FROM {POSTS} LIMIT 1",
    "holder": f"""SELECT link.local_area_id, holder.id FROM {POSTS}
        JOIN areas_postholder AS holder ON holder.post_id = post.id LIMIT 1""",
    "term": f"""SELECT local_area_id, id FROM areas_term WHERE local_area_id = {AREA_OF_CASE}
        LIMIT 1""",
}
ENTRIES = """SELECT seq FROM casework_event WHERE case_id = %s AND kind IN ('notified', 'scheduled')
    ORDER BY seq"""
NOTES = """SELECT event.seq FROM casework_event AS event
    JOIN casework_eventnote AS note ON note.event_id = event.id
    WHERE case_id = %s AND kind = 'notified'"""
RULES = """SELECT rule FROM casework_deadline WHERE case_id = %s
    AND rule IN ('IN-CONFIRM', 'IN-DRAFT', 'IN-PUBLISH') GROUP BY rule"""


def _record(product: RunningProduct, case: str) -> list[str]:
    """The form of each kind of event that a case in this stage can have, by its own links."""
    from casework.registry import kind_of

    return [
        reverse("record_event", args=[case, step.event.kind])
        for step in kind_of("inspection").steps
        if "notified" in step.from_stages
    ]


def _everyones_case(product: RunningProduct, case: str) -> list[str]:
    """One case of each stage, and this one."""
    rows = product.query("SELECT DISTINCT ON (stage) id FROM casework_case ORDER BY stage")
    return [reverse("case", args=[one]) for one in {case, *(str(row[0]) for row in rows)}]


#: The one that the demonstration proposes.
CHANGES = "SELECT id FROM casework_change LIMIT 1"

ADDRESSES: dict[str, Make] = {
    "home": _plain("home"),
    "working_days": _plain("working_days"),
    "accessibility": _plain("accessibility"),
    "demonstration_clock": _plain("demonstration_clock"),
    "timetable": _plain("timetable", *TIMETABLES),
    "programme": _plain(
        "programme",
        "/programme/?period_to=3+2017&order=-last&gone=on",
        "/programme/?period_from=spring",
        "/programme/?area=nothing+like+it",
    ),
    "programme_year": _plain("programme_year", "/programme/year/?year=2040"),
    "area_list": _plain("area_list", "/areas/?q=nothing+like+it"),
    "area": _of_area("area"),
    "new_link": _of_area("new_link"),
    "change_link": _of_area("change_link", "link"),
    "change_organisation": _of_area("change_organisation", "organisation"),
    "new_post": _of_area("new_post", "organisation"),
    "new_holder": _of_area("new_holder", "post"),
    "change_holder": _of_area("change_holder", "holder"),
    "remove_holder": _of_area("remove_holder", "holder"),
    "new_term": _of_area("new_term"),
    "change_term": _of_area("change_term", "term"),
    "remove_term": _of_area("remove_term", "term"),
    "area_terms": _of_area("area_terms"),
    "import_terms": _of_area("import_terms"),
    "import_terms_of_several": _plain("import_terms_of_several"),
    "merge_commissioners": _plain("merge_commissioners"),
    "changes": _plain("changes"),
    "add_bank_holidays": _plain("add_bank_holidays"),
    "remove_bank_holidays": _plain("remove_bank_holidays"),
    "record_closure": _plain("record_closure"),
    "remove_closure": _plain("remove_closure"),
    "offsets": _plain("offsets"),
    "change_offset": lambda product, case: [reverse("change_offset", args=["IN-DRAFT"])],
    "change": _from_rows("change", CHANGES, takes_case=False),
    "apply_change": _from_rows("apply_change", CHANGES, takes_case=False),
    "withdraw_change": _from_rows("withdraw_change", CHANGES, takes_case=False),
    "case_list": _plain("case_list", "/cases/?order=-day", "/cases/?area=nothing+like+it"),
    "case": _everyones_case,
    "case_history": _of_case("case_history"),
    "record_event": _record,
    "deadline_why": _from_rows("deadline_why", RULES),
    "correct_event": _from_rows("correct_event", ENTRIES),
    "void_event": _from_rows("void_event", ENTRIES),
    "erase_event_note": _from_rows("erase_event_note", NOTES),
    "letter_desk": lambda product, case: [reverse("letter_desk", args=[case, LETTER])],
    "letter_web_page": _from_rows(
        "letter_web_page",
        "SELECT id FROM letters_letter WHERE case_id = %s AND state = 'issued'",
        takes_case=False,
    ),
    "inspection_plan": _plain("inspection_plan"),
    "inspection_schedule": _of_case("inspection_schedule"),
    "inspection_notification": _of_case("inspection_notification"),
    "bookings": _plain("bookings"),
    "bookings_people": _plain("bookings_people"),
    "bookings_person": _from_rows(
        "bookings_person",
        "SELECT public_id FROM accounts_user WHERE email LIKE 'margaret.ashdown@%%'",
        takes_case=False,
    ),
}


# -- what nobody asks for ------------------------------------------------------------------------


@pytest.fixture
def plain(browser: Browser, product: RunningProduct) -> Iterator[Page]:
    """A page on which errors are expected."""
    context = browser.new_context(base_url=product.base_url, locale="en-GB")
    yield context.new_page()
    context.close()


def assert_error(page: Page, address: str, status: int, words: str) -> None:
    """The page for an error is as usable as any other, and names its reference."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == status
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)
    assert_usable(page)


@pytest.mark.parametrize("address", ["/", "/sign-in/", "/areas/", TIMETABLES[0], "/accessibility/"])
def test_what_a_stranger_sees_is_usable(plain: Page, address: str) -> None:
    plain.goto(address)
    assert_usable(plain)


def test_pages_for_errors_are_usable(person: Callable[..., Person], plain: Page) -> None:
    assert_error(plain, "/nowhere/", 404, "Page not found")
    assert_error(plain, "/areas/?q=%00", 400, "could not be read")
    director = person("Dr Imogen Hartwell").page
    assert_error(director, "/inspections/plan/", 403, "You cannot see or do this")
    expect(director.get_by_text("Inspections are planned by the support officers.")).to_be_visible()
    plain.goto("/sign-in/")
    plain.context.clear_cookies()
    plain.get_by_role("button", name=f"Sign in as {OFFICER}", exact=True).click()
    expect(plain).to_have_title(re.compile("^This page was open for too long"))
    assert_usable(plain)


def test_too_many_requests_get_a_page_that_says_how_long_to_wait(
    product: RunningProduct, plain: Page
) -> None:
    try:
        for _ in range(400):
            if plain.request.get(TIMETABLES[1], max_redirects=0).status == 429:
                break
        assert_error(plain, TIMETABLES[1], 429, "Too many requests")
    finally:
        product.flush_redis()


def test_a_fault_of_ours_gets_a_page_without_a_traceback(
    product: RunningProduct, plain: Page
) -> None:
    product.query("ALTER TABLE areas_region RENAME TO areas_region_aside")
    try:
        assert_error(plain, "/areas/", 500, "Sorry, there is a problem with the service")
    finally:
        product.query("ALTER TABLE areas_region_aside RENAME TO areas_region")
    assert "Traceback" not in plain.content()
    assert "areas_region" not in plain.content()


def test_while_the_database_is_away_a_page_says_so(product: RunningProduct, plain: Page) -> None:
    name = product.database_url.rpartition("/")[2].partition("?")[0]
    _administer(product, f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
    try:
        _administer(
            product,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            f" AND datname = '{name}'",
        )
        assert_error(plain, "/areas/", 503, "unavailable for the moment")
    finally:
        _administer(product, f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')
    answer = plain.goto("/areas/")
    assert answer is not None
    assert answer.status == 200


def _administer(product: RunningProduct, statement: str) -> None:
    import psycopg2

    connection = psycopg2.connect(product.database_url, dbname="postgres", connect_timeout=5)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()


# -- PDFs ----------------------------------------------------------------------------------------


def assert_accessible_pdf(page: Page, address: str) -> None:
    """page-validation finds nothing against PDF/UA-1."""
    answer = page.request.get(address)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    report = page_validation.validate_pdf_bytes(
        answer.body(), profile=page_validation.ValidationProfile.PDF_UA_1
    )
    assert [(one.rule_id, one.message) for one in report.failures] == [], address


def test_every_pdf_is_pdf_ua_1(
    person: Callable[..., Person], product: RunningProduct, case: str
) -> None:
    officer = person(OFFICER)
    ((letter,),) = product.query(
        "SELECT id FROM letters_letter WHERE case_id = %s AND state = 'issued'", case
    )
    assert_accessible_pdf(officer.page, f"/letters/{letter}/letter.pdf")
    for address in (
        "/timetable.pdf?kind=inspection&first_day=2026-03-02&last_day=2026-03-06",
        "/timetable.pdf?kind=wsoa&final_report_received=2026-03-02&health=NHS+One",
        "/timetable.pdf?kind=revisit&first_day=2026-03-02&last_day=2026-03-04",
    ):
        assert_accessible_pdf(officer.page, address)
