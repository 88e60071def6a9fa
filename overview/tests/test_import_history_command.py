"""The command itself: what it prints and writes, how it ends; killed, and twice at once."""

import csv
import datetime
import io
import json
import os
import pwd
import signal
import subprocess
import sys
import threading
import time
from unittest import mock

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, connections

from casework.chain import verify_chain
from casework.models import Case, Deadline, Event
from overview.history import progress
from overview.history.results import Summary
from overview.tests.history_files import FULL, INSPECTION, REVISIT, as_csv, row, run

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
KEYS = [
    "rows",
    "taken",
    "doubted",
    "refused",
    "created",
    "unchanged",
    "inspections",
    "within_33",
    "revisits",
    "wsoa_required",
]


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture
def file(tmp_path):
    return as_csv(tmp_path / "record.csv", [INSPECTION, REVISIT, FULL])


def refused(*arguments, **options):
    with pytest.raises(CommandError) as error:
        call_command("import_history", *arguments, stdout=io.StringIO(), **options)
    said = str(error.value)
    assert "\n" not in said
    return said, error.value.returncode


# --- what it prints and writes ---


@pytest.mark.django_db
def test_the_last_line_is_json_with_exactly_these_figures(file):
    printed, _ = run(file)
    assert list(json.loads(printed[-1])) == KEYS
    assert printed[0].split() == ["row", "event", "area", "date", "result", "record", "case"]


@pytest.mark.django_db
def test_taken_doubted_and_refused_add_up_to_all_rows(tmp_path):
    rows = [INSPECTION, row(REVISIT, publication_date=""), row(FULL, start_date="2025-02-29")]
    _, found = run(as_csv(tmp_path / "some.csv", rows))
    assert (found["taken"], found["doubted"], found["refused"]) == (1, 1, 1)
    assert found["created"] + found["unchanged"] == 2


@pytest.mark.django_db
def test_the_report_is_a_file_that_computes_nothing(tmp_path):
    rows = [row(local_area="=HYPERLINK(1)", gss_code=""), row(local_area="-Kent", gss_code="+1")]
    path, report = as_csv(tmp_path / "record.csv", rows), tmp_path / "report.csv"
    printed, _ = run(path, "--report", str(report))
    assert len(printed) == 1  # the figures
    with report.open(encoding="utf-8-sig", newline="") as written:
        found = list(csv.DictReader(written))
    assert [one["area"] for one in found] == ["'=HYPERLINK(1)", "'-Kent"]
    assert [one["result"] for one in found] == ["refused", "doubted"]
    assert sorted(os.listdir(tmp_path)) == ["record.csv", "report.csv"]


@pytest.mark.django_db
def test_a_report_replaces_nothing_unasked(file, tmp_path):
    report = tmp_path / "report.csv"
    report.write_text("mine")
    said, code = refused(str(file), report=str(report))
    assert (said, code) == (f"{report} exists. With --force it is replaced.", 2)
    assert report.read_text() == "mine"
    assert not Case.objects.exists()
    run(file, "--report", str(report), "--force")
    assert "Kent" in report.read_text()


@pytest.mark.django_db
def test_a_report_that_cannot_be_written_is_said_before_anything_is_taken(file, tmp_path):
    assert "name a file for the report" in refused(str(file), report=str(tmp_path))[0]
    said, code = refused(str(file), report=str(tmp_path / "no" / "report.csv"))
    assert "cannot be written: No such file or directory" in said
    assert code == 2
    said, _ = refused(str(file), report=str(file), force=True)
    assert said == "The report cannot take the place of the file that is read."
    assert file.read_text().startswith("framework,")
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_where_the_report_may_not_be_written_it_says_as_whom_and_what_to_do(
    file, tmp_path, monkeypatch
):
    """As root the command runs as another user, who may not write into root's own folder."""
    from overview.history import report

    def denied(*args, **options):
        raise PermissionError(13, "Permission denied")

    who = pwd.getpwuid(os.geteuid()).pw_name
    target = tmp_path / "report.csv"
    with monkeypatch.context() as patched:
        patched.setattr(report.tempfile, "mkstemp", denied)
        said, code = refused(str(file), report=str(target))
    assert code == 2
    assert said.startswith(f"{target} cannot be written: Permission denied. ")
    assert f"runs as the user {who}: name a file in a folder in which that user may write" in said
    with monkeypatch.context() as patched:
        patched.setattr(report.Path, "stat", denied)
        patched.setattr(report.Path, "is_dir", lambda path: False)
        with pytest.raises(report.Unreadable, match=f"as the user {who}"):
            report.ReportFile(target, file, replace=False)
    monkeypatch.setattr(report.os, "geteuid", lambda: 4_000_000)
    assert report._user() == "4000000"
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_what_else_there_is_to_say_does_not_mix_with_the_figures(tmp_path):
    path = as_csv(tmp_path / "more.csv", [INSPECTION], [*INSPECTION, *_others(), "phone"])
    out, err = io.StringIO(), io.StringIO()
    call_command("import_history", str(path), stdout=out, stderr=err)
    assert "The column phone is not known and not read." in err.getvalue()
    assert "phone" not in out.getvalue()


def _others():
    from overview.history.form import COLUMNS

    return [name for name in COLUMNS if name not in INSPECTION]


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_is_shown_how_far_it_is_and_left_clean():
    terminal = Terminal()
    assert list(progress.shown(range(4), 4, terminal)) == [0, 1, 2, 3]
    said = terminal.getvalue()
    assert "2 of 4 rows" in said
    assert said.endswith("\r")


def test_where_there_is_no_terminal_nothing_is_shown():
    piped = io.StringIO()
    assert list(progress.shown(range(4), 4, piped)) == [0, 1, 2, 3]
    assert piped.getvalue() == ""


# --- how it ends ---


@pytest.mark.django_db
def test_a_database_that_gives_up_is_said_in_a_sentence(file):
    lost = OperationalError("server closed the connection\nunexpectedly")
    with mock.patch("overview.history.importing.take", side_effect=lost):
        said, code = refused(str(file))
    assert said.startswith("The database gave up: server closed the connection.")
    assert code == 1


@pytest.mark.django_db
def test_ctrl_c_keeps_what_was_taken(file):
    with mock.patch("overview.history.importing.take", side_effect=KeyboardInterrupt):
        said, code = refused(str(file))
    assert said == "Interrupted. Rows taken so far stay; run it again to go on."
    assert code == 130


@pytest.mark.django_db
def test_somebody_who_stops_reading_is_no_error(file):
    class Closed(io.StringIO):
        def write(self, text):
            raise BrokenPipeError

    with mock.patch("os.dup2") as silenced:
        call_command("import_history", str(file), stdout=Closed())
    assert silenced.called
    assert Case.objects.filter(kind="inspection").count() == 2


def test_no_figure_is_read_from_the_file(db):
    assert list(Summary().as_json().values()) == [0] * len(KEYS)


# --- killed, and twice at once ---


def areas_of(number):
    from areas.models import LocalArea

    known = LocalArea.objects.filter(ends_on=None, starts_on=None, region__code="london")
    return [(one.name, one.gss_codes.get().code) for one in known.order_by("dfe_code")[:number]]


def many(tmp_path):
    """Forty inspections and re-visits of twenty areas."""
    rows = []
    for name, code in areas_of(20):
        place = {"local_area": name, "gss_code": code, "ofsted_region": "London"}
        rows += [row(**place), row(REVISIT, **place)]
    return as_csv(tmp_path / "many.csv", rows)


def content():
    """All that the record holds, without ids and numbers that any run gives anew."""
    events = Event.objects.order_by("case__local_area", "case__kind", "seq")
    facts = [
        (area, kind, seq, event, on)
        for area, kind, seq, event, on in events.values_list(
            "case__local_area__name", "case__kind", "seq", "kind", "happened_on"
        )
    ]
    dates = Deadline.objects.order_by("case__local_area", "case__kind", "rule", "subject_name")
    return facts, list(
        dates.values_list("case__local_area__name", "case__kind", "rule", "due_on", "state")
    )


def whole():
    call_command("rebuild", "--check", stdout=io.StringIO())
    assert not [broken for case in Case.objects.all() for broken in verify_chain(case)]
    return content()


def on_its_own(path):
    """The command as a process of its own, on this test's database."""
    own = connection.settings_dict
    address = f"{own['HOST']}:{own['PORT']}/{own['NAME']}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": f"postgres://{own['USER']}:{own['PASSWORD']}@{address}",
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", "import_history", str(path)],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.django_db(transaction=True)
def test_killed_half_way_and_run_again_it_ends_as_if_nothing_had_been(tmp_path):
    path = many(tmp_path)
    process = on_its_own(path)
    deadline = time.monotonic() + 60
    while Case.objects.count() < 15 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    rows = Case.objects.exclude(kind="wsoa").count()
    assert 0 < rows < 40
    assert (
        Case.objects.filter(kind="wsoa").count() == Case.objects.filter(kind="inspection").count()
    )
    whole()
    _, found = run(path)
    assert (found["unchanged"], found["created"]) == (rows, 40 - rows)
    after_the_kill = whole()
    assert run(path)[1]["unchanged"] == 40
    assert content() == after_the_kill
    assert Case.objects.count() == 60


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_make_one_record(tmp_path):
    path, found = many(tmp_path), []

    def load():
        try:
            found.append(run(path)[1])
        except Exception as error:
            found.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert [one["refused"] for one in found] == [0, 0]
    assert sum(one["created"] for one in found) == 40
    assert sum(one["unchanged"] for one in found) == 40
    assert Case.objects.count() == 60
    whole()
