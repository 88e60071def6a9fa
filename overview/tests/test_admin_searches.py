"""What administrators find of casework, and what they cannot take from under it: a link that open
cases rest on stays, and of confidential cases only how many they are is said (roles.md)."""

import pytest

from areas import serving
from areas.models import AreaOrganisation
from casework.models import Deadline, ParameterVersion
from config import clock
from inspections import services
from inspections.tests.conftest import at, day, world  # noqa: F401
from overview.cases_on_links import cases_on_links
from overview.tests.test_administration import (  # noqa: F401
    administrator,
    page,
    read,
    secret,
    told_case,
)

pytestmark = pytest.mark.django_db


def link_of(area, body):
    return AreaOrganisation.objects.get(local_area=area, organisation=body)


def test_cases_rest_on_the_bodies_that_they_have(world, told_case, django_assert_num_queries):  # noqa: F811
    area = told_case.local_area
    north, south = link_of(area, world.north), link_of(area, world.south)
    forum = AreaOrganisation(local_area=area, organisation=make_forum())
    with django_assert_num_queries(1):
        found = serving.cases_on([north, south, forum])
    on_it = [serving.Resting(told_case.first_day, True)]
    assert found == {serving.pair_of(north): on_it, serving.pair_of(south): on_it}
    elsewhere = (world.other_area.pk, world.north.pk)
    assert cases_on_links({elsewhere}) == {}
    told_case.ended_on = clock.today()
    told_case.save()
    assert serving.cases_on([north])[serving.pair_of(north)][0].goes_on is False


def make_forum():
    from areas.models import Organisation

    return Organisation.objects.create(kind="parent_carer_forum", name="Westmarch Forum")


def test_a_case_that_is_planned_has_the_bodies_of_today(world, at):  # noqa: F811
    case = services.plan_inspection(
        world.area, day("2026-06-01"), day("2026-07-17"), by=world.officer
    )
    link = link_of(world.area, world.north)
    found = serving.cases_on([link]).get(serving.pair_of(link), [])
    assert case.first_day is None
    assert found == [serving.Resting(clock.today(), True)]


def test_links_that_open_cases_rest_on_stay(page, world, told_case, secret):  # noqa: F811
    rows = AreaOrganisation.objects.filter(local_area=told_case.local_area)
    before = list(rows.order_by("pk").values())
    address = "/admin/areas/areaorganisation/"
    given = {"action": "delete_selected", "_selected_action": [row["id"] for row in before]}
    page.post(address, {**given, "post": "yes"})
    for row in before:
        page.post(f"{address}{row['id']}/delete/", {"post": "yes"})
    assert list(rows.order_by("pk").values()) == before
    link = AreaOrganisation.objects.filter(local_area=secret.local_area).exclude(
        organisation__kind="council"
    )
    for one in link:
        text = page.post(f"{address}{one.pk}/delete/", {"post": "yes"}, follow=True)
        words = text.content.decode()
        assert "1 case still goes on with it" in words
        assert secret.reference not in words


def test_deadlines_are_found_by_the_code_of_their_rule(page, told_case, secret):  # noqa: F811
    row = told_case.deadlines.filter(state="open").first()
    hidden = secret.deadlines.filter(state="open").first()
    for code in (row.rule, row.rule.lower(), f" {row.rule} "):
        shown = read(page, f"/admin/casework/deadline/?q={code}")
        number = Deadline.objects.filter(case=told_case, rule=row.rule).count()
        assert shown.count('class="field-case') == number, code
    assert secret.reference not in read(page, f"/admin/casework/deadline/?q={hidden.rule}")
    address = "/admin/casework/deadline/?q="
    assert told_case.reference in read(page, f"{address}{told_case.reference}")
    met = told_case.deadlines.exclude(state="open").first()
    assert told_case.reference in read(page, f"{address}{met.rule}")
    assert told_case.reference not in read(page, f"{address}{met.rule}&state=open")
    assert told_case.reference in read(page, f"{address}&state=all")


@pytest.mark.parametrize(
    ("query", "versions"),
    [
        ("q=pilot", [7]),
        ("q=7", [7]),
        ("q=Adébáyọ̀", [7]),
        ("q=IN-KIT.days", [7]),
        ("q=99999999999999", []),
        ("when=coming", [7]),
        ("when=begun", [1]),
        ("when=x", [7, 1]),
    ],
)
def test_versions_of_the_parameters_are_found(page, administrator, query, versions):  # noqa: F811
    common = {"known_at": clock.now(), "effective_from": day("2016-05-01")}
    ParameterVersion.objects.create(version=1, **common)
    ParameterVersion.objects.create(
        version=7,
        values={"IN-KIT.days": 3},
        effective_from=day("2031-01-01"),
        known_at=clock.now(),
        reason="After the pilot",
        changed_by=administrator,
    )
    shown = page.get(f"/admin/casework/parameterversion/?{query}", follow=True)
    found = [row.version for row in shown.context["cl"].result_list]
    assert found == versions
