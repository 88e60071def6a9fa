"""The pages of people's days, leave and declared interests."""

import pytest
from django.urls import reverse

from inspections import bookings
from inspections.models import Booking, DeclaredInterest
from inspections.tests.conftest import day, make_person


def days_of(person):
    return reverse("bookings_person", args=[person.public_id])


def leave_payload(**given):
    return {"first": "2026-06-08", "last": "2026-06-09", "note": "", **given}


def test_own_days_with_leave_added_and_withdrawn(client, world):
    client.force_login(world.lead)
    assert client.get("/bookings/")["Location"] == days_of(world.lead)
    response = client.post(days_of(world.lead) + "leave/", leave_payload(note="Half term"))
    assert response["Location"] == days_of(world.lead)
    text = client.get(days_of(world.lead)).content.decode()
    assert "8 to 9 June 2026" in text
    assert "leave: Half term" in text
    booking = Booking.objects.get()
    client.post(days_of(world.lead) + f"leave/{booking.pk}/withdraw/")
    assert "Nothing is booked." in client.get(days_of(world.lead)).content.decode()


def test_leave_over_an_inspection_is_refused_beside_the_field(client, world):
    case = world.scheduled()
    client.force_login(world.lead)
    response = client.post(days_of(world.lead) + "leave/", leave_payload())
    assert response.status_code == 422
    assert response.context["leave"].errors == {
        "first": [f"Ada Osei: on site, Westmarch ({case.reference}), 8 to 12 June 2026."]
    }


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"first": "31/02/2026"}, "first"),
        ({"last": "2026-06-07"}, "last"),
        ({"first": "0001-01-01"}, "first"),
        ({"last": ""}, "last"),
        ({"note": "x" * 201}, "note"),
        ({"note": "a\x1bb"}, "note"),
    ],
)
def test_odd_leave_is_answered_beside_the_field(client, world, given, field):
    client.force_login(world.lead)
    response = client.post(days_of(world.lead) + "leave/", leave_payload(**given))
    assert list(response.context["leave"].errors) == [field]
    assert not Booking.objects.exists()


def test_what_a_person_may_not_know_of_their_colleague_is_not_shown(client, world):
    case = world.scheduled()
    client.force_login(world.cqc)
    assert client.get(days_of(world.lead)).status_code == 403
    assert client.post(days_of(world.lead) + "leave/", leave_payload()).status_code == 403
    assert client.get("/bookings/people/").status_code == 403
    client.force_login(world.dcs)
    for response in (client.get(days_of(world.lead)), client.get("/bookings/people/")):
        assert response.status_code == 403
        assert case.reference not in response.content.decode()


def test_days_are_for_the_inspectorates(client, world):
    for someone in (world.dcs, world.stranger):
        client.force_login(someone)
        for response in (
            client.get("/bookings/"),
            client.get(days_of(someone)),
            client.post(days_of(someone) + "leave/", leave_payload()),
        ):
            assert response.status_code == 403
            assert "people of the inspectorates" in response.content.decode()
    assert not Booking.objects.exists()


def test_an_interest_of_somebody_on_the_team_is_said_before_and_on_the_case(client, world):
    case = world.scheduled()
    client.force_login(world.lead)
    text = client.get(days_of(world.lead)).content.decode()
    assert f"You are on {case.reference} (Westmarch)." in text
    client.post(
        days_of(world.lead) + "interest/",
        {"local_area": str(world.area.pk), "since": "2026-03-01", "reason": "Moved there"},
    )
    client.force_login(world.officer)
    warning = "has declared an interest in Westmarch."
    text = client.get(f"/cases/{case.pk}/").content.decode()
    assert "Ada Osei (" in text
    assert warning in text
    assert "The team must change." in text
    client.force_login(world.cqc)
    assert warning not in client.get(f"/cases/{case.pk}/").content.decode()


def test_those_who_schedule_see_everybody_and_enter_leave(client, world):
    case = world.scheduled()
    client.force_login(world.officer)
    assert client.get("/bookings/")["Location"] == "/bookings/people/"
    text = client.get("/bookings/people/").content.decode()
    assert f"8 to 12 June 2026: on site, Westmarch ({case.reference})" in text
    assert "Dewi Rees" in text
    response = client.post(days_of(world.second_lead) + "leave/", leave_payload(), follow=True)
    assert "Leave booked: 8 to 9 June 2026." in response.content.decode()


def test_an_interest_is_declared_by_the_person_alone(client, world):
    payload = {
        "local_area": str(world.area.pk),
        "since": "2019-09-01",
        "until": "",
        "reason": "My children go to school there",
    }
    client.force_login(world.officer)
    assert client.post(days_of(world.lead) + "interest/", payload).status_code == 403
    assert "Declare an interest" not in client.get(days_of(world.lead)).content.decode()
    client.force_login(world.lead)
    client.post(days_of(world.lead) + "interest/", payload)
    declared = DeclaredInterest.objects.get()
    assert (declared.person, declared.local_area, declared.since, declared.until) == (
        world.lead,
        world.area,
        day("2019-09-01"),
        None,
    )
    assert (
        "Westmarch, since 1 September 2019: My children"
        in client.get(days_of(world.lead)).content.decode()
    )
    response = client.post(days_of(world.lead) + "interest/", {**payload, "until": "2019-08-01"})
    assert response.context["interest"].errors == {"until": ["The interest ends before it begins."]}
    client.post(days_of(world.lead) + f"interest/{declared.pk}/withdraw/")
    declared.refresh_from_db()
    assert declared.withdrawn


def test_the_pages_ask_the_same_number_of_questions_however_many_people(
    client, world, django_assert_max_num_queries
):
    client.force_login(world.officer)
    world.scheduled()
    with django_assert_max_num_queries(12):
        client.get("/bookings/people/")
    for number in range(30):
        person = make_person(f"P{number} Inspector", "hmi")
        bookings.add_leave(person, day("2026-06-08"), day("2026-06-09"), by=world.officer)
    with django_assert_max_num_queries(12):
        client.get("/bookings/people/")
    with django_assert_max_num_queries(12):
        client.get(days_of(world.lead))
