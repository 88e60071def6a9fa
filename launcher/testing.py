"""PostgreSQL and Redis for one run of pytest, ended with it however it ends.

Tests run inside transactions. One that cannot (it commits, or serves pages from a thread) gets the
database back as it was from a copy: Django's own way, emptying all tables, would lose what the
migrations put in, and is refused by the triggers that guard events and letters.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from launcher.services import EmbeddedPostgres, EmbeddedRedis, services_identity

PREFIX = "send-tests-"


class PrivateServices:
    """Starts what `DATABASE_URL` and `REDIS_URL` do not name, and sets them for child processes."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.postgres: EmbeddedPostgres | None = None
        self.redis: EmbeddedRedis | None = None

    def start(self) -> None:
        """Start what is missing; both names are in the environment afterwards."""
        needed = [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]
        if not needed:
            return
        _remove_leftovers()
        identity = services_identity()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        self.folder.chmod(0o755)  # for root's unprivileged children
        if "REDIS_URL" in needed:
            self.redis = EmbeddedRedis(self.folder / "redis", identity=identity)
            self.redis.spawn()
        if "DATABASE_URL" in needed:
            self.postgres = EmbeddedPostgres(
                self.folder / "postgres", durable=False, identity=identity
            )
            os.environ["DATABASE_URL"] = self.postgres.start()
        if self.redis:
            self.redis.wait_until_ready()
            os.environ["REDIS_URL"] = self.redis.url

    def stop(self) -> None:
        """End what was started and remove its data."""
        if self.postgres:
            self.postgres.stop()
            os.environ.pop("DATABASE_URL", None)
        if self.redis:
            self.redis.stop()
            os.environ.pop("REDIS_URL", None)
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.folder = self.postgres = self.redis = None


def files_folder() -> Path:
    """A folder for this process's stored files; whoever asks for it removes it."""
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-files-"))


def _remove_leftovers() -> None:
    """Folders of runs that were killed, by the process number in their names."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        number = folder.name.removeprefix(PREFIX).split("-")[0]
        if number.isdigit() and not Path(f"/proc/{number}").exists():
            shutil.rmtree(folder, ignore_errors=True)


def use_in_django(settings: Any) -> None:
    """Point loaded settings at the services: pytest-django reads them before `conftest.py`."""
    import environ

    url = os.environ["DATABASE_URL"]
    settings.DATABASES["default"].update(environ.Env.db_url_config(url))
    redis_url = os.environ["REDIS_URL"]
    settings.REDIS_URL = redis_url
    settings.CELERY_BROKER_URL = redis_url
    settings.CACHES["default"]["LOCATION"] = redis_url


def restore_after_committing_tests() -> None:
    """Have Django's TransactionTestCase put the database back from a copy of it."""
    from django.test import TransactionTestCase

    case: Any = TransactionTestCase
    set_up = case._fixture_setup.__func__

    def keep_a_copy(cls: Any) -> None:
        # pytest-django runs these tests after all others, so that nothing has been committed yet.
        _copy_database()
        set_up(cls)

    case._fixture_setup = classmethod(keep_a_copy)
    case._fixture_teardown = lambda self: _put_back()


def _administer(*statements: str) -> None:
    import psycopg2
    from django.db import connection, connections

    connections.close_all()
    own = connection.get_connection_params()
    administrator = psycopg2.connect(**{**own, "dbname": "postgres"})
    try:
        administrator.autocommit = True
        with administrator.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        administrator.close()


def _names() -> tuple[str, str]:
    from django.db import connection

    name = connection.settings_dict["NAME"]
    return name, f"{name}_copy"


_copied: set[str] = set()


def _copy_database() -> None:
    name, copy = _names()
    if name not in _copied:
        _administer(
            f'drop database if exists "{copy}"',
            f'create database "{copy}" template "{name}" strategy file_copy',
        )
        _copied.add(name)


def _put_back() -> None:
    name, copy = _names()
    _administer(
        f'drop database "{name}" with (force)',
        f'create database "{name}" template "{copy}" strategy file_copy',
    )
