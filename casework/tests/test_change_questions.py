"""Proposing a change: the questions, what is wrong beside its field, the answers to check
(screens.md, administrator; timetable.md, rules are data)."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from casework.changes import services
from casework.changes.models import Change
from casework.models import ParameterVersion
from casework.recording import create_case, record
from casework.tests.rehearsal import Told, make_area, make_person
from casework.tests.test_recording import FIX
from design_system.dates import Typed
from working_days.models import CalendarVersion
from working_days.services import add_bank_holiday, add_closure, current_calendar

pytestmark = pytest.mark.django_db
D = datetime.date
ADD, REMOVE = "/changes/bank-holidays/add/", "/changes/bank-holidays/remove/"
CLOSE, REOPEN = "/changes/closures/add/", "/changes/closures/remove/"
DRAFT = "/changes/offsets/T-DRAFT/"
FUNERAL = "Bank Holiday for the State Funeral of Queen Elizabeth II"


@pytest.fixture
def administrator(db):
    return make_administrator("Ada Admin")


@pytest.fixture
def signed_in(client, administrator, monday):
    client.force_login(administrator)
    return client


def make_administrator(name):
    person = make_person(name, role="administrator")
    person.is_staff = True
    person.save()
    return person


def typed(**given):
    """A date is typed into three boxes."""
    found = {}
    for name, value in given.items():
        if isinstance(value, D):
            found |= {
                f"{name}-day": value.day,
                f"{name}-month": value.month,
                f"{name}-year": value.year,
            }
        else:
            found[name] = value
    return found


DAY = D(2026, 9, 21)


def one_day(day=DAY, title=FUNERAL, **more):
    return typed(rows=1, day_0=day, title_0=title, why="Proclaimed", **more)


def hidden(page):
    """What the page to check carries along."""
    found = {}
    for name, value in re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.content.decode()
    ):
        found.setdefault(name, []).append(value.replace("&#x27;", "'").replace("&amp;", "&"))
    found.pop("csrfmiddlewaretoken", None)
    return found


def errors(page):
    assert page.status_code == 422
    assert not Change.objects.exists()
    return dict(page.context["form"].errors)


class TestABankHoliday:
    def test_is_checked_and_then_proposed(self, signed_in, administrator):
        """19 September 2022, announced on the 10th."""
        assert signed_in.get(ADD).status_code == 200
        check = signed_in.post(ADD, one_day(notes_0="Extra bank holiday"))
        text = check.content.decode()
        assert f"Monday 21 September 2026: {FUNERAL} (extra bank holiday)" in text
        assert "Nothing changes until you have seen the list" in text
        assert not Change.objects.exists()
        sent = signed_in.post(ADD, {**hidden(check), "confirmed": "yes"})
        change = Change.objects.get()
        assert (sent.status_code, sent["Location"]) == (302, f"/changes/{change.pk}/")
        assert (change.proposed_by, change.why, change.source) == (
            administrator,
            "Proclaimed",
            "administrator",
        )
        assert change.content["add"] == [["2026-09-21", FUNERAL, "Extra bank holiday"]]
        assert CalendarVersion.objects.count() == 1

    @pytest.mark.parametrize(
        ("given", "field", "message"),
        [
            ({"day_0": ""}, "day_0", "Enter the date of the bank holiday"),
            ({"title_0": "  "}, "title_0", "Enter the name of the bank holiday"),
            ({"day_0-month": "13"}, "day_0", "must be a real date"),
            ({"day_0-day": "29", "day_0-month": "2", "day_0-year": "2027"}, "day_0", "real date"),
            ({"day_0-year": "26"}, "day_0", "a year of 4 numbers"),
            ({"day_0-day": "20"}, "day_0", "is a Sunday, which counts as no working day already"),
            ({"day_0-day": "31", "day_0-month": "8"}, "day_0", "bank holiday already"),
            ({"day_0-year": "2029", "day_0-day": "20"}, "day_0", "outside the calendar"),
            ({"why": ""}, "why", "Enter why it changes"),
            ({"why": "x" * 301}, "why", "300 characters or fewer"),
            ({"title_0": "A\x07B"}, "title_0", "invisible control character"),
            ({"title_0": "x" * 201}, "title_0", "200 characters or fewer"),
            ({"instead_of": "2026-09-01"}, "instead_of", "from the list"),
            ({"complete_until": "soon"}, "complete_until", "from the list"),
        ],
    )
    def test_what_is_wrong_is_said_beside_it_and_nothing_is_lost(
        self, signed_in, given, field, message
    ):
        data = {**one_day(title="Day of <b>thanks</b>"), **given}
        if given.get("day_0") == "":
            data = {k: v for k, v in data.items() if not k.startswith("day_0-")}
        page = signed_in.post(ADD, data)
        found = errors(page)
        assert list(found) == [field]
        assert message in found[field][0]
        if "title_0" not in given:
            assert "Day of &lt;b&gt;thanks&lt;/b&gt;" in page.content.decode()

    def test_one_that_moves_is_one_change(self, signed_in):
        """As 4 May 2020 was moved to 8 May."""
        data = one_day(D(2027, 5, 7), "Early May bank holiday", instead_of="2027-05-03")
        check = signed_in.post(ADD, data)
        assert "Monday 3 May 2027: Early May bank holiday" in check.content.decode()
        signed_in.post(ADD, {**data, "confirmed": "yes"})
        change = Change.objects.get()
        assert change.content["remove"] == ["2027-05-03"]
        page = signed_in.get(f"/changes/{change.pk}/").content.decode()
        assert "Bank holiday moved from Monday 3 May 2027 to Friday 7 May 2027" in page

    def test_another_day_is_asked_for_and_what_was_typed_stays(self, signed_in):
        page = signed_in.post(ADD, {**one_day(), "day_0-month": "Septem", "more": "yes"})
        form = page.context["form"]
        assert page.status_code == 200
        assert not form.errors
        assert form.count == 2
        assert 'name="rows" value="2"' in page.content.decode()
        assert form["title_0"].value() == FUNERAL
        assert form["day_0"].value() == Typed("21", "Septem", "2026")
        two = {**one_day(), **typed(rows=2, day_1=D(2026, 9, 22), title_1="Day of mourning")}
        signed_in.post(ADD, {**two, "confirmed": "yes"})
        assert len(Change.objects.get().content["add"]) == 2

    def test_a_day_that_was_begun_must_be_whole_and_an_empty_one_does_not_count(self, signed_in):
        two = {**one_day(), **typed(rows=3, title_1="Day of mourning")}
        assert list(errors(signed_in.post(ADD, two))) == ["day_1"]
        three = {**one_day(), **typed(rows=3, day_2=D(2026, 9, 22), title_2="Day of mourning")}
        signed_in.post(ADD, {**three, "confirmed": "yes"})
        assert len(Change.objects.get().content["add"]) == 2

    def test_the_same_day_twice_is_refused_beside_the_second(self, signed_in):
        two = {**one_day(), **typed(rows=3, day_2=D(2026, 9, 21), title_2="Day of mourning")}
        assert list(errors(signed_in.post(ADD, two))) == ["day_2"]

    @pytest.mark.parametrize("rows", ["0", "-1", "99999999999", "x", "²", ""])
    def test_a_number_of_rows_that_nobody_typed_breaks_nothing(self, signed_in, rows):
        page = signed_in.post(ADD, {**one_day(), "rows": rows})
        assert page.status_code == 200
        assert "Check your answers" in page.content.decode()

    def test_what_is_wrong_names_the_bank_holiday_as_people_do(self, signed_in):
        wrong = errors(
            signed_in.post(ADD, {**one_day(), "day_0-month": "13", "title_0": "x" * 201})
        )
        assert wrong["day_0"] == ["The date of the bank holiday must be a real date"]
        assert wrong["title_0"][0].startswith("The name of the bank holiday must have 200")
        two = {**one_day(), **typed(rows=2, notes_1="Substitute day")}
        assert errors(signed_in.post(ADD, two)) == {
            "day_1": ["Enter the date of bank holiday 2"],
            "title_1": ["Enter the name of bank holiday 2"],
        }

    def test_a_further_year_moves_the_end_once_it_is_whole(self, signed_in):
        days = [D(2029, month, day) for month, day in ((1, 1), (3, 30), (4, 2), (5, 7), (5, 28))]
        days += [D(2029, 8, 27), D(2029, 12, 25), D(2029, 12, 26)]
        data = {"rows": 8, "why": "Published", "complete_until": "2029-12-31"}
        for place, day in enumerate(days):
            data |= typed(**{f"day_{place}": day, f"title_{place}": f"Day {place}"})
        less = {name: value for name, value in data.items() if not name.endswith("_7")}
        less = {name: value for name, value in less.items() if not name.startswith("day_7-")}
        assert "7 of them are entered" in errors(signed_in.post(ADD, less))["complete_until"][0]
        signed_in.post(ADD, {**data, "confirmed": "yes"})
        assert Change.objects.get().content["covers_until"] == "2029-12-31"

    def test_going_back_from_the_answers_loses_nothing(self, signed_in):
        check = signed_in.post(ADD, one_day(notes_0="It’s <new>"))
        page = signed_in.post(ADD, {**one_day(notes_0="It’s <new>"), "back": "yes"})
        assert check.status_code == page.status_code == 200
        assert page.context["form"]["notes_0"].value() == "It’s <new>"
        assert not page.context["form"].errors

    def test_sent_twice_it_is_one_proposal(self, signed_in):
        for _ in range(2):
            assert signed_in.post(ADD, {**one_day(), "confirmed": "yes"}).status_code == 302
        assert Change.objects.count() == 1


class TestTakingABankHolidayAway:
    def test_those_to_come_are_offered_and_one_is_proposed(self, signed_in):
        page = signed_in.get(REMOVE).content.decode()
        assert "Monday 31 August 2026" in page
        assert "26 May 2025" not in page
        assert "Monday 26 May 2025" in signed_in.get(f"{REMOVE}?earlier=yes").content.decode()
        data = {"days": ["2026-08-31"], "why": "Moved"}
        check = signed_in.post(REMOVE, data)
        assert "Summer bank holiday" in check.content.decode()
        signed_in.post(REMOVE, {**data, "confirmed": "yes"})
        assert Change.objects.get().content["remove"] == ["2026-08-31"]

    def test_one_of_the_last_twelve_months_or_recorded_here_can_be_taken_away(self, signed_in):
        add_bank_holiday(D(2024, 9, 23), "Entered by mistake", why="Tried", by="x")
        page = signed_in.get(REMOVE).content.decode()
        assert "Monday 25 May 2026: Spring bank holiday (has passed)" in page
        assert "Monday 23 September 2024: Entered by mistake (has passed)" in page
        assert page.index("31 August 2026") < page.index("25 May 2026") < page.index("2024")
        data = {"days": ["2024-09-23"], "why": "It was none", "confirmed": "yes"}
        signed_in.post(REMOVE, data)
        change = Change.objects.get()
        assert change.content["remove"] == ["2024-09-23"]
        services.preview(change.pk)
        services.apply(change.pk, by=change.proposed_by)
        assert not current_calendar().closed.get(D(2024, 9, 23))

    def test_one_must_be_chosen(self, signed_in):
        assert list(errors(signed_in.post(REMOVE, {"why": "Moved"}))) == ["days"]
        wrong = signed_in.post(REMOVE, {"days": ["2026-09-01"], "why": "Moved"})
        assert list(errors(wrong)) == ["days"]


class TestAClosure:
    def given(self, **different):
        data = {
            "starts_on": D(2026, 12, 29),
            "ends_on": D(2026, 12, 31),
            "inspectorate": "ofsted",
            "reason": "Offices closed",
            "stops_the_clock": "yes",
        }
        return typed(**{**data, **different})

    def test_is_checked_and_proposed(self, signed_in):
        text = signed_in.post(CLOSE, self.given()).content.decode()
        assert "29 December 2026 to 31 December 2026" in text
        assert "Stops: the days do not count" in text
        signed_in.post(CLOSE, {**self.given(), "confirmed": "yes"})
        change = Change.objects.get()
        assert change.why == "Closure: Offices closed"
        assert change.content["closures_add"] == [
            ["2026-12-29", "2026-12-31", "ofsted", "Offices closed", True]
        ]

    @pytest.mark.parametrize(
        ("different", "field"),
        [
            ({"ends_on": D(2026, 12, 28)}, "ends_on"),
            ({"ends_on": ""}, "ends_on"),
            ({"inspectorate": "ofqual"}, "inspectorate"),
            ({"reason": ""}, "reason"),
            ({"stops_the_clock": ""}, "stops_the_clock"),
            ({"starts_on": D(2011, 12, 28)}, "starts_on"),
        ],
    )
    def test_what_is_wrong_is_said_beside_it(self, signed_in, different, field):
        assert list(errors(signed_in.post(CLOSE, self.given(**different)))) == [field]

    def test_one_in_force_is_taken_back(self, signed_in):
        assert "none to take back" in signed_in.get(REOPEN).content.decode()
        closure = add_closure(
            D(2026, 12, 29),
            D(2026, 12, 31),
            inspectorate="both",
            reason="Flood",
            stops_the_clock=True,
            by="x",
        ).closures_added.get()
        data = {"closure": str(closure.pk), "why": "The water went"}
        check = signed_in.post(REOPEN, data).content.decode()
        assert "Ofsted and CQC, 29 December 2026 to 31 December 2026: Flood" in check
        signed_in.post(REOPEN, {**data, "confirmed": "yes"})
        change = Change.objects.get()
        assert change.content["closures_remove"] == [closure.pk]
        assert "Closure taken back: Ofsted and CQC" in signed_in.get("/changes/").content.decode()
        strange = {"closure": str(closure.pk + 1000), "why": "x"}
        assert signed_in.post(REOPEN, strange).status_code == 422


class TestAnOffset:
    """Starred offsets are parameters; the page says so (timetable.md)."""

    def given(self, **different):
        data = {"value": "15", "effective_from": D(2026, 6, 1), "cases": "new", "why": "Too short"}
        return typed(**{**data, **different})

    @pytest.fixture
    def announced(self, case, officer):
        record(case.pk, FIX, by=officer)
        record(case.pk, Told(taken_by="Dan"), by=officer)
        return case

    def test_all_are_listed_with_default_and_present_value(self, signed_in, declared):
        ParameterVersion.objects.create(
            version=2,
            values={"T-DRAFT": 20},
            effective_from=D(2026, 5, 1),
            known_at=datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC),
            reason="Tried",
        )
        text = signed_in.get("/changes/offsets/").content.decode()
        assert "13 working days after" in text
        assert "<strong>20 working days after</strong>" in text
        assert DRAFT in text
        assert "T-PUBLISH" not in text  # its source fixes it

    def test_for_new_cases_it_is_checked_and_proposed(self, signed_in, declared):
        check = signed_in.post(DRAFT, self.given())
        text = check.content.decode()
        assert "15 working days after" in text
        assert "Those opened from 1 June 2026" in text
        sent = signed_in.post(DRAFT, {**hidden(check), "confirmed": "yes"})
        change = Change.objects.get()
        assert sent["Location"] == f"/changes/{change.pk}/"
        assert (change.kind, change.why) == ("parameters", "Too short")
        assert change.content == {
            "values": {"T-DRAFT": 15},
            "effective_from": "2026-06-01",
            "cases": "new",
            "case_ids": [],
        }

    @pytest.mark.parametrize(
        ("different", "field"),
        [
            ({"value": ""}, "value"),
            ({"value": "13"}, "value"),
            ({"value": "1.5"}, "value"),
            ({"value": "x" * 5000}, "value"),
            ({"effective_from": D(2026, 5, 31)}, "effective_from"),
            ({"effective_from": D(2098, 1, 1)}, "effective_from"),
            ({"effective_from": ""}, "effective_from"),
            ({"cases": ""}, "cases"),
            ({"why": ""}, "why"),
        ],
    )
    def test_what_is_wrong_is_said_beside_it(self, signed_in, declared, different, field):
        assert list(errors(signed_in.post(DRAFT, self.given(**different)))) == [field]

    @pytest.mark.parametrize("value", ["-1", "251", "5000", "99999999999999999999"])
    def test_a_number_out_of_range_is_said_at_once(self, signed_in, declared, value):
        for more in ({}, {"confirmed": "yes"}):
            page = signed_in.post(DRAFT, {**self.given(value=value), **more})
            assert errors(page) == {"value": ["Enter a number from 0 to 250."]}
        assert not Change.objects.exists()

    def test_what_is_no_offset_of_ours_has_no_page(self, signed_in, declared):
        for key in ("T-PUBLISH", "NO-SUCH", "T-DRAFT:from"):
            assert signed_in.get(f"/changes/offsets/{key}/").status_code == 404

    def test_open_cases_are_chosen_from_a_list(self, signed_in, announced):
        page = signed_in.post(DRAFT, self.given(cases="chosen"))
        text = page.content.decode()
        assert "Choose open cases" in text
        assert f"Testshire, {announced.reference} (told)" in text
        chosen = {**hidden(page), "which": "ticked", "case": [str(announced.pk)]}
        check = signed_in.post(DRAFT, chosen)
        assert "1 chosen" in check.content.decode()
        signed_in.post(DRAFT, {**hidden(check), "confirmed": "yes"})
        assert Change.objects.get().content["case_ids"] == [str(announced.pk)]

    def test_what_is_ticked_stays_while_the_list_is_narrowed_and_after_going_back(
        self, signed_in, announced
    ):
        given = {**self.given(cases="chosen"), "chosen": "yes", "which": "ticked"}
        narrowed = signed_in.post(
            DRAFT, {**given, "case": [str(announced.pk)], "area": "Nowhere", "narrow": "yes"}
        )
        assert narrowed.context["form"].shown == {}
        assert str(announced.pk) in narrowed.context["form"].kept
        assert "checked" in narrowed.content.decode()
        check = signed_in.post(DRAFT, {**given, "case": [str(announced.pk)]})
        back = signed_in.post(DRAFT, {**hidden(check), "back": "yes"})
        assert hidden(back)["case"] == [str(announced.pk)]

    def test_a_case_that_is_not_announced_has_no_line_and_cannot_be_asked_for(
        self, signed_in, announced, officer
    ):
        """Before notification a case is the inspectorates' alone (roles.md)."""
        secret = create_case("rehearsal", local_area=make_area("Hushshire", code="T02"), by=officer)
        given = self.given(cases="chosen")
        page = signed_in.post(DRAFT, given)
        text = page.content.decode()
        assert announced.reference in text
        assert secret.reference not in text
        assert "Hushshire" not in text
        narrowed = {**given, "chosen": "yes", "narrow": "yes", "area": secret.reference}
        assert "No open case that is announced matches" in (
            signed_in.post(DRAFT, {**narrowed, "case": [str(secret.pk)]}).content.decode()
        )
        ticked = {**given, "chosen": "yes", "which": "ticked", "case": [str(secret.pk)]}
        assert list(errors(signed_in.post(DRAFT, ticked))) == ["case"]
        all_of_them = {**given, "chosen": "yes", "which": "all", "confirmed": "yes"}
        assert signed_in.post(DRAFT, all_of_them).status_code == 302
        assert len(Change.objects.get().content["case_ids"]) == 2

    @pytest.mark.parametrize("which", ["", "some"])
    def test_which_cases_must_be_said(self, signed_in, announced, which):
        given = {**self.given(cases="chosen"), "chosen": "yes", "which": which}
        assert "which" in errors(signed_in.post(DRAFT, given))

    def test_one_must_be_ticked(self, signed_in, announced):
        given = {**self.given(cases="chosen"), "chosen": "yes", "which": "ticked"}
        assert list(errors(signed_in.post(DRAFT, given))) == ["case"]


PAGES = ["/changes/", ADD, REMOVE, CLOSE, REOPEN, "/changes/offsets/", DRAFT]


class TestWhoMay:
    @pytest.mark.parametrize("address", PAGES)
    def test_others_are_refused_with_the_reason(self, client, officer, monday, declared, address):
        """Only administrators (roles.md, last paragraph). What there is to see is on the page."""
        add_closure(
            D(2026, 7, 1),
            D(2026, 7, 1),
            inspectorate="both",
            reason="Kept quiet",
            stops_the_clock=True,
            by="x",
        )
        client.force_login(officer)
        page = client.get(address)
        assert page.status_code == 403
        text = page.content.decode()
        assert "for administrators" in text
        assert "Kept quiet" not in text
        assert client.post(address, {**one_day(), "confirmed": "yes"}).status_code in (403, 405)
        assert not Change.objects.exists()

    @pytest.mark.parametrize("address", PAGES)
    def test_a_stranger_is_asked_to_sign_in(self, client, declared, address):
        assert client.get(address)["Location"].startswith("/sign-in/")

    def test_a_role_that_has_ended_gives_nothing(self, signed_in, administrator):
        Membership.objects.filter(person=administrator).update(ends_on=D(2026, 5, 31))
        assert signed_in.get(ADD).status_code == 403

    def test_an_administrator_sees_no_case_by_it(self, signed_in, case):
        assert signed_in.get(f"/cases/{case.pk}/").status_code == 404


def test_no_page_asks_more_for_more_days(signed_in):
    """The calendar's days are read once, however many there are."""

    def count(address):
        with CaptureQueriesContext(connection) as queries:
            assert signed_in.get(address).status_code == 200
        return len(queries)

    for month, address in enumerate((ADD, REMOVE, REOPEN), 7):
        for first in ("cqc", "ofsted"):
            add_closure(
                D(2026, month, 20),
                D(2026, month, 20),
                inspectorate=first,
                reason="First",
                stops_the_clock=False,
                by="x",
            )
        signed_in.get(address)
        before = count(address)
        for day in range(1, 6):
            add_closure(
                D(2026, month, day),
                D(2026, month, day),
                inspectorate="cqc",
                reason=f"Closed {day}",
                stops_the_clock=False,
                by="x",
            )
        current_calendar()
        assert count(address) == before
