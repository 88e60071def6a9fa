"""A date that a change of calendar or offsets moved, on its case: 'recorded on the case' and 'why
this date?' (timetable.md, rules are data)."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.changes.content import CalendarContent
from casework.recording import record
from casework.tests.changes.helpers import applied, offsets
from casework.tests.rehearsal import Told, make_person, put_on_case
from casework.tests.test_change_questions import make_administrator
from casework.tests.test_recording import FIX
from working_days.bundled import PublishedBankHoliday
from working_days.models import Closure
from working_days.services import NewClosure

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.fixture
def administrator(db):
    return make_administrator("Ada Admin")


@pytest.fixture
def announced(case, officer):
    record(case.pk, FIX, by=officer)
    record(case.pk, Told(taken_by="Dan"), by=officer)
    return case


def text_of(client, path):
    page = client.get(path)
    assert page.status_code == 200
    return page.content.decode()


@pytest.fixture
def moved(announced, administrator):
    """A bank holiday between the last day on site, 12 June, and what is due 33 days after."""
    content = CalendarContent(add=(PublishedBankHoliday(D(2026, 7, 6), "Day of thanks", ""),))
    return applied(content, administrator)


def test_the_history_names_old_and_new_dates(client, moved, announced, officer):
    put_on_case(officer, announced, "lead_hmi")
    client.force_login(officer)
    text = text_of(client, f"/cases/{announced.pk}/history/")
    assert (
        "Deadlines computed again with the new calendar: Monday 6 July 2026, Day of thanks, "
        "is a bank holiday; reason given: Proclaimed (3 dates moved)"
    ) in text
    assert "Comments on facts (Health board): Wed 15 July 2026 to Thu 16 July 2026" in text
    assert "Report published: Wed 29 July 2026 to Thu 30 July 2026" in text
    assert "Recorded by Ada Admin" in text


def test_why_this_date_says_what_it_was_before_to_all_who_see_the_date(client, moved, announced):
    """Also to the local area, which does not read the history."""
    client.force_login(make_person("Dora", role="dcs", area=announced.local_area))
    assert client.get(f"/cases/{announced.pk}/history/").status_code == 403
    text = text_of(client, f"/cases/{announced.pk}/why/T-PUBLISH/")
    assert (
        "This date was Wednesday 29 July 2026 until 1 June 2026: Monday 6 July 2026, Day of "
        "thanks, is a bank holiday; reason given: Proclaimed."
    ) in text
    assert "What it was before" not in text_of(client, f"/cases/{announced.pk}/why/T-TELL/")


def test_the_case_marks_each_date_that_moved(client, moved, announced, officer):
    put_on_case(officer, announced, "lead_hmi")
    for person in (officer, make_person("Dora", role="dcs", area=announced.local_area)):
        client.force_login(person)
        text = text_of(client, f"/cases/{announced.pk}/")
        assert text.count(">was ") == 3
        assert '<span class="app-small app-muted">was Wed 29 July 2026</span>' in text


def test_an_offset_that_moved_a_date_is_named_old_and_new(
    client, moved, announced, administrator, officer
):
    applied(offsets({"T-DRAFT": 9}, cases=[announced]), administrator, why="Agreed")
    put_on_case(officer, announced, "lead_hmi")
    client.force_login(officer)
    cause = (
        "T-DRAFT (draft sent): 9 working days after instead of 13 working days after; "
        "reason given: Agreed"
    )
    assert f"{cause}." in text_of(client, f"/cases/{announced.pk}/why/T-DRAFT/")
    assert f"with new offsets: {cause} (" in text_of(client, f"/cases/{announced.pk}/history/")


def test_a_closure_that_comes_and_goes_is_named_both_times(
    client, announced, administrator, officer
):
    closed = NewClosure(D(2026, 7, 6), D(2026, 7, 7), "ofsted", "Move of offices", True)
    applied(CalendarContent(closures_add=(closed,)), administrator, why="Told")
    known = Closure.objects.get()
    applied(CalendarContent(closures_remove=(known.pk,)), administrator, why="Put off")
    client.force_login(officer)
    text = text_of(client, f"/cases/{announced.pk}/why/T-PUBLISH/")
    days = "6 July 2026 to 7 July 2026: Move of offices"
    assert (
        f"This date was Wednesday 29 July 2026 until 1 June 2026: closure of Ofsted, {days}; "
        "reason given: Told."
    ) in text
    assert (
        "This date was Friday 31 July 2026 until 1 June 2026: closure taken back: "
        f"Ofsted, {days}; reason given: Put off."
    ) in text


def test_the_case_takes_the_same_queries_however_many_dates_moved(
    client, moved, announced, administrator
):
    client.force_login(make_person("Dora", role="dcs", area=announced.local_area))

    def queries():
        client.get(f"/cases/{announced.pk}/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/cases/{announced.pk}/")
        return len(asked)

    before = queries()
    for day in (D(2026, 7, 7), D(2026, 7, 8)):
        holiday = PublishedBankHoliday(day, "Another", "")
        applied(CalendarContent(add=(holiday,)), administrator)
    assert queries() == before


def test_why_this_date_names_the_new_day(client, moved, announced, officer):
    client.force_login(officer)
    text = text_of(client, f"/cases/{announced.pk}/why/T-PUBLISH/")
    assert "Monday 6 July 2026: Day of thanks" in text
    assert "Counted with version 2 of the calendar" in text
