"""Resuming a suspended inspection with new days: checked and booked as the planner does it."""

import datetime

import pytest

from casework.events import Resumed, Suspended
from casework.recording import record, void
from inspections import bookings, events, services
from inspections.models import Booking, DeclaredInterest
from inspections.tests.conftest import day, london
from inspections.tests.test_services import booked, refused


@pytest.fixture
def suspended(world):
    """Scheduled for 8 to 12 June 2026, and stopped."""
    case = world.scheduled()
    record(case.pk, Suspended(), by=world.officer, note="Flood")
    case.refresh_from_db()
    return case


def resume(case, world, first="2026-06-22", last="2026-06-26"):
    days = {"first_day": day(first), "last_day": day(last)} if first else {}
    event = record(case.pk, Resumed(**days), by=world.officer)
    case.refresh_from_db()
    return event


def test_the_bookings_move_with_the_days(world, suspended):
    event = resume(suspended, world)
    assert (suspended.first_day, suspended.last_day) == (day("2026-06-22"), day("2026-06-26"))
    on_site = [row for row in booked(suspended) if row[1] == "on_site"]
    assert {row[2:] for row in on_site} == {("2026-06-22", "2026-06-26")}
    assert len(on_site) == 3
    assert not Booking.objects.confirmed().between(day("2026-06-01"), day("2026-06-12")).exists()
    void(event.pk, by=world.officer, reason="Resumed too soon")
    assert {row[2:] for row in booked(suspended) if row[1] == "on_site"} == {
        ("2026-06-08", "2026-06-12")
    }


def test_a_later_change_of_the_team_keeps_the_new_days(world, suspended, client):
    resume(suspended, world)
    client.force_login(world.officer)
    page = client.get(f"/inspections/{suspended.pk}/schedule/")
    assert page.context["form"].initial["first_day"] == day("2026-06-22")
    choice = world.choice("2026-06-22", lead_hmi=world.second_lead.pk)
    services.schedule(suspended, choice, by=world.officer, why="Ada is ill")
    assert ("Dewi Rees", "on_site", "2026-06-22", "2026-06-26") in booked(suspended)


@pytest.mark.parametrize(
    ("first", "last", "field", "why"),
    [
        ("2026-03-23", "2026-03-27", "first_day", "Monday 23 March 2026 is in the past."),
        ("2026-06-20", "2026-06-26", "first_day", "Day 1, Saturday 20 June 2026, is a Saturday."),
        ("2026-06-22", "2026-06-27", "last_day", "The last day on site is no working day."),
        ("2026-05-26", "2026-05-29", "first_day", "outside school term in Westmarch"),
        ("2026-06-22", "2026-06-30", "last_day", "do not normally last longer than 5"),
    ],
)
def test_days_that_the_planner_refuses_are_refused(world, suspended, first, last, field, why):
    reasons = refused(lambda: resume(suspended, world, first, last))
    assert any(name == field and why in text for name, text in reasons), reasons
    assert {row[2:] for row in booked(suspended) if row[1] == "on_site"} == {
        ("2026-06-08", "2026-06-12")
    }


def test_nobody_is_booked_twice(world, suspended):
    bookings.add_leave(world.lead, day("2026-06-24"), day("2026-06-24"), by=world.officer)
    assert refused(lambda: resume(suspended, world)) == [
        ("first_day", "Everyone is free: Ada Osei: leave, 24 June 2026.")
    ]


def test_nobody_with_an_interest_by_now_goes(world, suspended):
    DeclaredInterest.objects.create(
        person=world.cqc,
        local_area=world.area,
        since=day("2026-06-15"),
        reason="Moved there",
        entered_by=world.cqc,
        entered_at=london("2026-04-01T09:00"),
    )
    [(field, text)] = refused(lambda: resume(suspended, world))
    assert field == "first_day"
    assert "Declared an interest in Westmarch: Cerys Hughes." in text


def test_short_notice_is_for_the_planner_which_asks_for_the_reason(world, suspended, at):
    at.move_to(london("2026-06-17T12:00"))
    [(field, text)] = refused(lambda: resume(suspended, world))
    assert field == "first_day"
    assert text.endswith(
        "Resume without new days, then give the reason on the page of dates and team."
    )
    resume(suspended, world, "")
    assert suspended.suspended_on is None


def test_after_the_call_no_second_notice_is_asked_for(world, at):
    case = world.notified(at)
    record(case.pk, Suspended(), by=world.officer, note="Flood")
    at.move_to(london("2026-06-19T12:00"))
    resume(case, world)
    assert case.first_day == day("2026-06-22")


def test_on_site_day_1_stays_and_the_end_can_move(world, at):
    case = world.notified(at)
    at.move_to(london("2026-06-08T09:00"))
    record(case.pk, events.OnSiteBegun(), by=world.lead)
    at.move_to(london("2026-06-09T12:00"))
    record(case.pk, Suspended(), by=world.officer, note="Flood")
    assert refused(lambda: resume(case, world)) == [
        ("first_day", "The team came on Monday 8 June 2026: Day 1 no longer changes.")
    ]
    resume(case, world, "2026-06-08", "2026-06-11")
    assert case.last_day == datetime.date(2026, 6, 11)


def test_before_dates_are_fixed_they_are_chosen_by_the_planner(world):
    case = world.planned()
    record(case.pk, Suspended(), by=world.officer, note="Flood")
    assert refused(lambda: resume(case, world)) == [
        ("first_day", "Resume without new days, then choose them on the page of dates and team.")
    ]
