"""What a clone needs before it can start: packages of the system and of Python, the front end.

Each part leaves a stamp with the hash of what it was made from, so that a start with nothing new
skips it. Only the standard library is used here: nothing is installed yet when this runs.
"""

import compileall
import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from launcher import REPOSITORY, LauncherError
from launcher.terminal import say, step

# WeasyPrint's libraries, and fonts so that a name in any script prints.
NATIVE_PACKAGES = (
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "libharfbuzz-subset0",
    "fonts-dejavu-core",
    "fonts-noto-core",
    "fonts-noto-cjk",
)
# Playwright drives Chromium through a node of its own, which needs libatomic.
BROWSER_PACKAGES = ("chromium", "libatomic1")
VAR = REPOSITORY / "var"


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two starts from one clone install one after the other."""
    VAR.mkdir(exist_ok=True)
    with (VAR / "install.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("  waiting for another start from this folder to finish installing")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def install_for_running() -> None:
    """Everything that serving needs. Raises LauncherError with what to do."""
    try:
        with one_at_a_time():
            system_packages(NATIVE_PACKAGES)
            python_packages("requirements.txt")
            front_end()
            static_files()
            compile_sources()
    except PermissionError as error:
        raise LauncherError(
            f"The clone cannot be written here: {error.filename}. Start as the user it belongs to."
        ) from None
    except OSError as error:
        raise LauncherError(f"Installing failed: {error}.") from None


def install_for_commands() -> None:
    """What management commands need: no front end."""
    with one_at_a_time():
        system_packages(NATIVE_PACKAGES)
        python_packages("requirements.txt")
        compile_sources()


def install_for_tests() -> None:
    """The same, with the tests' tools and a browser."""
    with one_at_a_time():
        system_packages((*NATIVE_PACKAGES, *BROWSER_PACKAGES))
        python_packages("requirements-dev.txt")
        front_end()
        static_files()
        compile_sources()


# Packages of the system


def system_packages(wanted: Iterable[str]) -> None:
    """Install what is missing with apt as root; else stop with the exact command."""
    if shutil.which("dpkg-query") is None:
        say("  not a Debian system: WeasyPrint's libraries and fonts are taken to be there")
        return
    missing = _missing_packages(tuple(wanted))
    if not missing:
        return
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    if os.geteuid() != 0:
        raise LauncherError(
            "Some packages of the system are missing. Install them, then start again:\n\n"
            f"    sudo apt-get update && sudo {' '.join(command)}\n"
        )
    with step(f"system packages ({len(missing)})"):
        _apt(["apt-get", "update"])
        _apt(command)
    left = _missing_packages(missing)
    if left:
        raise LauncherError(f"apt did not install: {' '.join(left)}")


def _missing_packages(names: Sequence[str]) -> list[str]:
    command = ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n", *names]
    found = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    installed = {
        line.split()[0] for line in found.splitlines() if line.split()[1:] == ["installed"]
    }
    return [name for name in names if name not in installed]


def _apt(command: Sequence[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _run(command, f"'{' '.join(command)}' failed", environment)


# Packages of Python


def python_packages(file: str) -> None:
    """Install the pinned packages of one requirements file into this environment."""
    stamp = Path(sys.prefix) / f".installed-{file}"
    wanted = _digest([REPOSITORY / file], sys.version)
    if _reads(stamp) == wanted:
        return
    with step(f"Python packages ({file})"):
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-input"]
        command += ["--disable-pip-version-check", "--no-warn-script-location"]
        # As root, pip warns that it is: the environment is the clone's own.
        command += ["--root-user-action", "ignore", "--requirement", str(REPOSITORY / file)]
        stamp.unlink(missing_ok=True)
        _run(command, f"The packages of {file} could not be installed")
    stamp.write_text(wanted)


def front_end() -> None:
    """Styles, scripts and fonts in `static/dist/`, where their sources are newer."""
    from design_system import build

    if build.is_current():
        return
    python_packages("requirements-build.txt")
    with step("front end"):
        # Trust what the system trusts, such as the certificate of an organisation's own proxy.
        environment = {"NODE_USE_SYSTEM_CA": "1", **os.environ}
        command = [sys.executable, "-m", "design_system.build"]
        _run(command, "The front end could not be built", environment)


def static_files() -> None:
    """Static files with hashed names in `STATIC_ROOT`, compressed."""
    target = Path(os.environ.get("STATIC_ROOT") or VAR / "static")
    folders = [REPOSITORY / "static", *(room / "static" for room in _packages())]
    sources = [path for folder in folders for path in _files(folder)]
    wanted = _digest([REPOSITORY / "requirements.txt", *sources])
    if _reads(target / ".stamp") == wanted:
        return
    with step("static files"):
        target.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.base"}
        command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
        _run(command, "The static files could not be put together", environment)
    (target / ".stamp").write_text(wanted)


def compile_sources() -> None:
    """Byte-code for our own modules, which the product's user may not be allowed to write."""
    for folder in _packages():
        compileall.compile_dir(folder, quiet=2)


# Helpers


def _packages() -> list[Path]:
    """The folders of our own modules."""
    return sorted(path.parent for path in REPOSITORY.glob("*/__init__.py"))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _digest(paths: Iterable[Path], *extra: str) -> str:
    digest = hashlib.sha256("\0".join(extra).encode())
    for path in paths:
        digest.update(f"{path.relative_to(REPOSITORY)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _reads(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def _run(command: Sequence[str], failure: str, environment: dict[str, str] | None = None) -> None:
    """Run quietly; what it said is shown only where it failed."""
    done = subprocess.run(
        command,
        cwd=REPOSITORY,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        said = "\n".join(done.stdout.strip().splitlines()[-25:])
        raise LauncherError(f"{failure}:\n{said}")
