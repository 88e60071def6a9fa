"""`bin/manage import_history` on a terminal: a small national record, and files that are none."""

import csv
import json
import os
import subprocess
from pathlib import Path

import pytest

from launcher import REPOSITORY
from overview.history.form import COLUMNS

KENT = {
    "framework": "2016-2022",
    "event": "inspection",
    "local_area": "Kent",
    "gss_code": "E10000016",
    "start_date": "2019-01-28",
    "end_date": "2019-02-01",
    "publication_date": "2019-03-20",
    "outcome": "WSOA required",
    "n_weaknesses": "9",
}
NOWHERE = {**KENT, "local_area": "Wessex", "gss_code": ""}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the command's own user can reach, with a file of two rows."""
    path = tmp_path_factory.mktemp("history")
    for one in (path, path.parent, path.parent.parent):
        one.chmod(0o755)
    with (path / "record.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows([KENT, NOWHERE])
    return path


def _import(folder: Path, *arguments: object) -> "subprocess.CompletedProcess[str]":
    hidden = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
    return subprocess.run(
        [REPOSITORY / "bin" / "manage", "--data", folder / "data", "import_history", *arguments],
        env={name: value for name, value in os.environ.items() if name not in hidden},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def test_the_last_line_is_json_and_again_nothing_is_created(folder: Path) -> None:
    first = _import(folder, folder / "record.csv")
    assert first.returncode == 0, first.stderr
    figures = json.loads(first.stdout.splitlines()[-1])
    assert (figures["rows"], figures["taken"], figures["refused"]) == (2, 1, 1)
    assert (figures["created"], figures["within_33"], figures["wsoa_required"]) == (1, 1, 1)
    assert "There is no local area 'Wessex'." in first.stdout
    assert "rows" not in first.stderr  # no bar where there is no terminal
    again = json.loads(_import(folder, folder / "record.csv").stdout.splitlines()[-1])
    assert again == {**figures, "created": 0, "unchanged": 1}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nothing.csv", "There is no file"),
        (".", "is a folder, not a file"),
        ("latin.csv", "is not UTF-8"),
    ],
)
def test_what_is_no_record_is_said_in_a_sentence_with_code_2(
    folder: Path, name: str, words: str
) -> None:
    (folder / "latin.csv").write_bytes("framework,événement\n".encode("latin-1"))
    done = _import(folder, folder / name)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
