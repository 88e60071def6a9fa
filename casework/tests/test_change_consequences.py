"""What a change does besides moving dates is said before it is applied: who has to plan again, what
is overdue at once, what is out of date (screens.md, administrator; roles.md, before notification).
"""

import datetime

import pytest

from casework.changes import services
from casework.changes.content import CalendarContent, ParametersContent
from casework.changes.on_site import closing_days, stretches
from casework.recording import create_case, record
from casework.tests.rehearsal import Fixed, Told, make_area
from casework.tests.test_change_pages import (
    address,
    administrator,
    announced,
    change,
    move,
    previewed,
    queries_of,
    signed_in,
    text_of,
)
from working_days.bundled import PublishedBankHoliday
from working_days.services import NewClosure, add_bank_holiday

__all__ = ["administrator", "announced", "change", "signed_in"]

pytestmark = pytest.mark.django_db
D = datetime.date


def holiday(*days):
    return CalendarContent(add=tuple(PublishedBankHoliday(day, "Holiday", "") for day in days))


def closure(first, last, *, stops=True):
    return CalendarContent(closures_add=(NewClosure(first, last, "both", "Flood", stops),))


def another(officer, area, first, last, *, told=True, code="T09"):
    case = create_case("rehearsal", local_area=make_area(area, code=code), by=officer)
    record(case.pk, Fixed(first_day=first, last_day=last), by=officer)
    if told:
        record(case.pk, Told(taken_by="Dan"), by=officer)
    return case


class TestOnSiteOnThatDay:
    """Day 1 and every day on site are working days: the planner refuses any other."""

    def proposed(self, content, by):
        return previewed(services.propose_calendar(content, why="Proclaimed", by=by))

    def test_cases_that_are_on_site_then_are_named_with_area_and_dates(
        self, signed_in, announced, administrator, officer
    ):
        another(officer, "Elsewhere", D(2026, 6, 15), D(2026, 6, 19))
        page = text_of(signed_in, address(self.proposed(holiday(D(2026, 6, 8)), administrator)))
        assert "On site on that day: plan again" in page
        assert announced.reference in page
        assert "8 June 2026 to 12 June 2026" in page
        assert "Mon 8 June 2026 (Day 1)" in page
        assert "Elsewhere" not in page

    def test_one_that_is_not_announced_is_only_counted(
        self, signed_in, announced, administrator, officer
    ):
        """Before notification a case is the inspectorates' alone (roles.md)."""
        secret = another(officer, "Hushshire", D(2026, 6, 8), D(2026, 6, 12), told=False)
        content = holiday(D(2026, 6, 10))
        page = text_of(signed_in, address(self.proposed(content, administrator)))
        assert "And 1 case without its name: not announced yet, or not open to you" in page
        assert "Hushshire" not in page
        assert secret.reference not in page
        assert "(Day 1)" not in page

    def test_a_case_that_has_ended_or_a_day_that_is_over_needs_no_plan(
        self, signed_in, announced, administrator, monday
    ):
        change = self.proposed(holiday(D(2026, 6, 8)), administrator)
        monday.shift(8 * 24 * 3600)
        assert "plan again" not in text_of(signed_in, address(change))

    def test_after_it_is_applied_those_still_on_site_stay_on_the_page(
        self, signed_in, announced, administrator
    ):
        change = self.proposed(closure(D(2026, 6, 8), D(2026, 6, 9)), administrator)
        services.apply(change.pk, by=administrator)
        services.carry_out(change.pk)
        text = text_of(signed_in, address(change))
        assert "On site on these days: plan again" in text
        assert "Mon 8 June 2026 (Day 1), Tue 9 June 2026" in text

    def test_no_page_asks_more_for_more_cases(self, signed_in, announced, administrator, officer):
        change = self.proposed(holiday(D(2026, 6, 8)), administrator)
        few = queries_of(signed_in, address(change))
        for number in range(4):
            another(officer, f"Shire {number}", D(2026, 6, 8), D(2026, 6, 9), code=f"S{number:02}")
        assert queries_of(signed_in, address(change)) == few
        assert "Shire 3" in text_of(signed_in, address(change))

    def test_only_weekdays_that_stop_the_clock_close(self, monday):
        assert closing_days(closure(D(2026, 6, 11), D(2026, 6, 15))) == [
            D(2026, 6, 11),
            D(2026, 6, 12),
            D(2026, 6, 15),
        ]
        assert closing_days(closure(D(2026, 6, 11), D(2026, 6, 15), stops=False)) == []
        assert closing_days(ParametersContent({"T-DRAFT": 15}, D(2026, 6, 1))) == []
        days = [D(2026, 6, 11), D(2026, 6, 12), D(2026, 6, 15)]
        assert stretches(days) == [(days[0], days[1]), (days[2], days[2])]


class TestOverdueAtOnce:
    def test_dates_that_would_be_over_already_are_counted_and_marked(
        self, signed_in, change, announced
    ):
        previewed(
            change,
            move(change, announced, 0, old_on=D(2026, 6, 5), new_on=D(2026, 5, 29)),
            move(change, announced, 1, old_on=None, new_on=D(2026, 5, 28)),
            move(change, announced, 2, old_on=D(2026, 5, 28), new_on=D(2026, 5, 27)),
            move(change, announced, 3, old_on=D(2026, 6, 5), new_on=D(2026, 6, 1)),
        )
        text = text_of(signed_in, address(change))
        assert "2 deadlines would be overdue at once" in text
        assert text.count("Overdue at once") == 2
        asked = text_of(signed_in, address(change, "apply/"))
        assert "2 of them are overdue at once" in asked
        assert "4 open deadlines of 1 case move to their new dates" in asked

    def test_where_none_is_nothing_is_said(self, signed_in, change, announced):
        previewed(change, move(change, announced))
        assert "verdue at once" not in text_of(signed_in, address(change))


class TestCasesWithoutAName:
    def test_each_has_a_number_of_its_own_on_page_and_in_file(
        self, signed_in, change, announced, officer
    ):
        hidden = [
            create_case(
                "rehearsal", local_area=make_area(f"Hush {one}", code=f"H{one:02}"), by=officer
            )
            for one in range(2)
        ]
        moves = [move(change, case, number) for case in hidden for number in range(2)]
        previewed(change, move(change, announced), *moves)
        text = text_of(signed_in, address(change))
        assert text.count("Not announced yet (1)") == text.count("Not announced yet (2)") == 2
        assert "Hush" not in text
        file = b"".join(signed_in.get(f"{address(change)}?format=csv").streaming_content).decode()
        assert file.count("Not announced yet (1)") == file.count("Not announced yet (2)") == 2

    def test_one_of_a_kind_that_is_never_announced_is_not_open(
        self, signed_in, change, announced, officer
    ):
        follow = create_case("follow", local_area=announced.local_area, by=None, origin=announced)
        previewed(change, move(change, follow))
        text = text_of(signed_in, address(change))
        assert follow.reference not in text
        assert "Not open to you (1)" in text
        assert "Not announced yet" not in text


class TestOutOfDate:
    def test_what_was_worked_out_against_another_version_is_not_ready(
        self, signed_in, change, announced
    ):
        previewed(change, move(change, announced))
        assert "Ready to apply" in text_of(signed_in, "/changes/")
        few = queries_of(signed_in, "/changes/")
        add_bank_holiday(D(2026, 9, 22), "Day of mourning", why="Proclaimed", by="x")
        for page in ("/changes/", address(change)):
            text = text_of(signed_in, page)
            assert "Out of date" in text
            assert "Ready to apply" not in text
        assert queries_of(signed_in, "/changes/") == few


def test_the_list_comes_before_the_count_by_rule_which_is_folded(signed_in, change, announced):
    previewed(change, move(change, announced))
    text = text_of(signed_in, address(change))
    assert text.index("Deadlines that would move") < text.index("How many by rule")
    assert "<details" in text[text.index("Deadlines that would move") :]
