"""Files of issued letters: written aside, synced, renamed, so that a path never holds half a file.

`FILES_DIR/case/<case>/letters/<sha256>.pdf`: the name is the content's hash, so writing the same
letter again after a crash changes nothing.
"""

import hashlib
import os
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

PART = ".part"


class FileDamaged(OSError):
    """The file is missing or no longer what was stored."""


@dataclass(frozen=True)
class Stored:
    """Where a file lies (relative to `FILES_DIR`), what it hashes to and how many bytes it has."""

    path: str
    sha256: str
    size: int


def store(case_id: uuid.UUID, content: bytes) -> Stored:
    """Keep a letter's bytes durably. Raises OSError where the disk refuses (full, read-only)."""
    digest = hashlib.sha256(content).hexdigest()
    path = f"case/{case_id}/letters/{digest}.pdf"
    target = _root() / path
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{uuid.uuid4().hex}{PART}")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)
    return Stored(path, digest, len(content))


def read(path: str, sha256: str) -> bytes:
    """The bytes stored at `path`. Raises FileDamaged where they are gone or not those stored."""
    target = (_root() / path).resolve()
    if not target.is_relative_to(_root()):
        raise FileDamaged(f"{path} lies outside the files folder")
    try:
        content = target.read_bytes()
    except FileNotFoundError as error:
        raise FileDamaged(f"{path} is missing") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise FileDamaged(f"{path} is not what was stored")
    return content


def leftovers(older_than_seconds: float) -> Iterator[str]:
    """Paths of letter files last written longer ago than this, parts of files included.

    The age is the disk's own, not `config.clock`'s: a demonstration's moved clock ages no file.
    """
    limit = time.time() - older_than_seconds
    for file in _root().glob("case/*/letters/*"):
        if file.stat().st_mtime < limit:
            yield str(file.relative_to(_root()))


def remove(path: str) -> None:
    """Take a file away that no letter has; nothing happens where it is gone already."""
    (_root() / path).unlink(missing_ok=True)


def _root() -> Path:
    return Path(settings.FILES_DIR).resolve()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
