"""Who may use a data folder, and what is said where it cannot be used."""

import os
import stat
import subprocess
import sys

import pytest

from launcher import REPOSITORY, LauncherError
from launcher.data_folder import DataFolder, DataFolderInUse, read_runtime
from launcher.identity import Identity

AS_WE_ARE = Identity()


@pytest.fixture
def data(tmp_path):
    folder = DataFolder(tmp_path / "data", AS_WE_ARE)
    folder.open()
    yield folder
    folder.close()


def test_one_launcher_at_a_time(data):
    with pytest.raises(DataFolderInUse, match=f"process {os.getpid()}.*another folder with --data"):
        DataFolder(data.path, AS_WE_ARE).open()
    data.close()
    again = DataFolder(data.path, AS_WE_ARE)
    again.open()
    again.close()


def test_a_killed_launcher_leaves_no_lock(tmp_path):
    program = (
        "import os, signal, sys; from pathlib import Path;"
        "from launcher.data_folder import DataFolder; from launcher.identity import Identity;"
        "DataFolder(Path(sys.argv[1]), Identity()).open(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    path = tmp_path / "data"
    done = subprocess.run([sys.executable, "-c", program, str(path)], cwd=REPOSITORY, check=False)
    assert done.returncode == -9
    folder = DataFolder(path, AS_WE_ARE)
    folder.open()
    folder.close()


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "letters.txt").write_text("mine")
    before = tmp_path.stat()
    with pytest.raises(LauncherError, match=r"holds other files \('letters.txt'\)"):
        DataFolder(tmp_path, Identity(uid=12_345, gid=12_345)).open()
    assert sorted(os.listdir(tmp_path)) == ["letters.txt"]
    assert (tmp_path.stat().st_uid, tmp_path.stat().st_mode) == (before.st_uid, before.st_mode)


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "data").write_text("")
    with pytest.raises(LauncherError, match="is a file"):
        DataFolder(tmp_path / "data", AS_WE_ARE).open()


def test_a_full_disk_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("launcher.data_folder.NEW_NEEDS_MB", 10**12)
    with pytest.raises(LauncherError, match=r"full: \d+ MB free, 1000000000000 MB needed"):
        DataFolder(tmp_path / "data", AS_WE_ARE).open()


def test_a_write_that_finds_the_disk_full_is_named(data):
    os.symlink("/dev/full", data.path / "full")
    with pytest.raises(LauncherError, match=r"disk of .* is full"), data.clear_errors():
        (data.path / "full").write_text("x")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(LauncherError, match="cannot be written"):
        DataFolder(tmp_path / "data", AS_WE_ARE).open()


def test_secrets_are_for_the_starter_only(data):
    first = data.secret_key()
    assert len(first) > 50
    assert data.secret_key() == first
    data.write_runtime({"port": 1})
    for name in ("secret-key", "running.json"):
        assert stat.S_IMODE((data.path / name).stat().st_mode) == 0o600


def test_what_runs_is_known_only_while_it_runs(data):
    data.write_runtime({"port": 1234})
    assert read_runtime(data.path) == {"port": 1234}
    data.close()
    assert read_runtime(data.path) is None
    assert read_runtime(data.path / "nowhere") is None


def test_state_is_kept_between_starts(data):
    data.remember(prepared="abc")
    data.remember(demonstration=True)
    assert data.state() == {"prepared": "abc", "demonstration": True}
    (data.path / "state.json").write_text("{")
    assert data.state() == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_root_gives_away_what_the_product_writes_and_nothing_else(tmp_path):
    folder = DataFolder(tmp_path / "data", Identity(uid=65_534, gid=65_534))
    folder.open()
    folder.close()
    owners = {path.name: path.stat().st_uid for path in folder.path.iterdir()}
    assert {name for name, owner in owners.items() if owner == 65_534} == {
        "files",
        "clock",
        "cache",
    }
    assert folder.path.stat().st_uid == 0
