"""The embedded services are real, private and short-lived."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
import redis

from launcher import REPOSITORY
from launcher.running import is_alive, wait_until
from launcher.services import EmbeddedPostgres, EmbeddedRedis, ServiceError, free_port
from launcher.tests.support import open_to_all


@pytest.fixture
def folder(tmp_path):
    return open_to_all(tmp_path)


@pytest.fixture
def postgres(folder):
    service = EmbeddedPostgres(folder / "postgres", durable=False)
    yield service
    service.stop()


def _rows(url, statement):
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


def test_postgres_is_ours_alone(postgres):
    url = postgres.start()
    assert _rows(url, "select datcollate from pg_database where datname = 'send'") == [("C.UTF-8",)]
    assert _rows(url, "show listen_addresses") == [("127.0.0.1",)]
    assert _rows(url, "show unix_socket_directories") == [("",)]
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(url.replace(postgres.password, "wrong"))
    owner = Path(f"/proc/{postgres.process.pid}").stat().st_uid
    assert owner != 0
    assert stat.S_IMODE((postgres.folder / "password").stat().st_mode) == 0o600
    assert postgres.password not in Path(f"/proc/{postgres.process.pid}/cmdline").read_text()


def test_postgres_keeps_its_data_and_takes_another_port(postgres):
    _rows(postgres.start(), "create table kept as select 7 as number")
    postgres.stop()
    postgres.port = free_port()
    assert _rows(postgres.start(), "select number from kept") == [(7,)]


def test_postgres_comes_back_after_it_was_killed(postgres):
    postgres.start()
    postgres.process.kill()
    postgres.process.wait()
    assert (postgres.cluster / "postmaster.pid").exists()

    def starts_again():
        try:
            return postgres.start()
        except ServiceError:  # its old processes need a moment to end
            return None

    assert _rows(wait_until(starts_again, 30, "PostgreSQL is back"), "select 1") == [(1,)]


def test_a_lock_with_the_number_of_another_process_is_no_obstacle(postgres):
    postgres.prepare()
    lock = postgres.cluster / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{postgres.cluster}\n")
    assert _rows(postgres.start(), "select 1") == [(1,)]


def test_a_server_still_running_on_the_folder_is_waited_for(folder, postgres):
    postgres.start()
    first = postgres.process
    other = EmbeddedPostgres(folder / "postgres", durable=False)
    try:
        assert _rows(other.start(), "select 1") == [(1,)]
        assert first.wait(5) == 0
    finally:
        other.stop()


def test_a_half_made_cluster_is_made_again(postgres):
    postgres.cluster.mkdir(parents=True)
    (postgres.cluster / "PG_VERSION").write_text("18\n")
    assert _rows(postgres.start(), "select 1") == [(1,)]


def test_postgres_says_why_it_cannot_start(postgres):
    postgres.prepare()
    (postgres.cluster / "postgresql.conf").write_text("nonsense = \n")
    with pytest.raises(ServiceError, match="did not start"):
        postgres.start()


def test_redis_answers_only_with_its_password(folder):
    service = EmbeddedRedis(folder / "redis")
    try:
        url = service.start()
        with redis.Redis.from_url(url) as client:
            assert client.ping()
        with (
            redis.Redis(port=service.port) as client,
            pytest.raises(redis.exceptions.AuthenticationError),
        ):
            client.ping()
        assert Path(f"/proc/{service.process.pid}").stat().st_uid != 0
    finally:
        service.stop()
    assert service.process is None


STARTER = """
import sys, time
from pathlib import Path
from launcher.services import EmbeddedPostgres, EmbeddedRedis
folder = Path(sys.argv[1])
postgres = EmbeddedPostgres(folder / "postgres", durable=False); postgres.start()
redis = EmbeddedRedis(folder / "redis"); redis.start()
print(postgres.process.pid, redis.process.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_services_end_with_whoever_started_them(folder, how):
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(folder)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert starter.stdout is not None
    with starter.stdout:
        pids = [int(word) for word in starter.stdout.readline().split()]
    assert len(pids) == 2
    starter.send_signal(how)
    starter.wait()
    wait_until(lambda: not any(map(is_alive, pids)), 10, "both services have ended")
