"""A new bank holiday over 100,000 open cases with 1,000,000 open deadlines, in one run beside the
least that it could cost: one bare UPDATE of what moves plus one COPY of as many events.

The database is copied before anything moves. On the copy a process of its own carries the change
out, events and notices included, and says how much memory it needed at most; on the original the
bare statements then write the very same rows, with the same indexes and triggers.

    python -m benchmarks.recompute [--cases N] [--histories N] [--kill TIMES] [--sample N]

`--kill`: the process is killed at so many random moments and begun again each time; what comes out
is held against the uninterrupted run. Exit code 1 when a limit is missed or anything differs.
"""

import argparse
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

RATIO, MEGABYTES = 3.0, 300
#: With fewer, what each area costs by itself outweighs what is measured.
CASES = 100_000
MOVED = (
    "due_on, due_at, computed_on, practical_on, day_number, counted_from_event, counted_from_on, "
    "state"
)


def main() -> int:
    """Exit code 1 when a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--histories", type=int, default=2_000)
    parser.add_argument("--kill", type=int, default=0, metavar="TIMES")
    parser.add_argument("--sample", type=int, default=500, help="cases that are folded again")
    parser.add_argument("--worker", metavar="CHANGE", help=argparse.SUPPRESS)
    given = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    os.environ["LOG_LEVEL"] = "ERROR"
    if given.worker:
        return _work(given.worker)
    from launcher.testing import PrivateServices

    services = PrivateServices()
    services.start()
    try:
        return _measure(given)
    finally:
        services.stop()


def _work(change_id: str) -> int:
    """What a worker does, in a process of its own."""
    _set_up()
    from casework.changes.going_on import go_on

    started = time.perf_counter()
    go_on(change_id)  # type: ignore[arg-type]
    print(f"{time.perf_counter() - started:.3f} {_peak():.1f}")
    return 0


def _peak() -> float:
    """The most megabytes that this process had at once. What `getrusage` says counts those of the
    process that started it, too."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines = status.read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def _set_up() -> None:
    from django.conf import settings

    from launcher.testing import use_in_django

    use_in_django(settings)
    import django

    django.setup()


def _measure(given: argparse.Namespace) -> int:
    _set_up()
    change = _prepared(given)
    url = os.environ["DATABASE_URL"]
    copies = ["uninterrupted", *(["killed"] if given.kill else [])]
    for name in copies:
        _copy_of(url, name)
    taken, peak = _carried_out(_named(url, "uninterrupted"), change)
    with tempfile.TemporaryDirectory() as folder:
        rows, events, bare = _baseline(url, _named(url, "uninterrupted"), change, Path(folder))
    ratio = taken / bare
    print(f"{'bare UPDATE + COPY':<22} {bare:8.2f} s   1.00   {rows:,} rows, {events:,} events")
    small = given.cases < CASES
    said = "(few cases: no limit)" if small else f"{_verdict(ratio <= RATIO)} {RATIO}"
    print(f"{'the change':<22} {taken:8.2f} s  {ratio:5.2f}   {said}")
    print(f"{'memory at most':<22} {peak:8.1f} MB        {_verdict(peak <= MEGABYTES)} {MEGABYTES}")
    missed = (ratio > RATIO and not small) + (peak > MEGABYTES)
    missed += _checked(_named(url, "uninterrupted"), change, given.sample)
    if given.kill:
        _killed(_named(url, "killed"), change, given.kill, taken)
        missed += _checked(_named(url, "killed"), change, given.sample)
        missed += _differ(_named(url, "uninterrupted"), _named(url, "killed"), change)
    return 1 if missed else 0


def _verdict(within: bool) -> str:
    return "within" if within else "OVER"


def _prepared(given: argparse.Namespace) -> str:
    """The cases, and a change that is about to be carried out."""
    from django.core.management import call_command
    from django.db import connection

    from accounts.administrators import mark
    from accounts.models import Membership, User
    from benchmarks.many_open_cases import make
    from casework.changes import services
    from casework.changes.content import CalendarContent
    from config import clock
    from working_days.bundled import PublishedBankHoliday
    from working_days.services import current_calendar

    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    make(given.cases, histories=given.histories)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        made = time.perf_counter() - started
        cursor.execute(
            "SELECT count(*), count(DISTINCT inputs_digest), count(DISTINCT first_day) "
            "FROM casework_case WHERE ended_on IS NULL"
        )
        cases, digests, days = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM casework_deadline WHERE state IN ('open', 'forecast')")
        (unmet,) = cursor.fetchone()
    print(
        f"{cases:,} open cases with {unmet:,} open deadlines, {days:,} first days, {digests:,} "
        f"digests; made in {made:.0f} s"
    )
    admin = User.objects.create(email="administrator@people.example", name="Administrator")
    Membership.objects.create(
        person=admin, role="administrator", scope="national", starts_on="2020-01-01"
    )
    mark([admin.pk])
    admin.refresh_from_db()
    calendar = current_calendar()
    day = calendar.add(clock.today(), 6)
    change = services.propose_calendar(
        CalendarContent(add=(PublishedBankHoliday(day, "State occasion", ""),)),
        why="Proclaimed",
        by=admin,
    )
    started = time.perf_counter()
    services.preview(change.pk)
    print(f"{'the preview':<22} {time.perf_counter() - started:8.2f} s")
    services.apply(change.pk, by=admin)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return str(change.pk)


# --- copies ---


def _named(url: str, name: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/recompute_{name}"))


def _copy_of(url: str, name: str) -> None:
    """An equal copy of the database: the very same files."""
    import psycopg2
    from django.db import connections

    connections.close_all()
    parts = urlsplit(url)
    beside = psycopg2.connect(urlunsplit(parts._replace(path="/template1")))
    beside.autocommit = True
    with beside.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "recompute_{name}" TEMPLATE "{parts.path[1:]}"')
        cursor.execute("CHECKPOINT")
    beside.close()


def _connected(url: str) -> Any:
    import psycopg2

    found = psycopg2.connect(url)
    found.autocommit = True
    return found


# --- the change ---


def _worker(url: str, change: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.recompute", "--worker", change],
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.PIPE,
        text=True,
    )


def _carried_out(url: str, change: str) -> tuple[float, float]:
    """Seconds and megabytes of a process that carries the change out in one go."""
    process = _worker(url, change)
    said, _ = process.communicate()
    assert process.returncode == 0, said
    seconds, megabytes = said.split()[-2:]
    return float(seconds), float(megabytes)


def _killed(url: str, change: str, times: int, taken: float) -> None:
    """Kill it at random moments of its work, begin it again, let it end."""
    chance = random.Random()
    moments = []
    for _ in range(times):
        process = _worker(url, change)
        _at_work(url, change)
        wait = chance.uniform(0, taken / (times + 1))
        try:
            process.wait(wait)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            moments.append(wait)
    _carried_out(url, change)
    said = ", ".join(f"{one:.1f}" for one in moments)
    print(f"killed {len(moments)} times, {said} s after it was at work; went on each time")


def _at_work(url: str, change: str) -> None:
    """Wait until a worker holds its lock, or has ended."""
    connection = _connected(url)
    with connection.cursor() as cursor:
        for _ in range(600):
            cursor.execute("SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = "
                           "l.database WHERE locktype = 'advisory' AND datname = "
                           "current_database()")  # fmt: skip
            if cursor.fetchone()[0]:
                break
            time.sleep(0.05)
    connection.close()


# --- the baseline ---


def _baseline(url: str, done: str, change: str, folder: Path) -> tuple[int, int, float]:
    """The seconds of the bare statements that write the same, on the untouched original."""
    source, target = _connected(done), _connected(url)
    key = f"change:{change}"
    with source.cursor() as cursor:
        for name, what in (
            (
                "moved",
                f"SELECT id, {MOVED} FROM casework_deadline d WHERE EXISTS (SELECT FROM "
                "casework_move m WHERE m.case_id = d.case_id AND m.rule = d.rule AND "
                "m.subject = d.subject)",
            ),
            ("events", f"SELECT * FROM casework_event WHERE key = '{key}'"),
        ):
            with (folder / name).open("w") as file:
                cursor.copy_expert(f"COPY ({what}) TO STDOUT", file)
    with target.cursor() as cursor:
        cursor.execute(
            f"CREATE UNLOGGED TABLE bare_moved AS SELECT id, {MOVED} FROM casework_deadline LIMIT 0"
        )
        with (folder / "moved").open() as file:
            cursor.copy_expert("COPY bare_moved FROM STDIN", file)
        cursor.execute("ALTER TABLE bare_moved ADD PRIMARY KEY (id)")
        cursor.execute("VACUUM ANALYZE bare_moved")
        cursor.execute("CHECKPOINT")
        values = ", ".join(f"{name.strip()} = m.{name.strip()}" for name in MOVED.split(","))
        started = time.perf_counter()
        cursor.execute("BEGIN")
        cursor.execute(
            f"UPDATE casework_deadline d SET {values} FROM bare_moved m WHERE d.id = m.id"
        )
        rows = cursor.rowcount
        with (folder / "events").open() as file:
            cursor.copy_expert("COPY casework_event FROM STDIN", file)
        events = cursor.rowcount
        cursor.execute("COMMIT")
        seconds = time.perf_counter() - started
    source.close()
    target.close()
    return rows, events, seconds


# --- whether it is right ---


def _checked(url: str, change: str, sample: int) -> int:
    """Fold some of the cases again, moved or not; try that each was told and noted once."""
    code = (
        "import os, sys\n"
        "from benchmarks.recompute import _set_up, wrong\n"
        "_set_up()\n"
        f"sys.exit(wrong({change!r}, {sample}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "DATABASE_URL": url}, check=False
    )
    return done.returncode


def wrong(change_id: str, sample: int) -> int:
    """How many of a sample of cases are not what their events say, and what was done twice."""
    from django.db import connection

    from casework.chain import verify_chain
    from casework.changes.models import Change
    from casework.deadlines import rows_of
    from casework.fold import Fold
    from casework.inputs import VersionsOnRecord
    from casework.models import Case, Event
    from casework.reading import recorded_of
    from casework.registry import kind_of
    from notices.models import Notice

    change = Change.objects.get(pk=change_id)
    bad = int(change.state != "applied")
    moved = list(Event.objects.filter(key=change.key).order_by("?")[:sample].values_list("case"))
    other = list(Case.objects.order_by("?")[: sample // 2].values_list("pk"))
    inputs = VersionsOnRecord()
    for case in Case.objects.filter(pk__in=[pk for (pk,) in (*moved, *other)]):
        folded = Fold(case, kind_of(case), inputs).run(recorded_of(case))
        same = folded.rows == rows_of(case) and all(
            getattr(case, name) == value for name, value in folded.of_case().items()
        )
        bad += not same or bool(verify_chain(case))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT case_id) FROM casework_event WHERE key = %s",
            [change.key],
        )
        events, cases = cursor.fetchone()
    notices = Notice.objects.filter(key__startswith=f"{change.key}:")
    people = notices.values("recipient_id").distinct().count()
    bad += (events != cases) + (events != change.cases) + (notices.count() != people)
    bad += people != change.told or not people
    print(
        f"{len(moved) + len(other)} cases folded again, {events:,} events, {notices.count():,} "
        f"notices to {people:,} people: {'right' if not bad else f'{bad} WRONG'}"
    )
    return int(bool(bad))


def _differ(one: str, other: str, change: str) -> int:
    """Whether two databases came to other dates, events or notices."""
    asked = (
        f"SELECT md5(string_agg(md5(ROW(case_id, rule, subject, settled, {MOVED})::text), '' "
        "ORDER BY case_id, rule, subject)) FROM casework_deadline",
        "SELECT md5(string_agg(md5(ROW(id, version, inputs_digest)::text), '' ORDER BY id)) "
        "FROM casework_case",
        "SELECT md5(string_agg(md5(ROW(case_id, seq, facts)::text), '' ORDER BY case_id)) "
        f"FROM casework_event WHERE key = 'change:{change}'",
        f"SELECT md5(string_agg(key, '' ORDER BY key)) FROM notices_notice "
        f"WHERE key LIKE 'change:{change}:%'",
        "SELECT md5(string_agg(md5(ROW(case_id, rule, subject, old_on, new_on)::text), '' "
        f"ORDER BY case_id, rule, subject)) FROM casework_move WHERE change_id = '{change}'",
    )
    found = []
    for url in (one, other):
        connection = _connected(url)
        with connection.cursor() as cursor:
            answers = []
            for question in asked:
                cursor.execute(question)
                answers.append(cursor.fetchone())
        found.append(answers)
        connection.close()
    same = found[0] == found[1]
    print(f"beside the uninterrupted run: {'the same' if same else 'ANOTHER result'}")
    return int(not same)


if __name__ == "__main__":
    sys.exit(main())
