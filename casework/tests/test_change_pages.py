"""The pages of a change on its way: what moves, applying, withdrawing, the list of changes
(timetable.md, rules are data; roles.md, administrators)."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.changes import services
from casework.changes.content import CalendarContent, ParametersContent
from casework.changes.models import Change, Move
from casework.models import ParameterVersion
from casework.recording import create_case, record
from casework.tests.changes.helpers import applied
from casework.tests.rehearsal import Told, grant, make_area, make_person
from casework.tests.test_change_questions import make_administrator
from casework.tests.test_recording import FIX
from config import clock
from working_days.bundled import PublishedBankHoliday
from working_days.models import CalendarVersion, Refresh
from working_days.services import add_bank_holiday

pytestmark = pytest.mark.django_db
D = datetime.date
DAY = D(2026, 9, 21)
CONTENT = CalendarContent(add=(PublishedBankHoliday(DAY, "Day of thanks", ""),))


@pytest.fixture
def administrator(db):
    return make_administrator("Ada Admin")


@pytest.fixture
def signed_in(client, administrator, monday):
    client.force_login(administrator)
    return client


@pytest.fixture
def announced(case, officer):
    record(case.pk, FIX, by=officer)
    record(case.pk, Told(taken_by="Dan"), by=officer)
    return case


@pytest.fixture
def change(administrator, monday):
    return services.propose_calendar(CONTENT, why="Proclaimed <b>today</b>", by=administrator)


def move(change, case, number=0, **different):
    given = {
        "case_version": case.version,
        "rule": "T-PUBLISH",
        "subject": str(number),
        "title": "report published",
        "owed_by": "Ofsted",
        "old_on": D(2026, 9, 21) + datetime.timedelta(number),
        "new_on": D(2026, 9, 22) + datetime.timedelta(number),
    }
    given |= different
    first = min(day for day in (given["old_on"], given["new_on"]) if day)
    return Move.objects.create(change=change, case=case, first_on=first, **given)


def previewed(change, *moves):
    """As the worker leaves it."""
    change.state, change.previewed_at = "previewed", clock.now()
    change.deadlines, change.cases = len(moves), len({one.case_id for one in moves})
    change.save()
    return change


def address(change, ending=""):
    return f"/changes/{change.pk}/{ending}"


def text_of(client, path):
    page = client.get(path)
    assert page.status_code == 200
    return page.content.decode()


def queries_of(client, path):
    client.get(path)  # the session remembers the role from now on
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


class TestWhileItIsWorkedOut:
    def test_the_page_says_so_and_looks_again_without_a_script(self, signed_in, change):
        text = text_of(signed_in, address(change))
        assert "Working out what would move" in text
        assert '<noscript><meta http-equiv="refresh" content="4"></noscript>' in text
        assert f'data-address="{address(change, "progress/")}"' in text
        assert "Proclaimed &lt;b&gt;today&lt;/b&gt;" in text
        assert "New bank holiday on Monday 21 September 2026: Day of thanks" in text

    def test_the_part_that_is_looked_up_says_when_it_is_done(self, signed_in, change, announced):
        assert "data-module" in text_of(signed_in, address(change, "progress/"))
        previewed(change, move(change, announced))
        done = text_of(signed_in, address(change, "progress/"))
        assert "data-module" not in done
        assert "1 deadline of 1 case would move" in done

    def test_it_cannot_be_applied_yet(self, signed_in, change):
        page = signed_in.get(address(change, "apply/"), follow=True)
        assert "has to be worked out before it can be applied" in page.content.decode()

    def test_one_that_failed_says_why_and_is_tried_again(self, signed_in, change):
        change.state, change.failure = "failed", "The database was away. Reference: ABCDEFGH"
        change.save()
        text = text_of(signed_in, address(change))
        assert "Reference: ABCDEFGH" in text
        assert "Try again" in text
        assert signed_in.post(address(change, "again/")).status_code == 302
        change.refresh_from_db()
        assert (change.state, change.failure) == ("proposed", "")


class TestWhatMoves:
    def test_each_deadline_old_and_new_with_case_and_who_owes_it(
        self, signed_in, change, announced
    ):
        previewed(change, move(change, announced, subject_name="Council <C>"))
        text = text_of(signed_in, address(change))
        assert "1 open deadline of 1 case would move" in text
        assert "Nothing has changed yet" in text
        assert "Mon 21 September 2026" in text
        assert "Tue 22 September 2026" in text
        assert "Report published (Council &lt;C&gt;)" in text
        assert f'/areas/{announced.local_area_id}/">Testshire' in text
        assert announced.reference in text
        # An administrator cannot open it, so it is no link.
        assert f'href="/cases/{announced.pk}/"' not in text

    def test_whoever_has_a_part_in_the_case_can_open_it(
        self, client, officer, change, announced, administrator
    ):
        grant(administrator, "support_officer")
        previewed(change, move(change, announced))
        client.force_login(administrator)
        assert f'href="/cases/{announced.pk}/"' in text_of(client, address(change))

    def test_a_case_that_is_not_announced_is_there_without_its_name(
        self, signed_in, change, announced, officer
    ):
        """Before notification a case is the inspectorates' alone (roles.md)."""
        secret = create_case("rehearsal", local_area=make_area("Hushshire", code="T02"), by=officer)
        hush = move(change, secret, 1, subject_name="Hushshire Council")
        previewed(change, move(change, announced), hush)
        text = text_of(signed_in, address(change))
        assert "2 open deadlines of 2 cases would move" in text
        assert text.count("Not announced yet") == 1
        assert "Hushshire" not in text
        assert secret.reference not in text
        assert str(secret.pk) not in text
        for form in ("csv", "xlsx"):
            file = b"".join(signed_in.get(f"{address(change)}?format={form}").streaming_content)
            assert b"Hushshire" not in file
            assert secret.reference.encode() not in file

    def test_a_deadline_that_comes_or_goes_and_one_that_moves_in_practice_alone(
        self, signed_in, change, announced
    ):
        moves = [
            move(change, announced, 0, old_on=None),
            move(change, announced, 1, new_on=None),
            move(
                change,
                announced,
                2,
                old_on=D(2026, 9, 21),
                new_on=D(2026, 9, 21),
                old_practical_on=D(2026, 9, 21),
                new_practical_on=D(2026, 9, 18),
            ),
        ]
        previewed(change, *moves)
        text = text_of(signed_in, address(change))
        assert "not there" in text
        assert "no longer there" in text
        assert "in practice Fri 18 September 2026" in text

    def test_it_is_paged_by_key_and_no_page_costs_more(self, signed_in, change, announced):
        moves = [move(change, announced, number) for number in range(3)]
        previewed(change, *moves)
        few = queries_of(signed_in, address(change))
        moves += [move(change, announced, number) for number in range(3, 120)]
        previewed(change, *moves)
        assert queries_of(signed_in, address(change)) == few
        first = signed_in.get(address(change))
        assert first.context["older"].startswith("?after=")
        assert not first.context["newer"]
        second = signed_in.get(address(change) + first.context["older"])
        third = signed_in.get(address(change) + second.context["older"])
        assert not third.context["older"]
        back = signed_in.get(address(change) + third.context["newer"])
        assert str(back.context["table"]) == str(second.context["table"])
        shown = [str(page.context["table"]) for page in (first, second, third)]
        assert [one.count("<tr") - 1 for one in shown] == [50, 50, 20]
        assert queries_of(signed_in, address(change) + second.context["older"]) == few
        totals = str(first.context["totals"])
        assert "T-PUBLISH" in totals
        assert "120" in totals

    @pytest.mark.parametrize("after", ["x", "W10", "%00", "W251bGxd" * 400])
    def test_a_place_that_nobody_was_given_is_the_first_page(
        self, signed_in, change, announced, after
    ):
        previewed(change, move(change, announced))
        page = signed_in.get(f"{address(change)}?after={after}")
        assert page.status_code in (200, 400)

    def test_as_a_file_no_text_becomes_a_formula(self, signed_in, change, announced):
        title = '=HYPERLINK("http://example.org")'
        previewed(change, move(change, announced, title=title, subject_name="@Council"))
        answer = signed_in.get(f"{address(change)}?format=csv")
        file = b"".join(answer.streaming_content).decode("utf-8-sig")
        assert "attachment" in answer["Content-Disposition"]
        assert "'=HYPERLINK" in file
        assert "'@Council" in file
        assert f"Testshire,{announced.reference},Rehearsal,T-PUBLISH" in file
        assert "2026-09-21,2026-09-22" in file

    def test_a_list_too_long_for_a_workbook_is_had_as_csv_alone(self, signed_in, change, announced):
        previewed(change, move(change, announced))
        assert "?format=xlsx" in text_of(signed_in, address(change))
        Change.objects.filter(pk=change.pk).update(deadlines=50_001)
        text = text_of(signed_in, address(change))
        assert "?format=csv" in text
        assert "?format=xlsx" not in text
        page = signed_in.get(f"{address(change)}?format=xlsx")
        assert page["Content-Type"].startswith("text/html")

    def test_nothing_that_moves_is_said_too(self, signed_in, change):
        previewed(change)
        text = text_of(signed_in, address(change))
        assert "No open deadline would move" in text
        assert "?format=csv" not in text


class TestApplying:
    def test_it_is_asked_once_more_and_then_done(self, signed_in, change, announced, administrator):
        previewed(change, move(change, announced))
        page = signed_in.get(address(change, "apply/"))
        assert "1 open deadline of 1 case moves" in page.content.decode()
        seen = page.context["seen"]
        sent = signed_in.post(address(change, "apply/"), {"seen": seen})
        assert sent["Location"] == address(change)
        change.refresh_from_db()
        assert (change.state, change.applied_by, change.calendar_version) == (
            "applying",
            administrator,
            2,
        )
        text = text_of(signed_in, address(change))
        assert "Being applied" in text
        assert "0 of 1 case done" in text

    def test_what_was_worked_out_again_meanwhile_must_be_looked_at_first(
        self, signed_in, change, announced, monday
    ):
        previewed(change, move(change, announced))
        seen = signed_in.get(address(change, "apply/")).context["seen"]
        monday.shift(60)
        previewed(change, move(change, announced, 1), move(change, announced, 2))
        page = signed_in.post(address(change, "apply/"), {"seen": seen})
        assert "was worked out again meanwhile" in page.content.decode()
        assert CalendarVersion.objects.count() == 1

    @pytest.mark.parametrize("seen", ["", "1.1.", "x"])
    def test_it_is_not_applied_unseen(self, signed_in, change, announced, seen):
        previewed(change, move(change, announced))
        assert signed_in.post(address(change, "apply/"), {"seen": seen}).status_code == 200
        assert CalendarVersion.objects.count() == 1

    def test_after_another_change_it_is_worked_out_again_and_says_who_changed_what(
        self, signed_in, change, announced, monday
    ):
        previewed(change, move(change, announced))
        seen = signed_in.get(address(change, "apply/")).context["seen"]
        bela = make_administrator("Bela Other")
        other = CalendarContent(remove=(D(2026, 8, 31),))
        monday.shift(60)
        second = previewed(services.propose_calendar(other, why="Moved", by=bela))
        services.apply(second.pk, by=bela)
        sent = signed_in.post(address(change, "apply/"), {"seen": seen}, follow=True)
        text = sent.content.decode()
        assert "have changed since this was worked out" in text
        assert "No bank holiday any longer on Monday 31 August 2026" in text
        assert "Bela Other" in text
        assert "Work it out again" in text
        change.refresh_from_db()
        assert change.applied_at is None
        assert signed_in.post(address(change, "again/")).status_code == 302
        change.refresh_from_db()
        assert change.state == "proposed"

    def test_of_two_administrators_the_second_sees_who_applied_it(
        self, signed_in, change, announced
    ):
        previewed(change, move(change, announced))
        seen = signed_in.get(address(change, "apply/")).context["seen"]
        services.apply(change.pk, by=make_administrator("Bela Other"))
        page = signed_in.post(address(change, "apply/"), {"seen": seen}, follow=True)
        assert "This was applied already: 1 June 2026, 09:00, Bela Other." in page.content.decode()
        assert CalendarVersion.objects.count() == 2

    def test_while_another_is_being_applied_it_has_to_wait(self, signed_in, change, announced):
        bela = make_administrator("Bela Other")
        busy = ParametersContent({"IN-DRAFT": 15}, D(2026, 6, 1))
        previewed(change, move(change, announced))
        other = services.propose_parameters(busy, why="Too short", by=bela)
        Change.objects.filter(pk=other.pk).update(state="applying", applied_at=clock.now())
        seen = signed_in.get(address(change, "apply/")).context["seen"]
        page = signed_in.post(address(change, "apply/"), {"seen": seen}, follow=True)
        assert "Another change is being applied" in page.content.decode()

    def test_a_bank_holiday_recorded_from_the_shell_makes_it_out_of_date(
        self, signed_in, change, announced
    ):
        previewed(change, move(change, announced))
        add_bank_holiday(D(2026, 9, 22), "Day of mourning", why="Proclaimed", by="x")
        text = text_of(signed_in, address(change))
        assert "the list below may be wrong" in text
        assert "Apply…" not in text

    def test_the_result_says_what_has_moved_and_who_was_told(self, signed_in, change, announced):
        previewed(change, move(change, announced))
        change.state, change.told, change.calendar_version = "applied", 2, 2
        change.applied_at = change.finished_at = clock.now()
        change.save()
        text = text_of(signed_in, address(change))
        assert "1 deadline of 1 case has moved; 2 people were told." in text
        assert "Version 2 of the calendar" in text
        assert "Deadlines that have moved" in text


class TestWithdrawing:
    def test_it_needs_a_reason_that_stays(self, signed_in, change, announced, administrator):
        previewed(change, move(change, announced))
        page = signed_in.post(address(change, "withdraw/"), {"reason": " "})
        assert page.status_code == 422
        assert page.context["form"].errors == {"reason": ["Enter why it is withdrawn"]}
        signed_in.post(address(change, "withdraw/"), {"reason": "It was\na <hoax>"})
        change.refresh_from_db()
        assert (change.state, change.withdrawn_by) == ("withdrawn", administrator)
        assert "It was a &lt;hoax&gt;" in text_of(signed_in, address(change))
        assert CalendarVersion.objects.count() == 1

    def test_what_is_applied_stays(self, signed_in, change, announced):
        previewed(change, move(change, announced))
        services.apply(change.pk, by=make_administrator("Bela Other"))
        page = signed_in.post(address(change, "withdraw/"), {"reason": "Late"}, follow=True)
        assert "This was applied already" in page.content.decode()
        change.refresh_from_db()
        assert change.withdrawn_at is None


class TestTheList:
    def test_the_state_of_the_calendar_stands_above_the_changes(self, signed_in, change):
        text = text_of(signed_in, "/changes/")
        assert "1 January 2012 to 31 December 2028" in text
        assert "New bank holiday on Monday 21 September 2026" in text
        assert "1 June 2026, 09:00, Ada Admin" in text
        assert "Not asked by this installation" in text
        assert "less than 24 months" not in text

    def test_it_warns_when_the_calendar_ends_soon(self, signed_in, monday, administrator):
        monday.move_to(datetime.datetime(2027, 1, 4, 9, tzinfo=datetime.UTC))
        signed_in.force_login(administrator)
        assert "less than 24 months from now" in text_of(signed_in, "/changes/")

    def test_what_went_wrong_with_the_list_of_gov_uk(self, signed_in, settings, monday):
        settings.BANK_HOLIDAYS_URL = "https://www.gov.uk/bank-holidays.json"
        assert "Not asked yet" in text_of(signed_in, "/changes/")
        good = Refresh.objects.create(
            started_at=clock.now(), outcome="same", listed_until=D(2028, 12, 26)
        )
        text = text_of(signed_in, "/changes/")
        assert "Last asked on 1 June 2026, 09:00: agrees with the calendar" in text
        monday.shift(86400)
        Refresh.objects.create(
            started_at=clock.now(), outcome="failed", failure="It <hung>.", reference="ABCDEFGH"
        )
        text = text_of(signed_in, "/changes/")
        assert "It &lt;hung&gt;." in text
        assert "ABCDEFGH" in text
        assert "Last had on 1 June 2026, 09:00" in text
        assert good.outcome == "same"

    def test_it_is_paged_by_key_and_costs_the_same(self, signed_in, administrator, change):
        few = queries_of(signed_in, "/changes/")
        for number in range(40):
            content = CalendarContent(
                add=(PublishedBankHoliday(D(2026, 7, 1 + number % 28), f"Day {number}", ""),)
            )
            if content.add[0].date.weekday() < 5:
                services.propose_calendar(content, why="Tried", by=administrator)
        assert queries_of(signed_in, "/changes/") == few
        page = signed_in.get("/changes/")
        assert page.context["older"]

    def test_offsets_stand_on_it_too(self, signed_in, administrator, declared):
        content = ParametersContent({"T-DRAFT": 15}, D(2026, 9, 1))
        change = services.propose_parameters(content, why="Too short", by=administrator)
        assert "T-DRAFT: 15 working days after" in text_of(signed_in, "/changes/")
        text = text_of(signed_in, address(change))
        assert "Those opened from 1 September 2026" in text
        assert ParameterVersion.objects.count() <= 1


class TestWhoMay:
    @pytest.mark.parametrize("ending", ["", "progress/", "apply/", "withdraw/", "?format=csv"])
    def test_others_are_refused_and_learn_nothing(
        self, client, officer, change, announced, ending, monday
    ):
        previewed(change, move(change, announced))
        client.force_login(officer)
        page = client.get(address(change, ending))
        assert page.status_code == 403
        text = page.content.decode()
        assert "for administrators" in text
        assert "21 September" not in text

    @pytest.mark.parametrize("ending", ["apply/", "withdraw/", "again/"])
    def test_nor_do_they_decide_anything(self, client, officer, change, announced, ending, monday):
        previewed(change, move(change, announced))
        client.force_login(officer)
        sent = client.post(address(change, ending), {"seen": "x", "reason": "y"})
        assert sent.status_code == 403
        change.refresh_from_db()
        assert change.state == "previewed"

    def test_a_change_that_never_was(self, signed_in):
        nobody = "/changes/00000000-0000-4000-8000-000000000000/"
        assert signed_in.get(nobody).status_code == 404

    def test_whether_one_was_is_not_told_to_others(self, client, officer, monday):
        client.force_login(officer)
        nobody = "/changes/00000000-0000-4000-8000-000000000000/"
        assert client.get(nobody).status_code == 403

    def test_somebody_who_only_has_the_role_for_a_region(self, client, monday, change):
        area = make_area("Elsewhere", code="T09")
        person = make_person("Reg Regional")
        grant(person, "administrator", region=area.region)
        client.force_login(person)
        assert client.get("/changes/").status_code == 403


def test_the_result_page_has_the_numbers_of_what_happened(signed_in, administrator, announced):
    content = CalendarContent(add=(PublishedBankHoliday(D(2026, 7, 6), "Day of thanks", ""),))
    text = text_of(signed_in, address(applied(content, administrator)))
    assert "3 deadlines of 1 case have moved" in text
    assert announced.reference in text
