"""Root's children are ordinary; where they could not read the clone, they may read and no more."""

import os
import pwd
import signal
import subprocess
import sys
import time

import pytest

from launcher import identity
from launcher.identity import CAP_DAC_READ_SEARCH, CannotDropUser, Identity, choose
from launcher.tests.support import open_to_all

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root has children of other users")


@pytest.mark.skipif(os.geteuid() == 0, reason="for ordinary users")
def test_an_ordinary_users_children_are_that_user(tmp_path):
    assert choose(tmp_path, [tmp_path]) == Identity()


@root_only
def test_roots_children_have_nothing_of_root(tmp_path):
    open_folder = open_to_all(tmp_path)
    found = choose(open_folder, [open_folder])
    assert (found.name, found.capability) == ("nobody", None)
    status = identity.status_of(found)
    assert set(status["Uid"].split()) == {str(pwd.getpwnam("nobody").pw_uid)}
    assert status["Groups"] == ""
    assert int(status["CapEff"], 16) == int(status["CapPrm"], 16) == 0


@root_only
def test_a_closed_folder_can_be_read_and_not_written(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "file").write_text("text")
    found = choose(closed, [closed, closed / "file"])
    assert (found.name, found.capability) == ("nobody", CAP_DAC_READ_SEARCH)
    assert int(identity.status_of(found)["CapEff"], 16) == 1 << CAP_DAC_READ_SEARCH
    program = (
        "import os, pathlib; path = pathlib.Path('file'); print(path.read_text());"
        "print(os.access(path, os.R_OK), os.access(path, os.W_OK))"
    )
    done = subprocess.run(
        ["/usr/bin/env", "-C", closed, sys.executable, "-c", program],
        preexec_fn=found.before_exec(signal.SIGKILL),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["text", "True", "False"], done.stderr


@root_only
def test_data_below_a_closed_folder_can_be_reached(tmp_path):
    open_folder = open_to_all(tmp_path)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert choose(open_folder, [open_folder], open_folder / "data").capability is None
    found = choose(open_folder, [open_folder], closed / "new" / "data")
    assert found.capability == CAP_DAC_READ_SEARCH


@root_only
def test_the_owner_of_the_clone_is_preferred(tmp_path):
    games = pwd.getpwnam("games")
    os.chown(tmp_path, games.pw_uid, games.pw_gid)
    assert choose(tmp_path, []).name == "games"
    os.chown(tmp_path, 54_321, 54_321)  # nobody's
    assert choose(tmp_path, []).name == "nobody"


@root_only
def test_where_it_cannot_be_arranged_it_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(identity, "_can", lambda *_: False)
    with pytest.raises(CannotDropUser, match="Move the clone to a folder that every user may read"):
        choose(tmp_path, [tmp_path])


def test_a_child_whose_parent_is_gone_ends_at_once():
    program = (
        "import os, signal, sys, time\n"
        "from launcher.identity import Identity\n"
        "become = Identity().before_exec(signal.SIGKILL)\n"
        "if os.fork() == 0:\n"
        "    if os.fork() == 0:\n"
        "        time.sleep(0.5)\n"
        "        become()\n"
        "        print('still here', flush=True)\n"
        "        os._exit(0)\n"
        "    os._exit(0)\n"
        "os.wait(); time.sleep(1)\n"
    )
    root = os.path.dirname(os.path.dirname(identity.__file__))
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "still here" not in done.stdout
    assert time.monotonic() - started < 10
