"""`bin/up --smoke`: the main job on the running product, over HTTP alone, as the people who do it.

An inspection is planned and scheduled, the day of notice comes, the calls are recorded, the
confirmation letter is approved and issued, and its PDF, printed by the worker, is fetched.
"""

import calendar
import datetime
import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from launcher.browser import Browser, Form, Page, PageError
from launcher.data_folder import DataFolder
from launcher.terminal import say

LETTER = "L-IN-CONFIRM"
LETTER_SECONDS = 120
DAY = datetime.timedelta(days=1)
WEEKS_TRIED = 40
TEAM = ("lead_hmi", "ofsted_inspector", "cqc_inspector")
MONTHS = calendar.month_name


@dataclass
class Smoke:
    """One run: what was done so far stands in its fields."""

    base_url: str
    browsers: dict[str, Browser] = field(default_factory=dict)
    case: str = ""
    reference: str = ""
    first_day: datetime.date | None = None
    names: dict[str, str] = field(default_factory=dict)
    letter: str = ""
    digest: str = ""

    def as_(self, who: str) -> Browser:
        """The browser of a person of the demonstration, by name or by role, signed in."""
        if who not in self.browsers:
            browser = Browser(self.base_url)
            page = browser.get("/sign-in/")
            button = f"as {who}"
            if not any(button in form.text for form in page.forms):
                name = _name_for_role(page, who)
                button = f"as {name}"
            page = _good(browser.send(page, page.form(action="/sign-in/as/", text=button)))
            _expect(page, "Sign out")
            self.browsers[who] = browser
        return self.browsers[who]

    # The job, step by step; each gives what to say of it

    def plan(self) -> str:
        scheduler = self.as_("Support officer")
        today = self._today(scheduler)
        page = _good(scheduler.get("/inspections/plan/"))
        for area, label in page.form(text="Local area").choices("local_area"):
            form = page.form(text="Local area")
            _date(form, "period_from", today + 30 * DAY)
            _date(form, "period_to", today + 300 * DAY)
            planned = scheduler.send(page, form, local_area=area)
            if planned.path.endswith("/schedule/"):
                self.case = planned.path.split("/")[2]
                found = re.search(r"\bIN-\d{4}-\d+\b", planned.text)
                self.reference = found.group() if found else ""
                return f"{self.reference} planned for {label}"
        raise PageError(f"No inspection could be planned: {planned.said}")

    def schedule(self) -> str:
        scheduler = self.as_("Support officer")
        address = f"/inspections/{self.case}/schedule/"
        day = self._today(scheduler) + 42 * DAY
        day += (1 - day.weekday()) % 7 * DAY  # a Tuesday
        said = ""
        for _ in range(WEEKS_TRIED):
            page = _good(scheduler.get(address))
            form = next(form for form in page.forms if form.has("first_day-day"))
            _date(form, "first_day", day)
            for place in TEAM:
                person, name = form.choices(place)[0]
                form.fill(**{place: person})
                self.names[place] = name.split(" – ")[0]
            checked = _good(scheduler.send(page, form))
            fix = [form for form in checked.forms if form.has("version") and form.method == "post"]
            if fix and "Nothing stands in the way" in checked.text:
                done = _good(scheduler.send(checked, fix[0]))
                _expect(done, "Scheduled")
                self.first_day = day
                return f"scheduled for {_words(day)}, led by {self.names['lead_hmi']}"
            said = checked.said
            day += 7 * DAY
        raise PageError(f"No week passed every check: {said}")

    def move_clock(self) -> str:
        scheduler = self.as_("Support officer")
        page = _good(scheduler.get(f"/inspections/{self.case}/notification/"))
        found = re.search(r"falls on \w+ (\d+) (\w+) (\d{4})", page.text)
        if not found:
            raise PageError(f"The day of notice is not named: {page.said}")
        day = datetime.date(int(found[3]), list(MONTHS).index(found[2]), int(found[1]))
        page = _good(scheduler.get("/demonstration/clock/"))
        form = page.form(text="Time")
        _date(form, "day", day)
        moved = _good(scheduler.send(page, form, time="9:30am", action="move"))
        _expect(moved, "It is now")
        return f"the clock moved to {_words(day)}, 09:30"

    def notify(self) -> str:
        lead, cqc = self.as_(self.names["lead_hmi"]), self.as_(self.names["cqc_inspector"])
        self._call(lead, "/dcs/", at="9:05am", taken_by="named")
        told = 0
        while self._call(cqc, "/health/", optional=told > 0, at="9:15am", taken_by="named"):
            told += 1
        self._call(lead, "/go-ahead/", cqc="on", support_officer="on")
        return f"the director and {told} health commissioner(s) told, the go-ahead confirmed"

    def _call(self, browser: Browser, call: str, *, optional: bool = False, **values: str) -> bool:
        page = _good(browser.get(f"/inspections/{self.case}/notification/"))
        forms = [form for form in page.forms if call in form.action]
        if not forms:
            if optional:
                return False
            raise PageError(f"There is no call {call} to record: {page.said}")
        form = forms[0]
        if form.has("name") and not form.values["name"][0]:
            form.fill(name="The person who took the call")
        done = _good(browser.send(page, form, **values))
        _expect(done, "Recorded")
        return True

    def approve(self) -> str:
        officer = self.as_("Support officer")
        desk = f"/cases/{self.case}/letters/{LETTER}/"
        page = _good(officer.get(desk))
        _expect(_good(officer.send(page, page.form(action="approve"))), "pproved")
        return f"{LETTER} approved"

    def issue(self) -> str:
        officer = self.as_("Support officer")
        desk = f"/cases/{self.case}/letters/{LETTER}/"
        page = _good(officer.get(desk))
        page = _good(officer.send(page, page.form(action="issue")))
        started = time.monotonic()
        while True:
            links = [address for address, _ in page.links if address.endswith("/letter.pdf")]
            if links:
                self.letter = links[0]
                return f"issued; printed by the worker in {time.monotonic() - started:.1f} s"
            if time.monotonic() - started > LETTER_SECONDS:
                raise PageError(f"The letter was not printed: {page.said}")
            time.sleep(0.2)
            page = _good(officer.get(desk))

    def fetch(self) -> str:
        officer = self.as_("Support officer")
        pdf = _good(officer.get(self.letter))
        if (
            not pdf.body.startswith(b"%PDF-")
            or pdf.headers.get("content-type") != "application/pdf"
        ):
            raise PageError("What came is no PDF.")
        self.digest = hashlib.sha256(pdf.body).hexdigest()
        again = _good(officer.get(self.letter))
        if again.body != pdf.body:
            raise PageError("The same letter, fetched twice, differs.")
        page = _good(officer.get(f"/cases/{self.case}/"))
        shown = officer.get(f"/cases/{self.case}/letters/{LETTER}/").text + page.text
        note = "" if self.digest in shown else " (its hash is not on the page)"
        return f"{len(pdf.body)} bytes fetched twice, the same{note}"

    def _today(self, browser: Browser) -> datetime.date:
        form = browser.get("/demonstration/clock/").form(text="Time")
        day, month, year = (int(form.values[f"day-{part}"][0]) for part in ("day", "month", "year"))
        return datetime.date(year, month, day)


def _good(page: Page) -> Page:
    if page.status != 200:
        raise PageError(f"{page.path} answered {page.status}: {page.said}")
    return page


def _expect(page: Page, words: str) -> None:
    if words not in page.text:
        raise PageError(f"{page.path} does not say '{words}': {page.said}")


def _name_for_role(page: Page, role: str) -> str:
    """The first person with a role on the sign-in page, by the words before their button."""
    names = [form.text.removeprefix("Sign in as ") for form in page.forms if "as " in form.text]
    for name in names:
        if f"{name} {role}" in page.text:
            return name
    raise PageError(f"Nobody can sign in as {role}: {page.said}")


def _date(form: Form, name: str, day: datetime.date) -> None:
    form.fill_date(name, day.day, day.month, day.year)


def _words(day: datetime.date) -> str:
    return f"{day:%A} {day.day} {MONTHS[day.month]} {day.year}"


def run(base_url: str, data: DataFolder) -> int:
    """Do the job and say so; gives 0, or 1 with what went wrong."""
    smoke = Smoke(base_url)
    steps: list[tuple[str, Callable[[], str]]] = [
        ("plan", smoke.plan),
        ("schedule", smoke.schedule),
        ("clock", smoke.move_clock),
        ("notify", smoke.notify),
        ("approve", smoke.approve),
        ("issue", smoke.issue),
        ("letter", smoke.fetch),
    ]
    say("\nThe main job, over HTTP:")
    for name, step in steps:
        started = time.monotonic()
        try:
            done = step()
        except (PageError, LookupError, ValueError) as error:
            say(f"  {name}: FAILED. {error}")
            say("Smoke test failed.")
            return 1
        say(f"  {name}: {done} ({time.monotonic() - started:.1f} s)")
    stored = _stored_file(data, smoke.digest)
    if stored is None:
        say("  FAILED. No stored file has the hash of the letter that was fetched.")
        return 1
    say(f"\nLetter: {base_url}{smoke.letter}")
    say(f"Stored: {stored}")
    say(f"SHA-256: {smoke.digest}")
    say("Smoke test passed.")
    return 0


def _stored_file(data: DataFolder, digest: str) -> str | None:
    """Where in the data folder the very bytes are kept, with what their path says of them."""
    for path in data.files.rglob("*"):
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest:
            return str(path.relative_to(data.path))
    return None
