"""GOV.UK's list, asked of a real server that answers well, badly, slowly or not at all."""

import json
import logging
import time
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from working_days.bundled import PublishedBankHoliday
from working_days.models import BankHoliday, CalendarVersion, Refresh
from working_days.refresh import Patience, Proposal, RefreshFailed, fetch, read_list
from working_days.services import (
    CalendarChange,
    add_bank_holiday,
    add_closure,
    change_calendar,
    current_calendar,
    remove_bank_holiday,
)
from working_days.tests.list_server import (
    a_year,
    as_list,
    breaks_off,
    drips,
    hangs_up,
    leads_to,
    listed_days,
    nobody,
    sends,
    sends_list,
    serving,
    silent,
)
from working_days.upkeep import end_warning, look_at_gov_uk, looks

D = date
SHORT = Patience(silence=0.3, whole=1, size=100_000)
RECORDED = {"why": "Proclaimed", "by": "administrator@example.org"}
FUNERAL = {
    "title": "Bank Holiday for the State Funeral of Queen Elizabeth II",
    "date": "2026-09-21",
    "notes": "",
}


@pytest.fixture
def today():
    """A Monday morning in June 2026."""
    with time_machine.travel(datetime(2026, 6, 1, 8, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def look(settings, db, today):
    """Look at GOV.UK's list while a server answers so."""

    def looking(answer, **given):
        with serving(answer) as address:
            settings.BANK_HOLIDAYS_URL = address
            return look_at_gov_uk(patience=SHORT, **given)

    return looking


def without(*dates):
    return [one for one in listed_days() if one["date"] not in dates]


class TestAGoodAnswer:
    def test_a_list_that_agrees_proposes_nothing(self, look):
        """The list has dropped the years before 2020: they are not doubted."""
        assert look(sends_list(listed_days()), by="administrator@example.org") is None
        kept = Refresh.objects.get()
        assert (kept.outcome, kept.failure, kept.asked_by) == (
            "same",
            "",
            "administrator@example.org",
        )
        assert (kept.listed_from, kept.listed_until) == (D(2020, 1, 1), D(2028, 12, 26))
        assert looks().last == looks().last_good == kept

    def test_a_day_that_was_proclaimed_is_proposed_and_nothing_else_changes(self, look):
        """19 September 2022 was announced nine days before (timetable.md, counting days)."""
        proposal = look(sends_list([*listed_days(), FUNERAL]))
        day = PublishedBankHoliday(D(2026, 9, 21), FUNERAL["title"], "")
        assert proposal == Proposal(add=(day,))
        assert CalendarVersion.objects.count() == 1
        assert current_calendar().is_working_day(D(2026, 9, 21))
        assert Refresh.objects.get().outcome == "different"

    def test_a_day_that_moves_is_one_proposal(self, look):
        """As 4 May 2020 moved to 8 May."""
        moved = {"title": "Early May bank holiday", "date": "2027-05-07", "notes": ""}
        proposal = look(sends_list([*without("2027-05-03"), moved]))
        assert proposal == Proposal(
            add=(PublishedBankHoliday(D(2027, 5, 7), "Early May bank holiday", ""),),
            remove=(D(2027, 5, 3),),
        )

    def test_past_days_that_are_no_longer_listed_are_not_removed(self, look):
        assert look(sends_list(without("2026-05-25", "2021-12-27"))) is None

    def test_a_past_day_that_we_never_heard_of_is_proposed(self, look):
        proclaimed = {"title": "Day of thanks", "date": "2026-05-29", "notes": ""}
        proposal = look(sends_list([*listed_days(), proclaimed]))
        assert proposal is not None
        assert [one.date for one in proposal.add] == [D(2026, 5, 29)]

    def test_a_shorter_list_than_ours_doubts_nothing_beyond_its_end(self, look):
        assert look(sends_list([one for one in listed_days() if one["date"] < "2028"])) is None

    def test_today_is_not_taken_away_and_tomorrow_is(self, look, today):
        today.move_to(datetime(2026, 8, 31, 8, tzinfo=UTC))
        assert look(sends_list(without("2026-08-31"))) is None
        today.move_to(datetime(2026, 8, 30, 8, tzinfo=UTC))
        assert look(sends_list(without("2026-08-31"))) == Proposal(remove=(D(2026, 8, 31),))

    def test_a_substitute_day_keeps_its_note(self, look):
        with_note = {**FUNERAL, "notes": "Substitute day"}
        proposal = look(sends_list([*listed_days(), with_note]))
        assert proposal is not None
        assert proposal.add[0].notes == "Substitute day"

    def test_a_weekend_counts_as_no_working_day_already_and_is_only_noted(self, look):
        sunday = {**FUNERAL, "date": "2026-09-20"}
        assert look(sends_list([*listed_days(), sunday])) is None
        assert Refresh.objects.get().weekends == "20 September 2026"

    def test_a_complete_further_year_moves_the_end_of_the_calendar(self, look):
        proposal = look(sends_list([*listed_days(), *a_year(2029)]))
        assert proposal is not None
        assert proposal.covers_until == D(2029, 12, 31)
        assert len(proposal.add) == 8
        change = CalendarChange(add=proposal.add, covers_until=proposal.covers_until)
        change_calendar(change, **RECORDED)
        assert look(sends_list([*listed_days(), *a_year(2029)])) is None

    def test_a_further_year_of_which_days_are_missing_is_left_alone(self, look):
        assert look(sends_list([*listed_days(), *a_year(2029)[:5]])) is None

    def test_days_before_the_calendar_begins_are_left_alone(self, look):
        old = {**FUNERAL, "date": "2011-04-29"}
        assert look(sends_list([old, *listed_days(2012)])) is None

    def test_a_day_that_an_administrator_has_recorded_is_not_proposed(self, look):
        add_bank_holiday(D(2026, 9, 21), "Day of mourning", **RECORDED)
        assert look(sends_list([*listed_days(), FUNERAL])) is None

    def test_one_that_an_administrator_has_taken_away_is_proposed(self, look):
        remove_bank_holiday(D(2026, 8, 31), **RECORDED)
        proposal = look(sends_list(listed_days()))
        assert proposal is not None
        assert [one.date for one in proposal.add] == [D(2026, 8, 31)]

    def test_closures_are_ours_and_are_not_compared(self, look):
        add_closure(
            D(2026, 9, 21),
            D(2026, 9, 22),
            inspectorate="both",
            reason="Flood",
            stops_the_clock=True,
            by="administrator@example.org",
        )
        assert look(sends_list(listed_days())) is None
        proposal = look(sends_list([*listed_days(), FUNERAL]))
        assert proposal is not None
        assert [one.date for one in proposal.add] == [D(2026, 9, 21)]

    def test_a_redirect_of_the_same_server_is_followed(self, look):
        def answer(handler):
            there = handler.path.endswith("/moved")
            (sends_list(listed_days()) if there else leads_to("/moved"))(handler)

        assert look(answer) is None
        assert Refresh.objects.get().outcome == "same"


HUGE = b'{"england-and-wales": "' + b"x" * 200_000 + b'"}'
BAD_ANSWERS = {
    "fault of its own": (sends({}, 500), "has a fault of its own (status 500)"),
    "unavailable": (sends({}, 503), "has a fault of its own (status 503)"),
    "not there": (sends({}, 404), "refuses the list (status 404)"),
    "nothing new": (sends(b"", 204), "answered with status 204"),
    "web page": (sends(b"<!DOCTYPE html><title>Sorry</title>"), "is a web page, not the list"),
    "empty": (sends(b""), "is no JSON, not the list"),
    "broken": (sends(b'{"england-and-wales": {'), "is no JSON, not the list"),
    "not text": (sends(b"\xff\xfe\x00{"), "is not text in UTF-8"),
    "too deep": (sends(b"[" * 90_000), "is no JSON, not the list"),
    "too large": (sends(HUGE), "is larger than 100,000 bytes"),
    "breaks off": (breaks_off, "broke off before its end"),
    "hangs up": (hangs_up, "connection to GOV.UK broke off"),
    "not http": (lambda handler: handler.wfile.write(b"SSH-2.0\r\n\r\n"), "GOV.UK broke off"),
    "circle": (leads_to("/bank-holidays.json"), "leads from one to the next without end"),
    "elsewhere": (leads_to("http://localhost:1/list"), "leads to another server"),
    "a file": (leads_to("file:///etc/hostname"), "where nobody can follow (status 302)"),
    "a list": (sends([]), "has no part for England and Wales"),
    "null": (sends(None), "has no part for England and Wales"),
    "Scotland alone": (
        sends({"scotland": as_list([])["scotland"]}),
        "has no part for England and Wales",
    ),
    "another division inside": (
        sends({"england-and-wales": {"division": "scotland", "events": listed_days()}}),
        "says that it is for somewhere else",
    ),
    "no events": (sends({"england-and-wales": {"division": "england-and-wales"}}), "no list of"),
    "events as text": (sends(as_list("2026-01-01")), "holds no list of days"),
    "no days": (sends(as_list([])), "has no bank holiday for England and Wales"),
    "entries as text": (sends(as_list(["2026-01-01"])), "is no bank holiday"),
    "too many": (sends(as_list([{}] * 1_001)), "has 1,001 entries"),
}
BAD_DAYS = {
    "29 February 2027": ({"date": "2027-02-29"}, "no real date: 2027-02-29"),
    "no month": ({"date": "2027-13-01"}, "no real date"),
    "another form": ({"date": "20270101"}, "no date: “20270101”"),
    "British form": ({"date": "01/01/2027"}, "no date"),
    "other digits": ({"date": "２０２７-01-01"}, "no date"),
    "a number": ({"date": 20270101}, "no date"),
    "missing": ({"date": None}, "no date: it is empty"),
    "long ago": ({"date": "0026-01-01"}, "no likely date"),
    "far away": ({"date": "9999-12-31"}, "no likely date"),
    "twice": ({"date": "2026-12-25"}, "has 25 December 2026 twice"),
    "no title": ({"title": " "}, "is listed without a title"),
    "title as number": ({"title": 7}, "title of 21 September 2026 cannot be read"),
    "control character": ({"title": "A\x00B"}, "title of 21 September 2026 cannot be read"),
    "long title": ({"title": "x" * 201}, "title of 21 September 2026 cannot be read"),
    "notes as list": ({"notes": []}, "note of 21 September 2026 cannot be read"),
}


def expect_failure(message, caplog):
    kept = Refresh.objects.get()
    assert kept.outcome == "failed"
    assert message in kept.failure
    assert kept.finished_at is not None
    assert looks().failure == kept.failure
    assert len(kept.reference) == 8
    assert kept.reference in caplog.text
    assert CalendarVersion.objects.count() == 1


class TestABadAnswer:
    @pytest.mark.parametrize("name", BAD_ANSWERS)
    def test_it_is_a_failure_that_says_why(self, name, look, caplog):
        answer, message = BAD_ANSWERS[name]
        assert look(answer) is None
        expect_failure(message, caplog)

    @pytest.mark.parametrize("name", BAD_DAYS)
    def test_one_day_that_makes_no_sense_spoils_the_list(self, name, look, caplog):
        """Half a list would be a guess."""
        changed, message = BAD_DAYS[name]
        assert look(sends_list([*listed_days(), {**FUNERAL, **changed}])) is None
        expect_failure(message, caplog)

    def test_a_year_with_a_hole_is_not_believed(self, look, caplog):
        assert look(sends_list([one for one in listed_days() if one["date"][:4] != "2027"])) is None
        expect_failure("only 0 days for 2027, of which the calendar has 8", caplog)

    def test_a_year_of_bank_holidays_is_not_believed(self, look, caplog):
        many = [{**FUNERAL, "date": f"2026-10-{day:02}"} for day in range(1, 16)]
        assert look(sends_list([*listed_days(), *many])) is None
        expect_failure("has 23 days in 2026", caplog)

    def test_the_last_good_look_stays_known(self, look):
        look(sends_list(listed_days()))
        look(sends({}, 500))
        assert looks().last_good.outcome == "same"
        assert "status 500" in looks().failure


class TestASlowAnswer:
    """Held up for seconds, never for good."""

    @pytest.mark.parametrize(
        ("answer", "message"),
        [
            (drips(0.05), "not complete after 1 second"),
            (drips(0.05, headers=True), "not complete after 1 second"),
        ],
    )
    def test_one_that_drips_is_left_behind(self, answer, message, look, caplog):
        begun = time.monotonic()
        assert look(answer) is None
        assert time.monotonic() - begun < 3
        expect_failure(message, caplog)

    @pytest.mark.parametrize(
        ("there", "message"),
        [(silent, "said nothing for 0.3 seconds"), (nobody, "connection was refused")],
    )
    def test_one_that_never_comes(self, there, message, settings, db, today, caplog):
        with there() as address:
            settings.BANK_HOLIDAYS_URL = address
            assert look_at_gov_uk(patience=SHORT) is None
        expect_failure(message, caplog)

    def test_a_name_that_nobody_has(self, settings, db, today, caplog):
        settings.BANK_HOLIDAYS_URL = "http://bank-holidays.invalid/list.json"
        assert look_at_gov_uk(patience=SHORT) is None
        kept = Refresh.objects.get()
        assert kept.failure.startswith(("GOV.UK cannot be reached", "The answer was not complete"))

    @pytest.mark.parametrize("address", ["ftp://example.org/x", "file:///etc/hostname", "list", ""])
    def test_what_is_no_web_address_is_never_opened(self, address):
        with pytest.raises(RefreshFailed, match="no web address"):
            fetch(address)

    def test_a_look_whose_worker_was_killed_is_told_as_broken_off(self, db, today):
        Refresh.objects.create(started_at=datetime(2026, 6, 1, 8, tzinfo=UTC))
        assert looks().under_way
        assert looks().failure == ""
        today.shift(timedelta(minutes=3))
        assert not looks().under_way
        assert looks().failure == "It was broken off before it had ended."


def test_our_own_mistake_is_kept_as_one_and_raised(look, monkeypatch, caplog):
    monkeypatch.setattr("working_days.upkeep.compare", lambda *given, **named: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        look(sends_list(listed_days()))
    expect_failure("The service itself made a mistake", caplog)


def test_a_byte_order_mark_is_no_fault():
    body = b"\xef\xbb\xbf" + json.dumps(as_list(listed_days())).encode()
    assert read_list(body).first == D(2020, 1, 1)


def test_the_real_list_of_the_package_reads_as_bundled(db):
    """The form that GOV.UK publishes, as the package keeps it."""
    from govuk_bank_holidays.bank_holidays import BankHolidays

    body = json.dumps(BankHolidays.load_backup_data()).encode()
    listed = read_list(body)
    ours = set(BankHoliday.objects.values_list("date", flat=True))
    assert {one.date for one in listed.holidays} >= ours
    assert listed.weekends == ()


class TestTheEndOfTheCalendar:
    """Warned of when it is less than 24 months away."""

    @pytest.mark.parametrize(
        ("on", "words"),
        [
            (D(2026, 12, 31), ""),
            (D(2027, 1, 1), "ends on 31 December 2028, less than 24 months from now"),
            (D(2028, 12, 31), "ends on 31 December 2028, less than 24 months"),
            (D(2029, 1, 1), "ended on 31 December 2028"),
        ],
    )
    def test_a_warning_says_when(self, on, words, db):
        said = end_warning(current_calendar(), on)
        assert words in said
        assert bool(said) == bool(words)


def test_the_log_names_no_person(look, caplog):
    with caplog.at_level(logging.INFO):
        look(sends({}, 500), by="wilfred.ames@ofsted.example")
    assert "wilfred" not in caplog.text
