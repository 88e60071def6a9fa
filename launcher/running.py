"""The real product, started for browser tests and fault drills, and never left behind.

with running_product() as product:
    product.base_url, product.kill("worker"), product.move_clock(moment), ...
"""

import contextlib
import datetime
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launcher import REPOSITORY
from launcher.product import answers

START_SECONDS = 180
STOP_SECONDS = 60


class ProductError(AssertionError):
    """The product did not do what was waited for; the message has the end of its output."""


def wait_until(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """The first true value of `condition`. Raises ProductError after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise ProductError(f"After {seconds:.0f} s still not: {what}")
        time.sleep(0.05)


def descendants(pid: int) -> list[int]:
    """All processes below `pid`, the nearest first."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError):
                # After the command's name, which may hold anything and ends with ')'.
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if fields[0] != "Z":
                    children.setdefault(int(fields[1]), []).append(int(entry.name))
    found: list[int] = []
    waiting = [pid]
    while waiting:
        below = children.get(waiting.pop(0), [])
        found += below
        waiting += below
    return found


def is_alive(pid: int) -> bool:
    """Whether a process runs (one that ended and was not yet waited for does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@dataclass
class RunningProduct:
    """The product on one data folder; its address, its processes, and ways to disturb them."""

    data_dir: Path
    process: "subprocess.Popen[bytes]"
    output: Path

    @property
    def facts(self) -> dict[str, Any]:
        """What the launcher says of itself now: address, environment, process numbers."""
        found = json.loads((self.data_dir / "running.json").read_text())
        assert isinstance(found, dict)
        return found

    @property
    def base_url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def port(self) -> int:
        return int(self.facts["port"])

    @property
    def database_url(self) -> str:
        return str(self.environment["DATABASE_URL"])

    @property
    def redis_url(self) -> str:
        return str(self.environment["REDIS_URL"])

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the product's processes, for a Django of the test's own."""
        return {**os.environ, **self.facts["environment"]}

    @property
    def said(self) -> str:
        """What the launcher has printed so far."""
        return self.output.read_text(errors="replace")

    def log(self, name: str) -> str:
        """The log of one process: web, worker, beat, postgres or redis."""
        return (self.data_dir / "logs" / f"{name}.log").read_text(errors="replace")

    def pid(self, name: str) -> int:
        """The process of that name as it is now."""
        return int(self.facts["pids"][name])

    def all_pids(self) -> list[int]:
        """The launcher and everything below it."""
        return [self.process.pid, *descendants(self.process.pid)]

    def kill(self, name: str, how: signal.Signals = signal.SIGKILL) -> int:
        """End one of the processes (with -9 unless told); gives its number."""
        pid = self.pid(name)
        os.kill(pid, how)
        return pid

    def kill_worker(self) -> int:
        """Kill the Celery worker and its pool, as a crash of the machine would."""
        pid = self.pid("worker")
        for one in (pid, *descendants(pid)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        return pid

    def kill_pool_process(self) -> int:
        """Kill one of the worker's own children only, such as one that renders a letter."""
        pid = wait_until(lambda: descendants(self.pid("worker")), 20, "the worker has a pool")[0]
        os.kill(pid, signal.SIGKILL)
        return int(pid)

    def wait_for_restart(self, name: str, old_pid: int, seconds: float = 60) -> int:
        """Wait until the launcher has started it again; gives the new number."""

        def new() -> int | None:
            pid = self.pid(name)
            return pid if pid != old_pid and is_alive(pid) else None

        return int(wait_until(new, seconds, f"{name} is started again"))

    def restart_postgres(self) -> None:
        """End PostgreSQL ('fast': every connection is cut) and wait until it answers again."""
        old = self.kill("postgres", signal.SIGINT)
        self.wait_for_restart("postgres", old)
        wait_until(self._database_answers, 60, "PostgreSQL answers again")

    def _database_answers(self) -> bool:
        import psycopg2

        try:
            psycopg2.connect(self.database_url, connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def query(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Rows of a query on the product's database; what it changes is committed."""
        import psycopg2

        connection = psycopg2.connect(self.database_url, connect_timeout=5)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement, parameters)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()

    def flush_redis(self) -> None:
        """Empty Redis: the cache, counters and every queued task are gone."""
        import redis

        with redis.Redis.from_url(self.redis_url) as client:
            client.flushall()

    def move_clock(self, moment: datetime.datetime) -> None:
        """Set the product's clock for all its processes to an aware moment, running on."""
        path = Path(self.environment["CLOCK_FILE"])
        offset = (moment - datetime.datetime.now(datetime.UTC)).total_seconds()
        aside = path.with_name(f"{path.name}.test")
        aside.write_text(str(offset))
        aside.chmod(0o644)
        aside.replace(path)

    def put_clock_back(self) -> None:
        """Let the product's clock show the real time again."""
        Path(self.environment["CLOCK_FILE"]).unlink(missing_ok=True)

    def manage(self, *command: str) -> str:
        """The output of a management command on the running product. Raises where it fails."""
        done = subprocess.run(
            [sys.executable, "-m", "launcher", "manage", "--data", str(self.data_dir), *command],
            cwd=REPOSITORY,
            env=_without_our_services(),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if done.returncode != 0:
            raise ProductError(f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask the launcher to end and wait; gives its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(STOP_SECONDS)


@contextlib.contextmanager
def running_product(
    data_dir: Path | None = None,
    *,
    empty: bool = False,
    port: int = 0,
    environment: Mapping[str, str] | None = None,
) -> Iterator[RunningProduct]:
    """Start the product as `bin/up` does (all must be installed) and end it afterwards.

    `environment` is added to our own, such as a DATABASE_URL for services of one's own.
    Without `data_dir` a fresh folder is used and removed. Raises ProductError where it does not
    start in time.
    """
    own = None
    if data_dir is None:
        own = Path(tempfile.mkdtemp(prefix="send-product-"))
        own.chmod(0o755)
    folder = data_dir or own or Path()
    output = Path(tempfile.mkstemp(prefix="send-output-")[1])
    command = [sys.executable, "-m", "launcher", "up", "--data", str(folder), "--port", str(port)]
    with output.open("wb") as file:
        process = subprocess.Popen(
            [*command, "--empty"] if empty else command,
            cwd=REPOSITORY,
            env={**_without_our_services(), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    product = RunningProduct(folder, process, output)
    try:
        _wait_for_start(product)
        yield product
    finally:
        _end(product)
        output.unlink(missing_ok=True)
        if own:
            shutil.rmtree(own, ignore_errors=True)


def _without_our_services() -> dict[str, str]:
    """Our environment: the services of the test run itself are not the product's."""
    ours = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
    return {name: value for name, value in os.environ.items() if name not in ours}


def _wait_for_start(product: RunningProduct) -> None:
    def up() -> bool:
        if product.process.poll() is not None:
            raise ProductError(f"The product ended while starting:\n{product.said[-4000:]}")
        return "Ctrl-C stops everything" in product.said and answers(product.port)

    try:
        wait_until(up, START_SECONDS, "the product serves a page")
    except ProductError as error:
        raise ProductError(f"{error}\n{product.said[-4000:]}") from None


def _end(product: RunningProduct) -> None:
    """Stop it; whatever is left of its processes after a minute is killed."""
    pids = product.all_pids()
    try:
        product.stop()
    except subprocess.TimeoutExpired:
        product.process.kill()
        product.process.wait()
    for pid in pids:
        if is_alive(pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
