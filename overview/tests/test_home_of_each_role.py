"""The home page of each role in the demonstration: something to do or to follow, with one next step
as a link that answers, and a constant number of queries (screens.md, 'Everyone')."""

import datetime

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from accounts import roles
from accounts.demonstration import grouped, people
from accounts.models import Membership, User
from casework.models import Case, CaseRole, Event
from config import clock

pytestmark = pytest.mark.django_db

MONDAY = datetime.datetime(2026, 11, 23, 9, 30, tzinfo=clock.LONDON)
#: Nobody of the demonstration holds it as a standing role: cases name them.
ON_CASES = {roles.LEAD_HMI, roles.REPRESENTATIVE}


@pytest.fixture(scope="module")
def _begun(django_db_setup, django_db_blocker, tmp_path_factory):
    """One demonstration for all tests of this file: it takes a while to make."""
    shared = str(tmp_path_factory.mktemp("clock") / "clock")
    with django_db_blocker.unblock(), override_settings(CLOCK_FILE=shared), transaction.atomic():
        clock.move_to(MONDAY)
        call_command("demonstration")
        yield shared
        transaction.set_rollback(True)


@pytest.fixture
def begun(_begun, settings):
    """The demonstration that began on Monday 23 November 2026."""
    settings.CLOCK_FILE = _begun


def home(person):
    client = Client()
    client.force_login(person)
    response = client.get("/")
    assert response.status_code == 200
    return client, response


def holders(role):
    """Who holds a role in the demonstration, standing or on a case."""
    standing = Membership.objects.on(clock.today()).filter(role=role).values("person")
    named = CaseRole.objects.on(clock.today()).filter(role=role).values("person")
    found = User.objects.filter(pk__in=standing) | User.objects.filter(pk__in=named)
    return list(found.order_by("pk").distinct())


def has_something(response):
    return bool(response.context["due"] or response.context["waiting"])


@pytest.mark.parametrize("role", sorted(set(roles.LABELS) - {roles.ADMINISTRATOR, roles.HMI}))
def test_somebody_of_each_role_finds_something(begun, role):
    people = holders(role)
    assert people, role
    assert any(has_something(home(person)[1]) for person in people), role


def test_the_first_of_each_role_to_become_finds_something(begun):
    """The sign-in page lists them on top: nobody's first look is at an empty page."""
    for _, listed in grouped(people()):
        firsts = {one.first_role: one for one in reversed(listed)}
        for one in firsts.values():
            person = User.objects.get(public_id=one.public_id)
            assert has_something(home(person)[1]), (one.name, one.role)


def test_one_proposal_waits_for_the_administrator(begun):
    [administrator] = holders(roles.ADMINISTRATOR)
    [row] = dict(home(administrator)[1].context["waiting"])["Calendar and offsets"]
    assert "national day of thanksgiving" in row.text
    assert "0 deadlines" not in row.text


def test_what_is_said_where_nothing_is_due_is_true(begun):
    def said(email):
        return home(User.objects.get(email=f"{email}.example"))[1].context["nothing_due"]

    on_site = "Your team is on site in Derby: what is next there stands below."
    assert {said("lukasz.zolkiewski@ofsted"), said("aoife.brennan@cqc")} == {on_site}
    assert "stands below" in said("devon.marchetti@ofsted")  # on no site, with cases ahead
    assert said("imogen.hartwell@council").endswith("an inspection of your area is announced.")
    assert "your area’s cases" in said("rosalba.etherington@council")


def test_nothing_stands_twice_and_of_what_repeats_only_the_next(begun):
    for email in ("anselm.fairweather@dfe", "oliver.stanhope@dfe", "priscilla.ngata@dhsc"):
        context = home(User.objects.get(email=f"{email}.example"))[1].context
        coming = [one.text for one in dict(context["waiting"]).get("Coming up", [])]
        assert not [due.title for due in context["due"] for text in coming if due.title in text]
        visits = [
            due.reference
            for due in context["due"]
            if due.title.startswith("Support and challenge visit") and not due.overdue
        ]
        assert len(visits) == len(set(visits))


@pytest.mark.parametrize("role", sorted(roles.LABELS))
def test_every_link_of_the_first_of_each_role_answers(begun, role):
    for person in holders(role)[:2]:
        client, response = home(person)
        context = response.context
        links = {item.step.address for item in context["due"]}
        links |= {item.case_address for item in context["due"]}
        links |= {one.step.address for _, rows in context["waiting"] for one in rows}
        links |= {card.address for card in context["cards"]}
        assert links
        for address in sorted(links):
            assert client.get(address, follow=True).status_code == 200, (person.name, address)


def test_overdue_stands_on_top_and_the_rest_soonest_first(begun):
    for person in User.objects.filter(is_active=True):
        due = home(person)[1].context["due"]
        assert [one.overdue for one in due] == sorted((one.overdue for one in due), reverse=True)
        for overdue in (True, False):
            days = [one.due_on for one in due if one.overdue is overdue]
            assert days == sorted(days), person


@pytest.mark.parametrize(
    ("role", "heading"),
    [
        (roles.HMCI, "Outcomes to determine"),
        (roles.SENIOR_HMI, "Drafts to quality assure"),
        (roles.CQC_QUALITY_ASSURER, "Statements being judged"),
        (roles.REPRESENTATIVE, "Drafts to comment on"),
        (roles.PUBLICATIONS, "Reports to publish"),
        (roles.PARENT_CARER_FORUM, "Coming up"),
        (roles.CHIEF_EXECUTIVE, "Coming up"),
        (roles.CHAIR, "Coming up"),
    ],
)
def test_those_who_decide_or_follow_find_what_waits_for_them(begun, role, heading):
    found = [dict(home(person)[1].context["waiting"]) for person in holders(role)]
    assert any(heading in groups for groups in found)
    others = [dict(home(person)[1].context["waiting"]) for person in holders(roles.LANO)[:3]]
    if heading != "Coming up":
        assert not any(heading in groups for groups in others)


def test_an_outcome_waits_until_it_is_determined(begun):
    [hmci] = holders(roles.HMCI)
    rows = dict(home(hmci)[1].context["waiting"])["Outcomes to determine"]
    decided = Event.objects.filter(kind__in=["determined", "outcome_decided"]).values("case")
    waiting = Case.objects.filter(
        kind="inspection", stage__in=["draft_sent", "comments_answered"]
    ).exclude(pk__in=decided)
    assert {row.text.split(", ")[-1] for row in rows} == {case.reference for case in waiting}
    assert {row.step.label for row in rows} == {"Determine the outcome"}


def test_an_administrator_finds_the_ways_to_what_they_keep_and_no_case(begun):
    [administrator] = holders(roles.ADMINISTRATOR)
    context = home(administrator)[1].context
    titles = [card.title for card in context["cards"]]
    assert titles[:3] == ["Calendar and offsets", "Administration", "Recent administrative actions"]
    assert context["due"] == []
    page = str(context["cases"])
    assert "No case is open to you." in page


def test_nothing_of_what_is_confidential_comes_up(begun):
    """Scheduled inspections and planned re-visits have dates ahead; followers see none of them."""
    secret = Case.objects.filter(kind__in=["inspection", "revisit"]).exclude(
        moments__contains=["notified"]
    )
    assert secret.filter(first_day__gt=clock.today()).exists()
    for role in (roles.PARENT_CARER_FORUM, roles.CHIEF_EXECUTIVE, roles.DHSC, roles.CHAIR):
        for person in holders(role):
            page = home(person)[1].content.decode()
            for reference in secret.values_list("reference", flat=True):
                assert reference not in page, (person, reference)


def test_the_number_of_queries_stays_small_for_every_role(begun):
    for role in roles.LABELS:
        for person in holders(role)[:1]:
            client = Client()
            client.force_login(person)
            client.get("/")
            with CaptureQueriesContext(connection) as asked:
                client.get("/")
            assert len(asked) <= 18, (role, len(asked))
