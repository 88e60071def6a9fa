"""What is installed once is not installed again; what cannot be is said with its remedy."""

import os
import subprocess

import pytest

from launcher import REPOSITORY, LauncherError, installing


@pytest.fixture
def not_root(monkeypatch):
    monkeypatch.setattr(installing.os, "geteuid", lambda: 1000)


def test_missing_packages_are_named_with_the_command(not_root, monkeypatch, capfd):
    wanted = ("libc6", "no-such-package-a", "no-such-package-b")
    with pytest.raises(LauncherError) as refused:
        installing.system_packages(wanted)
    assert (
        "sudo apt-get update && sudo apt-get install --yes --no-install-recommends"
        " no-such-package-a no-such-package-b\n"
    ) in str(refused.value)


def test_as_root_apt_is_called_for_exactly_what_is_missing(monkeypatch):
    called = []
    monkeypatch.setattr(installing.os, "geteuid", lambda: 0)
    monkeypatch.setattr(installing, "_apt", lambda command: called.append(command))
    answers = iter([["fonts-x"], []])
    monkeypatch.setattr(installing, "_missing_packages", lambda names: next(answers))
    installing.system_packages(("libc6", "fonts-x"))
    assert called == [
        ["apt-get", "update"],
        ["apt-get", "install", "--yes", "--no-install-recommends", "fonts-x"],
    ]


def test_another_system_is_left_to_itself(monkeypatch, capsys):
    monkeypatch.setattr(installing.shutil, "which", lambda name: None)
    installing.system_packages(("anything",))
    assert "not a Debian system" in capsys.readouterr().out


def test_what_is_installed_is_skipped(monkeypatch, tmp_path):
    monkeypatch.setattr(installing.sys, "prefix", str(tmp_path))
    ran = []
    monkeypatch.setattr(installing, "_run", lambda command, *_: ran.append(command))
    for _ in range(3):
        installing.python_packages("requirements.txt")
    assert len(ran) == 1
    (tmp_path / ".installed-requirements.txt").write_text("an older list")
    installing.python_packages("requirements.txt")
    assert len(ran) == 2


def test_an_installation_cut_short_is_done_again(monkeypatch, tmp_path):
    monkeypatch.setattr(installing.sys, "prefix", str(tmp_path))

    def fail(*_):
        raise LauncherError("no network")

    monkeypatch.setattr(installing, "_run", fail)
    with pytest.raises(LauncherError, match="no network"):
        installing.python_packages("requirements.txt")
    ran = []
    monkeypatch.setattr(installing, "_run", lambda command, *_: ran.append(command))
    installing.python_packages("requirements.txt")
    assert len(ran) == 1


def test_a_failure_shows_what_was_said():
    command = ["/bin/sh", "-c", "echo first; echo the reason >&2; exit 3"]
    with pytest.raises(LauncherError, match="It failed:\nfirst\nthe reason"):
        installing._run(command, "It failed")


def _sh(text, **environment):
    told = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", **environment}
    return subprocess.run(
        ["/bin/sh", "-c", text], env=told, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", ["up", "test", "manage"])
def test_the_commands_are_posix_shell(name):
    path = REPOSITORY / "bin" / name
    assert os.access(path, os.X_OK)
    assert path.read_text().startswith("#!/bin/sh\n")
    assert _sh(f"sh -n {path} && sh -n {REPOSITORY}/bin/common.sh").returncode == 0


def test_help_is_there(tmp_path):
    done = _sh(f"cd {tmp_path} && {REPOSITORY}/bin/up --help")
    assert done.returncode == 0
    assert "--smoke" in done.stdout
    done = _sh(f"{REPOSITORY}/bin/up --prot 8000")
    assert done.returncode == 2
    assert "unrecognized arguments: --prot" in done.stderr
