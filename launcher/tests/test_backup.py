"""A backup holds everything, can be put back elsewhere, and is refused where it is damaged."""

import hashlib
import io
import json
import os
import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import psycopg2
import pytest

from launcher import REPOSITORY, LauncherError, backup
from launcher.data_folder import DataFolder
from launcher.manage import running_services
from launcher.services import services_identity
from launcher.tests.support import open_to_all

FILES = {
    "case/1/letters/aa.pdf": b"%PDF-1.7 letter",
    "case/2/empty": b"",
    "case/2/name with space é.bin": os.urandom(100_000),
}
MADE = """
create table letters (id int primary key, name text not null);
insert into letters select n, 'Łukasz ' || n from generate_series(1, 500) as n;
create table events (seq serial, fact jsonb);
insert into events (fact) values ('{"a": 1}');
create function refuse() returns trigger language plpgsql as $$ begin raise 'kept'; end $$;
create trigger kept before update or delete or truncate on events execute function refuse();
"""


@pytest.fixture(autouse=True)
def _not_the_services_of_this_run(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


@pytest.fixture(scope="module")
def open_folder(tmp_path_factory):
    return open_to_all(tmp_path_factory.mktemp("backup"))


def _query(data_dir, statement):
    with running_services(data_dir, migrated=False) as told:
        connection = psycopg2.connect(told["DATABASE_URL"])
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else None
        finally:
            connection.close()


def _files(data_dir):
    folder = data_dir / "files"
    found = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {str(path.relative_to(folder)): content for path, content in found.items()}


@pytest.fixture(scope="module")
def original(open_folder):
    """A data folder with rows, a trigger and files."""
    data_dir = open_folder / "original"
    saved = {name: os.environ.pop(name, None) for name in ("DATABASE_URL", "REDIS_URL")}
    try:
        _query(data_dir, MADE)
    finally:
        os.environ.update({name: value for name, value in saved.items() if value})
    for name, content in FILES.items():
        path = data_dir / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    data = DataFolder(data_dir, services_identity())
    data.hand_over(data_dir / "files" / "case")
    return data_dir


@pytest.fixture(scope="module")
def made(original, open_folder):
    """The backup of it."""
    file = open_folder / "backup.tar"
    saved = {name: os.environ.pop(name, None) for name in ("DATABASE_URL", "REDIS_URL")}
    try:
        # A backup must not change what it backs up: no migrations are applied here.
        data = DataFolder(original, services_identity())
        data.open()
        from launcher import product

        data.remember(prepared=product.migrations_fingerprint())
        data.close()
        assert backup.make(original, file) == 0
    finally:
        os.environ.update({name: value for name, value in saved.items() if value})
    return file


def test_everything_comes_back_in_a_new_folder(original, made, open_folder):
    target = open_folder / "restored"
    assert backup.restore(target, made) == 0
    compared = "select md5(string_agg(l::text, ',' order by id)), count(*) from letters l"
    assert _query(target, compared) == _query(original, compared)
    assert _query(target, "select fact from events") == [({"a": 1},)]
    assert _files(target) == FILES == _files(original)
    with pytest.raises(psycopg2.errors.RaiseException):
        _query(target, "delete from events")
    assert _query(target, "insert into events (fact) values ('{}') returning seq") == [(2,)]
    if os.geteuid() == 0:
        owners = {path.stat().st_uid for path in (target / "files").rglob("*")}
        assert 0 not in owners


def test_the_list_has_every_hash_and_count(made):
    with tarfile.open(made) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))
        dump = tar.extractfile("database.dump").read()
    assert manifest["rows"] == {"public.events": 1, "public.letters": 500}
    for name, content in FILES.items():
        assert manifest["sha256"][f"files/{name}"] == hashlib.sha256(content).hexdigest()
    assert manifest["sha256"]["database.dump"] == hashlib.sha256(dump).hexdigest()
    assert stat.S_IMODE(made.stat().st_mode) == 0o600


def test_what_is_there_is_replaced_only_when_told(made, open_folder):
    target = open_folder / "used"
    _query(target, "create table mine as select 1 as one")
    with pytest.raises(LauncherError, match="holds data already; --force replaces it"):
        backup.restore(target, made)
    assert _query(target, "select one from mine") == [(1,)]
    assert backup.restore(target, made, force=True) == 0
    assert _query(target, "select to_regclass('mine') is null") == [(True,)]
    assert _query(target, "select count(*) from letters") == [(500,)]
    assert _files(target) == FILES


def _changed(made, folder, change):
    """A copy of the backup with its parts changed by `change(parts)`."""
    with tarfile.open(made) as tar:
        parts = {entry.name: tar.extractfile(entry).read() for entry in tar}
    change(parts)
    copy = folder / "changed.tar"
    with tarfile.open(copy, "w") as tar:
        for name, content in parts.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return copy


def _other_rows(parts):
    manifest = json.loads(parts["manifest.json"])
    manifest["rows"]["public.letters"] = 501
    parts["manifest.json"] = json.dumps(manifest).encode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda parts: parts.update({"files/case/2/empty": b"x"}), "'files/case/2/empty' is not"),
        (lambda parts: parts.update({"files/more": b"x"}), "'files/more' is not"),
        (lambda parts: parts.pop("database.dump"), "'database.dump' is not"),
        (lambda parts: parts.pop("manifest.json"), "is not complete"),
        (lambda parts: parts.update({"manifest.json": b"{"}), "its list cannot be read"),
        (lambda parts: parts.update({"manifest.json": b'{"format": 99}'}), "does not know"),
        (lambda parts: parts.update({"files/../../out": b"x"}), "no backup of this service"),
        (lambda parts: parts.update({"/etc/passwd": b"x"}), "no backup of this service"),
        (_other_rows, r"rows of public\.letters are not those of the backup"),
    ],
)
def test_a_damaged_backup_is_refused_and_nothing_replaced(
    made, open_folder, tmp_path, change, said
):
    damaged = _changed(made, tmp_path, change)
    target = open_folder / "precious"
    if not target.exists():
        _query(target, "create table mine as select 1 as one")
    with pytest.raises(LauncherError, match=said):
        backup.restore(target, damaged, force=True)
    assert _query(target, "select one from mine") == [(1,)]
    assert _files(target) == {}


def test_what_is_no_backup_is_named(tmp_path, made):
    (tmp_path / "text").write_text("not a tar")
    with pytest.raises(LauncherError, match="damaged or no backup"):
        backup.restore(tmp_path / "data", tmp_path / "text")
    (tmp_path / "half").write_bytes(made.read_bytes()[:20_000])
    with pytest.raises(LauncherError, match=r"damaged|not complete"):
        backup.restore(tmp_path / "data", tmp_path / "half")
    with pytest.raises(LauncherError, match="There is no file"):
        backup.restore(tmp_path / "data", tmp_path / "nothing")


def test_a_backup_is_not_written_over(original, made, tmp_path):
    before = made.read_bytes()
    with pytest.raises(LauncherError, match="exists already; --force replaces it"):
        backup.make(original, made)
    assert made.read_bytes() == before
    with pytest.raises(LauncherError, match="There is no folder"):
        backup.make(original, tmp_path / "nowhere" / "backup.tar")
    with pytest.raises(LauncherError, match="holds no data to back up"):
        backup.make(tmp_path / "data", tmp_path / "backup.tar")
    assert not (tmp_path / "data").exists()


def test_a_backup_that_cannot_be_written_leaves_nothing(original, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_write", full)
    with pytest.raises(LauncherError, match="could not be written: No space left on device"):
        backup.make(original, tmp_path / "backup.tar")
    assert list(tmp_path.iterdir()) == []


def test_by_the_command_line(original, open_folder):
    def manage(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "launcher", "manage", *map(str, arguments)],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )

    file, target = open_folder / "by-hand.tar", open_folder / "by-hand"
    done = manage("--data", original, "backup", file)
    assert done.returncode == 0, done.stderr
    assert "501 rows of 2 tables and 3 files" in done.stdout
    assert manage("--data", original, "backup", file).returncode == 1
    done = manage("--data", target, "restore", file)
    assert done.returncode == 0, done.stderr
    assert "Restored: 501 rows, 3 files." in done.stdout
    done = manage("--data", target, "restore", file)
    assert done.returncode == 1
    assert "holds data already" in done.stderr
    assert Path(target / "files").is_dir()
