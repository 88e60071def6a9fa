"""What the drills share: one installation that is hurt and started again, and what must hold."""

import contextlib
import datetime
import hashlib
import json
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from e2e.conftest import BEGINS, LONDON
from launcher.browser import Browser, Page
from launcher.running import RunningProduct, running_product, wait_until
from launcher.services import free_port

LETTER = "L-IN-CONFIRM"
OFFICER, OTHER_OFFICER = "Priya Raman", "Gethin Llywelyn"
DAY_1 = datetime.date(2026, 1, 26)
NOTICE = datetime.datetime(2026, 1, 19, 9, 5, tzinfo=LONDON)
#: The sweeper takes up what was left for longer than 15 s, every 10 s; a busy machine needs more.
PATIENCE = 90
FORGOTTEN = datetime.timedelta(seconds=30)
_HELD = """
    SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE relation = 'letters_letter'::regclass AND mode = 'RowShareLock' AND granted
    AND pg_locks.pid <> pg_backend_pid() AND state = 'idle in transaction'
"""


@dataclass
class Installation:
    """A data folder and the product that runs on it, always at the same address."""

    folder: Path
    port: int = field(default_factory=free_port)
    running: RunningProduct | None = None
    #: Cases whose letter is approved, and cases whose letter is still a draft.
    approved: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    _stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    _browsers: dict[str, Browser] = field(default_factory=dict)

    @property
    def product(self) -> RunningProduct:
        """The product as it runs now."""
        assert self.running is not None
        return self.running

    def start(self) -> None:
        """Start the product on the folder, for the first time or again."""
        self.running = self._stack.enter_context(
            running_product(self.folder, empty=True, port=self.port)
        )

    def close(self) -> None:
        """End whatever was started."""
        self._stack.close()

    def make_cases(self, approved: int, drafts: int) -> None:
        """People, places, and inspections up to their confirmation letter."""
        self.product.move_clock(BEGINS)
        self.run("people_and_places()")
        found = self.run(
            f"notified({approved + drafts}, datetime.date({DAY_1:%Y, %-m, %-d}),"
            f" datetime.datetime.fromisoformat('{NOTICE.isoformat()}'), {approved})"
        )
        self.approved, self.drafts = found[:approved], found[approved:]

    def run(self, call: str) -> Any:
        """Call a function of `e2e.preparing` inside the product; gives what it printed."""
        code = f"import datetime; from e2e import preparing; preparing.{call}"
        said = self.product.manage("shell", "-v", "0", "-c", code).strip()
        return json.loads(said.splitlines()[-1]) if said else None

    # -- people ------------------------------------------------------------------------------------

    def as_(self, name: str = OFFICER) -> Browser:
        """A browser in which somebody is signed in. Sessions outlive every drill."""
        if name not in self._browsers:
            browser = Browser(self.product.base_url)
            page = browser.get("/sign-in/")
            page = browser.send(page, page.form(action="/sign-in/as/", text=f"as {name}"))
            assert "Sign out" in page.text, page.said
            self._browsers[name] = browser
        return self._browsers[name]

    def another_of(self, browser: Browser) -> Browser:
        """A second window of the same person: for use in a thread of its own."""
        other = Browser(browser.base_url)
        for cookie in browser.cookies:
            other.cookies.set_cookie(cookie)
        return other

    # -- letters -----------------------------------------------------------------------------------

    @staticmethod
    def desk(case: str) -> str:
        """The address of a case's letter."""
        return f"/cases/{case}/letters/{LETTER}/"

    def approve(self, case: str) -> None:
        """Approve as previewed."""
        officer = self.as_()
        page = officer.get(self.desk(case))
        assert officer.send(page, page.form(action="/approve/")).status == 200

    def issue(self, case: str) -> None:
        """Ask for the approved letter to go out."""
        officer = self.as_()
        page = officer.get(self.desk(case))
        done = officer.send(page, page.form(action="/issue/"))
        assert done.status == 200, done.said

    def state(self, case: str) -> str:
        """How far the case's letter is."""
        rows = self.product.query("SELECT state FROM letters_letter WHERE case_id = %s", case)
        return str(rows[0][0]) if rows else "draft"

    def wait_for_a_printer(self, seconds: float = 20) -> None:
        """Return when a worker holds a letter's row: it has begun to print."""
        import psycopg2

        connection = psycopg2.connect(self.product.database_url, connect_timeout=5)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:

                def held() -> bool:
                    cursor.execute(_HELD)
                    return cursor.fetchone() is not None

                wait_until(held, seconds, "a worker prints the letter")
        finally:
            connection.close()

    def wait_for_letter(self, case: str) -> None:
        """Wait until the letter is issued. Time is let pass, so that the sweeper need not wait."""
        self.move_on(FORGOTTEN)
        wait_until(
            lambda: self.state(case) == "issued", PATIENCE, f"the letter of {case} is issued"
        )

    def move_on(self, by: datetime.timedelta) -> None:
        """Move the product's clock forward."""
        path = Path(self.product.environment["CLOCK_FILE"])
        offset = datetime.timedelta(seconds=float(path.read_text())) + by
        self.product.move_clock(datetime.datetime.now(datetime.UTC) + offset)

    def assert_whole(self, case: str) -> None:
        """One letter, one file with its hash, one event, every notice: as if nothing had been."""
        query = self.product.query
        ((letter, state, digest, size, path, facts),) = query(
            "SELECT id, state, sha256, size, path, facts FROM letters_letter WHERE case_id = %s",
            case,
        )
        assert state == "issued"
        folder = self.folder / "files" / "case" / case / "letters"
        printed = [one for one in folder.iterdir() if one.suffix == ".pdf"]
        content = (self.folder / "files" / path).read_bytes()
        assert [one.name for one in printed] == [f"{digest}.pdf"]
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (digest, size)
        assert content.startswith(b"%PDF-")
        assert content.rstrip().endswith(b"%%EOF")
        events = query(
            "SELECT facts FROM casework_event WHERE case_id = %s AND kind = 'confirmation_sent'",
            case,
        )
        assert len(events) == 1
        assert str(letter) in json.dumps(events[0][0])
        addressees = len(facts["to"]) + len(facts["copies"])
        notices = query("SELECT key FROM notices_notice WHERE key LIKE %s", f"letter:{letter}:%")
        assert len(notices) == addressees > 0

    def assert_notices_sent(self) -> None:
        """Every message that waited has gone out."""

        def waiting() -> list[tuple[Any, ...]]:
            return self.product.query(
                "SELECT key, state, attempts, error FROM notices_notice WHERE state <> 'sent'"
            )

        deadline = time.monotonic() + 100  # the outbox is swept every minute
        while (left := waiting()) and time.monotonic() < deadline:
            time.sleep(0.5)
        assert left == []

    def assert_record_holds(self) -> None:
        """What is derived can be had again from the events; every chain is unbroken."""
        said = self.product.manage("rebuild", "--check").strip()
        assert said.endswith("; 0 differences found."), said


def at_once(count: int, act: Callable[[int], Page]) -> list[Page]:
    """Let `count` threads act at one instant; their pages, in order."""
    barrier = threading.Barrier(count)

    def one(number: int) -> Page:
        barrier.wait()
        return act(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def assert_presentable(pages: Sequence[Page]) -> None:
    """Whatever happened, nobody saw a traceback: each page is what was asked for or a clear 503."""
    for page in pages:
        body = page.body.decode(errors="replace")
        assert "Traceback" not in body
        assert page.status in (200, 503), (page.path, page.status, page.said)
        if page.status == 503:
            assert "reference:" in page.text, page.said
