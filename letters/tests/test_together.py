"""Twenty people at the same instant, on a real database, in real threads: one letter."""

import pytest
from django.test import Client
from django.urls import reverse

from casework.models import Event
from casework.tests.test_together import at_once
from letters import compose, services
from letters.models import Letter, LetterState
from letters.registry import letter_kind
from letters.tests.test_services import seen
from letters.tests.trial_letter import CODE
from notices.models import Notice

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = range(5)


def twenty(officer, case, name, data):
    """The same form posted by twenty browsers at once; the statuses of the answers."""
    path = reverse(name, args=[case.pk, CODE])

    def post():
        client = Client()
        client.force_login(officer)
        return client.post(path, data).status_code

    return at_once(*[post] * 20)


@pytest.mark.parametrize("attempt", TIMES)
def test_the_same_approval_and_issue_posted_twenty_times_is_one_letter(
    case, officer, files, attempt
):
    statuses = twenty(officer, case, "letter_approve", {"seen": seen(case)})
    assert statuses == [302] * 20
    letter = Letter.objects.get()
    assert letter.state == LetterState.APPROVED
    assert twenty(officer, case, "letter_issue", {"letter": letter.pk}) == [302] * 20
    done = at_once(*[lambda: services.carry_out(letter.pk)] * 20)
    assert sorted(done) == [False] * 19 + [True]
    letter.refresh_from_db()
    assert letter.state == LetterState.ISSUED
    assert [one.name for one in files.rglob("*") if one.is_file()] == [f"{letter.sha256}.pdf"]
    assert Event.objects.filter(case=case, kind="notified").count() == 1
    assert Notice.objects.count() == 2
    # Printed again from what is stored it is the same file: whichever of the twenty won.
    kind = letter_kind(CODE)
    facts = compose.stored_facts(kind, letter)
    again = compose.print_letter(kind, facts, letter.html, letter.reference)
    assert again == (files / letter.path).read_bytes()


def test_a_correction_begun_by_twenty_is_begun_once(case, officer, files):
    letter = services.approve(case, CODE, by=officer, seen=seen(case))
    services.issue(letter.pk, by=officer)
    services.carry_out(letter.pk)
    begun = at_once(*[lambda: services.correct(letter.pk, by=officer, reason="Wrong name").pk] * 20)
    assert len(set(begun)) == 1
    assert Letter.objects.count() == 2


def test_taking_back_and_issuing_at_once_leave_one_of_the_two(case, officer, files):
    letter = services.approve(case, CODE, by=officer, seen=seen(case))
    at_once(
        *[lambda: services.issue(letter.pk, by=officer)] * 5,
        *[lambda: services.take_back(letter.pk, by=officer)] * 5,
    )
    letter.refresh_from_db()
    assert letter.state in (LetterState.ISSUING, LetterState.DRAFT)
    assert (letter.facts is None) == (letter.state == LetterState.DRAFT)


def test_the_sweepers_of_two_machines_hand_a_letter_on_once(case, officer, files, monday):
    letter = services.approve(case, CODE, by=officer, seen=seen(case))
    services.issue(letter.pk, by=officer)
    monday.shift(60)
    found = at_once(*[services.still_issuing] * 10)
    assert sorted(map(len, found)) == [0] * 9 + [1]
