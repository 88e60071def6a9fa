"""'When the calendar changes every open deadline is computed again; each change is listed old date
-> new date before it is applied, is recorded on the case, and the people who owe it are told.
Deadlines that are already met or closed never move.' (timetable.md)"""

import datetime

import pytest

from casework.chain import verify_chain
from casework.models import Case, Deadline, Event
from casework.recording import create_case, record
from casework.tests.changes.helpers import (
    applied,
    check,
    dates,
    events_of,
    holidays,
    moves_of,
    offsets,
    previewed,
)
from casework.tests.rehearsal import Told, make_person
from casework.tests.test_recording import FIX
from notices.models import Notice

pytestmark = pytest.mark.django_db
D = datetime.date
#: A Monday between feedback and publication.
DAY = D(2026, 6, 22)


@pytest.fixture
def fixed(case, officer):
    record(case.pk, FIX, by=officer)
    return case


def test_what_would_move_is_listed_old_and_new_and_nothing_has_moved_yet(fixed, admin):
    before = dates()
    change = previewed(holidays(DAY), admin)
    assert (change.state, change.cases, change.deadlines) == ("previewed", 1, 4)
    ref = fixed.reference
    assert moves_of(change) == [
        (ref, "T-DRAFT", "", D(2026, 7, 1), D(2026, 7, 2)),
        (ref, "T-FACTS", "11111111-1111-4111-8111-111111111111", D(2026, 7, 15), D(2026, 7, 16)),
        (ref, "T-FACTS", "22222222-2222-4222-8222-222222222222", D(2026, 7, 15), D(2026, 7, 16)),
        (ref, "T-PUBLISH", "", D(2026, 7, 29), D(2026, 7, 30)),
    ]
    assert dates() == before
    assert not Event.objects.filter(key=change.key).exists()


def test_it_is_recorded_on_the_case_and_nothing_that_is_met_moves(fixed, officer, admin):
    record(fixed.pk, Told(taken_by="Dan"), by=officer)
    before = dates()
    change = applied(holidays(D(2026, 6, 3), DAY), admin)
    assert change.state == "applied"
    after = dates()
    ref = fixed.reference
    assert after[ref, "T-TELL", ""] == before[ref, "T-TELL", ""]
    assert (after[ref, "T-DRAFT", ""], after[ref, "T-PUBLISH", ""]) == (D(2026, 7, 2), D(2026, 7, 30))
    event = events_of(change)[ref]
    assert (event.kind, event.recorded_by, event.calendar_version) == ("calendar_changed", admin, 2)
    assert event.facts["moved"][0] == ["T-DRAFT", "", "2026-07-01", "2026-07-02"]
    fixed.refresh_from_db()
    assert fixed.version == event.seq
    assert verify_chain(fixed) == []
    check()
