import datetime

import pytest

from casework.chain import verify_chain
from casework.models import Case, Deadline, Origin
from casework.reactions import Reaction, forget_reaction, register_reaction
from casework.recording import GuardFailed, correct, create_case, record, void
from casework.tests.rehearsal import Drafted, Fixed, Published, Seen, Told, make_person, put_on_case
from casework.tests.test_recording import FIX, deadline, to_feedback

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.fixture
def lead(case):
    """May record, but opens no case: a reaction needs no role of the person."""
    person = make_person("Lena Lead")
    put_on_case(person, case, "lead_hmi")
    return person


@pytest.fixture
def follow_up():
    """Publishing a rehearsal makes its follow-up."""

    def make(case, event, facts, door):
        door.create_case("follow", local_area=case.local_area, origin=case, key=f"follow:{case.pk}")

    reaction = Reaction(("rehearsal", "report_published"), make, [("follow", "opened")])
    register_reaction(reaction)
    yield
    forget_reaction(reaction)


def publish(case, officer, monday):
    to_feedback(case, officer, monday)
    record(case.pk, Drafted(), by=officer)
    monday.move_to(datetime.datetime(2026, 7, 1, 9, 0, tzinfo=datetime.UTC))


def test_what_follows_is_written_in_the_same_transaction_in_the_persons_name(
    case, officer, lead, monday, follow_up
):
    publish(case, officer, monday)
    record(case.pk, Published(), by=lead)
    child = Case.objects.get(origin=case)
    opened = child.events.get(seq=1)
    assert (child.kind, opened.recorded_by, opened.origin) == ("follow", lead, Origin.REACTION)
    assert verify_chain(child) == []


def test_a_reaction_that_fails_takes_the_event_with_it(case, officer, monday):
    def fail(case, event, facts, door):
        raise GuardFailed([("", "No room upstairs.")])

    reaction = Reaction(("rehearsal", "report_published"), fail, [])
    register_reaction(reaction)
    try:
        publish(case, officer, monday)
        with pytest.raises(GuardFailed, match="No room upstairs"):
            record(case.pk, Published(), by=officer)
    finally:
        forget_reaction(reaction)
    case.refresh_from_db()
    assert case.stage == "drafted"
    assert not case.events.filter(kind="report_published").exists()


def test_a_reaction_writes_only_what_it_declared(case, officer, monday):
    def more(case, event, facts, door):
        door.create_case("follow", local_area=case.local_area)

    reaction = Reaction(("rehearsal", "report_published"), more, [])
    register_reaction(reaction)
    try:
        publish(case, officer, monday)
        with pytest.raises(ValueError, match=r"did not declare follow\.opened"):
            record(case.pk, Published(), by=officer)
    finally:
        forget_reaction(reaction)


def test_a_childs_deadline_counts_from_an_event_of_its_origin(case, officer, monday, follow_up):
    publish(case, officer, monday)
    record(case.pk, Published(), by=officer)
    child = Case.objects.get(origin=case)
    # Twenty working days after Wednesday 1 July.
    assert deadline(child, "F-CLOSE").due_on == D(2026, 7, 29)
    known = child.events.get(kind="related_happened")
    assert (known.facts["event"], known.origin) == ("origin:report_published", Origin.REACTION)


def test_a_correction_at_the_origin_reaches_the_child(case, officer, monday, follow_up):
    publish(case, officer, monday)
    published = record(case.pk, Published(), by=officer)
    child = Case.objects.get(origin=case)
    correct(published.pk, Published(), by=officer, reason="A day", happened_on=D(2026, 6, 30))
    assert deadline(child, "F-CLOSE").due_on == D(2026, 7, 28)
    void(published.pk, by=officer, reason="Not yet")
    assert not Deadline.objects.filter(case=child, rule="F-CLOSE").exists()
    child.refresh_from_db()
    assert verify_chain(child) == []


def test_an_origins_deadline_counts_from_an_event_of_its_child(case, officer, monday):
    child = create_case("follow", local_area=case.local_area, by=None, origin=case)
    assert not Deadline.objects.filter(case=case, rule="T-AFTER").exists()
    days = Fixed(first_day=D(2026, 9, 7), last_day=D(2026, 9, 9))
    fixed = record(child.pk, days, by=officer)
    assert deadline(case, "T-AFTER").due_on == D(2026, 9, 14)
    correct(
        fixed.pk,
        Fixed(first_day=D(2026, 9, 8), last_day=D(2026, 9, 9)),
        by=officer,
        reason="A day later",
    )
    assert deadline(case, "T-AFTER").due_on == D(2026, 9, 15)
    assert case.events.filter(kind="related_happened").count() == 2


def test_steps_of_both_cases_stay_possible_in_any_order(case, officer, monday, follow_up):
    record(case.pk, FIX, by=officer)
    record(case.pk, Told(taken_by="Dan"), by=officer)
    child = create_case("follow", local_area=case.local_area, by=None, origin=case)
    record(child.pk, Fixed(first_day=D(2026, 9, 7), last_day=D(2026, 9, 9)), by=officer)
    monday.move_to(datetime.datetime(2026, 6, 12, 15, 0, tzinfo=datetime.UTC))
    record(case.pk, Seen(), by=officer)
    case.refresh_from_db()
    assert (case.stage, verify_chain(case)) == ("seen", [])
