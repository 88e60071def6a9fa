"""The whole product under the launcher: what survives, what ends, what is said."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import psycopg2
import pytest

from launcher import REPOSITORY
from launcher.running import ProductError, descendants, is_alive, running_product, wait_until
from launcher.services import free_port
from launcher.tests.support import open_to_all


@pytest.fixture(scope="module")
def product():
    with running_product(empty=True) as running:
        yield running


def _status(product, path):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{product.base_url}{path}", timeout=20) as response:
        return response.status


def _launch(*arguments, **options):
    environment = {**os.environ, "DATABASE_URL": "", "REDIS_URL": ""}
    return subprocess.run(
        [sys.executable, "-m", "launcher", "up", *map(str, arguments)],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        **options,
    )


def test_it_is_ready(product):
    assert _status(product, "/healthz") == 200
    assert _status(product, "/readyz") == 200
    assert set(product.facts["pids"]) == {"redis", "postgres", "web", "worker", "beat"}
    assert product.base_url in product.said


def test_nothing_of_it_runs_as_root(product):
    wait_until(lambda: len(descendants(product.pid("worker"))) >= 2, 20, "the pool has started")
    below = descendants(product.process.pid)
    owners = {}
    for pid in below:
        with contextlib.suppress(FileNotFoundError):  # PostgreSQL's helpers come and go
            owners[pid] = os.stat(f"/proc/{pid}").st_uid
    assert len(owners) > 8
    if os.geteuid() == 0:
        assert 0 not in owners.values()


def test_no_password_is_on_a_command_line(product):
    secrets = [product.environment["SECRET_KEY"], product.database_url, product.redis_url]
    for pid in product.all_pids():
        with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as file:
            words = file.read()
        assert not any(secret in words for secret in secrets)


@pytest.mark.parametrize("name", ["web", "worker", "beat", "redis"])
def test_what_is_killed_comes_back(product, name):
    old = product.kill(name)
    product.wait_for_restart(name, old)
    wait_until(lambda: _ready(product), 60, "it is ready again")


def test_postgres_killed_comes_back_on_the_same_address(product):
    before = product.database_url
    old = product.kill("postgres")
    wait_until(lambda: product.pid("postgres") != old and _ready(product), 60, "ready again")
    assert product.database_url == before


def _ready(product):
    try:
        return _status(product, "/readyz") == 200
    except OSError:
        return False


def test_postgres_restarted_under_requests(product):
    for _ in range(5):
        product.restart_postgres()
        assert _status(product, "/readyz") == 200


def test_redis_emptied(product):
    product.flush_redis()
    assert _status(product, "/readyz") == 200


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
@pytest.mark.parametrize(("token", "status"), [(True, 413), (False, 403)])
def test_a_field_of_ten_megabytes_gets_its_answer(product, kind, token, status):
    """Refused before it is read to its end, it must not look like a broken connection."""
    body = b"email=" + b"x" * 10_000_000
    if kind.startswith("multipart"):
        head = b'--b\r\nContent-Disposition: form-data; name="email"\r\n\r\n'
        body, kind = head + body + b"\r\n--b--\r\n", f"{kind}; boundary=b"
    asked = urllib.request.Request(f"{product.base_url}/sign-in/", data=body)
    asked.add_header("Content-Type", kind)
    if token:
        name = "csrf" + product.environment["COOKIE_SUFFIX"]
        asked.add_header("Cookie", f"{name}={'a' * 32}")
        asked.add_header("X-CSRFToken", "a" * 32)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(asked, timeout=20)
    with refused.value as answer:
        assert answer.code == status
        assert "Nothing was saved" in answer.read().decode()


def test_commands_use_what_runs(product):
    assert "[X] 0001_initial" in product.manage("showmigrations", "areas")


def test_the_data_folder_is_taken(product):
    done = _launch("--data", product.data_dir, "--port", 0)
    assert done.returncode == 1
    assert "is in use by another start of the service" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_port_is_taken(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = _launch("--data", tmp_path / "data", "--port", port)
    assert done.returncode == 1
    assert f"Port {port} is in use by another program" in done.stderr
    assert "Traceback" not in done.stderr


def test_two_copies_run_side_by_side(product):
    with running_product(empty=True) as other:
        assert other.port != product.port
        assert _status(product, "/healthz") == _status(other, "/healthz") == 200
        names = [one.environment["COOKIE_SUFFIX"] for one in (product, other)]
        assert names[0] != names[1]


def test_services_of_ones_own_are_used(kept):
    """Those of this run of pytest stand for an installation's own."""
    server, name = os.environ["DATABASE_URL"].rpartition("/")[0], "somebodys_own"
    administrator = psycopg2.connect(f"{server}/postgres")
    administrator.autocommit = True
    own = {
        "DATABASE_URL": f"{server}/{name}",
        "REDIS_URL": os.environ["REDIS_URL"].rpartition("/")[0] + "/9",
    }
    try:
        with administrator.cursor() as cursor:
            cursor.execute(f"drop database if exists {name} with (force)")
            cursor.execute(f"create database {name}")
        with running_product(kept / "other", empty=True, environment=own) as product:
            assert set(product.facts["pids"]) == {"web", "worker", "beat"}
            assert _status(product, "/readyz") == 200
            assert product.database_url == own["DATABASE_URL"]
        assert not (kept / "other" / "postgres").exists()
        with administrator.cursor() as cursor:
            cursor.execute(f"drop database {name} with (force)")
        with (
            pytest.raises(ProductError, match="database of DATABASE_URL does not answer"),
            running_product(kept / "other", empty=True, environment=own),
        ):
            pass
    finally:
        administrator.close()


def _assert_nothing_left(pids):
    wait_until(lambda: not any(map(is_alive, pids)), 30, "every process has ended")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A data folder for several starts, each of which finds the last one's data."""
    folder = tmp_path_factory.mktemp("kept")
    return open_to_all(folder)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything_in_order(kept, how):
    with running_product(kept / "data", empty=True) as product:
        pids = product.all_pids()
        assert product.stop(how) == 0
        _assert_nothing_left(pids)
        assert f"Stopping ({how.name})" in product.said
        assert "Stopped." in product.said
        assert "Traceback" not in product.said


def test_killed_it_leaves_nothing_and_starts_again_with_its_data(kept):
    port = free_port()
    for turn in range(3):
        with running_product(kept / "data", empty=True, port=port) as product:
            if turn:
                assert product.query("select turn from turns") == [(turn,)]
            product.query("drop table if exists turns")
            product.query("create table turns as select %s::int as turn", turn + 1)
            wait_until(lambda: len(descendants(product.pid("worker"))) >= 2, 20, "a pool")
            pids = product.all_pids()
            if turn == 1:  # busy ones, which notice nothing by themselves
                for name in ("worker", "web"):
                    for pid in descendants(product.pid(name)):
                        os.kill(pid, signal.SIGSTOP)
            product.process.kill()
            product.process.wait()
            _assert_nothing_left(pids)


def test_a_second_ctrl_c_stops_at_once(kept):
    with running_product(kept / "data", empty=True) as product:
        pids = product.all_pids()
        os.kill(product.pid("worker"), signal.SIGSTOP)  # it would hold up an orderly end
        product.process.send_signal(signal.SIGINT)
        time.sleep(1)
        started = time.monotonic()
        assert product.stop(signal.SIGINT) == 0
        assert time.monotonic() - started < 5
        _assert_nothing_left(pids)
        assert "Traceback" not in product.said
