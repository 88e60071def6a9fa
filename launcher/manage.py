"""`bin/manage`: any manage.py command, PostgreSQL and Redis started where they are not running.

Where the product runs on the data folder, its services are used. Where `DATABASE_URL` and
`REDIS_URL` are set (production), nothing is started and the environment is left as it is.
"""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from launcher import REPOSITORY, LauncherError, product
from launcher.data_folder import DataFolder, read_runtime
from launcher.identity import Identity
from launcher.installing import install_for_commands
from launcher.options import DEFAULT_DATA
from launcher.services import EmbeddedPostgres, EmbeddedRedis, default_identity
from launcher.terminal import complain

# These touch the clone, not the data: they run as whoever calls, with no service.
OF_THE_CLONE = {"makemessages", "compilemessages", "collectstatic", "startapp"}
OWN_MIGRATIONS = {"migrate", "showmigrations", "makemigrations", "sqlmigrate", "restore", "flush"}


def main(arguments: Sequence[str]) -> int:
    """Run one command; gives its exit code."""
    data, command = _parse(arguments)
    os.umask(0o022)
    try:
        install_for_commands()
        if command[0] == "backup":
            return _backup(data, command[1:])
        if command[0] == "restore":
            return _restore(data, command[1:])
        if not _needs_services(command):
            return _run(command, _plain_environment(), Identity())
        with running_services(data, migrated=command[0] not in OWN_MIGRATIONS) as told:
            writes_clone = command[0] == "makemigrations"
            return _run(command, told, Identity() if writes_clone else default_identity(data))
    except LauncherError as error:
        complain(str(error))
        return 1
    except KeyboardInterrupt:
        return 130


def _parse(arguments: Sequence[str]) -> tuple[Path, list[str]]:
    parser = argparse.ArgumentParser(
        prog="bin/manage",
        description="Run a management command with PostgreSQL and Redis started for it where they"
        " are not running. 'bin/manage help' lists the commands; in addition: 'backup FILE' and"
        " 'restore FILE [--force]'.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--data",
        type=lambda text: Path(text).expanduser().absolute(),
        default=DEFAULT_DATA,
        metavar="DIR",
        help="the data folder (var/demo unless given)",
    )
    parser.add_argument("command", nargs=argparse.REMAINDER, metavar="COMMAND ...")
    found = parser.parse_args(list(arguments))
    if not found.command:
        parser.error("name a command, such as 'help', 'backup FILE' or 'rebuild --check'")
    return found.data, found.command


def _needs_services(command: Sequence[str]) -> bool:
    if command[0] in OF_THE_CLONE | {"help", "version", "--help", "--version"}:
        return False
    return not {"--help", "-h", "--bundled"} & set(command)


def in_production() -> bool:
    """Whether the environment names the services: then nothing is started here."""
    return bool(os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))


def _plain_environment() -> dict[str, str]:
    """For commands that touch no data: nothing of the environment is changed."""
    return {"DJANGO_SETTINGS_MODULE": "config.settings.base", **os.environ}


@contextlib.contextmanager
def running_services(data_dir: Path, *, migrated: bool = True) -> Iterator[Mapping[str, str]]:
    """The environment for a command on this data folder, its services running meanwhile.

    With `migrated`, a database without the newest migrations gets them first.
    """
    if in_production():
        yield _plain_environment()
        return
    facts = read_runtime(data_dir)
    if facts:
        yield {**os.environ, **facts["environment"]}
        return
    data = DataFolder(data_dir, default_identity(data_dir))
    data.open()
    redis = EmbeddedRedis(data.redis, identity=data.identity, log=data.log("redis"))
    postgres = EmbeddedPostgres(data.postgres, identity=data.identity, log=data.log("postgres"))
    try:
        redis.spawn()
        database_url = os.environ.get("DATABASE_URL") or postgres.start()
        redis.wait_until_ready()
        told = product.environment(data, database_url, redis.url)
        fingerprint = product.migrations_fingerprint()
        if migrated and data.state().get("prepared") != fingerprint:
            command = ["migrate", "--no-input", "--verbosity", "0"]
            if _run(command, told, data.identity) != 0:
                raise LauncherError("The migrations could not be applied.")
            data.remember(prepared=fingerprint)
        yield told
    finally:
        postgres.stop()
        redis.stop()
        data.close()


def _run(command: Sequence[str], told: Mapping[str, str], identity: Identity) -> int:
    """The command on this terminal. Ctrl-C is the command's own affair; its exit code is given."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process = subprocess.Popen(
            [sys.executable, str(REPOSITORY / "manage.py"), *command],
            env=dict(told),
            preexec_fn=_with_interrupts(identity),
        )
        code = process.wait()
    finally:
        signal.signal(signal.SIGINT, before)
    return 128 - code if code < 0 else code


def _with_interrupts(identity: Identity):  # type: ignore[no-untyped-def]
    become = identity.before_exec(signal.SIGTERM)

    def prepare() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        become()

    return prepare


def _backup(data: Path, arguments: Sequence[str]) -> int:
    from launcher import backup

    parser = argparse.ArgumentParser(
        prog="bin/manage backup",
        description="Write the database and all files into one file, readable by you only.",
    )
    parser.add_argument("file", type=lambda text: Path(text).expanduser().absolute())
    parser.add_argument("--force", action="store_true", help="replace FILE if it exists")
    found = parser.parse_args(list(arguments))
    return backup.make(data, found.file, force=found.force)


def _restore(data: Path, arguments: Sequence[str]) -> int:
    from launcher import backup

    parser = argparse.ArgumentParser(
        prog="bin/manage restore",
        description="Put a backup into a new or empty data folder. Every part is checked against"
        " its hash, and the rows are counted.",
    )
    parser.add_argument("file", type=lambda text: Path(text).expanduser().absolute())
    parser.add_argument("--force", action="store_true", help="replace what is there")
    found = parser.parse_args(list(arguments))
    return backup.restore(data, found.file, force=found.force)
