"""The year calendar: who is where, as far as the reader may know (roles.md, screens.md)."""

import datetime

import pytest
import time_machine

from accounts import roles
from areas.models import LocalArea, Term
from config import clock
from inspections.models import Booking, DeclaredInterest
from inspections.tests.conftest import make_person
from overview.tests.programme_cases import area, case, day

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 6, 1, 9, 0, tzinfo=clock.LONDON)


@pytest.fixture(autouse=True)
def _on_the_first_of_june():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def inspector(db):
    return make_person("Ada Osei", roles.HMI)


@pytest.fixture
def other(db):
    return make_person("Bilal Khan", roles.OFSTED_INSPECTOR)


def book(person, first, last, of_case=None, purpose="on_site", note=""):
    days = (day(first), day(last) + datetime.timedelta(days=1))
    return Booking.objects.create(
        person=person, purpose=purpose, days=days, case=of_case, note=note, entered_at=NOW
    )


def leave(person, first, last):
    return book(person, first, last, purpose="leave", note="An operation")


def secret_case(local_area):
    """Scheduled, and not yet notified."""
    return case(local_area, on="2026-09-28", stage="scheduled", moments=[])


def sign_in(client, *held, name="Ria Reader", **more):
    person = make_person(name, *held, **more)
    client.force_login(person)
    return person


def shown(client, year=2026):
    """Per person, per month with entries, the texts of the table's cells."""
    found = client.get(f"/programme/year/?year={year}").context["found"]
    return {
        person.name: {
            number: [f"{stay.days} {stay.purpose}: {stay.what}" for stay in stays]
            for number, stays in enumerate(found.by_person[person.pk], 1)
            if stays
        }
        for person in found.people.rows
    }


def test_schedulers_see_everybody_and_who_is_free(client, inspector, other):
    sign_in(client, roles.SUPPORT_OFFICER)
    book(inspector, "2026-09-28", "2026-10-02", secret_case(area("Westmarsh")))
    leave(other, "2026-12-24", "2027-01-05")
    make_person("Cerys Hughes", roles.CQC_INSPECTOR)
    assert shown(client) == {
        "Ada Osei": {9: ["28 to 30 on_site: Westmarsh"], 10: ["1 to 2 on_site: Westmarsh"]},
        "Bilal Khan": {12: ["24 to 31 leave: away"]},
        "Cerys Hughes": {},
    }
    assert shown(client, 2027)["Bilal Khan"] == {1: ["1 to 5 leave: away"]}
    assert "operation" not in client.get("/programme/year/").content.decode()


def test_what_is_withdrawn_does_not_show(client, inspector):
    sign_in(client, roles.SUPPORT_OFFICER)
    gone = leave(inspector, "2026-12-24", "2026-12-31")
    gone.confirmed = False
    gone.save()
    assert shown(client) == {"Ada Osei": {}}


@pytest.mark.parametrize("role", [roles.SENIOR_HMI, roles.CQC_QUALITY_ASSURER])
def test_those_who_read_workload_see_leave_as_away(client, inspector, role):
    sign_in(client, role)
    leave(inspector, "2026-12-24", "2026-12-24")
    assert shown(client) == {"Ada Osei": {12: ["24 leave: away"]}}


def test_hmci_sees_cases_and_nobody_s_leave(client, inspector, other):
    """roles.md: leave and workload are not for HMCI."""
    sign_in(client, roles.HMCI)
    book(inspector, "2026-09-28", "2026-09-30", secret_case(area("Westmarsh")))
    leave(inspector, "2026-12-24", "2026-12-31")
    leave(other, "2026-12-24", "2026-12-31")
    found = shown(client)
    assert found.pop("Ria Reader") == {}
    assert found == {"Ada Osei": {9: ["28 to 30 on_site: Westmarsh"]}}


def test_inspectors_see_their_own_days_alone(client, inspector, other):
    client.force_login(inspector)
    secret = secret_case(area("Westmarsh"))
    leave(inspector, "2026-12-24", "2026-12-31")
    book(other, "2026-09-28", "2026-09-30", secret)
    leave(other, "2026-07-01", "2026-07-02")
    answer = client.get("/programme/year/")
    assert shown(client) == {"Ada Osei": {12: ["24 to 31 leave: leave"]}}
    for hidden in ("Westmarsh", "Bilal", "away", secret.reference):
        assert hidden not in answer.content.decode()


def test_a_lead_sees_the_team_of_their_case_there_and_nowhere_else(client, inspector, other):
    west, east = area("Westmarsh"), area("Eastmarsh")
    own, hidden = secret_case(west), secret_case(east)
    own.roles.create(person=inspector, role="lead_hmi", starts_on=day("2026-01-01"))
    for person in (inspector, other):
        book(person, "2026-09-28", "2026-09-30", own)
    book(other, "2026-11-02", "2026-11-06", hidden)
    leave(other, "2026-07-01", "2026-07-02")
    client.force_login(inspector)
    assert shown(client) == {
        "Ada Osei": {9: ["28 to 30 on_site: Westmarsh"]},
        "Bilal Khan": {9: ["28 to 30 on_site: Westmarsh"]},
    }
    assert "Eastmarsh" not in client.get("/programme/year/").content.decode()


def test_a_case_that_is_not_open_to_the_reader_is_other_work(client, inspector):
    """A regional director of another region; a scheduler with an interest."""
    west, east = area("Westmarsh", "London"), area("Eastmarsh", "South West")
    book(inspector, "2026-09-28", "2026-09-30", secret_case(west))
    book(inspector, "2026-11-02", "2026-11-06", secret_case(east))
    director = sign_in(client, name="Gwen Director")
    director.memberships.create(
        role=roles.REGIONAL_DIRECTOR,
        scope="region",
        region=west.region,
        starts_on=day("2020-01-01"),
    )
    expected = {9: ["28 to 30 on_site: Westmarsh"], 11: ["2 to 6 on_site: other work"]}
    assert shown(client)["Ada Osei"] == expected
    officer = sign_in(client, roles.SUPPORT_OFFICER, name="Sam Officer")
    DeclaredInterest.objects.create(
        person=officer, local_area=east, since=day("2020-01-01"), reason="x", entered_at=NOW
    )
    assert shown(client)["Ada Osei"] == expected
    assert "Eastmarsh" not in client.get("/programme/year/").content.decode()


def test_the_list_of_months_has_teams_together(client, inspector, other):
    sign_in(client, roles.SUPPORT_OFFICER)
    secret = secret_case(area("Westmarsh"))
    for person in (inspector, other):
        book(person, "2026-09-28", "2026-09-30", secret)
    months = client.get("/programme/year/").context["months"]
    [entry] = months[8]["entries"]
    assert (entry["days"], entry["people"]) == ("28 to 30", "Ada Osei and Bilal Khan")
    assert sum(len(month["entries"]) for month in months) == 1


def test_months_name_bank_holidays_and_when_schools_are_closed(client):
    sign_in(client, roles.SUPPORT_OFFICER)
    Term.objects.all().delete()
    for number, one in enumerate(LocalArea.objects.on(clock.today())[:3]):
        for first, last in (("2026-01-05", "2026-03-27"), ("2026-04-13", "2026-05-22")):
            # One of three is at school in the week in which the others are not.
            end = "2026-04-02" if number == 0 and last == "2026-03-27" else last
            Term.objects.create(local_area=one, name="Term", starts_on=first, ends_on=end)
    found = client.get("/programme/year/?year=2026").context["found"].months
    assert [holiday.isoformat() for holiday, _ in found[3].bank_holidays] == [
        "2026-04-03",
        "2026-04-06",
    ]
    closed = {number: list(month.schools_closed) for number, month in enumerate(found, 1)}
    assert {number: stretches for number, stretches in closed.items() if stretches} == {
        3: [(day("2026-03-30"), day("2026-03-31"))],
        4: [(day("2026-04-01"), day("2026-04-10"))],
    }


def test_a_year_beyond_the_calendar_says_so(client):
    sign_in(client, roles.SUPPORT_OFFICER)
    text = client.get("/programme/year/?year=2040").content.decode()
    assert "Bank holidays are not yet known to the end of 2040" in text


@pytest.mark.parametrize(
    "year", ["0", "1066", "2100", "x", "20a6", "٢٠٢٦", "-2026", "2026.5", "9" * 50]
)
def test_what_is_no_year_is_not_found(client, year):
    sign_in(client, roles.SUPPORT_OFFICER)
    assert client.get("/programme/year/", {"year": year}).status_code == 404


def test_many_people_are_paged_and_asked_for_at_once(client, inspector, django_assert_num_queries):
    sign_in(client, roles.SUPPORT_OFFICER)
    book(inspector, "2026-09-28", "2026-09-30", secret_case(area("Westmarsh")))
    client.get("/programme/year/")
    with django_assert_num_queries(9):
        client.get("/programme/year/")
    for number in range(50):
        person = make_person(f"P{number:02d} Inspector", roles.HMI)
        leave(person, "2026-12-24", "2026-12-31")
    with django_assert_num_queries(9):
        answer = client.get("/programme/year/")
    first = [person.name for person in answer.context["found"].people.rows]
    second = client.get("/programme/year/" + answer.context["older"]).context["found"].people.rows
    assert len(first) == 40
    assert len({*first, *(person.name for person in second)}) == 51


def test_names_stand_where_their_plain_letters_do(client):
    for name in ("Zoe Zimmer", "Łukasz Nowak", "Mia Moss", "Émile Aubry", "Liam Long", "Øyvind By"):
        make_person(name, roles.HMI)
    sign_in(client, roles.SUPPORT_OFFICER, name="Sam Officer")
    found = [one.name for one in client.get("/programme/year/").context["found"].people.rows]
    order = ["Émile Aubry", "Liam Long", "Łukasz Nowak", "Mia Moss", "Øyvind By", "Zoe Zimmer"]
    assert [name for name in found if name in order] == order
