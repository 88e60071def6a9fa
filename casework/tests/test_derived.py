"""What is derived besides stage and dates: outcome, day of publication, digest of the inputs."""

import datetime
import io
from dataclasses import replace
from typing import ClassVar

import pytest
from django.core.management import call_command

from casework import registry
from casework.events import Facts, ParametersChanged, fact, facts
from casework.explain import why
from casework.inputs import add_parameters
from casework.models import Case, Deadline
from casework.recording import correct, create_case, record, record_import, void
from casework.registry import register_kind
from casework.tests import rehearsal
from casework.tests.rehearsal import COUNCIL, HEALTH, Commented, Done, Drafted, Published, Told
from casework.tests.test_recording import FIX, deadline, to_feedback
from casework.timetable import Subject
from casework.workflow import Step
from working_days.services import add_bank_holiday

pytestmark = pytest.mark.django_db
D = datetime.date


@facts
class Judged(Facts):
    kind: ClassVar[str] = "judged"
    label: ClassVar[str] = "Judged"

    sufficient: int | None = fact("How many are sufficient", default=None)

    def outcome(self):
        if self.sufficient is None:
            return None
        return "all_sufficient" if self.sufficient else ""


@pytest.fixture
def judging(declared):
    """The kind of the rehearsal, which also judges and publishes."""
    kind = replace(
        rehearsal.REHEARSAL,
        events=[*rehearsal.REHEARSAL.events, Judged],
        steps=[*rehearsal.REHEARSAL.steps, Step(Judged, who=rehearsal.LEADS, again=True)],
        published_by="report_published",
    )
    register_kind(kind)
    yield kind
    registry.forget_kind(kind.name)


def derived(case, *names):
    call_command("rebuild", "--check", stdout=io.StringIO())
    return Case.objects.values_list(*names).get(pk=case.pk)


# --- outcome and publication ---


def test_the_outcome_is_what_the_latest_event_that_says_one_makes_it(judging, case, officer):
    assert derived(case, "outcome") == ("",)
    judged = record(case.pk, Judged(sufficient=3), by=officer)
    record(case.pk, Judged(), by=officer)  # says nothing of it
    assert derived(case, "outcome") == ("all_sufficient",)
    record(case.pk, Judged(sufficient=0), by=officer)
    assert derived(case, "outcome") == ("",)
    void(judged.pk, by=officer, reason="Wrong case")
    assert derived(case, "outcome") == ("",)


def test_a_correction_or_a_striking_out_derives_the_outcome_again(judging, case, officer):
    judged = record(case.pk, Judged(sufficient=3), by=officer)
    correct(judged.pk, Judged(sufficient=0), by=officer, reason="Miscounted")
    assert derived(case, "outcome") == ("",)
    correct(judged.pk, Judged(sufficient=2), by=officer, reason="Counted again")
    assert derived(case, "outcome") == ("all_sufficient",)
    void(judged.pk, by=officer, reason="Wrong case")
    assert derived(case, "outcome") == ("",)


def test_a_case_is_published_on_the_day_of_the_event_that_its_kind_names(
    judging, case, officer, monday
):
    to_feedback(case, officer, monday)
    record(case.pk, Drafted(), by=officer)
    assert derived(case, "published_on") == (None,)
    published = record(case.pk, Published(), by=officer)
    assert derived(case, "published_on") == (published.happened_on,)
    void(published.pk, by=officer, reason="Not yet")
    assert derived(case, "published_on") == (None,)


# --- versions of deadlines ---


def test_an_open_deadline_goes_by_its_cases_last_event_and_a_settled_one_keeps_its_own(
    case, officer, monday
):
    record(case.pk, FIX, by=officer)
    record(case.pk, Told(taken_by="Dan"), by=officer)
    versions = ("calendar_version", "parameters_version", "as_of_seq")
    of = {one.rule: tuple(getattr(one, v) for v in versions) for one in case.deadlines.all()}
    assert of["T-TELL"] == (1, 1, 3)
    assert {rule for rule, known in of.items() if known == (None, None, None)} == set(of) - {
        "T-TELL"
    }
    holiday = add_bank_holiday(D(2026, 6, 22), "State occasion", why="Proclaimed", by="test")
    rows = list(case.deadlines.order_by("pk").values())
    record(case.pk, ParametersChanged(version=add_parameters({}, reason="x").version), by=None)
    assert [d.name for d in why(deadline(case, "T-PUBLISH")).skipped].count("State occasion") == 1
    unchanged = [row for row in rows if Deadline.objects.filter(**row).exists()]
    assert {row["rule"] for row in unchanged} == {"T-TELL", "T-FEEDBACK", "T-OVER"}
    assert holiday.number == 2


def test_what_is_met_stays_when_days_or_offsets_change_though_its_start_is_a_forecast(
    case, officer, monday
):
    """'Deadlines that are already met or closed never move.'"""
    record(case.pk, FIX, by=officer)
    record(case.pk, Told(taken_by="Dan"), by=officer)
    # The report goes out before the feedback is on record: its draft counts from a forecast.
    drafted = record_import(case.pk, Drafted(), happened_on=D(2026, 6, 1))
    before = deadline(case, "T-DRAFT")
    assert (before.state, before.settled) == ("met", False)
    add_bank_holiday(D(2026, 6, 22), "State occasion", why="Proclaimed", by="test")
    record(case.pk, ParametersChanged(version=1), by=None)
    after = deadline(case, "T-DRAFT")
    assert (after.due_on, after.settled) == (before.due_on, True)
    assert (after.calendar_version, after.as_of_seq) == (1, drafted.seq)
    assert deadline(case, "T-PUBLISH").due_on == D(2026, 7, 30)


def test_a_case_that_ended_stays_by_the_calendar_by_which_it_ended(case, officer, monday):
    record(case.pk, FIX, by=officer)
    closed = record_import(case.pk, Done(), happened_on=D(2026, 6, 1), note="secret")
    before = list(case.deadlines.order_by("pk").values())
    add_bank_holiday(D(2026, 6, 22), "State occasion", why="Proclaimed", by="test")
    from casework.recording import erase_note

    erased = erase_note(closed, by=None, reason="Asked for")
    assert erased.calendar_version == closed.calendar_version == 1
    assert list(case.deadlines.order_by("pk").values()) == before


# --- digest ---


def digest(case):
    return derived(case, "inputs_digest")[0]


def opened(area, officer, *records, subjects=None):
    """A case with these facts on record; with subjects of its own where given."""
    if subjects is not None:
        kind = replace(rehearsal.REHEARSAL, subjects=lambda case: {"body": subjects})
        register_kind(kind)
    case = create_case("rehearsal", local_area=area, by=officer)
    for one, on in records:
        record(case.pk, one, by=None, happened_on=on)
    return case


def test_cases_that_know_the_same_have_the_same_digest_whoever_owes(area, officer, monday):
    others = tuple(
        Subject(key=f"{n}" * 8 + "-3333-4333-8333-333333333333", name=f"Body {n}") for n in (3, 4)
    )
    one = opened(area, officer, (FIX, None), subjects=(COUNCIL, HEALTH))
    two = opened(area, officer, (FIX, None), subjects=others)
    three = opened(area, officer, (FIX, None), subjects=(*others, COUNCIL))
    known = [Case.objects.get(pk=case.pk).inputs_digest for case in (one, two, three)]
    assert known[0] == known[1] != ""
    assert known[2] != known[0]


def test_the_digest_knows_which_body_has_answered_by_its_place(case, officer, area, monday):
    def commented(key):
        made = opened(area, officer, (FIX, None), (Told(taken_by="Dan"), None))
        record_import(made.pk, Drafted(), happened_on=D(2026, 6, 1))
        record_import(made.pk, Commented(subject=key), happened_on=D(2026, 6, 1))
        return Case.objects.get(pk=made.pk).inputs_digest

    assert commented(COUNCIL.key) == commented(COUNCIL.key) != commented(HEALTH.key)


def test_what_only_settled_deadlines_looked_at_is_not_in_the_digest(area, officer, monday):
    monday.shift(datetime.timedelta(days=3))
    early = opened(area, officer, (FIX, None), (Told(taken_by="Dan"), D(2026, 6, 1)))
    late = opened(area, officer, (FIX, None), (Told(taken_by="Eve"), D(2026, 6, 2)))
    untold = opened(area, officer, (FIX, None))
    assert digest(early) == digest(late) != digest(untold)


def test_a_case_with_nothing_open_has_no_digest(case, officer):
    assert digest(case) == ""
    record(case.pk, FIX, by=officer)
    assert len(digest(case)) == 32
    record_import(case.pk, Done(), happened_on=D(2026, 6, 1))
    assert Case.objects.get(pk=case.pk).inputs_digest == ""


def test_rebuild_fills_what_a_release_before_did_not_know(case, officer):
    record(case.pk, FIX, by=officer)
    Case.objects.filter(pk=case.pk).update(inputs_digest="")
    call_command("rebuild", stdout=io.StringIO())
    assert len(digest(case)) == 32
