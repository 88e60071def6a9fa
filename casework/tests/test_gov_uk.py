"""What GOV.UK lists and the calendar lacks is proposed to administrators, once, and never done by
itself (timetable.md, counting days)."""

import datetime
import logging

import pytest
from django_celery_beat.models import PeriodicTask

from casework import tasks
from casework.changes import gov_uk, services
from casework.changes.gov_uk import look
from casework.changes.models import Change
from casework.tests.test_change_questions import make_administrator
from config import clock
from config.celery import app
from working_days.models import CalendarVersion, Refresh
from working_days.refresh import Patience
from working_days.services import add_bank_holiday
from working_days.tests.list_server import (
    listed_days,
    nobody,
    sends,
    sends_list,
    serving,
    silent,
)

pytestmark = pytest.mark.django_db
D = datetime.date
SHORT = Patience(silence=0.3, whole=1)
FUNERAL = {"title": "State Funeral", "date": "2026-09-21", "notes": ""}
MOURNING = {"title": "Day of mourning", "date": "2026-09-22", "notes": ""}


@pytest.fixture
def asked(settings, monday):
    """Look at GOV.UK's list while a server answers so; the clock goes on a day each time."""

    def asking(answer):
        with serving(answer) as address:
            settings.BANK_HOLIDAYS_URL = address
            monday.shift(86400)
            return look(patience=SHORT)

    return asking


def states():
    return list(Change.objects.order_by("proposed_at").values_list("state", flat=True))


class TestProposing:
    def test_a_new_day_is_proposed_and_nothing_else_happens(self, asked):
        change = asked(sends_list([*listed_days(), FUNERAL]))
        assert (change.source, change.proposed_by, change.state) == ("gov.uk", None, "proposed")
        assert change.content["add"] == [["2026-09-21", "State Funeral", ""]]
        assert CalendarVersion.objects.count() == 1

    def test_the_same_list_twice_is_one_proposal(self, asked):
        asked(sends_list([*listed_days(), FUNERAL]))
        assert asked(sends_list([*listed_days(), FUNERAL])) is None
        assert states() == ["proposed"]

    def test_what_was_declined_is_not_proposed_again(self, asked):
        change = asked(sends_list([*listed_days(), FUNERAL]))
        services.withdraw(change.pk, by=make_administrator("Ada Admin"), why="A hoax")
        assert asked(sends_list([*listed_days(), FUNERAL])) is None
        assert states() == ["withdrawn"]

    def test_a_list_that_has_changed_takes_the_place_of_the_earlier_proposal(self, asked):
        first = asked(sends_list([*listed_days(), FUNERAL]))
        second = asked(sends_list([*listed_days(), FUNERAL, MOURNING]))
        assert len(second.content["add"]) == 2
        first.refresh_from_db()
        assert first.state == "withdrawn"
        assert first.withdrawn_why == "GOV.UK’s list has changed since."
        assert first.withdrawn_by is None

    def test_what_an_administrator_has_recorded_meanwhile_is_proposed_no_more(self, asked):
        asked(sends_list([*listed_days(), FUNERAL]))
        add_bank_holiday(D(2026, 9, 21), "State Funeral", why="Proclaimed", by="x")
        assert asked(sends_list([*listed_days(), FUNERAL])) is None
        assert states() == ["withdrawn"]

    def test_an_administrators_own_proposal_is_left_alone(self, asked):
        from casework.tests.test_change_pages import CONTENT

        services.propose_calendar(CONTENT, why="Proclaimed", by=make_administrator("Ada Admin"))
        asked(sends_list([*listed_days(), MOURNING]))
        asked(sends_list(listed_days()))
        assert states() == ["proposed", "withdrawn"]

    def test_a_failure_leaves_earlier_proposals_as_they_are(self, asked):
        asked(sends_list([*listed_days(), FUNERAL]))
        assert asked(sends({}, 500)) is None
        assert states() == ["proposed"]
        assert Refresh.objects.first().outcome == "failed"

    @pytest.mark.parametrize("there", [silent, nobody])
    def test_a_server_that_is_away_proposes_nothing(self, settings, monday, there):
        with there() as address:
            settings.BANK_HOLIDAYS_URL = address
            assert look(patience=SHORT) is None
        assert states() == []

    def test_what_the_calendar_has_taken_up_while_asking_is_not_proposed(
        self, asked, monkeypatch, caplog
    ):
        real = gov_uk.look_at_gov_uk

        def slow(**given):
            found = real(**given)
            add_bank_holiday(D(2026, 9, 21), "State Funeral", why="Proclaimed", by="x")
            return found

        monkeypatch.setattr(gov_uk, "look_at_gov_uk", slow)
        assert asked(sends_list([*listed_days(), FUNERAL])) is None
        assert states() == []
        assert "could not be proposed" in caplog.text


class TestTheDailyTask:
    def test_it_is_asked_every_morning(self):
        task = PeriodicTask.objects.get(task="casework.ask_gov_uk")
        assert (task.crontab.hour, task.crontab.minute) == ("5", "40")
        assert str(task.crontab.timezone) == "Europe/London"
        app.loader.import_default_modules()
        assert "casework.ask_gov_uk" in app.tasks

    def test_an_installation_that_asks_nobody_looks_at_nothing(self, settings, monday):
        settings.BANK_HOLIDAYS_URL = ""
        tasks.ask_gov_uk()
        assert not Refresh.objects.exists()

    def test_it_warns_in_the_log_when_the_calendar_ends_within_24_months(
        self, settings, monday, caplog
    ):
        settings.BANK_HOLIDAYS_URL = ""
        tasks.ask_gov_uk()
        assert caplog.text == "" or "24 months" not in caplog.text
        monday.move_to(datetime.datetime(2027, 1, 4, 9, tzinfo=datetime.UTC))
        with caplog.at_level(logging.WARNING):
            tasks.ask_gov_uk()
        assert "ends on 31 December 2028, less than 24 months from now" in caplog.text


class TestAskingNow:
    @pytest.fixture
    def signed_in(self, client, monday):
        client.force_login(make_administrator("Ada Admin"))
        return client

    def test_the_page_hands_it_to_a_worker_and_does_not_wait(
        self, signed_in, settings, monkeypatch
    ):
        settings.BANK_HOLIDAYS_URL = "http://192.0.2.1/never-answers.json"
        handed_on = []
        monkeypatch.setattr(
            "notices.broker.ask", lambda task, args: handed_on.append(task.name) or True
        )
        page = signed_in.post("/changes/ask-gov-uk/", follow=True)
        assert handed_on == ["casework.ask_gov_uk"]
        assert "GOV.UK is being asked" in page.content.decode()

    def test_without_a_queue_it_says_so(self, signed_in, settings):
        settings.BANK_HOLIDAYS_URL = "http://192.0.2.1/never-answers.json"
        app.conf.broker_url, before = "redis://127.0.0.1:1/0", app.conf.broker_url
        try:
            page = signed_in.post("/changes/ask-gov-uk/", follow=True)
        finally:
            app.conf.broker_url = before
        assert "could not be asked just now" in page.content.decode()

    def test_others_cannot(self, client, officer, settings, monday):
        settings.BANK_HOLIDAYS_URL = "http://192.0.2.1/never-answers.json"
        client.force_login(officer)
        assert client.post("/changes/ask-gov-uk/").status_code == 403

    def test_it_is_no_link(self, signed_in):
        assert signed_in.get("/changes/ask-gov-uk/").status_code == 405

    def test_while_it_is_asked_the_page_says_so(self, signed_in, settings):
        settings.BANK_HOLIDAYS_URL = "http://192.0.2.1/never-answers.json"
        Refresh.objects.create(started_at=clock.now())
        assert "Being asked, since 09:00" in signed_in.get("/changes/").content.decode()
