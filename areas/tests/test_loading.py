"""The areas that come with the product, held against the register they were drawn from."""

import csv
import datetime
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from areas.loading import area_id, load_areas
from areas.models import AreaOrganisation, GssCode, LocalArea, Organisation, Region
from areas.services import council, health_commissioners

pytestmark = pytest.mark.django_db

REGISTER = Path(settings.BASE_DIR).parent / "shared" / "data" / "local_authorities.csv"
TODAY = datetime.date(2026, 11, 23)
#: Glossop left Greater Manchester on the day that the boards began.
NOT_FOLLOWED = {("830", "NHS Greater Manchester Integrated Care Board")}
PUBLIC_NAMES = {"835": "Dorset (until March 2019)"}


@pytest.fixture
def register():
    if not REGISTER.exists():
        pytest.skip("the register of authorities is not beside this checkout")
    with REGISTER.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _names(text: str) -> set[str]:
    return {re.sub(r" \(\d+%\)$", "", part) for part in text.split("; ") if part}


def test_all_153_authorities_of_today_are_there_and_the_five_that_went():
    assert LocalArea.objects.on(TODAY).count() == 153
    assert LocalArea.objects.exclude(pk__in=LocalArea.objects.on(TODAY)).count() == 5


def test_ofsted_has_eight_regions():
    assert list(Region.objects.values_list("name", flat=True)) == [
        "East Midlands",
        "East of England",
        "London",
        "North East, Yorkshire and the Humber",
        "North West",
        "South East",
        "South West",
        "West Midlands",
    ]


def test_areas_agree_with_the_register(register):
    found = {
        area.dfe_code: area
        for area in LocalArea.objects.select_related("region").prefetch_related("successors")
    }
    assert set(found) == {row["dfe_la_code"] for row in register}
    for row in register:
        code = row["dfe_la_code"]
        area = found[code]
        names = {row["name"], row["ofsted_stats_name"], PUBLIC_NAMES.get(code), "Bristol"}
        assert area.name in names, row["name"]
        assert area.region.name == row["ofsted_region"]
        assert (area.starts_on.isoformat() if area.starts_on else "") == row["start_date"]
        assert (area.ends_on.isoformat() if area.ends_on else "") == row["end_date"]
        successors = {one.dfe_code for one in area.successors.all()}
        assert successors == set(filter(None, row["successor_dfe_codes"].split(";")))


def test_codes_agree_with_the_register(register):
    codes: dict[str, list[GssCode]] = {}
    for code in GssCode.objects.select_related("local_area"):
        codes.setdefault(code.local_area.dfe_code, []).append(code)
    for row in register:
        expected = {row["gss_code_2016_19"], row["gss_code_current"]} - {""}
        found = codes[row["dfe_la_code"]]
        assert {one.code for one in found} == expected
        if row["current"] == "y":
            now = [one.code for one in found if one.ends_on is None]
            assert now == [row["gss_code_current"]]


@pytest.mark.parametrize(
    ("column", "day"), [("icb_2022", TODAY), ("ccgs_april_2018", datetime.date(2018, 6, 1))]
)
def test_health_commissioners_agree_with_the_register(register, column, day):
    found: dict[str, set[str]] = {}
    links = AreaOrganisation.objects.on(day).filter(organisation__kind="health_commissioner")
    for link in links.select_related("organisation", "local_area"):
        found.setdefault(link.local_area.dfe_code, set()).add(link.organisation.name)
    for row in register:
        code = row["dfe_la_code"]
        expected = {name for name in _names(row[column]) if (code, name) not in NOT_FOLLOWED}
        assert found.get(code, set()) == expected, row["name"]


def test_each_area_of_today_has_one_council_and_a_health_commissioner():
    serving = AreaOrganisation.objects.on(TODAY)
    for kind, exactly_one in (("council", True), ("health_commissioner", False)):
        areas = list(
            serving.filter(organisation__kind=kind).values_list("local_area_id", flat=True)
        )
        assert len(set(areas)) == 153
        assert not exactly_one or len(areas) == 153


def test_an_area_that_has_gone_has_a_council_only_while_it_was_there():
    cumbria = LocalArea.objects.get(dfe_code="909")
    assert council(cumbria, datetime.date(2023, 3, 31)).name == "Cumbria County Council"
    assert council(cumbria, datetime.date(2023, 4, 1)) is None
    assert {one.name for one in cumbria.successors.all()} == {
        "Cumberland",
        "Westmorland and Furness",
    }


def test_boards_replace_groups_on_1_july_2022():
    cumbria = LocalArea.objects.get(dfe_code="909")
    assert len(health_commissioners(cumbria, datetime.date(2018, 4, 1))) == 2
    assert health_commissioners(cumbria, datetime.date(2022, 6, 30)) == []
    barnet = LocalArea.objects.get(dfe_code="302")
    assert [one.name for one in health_commissioners(barnet, datetime.date(2022, 7, 1))] == [
        "NHS North Central London Integrated Care Board"
    ]


def test_a_code_can_change_without_a_new_area():
    sheffield = LocalArea.objects.get(dfe_code="373")
    before, after = sheffield.gss_codes.order_by("starts_on").reverse()
    assert (before.code, before.ends_on) == ("E08000019", datetime.date(2025, 3, 31))
    assert (after.code, after.starts_on) == ("E08000039", datetime.date(2025, 4, 1))


def test_loading_again_changes_nothing_and_keeps_what_people_edited():
    area = LocalArea.objects.get(dfe_code="302")
    area.name = "Barnet, renamed"
    area.save()
    area.links.all().delete()
    counts = [
        model.objects.count()
        for model in (Region, LocalArea, GssCode, Organisation, AreaOrganisation)
    ]
    assert load_areas(apps.get_model) == 0
    assert counts == [
        model.objects.count()
        for model in (Region, LocalArea, GssCode, Organisation, AreaOrganisation)
    ]
    area.refresh_from_db()
    assert area.name == "Barnet, renamed"


def test_what_is_missing_is_added(django_assert_max_num_queries):
    AreaOrganisation.objects.filter(local_area__dfe_code="302").delete()
    GssCode.objects.filter(local_area__dfe_code="302").delete()
    LocalArea.objects.get(dfe_code="302").delete()
    with django_assert_max_num_queries(12):
        assert load_areas(apps.get_model) == 1
    area = LocalArea.objects.get(dfe_code="302")
    assert area.pk == area_id("302")
    assert council(area, TODAY).name == "Barnet Council"
