"""`bin/up`: install what is missing, start everything, keep it running, stop it in order."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from launcher import REPOSITORY, LauncherError, product
from launcher.data_folder import DataFolder
from launcher.installing import install_for_running
from launcher.options import Options, parse
from launcher.services import (
    EmbeddedPostgres,
    EmbeddedRedis,
    default_identity,
    free_port,
    spawn,
    tail,
)
from launcher.supervisor import Child, StopRequested, Supervisor
from launcher.terminal import complain, done, say, step

PORT_WAIT_SECONDS = 5  # a killed launcher's web server needs a moment to let go


@dataclass
class Launch:
    """One run of the product on one data folder."""

    options: Options
    data: DataFolder
    port: int
    supervisor: Supervisor = field(default_factory=Supervisor)
    postgres: EmbeddedPostgres | None = None
    redis: EmbeddedRedis | None = None
    told: dict[str, str] = field(default_factory=dict)
    begun: float = field(default_factory=time.monotonic)

    def start(self) -> None:
        """Start everything; returns when the first page was served."""
        self._start_services()
        fingerprint = product.migrations_fingerprint()
        prepared = self.data.state().get("prepared") == fingerprint
        if not prepared:
            self._prepare(fingerprint)
        began = time.monotonic()
        web = self.supervisor.add(product.web(self.data, self.told, self.port))
        if prepared:
            self._wait_for_services()
        self._wait_for_web(web)
        done("web server", time.monotonic() - began)
        # After the first page: on a small machine they would only slow it down.
        self.supervisor.add(product.worker(self.data, self.told))
        self.supervisor.add(product.beat(self.data, self.told))

    def _start_services(self) -> None:
        database_url = os.environ.get("DATABASE_URL", "")
        redis_url = os.environ.get("REDIS_URL", "")
        supervisor = self.supervisor
        if not redis_url:
            self.redis = redis = EmbeddedRedis(
                self.data.redis, identity=self.data.identity, log=self.data.log("redis")
            )
            supervisor.add(Child("redis", redis.spawn, stop_seconds=10))
            redis_url = redis.url
        if not database_url:
            self.postgres = postgres = EmbeddedPostgres(
                self.data.postgres, identity=self.data.identity, log=self.data.log("postgres")
            )
            if not postgres.made:
                with step("new database"):
                    postgres.prepare()
            supervisor.add(
                Child(
                    "postgres",
                    postgres.spawn,
                    stop_signal=signal.SIGINT,
                    stop_seconds=20,
                    kill_signal=signal.SIGQUIT,
                )
            )
            database_url = postgres.url
        self.told = product.environment(self.data, database_url, redis_url, self.port)

    def _wait_for_services(self) -> None:
        with step("PostgreSQL and Redis"):
            if self.postgres:
                self.postgres.wait_until_ready()
            else:
                _check_postgres(self.told["DATABASE_URL"])
            if self.redis:
                self.redis.wait_until_ready()
            else:
                _check_redis(self.told["REDIS_URL"])

    def _prepare(self, fingerprint: str) -> None:
        self._wait_for_services()
        command = [sys.executable, "-m", "launcher.prepare"]
        first = "demonstration" not in self.data.state()
        who = self.data.cache / "who.txt"
        if first and not self.options.empty:
            command += ["--demonstration", str(who)]
        log = self.data.log("prepare")
        start = log.stat().st_size if log.exists() else 0
        process = spawn(
            command,
            identity=self.data.identity,
            log=log,
            speaks=True,
            environment=self.told,
            folder=REPOSITORY,
            parent_death=signal.SIGKILL,
        )
        try:
            code = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        if code != 0:
            said = tail(log, since=start)
            raise LauncherError(f"The database could not be made ready:\n{said}")
        if first:
            self.data.remember(demonstration=not self.options.empty)
        self.data.remember(prepared=fingerprint)

    def _wait_for_web(self, web: Child) -> None:
        log = self.data.log("web")
        start = log.stat().st_size if log.exists() else 0
        try:
            self.supervisor.wait_for(web, lambda: product.answers(self.port), 90, "")
        except LauncherError as error:
            raise LauncherError(f"{error}{tail(log, since=start)}") from None
        product.answers(self.port, "/", seconds=30)

    def write_runtime(self) -> None:
        """Tell `bin/manage` and the tests where everything is, once that is settled."""
        if not self.told:
            return
        pids = {
            child.name: child.process.pid
            for child in self.supervisor.children
            if child.process is not None
        }
        self.data.write_runtime(
            {
                "launcher": os.getpid(),
                "address": f"http://localhost:{self.port}",
                "port": self.port,
                "environment": product.own_environment(
                    self.data, self.told["DATABASE_URL"], self.told["REDIS_URL"], self.port
                ),
                "pids": pids,
            }
        )

    def announce(self) -> None:
        """The address, and who can sign in as whom."""
        say()
        say(f"SEND area inspections is at http://localhost:{self.port}")
        who = self.data.cache / "who.txt"
        if self.data.state().get("demonstration") and who.exists():
            say("Demonstration: choose at /sign-in/ whom to become.")
            say()
            say(who.read_text().rstrip())
        elif not self.data.state().get("demonstration"):
            say(
                "Nobody can sign in yet. 'bin/manage demonstration' adds invented people and cases."
            )
        say()
        say(f"Data: {self.data.path}   Logs: {self.data.logs}")
        say(f"Ready after {time.monotonic() - self.begun:.1f} s. Ctrl-C stops everything.")

    def stop(self) -> None:
        """End everything that was started, and forget where it was."""
        self.supervisor.stop_all()
        self.data.runtime.unlink(missing_ok=True)
        self.data.close()


def _check_postgres(url: str) -> None:
    import psycopg2

    try:
        psycopg2.connect(url, connect_timeout=5).close()
    except psycopg2.Error as error:
        raise LauncherError(f"The database of DATABASE_URL does not answer: {error}") from None


def _check_redis(url: str) -> None:
    import redis

    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise LauncherError(f"The Redis of REDIS_URL does not answer: {error}") from None


def claim_port(port: int) -> int:
    """The port to serve on; 0 asks for a free one. Raises LauncherError where it is taken."""
    if port == 0:
        return free_port()
    deadline = time.monotonic() + PORT_WAIT_SECONDS
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except PermissionError:
                raise LauncherError(
                    f"Port {port} is for the system's own services: choose one from 1024 up."
                ) from None
            except OSError:
                if time.monotonic() > deadline:
                    raise LauncherError(
                        f"Port {port} is in use by another program. Choose another with --port,"
                        " or --port 0 for any that is free."
                    ) from None
        time.sleep(0.25)


def main(arguments: Sequence[str]) -> int:
    """Run `bin/up`; gives its exit code: 0 after a stop that was asked for, 1 after a failure."""
    options = parse(arguments)
    os.umask(0o022)
    launch: Launch | None = None
    temporary: Path | None = None
    supervisor = Supervisor()
    supervisor.install_signals()
    code = 0
    try:
        begun = time.monotonic()
        install_for_running()
        if options.data is None:
            temporary = Path(tempfile.mkdtemp(prefix="send-smoke-"))
            temporary.chmod(0o755)
        folder = options.data or temporary or Path()
        data = DataFolder(folder, default_identity(folder))
        data.open()
        launch = Launch(options, data, claim_port(options.port), supervisor, begun=begun)
        supervisor.on_change = launch.write_runtime
        launch.start()
        if options.smoke:
            code = _smoke(launch)
        else:
            launch.announce()
            supervisor.run()
    except LauncherError as error:
        complain(f"\n{error}")
        code = 1
    except OSError as error:
        complain(f"\nThe system refused: {error}.")
        code = 1
    except (StopRequested, subprocess.SubprocessError):
        code = 0 if supervisor.requested and not options.smoke else 1
    finally:
        supervisor.starting = False
        if supervisor.requested:
            say(f"\nStopping ({supervisor.requested.name}) ...")
        if launch:
            launch.stop()
        if temporary:
            shutil.rmtree(temporary, ignore_errors=True)
        if supervisor.requested:
            say("Stopped.")
    return code


def _smoke(launch: Launch) -> int:
    from launcher.smoke import run

    launch.supervisor.starting = True
    return run(f"http://localhost:{launch.port}", launch.data)
