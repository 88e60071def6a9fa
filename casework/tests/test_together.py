"""Several people at the same instant, on a real database, in real threads."""

import threading
import uuid

import pytest
from django.db import connection

from casework.chain import verify_chain
from casework.models import Case, Deadline, Event
from casework.recording import Conflict, create_case, record
from casework.tests.rehearsal import FIX_WEEK, Told, make_area, make_person

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Run all acts at the same instant; their results or exceptions, in order."""
    barrier = threading.Barrier(len(acts))
    results = [None] * len(acts)

    def run(number, act):
        try:
            barrier.wait(timeout=20)
            results[number] = act()
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.fixture
def officer(declared):
    return make_person("Olu Officer", role="support_officer")


@pytest.fixture
def case(officer):
    return create_case("rehearsal", local_area=make_area(), by=officer)


def test_the_same_request_posted_twenty_times_at_once_is_one_event(case, officer):
    key = uuid.uuid4().hex

    def post():
        return record(case.pk, FIX_WEEK, by=officer, key=key, expected_version=1)

    results = at_once(*[post] * 20)
    assert {getattr(one, "pk", repr(one)) for one in results} == {results[0].pk}
    assert Event.objects.filter(case=case, kind="fixed").count() == 1
    case.refresh_from_db()
    assert case.version == 2


def test_of_two_people_at_once_one_wins_and_the_other_is_told_who(case, officer):
    other = make_person("Bela Other", role="support_officer")
    results = at_once(
        lambda: record(case.pk, FIX_WEEK, by=officer, expected_version=1),
        lambda: record(case.pk, FIX_WEEK, by=other, expected_version=1),
    )
    [conflict] = [one for one in results if isinstance(one, Conflict)]
    [event] = [one for one in results if isinstance(one, Event)]
    assert [one.who for one in conflict.meanwhile] == [event.recorded_by.name]
    assert Event.objects.filter(case=case, kind="fixed").count() == 1


def test_twenty_different_events_at_once_stand_in_one_unbroken_chain(case, officer):
    results = at_once(*[lambda: record(case.pk, FIX_WEEK, by=officer)] * 20)
    assert [one for one in results if isinstance(one, Exception)] == []
    case.refresh_from_db()
    assert case.version == 21
    assert verify_chain(case) == []


def test_twenty_cases_opened_at_once_have_twenty_references(officer):
    area = make_area("Elsewhere", code="T02")
    results = at_once(
        *[lambda: create_case("rehearsal", local_area=area, by=officer)] * 10,
        *[lambda: create_case("rehearsal", local_area=area, by=officer, key="the same")] * 10,
    )
    assert [one for one in results if isinstance(one, Exception)] == []
    assert Case.objects.count() == 11
    assert len(set(Case.objects.values_list("reference", flat=True))) == 11


def test_a_refused_step_leaves_nothing_behind(case, officer):
    record(case.pk, FIX_WEEK, by=officer)
    before = list(Deadline.objects.filter(case=case).order_by("pk").values())
    results = at_once(*[lambda: record(case.pk, Told(), by=officer)] * 5)
    assert {type(one).__name__ for one in results} == {"GuardFailed"}
    case.refresh_from_db()
    assert case.version == 2
    assert list(Deadline.objects.filter(case=case).order_by("pk").values()) == before
