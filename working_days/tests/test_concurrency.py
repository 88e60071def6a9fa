"""Several people changing the calendar at the same moment, in transactions that are committed."""

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection

from working_days.services import ChangeRefused, add_bank_holiday, calendar_at, current_calendar
from working_days.tests.unguarded import unguarded

MONDAY = date(2026, 6, 15)


@pytest.fixture(autouse=True)
def _committed(django_db_setup, django_db_blocker):
    """Let changes be committed, and take them away afterwards.

    pytest-django would empty every table for that, which the tables that are only added to refuse.
    """
    with django_db_blocker.unblock():
        yield
        with unguarded() as cursor:
            cursor.execute("DELETE FROM working_days_bankholiday WHERE added_in_id > 1")
            cursor.execute("DELETE FROM working_days_calendarversion WHERE number > 1")
        connection.close()


def _at_once(*actions: Callable[[], object]) -> list[str]:
    """Start every action at the same moment, each with a connection of its own; what came out."""
    barrier = threading.Barrier(len(actions), timeout=30)
    outcomes: list[str] = []

    def run(action: Callable[[], object]) -> None:
        try:
            barrier.wait()
            action()
            outcomes.append("recorded")
        except ChangeRefused as refusal:
            outcomes.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[action]) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def _proclaim(day: date) -> Callable[[], object]:
    return lambda: add_bank_holiday(day, "Day of thanks", why="Proclaimed", by="someone")


def test_changes_come_one_after_the_other():
    days = [MONDAY + timedelta(days) for days in range(4)]
    assert _at_once(*map(_proclaim, days)) == ["recorded"] * 4
    assert current_calendar().version == 5
    assert not any(map(current_calendar().is_working_day, days))
    for number in range(1, 6):
        closed_by_then = [day for day in days if not calendar_at(number).is_working_day(day)]
        assert len(closed_by_then) == number - 1


def test_the_same_day_is_recorded_once():
    already = "15 June 2026 is recorded as a bank holiday already."
    assert _at_once(*[_proclaim(MONDAY)] * 4) == [already] * 3 + ["recorded"]
    assert current_calendar().version == 2
