"""Whatever people record, correct and strike out in whatever order: deriving a case step by step
and deriving it again from all its events come to the same."""

import datetime
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.chain import verify_chain
from casework.events import CalendarChanged, HoldPlaced, HoldReason, LatenessExplained
from casework.measures import extend
from casework.models import Case, Deadline, DeadlineState
from casework.rebuilding import differences
from casework.recording import GuardFailed, NotAllowed, correct, create_case, record, void
from casework.tests.rehearsal import (
    COUNCIL,
    HEALTH,
    Commented,
    Done,
    Drafted,
    Fixed,
    Published,
    Seen,
    Told,
)
from config import clock
from working_days.services import add_bank_holiday

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
MONDAY = datetime.date(2026, 6, 1)

days_on_site = st.integers(0, 30).map(lambda n: MONDAY + n * DAY)
acts = st.one_of(
    st.tuples(st.just("fix"), days_on_site, st.integers(0, 4)),
    st.tuples(
        st.just("record"),
        st.sampled_from(
            [
                Told(taken_by="Dan"),
                Seen(),
                Drafted(),
                Commented(subject=COUNCIL.key),
                Commented(subject=HEALTH.key),
                Published(),
                Done(),
                LatenessExplained(rule="T-TELL"),
                HoldPlaced(why=HoldReason.OTHER, from_day=MONDAY),
            ]
        ),
        st.integers(0, 20),
    ),
    st.tuples(st.just("correct"), st.integers(0, 30), st.integers(0, 20)),
    st.tuples(st.just("void"), st.integers(0, 30), st.just(0)),
    st.tuples(st.just("extend"), st.integers(0, 10), st.integers(1, 30)),
    st.tuples(st.just("later"), st.integers(1, 10), st.just(0)),
    st.tuples(st.just("holiday"), st.integers(0, 40), st.just(0)),
)


def do(case, officer, monday, act):
    """One act; what is refused leaves everything as it was."""
    what, first, second = act
    before = Case.objects.values("version", "head_hash").get(pk=case.pk)
    try:
        _do(case, officer, monday, what, first, second)
    except (GuardFailed, NotAllowed):
        assert Case.objects.values("version", "head_hash").get(pk=case.pk) == before


def _do(case, officer, monday, what, first, second):
    if what == "fix":
        facts = Fixed(first_day=first, last_day=first + second * DAY)
        record(case.pk, facts, by=officer)
    elif what == "record":
        on = max(MONDAY, clock.today() - second * DAY)
        record(case.pk, first, by=officer, happened_on=on, note="because")
    elif what in ("correct", "void"):
        own = list(case.events.exclude(kind__in=["opened", "voided"]).filter(corrects=None))
        if not own:
            return
        event = own[first % len(own)]
        if what == "void":
            void(event.pk, by=officer, reason="because")
            return
        from casework.registry import kind_of

        facts = kind_of(case).facts_of(event.kind).read(event.facts, {})
        if isinstance(facts, Told):
            facts = Told(taken_by="Somebody else")
        on = max(MONDAY, clock.today() - second * DAY)
        correct(event.pk, facts, by=officer, reason="because", happened_on=on)
    elif what == "extend":
        found = list(Deadline.objects.filter(case=case).order_by("rule", "subject"))
        if found:
            due = found[first % len(found)]
            extend(due, due.due_on + second * DAY, by=officer, agreed_by="Both", why="because")
    elif what == "later":
        monday.shift(first * DAY)
    elif what == "holiday":
        from working_days.services import ChangeRefused

        try:
            add_bank_holiday(MONDAY + first * DAY, "Occasion", why="Proclaimed", by="test")
        except ChangeRefused:
            return
        record(case.pk, CalendarChanged(), by=None)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=st.lists(acts, min_size=3, max_size=18))
def test_step_by_step_and_all_at_once_come_to_the_same(area, officer, monday, story):
    monday.move_to(datetime.datetime(2026, 6, 1, 8, 0, tzinfo=datetime.UTC))
    case = create_case("rehearsal", local_area=area, by=officer, key=uuid.uuid4().hex)
    settled = {}
    for act in story:
        do(case, officer, monday, act)
        case = Case.objects.get(pk=case.pk)
        if act[0] not in ("correct", "void"):
            for key, due_on in settled.items():
                now = Deadline.objects.get(case=case, rule=key[0], subject=key[1])
                assert now.due_on == due_on, "what is settled does not move"
        settled = {
            (one.rule, one.subject): one.due_on
            for one in Deadline.objects.filter(case=case, settled=True)
        }
    assert [str(one) for one in differences()] == []
    assert verify_chain(case) == []


def test_the_states_are_those_of_the_design():
    assert set(DeadlineState.values) == {
        "forecast",
        "open",
        "met",
        "met_late",
        "not_applicable",
        "not_recorded",
    }
