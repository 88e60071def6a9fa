"""Notification morning as one screen: each call its own form, for three people at once."""

import pytest
from django.urls import reverse

from casework.models import Case, CaseRole, Deadline, Event
from casework.recording import record
from inspections import events, services
from inspections.requests import HEALTH_REQUESTS, LANO_REQUESTS
from inspections.tests.conftest import add_health, london

ITEMS = [item.code for item in LANO_REQUESTS]


def page(case):
    return reverse("inspection_notification", args=[case.pk])


def call(case, what, body=None):
    if body is not None:
        return reverse("inspection_call_to", args=[case.pk, what, body.pk])
    return reverse("inspection_call", args=[case.pk, what])


def dcs_payload(**given):
    values = {
        "taken_by": "named",
        "name": "Dana Carter",
        "post": "",
        "at": "9:10am",
        "day-day": "1",
        "day-month": "6",
        "day-year": "2026",
        "note": "",
        "key": "phone-1",
        **given,
    }
    return {name: value for name, value in values.items() if value is not None}


def states(response):
    return {one["call"].code: one["call"].state for one in response.context["calls"]}


@pytest.fixture
def morning(world, at):
    """A scheduled inspection on the day of notice, 09:20."""
    case = world.scheduled()
    at.move_to(london("2026-06-01T09:20"))
    return case


@pytest.fixture
def lead(client, world, morning):
    client.force_login(world.lead)
    return client


def test_before_the_call_everything_else_waits(lead, world, morning):
    response = lead.get(page(morning))
    north, south = str(world.north.pk), str(world.south.pk)
    assert states(response) == {
        "dcs": "ready",
        f"health-{north}": "waiting",
        f"health-{south}": "waiting",
        "go-ahead": "waiting",
        "letter": "waiting",
        "lano": "waiting",
        f"health-call-{north}": "waiting",
        f"health-call-{south}": "waiting",
        "forum": "waiting",
    }
    text = response.content.decode()
    assert "Today, between 09:00 and 10:00" in text
    assert "Dana of Westmarch" in text
    # On the day nobody is asked why it is another day.
    assert "Why not on that day" not in text


def test_the_whole_morning_by_three_people(client, world, morning):
    client.force_login(world.lead)
    response = client.post(call(morning, "dcs"), dcs_payload(note="Glad of the notice"))
    assert (response.status_code, response["Location"]) == (302, f"{page(morning)}#dcs")
    client.force_login(world.cqc)
    for number, body in enumerate((world.north, world.south)):
        response = client.post(
            call(morning, "health", body), dcs_payload(name=f"Chief {number}", at="9:15am")
        )
        assert response.status_code == 302
    client.force_login(world.lead)
    client.post(call(morning, "go-ahead"), {"cqc": "on", "support_officer": "on", "key": "go"})
    client.post(
        call(morning, "lano"),
        dcs_payload(
            name="Lana Petrova", email="lana@westmarch.example", items=ITEMS, at="9:18", key="l"
        ),
    )
    client.force_login(world.cqc)
    for body in (world.north, world.south):
        client.post(
            call(morning, "health-call", body),
            dcs_payload(
                name="Nurse Lead",
                items=[item.code for item in HEALTH_REQUESTS],
                at="9:19",
                key=f"h-{body.pk}",
            ),
        )
    client.post(
        call(morning, "forum"),
        dcs_payload(forum="on", advice_service="on", open_meeting="on", at="9:20", key="f"),
    )
    client.force_login(world.officer)
    response = client.get(page(morning))
    assert {code for code, state in states(response).items() if state != "done"} == {"letter"}
    text = response.content.decode()
    assert "8 of 9 done" in text
    assert "09:10, Mon 1 Jun: Dana Carter took the call. Recorded by Ada Osei." in text
    assert "Lana Petrova is the nominated officer" in text
    assert f'href="/cases/{morning.pk}/letters/L-IN-CONFIRM/"' in text
    met = Deadline.objects.filter(case=morning, state="met").values_list("rule", flat=True)
    assert set(met) == {"IN-NOTIFY", "IN-HEALTH", "IN-LANO", "IN-HEALTH-CALL", "IN-PCF"}
    assert CaseRole.objects.get(case=morning, role="lano").person.email == "lana@westmarch.example"


def test_sent_twice_it_is_recorded_once(lead, world, morning):
    for _ in range(2):
        response = lead.post(call(morning, "dcs"), dcs_payload())
        assert response.status_code == 302
    assert Event.objects.filter(case=morning, kind="notified").count() == 1


def test_one_key_on_two_calls_is_two_requests(client, world, morning):
    client.force_login(world.lead)
    client.post(call(morning, "dcs"), dcs_payload())
    client.force_login(world.cqc)
    for body in (world.north, world.south, world.south):
        client.post(call(morning, "health", body), dcs_payload(at="9:15"))
    assert Event.objects.filter(case=morning, kind="health_told").count() == 2


def test_somebody_else_was_quicker(lead, world, morning):
    services.notify(
        morning.pk,
        taken_by=services.TakenBy.NAMED,
        name="Dana Carter",
        at=london("2026-06-01T09:05"),
        by=world.officer,
    )
    response = lead.post(call(morning, "dcs"), dcs_payload(name="What I typed"))
    assert response.status_code == 422
    text = response.content.decode()
    assert "already on record for Monday 1 June 2026" in text
    assert "What I typed" in text
    assert Event.objects.filter(case=morning, kind="notified").count() == 1


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"taken_by": ""}, {"taken_by": ["Select an answer to “Who took the call?”"]}),
        ({"taken_by": "cat"}, {"taken_by"}),
        ({"taken_by": "most_senior"}, {"post": ["Enter the post of that person"]}),
        ({"name": " "}, {"name": ["Enter the name of the person who took it"]}),
        ({"name": "Da\x00na"}, {"name"}),
        ({"name": "x" * 301}, {"name"}),
        ({"at": ""}, {"at": ["Enter the time of the call"]}),
        ({"at": "25:00"}, {"at": ["Time of the call must be a time, like 9:30am or 14:30"]}),
        ({"at": "nine"}, {"at"}),
        ({"at": "9:30am"}, {"at": ["The time it happened must be in the past."]}),
        ({"day-day": "31"}, {"day": ["Day of the call must be a real date"]}),
        ({"day-day": "2"}, {"day": ["The date it happened must be today or in the past."]}),
        ({"day-day": "29", "day-month": "2"}, {"day"}),
        ({"day-year": "0001"}, {"day"}),
    ],
)
def test_odd_input_is_answered_beside_the_field(lead, world, morning, given, errors):
    response = lead.post(call(morning, "dcs"), dcs_payload(**given))
    assert response.status_code == 422
    found = dict(response.context["refused"].errors)
    assert found == errors if isinstance(errors, dict) else set(found) == errors
    assert Event.objects.filter(case=morning, kind="notified").count() == 0


def test_names_with_markup_are_shown_as_text(lead, world, morning):
    name = "<img src=x onerror=alert(1)> O’Neill-Ó Briain =1+1"
    lead.post(call(morning, "dcs"), dcs_payload(name=name))
    text = lead.get(page(morning)).content.decode()
    assert "<img src=x" not in text
    assert "&lt;img src=x onerror=alert(1)&gt; O’Neill-Ó Briain =1+1 took the call" in text


def test_hb_7_on_another_day_the_page_asks_why(lead, world, morning, at):
    at.move_to(london("2026-06-02T09:30"))
    text = lead.get(page(morning)).content.decode()
    assert "Notice falls on <strong>Monday 1 June 2026</strong>" in text
    assert "Why not on that day, from 9am to 10am" in text
    payload = dcs_payload(**{"day-day": "2"})
    response = lead.post(call(morning, "dcs"), payload)
    assert list(response.context["refused"].errors) == ["reason"]
    response = lead.post(call(morning, "dcs"), {**payload, "reason": "Nobody answered"})
    assert response.status_code == 302


@pytest.mark.parametrize("what", ["health", "go-ahead", "lano", "forum"])
def test_nothing_is_recorded_before_the_director_was_called(lead, world, morning, what):
    body = world.north if what == "health" else None
    payload = dcs_payload(
        email="a@b.example",
        items=ITEMS,
        cqc="on",
        support_officer="on",
        forum="on",
        advice_service="on",
        open_meeting="on",
    )
    response = lead.post(call(morning, what, body), payload)
    assert response.status_code == 422
    assert "cannot be recorded at the stage “Scheduled”" in response.content.decode()
    morning.refresh_from_db()
    assert morning.stage == "scheduled"


def test_a_call_that_does_not_exist(lead, world, morning):
    assert lead.post(call(morning, "moon"), dcs_payload()).status_code == 404
    assert lead.post(call(morning, "health", world.area), dcs_payload()).status_code == 404
    assert lead.post(call(morning, "dcs", world.north), dcs_payload()).status_code == 404
    assert lead.get(call(morning, "dcs"))["Location"] == page(morning)


def test_planned_without_dates_there_is_nobody_to_call(client, world):
    case = world.planned()
    client.force_login(world.officer)
    response = client.get(page(case))
    assert "No dates are fixed yet" in response.content.decode()
    assert states(response)["dcs"] == "waiting"


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("director", 200),
        ("officer", 200),
        ("ofsted", 200),
        ("dcs", 404),
        ("stranger", 404),
        ("second_lead", 404),
    ],
)
def test_before_the_call_who_may_look(client, world, morning, who, status):
    client.force_login(getattr(world, who))
    response = client.get(page(morning))
    assert response.status_code == status
    if status == 404:
        for secret in ("Westmarch", morning.reference, "8 June 2026", "Ada Osei"):
            assert secret not in response.content.decode()


def test_after_the_call_the_area_sees_the_case_but_not_who_said_what(client, world, morning):
    client.force_login(world.lead)
    client.post(call(morning, "dcs"), dcs_payload(note="Sounded worried", name="Dana Secret"))
    client.force_login(world.dcs)
    assert client.get(f"/cases/{morning.pk}/").status_code == 200
    for response in (
        client.get(page(morning)),
        client.post(call(morning, "go-ahead"), {"cqc": "on", "support_officer": "on"}),
        client.get(f"/cases/{morning.pk}/"),
    ):
        assert "Sounded worried" not in response.content.decode()
        assert "Dana Secret" not in response.content.decode()
    assert client.get(page(morning)).status_code == 403
    client.force_login(world.stranger)  # the director of another area
    assert client.get(page(morning)).status_code == 403
    assert not Case.objects.visible_to(world.stranger).exists()


def test_the_regional_director_reads_and_records_nothing(client, world, morning):
    client.force_login(world.director)
    response = client.get(page(morning))
    assert all(one["form"] is None for one in response.context["calls"])
    assert client.post(call(morning, "dcs"), dcs_payload()).status_code == 403


def test_hb_15_a_deferral_leads_away_from_the_page(lead, world, morning):
    lead.post(call(morning, "dcs"), dcs_payload())
    address = f"/cases/{morning.pk}/record/deferral_asked/"
    assert address in lead.get(page(morning)).content.decode()
    record(morning.pk, events.DeferralAsked(reason="Flood"), by=world.lead)
    record(morning.pk, events.DeferralAgreed(reason="Flood"), by=world.director)
    response = lead.get(page(morning))
    assert "No dates are fixed yet" in response.content.decode()
    assert address not in response.content.decode()


def test_the_page_asks_the_same_number_of_questions_for_six_commissioners(
    lead, world, morning, django_assert_max_num_queries
):
    with django_assert_max_num_queries(20):
        lead.get(page(morning))
    for number in range(4):
        add_health(world.area, f"NHS Part {number}")
    lead.post(call(morning, "dcs"), dcs_payload())
    with django_assert_max_num_queries(20):
        lead.get(page(morning))
