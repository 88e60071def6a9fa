"""The home page: what is due from whom, what waits, and nothing of other people's cases."""

import pytest

from accounts import roles
from casework.deadlines import next_deadlines
from casework.measures import resume, suspend
from casework.models import Deadline
from casework.recording import record
from inspections import events, services
from inspections.tests.conftest import at, day, london, make_person, world  # noqa: F401
from letters.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(world, at):  # noqa: F811
    """A notified inspection on the morning after the call, the go-ahead confirmed."""
    case = world.notified(at)
    services.confirm_go_ahead(case.pk, cqc=True, support_officer=True, by=world.lead)
    at.move_to(london("2026-06-02T09:20"))
    return case


def home(client, person):
    client.force_login(person)
    return client.get("/")


def steps(response):
    return {item.title: item.step for item in response.context["due"]}


def headings(response):
    return [heading for heading, _ in response.context["waiting"]]


# -- without signing in ------------------------------------------------------------------------


def test_the_public_learns_what_this_is_and_where_to_go(client, told, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = client.get("/").content.decode()
    for address in ("/timetable/", "/areas/", "/about/working-days/", "/sign-in/"):
        assert f'href="{address}"' in page
    assert "Westmarch" not in page
    assert 'name="robots"' not in page


# -- what is due -------------------------------------------------------------------------------


def test_what_is_due_stands_soonest_first_with_overdue_on_top(client, told, world):  # noqa: F811
    response = home(client, world.lead)
    due = response.context["due"]
    assert [item.overdue for item in due] == sorted((one.overdue for one in due), reverse=True)
    assert due[0].title.startswith("Extended call to the LANO")
    days = [item.due_on for item in due]
    assert days == sorted(days)
    assert len(days) == 9
    assert "<strong>1 overdue</strong>" in response.content.decode()


def test_each_person_finds_their_own(client, told, world):  # noqa: F811
    lead = steps(home(client, world.lead))
    officer = steps(home(client, world.officer))
    cqc = steps(home(client, world.cqc))
    assert "Confirmation letter e-mailed" in officer
    assert not set(officer) & set(lead)
    assert all("Confirmation" not in title for title in {**lead, **cqc})


def test_the_next_step_leads_to_where_it_is_done(client, told, world):  # noqa: F811
    case = f"/cases/{told.pk}/"
    lead = {title[:12]: step for title, step in steps(home(client, world.lead)).items()}
    morning = f"/inspections/{told.pk}/notification/"
    assert lead["Extended cal"].address == morning
    assert lead["Parent carer"].address == morning
    assert lead["First choice"].address == f"{case}record/selection_confirmed/"
    # Nobody can record yet what belongs to a later stage.
    assert lead["Draft report"].address == case
    officer = steps(home(client, world.officer))
    letter = officer["Confirmation letter e-mailed"]
    assert letter.address == f"{case}letters/L-IN-CONFIRM/"


def test_every_step_and_link_of_the_page_answers(client, told, world):  # noqa: F811
    for person in (world.lead, world.officer, world.cqc, world.dcs):
        response = home(client, person)
        links = [item.step.address for item in response.context["due"]]
        links += [one.step.address for _, found in response.context["waiting"] for one in found]
        links += [card.address for card in response.context["cards"]]
        assert links
        for address in links:
            assert client.get(address, follow=True).status_code == 200, (person.name, address)


def test_nothing_due_says_so(client, world):  # noqa: F811
    page = home(client, world.ofsted).content.decode()
    assert "Nothing is due from you now." in page
    assert "No case is open to you." in page


# -- what else waits ---------------------------------------------------------------------------


def test_a_planned_inspection_waits_for_its_dates(client, world):  # noqa: F811
    case = world.planned()
    [(heading, [one])] = home(client, world.officer).context["waiting"]
    assert heading == "Inspections without dates"
    assert one.step.address == f"/inspections/{case.pk}/schedule/"
    assert headings(home(client, world.lead)) == []


def test_the_day_of_notice_stands_on_the_scheduler_s_page(client, world, at):  # noqa: F811
    case = world.scheduled()
    assert headings(home(client, world.officer)) == []
    at.move_to(london("2026-06-01T08:30"))
    [(heading, [one])] = home(client, world.officer).context["waiting"]
    assert heading == "Local areas to call"
    assert one.step.address == f"/inspections/{case.pk}/notification/"
    # The lead finds it among what is due, once.
    response = home(client, world.lead)
    assert response.content.decode().count(f'href="{one.step.address}"') == 1


def test_a_letter_waits_until_its_deadline_is_met(client, told, world):  # noqa: F811
    assert headings(home(client, world.lead)) == ["Letters to approve and send"]
    assert headings(home(client, world.officer)) == []  # it is due from them, and stands above
    assert headings(home(client, world.cqc)) == []
    Deadline.objects.filter(met_by="confirmation_sent").update(
        state="met", met_on=day("2026-06-02")
    )
    assert Letter.objects.count() == 0
    assert headings(home(client, world.lead)) == []


def test_nothing_waits_for_a_case_that_stands_still(client, told, world, at):  # noqa: F811
    assert headings(home(client, world.lead)) == ["Letters to approve and send"]
    suspend(told, by=world.officer, reason="A flood")
    assert headings(home(client, world.lead)) == []
    resume(told, by=world.officer)
    assert headings(home(client, world.lead)) == ["Letters to approve and send"]


def test_nobody_is_called_for_a_case_that_stands_still(client, world, at):  # noqa: F811
    case = world.scheduled()
    at.move_to(london("2026-06-01T08:30"))
    assert headings(home(client, world.officer)) == ["Local areas to call"]
    suspend(case, by=world.officer, reason="A flood")
    assert headings(home(client, world.officer)) == []


def test_the_next_deadline_of_a_day_is_an_open_one_before_a_forecast(told, world):  # noqa: F811
    Deadline.objects.filter(case=told, rule="IN-LANO").update(state="forecast")
    assert next_deadlines(world.lead, [told.pk])[told.pk].rule == "IN-CONFIRM"
    Deadline.objects.filter(case=told, due_on=day("2026-06-01")).update(state="forecast")
    Deadline.objects.filter(case=told, rule="IN-LANO").update(state="open")
    assert next_deadlines(world.lead, [told.pk])[told.pk].rule == "IN-LANO"
    assert next_deadlines(world.stranger, [told.pk]) == {}


def test_a_request_for_deferral_waits_for_whoever_decides_it(client, told, world):  # noqa: F811
    people = {world.director: "Agree or decline", world.officer: "Open the case"}

    def asked(person):
        found = dict(home(client, person).context["waiting"])
        return [one.step for one in found.get("Requests for deferral", [])]

    assert [asked(person) for person in people] == [[], []]
    record(told.pk, events.DeferralAsked(reason="Flood", asked_by="Dana"), by=world.lead)
    for person, label in people.items():
        [step] = asked(person)
        assert (step.label, step.address) == (label, told.get_absolute_url())
    assert asked(world.lead) == asked(world.stranger) == asked(world.dcs) == []
    record(told.pk, events.DeferralDeclined(reason="It can go on"), by=world.director)
    assert [asked(person) for person in people] == [[], []]
    record(told.pk, events.DeferralAsked(reason="A second", asked_by="Dana"), by=world.lead)
    assert len(asked(world.director)) == 1


def test_the_director_of_children_s_services_sees_what_the_area_owes(client, told, world):  # noqa: F811
    found = dict(home(client, world.dcs).context["waiting"])
    words = [one.text for one in found["Due from your area"]]
    assert any("Providers, parents and carers told" in text for text in words)
    assert "Due from your area" not in dict(home(client, world.lead).context["waiting"])
    assert "Due from your area" not in dict(home(client, world.stranger).context["waiting"])


def test_whoever_follows_every_case_learns_what_appears_here(client, told, world):  # noqa: F811
    senior = make_person("Siân Senior", roles.SENIOR_HMI)
    page = home(client, senior).content.decode()
    assert "No deadline of an inspection is yours alone." in page
    assert "Open cases" in page
    assert "My cases" not in page
    assert "My cases" in home(client, world.lead).content.decode()
    assert "once an inspection of your area is announced" in (
        home(client, world.stranger).content.decode()
    )


def test_the_next_deadline_has_its_short_name(client, told, world):  # noqa: F811
    table = str(home(client, world.lead).context["cases"])
    assert "Confirmation letter<" in table
    assert "Confirmation letter e-mailed" not in table


def test_a_nominated_officer_of_a_case_finds_their_area(client, told, world):  # noqa: F811
    person = make_person("Lena Nominated")
    told.roles.create(person=person, role="lano", starts_on=day("2026-06-01"))
    cards = {card.title: card.address for card in home(client, person).context["cards"]}
    assert cards["My area"] == world.area.get_absolute_url()


# -- whose cases -------------------------------------------------------------------------------


def test_no_case_of_anybody_else_shows(client, told, world):  # noqa: F811
    away = [world.second_lead, world.ofsted, world.stranger, make_person("Ida", roles.ADVISER)]
    others = [person for person in away if person != world.ofsted]
    for person in others:
        page = home(client, person).content.decode()
        assert told.reference not in page
        assert "Westmarch" not in page
    for person in (world.lead, world.cqc, world.ofsted, world.officer, world.dcs):
        assert told.reference in home(client, person).content.decode()


def test_a_confidential_case_is_unknown_to_its_area(client, world):  # noqa: F811
    case = world.scheduled()
    assert case.reference in home(client, world.officer).content.decode()
    assert case.reference not in home(client, world.dcs).content.decode()


def test_somebody_who_left_the_team_sees_the_case_no_more(client, told, world, at):  # noqa: F811
    told.roles.filter(person=world.lead).update(ends_on=day("2026-06-01"))
    assert told.reference not in home(client, world.lead).content.decode()


def test_an_area_s_own_people_find_their_area(client, world):  # noqa: F811
    cards = {card.title: card.address for card in home(client, world.dcs).context["cards"]}
    assert cards["My area"] == world.area.get_absolute_url()
    officer = {card.title for card in home(client, world.officer).context["cards"]}
    assert {"Plan an inspection", "Local areas"} <= officer


def test_names_with_markup_are_only_text(client, told, world):  # noqa: F811
    world.area.name = '<img src=x onerror="alert(1)">'
    world.area.save()
    page = home(client, world.lead).content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;" in page


# -- cost --------------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_grow(client, world, django_assert_max_num_queries):  # noqa: F811
    def ask():
        with django_assert_max_num_queries(14) as asked:
            client.get("/")
        return len(asked)

    home(client, world.officer)
    world.scheduled()
    one = ask()
    services.plan_inspection(
        world.other_area, day("2026-06-01"), day("2026-07-17"), by=world.officer
    )
    assert ask() == one


def test_an_inspector_on_no_case_finds_their_own_days(client, world):  # noqa: F811
    assert "My days" in home(client, world.cqc).content.decode()
    assert "My days" not in home(client, world.dcs).content.decode()
