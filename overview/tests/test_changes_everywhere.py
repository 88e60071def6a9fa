"""A change over cases of every kind, set-based, comes to the same as through the door one by one.

Architecture: 'Whatever may touch many cases computes each distinct date once and writes set-based,
restartable by version.' Promise 3: `rebuild --check` agrees before, during and after.
"""

import datetime
from collections import Counter
from unittest import mock

import pytest
import time_machine
from django.db import transaction

from areas.models import AreaOrganisation, Organisation
from casework.chain import verify_chain
from casework.changes import groups
from casework.changes.carrying import plan_of
from casework.changes.content import CalendarContent
from casework.changes.effects import effect_on
from casework.changes.groups import GroupEffect
from casework.deadlines import rows_of
from casework.models import Case
from casework.reading import recorded_of
from casework.tests.changes.helpers import (
    administrator,
    applied,
    check,
    everything,
    holidays,
    moves_of,
    offsets,
)
from casework.tests.rehearsal import make_area
from overview.tests.any_history import Histories
from working_days.services import NewClosure, add_bank_holiday

pytestmark = pytest.mark.django_db
D = datetime.date


class _Undo(Exception):
    pass


def outcome(content, admin, *, alone):
    """What is derived, what moved and what was listed after a change; nothing stays."""
    result = None
    always = mock.patch.object(groups.Groups, "_compiled", one_by_one)
    try:
        with transaction.atomic():
            if alone:
                with always:
                    change = applied(content, admin)
            else:
                change = applied(content, admin)
            check()
            assert not any(verify_chain(case) for case in Case.objects.all())
            assert overlooked(change) == []
            result = (
                everything(),
                sorted(moves_of(change), key=str),
                change.cases,
                change.deadlines,
            )
            raise _Undo
    except _Undo:
        pass
    return result


def overlooked(change):
    """Open cases that a change would move still: none, since all it can move were looked at."""
    plan = plan_of(change)
    open_cases = Case.objects.filter(ended_on=None)
    return [
        case.reference
        for case in open_cases
        if effect_on(case, recorded_of(case), rows_of(case), plan).moved
    ]


def one_by_one(self, case, effect):
    """No group is written at once: each of its cases goes through the door."""
    return self._alone() if effect.moved or self.plan.for_chosen_cases else GroupEffect(0)


@pytest.fixture
def areas(db):
    """Two areas, each with a council and several health commissioners of its own."""
    found = []
    for name in ("Manyshire", "Severalshire"):
        area = make_area(name, code=name[:3].upper())
        for number, kind in enumerate(["council", *["health_commissioner"] * 3]):
            body = Organisation.objects.create(kind=kind, name=f"{name} {number}")
            AreaOrganisation.objects.create(organisation=body, local_area=area)
        found.append(area)
    return found


@pytest.fixture
def now():
    with time_machine.travel(datetime.datetime(2026, 6, 15, 9, tzinfo=datetime.UTC), tick=False):
        yield


def same_either_way(content, admin):
    """Whether all at once comes to what one by one comes to; returns how many cases moved."""
    slowly = outcome(content, admin, alone=True)
    at_once = outcome(content, admin, alone=False)
    for fast, slow in zip(at_once[0], slowly[0], strict=True):
        assert fast == slow
    assert at_once[1:] == slowly[1:]
    return slowly[2]


@pytest.mark.parametrize("seed", range(4))
def test_bank_holidays(areas, seed, now):
    Histories(areas, seed).cases(14)
    check()
    digests = Counter(
        Case.objects.exclude(inputs_digest="").values_list("inputs_digest", flat=True)
    )
    assert max(digests.values()) > 1
    days = [D(2026, 6, 22), D(2026, 7, 9), D(2026, 12, 15)][: 1 + seed % 3]
    assert same_either_way(holidays(*days), administrator()) > 0


def test_a_bank_holiday_that_goes_a_closure_and_a_longer_calendar(areas, now):
    Histories(areas, 11, around=D(2026, 8, 20)).cases(16)
    content = CalendarContent(
        remove=(D(2026, 8, 31),),
        closures_add=(NewClosure(D(2026, 9, 7), D(2026, 9, 8), "both", "Flood", True),),
        covers_until=D(2029, 12, 31),
    )
    assert same_either_way(content, administrator()) > 4


@pytest.mark.parametrize("seed", range(20, 22))
def test_offsets_for_chosen_cases(areas, seed, now):
    Histories(areas, seed).cases(12)
    chosen = list(Case.objects.filter(ended_on=None))
    content = offsets({"IN-DRAFT": 9, "WS-LETTER": 4, "AS-DRAFT": 8}, cases=chosen)
    assert same_either_way(content, administrator()) > 0


def test_after_versions_that_no_case_was_told_of(areas, now):
    """Days recorded past all changes (an earlier release): each case still knows its own calendar,
    and a change brings those that it moves to the newest."""
    histories = Histories(areas, 31)
    histories.cases(6)
    add_bank_holiday(D(2026, 7, 2), "Unheard of", why="x", by="test")
    histories.cases(6)
    check()
    assert same_either_way(holidays(D(2026, 6, 22)), administrator()) > 0
