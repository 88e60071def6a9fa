"""The demonstration: places, people and cases in every stage, around whatever day it is begun."""

import datetime
import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Membership, User
from areas.models import LocalArea, PostHolder
from areas.services import council, holder, in_term
from casework.deadlines import due_from
from casework.models import Case, Event
from config import clock
from letters.models import Letter
from notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def begin(settings, tmp_path, caplog):
    """Make the demonstration as if it began at a moment; gives what stood still."""
    settings.CLOCK_FILE = str(tmp_path / "clock")

    def make(moment: str) -> list[str]:
        clock.move_to(datetime.datetime.fromisoformat(moment).replace(tzinfo=clock.LONDON))
        call_command("demonstration")
        return [one.getMessage() for one in caplog.records if one.name.startswith("overview.")]

    return make


def _stages() -> dict[str, str]:
    return dict(Case.objects.values_list("local_area__name", "stage"))


STAGES = {
    "Calderdale": "notified",
    "Camden": "scheduled",
    "Derby": "on_site",
    "Halton": "cancelled",
    "Isle of Wight": "planned",
    "Kent": "planned",
    "Leeds": "final_sent",
    "Norfolk": "feedback_given",
    "Plymouth": "draft_sent",
    "Reading": "deferred",
    "Shropshire": "scheduled",
    "Wigan": "published",
}


def test_a_demonstration_has_a_case_in_every_stage(begin):
    assert begin("2026-11-23T09:30") == []
    assert _stages() == STAGES


@pytest.mark.parametrize(
    "moment",
    [
        "2026-01-12T09:00",
        "2026-08-14T12:00",  # school holidays
        "2026-11-22T06:00",  # a Sunday
        "2026-12-25T23:30",
        "2027-04-01T17:00",
        "2028-09-04T08:00",  # near the end of the calendar
    ],
)
def test_it_can_begin_on_any_day(begin, moment):
    stood_still = begin(moment)
    assert [text for text in stood_still if "stands still" in text] == []
    stages = _stages()
    assert {"planned", "scheduled", "published"} <= set(stages.values())
    assert len(stages) >= 11
    for case in Case.objects.exclude(first_day=None).select_related("local_area"):
        assert in_term(case.local_area, case.first_day)


def test_beginning_again_changes_nothing(begin):
    begin("2026-11-23T09:30")
    counts = [model.objects.count() for model in (User, Membership, PostHolder, Case, Event)]
    begin("2026-11-24T09:30")
    assert counts == [
        model.objects.count() for model in (User, Membership, PostHolder, Case, Event)
    ]


def test_the_shared_clock_is_left_where_it_is(begin, settings):
    before = settings.CLOCK_FILE
    begin("2026-11-23T09:30")
    assert before == settings.CLOCK_FILE
    assert clock.london(clock.now()).isoformat()[:16] == "2026-11-23T09:30"


def test_nothing_is_recorded_ahead_of_the_clock(begin):
    begin("2026-11-23T09:30")
    now = clock.now()
    assert not Event.objects.filter(recorded_at__gt=now).exists()
    assert not Event.objects.filter(happened_on__gt=clock.today()).exists()


def test_each_told_area_has_its_letter_printed(begin):
    begin("2026-11-23T09:30")
    letters = Letter.objects.select_related("case__local_area")
    assert {one.case.local_area.name for one in letters} == {
        "Calderdale",
        "Derby",
        "Leeds",
        "Norfolk",
        "Plymouth",
        "Reading",
        "Wigan",
    }
    assert all(one.is_issued and one.sha256 for one in letters)
    assert Case.objects.filter(events__kind="confirmation_sent").distinct().count() == 7


def test_no_message_of_the_past_is_still_to_go_out(begin):
    begin("2026-11-23T09:30")
    assert Notice.objects.exists()
    assert not Notice.objects.filter(state="waiting").exists()


def test_something_is_due_from_those_who_work_on_it(begin):
    begin("2026-11-23T09:30")
    officer = User.objects.get(email="priya.raman@ofsted.example")
    due = due_from(officer)
    assert any(one.rule == "IN-SURVEY" and one.due_on < clock.today() for one in due)
    lead = User.objects.get(email="kwabena.osei-tutu@ofsted.example")
    assert "IN-NOTIFY" in [one.rule for one in due_from(lead)]


def test_surrey_and_the_first_team_are_free_for_the_visitor(begin):
    begin("2026-11-23T09:30")
    assert not Case.objects.filter(local_area__name="Surrey").exists()
    lead = User.objects.get(email="margaret.ashdown@ofsted.example")
    week = clock.today() + datetime.timedelta(days=7)
    from inspections.models import Booking

    assert not Booking.objects.filter(person=lead, days__endswith__gt=week).exists()


def test_people_of_a_told_area_see_their_case_and_no_other(begin):
    begin("2026-11-23T09:30")
    calderdale = LocalArea.objects.get(name="Calderdale")
    director = holder(council(calderdale, clock.today()), "dcs", clock.today())
    person = User.objects.get(email=director.email)
    assert [case.local_area for case in Case.objects.visible_to(person)] == [calderdale]


def test_every_address_is_nobodys(begin):
    begin("2026-11-23T09:30")
    for email in [*User.objects.values_list("email", flat=True)] + [
        one for one in PostHolder.objects.values_list("email", flat=True) if one
    ]:
        assert email.endswith(".example"), email


def test_names_in_other_scripts_are_there(begin):
    begin("2026-11-23T09:30")
    names = set(PostHolder.objects.values_list("name", flat=True))
    assert {"陳美玲 (Chen Meiling)", "ليلى حداد"} <= names


def test_who_lists_everybody_who_can_be_become(begin):
    begin("2026-11-23T09:30")
    out = io.StringIO()
    call_command("demonstration", "--who", stdout=out)
    listed = out.getvalue()
    assert "Priya Raman" in listed
    assert "Support officer" in listed
    assert len(listed.splitlines()) == User.objects.count()


def test_a_real_installation_refuses(settings):
    settings.DEMONSTRATION = False
    for options in ([], ["--who"]):
        with pytest.raises(CommandError, match="bin/up"):
            call_command("demonstration", *options)
    assert not User.objects.exists()
