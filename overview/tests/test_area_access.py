"""Whose names an area's page shows, and to whom it offers changes: the rows of roles.md."""

import pytest

from accounts import roles
from accounts.models import Membership
from areas.contacts import areas_to_keep_terms_of, contacts_for
from areas.models import LocalArea
from casework.models import Case, CaseRole
from inspections.tests.conftest import at, day, make_person, world  # noqa: F401

pytestmark = pytest.mark.django_db
TODAY = day("2026-04-01")
NAME = "Chief of NHS North Westmarch"

#: Every standing role: what it reads and edits of the area's contacts, for England or the area.
READERS = {
    roles.SUPPORT_OFFICER: "edit",
    roles.SENIOR_HMI: "read",
    roles.CQC_QUALITY_ASSURER: "read",
    roles.REGIONAL_DIRECTOR: "read",
    roles.HMCI: "read",
    roles.LANO: "own",
    roles.HEALTH_LANO: "own",
    roles.DCS: "own",
    roles.HEALTH_CHIEF_EXECUTIVE: "own",
    roles.SEND_LEAD: "own",
    roles.PARENT_CARER_FORUM: "own",
    roles.CHIEF_EXECUTIVE: "read",
}


@pytest.mark.parametrize("role", [name for name in roles.LABELS if name != "representative"])
def test_each_standing_role_has_what_the_table_gives_it(world, role):  # noqa: F811
    person = make_person("Zoe", role, area=world.area)
    Membership.objects.filter(person=person).update(organisation=world.north)
    may = contacts_for(person, world.area, TODAY)
    expected = READERS.get(role, "")
    assert may.may_read(world.south) == bool(expected)
    assert may.may_edit(world.north) == (expected in ("edit", "own"))
    assert may.may_edit(world.south) == (expected == "edit")
    elsewhere = contacts_for(person, world.other_area, TODAY)
    assert not elsewhere.may_read(world.south)
    assert not elsewhere.may_edit(world.north)


#: Who keeps an area's terms by a standing role, and for which areas.
KEEPERS_OF_TERMS = {
    roles.SUPPORT_OFFICER,
    roles.ADMINISTRATOR,
    roles.LANO,
    roles.DCS,
    roles.SEND_LEAD,
}


@pytest.mark.parametrize("role", [name for name in roles.LABELS if name != "representative"])
def test_each_standing_role_keeps_terms_or_does_not(world, role):  # noqa: F811
    person = make_person("Zoe", role, area=world.area)
    keeps = role in KEEPERS_OF_TERMS
    assert contacts_for(person, world.area, TODAY).may_edit_terms() == keeps
    assert not contacts_for(person, world.other_area, TODAY).may_edit_terms()
    found = areas_to_keep_terms_of(person, TODAY)
    assert list(found) == ([world.area] if keeps else [])


def test_terms_are_kept_as_far_as_the_role_reaches(world):  # noqa: F811
    person = make_person("Rita", roles.SUPPORT_OFFICER)
    everywhere = areas_to_keep_terms_of(person, TODAY)
    assert set(everywhere) == set(LocalArea.objects.all())
    held = Membership.objects.filter(person=person)
    held.update(scope="region", region=world.area.region)
    in_region = areas_to_keep_terms_of(person, TODAY)
    assert set(in_region) == set(LocalArea.objects.filter(region=world.area.region))
    held.update(ends_on=day("2026-03-31"))
    assert not areas_to_keep_terms_of(person, TODAY).exists()


def test_an_administrator_keeps_terms_and_reads_nobody_s_name(client, world):  # noqa: F811
    person = make_person("Adele", roles.ADMINISTRATOR)
    may = contacts_for(person, world.area, TODAY)
    assert may.may_edit_terms()
    assert not may.may_read(world.north)
    client.force_login(person)
    page = client.get(world.area.get_absolute_url()).content.decode()
    assert "Import school terms" in page
    assert NAME not in page


def test_a_region_s_director_reads_that_region_alone(world):  # noqa: F811
    from areas.models import Region

    person = make_person("Rex", roles.REGIONAL_DIRECTOR)
    other = Region.objects.exclude(pk=world.area.region_id).first()
    held = Membership.objects.filter(person=person)
    held.update(scope="region", region=world.area.region)
    assert contacts_for(person, world.area, TODAY).reads_all
    held.update(region=other)
    assert not contacts_for(person, world.area, TODAY).reads_all


def test_the_team_of_a_case_keeps_the_contacts_of_its_area(client, world):  # noqa: F811
    assert not contacts_for(world.lead, world.area, TODAY).reads_all
    world.scheduled()
    assert contacts_for(world.lead, world.area, TODAY).edits_all
    assert not contacts_for(world.lead, world.other_area, TODAY).reads_all
    CaseRole.objects.filter(person=world.lead).update(
        starts_on=day("2026-01-01"), ends_on=day("2026-03-31")
    )
    assert not contacts_for(world.lead, world.area, TODAY).reads_all


def test_the_lano_keeps_contacts_until_the_report_is_published(world):  # noqa: F811
    case = world.scheduled()
    officer = make_person("Lana")
    CaseRole.objects.create(
        case=case,
        person=officer,
        role="lano",
        organisation=world.north,
        starts_on=day("2026-01-01"),
    )
    assert contacts_for(officer, world.area, TODAY).may_edit(world.north)
    Case.objects.filter(pk=case.pk).update(moments=["notified", "published"])
    assert not contacts_for(officer, world.area, TODAY).reads_all
    assert not contacts_for(officer, world.area, TODAY).may_edit(world.north)


def test_a_role_that_ended_or_has_not_begun_gives_nothing(world):  # noqa: F811
    held = Membership.objects.filter(person=world.officer)
    held.update(ends_on=day("2026-03-31"))
    assert not contacts_for(world.officer, world.area, TODAY).reads_all
    held.update(starts_on=day("2026-04-02"), ends_on=None)
    assert not contacts_for(world.officer, world.area, TODAY).reads_all


def test_an_administrator_reads_nobody_s_name_by_that(client, world):  # noqa: F811
    admin = make_person("Adele")
    admin.is_staff = admin.is_superuser = True
    admin.save()
    client.force_login(admin)
    assert NAME not in client.get(world.area.get_absolute_url()).content.decode()


def test_names_leave_the_server_for_those_alone_who_may_read_them(client, world):  # noqa: F811
    address = world.area.get_absolute_url()
    for person, sees in (
        (None, False),
        (world.stranger, False),
        (world.lead, False),
        (world.dcs, True),
        (world.director, True),
        (world.officer, True),
    ):
        client.logout()
        if person:
            client.force_login(person)
        page = client.get(address).content.decode()
        assert "NHS North Westmarch" in page
        assert (NAME in page) == sees, person
        assert ("post@body.example" in page) == sees, person


def test_the_cases_of_the_area_show_to_those_who_may_know_of_them(client, world):  # noqa: F811
    case = world.scheduled()
    address = world.area.get_absolute_url()
    for person, sees in (
        (None, False),
        (world.dcs, False),  # still confidential
        (world.stranger, False),
        (world.second_lead, False),
        (world.lead, True),
        (world.officer, True),
    ):
        client.logout()
        if person:
            client.force_login(person)
        assert (case.reference in client.get(address).content.decode()) == sees, person


def test_history_of_an_area_shows_on_its_successor(client, world):  # noqa: F811
    case = world.scheduled()
    world.area.successors.add(world.other_area)
    client.force_login(world.officer)
    page = client.get(world.other_area.get_absolute_url()).content.decode()
    assert page.count(case.reference) == 1
    assert f"Cases of {world.area.name}" in page


def test_history_of_a_predecessor_s_predecessor_shows_too_and_no_one_else_s(
    client,
    world,  # noqa: F811
):
    case = world.scheduled()
    between = LocalArea.objects.exclude(pk__in=[world.area.pk, world.other_area.pk]).first()
    world.area.successors.add(between)
    between.successors.add(world.other_area)
    client.force_login(world.officer)
    assert case.reference in client.get(world.other_area.get_absolute_url()).content.decode()
    elsewhere = LocalArea.objects.filter(predecessors__isnull=True).exclude(pk=world.area.pk)
    page = client.get(elsewhere.first().get_absolute_url()).content.decode()
    assert case.reference not in page
    client.force_login(world.dcs)  # the predecessor's case is confidential as it is there
    assert case.reference not in client.get(
        world.other_area.get_absolute_url()
    ).content.decode()  # fmt: skip
