"""`bin/test`: everything that must hold before a change goes in; with arguments, pytest only."""

import subprocess
import sys
import time
from collections.abc import Sequence

from launcher import REPOSITORY, LauncherError
from launcher.installing import install_for_tests
from launcher.terminal import complain, say

PROCESSES = 2
# import-linter has no module to run.
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
E2E = REPOSITORY / "e2e"


def checks() -> list[tuple[str, list[str]]]:
    """What is run, in this order: the quick ones first."""
    python = sys.executable
    found = [
        ("style", [python, "-m", "ruff", "check", "."]),
        ("format", [python, "-m", "ruff", "format", "--check", "."]),
        ("floors", [python, "-c", LINT_IMPORTS]),
        ("types", [python, "-m", "mypy", "."]),
        # A check of files: that no database answers here is as it should be.
        ("migrations", [python, "-W", "ignore", *["manage.py", "makemigrations", "--check"]]),
        ("pytest", [python, "-m", "pytest", "-q", "-n", str(PROCESSES)]),
    ]
    if E2E.is_dir() and any(E2E.glob("test_*.py")):
        found.append(("e2e", [python, "-m", "pytest", "-q", str(E2E)]))
    return found


def main(arguments: Sequence[str]) -> int:
    """Run the checks; gives 0 when all passed, else 1 (with arguments, pytest's own code)."""
    try:
        install_for_tests()
        if arguments:
            command = [sys.executable, "-m", "pytest", *arguments]
            return subprocess.run(command, cwd=REPOSITORY, check=False).returncode
        return _all()
    except LauncherError as error:
        complain(str(error))
        return 1
    except KeyboardInterrupt:
        return 130


def _all() -> int:
    failed = []
    times = []
    for name, command in checks():
        say(f"\n== {name}: {' '.join(command[1:])}")
        started = time.monotonic()
        code = subprocess.run(command, cwd=REPOSITORY, check=False).returncode
        times.append(f"{name} {time.monotonic() - started:.0f} s")
        if code != 0:
            failed.append(name)
    say(f"\n{', '.join(times)}")
    say(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0
