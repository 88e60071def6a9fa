"""One file that holds a whole installation: the database, the stored files, and a list of hashes.

A tar with `manifest.json` (what is in it, SHA-256 of each part, rows per table), `database.dump`
(pg_dump's custom format) and `files/...`. The database is dumped before the files are read: a row
is written after its file, so that each row's file is in the backup.
"""

import contextlib
import datetime
import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO, Any
from urllib.parse import unquote, urlsplit

import psycopg2
from psycopg2 import sql

from launcher import LauncherError
from launcher.data_folder import DataFolder, read_runtime
from launcher.manage import in_production, running_services
from launcher.services import EmbeddedPostgres, default_identity
from launcher.terminal import say, step

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database.dump"
CHUNK = 1_048_576


def make(data_dir: Path, file: Path, *, force: bool = False) -> int:
    """Write a backup of `data_dir` (or of the production environment) to `file`; gives 0.

    Raises LauncherError, leaving nothing half-written, where it cannot be made.
    """
    if file.exists() and not force:
        raise LauncherError(f"{file} exists already; --force replaces it.")
    if not file.parent.is_dir():
        raise LauncherError(f"There is no folder {file.parent}.")
    if not in_production() and not (data_dir / "postgres" / "made").exists():
        raise LauncherError(f"{data_dir} holds no data to back up; name the folder with --data.")
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with running_services(data_dir) as told, tempfile.TemporaryDirectory() as work:
            dump = Path(work) / DATABASE
            with step("database"):
                rows = _dump(told["DATABASE_URL"], dump)
            with step("files"):
                descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(descriptor, "wb") as target:
                    parts = _write(target, dump, Path(told["FILES_DIR"]), rows)
                    target.flush()
                    os.fsync(target.fileno())
        aside.replace(file)
    except OSError as error:
        raise LauncherError(f"{file} could not be written: {error.strerror or error}.") from None
    finally:
        aside.unlink(missing_ok=True)
    say(f"{file}: {sum(rows.values())} rows of {len(rows)} tables and {parts - 1} files")
    return 0


def restore(data_dir: Path, file: Path, *, force: bool = False) -> int:
    """Put a backup into `data_dir` (or the database and folder of the environment); gives 0.

    What is there is replaced only with `force`, and only once the whole backup has been checked
    and read. Raises LauncherError where the backup is damaged or something is in the way.
    """
    if not file.is_file():
        raise LauncherError(f"There is no file {file}.")
    with step("checking the backup"):
        manifest = _checked(file)
    if in_production():
        _restore_to_environment(file, manifest)
    else:
        _restore_to_folder(data_dir, file, manifest, force=force)
    say(f"Restored: {sum(manifest['rows'].values())} rows, {len(_stored(manifest))} files.")
    return 0


# Writing


def _connection_parts(url: str) -> tuple[list[str], dict[str, str]]:
    """For PostgreSQL's programs: arguments, and an environment that holds the password."""
    parts = urlsplit(url)
    arguments = ["--host", parts.hostname or "127.0.0.1", "--port", str(parts.port or 5432)]
    arguments += ["--username", unquote(parts.username or "")]
    environment = {**os.environ, "PGPASSWORD": unquote(parts.password or "")}
    return [*arguments, "--dbname", parts.path.lstrip("/")], environment


def _connect(url: str) -> Any:
    return psycopg2.connect(url.replace("postgis://", "postgres://", 1), connect_timeout=5)


def _dump(url: str, target: Path) -> dict[str, int]:
    """Dump the database; gives the rows of each table in the very same snapshot."""
    connection = _connect(url)
    try:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with connection.cursor() as cursor:
            cursor.execute("select pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            rows = _count_rows(cursor)
            arguments, environment = _connection_parts(url)
            arguments += ["--format", "custom", "--no-owner", "--no-privileges"]
            arguments += ["--snapshot", snapshot, "--file", str(target)]
            _program("pg_dump", arguments, environment)
        return rows
    finally:
        connection.close()


def _count_rows(cursor: Any) -> dict[str, int]:
    cursor.execute(
        "select schemaname, tablename from pg_tables"
        " where schemaname not in ('pg_catalog', 'information_schema') order by 1, 2"
    )
    counts = {}
    for schema, table in cursor.fetchall():
        cursor.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(schema, table)))
        counts[f"{schema}.{table}"] = cursor.fetchone()[0]
    return counts


def _program(name: str, arguments: list[str], environment: Mapping[str, str]) -> None:
    done = subprocess.run(
        [str(EmbeddedPostgres.program(name)), *arguments],
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise LauncherError(f"{name} failed:\n{done.stderr.strip()[-2000:]}")


def _write(target: IO[bytes], dump: Path, files: Path, rows: Mapping[str, int]) -> int:
    """Write the tar; gives the number of parts. The manifest comes last, when all is hashed."""
    hashes: dict[str, str] = {}
    with tarfile.open(fileobj=target, mode="w|") as tar:
        hashes[DATABASE] = _add(tar, DATABASE, dump)
        for path in sorted(files.rglob("*")) if files.is_dir() else []:
            if path.is_file() and not path.is_symlink():
                name = f"files/{path.relative_to(files).as_posix()}"
                hashes[name] = _add(tar, name, path)
        made = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        manifest = {"format": FORMAT, "made": made, "sha256": hashes, "rows": dict(rows)}
        text = json.dumps(manifest, indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(text), 0o600
        tar.addfile(entry, io.BytesIO(text))
    return len(hashes)


class _Hashing:
    """Hashes what is read through it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self.file.read(size)
        self.digest.update(chunk)
        return chunk


def _add(tar: tarfile.TarFile, name: str, path: Path) -> str:
    entry = tarfile.TarInfo(name)
    entry.mode = 0o600
    with path.open("rb") as file:
        entry.size = os.fstat(file.fileno()).st_size
        hashing = _Hashing(file)
        tar.addfile(entry, hashing)
    return hashing.digest.hexdigest()


# Reading


@contextlib.contextmanager
def _clear_errors(file: Path) -> Iterator[None]:
    """What goes wrong while a backup is read, in words."""
    try:
        yield
    except (tarfile.TarError, EOFError) as error:
        raise LauncherError(f"{file} is damaged or no backup: {error}.") from None
    except OSError as error:
        raise LauncherError(f"{file} cannot be read: {error.strerror or error}.") from None


def _parts(file: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Each regular part of a backup. Raises LauncherError at anything that is not one of ours."""
    with tarfile.open(file, mode="r|") as tar:
        for entry in tar:
            path = PurePosixPath(entry.name)
            known = entry.name in (MANIFEST, DATABASE) or path.parts[:1] == ("files",)
            if not entry.isreg() or path.is_absolute() or ".." in path.parts or not known:
                raise LauncherError(f"{file} is no backup of this service: '{entry.name}'.")
            content = tar.extractfile(entry)
            assert content is not None
            yield entry.name, content


def _checked(file: Path) -> dict[str, Any]:
    """The manifest, once every part was found to have its hash."""
    found: dict[str, str] = {}
    manifest: dict[str, Any] | None = None
    with _clear_errors(file):
        for name, content in _parts(file):
            if name == MANIFEST:
                manifest = _manifest(file, content.read())
                continue
            digest = hashlib.sha256()
            while chunk := content.read(CHUNK):
                digest.update(chunk)
            found[name] = digest.hexdigest()
    if manifest is None:
        raise LauncherError(f"{file} is not complete: the list at its end is missing.")
    if found != manifest["sha256"]:
        names = sorted(set(found.items()) ^ set(manifest["sha256"].items()))
        raise LauncherError(f"{file} is damaged: '{names[0][0]}' is not what was backed up.")
    return manifest


def _manifest(file: Path, text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        raise LauncherError(f"{file} is damaged: its list cannot be read.") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise LauncherError(f"{file} has a format this version does not know.")
    return found


def _stored(manifest: Mapping[str, Any]) -> list[str]:
    return [name for name in manifest["sha256"] if name.startswith("files/")]


def _extract(file: Path, dump: Path, files: Path) -> None:
    for name, content in _parts(file):
        if name == MANIFEST:
            continue
        target = dump if name == DATABASE else files / PurePosixPath(name).relative_to("files")
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as out:
            shutil.copyfileobj(content, out, CHUNK)


def _load(url: str, dump: Path, manifest: Mapping[str, Any]) -> None:
    """Fill an empty database in one transaction and count what is there then."""
    arguments, environment = _connection_parts(url)
    arguments += ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
    _program("pg_restore", [*arguments, str(dump)], environment)
    connection = _connect(url)
    try:
        with connection.cursor() as cursor:
            counted = _count_rows(cursor)
    finally:
        connection.close()
    if counted != manifest["rows"]:
        wrong = sorted(set(counted.items()) ^ set(manifest["rows"].items()))
        raise LauncherError(f"The restored rows of {wrong[0][0]} are not those of the backup.")


def _restore_to_folder(
    data_dir: Path, file: Path, manifest: Mapping[str, Any], *, force: bool
) -> None:
    if read_runtime(data_dir):
        raise LauncherError(f"The service is running on {data_dir}: stop it first.")
    data = DataFolder(data_dir, default_identity(data_dir))
    data.open()
    postgres = EmbeddedPostgres(data.postgres, identity=data.identity, log=data.log("postgres"))
    files_aside = data.path / "files.restoring"
    try:
        with step("PostgreSQL"):
            postgres.start()
        if not force and (_has_tables(postgres.url) or any(data.files.iterdir())):
            raise LauncherError(f"{data_dir} holds data already; --force replaces it.")
        shutil.rmtree(files_aside, ignore_errors=True)
        files_aside.mkdir()
        with tempfile.TemporaryDirectory(dir=data.path) as work:
            dump = Path(work) / DATABASE
            with step("files"):
                _extract(file, dump, files_aside)
            with step("database"):
                _administer(postgres, "drop database if exists restoring with (force)")
                _administer(postgres, "create database restoring")
                _load(postgres.url_of("restoring"), dump, manifest)
        # Only now, with everything read and counted, does it take the place of what was there.
        data.hand_over(files_aside)
        name = postgres.DATABASE
        _administer(postgres, f"drop database if exists {name} with (force)")
        _administer(postgres, f"alter database restoring rename to {name}")
        shutil.rmtree(data.files)
        files_aside.replace(data.files)
        # The code may be newer than the backup: the next start applies what is missing.
        data.remember(prepared="", demonstration=data.state().get("demonstration", False))
    finally:
        shutil.rmtree(files_aside, ignore_errors=True)
        postgres.stop()
        data.close()


def _administer(postgres: EmbeddedPostgres, statement: str) -> None:
    connection = _connect(postgres.url_of("postgres"))
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()


def _has_tables(url: str) -> bool:
    connection = _connect(url)
    try:
        with connection.cursor() as cursor:
            return bool(_count_rows(cursor))
    finally:
        connection.close()


def _restore_to_environment(file: Path, manifest: Mapping[str, Any]) -> None:
    url = os.environ["DATABASE_URL"]
    files = Path(os.environ.get("FILES_DIR", ""))
    if not os.environ.get("FILES_DIR"):
        raise LauncherError("FILES_DIR is not set: it names the folder for the stored files.")
    if _has_tables(url) or (files.exists() and any(files.iterdir())):
        raise LauncherError(
            "The database of DATABASE_URL or the folder of FILES_DIR is not empty. Restore into"
            " new ones, then point the service at them."
        )
    with tempfile.TemporaryDirectory() as work:
        dump = Path(work) / DATABASE
        with step("files"):
            _extract(file, dump, files)
        with step("database"):
            _load(url, dump, manifest)
