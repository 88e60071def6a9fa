"""The list of areas against the published one, where that is at hand."""

import csv
import datetime
import re
from pathlib import Path

import pytest

from areas import services
from areas.models import LocalArea, Organisation, Region

PUBLISHED = Path(__file__).parents[2] / ".." / "shared" / "data" / "local_authorities.csv"
pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 22)


def test_there_are_eight_regions_and_153_areas_of_today():
    assert Region.objects.count() == 8
    assert LocalArea.objects.on(TODAY).count() == 153
    assert LocalArea.objects.on(datetime.date(2018, 9, 3)).count() == 152


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published list is not at hand")
def test_every_authority_has_its_number_region_codes_and_commissioners():
    with PUBLISHED.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    areas = {area.dfe_code: area for area in LocalArea.objects.select_related("region")}
    assert set(areas) == {row["dfe_la_code"] for row in rows}
    for row in rows:
        area = areas[row["dfe_la_code"]]
        assert area.region.name == row["ofsted_region"]
        assert {gss.code for gss in area.gss_codes.all()} == {
            code for code in (row["gss_code_2016_19"], row["gss_code_current"]) if code
        }
        assert (area.ends_on is None) == (row["current"] == "y")
        for column, day in (("ccgs_april_2018", (2018, 4, 1)), ("icb_2022", (2025, 4, 1))):
            shares = re.findall(r"(?:^|; )(.*?) \((\d+)%\)", row[column])
            serving = services.health_commissioners(area, datetime.date(*day))
            expected = {name for name, share in shares if int(share) > 5}
            assert {body.name for body in serving} == expected, area.name


def test_areas_that_were_abolished_point_at_their_successors():
    successors = {
        area.name: sorted(area.successors.values_list("name", flat=True))
        for area in LocalArea.objects.filter(ends_on__isnull=False)
    }
    assert successors == {
        "Bournemouth": ["Bournemouth, Christchurch and Poole"],
        "Poole": ["Bournemouth, Christchurch and Poole"],
        "Dorset (county to 2019)": ["Bournemouth, Christchurch and Poole", "Dorset"],
        "Cumbria": ["Cumberland", "Westmorland and Furness"],
        "Northamptonshire": ["North Northamptonshire", "West Northamptonshire"],
    }


def test_hb_58_the_bodies_of_an_area_are_its_council_and_health_commissioners():
    surrey = LocalArea.objects.get(name="Surrey")
    assert [body.name for body in services.bodies(surrey, TODAY)] == [
        "Surrey County Council",
        "NHS Frimley Integrated Care Board",
        "NHS Surrey Heartlands Integrated Care Board",
    ]


def test_health_commissioners_change_on_1_july_2022():
    bury = LocalArea.objects.get(name="Bury")
    before = services.health_commissioners(bury, datetime.date(2022, 6, 30))
    after = services.health_commissioners(bury, datetime.date(2022, 7, 1))
    assert [body.name for body in before] == ["NHS Bury CCG"]
    assert [body.name for body in after] == ["NHS Greater Manchester Integrated Care Board"]


def test_the_inspectorates_and_departments_are_there():
    assert set(Organisation.objects.filter(kind="inspectorate").values_list("code", flat=True)) == {
        "OFSTED",
        "CQC",
    }
    assert Organisation.objects.filter(kind="department").count() == 3
