"""The product's own processes: web server, worker, beat. What they are told and how they start."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from launcher import REPOSITORY
from launcher.data_folder import DataFolder
from launcher.services import spawn
from launcher.supervisor import Child

WORKERS_AT_ONCE = 2


def own_environment(
    data: DataFolder, database_url: str, redis_url: str, port: int = 0
) -> dict[str, str]:
    """What the product's processes are told on this data folder (secrets included)."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.demo",
        "DEMONSTRATION": "yes",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": data.secret_key(),
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "SITE_URL": f"http://localhost:{port}",
        # Cookies know no ports: two copies on one machine must not sign each other out.
        "COOKIE_SUFFIX": f"-{port}" if port else "",
        "FILES_DIR": str(data.files),
        "CLOCK_FILE": str(data.clock),
        "HOME": str(data.cache),
        "XDG_CACHE_HOME": str(data.cache),
        "PYTHONPATH": str(REPOSITORY),
        "PYTHONUNBUFFERED": "1",
    }


def environment(
    data: DataFolder, database_url: str, redis_url: str, port: int = 0
) -> dict[str, str]:
    """The whole environment of the product's processes: what we inherited, and its own."""
    foreign = ("DJANGO_", "PYTHON", "CELERY_", "PG")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {**inherited, **own_environment(data, database_url, redis_url, port)}


def _python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def _child(
    data: DataFolder,
    told: Mapping[str, str],
    name: str,
    command: list[str],
    *,
    parent_death: signal.Signals,
    stop_seconds: float,
) -> Child:
    def start() -> "subprocess.Popen[bytes]":
        return spawn(
            command,
            identity=data.identity,
            log=data.log(name),
            environment=told,
            folder=REPOSITORY,
            parent_death=parent_death,
        )

    return Child(name, start, stop_seconds=stop_seconds)


def web(data: DataFolder, told: Mapping[str, str], port: int) -> Child:
    """gunicorn; it lets running requests finish for up to ten seconds."""
    command = _python("-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}")
    command += ["--config", "python:launcher.gunicorn_settings", "--no-control-socket"]
    return _child(data, told, "web", command, parent_death=signal.SIGTERM, stop_seconds=15)


def worker(data: DataFolder, told: Mapping[str, str]) -> Child:
    """A Celery worker. Where the launcher is killed it is, too: an unfinished task comes back."""
    command = _python("-m", "celery", "-A", "config", "worker", "--pool", "prefork")
    command += ["--concurrency", str(WORKERS_AT_ONCE), "--loglevel", "INFO"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    command += ["--hostname", "worker@localhost"]
    return _child(data, told, "worker", command, parent_death=signal.SIGKILL, stop_seconds=30)


def beat(data: DataFolder, told: Mapping[str, str]) -> Child:
    """Celery's beat, which asks for what is due by the clock."""
    command = _python("-m", "celery", "-A", "config", "beat", "--loglevel", "INFO")
    command += ["--pidfile", ""]
    return _child(data, told, "beat", command, parent_death=signal.SIGKILL, stop_seconds=10)


def answers(port: int, path: str = "/healthz", seconds: float = 5.0) -> bool:
    """Whether the web server answers this address with anything but an error of its own."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}{path}", timeout=seconds) as response:
            return bool(response.status == 200)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def migrations_fingerprint(repository: Path = REPOSITORY) -> str:
    """Changes whenever a migration of ours or the set of installed packages does."""
    import hashlib

    digest = hashlib.sha256((repository / "requirements.txt").read_bytes())
    for path in sorted(repository.glob("*/migrations/*.py")):
        digest.update(str(path.relative_to(repository)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
