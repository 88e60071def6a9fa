"""The command line of bin/up."""

from pathlib import Path

import pytest

from launcher.options import DEFAULT_DATA, DEFAULT_PORT, Options, parse


def test_nothing_given():
    assert parse([]) == Options(DEFAULT_PORT, DEFAULT_DATA, empty=False, smoke=False)


def test_all_given(tmp_path):
    found = parse(["--port", "0", "--data", str(tmp_path), "--empty"])
    assert found == Options(0, tmp_path, empty=True, smoke=False)


def test_a_folder_is_taken_from_where_one_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert parse(["--data", "here"]).data == tmp_path / "here"


def test_smoke_takes_a_fresh_folder_and_any_port():
    assert parse(["--smoke"]) == Options(0, None, empty=False, smoke=True)
    assert parse(["--smoke", "--data", "/d"]).data == Path("/d")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--port", "eighty"], "'eighty' is not a number"),
        (["--port", "65536"], "65536 is not between 1 and 65535"),
        (["--port", "-1"], "-1 is not between"),
        (["--port"], "expected one argument"),
        (["--data", " "], "it must name a folder"),
        (["--dta", "x"], "unrecognized arguments: --dta x"),
        (["--dat", "x"], "unrecognized arguments: --dat x"),
        (["more"], "unrecognized arguments: more"),
        (["--smoke", "--empty"], "--smoke needs the demonstration data"),
    ],
)
def test_what_is_wrong_is_named(arguments, said, capsys):
    with pytest.raises(SystemExit) as ended:
        parse(arguments)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_help_names_every_option(capsys):
    with pytest.raises(SystemExit) as ended:
        parse(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    for option in ("--port", "--data", "--empty", "--smoke", "DATABASE_URL", "REDIS_URL"):
        assert option in said
