"""`bin/up --smoke`: the main job over HTTP, and what is said of it."""

import os
import re
import subprocess
import sys

import pytest

from launcher import REPOSITORY
from launcher.browser import Browser, PageError
from launcher.data_folder import DataFolder
from launcher.identity import Identity
from launcher.services import free_port
from launcher.smoke import run

OURS = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")


def test_the_main_job_is_done_and_told():
    done = subprocess.run(
        [sys.executable, "-m", "launcher", "up", "--smoke"],
        cwd=REPOSITORY,
        env={name: value for name, value in os.environ.items() if name not in OURS},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for step in ("plan", "schedule", "clock", "notify", "approve", "issue", "letter"):
        assert re.search(rf"^  {step}: .+ \(\d+\.\d s\)$", done.stdout, re.MULTILINE)
    stored = re.search(r"^Stored: files/case/.+/([0-9a-f]{64})\.pdf$", done.stdout, re.MULTILINE)
    told = re.search(r"^SHA-256: ([0-9a-f]{64})$", done.stdout, re.MULTILINE)
    assert stored
    assert told
    assert stored[1] == told[1]
    assert done.stdout.rstrip().endswith("Smoke test passed.")
    assert done.stderr == ""


def test_a_failure_is_told_and_gives_one(tmp_path, capsys):
    data = DataFolder(tmp_path, Identity())
    assert run(f"http://127.0.0.1:{free_port()}", data) == 1
    said = capsys.readouterr().out
    assert "plan: FAILED." in said
    assert "does not answer" in said
    assert said.rstrip().endswith("Smoke test failed.")


PAGE = """
<title>A page</title><h1>Heading</h1><a href="/next/">On</a>
<form action="/go/" method="post"><input type="hidden" name="token" value="t&amp;1">
<label for="a">First</label><input type="radio" name="pick" id="a" value="1">
<label for="b">Second</label><input type="radio" name="pick" id="b" value="2" checked>
<select name="area"><option value="">None</option><option value="x">Ex</option></select>
<textarea name="note">
two
lines</textarea><input name="off" value="no" disabled>
<input name="day-day"><input name="day-month"><input name="day-year">
<button name="do" value="it">Do it</button></form>
"""


def test_the_small_browser_reads_forms():
    page = Browser._page("http://host/at/", 200, {"Content-Type": "text/html"}, PAGE.encode())
    form = page.form(action="/go/", text="Do it")
    assert (page.title, page.path, page.link("next")) == ("A page", "/at/", "/next/")
    assert form.values["token"] == ["t&1"]
    assert form.values["pick"] == ["2"]
    assert form.choices("pick") == [("1", "First"), ("2", "Second")]
    assert form.choices("area") == [("x", "Ex")]
    assert form.values["note"] == ["two\nlines"]
    assert not form.has("off")
    form.fill_date("day", 29, 2, 2024).fill(do="it", area="x")
    assert form.values["day-day"] + form.values["day-month"] + form.values["day-year"] == [
        "29",
        "2",
        "2024",
    ]
    with pytest.raises(PageError, match="no field 'missing'"):
        form.fill(missing="x")
