"""Row by row: what is taken, what is doubted, what is refused and why; all or nothing for each."""

import datetime

import pytest
import time_machine

from areas.models import LocalArea
from overview.history.cells import Refused
from overview.history.checking import check
from overview.history.form import COLUMNS
from overview.history.placing import Places
from overview.history.reading import Read
from overview.tests.history_files import FULL, INSPECTION, REVISIT, row
from working_days.bundled import bundled_calendar

D = datetime.date
TODAY = D(2026, 11, 22)
CALENDAR = bundled_calendar()


def checked(base=INSPECTION, **given):
    cells = row(base, **given)
    return check(Read(2, {name: cells.get(name, "") for name in COLUMNS}), CALENDAR, TODAY)


def refused(base=INSPECTION, **given):
    with pytest.raises(Refused) as error:
        checked(base, **given)
    return list(error.value.reasons)


# --- taken ---


@pytest.mark.parametrize("base", [INSPECTION, REVISIT, FULL])
def test_an_ordinary_row_has_no_doubt(base):
    assert checked(base).doubts == ()


def test_what_the_file_reckons_itself_is_compared_and_never_believed():
    """33 working days after 1 February 2019 is 20 March (HB 59)."""
    right = checked(deadline_33wd="2019-03-20", wd_end_to_publication="33", wd_over_33="0")
    assert right.doubts == ()
    assert checked(deadline_33wd="2019-03-21").doubts == (
        "33 working days end on Wednesday 20 March 2019; the file says 2019-03-21.",
    )
    assert checked(wd_end_to_publication="32").doubts == (
        "It took 33 working days to publication; the file says 32.",
    )
    assert checked(wd_over_33="-1").doubts == (
        "Publication came 0 working days after the 33; the file says -1.",
    )


# --- doubted ---


@pytest.mark.parametrize(
    ("given", "doubt"),
    [
        ({"end_date_basis": "assumed Friday of start week"}, "is assumed Friday of start week."),
        ({"end_date": ""}, "The last day is not given: 2019-02-01 is assumed."),
        ({"publication_date": ""}, "The day of publication is not known."),
        ({"start_date": "", "end_date": ""}, "The days on site are not known."),
        ({"outcome": "", "n_weaknesses": ""}, "The outcome is not known."),
        ({"outcome": "(grade not extracted)"}, "The outcome is not known (grade not extracted)."),
        ({"n_weaknesses": ""}, "The number of significant weaknesses is not known."),
        ({"publication_date": "2019-03-23"}, "2019-03-23 is no working day (Saturday)."),
        ({"start_date": "2019-01-25"}, "6 working days on site are unusual."),
        ({"notes": "LA page says 25 to 27 September"}, "Sources differ or are doubted: LA page"),
        ({"notes": "fit in September 2019 (day not given)"}, "The source says: fit in September"),
    ],
)
def test_what_is_doubtful_is_said_and_taken_all_the_same(given, doubt):
    found = checked(**given).doubts
    assert any(doubt in one for one in found), found


def test_a_remark_that_doubts_nothing_is_no_doubt():
    assert checked(notes="improvement notice followed").doubts == ()


def test_a_revisit_of_five_days_is_unusual_and_one_of_two_is_not():
    assert checked(REVISIT, end_date="2022-09-28").doubts == ()
    assert checked(REVISIT, end_date="2022-10-03").doubts == (
        "5 working days on site are unusual.",
    )


def test_counts_that_were_not_seen_leave_the_published_outcome():
    found = checked(
        REVISIT, outcome="sufficient progress: some (count not seen)", n_sufficient="",
        n_insufficient="",
    )  # fmt: skip
    assert found.outcome == "some_sufficient"
    assert found.doubts == ("In how many weaknesses progress was sufficient is not known.",)


def test_without_any_day_the_month_that_the_notes_name_places_it():
    found = checked(
        REVISIT, start_date="", end_date="", publication_date="",
        notes="September 2022; exact days not seen",
    )  # fmt: skip
    assert found.on == D(2022, 9, 30)
    assert any("the month that the notes name" in one for one in found.doubts)


def test_an_interval_that_does_not_go_with_the_outcome_is_doubted():
    assert checked(FULL, next_inspection="5 years").doubts == (
        "Next inspection in 5 years does not go with the outcome.",
    )


# --- refused ---


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (
            {"end_date": "2019-02-29"},
            "end_date 2019-02-29 is no day of the calendar: 2019 is no leap",
        ),
        ({"end_date": "2019-04-31"}, "end_date 2019-04-31 is no day of the calendar."),
        ({"end_date": "01/02/2019"}, "end_date '01/02/2019' is no date of the form 2019-06-28."),
        ({"end_date": "2019-2-1"}, "end_date '2019-2-1' is no date of the form 2019-06-28."),
        ({"end_date": "٢٠١٩-02-01"}, "end_date '٢٠١٩-02-01' is no date of the form 2019-06-28."),
        ({"start_date": "1919-01-28"}, "bank holidays are known, 2012 to 2028."),
        ({"publication_date": "2026-11-23"}, "publication_date 2026-11-23 is still to come."),
        ({"end_date": "2019-01-25"}, "end_date 2019-01-25 is before start_date 2019-01-28."),
        ({"publication_date": "2019-01-31"}, "2019-01-31 is before end_date 2019-02-01."),
        ({"wsoa_submitted": "2019-01-01"}, "is before the team had left on 1 February 2019."),
        ({"n_weaknesses": "nine"}, "n_weaknesses 'nine' is no whole number."),
        ({"n_weaknesses": "-9"}, "n_weaknesses '-9' is no whole number."),
        ({"outcome": "good"}, "The outcome 'good' is not known of a row of this kind ("),
        ({"outcome": "no WSOA"}, "No statement was required, and yet there is n_weaknesses."),
        ({"local_area": ""}, "local_area is empty."),
        ({"event": "survey"}, "'survey' of the framework '2016-2022' is not known. There are:"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(given, reason):
    [said] = refused(**given)
    assert reason in said


def test_29_february_is_a_day_in_a_leap_year():
    assert checked(start_date="2020-02-24", end_date="2020-02-28",
                   publication_date="2020-02-29").published_on == D(2020, 2, 29)  # fmt: skip


def test_every_reason_is_said_at_once():
    assert len(refused(start_date="x", end_date="y", n_weaknesses="z", local_area="")) == 4


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"n_insufficient": "3"}, "n_weaknesses is 9, but 0 + 3 were judged."),
        (
            {"n_sufficient": "1", "n_insufficient": "8"},
            "does not follow from 1 sufficient and 8 not.",
        ),
        ({"n_sufficient": ""}, "Of n_sufficient and n_insufficient only one is given."),
        ({"n_insufficient": "0", "n_weaknesses": "0"}, "No weakness was judged"),
    ],
)
def test_the_outcome_of_a_revisit_follows_from_its_judgements(given, reason):
    [said] = refused(REVISIT, **given)
    assert reason in said


def test_a_row_without_any_date_is_refused():
    given = {"start_date": "", "end_date": "", "publication_date": "", "notes": "some day"}
    assert refused(**given) == ["It has no date at all, and its notes name no month."]


# --- which area ---


@pytest.fixture
def places(db):
    with time_machine.travel(datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC), tick=False):
        yield Places(TODAY)


def placed(places, **given):
    found = places.place(checked(**given))
    return found.area.name, list(found.doubts)


@pytest.mark.parametrize(
    "name",
    ["Kent", "KENT", " kent ", "Kent (county)"],
)
def test_an_area_is_found_by_its_name_however_it_is_written(places, name):
    assert placed(places, local_area=name) == ("Kent", [])


@pytest.mark.parametrize(
    ("name", "code", "region", "found"),
    [
        ("Telford & Wrekin", "E06000020", "West Midlands", "Telford and Wrekin"),
        ("Stoke-On-Trent", "E06000021", "West Midlands", "Stoke-on-Trent"),
        (
            "Bournemouth, Christchurch & Poole",
            "E06000058",
            "South West",
            "Bournemouth, Christchurch and Poole",
        ),
    ],
)
def test_ampersands_hyphens_and_capitals_are_no_difference(places, name, code, region, found):
    given = {"local_area": name, "gss_code": code, "ofsted_region": region}
    dates = {"start_date": "2021-06-28", "end_date": "2021-07-02", "publication_date": "2021-08-31"}
    assert placed(places, **given, **dates) == (found, [])


def test_a_name_that_is_not_in_the_register_is_placed_by_its_code(places):
    given = {"gss_code": "E09000001", "ofsted_region": "London"}
    assert placed(places, local_area="London Corporation", **given) == (
        "City of London",
        [
            "'London Corporation' is not in the register: placed as City of London by its code"
            " E09000001."
        ],
    )


def test_of_two_areas_of_one_name_the_day_decides(places):
    """Dorset was abolished at the end of March 2019; another Dorset began the next day."""
    given = {"gss_code": "E10000009", "ofsted_region": "South West"}
    before, doubts = placed(places, local_area="Dorset (county, abolished 2019)", **given)
    assert LocalArea.objects.get(name=before).dfe_code == "835"
    assert ["abolished at the end of Sunday 31 March 2019" in one for one in doubts] == [True]
    dates = {"start_date": "2024-03-11", "end_date": "2024-03-15", "publication_date": "2024-05-15"}
    after, doubts = placed(places, local_area="Dorset", **given, **dates)
    assert LocalArea.objects.get(name=after).dfe_code == "838"
    assert ["which came before Dorset: placed by its name" in one for one in doubts] == [True]


def test_an_area_that_did_not_exist_on_the_day_is_refused(places):
    dates = {"start_date": "2024-01-29", "end_date": "2024-02-02", "publication_date": "2024-04-03"}
    with pytest.raises(Refused, match="Cumbria did not exist on Monday 29 January 2024"):
        placed(places, local_area="Cumbria", gss_code="E10000006", **dates)


def test_a_code_that_changed_is_known_before_and_after(places):
    given = {"local_area": "Barnsley", "ofsted_region": "North East, Yorkshire and the Humber"}
    assert placed(places, gss_code="E08000016", **given) == ("Barnsley", [])
    assert placed(places, gss_code="E08000038", **given) == ("Barnsley", [])


def test_an_unknown_area_is_refused(places):
    with pytest.raises(Refused, match="There is no local area 'Wessex' with the code E99999999"):
        placed(places, local_area="Wessex", gss_code="E99999999")


def test_a_name_with_the_code_of_another_area_is_refused(places):
    with pytest.raises(Refused, match="It names Kent and has the code of Surrey"):
        placed(places, gss_code="E10000030")


@pytest.mark.parametrize(
    ("given", "doubt"),
    [
        ({"gss_code": ""}, "It has no GSS code: placed by its name."),
        ({"gss_code": "E99999999"}, "The code E99999999 is not in the register"),
        ({"ofsted_region": "London"}, "The file has the region London, the register South East."),
    ],
)
def test_other_doubts_about_the_place(places, given, doubt):
    name, [said] = placed(places, **given)
    assert name == "Kent"
    assert doubt in said


def test_all_areas_are_looked_up_with_a_handful_of_queries(db, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        places = Places(TODAY)
        for _ in range(20):
            placed(places)
