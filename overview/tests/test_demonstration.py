"""The demonstration: places, people and cases in every stage, around whatever day it is begun."""

import datetime
import io

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count
from django.test import override_settings

from accounts.models import Membership, User
from areas.models import LocalArea, PostHolder
from areas.services import council, holder
from casework.deadlines import due_from
from casework.models import Case, Deadline, Event
from config import clock
from letters.models import Letter
from notices.models import Notice

pytestmark = pytest.mark.django_db


MONDAY = "2026-11-23T09:30"


def _begin(moment: str) -> None:
    clock.move_to(datetime.datetime.fromisoformat(moment).replace(tzinfo=clock.LONDON))
    call_command("demonstration")


@pytest.fixture(scope="module")
def _begun(django_db_setup, django_db_blocker, tmp_path_factory):
    """One demonstration for all tests of this file: it takes some seconds to make."""
    shared = str(tmp_path_factory.mktemp("clock") / "clock")
    with django_db_blocker.unblock(), override_settings(CLOCK_FILE=shared), transaction.atomic():
        _begin(MONDAY)
        yield shared
        transaction.set_rollback(True)


@pytest.fixture
def begun(_begun, settings):
    """The demonstration that began on Monday 23 November 2026; gives the file of its clock."""
    settings.CLOCK_FILE = _begun
    return _begun


def _stages(kind: str, framework: str = "local-area-send-2016") -> dict[str, str]:
    found = Case.objects.filter(kind=kind, framework=framework).exclude(events__origin="imported")
    return dict(found.values_list("local_area__name", "stage"))


INSPECTIONS = {
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
INSPECTIONS_2023 = {
    "Bracknell Forest": "draft_sent",
    "Milton Keynes": "published",
    "West Berkshire": "published",
    "Windsor and Maidenhead": "notified",
    "Wokingham": "published",
}
STATEMENTS = {
    "Brighton and Hove": "in_further_support",
    "Buckinghamshire": "under_review",
    "East Sussex": "fit",
    "Hampshire": "fit",
    "Kent": "second_not_fit",
    "Leeds": "required",
    "Medway": "under_review",
    "Oxfordshire": "being_written",
    "Portsmouth": "not_fit",
    "Slough": "fit",
    "Southampton": "closed",
    "West Sussex": "fit",
    "Wokingham": "superseded",
}
REVISITS = {
    "Brighton and Hove": "published",
    "East Sussex": "feedback_given",
    "Hampshire": "notified",
    "Southampton": "published",
    "West Sussex": "scheduled",
}
SUPPORT = {"Milton Keynes": "failings", "West Berkshire": "inconsistent", "Wokingham": "positive"}


def test_a_demonstration_has_a_case_in_every_stage(begun):
    assert _stages("inspection") == INSPECTIONS
    assert _stages("inspection", "area-send-2023") == INSPECTIONS_2023
    assert _stages("wsoa") == STATEMENTS
    assert _stages("revisit") == REVISITS
    assert _stages("support", "area-send-2023") == SUPPORT
    monitored = _stages("monitoring")
    assert set(monitored) == set(STATEMENTS)
    assert set(monitored.values()) == {"developing", "monitored", "next_steps", "closed"}


def test_beginning_again_changes_nothing(begun):
    models = (User, Membership, PostHolder, Case, Event)
    counts = [model.objects.count() for model in models]
    call_command("demonstration")
    assert counts == [model.objects.count() for model in models]


def test_the_shared_clock_is_left_where_it_is(begun):
    began = datetime.datetime.fromisoformat(MONDAY).replace(tzinfo=clock.LONDON)
    assert datetime.timedelta() <= clock.now() - began < datetime.timedelta(minutes=30)


def test_nothing_is_recorded_ahead_of_the_clock(begun):
    now = clock.now()
    assert not Event.objects.filter(recorded_at__gt=now).exists()
    assert not Event.objects.filter(happened_on__gt=clock.today()).exists()


def test_each_told_area_has_its_letter_printed(begun):
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


def test_no_message_of_the_past_is_still_to_go_out(begun):
    assert Notice.objects.exists()
    assert not Notice.objects.filter(state="waiting").exists()


def test_something_is_due_from_those_who_work_on_it(begun):
    officer = User.objects.get(email="priya.raman@ofsted.example")
    due = due_from(officer)
    assert any(one.rule == "IN-SURVEY" and one.due_on < clock.today() for one in due)
    lead = User.objects.get(email="kwabena.osei-tutu@ofsted.example")
    assert "IN-NOTIFY" in [one.rule for one in due_from(lead)]


def test_only_what_was_forgotten_on_purpose_is_late(begun):
    late = Deadline.objects.filter(state="open", due_on__lt=clock.today(), lapses=False)
    late = late.exclude(case__suspended_on__isnull=False)
    found = list(late.values_list("case__local_area__name", "rule"))
    assert found == [("Norfolk", "IN-SURVEY")]
    today = Deadline.objects.filter(state="open", due_on=clock.today(), rule="IN-TELL")
    assert today.get().case.local_area.name == "Calderdale"


#: Who can be become, and what is due from them on the day on which the demonstration begins.
DUE = {
    "priya.raman@ofsted": "IN-SURVEY",
    "kwabena.osei-tutu@ofsted": "IN-NOTIFY",
    "edith.falconbridge@ofsted": "WS-REVIEW",
    "nikhil.deshmukh@cqc": "WS-REVIEW",
    "helena.fairbrother@ofsted": "WS-LETTER",
    "oliver.stanhope@dfe": "MO-VISIT-3",
    "grace.okonjo@nhs": "MO-VISIT-3",
    "clementine.garside@dfe": "SC-MINISTER",
    "jerome.bassett@nhs": "SC-SENIOR",
    "anselm.fairweather@dfe": "SC-MINISTER",
    "tamsin.orchard@council": "RE-EVIDENCE",
    "vikram.sethi@icb": "RE-EVIDENCE",
}


@pytest.mark.parametrize(("person", "rule"), DUE.items())
def test_something_is_due_from_each_role_that_owes(begun, person, rule):
    due = due_from(User.objects.get(email=f"{person}.example"))
    assert rule in [one.rule for one in due]


@pytest.mark.parametrize(
    ("person", "kinds"),
    [
        ("ruth.calloway@ofsted", {"inspection", "wsoa", "monitoring", "revisit"}),
        ("benedict.achterberg@cqc", {"inspection", "wsoa", "monitoring", "revisit"}),
        ("edmund.thackeray@ofsted", {"inspection", "wsoa", "revisit"}),
        ("leonora.whitcombe@council", {"inspection", "wsoa", "monitoring", "revisit"}),
        ("marguerite.ellery@forum", {"inspection", "wsoa", "monitoring", "revisit"}),
        ("priscilla.ngata@dhsc", {"inspection", "wsoa", "monitoring", "revisit", "support"}),
        ("rosamund.keeling@board", {"inspection", "support"}),
        ("gideon.thorne@council", {"inspection"}),
    ],
)
def test_those_who_only_read_have_something_to_read(begun, person, kinds):
    reader = User.objects.get(email=f"{person}.example")
    assert set(Case.objects.visible_to(reader).values_list("kind", flat=True)) == kinds


def test_all_of_it_can_be_had_again_from_its_events(begun):
    call_command("rebuild", "--check")


def test_nobody_has_the_address_of_another(begun):
    shared = PostHolder.objects.values("email").annotate(many=Count("name", distinct=True))
    assert not shared.filter(many__gt=1).exists()
    assert PostHolder.objects.values("email").distinct().count() == PostHolder.objects.count()


def test_surrey_and_the_first_team_are_free_for_the_visitor(begun):
    assert not Case.objects.filter(local_area__name="Surrey").exists()
    lead = User.objects.get(email="margaret.ashdown@ofsted.example")
    week = clock.today() + datetime.timedelta(days=7)
    from inspections.models import Booking

    assert not Booking.objects.filter(person=lead, days__endswith__gt=week).exists()


def test_people_of_a_told_area_see_their_case_and_no_other(begun):
    calderdale = LocalArea.objects.get(name="Calderdale")
    director = holder(council(calderdale, clock.today()), "dcs", clock.today())
    person = User.objects.get(email=director.email)
    assert [case.local_area for case in Case.objects.visible_to(person)] == [calderdale]


def test_every_address_is_nobodys(begun):
    for email in [*User.objects.values_list("email", flat=True)] + [
        one for one in PostHolder.objects.values_list("email", flat=True) if one
    ]:
        assert email.endswith(".example"), email


def test_names_in_other_scripts_are_there(begun):
    names = set(PostHolder.objects.values_list("name", flat=True))
    assert {"陳美玲 (Chen Meiling)", "ليلى حداد"} <= names


def test_who_lists_everybody_who_can_be_become(begun):
    out = io.StringIO()
    call_command("demonstration", "--who", stdout=out)
    listed = out.getvalue()
    assert "Priya Raman" in listed
    assert "Support officer" in listed
    assert len(listed.splitlines()) == User.objects.count()
