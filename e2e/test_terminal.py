"""`bin/up` on a terminal: what is wrong is said in a sentence, with exit code 1 or 2 and never a
traceback; a disk that is full, at the start or under way, loses nothing.
"""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.drills import PATIENCE, Installation, assert_presentable
from launcher import REPOSITORY
from launcher.browser import Page
from launcher.running import descendants, is_alive, wait_until

#: When Ctrl-C comes, in seconds from the start, and how long after it the second.
INTERRUPTIONS = [(0.3, 0.1), (1.0, 0.0), (2.0, 0.5), (3.5, 0.2), (6.0, 0.05)]


def _start(*arguments: object) -> "subprocess.Popen[str]":
    hidden = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
    return subprocess.Popen(
        [REPOSITORY / "bin" / "up", *map(str, arguments)],
        env={name: value for name, value in os.environ.items() if name not in hidden},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def _refused(*arguments: object, code: int = 1) -> str:
    """What `bin/up` says where it does not start."""
    process = _start(*arguments)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == code, said
    assert "Traceback" not in said
    return said


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that the product's own user can reach."""
    for path in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        path.chmod(0o755)
    return tmp_path


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of its own in memory; skips the test where none can be mounted."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("No disk can be mounted here: a full one was not tried.")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


# -- what cannot start ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--prot", "8001"], "unrecognized arguments: --prot 8001"),
        (["8001"], "unrecognized arguments: 8001"),
        (["--port", "many"], "'many' is not a number"),
        (["--port", "70000"], "70000 is not between 1 and 65535"),
        (["--data", " "], "it must name a folder"),
        (["--smoke", "--empty"], "leave --empty out"),
    ],
)
def test_wrong_options_are_named(arguments: list[str], words: str) -> None:
    said = _refused(*arguments, code=2)
    assert "usage: bin/up" in said
    assert words in said


def test_a_port_in_use_is_named_with_what_to_do(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = _refused("--data", folder / "data", "--port", port)
    assert f"Port {port} is in use by another program. Choose another with --port" in said


@pytest.mark.parametrize("where", ["a file", "other files", "below a file", "no place to write"])
def test_a_folder_that_cannot_keep_data_is_named(folder: Path, where: str) -> None:
    (folder / "other").mkdir()
    (folder / "other" / "letter.txt").write_text("mine")
    data = {
        "a file": folder / "other" / "letter.txt",
        "other files": folder / "other",
        "below a file": folder / "other" / "letter.txt" / "data",
        "no place to write": Path("/proc/data"),  # not even for root
    }[where]
    said = _refused("--data", data, "--port", 0)
    assert str(data) in said
    assert (folder / "other" / "letter.txt").read_text() == "mine"


def test_a_disk_without_room_is_named(folder: Path) -> None:
    with small_disk(folder / "disk", megabytes=20) as disk:
        said = _refused("--data", disk / "data", "--port", 0)
    assert "is full" in said
    assert "Make room, or name a folder on another disk with --data." in said


# -- ends ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "second"), INTERRUPTIONS)
def test_ctrl_c_twice_while_it_starts(folder: Path, first: float, second: float) -> None:
    process = _start("--data", folder / "data", "--port", 0, "--empty")
    time.sleep(first)
    pids = descendants(process.pid)
    for wait in (second, 0):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
        time.sleep(wait)
    said, _ = process.communicate(timeout=30)
    assert "Traceback" not in said
    wait_until(lambda: not any(map(is_alive, pids)), 20, "every process has ended")


# -- a disk that fills up ------------------------------------------------------------------------


def test_a_disk_that_is_full_under_way_loses_nothing(folder: Path) -> None:
    """The letter is not issued, and says why; once there is room it is issued, once."""
    with small_disk(folder / "disk", megabytes=500) as disk:
        here = Installation(disk / "data")
        try:
            here.start()
            here.make_cases(approved=1, drafts=0)
            (case,), officer = here.approved, here.as_()
            page = officer.get(here.desk(case))
            ballast = _fill(disk)
            answers = [officer.send(page, page.form(action="/issue/"))]
            deadline = time.monotonic() + 45
            while _says(answers) == "" and time.monotonic() < deadline:
                time.sleep(1)
                answers.append(officer.get(here.desk(case)))
            assert_presentable(answers)
            assert _says(answers) != "", answers[-1].said
            ballast.unlink()
            wait_until(lambda: officer.get("/readyz").status == 200, PATIENCE, "it is ready again")
            page = officer.get(here.desk(case))
            for form in page.forms:
                if form.action.endswith("/issue/"):
                    officer.send(page, form)
            here.wait_for_letter(case)
            here.assert_whole(case)
            here.assert_record_holds()
        finally:
            here.close()


def _says(answers: list[Page]) -> str:
    """What the last page says of a full disk: on the letter, or that the service is away."""
    for words in ("the disk is full", "unavailable for the moment"):
        if words in answers[-1].text:
            return words
    return ""


def _fill(disk: Path) -> Path:
    ballast = disk / "ballast"
    with ballast.open("wb") as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 1_000_000)
            file.flush()
    with ballast.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 4_096)
    return ballast
