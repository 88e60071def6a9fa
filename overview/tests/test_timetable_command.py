"""`manage.py timetable`, in this process and as a command of its own without a database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[2]
KEYS = [
    "code", "subject", "title", "owed_by", "due_on", "due_at", "strength", "source_offset",
    "citation", "counted_from", "offset", "day_number", "forecast", "skipped", "practical_on",
    "note",
]  # fmt: skip
REPORT = ("--event", "report_published=2024-11-05")
FIT = ("--event", "judged_fit=2020-09-24")
VISIT = ("--event", "first_day=2026-03-23", "--event", "last_day=2026-03-27")


@pytest.fixture
def run(capsys):
    """What the command prints; as a list where it prints JSON."""

    def command(*arguments, as_json=True):
        options = ("--bundled", "--format", "json") if as_json else ("--bundled",)
        call_command("timetable", *arguments, *options)
        printed = capsys.readouterr()
        command.warnings = printed.err
        return json.loads(printed.out) if as_json else printed.out

    return command


def row(rows, code, subject=""):
    [found] = [due for due in rows if (due["code"], due["subject"]) == (code, subject)]
    return found


def test_json_is_a_list_of_objects_with_exactly_these_keys(run):
    rows = run("inspection", *VISIT)
    assert [list(due) for due in rows] == [KEYS] * 23
    assert row(rows, "IN-NOTIFY") == {
        "code": "IN-NOTIFY",
        "subject": "",
        "title": "Call to the director of children's services announcing the inspection",
        "owed_by": "lead HMI",
        "due_on": "2026-03-16",
        "due_at": "2026-03-16T10:00:00+00:00",
        "strength": "normally",
        "source_offset": "source",
        "citation": "HB 7",
        "counted_from": {"event": "first_day", "date": "2026-03-23", "forecast": False},
        "offset": "Day -5",
        "day_number": -5,
        "forecast": False,
        "skipped": [
            {"date": "2026-03-21", "name": "Saturday"},
            {"date": "2026-03-22", "name": "Sunday"},
        ],
        "practical_on": None,
        "note": "Between 09:00 and 10:00.",
    }
    assert row(rows, "IN-FINAL")["due_on"] == "2026-05-11"
    assert run.warnings == ""


def test_practical_day(run):
    due = row(run("wsoa", "--event", "judged_fit=2025-08-31"), "WS-REVISIT")
    assert (due["due_on"], due["practical_on"]) == ("2027-02-28", "2027-02-26")


def test_bodies_health_commissioners_and_recipients(run):
    rows = run(
        "inspection", *VISIT, "--event", "draft_sent=2026-04-17",
        "--event", "comments_received:Kent County Council=2026-04-20",
        "--body", "Kent County Council", "--health", "NHS Kent and Medway ICB",
        "--recipient", "Medway Council",
    )  # fmt: skip
    subjects = {due["code"]: [] for due in rows}
    for due in rows:
        subjects[due["code"]].append(due["subject"])
    bodies = ["Kent County Council", "NHS Kent and Medway ICB"]
    assert subjects["IN-FACTS"] == bodies
    assert subjects["IN-HEALTH"] == bodies[1:]
    assert subjects["IN-LOCAL-PUBLISH"] == [*bodies, "Medway Council"]
    assert row(rows, "IN-FACTS-REPLY")["forecast"] is True


def test_the_local_authority_owes_its_own_where_only_health_is_named(run):
    rows = run("inspection", *VISIT, "--health", "NHS Kent and Medway ICB")
    subjects = [due["subject"] for due in rows if due["code"] == "IN-FACTS"]
    assert subjects == ["the local authority", "NHS Kent and Medway ICB"]


def test_editions(run):
    arguments = ("revisit", "--event", "first_day=2019-12-09", "--event", "last_day=2019-12-12")
    assert row(run(*arguments), "RE-CALL")["due_on"] == "2019-12-06"
    assert row(run(*arguments, "--edition", "2018"), "RE-CALL")["due_on"] == "2019-11-29"


def test_parameters(run):
    rows = run("inspection", *VISIT, "--parameter", "IN-DRAFT=15")
    assert row(rows, "IN-DRAFT")["due_on"] == "2026-04-21"


def test_monitoring_of_a_statement(run):
    """Spec, support and monitoring: 10* working days, every 3 months, 18 months, 35*, 6 months."""
    rows = run(
        "monitoring", "--event", "final_report_received=2020-03-02", *FIT,
        "--event", "revisit_published=2022-06-01",
    )  # fmt: skip
    assert [(due["code"], due["due_on"], due["practical_on"]) for due in rows] == [
        ("MO-DEVELOP", "2020-03-16", None),
        ("MO-VISIT-1", "2020-12-24", None),
        ("MO-VISIT-2", "2021-03-24", None),
        ("MO-VISIT-3", "2021-06-24", None),
        ("MO-FOUR", "2022-03-24", None),
        ("MO-PLAN", "2022-07-22", None),  # 2 and 3 June 2022 were bank holidays
        ("MO-REVIEW", "2022-12-01", None),
    ]
    assert row(rows, "MO-VISIT-1")["counted_from"] == {
        "event": "judged_fit", "date": "2020-09-24", "forecast": False
    }  # fmt: skip
    assert "the start is ours" in row(rows, "MO-VISIT-1")["note"]
    assert run.warnings == ""


def test_another_pace_of_visits(run):
    rows = run("monitoring", *FIT, "--event", "visit_held=2020-12-10",
               "--event", "intensity_changed:6=2021-01-15")  # fmt: skip
    visits = {due["code"]: due["due_on"] for due in rows if due["code"].startswith("MO-VISIT")}
    assert visits == {
        "MO-VISIT-1": "2020-12-24",
        "MO-VISIT-2": "2021-07-15",
        "MO-VISIT-3": "2022-01-15",
        "MO-VISIT-4": "2022-07-15",
    }


def test_monitoring_ceases_when_all_progress_is_sufficient(run):
    """RV 28: on publication; what was missed before stays."""
    rows = run("monitoring", *FIT, "--event", "revisit_published=2021-04-20",
               "--outcome", "all_sufficient")  # fmt: skip
    assert [due["code"] for due in rows] == ["MO-VISIT-1", "MO-VISIT-2"]


def test_support_asks_for_the_outcome_and_goes_on_without(run):
    rows = run("support", *REPORT)
    assert [due["code"] for due in rows] == ["SC-MINISTER", "SC-INCLUSION", "SC-PLAN"]
    assert "The outcome is not given (positive, inconsistent or failings)" in run.warnings


def test_the_outcome_is_short_for_the_event_that_says_it(run):
    rows = run("support", *REPORT, "--outcome", "inconsistent")
    assert rows == run("support", *REPORT, "--event", "found_inconsistent=2024-11-05")
    assert run.warnings == ""


def test_what_repeats_is_given_up_to_a_day(run):
    arguments = ("support", *REPORT, "--outcome", "inconsistent")
    six = [due for due in run(*arguments) if due["code"].startswith("SC-SIX")]
    assert [due["code"] for due in six] == ["SC-SIX-1", "SC-SIX-2", "SC-SIX-3"]
    rows = run(*arguments, "--repeat-until", "2027-11-05")
    six = [due for due in rows if due["code"].startswith("SC-SIX")]
    # The strategic plan is due 60 working days after publication: 31 January 2025.
    assert row(rows, "SC-PLAN")["due_on"] == "2025-01-31"
    assert [due["due_on"] for due in six] == [
        "2025-07-31", "2026-01-31", "2026-07-31", "2027-01-31", "2027-07-31"
    ]  # fmt: skip
    assert six[1]["practical_on"] == "2026-01-30"
    assert all(due["forecast"] for due in six)


def test_a_deep_dive_is_met_when_each_area_for_priority_action_has_its_record(run):
    known = ("support", *REPORT, "--outcome", "failings", "--event",
             "senior_officials_met=2024-12-10", "--priority-area", "Waits", "--priority-area",
             "Speech", "--event", "deep_dive_held:waits=2025-03-04")  # fmt: skip
    deep = [due["code"] for due in run(*known) if due["code"].startswith("SC-DEEP")]
    assert deep == ["SC-DEEP-1", "SC-DEEP-2", "SC-DEEP-3"]
    both = run(*known, "--event", "deep_dive_held:Speech=2025-03-06")
    deep = [due["code"] for due in both if due["code"].startswith("SC-DEEP")]
    assert deep == ["SC-DEEP-1", "SC-DEEP-2", "SC-DEEP-3", "SC-DEEP-4"]


def test_the_framework_of_2023_says_what_is_not_verified(run):
    arguments = ("inspection", *VISIT, "--framework", "area-send-2023")
    rows = run(*arguments)
    assert [(due["code"], due["due_on"]) for due in rows] == [
        ("AS-NOTIFY", "2026-03-09"),
        ("AS-DRAFT", "2026-04-17"),
        ("AS-FACTS", "2026-05-01"),
        ("AS-FINAL", "2026-05-11"),
        ("AS-PUBLISH", "2026-05-18"),
    ]
    assert row(rows, "AS-DRAFT")["note"].startswith("Not verified. From published reports")
    assert row(rows, "AS-NOTIFY")["note"].startswith("From published reports")
    changed = run(*arguments, "--parameter", "AS-NOTIFY=-11", "--outcome", "failings",
                  "--parameter", "AS-NEXT:failings=30")  # fmt: skip
    assert row(changed, "AS-NOTIFY")["due_on"] == "2026-03-06"
    assert row(changed, "AS-NEXT")["due_on"] == "2028-11-18"
    assert row(changed, "AS-MONITOR")["due_on"] == "2027-11-11"
    assert row(changed, "AS-PLAN")["due_on"] == "2026-06-30"


def test_warnings_go_to_standard_error_and_stop_nothing(run):
    rows = run("inspection", "--event", "first_day=2026-03-23", "--event", "last_day=2026-03-31")
    assert len([due for due in rows if due["code"] == "IN-KIT"]) == 6
    assert "Warning: An inspection normally takes up to 5 working days" in run.warnings


def test_a_forecast_past_the_calendar_is_marked(run):
    due = row(run("inspection", "--event", "last_day=2028-12-08"), "IN-PUBLISH")
    assert due["forecast"] is True
    assert "Bank holidays not yet known" in due["note"]


def test_the_table_reads_like_one(run):
    printed = run("revisit", "--event", "first_day=2022-09-27", as_json=False)
    lines = printed.splitlines()
    assert lines[0].split() == ["code", "due", "strength", "counted", "from", "who", "owes", "it",
                                "what"]  # fmt: skip
    assert any(
        line.startswith("RE-SURVEY-OPEN") and "Tue 20 Sep 2022 12:00" in line for line in lines
    )
    assert "Edition 2019 of local-area-send-2016. A working day is any day except" in printed
    assert "Bank holidays are known up to 31 December 2028." in printed
    assert "forecast as Day 4, Friday 30 September 2022" in run.warnings


def test_what_is_not_counted_is_named(run):
    printed = run("wsoa", "--event", "judged_fit=2020-09-24", as_json=False)
    assert "WS-SUBMIT: needs origin:final_report_received" in printed


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("support", "--event", "x=2026-03-23"), "Support after an area SEND inspection has no"),
        (("support", *REPORT, "--outcome", "dire"), "There is positive, inconsistent or failings."),
        (("support", *REPORT, "--repeat-until", "2031-01-01"), "is past the end of the calendar"),
        (("support", *REPORT, "--repeat-until", "soon"), "--repeat-until: 'soon' is not a date"),
        (("wsoa", "--event", "submitted=2026-03-23", "--outcome", "fit"), "It has none."),
        (("monitoring",), "Give at least one date, such as --event final_report_received="),
        (("monitoring", *FIT, "--event", "intensity_changed=2021-06-01"), "number of months from"),
        (("monitoring", *FIT, "--event", "intensity_changed:0=2021-06-01"), "from 1 to 60"),
        (("monitoring", *FIT, "--event", "intensity_changed:²=2021-06-01"), "from 1 to 60"),
        (("monitoring", *FIT, "--event", "judged_fit=2020-09-25"), "is given with 2 dates"),
        (("monitoring", *FIT, "--parameter", "MO-VISIT-n=4"), "MO-VISIT-n is fixed by its source"),
        (("inspektion", "--event", "first_day=2026-03-23"), "There is no kind 'inspektion'"),
        ((), "Which kind?"),
        (("inspection",), "Give at least one date"),
        (("inspection", "--event", "fist_day=2026-03-23"), "Did you mean 'first_day'?"),
        (("inspection", "--event", "first_day"), "names no date"),
        (("inspection", "--event", "last_day=2023-02-29"), "February 2023 has 28 days"),
        (("inspection", "--event", "last_day=27.3.2026"), "write it as 2026-03-27"),
        (("inspection", "--event", "last_day=0001-01-01"), "before the calendar begins"),
        (("inspection", "--event", "last_day=9999-12-31"), "past the end of the calendar"),
        (("inspection", "--event", "first_day=2012-01-04"), "known from 1 January 2012 only"),
        (("inspection", "--event", "first_day=2026-04-03"), "Good Friday"),
        (("inspection", "--event", "first_day=2026-03-28"), "Saturday"),
        (
            ("inspection", "--event", "first_day=2026-03-27", "--event", "last_day=2026-03-23"),
            "is before Day 1",
        ),
        (
            ("revisit", "--event", "first_day=2022-09-27", "--event", "last_day=2022-09-27"),
            "2 to 4 working days on site",
        ),
        (
            ("revisit", "--event", "first_day=2022-09-26", "--event", "last_day=2022-09-30"),
            "2 to 4 working days on site",
        ),
        (("inspection", *VISIT, "--framework", "area-send-2029"), "area-send-2029"),
        (("inspection", *VISIT, "--edition", "2018"), "no edition '2018'"),
        (("inspection", *VISIT, "--parameter", "IN-FACTS=12"), "fixed by its source"),
        (("inspection", *VISIT, "--parameter", "IN-DRAFT=soon"), "write CODE=NUMBER"),
        (
            ("inspection", *VISIT, "--parameter", "IN-DRAFT=100000000"),
            "outside the years 1 to 9999",
        ),
        (("inspection", *VISIT, "--parameter", "IN-DRAFT=-100000000"), "cannot say anything"),
        (
            ("support", *REPORT, "--outcome=failings", "--parameter", "SC-DEEP-n=100000000"),
            "outside the years 1 to 9999",
        ),
        (
            ("inspection", *VISIT, "--event", "comments_received:Kent=2026-04-20"),
            "there is no body 'Kent'",
        ),
    ],
)
def test_what_is_wrong_is_said_with_exit_code_2(run, arguments, why):
    with pytest.raises(CommandError) as caught:
        run(*arguments)
    assert caught.value.returncode == 2
    assert why in str(caught.value)


def shell(*arguments):
    environment = {
        **os.environ,
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "DJANGO_SETTINGS_MODULE": "config.settings.base",
    }
    return subprocess.run(
        [sys.executable, "manage.py", "timetable", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_without_a_database_as_a_command_of_its_own():
    done = shell("wsoa", "--event", "final_report_received=2021-11-09", "--bundled",
                 "--format", "json")  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert row(json.loads(done.stdout), "WS-SUBMIT")["due_on"] == "2022-02-18"
    wrong = shell("revisit", "--event", "first_day=2022-09-19", "--bundled")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "State Funeral" in wrong.stderr
    assert "Traceback" not in wrong.stderr


def test_a_database_out_of_reach_names_the_way_without_it():
    done = shell("wsoa", "--event", "final_report_received=2021-11-09")
    assert done.returncode == 1
    assert "--bundled" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
def test_with_the_calendar_of_the_database(capsys):
    call_command("timetable", "wsoa", "--event", "final_report_received=2021-11-09",
                 "--format", "json")  # fmt: skip
    assert row(json.loads(capsys.readouterr().out), "WS-SUBMIT")["due_on"] == "2022-02-18"
