"""The folder that keeps one installation's data: who may use it, what lies where.

The folder itself and its logs belong to whoever starts the product; only the parts that the
product's processes write belong to their user, so that they can never trick root into following a
link. One launcher at a time holds the lock; the system lets go of it however the launcher ends.
"""

import contextlib
import errno
import fcntl
import json
import os
import pwd
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from launcher import LauncherError
from launcher.identity import Identity

MARKER = "send-inspections-data"
NEW_NEEDS_MB = 300
USED_NEEDS_MB = 50
OWNED = ("files", "clock", "cache")


class DataFolderInUse(LauncherError):
    """Another launcher holds this folder."""


class DataFolder:
    """One installation's data at `path`; `open()` makes or checks it and takes the lock."""

    def __init__(self, path: Path, identity: Identity) -> None:
        self.path = path
        self.identity = identity
        self._lock: int | None = None

    # What lies where
    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def redis(self) -> Path:
        return self.path / "redis"

    @property
    def files(self) -> Path:
        return self.path / "files"

    @property
    def clock(self) -> Path:
        return self.path / "clock" / "offset"

    @property
    def cache(self) -> Path:
        return self.path / "cache"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def runtime(self) -> Path:
        return self.path / "running.json"

    def open(self) -> None:
        """Make the folder, or check that it is one of ours; take its lock; see that it is writable.

        Raises LauncherError with what is wrong and what to do, DataFolderInUse where it is held.
        """
        with self.clear_errors():
            new = self._make()
            self._take_lock()
            self._check_space(new)
            (self.path / MARKER).touch()
            self.logs.mkdir(exist_ok=True)
            for name in OWNED:
                folder = self.path / name
                folder.mkdir(exist_ok=True)
                self.hand_over(folder)
            self.hand_over(self.postgres / "cluster")
            self._write_probe()

    def _make(self) -> bool:
        if self.path.exists() and not self.path.is_dir():
            raise LauncherError(f"{self.path} is a file: --data must name a folder.")
        new = not (self.path / MARKER).exists()
        if self.path.is_dir() and new:
            foreign = [entry.name for entry in self.path.iterdir() if entry.name != "launcher.lock"]
            if foreign:
                raise LauncherError(
                    f"{self.path} holds other files ('{sorted(foreign)[0]}'): --data must name a"
                    " folder that is new, empty, or was made by an earlier start."
                )
        self.path.mkdir(parents=True, exist_ok=True)
        owner = self.path.stat().st_uid
        if os.geteuid() not in (0, owner):
            raise LauncherError(
                f"{self.path} belongs to '{_user_name(owner)}': start as that user, or name another"
                " folder with --data."
            )
        cluster = self.postgres / "cluster"
        if os.geteuid() != 0 and cluster.exists() and cluster.stat().st_uid != os.geteuid():
            raise LauncherError(
                f"{self.path} was last used by root. Give it back first:"
                f" sudo chown -R {_user_name(os.geteuid())} {self.path}"
            )
        return new

    def _take_lock(self) -> None:
        lock = os.open(
            self.path / "launcher.lock",
            os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC,
            0o600,
        )
        # Tried for half a second: `read_runtime` holds it for an instant to see if anyone does.
        if not any(_lock_now(lock, wait) for wait in (0, 0.1, 0.2, 0.2)):
            holder = os.pread(lock, 200, 0).decode(errors="replace").strip()
            os.close(lock)
            raise DataFolderInUse(
                f"{self.path} is in use by another start of the service"
                f"{f' ({holder})' if holder else ''}. Stop that one, or name another folder with"
                " --data (and another --port)."
            )
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"process {os.getpid()}\n".encode(), 0)
        self._lock = lock

    def _check_space(self, new: bool) -> None:
        free = shutil.disk_usage(self.path).free // 1_000_000
        needed = NEW_NEEDS_MB if new else USED_NEEDS_MB
        if free < needed:
            raise LauncherError(
                f"The disk of {self.path} is full: {free} MB free, {needed} MB needed. Make room,"
                " or name a folder on another disk with --data."
            )

    def _write_probe(self) -> None:
        probe = self.path / ".probe"
        try:
            probe.write_bytes(b"\0" * 65_536)
        finally:
            probe.unlink(missing_ok=True)

    def hand_over(self, folder: Path) -> None:
        """Give a folder and what is in it to the children's user, where it has another owner."""
        uid, gid = self.identity.uid, self.identity.gid
        if uid is None or gid is None or not folder.exists() or folder.stat().st_uid == uid:
            return
        for parent, folders, files in os.walk(folder):
            for name in (*folders, *files):
                os.chown(Path(parent) / name, uid, gid, follow_symlinks=False)
        os.chown(folder, uid, gid, follow_symlinks=False)

    def close(self) -> None:
        """Let go of the lock."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @contextlib.contextmanager
    def clear_errors(self) -> Iterator[None]:
        """The system's errors about this folder, in words."""
        with _clear_errors(self.path):
            yield

    # Small things kept in it
    def secret_key(self) -> str:
        """This installation's secret key, made once."""
        path = self.path / "secret-key"
        if not path.exists():
            self._write_private(path, secrets.token_urlsafe(64))
        return path.read_text().strip()

    def state(self) -> dict[str, Any]:
        """What earlier starts have done here (`prepared`: the migrations' fingerprint, ...)."""
        try:
            found = json.loads((self.path / "state.json").read_text())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def remember(self, **values: Any) -> None:
        """Add to the state."""
        self._write_private(self.path / "state.json", json.dumps({**self.state(), **values}))

    def write_runtime(self, facts: dict[str, Any]) -> None:
        """Where the running product is found, passwords included: readable by its starter only."""
        self._write_private(self.runtime, json.dumps(facts, indent=1))

    def _write_private(self, path: Path, text: str) -> None:
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        with self.clear_errors():
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
            with os.fdopen(os.open(aside, flags, 0o600), "w") as file:
                file.write(text)
            aside.replace(path)

    def log(self, name: str) -> Path:
        """The log of one process; one of more than 10 MB is set aside, in place of the last."""
        path = self.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > 10_000_000:
            path.replace(path.with_suffix(".log.1"))
        return path


def _lock_now(lock: int, wait: float) -> bool:
    time.sleep(wait)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def read_runtime(path: Path) -> dict[str, Any] | None:
    """The facts of the product running on the data folder `path`, or None where none runs."""
    try:
        lock = os.open(path / "launcher.lock", os.O_RDWR | os.O_CLOEXEC)
    except PermissionError:
        raise LauncherError(f"{path} belongs to another user: run as that user.") from None
    except OSError:
        return None
    try:
        if _lock_now(lock, 0):
            return None  # nobody held it
        found = json.loads((path / "running.json").read_text())
        return found if isinstance(found, dict) else None
    except (FileNotFoundError, ValueError):
        return None
    finally:
        os.close(lock)


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


@contextlib.contextmanager
def _clear_errors(path: Path) -> Iterator[None]:
    """The system's errors about the data folder, in words."""
    try:
        yield
    except PermissionError as error:
        raise LauncherError(
            f"The data folder {path} cannot be written ({error.filename}). Name another with"
            " --data, or change who owns it."
        ) from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise LauncherError(
                f"The disk of {path} is full. Make room, or name a folder on another disk with"
                " --data."
            ) from None
        if error.errno == errno.EROFS:
            raise LauncherError(f"{path} lies on a disk that is read-only: name another.") from None
        raise LauncherError(f"The data folder {path} cannot be used: {error.strerror}.") from None
