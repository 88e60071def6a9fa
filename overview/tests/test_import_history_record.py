"""The 300 real events since May 2016: all accounted for, and held against published figures."""

import collections
import datetime
import io

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction

from areas.models import LocalArea
from casework.chain import verify_chain
from casework.models import Case, Deadline, Event
from overview.tests.history_files import (
    REAL,
    WHY_SKIPPED,
    as_ods,
    as_xlsx,
    figures,
    real_lines,
    run,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not REAL.is_file(), reason=WHY_SKIPPED),
]
D = datetime.date
NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
ALL = {
    "rows": 300,
    "taken": 166,
    "doubted": 134,
    "refused": 0,
    "created": 300,
    "unchanged": 0,
    "inspections": 151,
    "within_33": 16,
    "revisits": 52,
    "wsoa_required": 83,
}
AGAIN = {**ALL, "created": 0, "unchanged": 300}


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker):
    """The record, loaded once for all tests of this file."""
    with (
        django_db_blocker.unblock(),
        time_machine.travel(NOW, tick=True),
        transaction.atomic(),
    ):
        yield run(REAL)
        transaction.set_rollback(True)


@pytest.fixture
def loaded(_loaded):
    """The lines that the first import printed, and its figures."""
    return _loaded


def test_every_row_is_accounted_for(loaded):
    printed, found = loaded
    assert found == ALL
    rows = [line.split() for line in printed if line[:1].isdigit()]
    assert [int(row[0]) for row in rows] == list(range(2, 302))
    assert Case.objects.filter(kind="inspection", framework="area-send-2023").count() == 97


def test_all_of_it_can_be_had_again_from_the_events(loaded):
    call_command("rebuild", "--check", stdout=io.StringIO())
    assert not [broken for case in Case.objects.all() for broken in verify_chain(case)]


def test_the_same_again_as_csv_xlsx_and_ods_changes_nothing(loaded, tmp_path):
    before = list(Event.objects.order_by("pk").values_list("pk", "hash"))
    deadlines = list(Deadline.objects.order_by("pk").values())
    table = real_lines()
    assert figures(REAL) == AGAIN
    assert figures(as_xlsx(tmp_path / "record.xlsx", table)) == AGAIN
    assert figures(as_ods(tmp_path / "record.ods", table)) == AGAIN
    assert list(Event.objects.order_by("pk").values_list("pk", "hash")) == before
    assert list(Deadline.objects.order_by("pk").values()) == deadlines


def test_publication_is_late_as_often_as_it_was(loaded):
    """135 of 151 were published after 33 working days (HB 59)."""
    states = Deadline.objects.filter(rule="IN-PUBLISH").values_list("state", flat=True)
    assert collections.Counter(states) == {"met": 16, "met_late": 135}


def test_the_first_thirty_inspections_are_as_published(loaded):
    """ON 7: to the end of March 2017, nine of thirty needed a statement; by region."""
    first = Case.objects.filter(
        kind="inspection", framework="local-area-send-2016", first_day__lte=D(2017, 3, 31)
    )
    assert first.count() == 30
    needed = first.filter(outcome="statement_required")
    regions = collections.Counter(needed.values_list("local_area__region__name", flat=True))
    assert regions == {
        "North West": 2,
        "North East, Yorkshire and the Humber": 2,
        "South East": 1,
        "South West": 1,
        "London": 1,
        "East of England": 1,
        "West Midlands": 1,
    }


def test_of_those_begun_by_november_2018_as_many_needed_a_statement_as_published(loaded):
    """NW: 34."""
    begun = Case.objects.filter(kind="inspection", first_day__lt=D(2018, 11, 1))
    assert begun.filter(outcome="statement_required").count() == 34


def test_every_area_of_the_time_was_inspected_once(loaded):
    inspected = Case.objects.filter(kind="inspection", framework="local-area-send-2016")
    assert inspected.values("local_area").distinct().count() == 151


def test_revisits_came_of_statements_and_had_three_outcomes(loaded):
    revisits = Case.objects.filter(kind="revisit")
    assert not revisits.filter(origin=None).exists()
    assert collections.Counter(revisits.values_list("outcome", flat=True)) == {
        "all_sufficient": 20,
        "some_sufficient": 27,
        "none_sufficient": 3,
        "": 2,  # not seen
    }


def test_statements_ended_as_history_says(loaded):
    """31 never had a re-visit (timetable.md): superseded, or open until the area is inspected."""
    statements = Case.objects.filter(kind="wsoa")
    assert statements.count() == 83
    never = statements.exclude(children__kind="revisit")
    assert never.count() == 31
    assert set(never.values_list("stage", flat=True)) == {"superseded", "required"}
    assert statements.filter(stage="closed").count() == 20
    open_ones = statements.exclude(stage__in=("closed", "superseded"))
    again = LocalArea.objects.filter(cases__framework="area-send-2023").distinct()
    assert not open_ones.filter(local_area__in=again).exists()


def test_nothing_of_it_is_due_or_late_today(loaded):
    states = set(Deadline.objects.values_list("state", flat=True).distinct())
    assert states <= {"met", "met_late", "not_recorded"}


def test_what_is_doubted_says_why(loaded):
    printed, _ = loaded
    text = "\n".join(printed)
    for words in (
        "is assumed Friday of start week",
        "Dorset (until March 2019) was abolished at the end of Sunday 31 March 2019",
        "'London Corporation' is not in the register: placed as City of London by its code",
        "E10000006 is the code of Cumbria, which came before Cumberland",
        "publication_date 2020-02-23 is no working day (Sunday)",
        "Sources differ or are doubted: LA page says 25 to 27 Sep 2017",
        "7 working days on site are unusual",
        "The outcome is not known (grade not extracted)",
        "Placed in the month that the notes name, by its last day, 2022-09-30",
        "It has no GSS code: placed by its name",
    ):
        assert words in text, words


def test_kents_revisit_was_notified_over_the_state_funeral(loaded):
    """timetable.md: Day 1 on Tuesday 27 September 2022 has Day -10 on Monday 12 September."""
    kent = Case.objects.get(kind="revisit", local_area__name="Kent")
    assert Deadline.objects.get(case=kent, rule="RE-NOTIFY").due_on == D(2022, 9, 12)
