"""The calendar in the database: versions, changes, and what each process remembers."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management.sql import emit_post_migrate_signal
from django.db import IntegrityError, transaction

from config import clock
from working_days import services
from working_days.bundled import PublishedBankHoliday, bundled_calendar
from working_days.calendar import Skipped
from working_days.models import BankHoliday, CalendarVersion, Closure
from working_days.services import (
    ChangeRefused,
    NoSuchVersion,
    add_bank_holiday,
    add_bank_holidays,
    add_closure,
    calendar_at,
    calendars_at,
    current_calendar,
    remove_bank_holiday,
    remove_closure,
    version_known_at,
)
from working_days.tests.unguarded import unguarded

pytestmark = pytest.mark.django_db

FRIDAY, MONDAY, TUESDAY = date(2026, 6, 12), date(2026, 6, 15), date(2026, 6, 16)
RECORDED = {"why": "Proclaimed", "by": "administrator@example.org"}


def _closure(**different):
    given = {
        "starts_on": MONDAY,
        "ends_on": TUESDAY,
        "inspectorate": "ofsted",
        "reason": "Move of offices",
        "stops_the_clock": True,
        "by": "administrator@example.org",
    }
    return add_closure(**{**given, **different})


class TestTheFirstVersion:
    def test_a_new_service_has_the_bundled_bank_holidays(self):
        calendar = current_calendar()
        assert calendar.version == 1
        assert dict(calendar.closed) == dict(bundled_calendar().closed)
        assert (calendar.covers_from, calendar.covers_until) == (
            date(2012, 1, 1),
            date(2028, 12, 31),
        )
        assert calendar.fingerprint() == bundled_calendar().fingerprint()

    def test_substitute_days_keep_their_note(self):
        assert BankHoliday.objects.get(date=date(2021, 12, 27)).notes == "Substitute day"


class TestBankHolidays:
    def test_a_new_one_counts_at_once_and_the_past_stays_as_it_was(self):
        version = add_bank_holiday(MONDAY, "Day of thanks", **RECORDED)
        assert version.number == 2
        assert current_calendar().explain(FRIDAY, 1).skipped[-1] == Skipped(MONDAY, "Day of thanks")
        assert current_calendar().add(FRIDAY, 1) == TUESDAY
        assert calendar_at(1).add(FRIDAY, 1) == MONDAY
        assert [calendar_at(number).version for number in (1, 2)] == [1, 2]

    def test_it_keeps_who_when_and_why(self):
        before = clock.now()
        version = add_bank_holiday(MONDAY, "Day of thanks", **RECORDED)
        assert (version.why, version.recorded_by) == ("Proclaimed", "administrator@example.org")
        assert before <= version.became_known_at <= clock.now()

    def test_one_that_moves_is_two_changes_and_three_calendars(self):
        remove_bank_holiday(date(2026, 5, 4), **RECORDED)
        add_bank_holiday(date(2026, 5, 8), "Early May bank holiday (VE day)", **RECORDED)
        early_may = date(2026, 5, 4)
        assert [calendar_at(number).is_working_day(early_may) for number in (1, 2, 3)] == [
            False,
            True,
            True,
        ]
        assert current_calendar().name_of(date(2026, 5, 8)) == "Early May bank holiday (VE day)"
        # It may come back.
        add_bank_holiday(early_may, "Early May bank holiday", **RECORDED)
        assert current_calendar().name_of(early_may) == "Early May bank holiday"

    def test_a_further_year_moves_the_end_of_the_calendar(self):
        easter = [
            PublishedBankHoliday(date(2029, 3, 30), "Good Friday", ""),
            PublishedBankHoliday(date(2029, 4, 2), "Easter Monday", ""),
        ]
        add_bank_holidays(easter, covers_until=date(2029, 12, 31), why="GOV.UK", by="refresh")
        assert current_calendar().covers_until == date(2029, 12, 31)
        assert current_calendar().add(date(2029, 3, 29), 1) == date(2029, 4, 3)
        assert calendar_at(1).covers_until == date(2028, 12, 31)

    @pytest.mark.parametrize(
        ("day", "title", "message"),
        [
            (date(2026, 4, 3), "Good Friday", "3 April 2026 is recorded as a bank holiday already"),
            (date(2026, 12, 26), "Boxing Day", "a Saturday, which counts as no working day"),
            (date(2029, 1, 1), "New Year’s Day", "outside the calendar, which reaches from"),
            (MONDAY, " ", "Give the title"),
            (MONDAY, "Day\x00 off", "cannot be printed"),
            (MONDAY, "D" * 201, "200 characters or fewer"),
        ],
    )
    def test_refused(self, day, title, message):
        with pytest.raises(ChangeRefused, match=message):
            add_bank_holiday(day, title, **RECORDED)
        assert current_calendar().version == 1
        assert BankHoliday.objects.filter(added_in__gt=1).count() == 0

    def test_refused_without_a_reason_or_from_the_future_or_for_a_shorter_calendar(self):
        with pytest.raises(ChangeRefused, match="Give the reason for the change"):
            add_bank_holiday(MONDAY, "Day of thanks", why="", by="someone")
        with pytest.raises(ChangeRefused, match="no bank holiday to record"):
            add_bank_holidays([], **RECORDED)
        known_at = clock.now() + timedelta(hours=1)
        with pytest.raises(ChangeRefused, match="future"):
            add_bank_holiday(MONDAY, "Day of thanks", known_at=known_at, **RECORDED)
        with pytest.raises(ChangeRefused, match="cannot be shortened"):
            add_bank_holidays([], covers_until=date(2027, 12, 31), **RECORDED)
        with pytest.raises(ChangeRefused, match="15 June 2026 is not recorded"):
            remove_bank_holiday(MONDAY, **RECORDED)
        assert current_calendar().version == 1

    def test_one_refused_day_refuses_the_whole_list(self):
        days = [PublishedBankHoliday(MONDAY, "Day of thanks", "")]
        days.append(PublishedBankHoliday(date(2026, 4, 3), "Good Friday", ""))
        with pytest.raises(ChangeRefused):
            add_bank_holidays(days, **RECORDED)
        assert not BankHoliday.objects.filter(date=MONDAY).exists()


class TestClosures:
    def test_one_that_stops_the_clock_skips_its_days_by_reason(self):
        _closure()
        assert current_calendar().add(FRIDAY, 1) == date(2026, 6, 17)
        assert current_calendar().name_of(TUESDAY) == "Move of offices"
        assert calendar_at(1).add(FRIDAY, 1) == MONDAY

    def test_one_that_does_not_stop_the_clock_skips_nothing(self):
        version = _closure(stops_the_clock=False)
        assert current_calendar().version == version.number == 2
        assert current_calendar().is_working_day(MONDAY)
        assert current_calendar().fingerprint() == calendar_at(1).fingerprint()
        assert Closure.objects.get().added_in == version

    def test_two_reasons_for_one_day_are_both_given(self):
        _closure()
        _closure(inspectorate="cqc", reason="Staff conference", starts_on=TUESDAY)
        assert current_calendar().name_of(MONDAY) == "Move of offices"
        assert current_calendar().name_of(TUESDAY) == "Move of offices; Staff conference"

    def test_a_bank_holiday_and_a_weekend_inside_a_closure_keep_their_names(self):
        _closure(
            starts_on=date(2026, 12, 24), ends_on=date(2027, 1, 1), reason="Closed for Christmas"
        )
        named = [current_calendar().name_of(date(2026, 12, day)) for day in range(24, 30)]
        assert named == [
            "Closed for Christmas",
            "Christmas Day",
            "Saturday",
            "Sunday",
            "Boxing Day",
            "Closed for Christmas",
        ]

    def test_one_that_is_removed_skips_nothing_from_then_on(self):
        _closure()
        remove_closure(Closure.objects.get().id, why="Called off", by="someone")
        assert current_calendar().is_working_day(MONDAY)
        assert not calendar_at(2).is_working_day(MONDAY)

    @pytest.mark.parametrize(
        ("different", "message"),
        [
            ({"starts_on": TUESDAY, "ends_on": MONDAY}, "cannot be before its first day"),
            ({"ends_on": date(2029, 1, 1)}, "1 January 2029 is outside the calendar"),
            ({"starts_on": date(2011, 1, 1)}, "1 January 2011 is outside the calendar"),
            ({"inspectorate": "ofqual"}, "'ofqual' is not one of"),
            ({"reason": ""}, "Give the reason"),
        ],
    )
    def test_refused(self, different, message):
        with pytest.raises(ChangeRefused, match=message):
            _closure(**different)
        assert not Closure.objects.exists()
        assert current_calendar().version == 1

    def test_the_same_closure_twice_is_refused(self):
        _closure()
        with pytest.raises(ChangeRefused, match="recorded already"):
            _closure()
        assert Closure.objects.count() == 1
        with pytest.raises(ChangeRefused, match="no such closure"):
            remove_closure(0, why="Called off", by="someone")


class TestVersions:
    def test_a_version_that_never_was(self):
        for number in (0, 2, -1):
            with pytest.raises(NoSuchVersion, match=f"no version {number}"):
                calendar_at(number)

    def test_the_version_known_at_a_moment(self):
        known_at = clock.now() - timedelta(days=1)
        add_bank_holiday(MONDAY, "Day of thanks", known_at=known_at, **RECORDED)
        assert version_known_at(known_at) == 2
        assert version_known_at(known_at - timedelta(seconds=1)) == 1
        with pytest.raises(NoSuchVersion, match="known at 2011"):
            version_known_at(datetime(2011, 12, 31, tzinfo=UTC))

    def test_the_calendar_in_force_costs_one_query_once_it_is_known(
        self, django_assert_num_queries
    ):
        add_bank_holiday(MONDAY, "Day of thanks", **RECORDED)
        current_calendar()
        calendar_at(1)
        with django_assert_num_queries(1):
            first = current_calendar()
        with django_assert_num_queries(1):
            calendars = calendars_at([1, 2, 2])
        assert calendars[2] is first

    def test_a_number_used_again_after_a_roll_back_is_not_mistaken(self):
        for title in ("Day of thanks", "Day of rest"):
            with transaction.atomic():
                add_bank_holiday(MONDAY, title, **RECORDED)
                assert current_calendar().version == 2
                assert current_calendar().name_of(MONDAY) == title
                transaction.set_rollback(True)
            assert current_calendar().version == 1
            assert current_calendar().is_working_day(MONDAY)


class TestTheDatabaseKeepsVersionsAsTheyWere:
    def test_nothing_joins_a_version_that_is_there(self):
        with pytest.raises(IntegrityError, match="only with a new version"), transaction.atomic():
            BankHoliday.objects.create(date=MONDAY, title="Day of thanks", added_in_id=1)
        with pytest.raises(IntegrityError, match="only with a new version"), transaction.atomic():
            BankHoliday.objects.filter(date=date(2026, 4, 3)).update(removed_in_id=1)

    def test_nothing_in_a_version_changes_or_goes(self):
        good_friday = BankHoliday.objects.filter(date=date(2026, 4, 3))
        for change in ({"title": "Friday"}, {"title": "Friday", "removed_in_id": 2}):
            with pytest.raises(IntegrityError, match="only with a new"), transaction.atomic():
                good_friday.update(**change)
        with pytest.raises(IntegrityError, match="only with a new version"), transaction.atomic():
            good_friday.delete()
        _closure()
        with pytest.raises(IntegrityError, match="only with a new version"), transaction.atomic():
            Closure.objects.update(stops_the_clock=False)

    def test_a_version_itself_never_changes_or_goes(self):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            CalendarVersion.objects.update(covers_until=date(2030, 1, 1))
        add_bank_holidays([], covers_until=date(2029, 12, 31), **RECORDED)
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            CalendarVersion.objects.filter(number=2).delete()

    def test_days_changed_behind_the_databases_back_are_found_out(self):
        with unguarded() as cursor:
            cursor.execute("DELETE FROM working_days_bankholiday WHERE date = '2026-04-03'")
        services._built.cache_clear()
        with pytest.raises(services.CalendarDamaged, match="Version 1"):
            current_calendar()
        services._built.cache_clear()


def test_an_emptied_database_gets_its_first_version_back():
    with unguarded() as cursor:
        cursor.execute("DELETE FROM working_days_bankholiday")
        cursor.execute("DELETE FROM working_days_calendarversion")
    with pytest.raises(NoSuchVersion, match="no version yet"):
        current_calendar()
    # What `flush` does when it is done.
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert current_calendar().version == 1
    assert current_calendar().fingerprint() == bundled_calendar().fingerprint()
