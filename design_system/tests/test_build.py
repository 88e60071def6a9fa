import json
import re
import shutil

import pytest

from design_system import build


@pytest.fixture
def fresh(tmp_path, monkeypatch):
    """A target of one's own, so that the real one stays."""
    monkeypatch.setattr(build, "TARGET", tmp_path / "static" / "dist")
    monkeypatch.setattr(build, "WORKSHOP", tmp_path / "var")
    return tmp_path / "static" / "dist"


def test_builds_once_and_again_only_when_something_changed(fresh, capsys, monkeypatch):
    assert build.build() is True
    names = {str(path.relative_to(fresh)) for path in fresh.rglob("*")}
    assert {"app.css", "app.js", "enabled.js", "fonts/inter-latin.woff2"} <= names
    assert "fonts/LICENSE.txt" in names
    assert "done" in capsys.readouterr().out
    assert build.build() is False
    assert build.build(force=True) is True
    monkeypatch.setattr(build, "fingerprint", lambda: "changed")
    assert build.build() is True


def test_a_failed_build_leaves_the_last_good_one(fresh, tmp_path, monkeypatch, capsys):
    build.build()
    before = (fresh / "app.css").read_bytes()
    broken = tmp_path / "broken"
    shutil.copytree(build.HERE / "scss", broken / "scss")
    shutil.copytree(build.HERE / "scripts", broken / "scripts")
    (broken / "scss" / "_parts.scss").write_text("a { b: ")
    monkeypatch.setattr(build, "HERE", broken)
    monkeypatch.setattr(build, "fingerprint", lambda: "broken")
    monkeypatch.setattr("sys.argv", ["build"])
    assert build.main() == 1
    assert "do not compile" in capsys.readouterr().err
    assert (fresh / "app.css").read_bytes() == before


def test_every_address_in_the_styles_is_a_file_beside_them(fresh):
    build.build()
    addresses = re.findall(r"url\(\"?([^)\"]+)\"?\)", (fresh / "app.css").read_text())
    assert addresses
    for address in addresses:
        assert (fresh / address).exists(), address


def test_the_lock_names_no_registry_and_one_version_of_govuk_frontend():
    lock = json.loads((build.ROOT / "package-lock.json").read_text())
    assert "resolved" not in json.dumps(lock)
    assert lock["packages"]["node_modules/govuk-frontend"]["version"] == "6.3.0"
    for name, package in lock["packages"].items():
        assert not name or package["integrity"].startswith("sha512-"), name
