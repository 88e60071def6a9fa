"""How late: in working days, by the calendar that settled the deadline."""

import datetime
import re

import pytest

from casework.deadlines import working_days_late
from casework.inputs import calendar_now
from casework.models import Deadline
from casework.recording import record, record_import
from casework.tests.rehearsal import Drafted, Published, Told
from casework.tests.test_recording import FIX, to_feedback
from working_days.services import add_bank_holiday

pytestmark = pytest.mark.django_db
D = datetime.date


def late(case, rule):
    return [
        *working_days_late(Deadline.objects.filter(case=case, rule=rule), calendar_now()).values()
    ]


@pytest.mark.parametrize(("days", "counted"), [(1, 1), (4, 4), (5, 4), (7, 5)])
def test_weekends_between_do_not_count(case, officer, days, counted):
    """T-TELL is due on Monday 1 June 2026."""
    record(case.pk, FIX, by=officer)
    told = datetime.timedelta(days=days) + D(2026, 6, 1)
    record_import(case.pk, Told(taken_by="Dan"), happened_on=told)
    assert late(case, "T-TELL") == [counted]


def test_a_bank_holiday_proclaimed_later_makes_nothing_less_late(case, officer, monday):
    to_feedback(case, officer, monday)
    monday.move_to(datetime.datetime(2026, 9, 1, 8, tzinfo=datetime.UTC))
    record(case.pk, Drafted(), by=officer)
    record(case.pk, Published(), by=officer)
    assert late(case, "T-PUBLISH") == [23]
    add_bank_holiday(D(2026, 8, 20), "State occasion", why="Proclaimed", by="test")
    assert late(case, "T-PUBLISH") == [23]


def test_what_is_not_late_costs_nothing(case, officer, monday, django_assert_num_queries):
    to_feedback(case, officer, monday)
    deadlines = list(Deadline.objects.filter(case=case))
    calendar = calendar_now()
    with django_assert_num_queries(0):
        assert working_days_late(deadlines, calendar) == {}


def test_the_case_page_says_by_how_much(case, officer, monday, client):
    record(case.pk, FIX, by=officer)
    monday.shift(datetime.timedelta(days=1))
    record(case.pk, Told(taken_by="Dan"), by=officer)
    client.force_login(officer)
    page = client.get(f"/cases/{case.pk}/").content.decode()
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert re.search(r"Met late Tue 2 June 2026, 1 working day late", words)
