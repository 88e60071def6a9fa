"""The areas that come with the product, held against the register they were drawn from."""

import csv
import datetime
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from areas.loading import area_id, complete_areas, load_areas
from areas.models import AreaOrganisation, GssCode, LocalArea, Organisation, Region
from areas.services import council, health_commissioners

pytestmark = pytest.mark.django_db

REGISTER = Path(settings.BASE_DIR).parent / "shared" / "data" / "local_authorities.csv"
TODAY = datetime.date(2026, 11, 23)
APRIL_2018 = datetime.date(2018, 4, 1)
#: Glossop left Greater Manchester on the day that the boards began.
NOT_FOLLOWED = {("830", "NHS Greater Manchester Integrated Care Board")}
TYPES = {
    "London Borough": "london_borough",
    "Metropolitan District": "metropolitan",
    "Unitary Authority": "unitary",
    "County": "county",
}
#: Two new authorities and one that stayed are unitary since April 2023, as their GSS codes say; of
#: two that have gone the register does not say what they were.
OTHER_TYPES = {
    "942": "unitary", "943": "unitary", "815": "unitary", "928": "county", "836": "unitary",
}  # fmt: skip


@pytest.fixture
def register():
    if not REGISTER.exists():
        pytest.skip("the register of authorities is not beside this checkout")
    with REGISTER.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _shares(text: str) -> dict[str, int]:
    parts = (re.fullmatch(r"(.+) \((\d+)%\)", part) for part in text.split("; ") if part)
    return {part[1]: int(part[2]) for part in parts}


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


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


@pytest.fixture
def found():
    """The areas as loaded, by DfE number."""
    areas = LocalArea.objects.select_related("region")
    return {
        area.dfe_code: area
        for area in areas.prefetch_related("successors", "predecessors", "gss_codes")
    }


def test_the_register_holds_the_same_areas(register, found):
    assert set(found) == {row["dfe_la_code"] for row in register}


def test_names_agree_with_the_register(register, found):
    for row in register:
        area = found[row["dfe_la_code"]]
        own = {area.name, *area.other_names.split("; ")}
        assert {row["name"], row["ofsted_stats_name"]} - {""} <= own, row["name"]


def test_regions_types_and_dates_agree_with_the_register(register, found):
    for row in register:
        code = row["dfe_la_code"]
        area = found[code]
        assert area.ofsted_urn == row["ofsted_urn"]
        assert area.region.name == row["ofsted_region"]
        assert area.ons_region == row["ons_region"]
        assert area.authority_type == OTHER_TYPES.get(code, TYPES.get(row["la_type"]))
        assert (area.starts_on, area.ends_on) == (_day(row["start_date"]), _day(row["end_date"]))
        assert (area.starts_on is None) == (row["in_152_of_2016_19"] == "y")
        assert (area.ends_on is None) == (row["current"] == "y")


def test_what_came_before_and_after_agrees_with_the_register(register, found):
    for row in register:
        area = found[row["dfe_la_code"]]
        after = {one.dfe_code for one in area.successors.all()}
        before = {one.dfe_code for one in area.predecessors.all()}
        assert after == set(filter(None, row["successor_dfe_codes"].split(";")))
        # "835 (Christchurch)": a part of Dorset that went to Bournemouth and Poole.
        assert before == set(re.findall(r"\d{3}", row["predecessor_dfe_codes"]))
        for one in area.successors.all():
            assert one.starts_on == area.ends_on + datetime.timedelta(days=1)


def test_codes_agree_with_the_register(register, found):
    for row in register:
        codes = list(found[row["dfe_la_code"]].gss_codes.all())
        expected = {row["gss_code_2016_19"], row["gss_code_current"]} - {""}
        assert {one.code for one in codes} == expected
        for column, day in (("gss_code_2016_19", APRIL_2018), ("gss_code_current", TODAY)):
            on_the_day = [one.code for one in codes if _holds(one, day)]
            assert on_the_day == list(filter(None, [row[column]])), row["name"]


def test_the_first_letters_of_a_code_of_today_say_what_the_authority_is(found):
    types = {"E06": "unitary", "E08": "metropolitan", "E09": "london_borough", "E10": "county"}
    for area in found.values():
        assert types[list(area.gss_codes.all())[-1].code[:3]] == area.authority_type


def _holds(row, day) -> bool:
    first, last = row.starts_on or datetime.date.min, row.ends_on or datetime.date.max
    return first <= day <= last


def _commissioner_links():
    links = AreaOrganisation.objects.filter(organisation__kind="health_commissioner")
    return list(links.select_related("organisation", "local_area"))


@pytest.mark.parametrize(("column", "day"), [("icb_2022", TODAY), ("ccgs_april_2018", APRIL_2018)])
def test_health_commissioners_agree_with_the_register(register, column, day):
    loaded: dict[str, dict[str, int]] = {}
    for link in _commissioner_links():
        if _holds(link, day):
            loaded.setdefault(link.local_area.dfe_code, {})[link.organisation.name] = link.share
    for row in register:
        code = row["dfe_la_code"]
        expected = {
            name: share
            for name, share in _shares(row[column]).items()
            if (code, name) not in NOT_FOLLOWED
        }
        if (code, column) == ("830", "icb_2022"):  # Glossop's share came to the one board
            expected = dict.fromkeys(expected, 100)
        assert loaded.get(code, {}) == expected, row["name"]


def test_there_were_as_many_commissioners_as_were_counted_at_the_time():
    """After each round of mergers: published numbers of groups, and of integrated care boards."""
    bodies = Organisation.objects.filter(kind="health_commissioner")
    counts = {
        "2016-05-01": 209,
        "2017-04-01": 207,
        "2018-04-01": 195,
        "2019-04-01": 191,
        "2020-04-01": 135,
        "2021-04-01": 106,
        "2022-06-30": 106,
        "2022-07-01": 42,
    }
    assert {day: bodies.on(_day(day)).count() for day in counts} == counts


def test_every_area_has_a_commissioner_on_every_day_of_its_life():
    """From the first inspections in May 2016 to today: no gap."""
    first = datetime.date(2016, 1, 1)
    areas = {area.dfe_code: area for area in LocalArea.objects.all()}
    served: dict[str, set[datetime.date]] = {code: set() for code in areas}
    for link in _commissioner_links():
        begin, end = max(link.starts_on or first, first), min(link.ends_on or TODAY, TODAY)
        served[link.local_area.dfe_code] |= {
            begin + datetime.timedelta(days=number) for number in range((end - begin).days + 1)
        }
    for code, area in areas.items():
        begin, end = area.starts_on or first, area.ends_on or TODAY
        life = {begin + datetime.timedelta(days=n) for n in range((end - begin).days + 1)}
        assert served[code] == life, area.name


def test_a_commissioner_and_what_it_became_never_serve_an_area_on_the_same_day():
    """No overlap: each follows on the day after, whole groups become one, and none comes back."""
    bodies = Organisation.objects.filter(kind="health_commissioner")
    followed = {body.pk: set() for body in bodies}
    for body in bodies.prefetch_related("successors"):
        after = list(body.successors.all())
        assert bool(after) == (body.ends_on is not None), body.name
        for one in after:
            # A board, or a group that took in part of another's area, is there already at most.
            eve = one.starts_on - datetime.timedelta(days=1) if one.starts_on else None
            assert eve == body.ends_on, (body.name, one.name)
            followed[body.pk].add(one.pk)
    links: dict[str, list[AreaOrganisation]] = {}
    for link in _commissioner_links():
        links.setdefault(link.local_area.dfe_code, []).append(link)
    for of_area in links.values():
        pairs = {(one.organisation_id, one.starts_on) for one in of_area}
        assert len({pk for pk, _ in pairs}) == len(of_area)
        for old in of_area:
            for new in of_area:
                if new.organisation_id in followed[old.organisation_id]:
                    assert old.ends_on < new.starts_on


def test_groups_hold_from_the_day_on_which_they_merged():
    def names(code: str, day: str) -> list[str]:
        area = LocalArea.objects.get(dfe_code=code)
        return [one.name for one in health_commissioners(area, _day(day))]

    assert names("352", "2017-03-31") == [
        "NHS Central Manchester CCG", "NHS North Manchester CCG", "NHS South Manchester CCG"
    ]  # fmt: skip
    assert names("352", "2017-04-01") == ["NHS Manchester CCG"]
    assert names("830", "2019-04-01") == [
        "NHS Derby and Derbyshire CCG", "NHS Tameside and Glossop CCG"
    ]  # fmt: skip
    assert len(names("886", "2020-03-31")) == 7
    assert names("886", "2020-04-01") == ["NHS Kent and Medway CCG"]
    assert names("893", "2021-04-01") == ["NHS Shropshire, Telford and Wrekin CCG"]
    assert names("851", "2022-06-30") == ["NHS Portsmouth CCG"]


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
    assert {one.name for one in health_commissioners(cumbria, datetime.date(2022, 7, 1))} == {
        "NHS Lancashire and South Cumbria Integrated Care Board",
        "NHS North East and North Cumbria Integrated Care Board",
    }
    assert health_commissioners(cumbria, datetime.date(2023, 4, 1)) == []
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
    with django_assert_max_num_queries(16):
        assert load_areas(apps.get_model) == 1
    area = LocalArea.objects.get(dfe_code="302")
    assert area.pk == area_id("302")
    assert council(area, TODAY).name == "Barnet Council"


# -- an installation that had the first edition ----------------------------------------------------


@pytest.fixture
def first_edition():
    """The rows as the first edition of the file left them."""
    commissioners = Organisation.objects.filter(kind="health_commissioner")
    groups_of_2018 = commissioners.on(APRIL_2018)
    boards = commissioners.filter(starts_on="2022-07-01")
    Organisation.successors.through.objects.all().delete()
    gone = commissioners.exclude(pk__in=groups_of_2018).exclude(pk__in=boards)
    AreaOrganisation.objects.filter(organisation__in=gone).delete()
    links = AreaOrganisation.objects.filter(organisation__kind="health_commissioner")
    links.filter(local_area__starts_on__isnull=False, organisation__in=groups_of_2018).delete()
    links.filter(local_area__dfe_code="909", organisation__in=boards).delete()
    links.filter(organisation__in=groups_of_2018).update(starts_on=None, ends_on="2020-03-31")
    links.filter(local_area__dfe_code__in=["835", "836", "837"]).update(ends_on="2019-03-31")
    gone.delete()
    groups_of_2018.update(starts_on=None, ends_on="2022-06-30")
    AreaOrganisation.objects.update(share=None)
    LocalArea.objects.update(other_names="", ofsted_urn="", ons_region="")


def _everything() -> dict[str, list]:
    order = ("local_area__name", "organisation__name")
    return {
        "areas": list(LocalArea.objects.order_by("pk").values()),
        "bodies": list(Organisation.objects.order_by("kind", "name").values()),
        "links": list(
            AreaOrganisation.objects.order_by(*order).values_list(
                *order, "share", "starts_on", "ends_on"
            )
        ),
        "became": sorted(
            Organisation.successors.through.objects.values_list(
                "from_organisation__name", "to_organisation__name"
            )
        ),
    }


def test_an_earlier_installation_comes_to_hold_the_same_as_a_new_one(
    request, django_assert_max_num_queries
):
    new = _everything()
    request.getfixturevalue("first_edition")
    assert _everything() != new
    with django_assert_max_num_queries(45):
        complete_areas(apps.get_model)
    assert _everything() == new
    assert complete_areas(apps.get_model) == 0
    assert _everything() == new


def test_what_people_changed_meanwhile_stands(first_edition):
    barnet, bury = (LocalArea.objects.get(dfe_code=code) for code in ("302", "351"))
    # Barnet's people entered the merged group under a name of their own, for the same days.
    own = Organisation.objects.create(kind="health_commissioner", name="North Central London")
    AreaOrganisation.objects.create(local_area=barnet, organisation=own, starts_on="2020-04-01")
    # In Bury they gave the group another last day; in Kent they let an earlier group serve on.
    bury.links.filter(organisation__name="NHS Bury CCG").update(ends_on="2021-12-31")
    kent = LocalArea.objects.get(dfe_code="886")
    kent.links.filter(organisation__name="NHS Swale CCG").update(ends_on="2022-06-30")
    # Shropshire's entered the merged group by its right name.
    shropshire = LocalArea.objects.get(dfe_code="893")
    merged = Organisation.objects.create(
        kind="health_commissioner", name="NHS Shropshire, Telford and Wrekin CCG"
    )
    AreaOrganisation.objects.create(
        local_area=shropshire, organisation=merged, starts_on="2021-05-01", ends_on="2022-06-30"
    )
    LocalArea.objects.filter(dfe_code="302").update(ofsted_urn="1", name="Barnet, renamed")
    complete_areas(apps.get_model)

    def links(area, name):
        rows = area.links.filter(organisation__name=name)
        return [(row.starts_on, row.ends_on) for row in rows]

    assert links(barnet, "NHS North Central London CCG") == []
    assert links(bury, "NHS Bury CCG") == [(None, datetime.date(2021, 12, 31))]
    assert links(kent, "NHS Kent and Medway CCG") == []
    assert links(shropshire, merged.name) == [
        (datetime.date(2021, 5, 1), datetime.date(2022, 6, 30))
    ]
    telford = LocalArea.objects.get(dfe_code="894")
    assert links(telford, merged.name) == [(datetime.date(2021, 4, 1), datetime.date(2022, 6, 30))]
    barnet.refresh_from_db()
    assert (barnet.name, barnet.ofsted_urn, barnet.ons_region) == ("Barnet, renamed", "1", "London")
