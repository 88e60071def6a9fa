"""The pages on which inspections are planned and scheduled."""

import pytest
from django.urls import reverse

from casework.models import Case, Event
from inspections import services
from inspections.tests.conftest import day, make_area

PLAN = "/inspections/plan/"


@pytest.fixture
def officer(client, world):
    client.force_login(world.officer)
    return client


def plan_payload(world, **given):
    values = {
        "local_area": str(world.area.pk),
        "period_from-day": "1",
        "period_from-month": "6",
        "period_from-year": "2026",
        "period_to": "2026-07-17",
        "note": "",
        "key": "k1",
        **given,
    }
    return {name: value for name, value in values.items() if value is not None}


def schedule_payload(world, **given):
    values = {
        "first_day-day": "8",
        "first_day-month": "6",
        "first_day-year": "2026",
        "length": "5",
        "lead_hmi": str(world.lead.public_id),
        "ofsted_inspector": str(world.ofsted.public_id),
        "cqc_inspector": str(world.cqc.public_id),
        "planning_days": "2",
        **given,
    }
    return {name: value for name, value in values.items() if value is not None}


def address(case):
    return reverse("inspection_schedule", args=[case.pk])


def tags(response):
    """Each check's title and tag, as the page has them."""
    return {one.check.code: one.tag for one in response.context["checks"]}


# --- planning ---------------------------------------------------------------------------------


def test_planning_leads_on_to_dates_and_team(officer, world):
    response = officer.post(PLAN, plan_payload(world, note="Open since 2019"))
    case = Case.objects.get()
    assert (response.status_code, response["Location"]) == (302, address(case))
    assert (case.inspection.period_from, case.inspection.period_to) == (
        day("2026-06-01"),
        day("2026-07-17"),
    )
    assert Event.objects.get(kind="planned").note.content == {"text": "Open since 2019"}


def test_a_double_click_plans_once(officer, world):
    for _ in range(2):
        officer.post(PLAN, plan_payload(world))
    assert Case.objects.count() == 1


def test_an_area_of_the_past_is_not_offered(officer, world):
    old = make_area("Old Shire", "T03", world.area.region)
    old.ends_on = day("2023-03-31")
    old.save()
    page = officer.get(PLAN)
    assert "Old Shire" not in page.content.decode()
    response = officer.post(PLAN, plan_payload(world, local_area=str(old.pk)))
    assert response.status_code == 422
    assert response.context["form"].errors == {
        "local_area": ["Select the local area from the list"]
    }


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"local_area": ""}, {"local_area": ["Select the local area"]}),
        (
            {"period_from-day": "29", "period_from-month": "2"},
            {"period_from": ["The first day of the rough period must be a real date"]},
        ),
        (
            {"period_from-year": "0001"},
            {
                "period_from": [
                    "The first day of the rough period must be between 1 May 2016 and "
                    "31 December 2099"
                ]
            },
        ),
        (
            {"period_to": "9999-12-31"},
            {
                "period_to": [
                    "The last day of the rough period must be between 1 May 2016 and "
                    "31 December 2099"
                ]
            },
        ),
        (
            {"period_to": "2026-05-31"},
            {"period_to": ["The period must end on or after the day it begins."]},
        ),
        (
            {"note": "a\x07b"},
            {"note": ["Delete the invisible control character (U+0007) after “a”"]},
        ),
    ],
)
def test_odd_input_is_answered_beside_the_field_and_kept(officer, world, given, errors):
    response = officer.post(PLAN, plan_payload(world, **given))
    assert (response.status_code, dict(response.context["form"].errors)) == (422, errors)
    assert Case.objects.count() == 0
    for value in given.values():
        assert response.context["form"].data.get(next(iter(given))) in (value, *given.values())


def test_a_field_of_10_mb_is_refused_with_a_page(officer, world):
    response = officer.post(PLAN, plan_payload(world, note="x" * 10_000_000))
    assert response.status_code in (400, 413)
    assert "Traceback" not in response.content.decode()
    assert Case.objects.count() == 0


def test_markup_is_shown_as_text(officer, world):
    response = officer.post(
        PLAN, plan_payload(world, note="<script>alert(1)</script>", period_to="nonsense")
    )
    page = response.content.decode()
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("who", ["lead", "director", "dcs", "stranger"])
def test_only_those_who_schedule_see_the_page(client, world, who):
    client.force_login(getattr(world, who))
    for response in (client.get(PLAN), client.post(PLAN, plan_payload(world))):
        assert response.status_code == 403
        assert "Inspections are planned by the support officers." in response.content.decode()
    assert Case.objects.count() == 0


def test_nobody_signed_in_is_asked_to(client, world):
    for path in (PLAN, address(world.planned()), "/bookings/", "/bookings/people/"):
        assert client.get(path)["Location"] == f"/sign-in/?next={path}"


# --- dates and team ---------------------------------------------------------------------------


def test_checking_dates_shows_every_check_and_the_whole_timetable_and_saves_nothing(officer, world):
    case = world.planned()
    before = case.version
    response = officer.get(address(case), schedule_payload(world))
    assert set(tags(response).values()) == {"Passed"}
    assert len(tags(response)) == 14
    titles = [due.code for due in response.context["preview"].timetable.dues]
    assert (titles[0], titles[-1], len(titles)) == ("IN-NOTIFY", "IN-RETAIN", 31)
    page = response.content.decode()
    assert "Ada Osei – free" in page
    assert page.count("Why this date?") == 31
    case.refresh_from_db()
    assert (case.stage, case.version) == ("planned", before)


def test_without_dates_nothing_is_checked_yet(officer, world):
    response = officer.get(address(world.planned()))
    assert "checks" not in response.context
    assert response.status_code == 200


def test_the_picker_says_who_is_not_free_and_why(officer, world):
    from inspections import bookings

    bookings.add_leave(world.second_lead, day("2026-06-04"), day("2026-06-09"), by=world.officer)
    bookings.declare_interest(
        world.second_cqc, world.area, day("2020-01-01"), None, "Family", by=world.second_cqc
    )
    page = officer.get(address(world.planned()), schedule_payload(world)).content.decode()
    assert "Dewi Rees – leave, 4 to 9 June 2026" in page
    assert "Farah Aziz – declared interest" in page
    assert "Efua Mensah – free" in page


def test_day_1_on_a_bank_holiday_has_no_button_and_no_timetable(officer, world):
    response = officer.get(
        address(world.planned()),
        schedule_payload(world, **{"first_day-day": "25", "first_day-month": "5"}),
    )
    assert tags(response)["working_days"] == "Failed"
    page = response.content.decode()
    assert "Day 1, Monday 25 May 2026, is closed: Spring bank holiday." in page
    assert "Choose other dates or another team" in page
    assert 'method="post" action="/inspections' in page  # the form is there
    assert ">\n  Schedule\n</button>" not in page
    assert "table" not in response.context


def test_scheduling_from_the_page(officer, world):
    case = world.planned()
    response = officer.post(address(case), schedule_payload(world, version=str(case.version)))
    assert (response.status_code, response["Location"]) == (302, f"/cases/{case.pk}/")
    case.refresh_from_db()
    assert (case.stage, case.first_day) == ("scheduled", day("2026-06-08"))


def test_a_departure_asks_for_its_reason_beside_the_check(officer, world):
    case = world.planned()
    response = officer.post(address(case), schedule_payload(world, length="6"))
    assert response.status_code == 422
    assert dict(response.context["form"].errors) == {
        "reason_length": [
            "No longer than five days: 6 days on site; inspections do not normally last longer "
            "than 5."
        ]
    }
    assert tags(response)["length"] == "Reason"
    response = officer.post(
        address(case), schedule_payload(world, length="6", reason_length="Two counties")
    )
    assert response.status_code == 302


def test_what_was_chosen_travels_with_the_form_that_schedules(officer, world):
    chosen = {
        "travel": ["before", "after"],
        "additional_inspectors": str(world.second_cqc.public_id),
    }
    response = officer.get(address(world.planned()), schedule_payload(world, **chosen))
    assert response.context["chosen"] == [
        ("first_day", "2026-06-08"),
        ("length", "5"),
        ("lead_hmi", str(world.lead.public_id)),
        ("ofsted_inspector", str(world.ofsted.public_id)),
        ("cqc_inspector", str(world.cqc.public_id)),
        ("additional_inspectors", str(world.second_cqc.public_id)),
        ("planning_days", "2"),
        ("travel", "before"),
        ("travel", "after"),
    ]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"first_day-day": "31"}, "first_day"),
        ({"first_day-day": "", "first_day-month": "", "first_day-year": ""}, "first_day"),
        ({"first_day-year": "9999"}, "first_day"),
        ({"first_day-year": "1"}, "first_day"),
        ({"length": "0"}, "length"),
        ({"length": "16"}, "length"),
        ({"length": "five"}, "length"),
        ({"length": "9" * 400}, "length"),
        ({"planning_days": "-1"}, "planning_days"),
        ({"lead_hmi": "00000000-0000-0000-0000-000000000000"}, "lead_hmi"),
        ({"lead_hmi": "<b>"}, "lead_hmi"),
        ({"travel": "sideways"}, "travel"),
        ({"reason_notice": "x" * 1001}, "reason_notice"),
    ],
)
def test_odd_choices_are_answered_beside_the_field(officer, world, given, field):
    case = world.planned()
    for response in (
        officer.get(address(case), schedule_payload(world, **given)),
        officer.post(address(case), schedule_payload(world, **given)),
    ):
        assert list(response.context["form"].errors) == [field]
    case.refresh_from_db()
    assert case.stage == "planned"


def test_a_date_past_the_calendar_says_so(officer, world):
    response = officer.get(
        address(world.planned()), schedule_payload(world, **{"first_day-year": "2035"})
    )
    assert tags(response)["calendar"] == "Failed"
    assert response.status_code == 200


def test_months_by_name_are_read(officer, world):
    response = officer.get(
        address(world.planned()), schedule_payload(world, **{"first_day-month": "June"})
    )
    assert set(tags(response).values()) == {"Passed"}


def test_a_change_shows_what_stands_and_asks_why(officer, world):
    case = world.scheduled(travel_before=True)
    form = officer.get(address(case)).context["form"]
    assert {name: form[name].value() for name in ("first_day", "length", "lead_hmi", "travel")} == {
        "first_day": day("2026-06-08"),
        "length": 5,
        "lead_hmi": str(world.lead.public_id),
        "travel": ["before"],
    }
    response = officer.post(
        address(case), schedule_payload(world, **{"first_day-day": "15"}, why=" ")
    )
    assert dict(response.context["form"].errors) == {"why": ["Say why dates or team change."]}
    response = officer.post(
        address(case), schedule_payload(world, **{"first_day-day": "15"}, why="Election")
    )
    assert response.status_code == 302


def test_a_second_scheduler_is_told_what_happened_meanwhile(officer, world):
    case = world.planned()
    stale = str(case.version)
    services.schedule(case, world.choice("2026-06-15"), by=world.officer)
    response = officer.post(address(case), schedule_payload(world, version=stale))
    assert response.status_code == 422
    [text] = response.context["form"].non_field_errors()
    assert text.startswith("The case has changed since you opened this page. Sam Officer: Dates")


def test_at_a_later_stage_dates_change_no_more(officer, world):
    case = world.scheduled()
    services.cancel(case, "Merged", by=world.officer)
    response = officer.get(address(case), follow=True)
    assert response.redirect_chain == [(f"/cases/{case.pk}/", 302)]
    assert "Dates and team no longer change at this stage." in response.content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [("lead", 403), ("director", 403), ("dcs", 404), ("stranger", 404), ("second_lead", 404)],
)
def test_before_notification_the_case_does_not_exist_for_others(client, world, who, status):
    case = world.scheduled()
    client.force_login(getattr(world, who))
    for response in (
        client.get(address(case)),
        client.get(address(case), schedule_payload(world)),
        client.post(address(case), schedule_payload(world, why="x")),
    ):
        assert response.status_code == status
        page = response.content.decode()
        assert "8 June 2026" not in page
        assert case.reference not in page
        assert "Westmarch" not in page


def test_the_pages_ask_the_same_number_of_questions_however_much_there_is(
    officer, world, django_assert_max_num_queries
):
    case = world.planned()
    with django_assert_max_num_queries(30):
        officer.get(address(case), schedule_payload(world))
    with django_assert_max_num_queries(12):
        officer.get(PLAN)
    from inspections.tests.conftest import add_health, make_person

    for number in range(12):
        make_person(f"Inspector{number} More", "hmi")
        add_health(world.area, f"NHS Part {number}")
    for number in range(10):
        world.planned(make_area(f"Area {number}", f"U{number}", world.area.region))
    with django_assert_max_num_queries(30):
        officer.get(address(case), schedule_payload(world, length="15"))
    with django_assert_max_num_queries(12):
        officer.get(PLAN)


def test_dates_are_corrected_by_form_and_the_days_follow(officer, world):
    from inspections.models import Booking

    case = world.scheduled()
    entry = Event.objects.get(case=case, kind="scheduled")
    address = f"/cases/{case.pk}/events/{entry.seq}/correct/"
    page = officer.get(address).content.decode()
    assert "Ada Osei" in page
    assert "Dewi Rees" in page
    response = officer.post(
        address,
        {
            "happened_on": "2026-04-01",
            "first_day": "2026-06-15",
            "last_day": "2026-06-19",
            "lead_hmi": str(world.second_lead.pk),
            "ofsted_inspector": str(world.ofsted.pk),
            "cqc_inspector": str(world.cqc.pk),
            "additional_inspectors": [],
            "planning_days": "2",
            "reason": "A slip of the week and of the person",
            "version": str(case.version),
            "key": "c",
            "confirmed": "yes",
        },
        follow=True,
    )
    assert response.status_code == 200
    assert Booking.objects.confirmed().get(
        case=case, purpose="on_site", person=world.second_lead
    ).first == day("2026-06-15")
    assert not Booking.objects.confirmed().filter(case=case, person=world.lead).exists()


def test_dates_and_team_are_never_fixed_on_the_general_form(officer, world):
    case = world.planned()
    assert officer.get(f"/cases/{case.pk}/record/scheduled/")["Location"] == address(case)
    services.schedule(case, world.choice(), by=world.officer)
    assert officer.get(f"/cases/{case.pk}/record/rescheduled/")["Location"] == address(case)
    offered = [label for label, _ in officer.get(f"/cases/{case.pk}/").context["steps"]]
    assert not {"Dates and team fixed", "Dates or team changed"} & set(offered)


def test_the_confirmation_is_offered_as_a_letter_to_send(officer, world, at):
    case = world.notified(at)
    officer.force_login(world.officer)  # the session of April is over
    desk = f"/cases/{case.pk}/letters/L-IN-CONFIRM/"
    assert officer.get(f"/cases/{case.pk}/record/confirmation_sent/")["Location"] == desk
    steps = officer.get(f"/cases/{case.pk}/").context["steps"]
    assert ("Send the confirmation letter", desk) in steps
