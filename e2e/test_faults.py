"""Faults, each tried five times: one letter, nothing lost, no orphan process, no traceback.

Every drill ends with `assert_whole`: exactly one issued letter, one file on disk with its hash, one
event, all notices. The cases are made beforehand; each drill uses up one of them.
"""

import datetime
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from e2e.drills import OFFICER, OTHER_OFFICER, Installation, assert_presentable, at_once
from launcher.browser import Browser, Form, Page, PageError
from launcher.running import descendants, is_alive, wait_until

TIMES = range(5)
JUNE = datetime.date(2026, 6, 8)
#: How long after a worker has taken up the letter it is killed, in seconds.
INTO_PRINTING = (0.0, 0.1, 0.25, 0.45, 0.7)
ENDINGS = [*["killed"] * 5, "SIGTERM", "Ctrl-C twice"]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation for all drills of this module, with a case for each."""
    folder = tmp_path_factory.mktemp("drills")
    # The product's processes are another user where root starts it.
    for path in (folder, folder.parent, folder.parent.parent):
        path.chmod(0o755)
    installation = Installation(folder / "data")
    try:
        installation.start()
        installation.make_cases(approved=20 + len(ENDINGS), drafts=5)
        yield installation
    finally:
        installation.close()


# -- a worker dies -----------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", INTO_PRINTING)
def test_a_pool_process_killed_while_it_prints(here: Installation, seconds: float) -> None:
    case = here.approved.pop()
    wait_until(lambda: len(descendants(here.product.pid("worker"))) >= 2, 60, "a worker's pool")
    here.issue(case)
    here.wait_for_a_printer()
    time.sleep(seconds)
    for pid in descendants(here.product.pid("worker")):
        os.kill(pid, signal.SIGKILL)
    here.wait_for_letter(case)
    here.assert_whole(case)


@pytest.mark.parametrize("seconds", INTO_PRINTING)
def test_the_whole_worker_killed_while_it_prints(here: Installation, seconds: float) -> None:
    case = here.approved.pop()
    wait_until(lambda: len(descendants(here.product.pid("worker"))) >= 2, 60, "a worker's pool")
    here.issue(case)
    here.wait_for_a_printer()
    time.sleep(seconds)
    old = here.product.kill_worker()
    here.product.wait_for_restart("worker", old)
    here.wait_for_letter(case)
    here.assert_whole(case)


# -- the same at once --------------------------------------------------------------------------


@pytest.mark.parametrize("turn", TIMES)
def test_twenty_approvals_and_twenty_issues_at_once(here: Installation, turn: int) -> None:
    case, officer = here.drafts.pop(), here.as_()
    for step in ("/approve/", "/issue/"):
        page = officer.get(here.desk(case))
        windows = [here.another_of(officer) for _ in range(20)]
        answers = at_once(20, _sender(windows, page, page.form(action=step)))
        assert [one.status for one in answers] == [200] * 20
    query = here.product.query
    assert query(
        "SELECT count(*), count(approved_at) FROM letters_letter WHERE case_id = %s", case
    ) == [(1, 1)]
    here.wait_for_letter(case)
    here.assert_whole(case)


@pytest.mark.parametrize("turn", TIMES)
def test_two_schedulers_cannot_book_one_inspector(here: Installation, turn: int) -> None:
    """One succeeds; the other reads whose days clash and finds everything as typed."""
    cases = here.run(f"planned(2, datetime.date({JUNE:%Y, %-m, %-d}))")
    (lead, *first), (_, *second) = here.run("teams(2)")
    teams = [[lead, *first], [lead, *second]]
    people = [here.as_(OFFICER), here.as_(OTHER_OFFICER)]
    checked = [
        _check(officer, case, [public_id for public_id, _ in team])
        for officer, case, team in zip(people, cases, teams, strict=True)
    ]
    answers = at_once(2, lambda number: people[number].send(*checked[number]))
    assert sorted(page.status for page in answers) == [200, 422]
    loser = [page.status for page in answers].index(422)
    lost = answers[loser]
    assert "There is a problem" in lost.said
    assert lead[1] in lost.said
    kept = next(form for form in lost.forms if form.has("first_day-day")).values
    names = ("lead_hmi", "ofsted_inspector", "cqc_inspector")
    assert [kept[name] for name in names] == [[public_id] for public_id, _ in teams[loser]]
    assert kept["planning_days"] == ["3"]
    assert [kept[f"first_day-{part}"] for part in ("day", "month", "year")] == [
        [str(JUNE.day)],
        [str(JUNE.month)],
        [str(JUNE.year)],
    ]


def _check(officer: Browser, case: str, team: list[str]) -> tuple[Page, Form]:
    """Choose dates and team and have them checked; gives the form that would fix them."""
    page = officer.get(f"/inspections/{case}/schedule/")
    form = next(form for form in page.forms if form.has("first_day-day"))
    form.fill_date("first_day", JUNE.day, JUNE.month, JUNE.year)
    lead, ofsted, cqc = team
    form.fill(lead_hmi=lead, ofsted_inspector=ofsted, cqc_inspector=cqc, planning_days="3")
    page = officer.send(page, form)
    assert "Nothing stands in the way" in page.text
    return page, next(form for form in page.forms if form.has("version"))


def _sender(windows: list[Browser], page: Page, form: Form) -> Callable[[int], Page]:
    return lambda number: windows[number].send(page, form)


# -- what the product stands on goes away ------------------------------------------------------


class Readers:
    """People who look at pages all the time."""

    def __init__(self, here: Installation, addresses: list[str]) -> None:
        self.pages: list[Page] = []
        self.failures: list[str] = []
        self._ended = threading.Event()
        officer = here.as_()
        self._threads = [
            threading.Thread(target=self._read, args=(here.another_of(officer), address))
            for address in addresses
        ]

    def _read(self, browser: Browser, address: str) -> None:
        while not self._ended.is_set():
            try:
                self.pages.append(browser.get(address))
            except PageError as error:
                self.failures.append(str(error))

    def __enter__(self) -> "Readers":
        for one in self._threads:
            one.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for one in self._threads:
            one.join()


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.2, 0.5, 1.0])
def test_postgresql_restarted_under_requests(here: Installation, seconds: float) -> None:
    case, officer = here.approved.pop(), here.as_()
    page = officer.get(here.desk(case))
    form = page.form(action="/issue/")
    with Readers(here, [f"/cases/{case}/", here.desk(case), "/cases/"]) as readers:
        restart = threading.Thread(target=here.product.restart_postgres)
        if seconds == 0:
            restart.start()
        answers = [here.another_of(officer).send(page, form)]
        if seconds:
            time.sleep(seconds)
            restart.start()
        restart.join()
        answers += [officer.send(page, form)]  # as somebody does who read the 503 page
        time.sleep(0.5)
    assert readers.failures == []
    assert_presentable([*readers.pages, *answers])
    assert answers[-1].status == 200
    assert officer.get(f"/cases/{case}/").status == 200
    here.wait_for_letter(case)
    here.assert_whole(case)


@pytest.mark.parametrize("seconds", [None, 0.0, 0.1, 0.3, 0.8])
def test_redis_emptied(here: Installation, seconds: float | None) -> None:
    """Before the letter is asked for (None), or so long after."""
    case, officer = here.approved.pop(), here.as_()
    if seconds is None:
        here.product.flush_redis()
    here.issue(case)
    if seconds is not None:
        time.sleep(seconds)
        here.product.flush_redis()
    page = officer.get("/")
    assert page.status == 200
    assert "Sign out" in page.text
    here.wait_for_letter(case)
    here.assert_whole(case)


# -- the launcher ends -------------------------------------------------------------------------


@pytest.mark.parametrize("how", ENDINGS)
def test_the_launcher_ends_while_a_letter_is_printed(here: Installation, how: str) -> None:
    case, product = here.approved.pop(), here.product
    here.issue(case)
    pids = product.all_pids()
    if how == "killed":
        product.process.kill()
        product.process.wait()
    elif how == "SIGTERM":
        assert product.stop(signal.SIGTERM) == 0
    else:
        product.process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        product.process.send_signal(signal.SIGINT)
        assert product.process.wait(20) == 0
    wait_until(lambda: not any(map(is_alive, pids)), 30, "every process has ended")
    assert "Traceback" not in product.said
    here.start()
    page = here.as_().get(f"/cases/{case}/")
    assert page.status == 200
    assert "Sign out" in page.text
    here.wait_for_letter(case)
    here.assert_whole(case)


# -- after all of it ---------------------------------------------------------------------------


def test_nothing_was_lost_in_any_of_it(here: Installation) -> None:
    here.assert_notices_sent()
    here.assert_record_holds()
    answered = [
        json.loads(line) for line in here.product.log("web").splitlines() if line[:1] == "{"
    ]
    statuses = {line.get("status") for line in answered}
    assert 200 in statuses
    assert 500 not in statuses
