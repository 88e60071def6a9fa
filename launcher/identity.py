"""Who the launcher's children run as.

An ordinary user's children run as that user. Root's children never run as root: they become the
owner of the clone, or `nobody` where root owns it. Where that user cannot reach the interpreter
or the clone (both may lie in root's closed home) the children keep one capability, to read files,
rather than the whole of root. What is written belongs to them and needs no capability.
"""

import ctypes
import os
import pwd
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from launcher import LauncherError

_libc = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_SET_SECUREBITS = 28
NO_SETUID_FIXUP = 1 << 2
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2
_CAPABILITY_VERSION = 0x20080522


class CannotDropUser(LauncherError):
    """This system does not let root hand its children to an ordinary user."""


class _CapabilityHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _CapabilityData(ctypes.Structure):
    _fields_ = [
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    ]


@dataclass(frozen=True)
class Identity:
    """A user for children: `uid` None means 'as we are'; `capability` is kept beside it."""

    uid: int | None = None
    gid: int | None = None
    capability: int | None = None
    name: str = ""

    def own(self, path: Path) -> None:
        """Give a file or folder to this user."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def before_exec(self, parent_death: signal.Signals) -> Callable[[], None]:
        """What the forked child does before exec: change user, then ask to end with its parent.

        The order matters: a change of user clears the parent-death signal.
        """
        parent = os.getpid()

        def prepare() -> None:
            if self.uid is not None and self.gid is not None:
                if self.capability is not None:
                    _prctl(PR_SET_KEEPCAPS, 1)
                    # Without it access(2), by which PostgreSQL looks for its programs, takes no
                    # account of capabilities.
                    _prctl(PR_SET_SECUREBITS, NO_SETUID_FIXUP)
                os.setgroups([])
                os.setgid(self.gid)
                os.setuid(self.uid)
                if self.capability is not None:
                    _keep_capability(self.capability)
            _prctl(PR_SET_PDEATHSIG, int(parent_death))
            if os.getppid() != parent:  # the parent died before it could be asked for
                os._exit(1)

        return prepare


def _prctl(option: int, *values: int) -> None:
    padded = (*values, 0, 0, 0, 0)[:4]
    if _libc.prctl(option, *(ctypes.c_ulong(value) for value in padded)) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"prctl {option}: {os.strerror(number)}")


def _keep_capability(capability: int) -> None:
    header = _CapabilityHeader(_CAPABILITY_VERSION, 0)
    bit = 1 << capability
    data = (_CapabilityData * 2)(_CapabilityData(bit, bit, bit), _CapabilityData(0, 0, 0))
    if _libc.capset(ctypes.byref(header), data) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"capset: {os.strerror(number)}")
    _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability)


def _can(identity: Identity, work: Callable[[], bool]) -> bool:
    """Whether a forked child with this identity gets True from `work`."""
    become = identity.before_exec(signal.SIGKILL)
    pid = os.fork()
    if pid == 0:
        result = False
        try:
            become()
            result = work()
        finally:
            os._exit(0 if result else 1)
    return os.waitpid(pid, 0)[1] == 0


def status_of(identity: Identity) -> dict[str, str]:
    """What the system says of a child with this identity (`/proc/self/status`); for tests."""
    reader, writer = os.pipe()
    become = identity.before_exec(signal.SIGKILL)
    pid = os.fork()
    if pid == 0:
        try:
            become()
            os.write(writer, Path("/proc/self/status").read_bytes())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as file:
        text = file.read()
    os.waitpid(pid, 0)
    pairs = (line.partition(":") for line in text.splitlines())
    return {name: value.strip() for name, _, value in pairs}


def choose(owner_of: Path, must_read: Iterable[Path], must_enter: Path | None = None) -> Identity:
    """The identity for children, able to read every path of `must_read`.

    Of `must_enter`, which need not be there yet, the folders above must let them through.

    Raises CannotDropUser, with what to do, where root cannot arrange it.
    """
    if os.geteuid() != 0:
        return Identity()
    entry = _ordinary_user(owner_of)
    paths = [path for path in must_read if path.exists()]

    above = (
        next((path for path in must_enter.parents if path.is_dir()), None) if must_enter else None
    )

    def reaches_all() -> bool:
        entered = above is None or os.access(above, os.X_OK)
        return entered and all(_readable(path) for path in paths)

    for capability in (None, CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
        identity = Identity(entry.pw_uid, entry.pw_gid, capability, entry.pw_name)
        if _can(identity, reaches_all):
            return identity
    raise CannotDropUser(
        f"Running as root, but the user '{entry.pw_name}', whom its processes would run as,"
        " cannot read all of: "
        + ", ".join(str(path) for path in (*paths, *([above] if above else [])))
        + ". Move the clone to a folder that every user may read (such as below /srv or /opt),"
        " use an interpreter that every user may read, or start as an ordinary user."
    )


def _readable(path: Path) -> bool:
    if path.is_dir():
        os.listdir(path)
    else:
        with path.open("rb") as file:
            file.read(1)
    return os.access(path, os.R_OK)


def _ordinary_user(owner_of: Path) -> pwd.struct_passwd:
    owner = owner_of.stat().st_uid
    if owner != 0:
        try:
            return pwd.getpwuid(owner)
        except KeyError:
            pass
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise CannotDropUser(
            "Running as root, but there is no user 'nobody' for its processes: start as an"
            " ordinary user."
        ) from None
