"""Several changes in one version, and the calendar as it would be (timetable.md, counting days)."""

from datetime import date

import pytest

from working_days.bundled import PublishedBankHoliday
from working_days.models import BankHoliday, CalendarVersion
from working_days.services import (
    CalendarChange,
    ChangeRefused,
    NewClosure,
    add_closure,
    calendar_with,
    change_calendar,
    current_calendar,
)

pytestmark = pytest.mark.django_db
D = date
RECORDED = {"why": "Proclaimed", "by": "administrator@example.org"}


def holiday(day, title="Day of thanks", notes=""):
    return PublishedBankHoliday(day, title, notes)


def closed(**different):
    given = {
        "starts_on": D(2026, 6, 15),
        "ends_on": D(2026, 6, 16),
        "inspectorate": "ofsted",
        "reason": "Move of offices",
        "stops_the_clock": True,
    }
    return NewClosure(**{**given, **different})


def whole_change():
    """Everything at once: a day moved, a year more, a closure for another."""
    older = add_closure(
        D(2026, 6, 10), D(2026, 6, 12), inspectorate="both", reason="Flood", stops_the_clock=True,
        by="administrator@example.org",
    ).closures_added.get()  # fmt: skip
    return CalendarChange(
        add=(holiday(D(2026, 5, 8)), holiday(D(2029, 1, 1), "New Year’s Day")),
        remove=(D(2026, 5, 4),),
        closures_add=(closed(), closed(inspectorate="cqc", reason="Flood", stops_the_clock=False)),
        closures_remove=(older.pk,),
        covers_until=D(2029, 12, 31),
    )


class TestOneVersion:
    def test_a_day_that_moves_is_one_version(self):
        """As 4 May 2020 moved to 8 May."""
        change = CalendarChange(add=(holiday(D(2026, 5, 8)),), remove=(D(2026, 5, 4),))
        assert change_calendar(change, **RECORDED).number == 2
        calendar = current_calendar()
        assert calendar.is_working_day(D(2026, 5, 4))
        assert calendar.name_of(D(2026, 5, 8)) == "Day of thanks"

    def test_a_title_is_put_right_by_removing_and_adding_the_day(self):
        day = D(2026, 5, 4)
        change_calendar(CalendarChange(add=(holiday(day, "May Day"),), remove=(day,)), **RECORDED)
        assert current_calendar().name_of(day) == "May Day"
        assert BankHoliday.objects.filter(date=day).count() == 2

    @pytest.mark.parametrize(
        ("change", "message", "field", "place"),
        [
            (CalendarChange(), "nothing to change", "", None),
            (CalendarChange(add=(holiday(D(2026, 6, 13)),)), "is a Saturday", "date", 0),
            (
                CalendarChange(add=(holiday(D(2026, 6, 15)), holiday(D(2026, 6, 15)))),
                "recorded as a bank holiday already",
                "date",
                1,
            ),
            (CalendarChange(add=(holiday(D(2026, 6, 15), " "),)), "Give the title", "title", 0),
            (
                CalendarChange(add=(holiday(D(2026, 6, 15), "A\x07"),)),
                "cannot be printed",
                "title",
                0,
            ),
            (
                CalendarChange(add=(holiday(D(2026, 6, 15), notes="n" * 201),)),
                "200 characters",
                "notes",
                0,
            ),
            (CalendarChange(add=(holiday(D(2029, 1, 1)),)), "outside the calendar", "date", 0),
            (
                CalendarChange(remove=(D(2026, 5, 4), D(2026, 6, 16))),
                "is not recorded as a bank holiday",
                "date",
                1,
            ),
            (
                CalendarChange(remove=(D(2026, 5, 4), D(2026, 5, 4))),
                "is not recorded as a bank holiday",
                "date",
                1,
            ),
            (CalendarChange(closures_remove=(99,)), "no such closure", "closure", 0),
            (
                CalendarChange(closures_add=(closed(), closed())),
                "recorded already",
                "starts_on",
                1,
            ),
            (
                CalendarChange(closures_add=(closed(ends_on=D(2026, 6, 14)),)),
                "before its first day",
                "ends_on",
                0,
            ),
            (CalendarChange(closures_add=(closed(reason=""),)), "Give the reason", "reason", 0),
            (
                CalendarChange(closures_add=(closed(ends_on=D(2026, 8, 14)),)),
                "60 days at most",
                "ends_on",
                0,
            ),
            (
                CalendarChange(closures_add=(closed(ends_on=D(2028, 12, 31)),)),
                "would last 931",
                "ends_on",
                0,
            ),
            (
                CalendarChange(
                    closures_add=(closed(starts_on=D(2026, 6, 13), ends_on=D(2026, 6, 14)),)
                ),
                "would change nothing",
                "starts_on",
                0,
            ),
            (
                CalendarChange(
                    closures_add=(closed(starts_on=D(2026, 12, 25), ends_on=D(2026, 12, 25)),)
                ),
                "would change nothing",
                "starts_on",
                0,
            ),
            (
                CalendarChange(covers_until=D(2027, 1, 1)),
                "cannot be shortened",
                "covers_until",
                None,
            ),
        ],
    )
    def test_what_is_wrong_is_said_with_the_field_it_is_in(self, change, message, field, place):
        for act in (calendar_with, lambda it: change_calendar(it, **RECORDED)):
            with pytest.raises(ChangeRefused, match=message) as refused:
                act(change)
            assert (refused.value.field, refused.value.place) == (field, place)
        assert CalendarVersion.objects.count() == 1


class TestTheCalendarAsItWouldBe:
    def test_it_is_the_calendar_that_is_recorded_then(self):
        change = whole_change()
        wouldbe = calendar_with(change)
        assert CalendarVersion.objects.count() == 2
        recorded = change_calendar(change, **RECORDED)
        assert wouldbe.fingerprint() == recorded.fingerprint == current_calendar().fingerprint()
        assert wouldbe.version == recorded.number == 3

    def test_a_closure_that_stops_no_clock_changes_no_day(self):
        change = CalendarChange(closures_add=(closed(stops_the_clock=False),))
        assert calendar_with(change).fingerprint() == current_calendar().fingerprint()
