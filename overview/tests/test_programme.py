"""The programme: what stands there of each area (process.md, 'Programme and scheduling')."""

import csv
import datetime
import io
from pathlib import Path

import openpyxl
import pytest
import time_machine
from django.core.management import call_command

from accounts import roles
from areas.models import LocalArea
from casework.recording import create_case as open_case
from casework.recording import import_case
from config import clock
from inspections.models import DeclaredInterest
from inspections.tests.conftest import make_person
from overview.programme.access import REFUSED, reader_of
from overview.programme.lines import Period, programme
from overview.programme.statuses import STATUSES, has
from overview.tests.programme_cases import EARLIER, PRESENT, area, case, day, due

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 6, 1, 9, 0, tzinfo=clock.LONDON)
REAL = Path(__file__).parents[2].parent / "shared" / "data" / "real_cases.csv"


@pytest.fixture(autouse=True)
def at():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def officer(db):
    return make_person("Sam Officer", roles.SUPPORT_OFFICER)


@pytest.fixture
def page(client, officer):
    client.force_login(officer)
    return lambda query="": client.get(f"/programme/{query}")


def line_of(user, local_area, period=None):
    found = programme(reader_of(user), period or Period()).lines
    return next((line for line in found if line.pk == local_area.pk), None)


def statuses(line):
    return {name for name in STATUSES if has(line, name)}


def names(answer):
    """The areas of the table, from top to bottom."""
    rows = answer.context["table"].rows
    return [str(row.cells[0]).split(">")[1].split("<")[0] for row in rows]


# --- what stands in a line --------------------------------------------------------------------


def test_an_area_without_history_was_never_inspected(officer):
    line = line_of(officer, area("Westmarsh"))
    assert (line.last, line.statement, line.revisit, line.coming, line.next_due) == (None,) * 5
    assert statuses(line) == {"never"}


def test_the_last_inspection_its_outcome_and_five_years_on(officer):
    """ON 1: about once in five years."""
    west = area("Westmarsh")
    case(west, on="2017-03-06", outcome="statement_required")
    last = case(west, on="2021-06-07", outcome="no_statement")
    line = line_of(officer, west)
    assert (line.last.pk, line.last.told) == (last.pk, "no_statement")
    assert line.next_due == day("2026-06-11")
    assert statuses(line) == {"inspection_soon"}


@pytest.mark.parametrize("stage", ["planned", "scheduled", "notified", "deferred", "cancelled"])
def test_days_that_were_only_planned_are_no_inspection(officer, stage):
    west = area("Westmarsh")
    case(west, on="2026-05-18", stage=stage, moments=[])
    assert line_of(officer, west).last is None


def test_after_one_of_2023_the_next_is_due_by_its_outcome(officer):
    """AS-NEXT: 5 years after positive experiences, else 3."""
    west = area("Westmarsh")
    last = case(west, on="2023-06-05", framework=PRESENT, outcome="failings")
    assert line_of(officer, west).next_due is None
    due(last, "AS-NEXT", "2026-05-29")
    line = line_of(officer, west)
    assert line.next_due == day("2026-05-29")
    assert statuses(line) == {"inspection_overdue"}


def test_an_open_statement_says_by_when_the_re_visit_is_due(officer):
    """HB 106: within 18 months of the judgement that it is fit for purpose."""
    west = area("Westmarsh")
    case(west, "wsoa", stage="superseded")
    statement = case(west, "wsoa", stage="fit", moments=["final_sent"])
    due(statement, "WS-REVISIT", "2026-11-30")
    line = line_of(officer, west)
    assert (line.statement.pk, line.revisit_due) == (statement.pk, day("2026-11-30"))
    assert statuses(line) == {"never", "statement", "revisit_soon"}


def test_the_statement_shown_is_that_of_the_latest_inspection_whenever_it_was_put_on_record(
    officer,
):
    """History imported later is no newer: the day of the inspection decides."""
    west = area("Westmarsh")
    now_on = case(west, on="2026-05-11", outcome="statement_required")
    current = case(west, "wsoa", stage="being_written", origin=now_on, moments=["final_sent"])
    long_ago = case(west, on="2019-01-28", outcome="statement_required")
    later = clock.now() + datetime.timedelta(hours=1)
    case(west, "wsoa", stage="in_further_support", origin=long_ago, created_at=later)
    assert line_of(officer, west).statement.pk == current.pk
    current.stage, current.ended_on = "superseded", clock.today()
    current.save()
    assert line_of(officer, west).statement.pk == current.pk


def test_the_latest_statement_of_an_area_may_be_that_of_one_before_it(officer):
    old = area("Old", ends_on=day("2023-03-31"))
    west = area("West", starts_on=day("2023-04-01"))
    old.successors.add(west)
    first, second = case(old, on="2018-03-05"), case(west, on="2024-03-04")
    newest = case(west, "wsoa", stage="fit", origin=second)
    case(old, "wsoa", stage="fit", origin=first, created_at=clock.now() + datetime.timedelta(1))
    assert line_of(officer, west).statement.pk == newest.pk


def test_a_statement_without_inspection_counts_from_its_own_beginning(officer):
    west = area("Westmarsh")
    alone = open_case("wsoa", local_area=west, by=None, happened_on=day("2026-05-01"))
    assert line_of(officer, west).statement.since == day("2026-05-01")
    case(west, "wsoa", stage="fit", origin=case(west, on="2019-01-28"))
    assert line_of(officer, west).statement.pk == alone.pk


def test_history_that_says_no_more_than_required_is_not_recorded_rather_than_neglected(page):
    west = area("Westmarsh")
    first = case(west, on="2018-03-05", outcome="statement_required")
    told = {"local_area": west, "framework": EARLIER, "opened_on": day("2018-05-18")}
    import_case("wsoa", **told, origin=first, key="history:x", history=[])
    text = page("?area=Westmarsh").content.decode()
    assert "Open: required, what followed is not recorded" in text
    assert "<span>Not recorded</span>" in text


def test_a_re_visit_is_overdue_until_it_is_made(officer):
    west = area("Westmarsh")
    statement = case(west, "wsoa", stage="fit", moments=["final_sent"])
    deadline = due(statement, "WS-REVISIT", "2026-05-29")
    assert statuses(line_of(officer, west)) == {"never", "statement", "revisit_overdue"}
    deadline.state = "met_late"
    deadline.save()
    visit = case(west, "revisit", on="2026-05-25", stage="feedback_given", outcome="")
    line = line_of(officer, west)
    assert (line.revisit.pk, line.revisit_due) == (visit.pk, None)
    assert statuses(line) == {"never", "statement"}


def test_a_forecast_says_that_it_is_one(officer):
    west = area("Westmarsh")
    statement = case(west, "wsoa", stage="being_written", moments=["final_sent"])
    due(statement, "WS-REVISIT", "2028-02-01", state="forecast")
    assert line_of(officer, west).revisit_forecast


def test_an_ended_statement_owes_no_re_visit(officer):
    west = area("Westmarsh")
    due(case(west, "wsoa", stage="superseded"), "WS-REVISIT", "2026-05-29")
    line = line_of(officer, west)
    assert (line.statement_open, line.revisit_due) == (False, None)


def test_what_comes_next_is_the_soonest_of_inspection_and_re_visit(officer):
    west = area("Westmarsh")
    undated = case(west, stage="planned", moments=[])
    assert line_of(officer, west).coming.pk == undated.pk
    assert not has(line_of(officer, west), "scheduled")
    case(west, on="2026-09-07", stage="scheduled", moments=[])
    soonest = case(west, "revisit", on="2026-07-06", stage="scheduled", moments=[])
    line = line_of(officer, west)
    assert line.coming.pk == soonest.pk
    assert has(line, "scheduled")


def test_an_outcome_shows_once_the_report_is_out(officer):
    """roles.md: a determination is HMCI's until the final report is sent."""
    west = area("Westmarsh")
    running = case(
        west,
        on="2026-05-11",
        stage="draft_sent",
        outcome="statement_required",
        moments=["feedback"],
    )
    line = line_of(officer, west)
    assert (line.last.pk, line.last.told) == (running.pk, "")
    assert statuses(line) == {"under_way"}
    running.moments = ["feedback", "final_sent"]
    running.save()
    assert line_of(officer, west).last.told == "statement_required"


def test_the_history_of_an_abolished_area_counts_for_its_successors(officer):
    """process.md, 'Region'."""
    first = area("First", ends_on=day("2009-03-31"))
    old = area("Old", ends_on=day("2023-03-31"))
    east, west = (
        area("East", starts_on=day("2023-04-01")),
        area("West", starts_on=day("2023-04-01")),
    )
    first.successors.add(old)
    old.successors.add(east, west)
    earlier = case(first, on="2017-03-06")
    for one in (east, west, old):
        assert line_of(officer, one).last.pk == earlier.pk
    own = case(west, on="2024-03-04", framework=PRESENT)
    assert line_of(officer, west).last.pk == own.pk
    assert line_of(officer, east).last.pk == earlier.pk
    gone = line_of(officer, old)
    assert ([one.name for one in gone.successors], gone.next_due) == (["East", "West"], None)
    assert "never" not in statuses(gone)


# --- who reads what ---------------------------------------------------------------------------

NOT_THEIRS = (
    roles.LANO, roles.DCS, roles.SEND_LEAD, roles.PARENT_CARER_FORUM, roles.ADVISER,
    roles.OFFICIAL, roles.MINISTER, roles.DHSC, roles.CHAIR, roles.PUBLICATIONS,
    roles.ADMINISTRATOR,
)  # fmt: skip


@pytest.mark.parametrize("role", NOT_THEIRS)
@pytest.mark.parametrize("address", ["/programme/", "/programme/?format=csv", "/programme/year/"])
def test_it_is_for_the_inspectorates_alone(client, role, address):
    west = area("Westmarsh")
    case(west, on="2026-09-07", stage="scheduled", moments=[])
    client.force_login(make_person("Otto Other", role))
    answer = client.get(address)
    assert answer.status_code == 403
    assert REFUSED in answer.content.decode()
    assert "Westmarsh" not in answer.content.decode()
    assert b'href="/programme/"' not in client.get("/").content


def test_nobody_reads_it_without_signing_in(client):
    for address in ("/programme/", "/programme/year/", "/programme/?format=xlsx"):
        assert client.get(address)["Location"].startswith("/sign-in/")


@pytest.mark.parametrize(
    "role",
    [roles.SUPPORT_OFFICER, roles.SENIOR_HMI, roles.CQC_QUALITY_ASSURER, roles.REGIONAL_DIRECTOR,
     roles.HMCI],
)  # fmt: skip
def test_schedulers_and_deciders_read_all_of_it_and_find_it_in_the_menu(client, role):
    west = area("Westmarsh")
    case(west, on="2026-09-07", stage="scheduled", moments=[])
    client.force_login(make_person("Ria Reader", role))
    answer = client.get("/programme/?area=Westmarsh")
    assert "Inspection, 7 to 11 Sep 2026" in answer.content.decode()
    assert b'href="/programme/"' in client.get("/").content
    plans = f"/inspections/plan/?local_area={west.pk}" in answer.content.decode()
    assert plans == (role == roles.SUPPORT_OFFICER)


def test_a_lead_reads_every_area_but_only_what_is_published_or_their_own(client):
    """roles.md: LEAD R; a case not yet notified is confidential to others."""
    west, east = area("Westmarsh"), area("Eastmarsh")
    lead = make_person("Ada Osei", roles.HMI)
    own = case(west, on="2026-09-07", stage="scheduled", moments=[])
    own.roles.create(person=lead, role="lead_hmi", starts_on=day("2026-01-01"))
    public = case(east, on="2021-03-01", outcome="no_statement")
    case(east, on="2026-10-05", stage="scheduled", moments=[])
    case(east, on="2026-05-11", stage="draft_sent", moments=["notified"])
    statement = case(east, "wsoa", stage="fit", moments=["final_sent", "published"])
    assert line_of(lead, west).coming.pk == own.pk
    line = line_of(lead, east)
    assert (line.last.pk, line.last.open, line.coming) == (public.pk, False, None)
    assert line.statement.pk == statement.pk
    client.force_login(lead)
    text = client.get("/programme/?area=Eastmarsh").content.decode()
    assert "1 to 5 Mar 2021" in text
    assert "Oct 2026" not in text
    # How far the judgement is reads who may open the statement.
    assert "fit for purpose<" not in text.lower()
    assert str(statement.pk) not in text


def test_other_inspectors_read_the_areas_of_their_own_cases(client):
    """roles.md: TEAM own."""
    west, east = area("Westmarsh"), area("Eastmarsh")
    inspector = make_person("Bilal Khan", roles.OFSTED_INSPECTOR)
    client.force_login(inspector)
    answer = client.get("/programme/")
    assert "No area is yours at present" in answer.content.decode()
    own = case(west, on="2026-09-07", stage="scheduled", moments=[])
    own.roles.create(person=inspector, role="ofsted_inspector", starts_on=day("2026-01-01"))
    case(east, on="2017-03-06", outcome="no_statement")
    assert names(client.get("/programme/")) == ["Westmarsh"]
    assert line_of(inspector, east) is None


def test_a_role_for_a_region_or_an_area_reaches_no_further(client):
    west, east = area("Westmarsh", "London"), area("Eastmarsh", "South West")
    director = make_person("Gwen Director")
    director.memberships.create(
        role=roles.REGIONAL_DIRECTOR,
        scope="region",
        region=west.region,
        starts_on=day("2020-01-01"),
    )
    assert line_of(director, west) is not None
    assert line_of(director, east) is None
    local = make_person("Lou Local", roles.SUPPORT_OFFICER, area=east)
    assert [line.name for line in programme(reader_of(local), Period()).lines] == ["Eastmarsh"]


def test_areas_with_a_declared_interest_are_left_out_and_named(page, officer):
    """roles.md: nobody sees a case of an area in which they have a declared interest."""
    old, west = area("Oldmarsh", ends_on=day("2023-03-31")), area("Westmarsh")
    old.successors.add(west)
    case(old, on="2017-03-06")
    DeclaredInterest.objects.create(
        person=officer, local_area=old, since=day("2020-01-01"), reason="x", entered_at=NOW
    )
    answer = page("?area=marsh&gone=on")
    assert names(answer) == []
    assert "you declared an interest: Oldmarsh and Westmarsh" in answer.content.decode()
    assert "Mar 2017" not in answer.content.decode()


# --- filters, order, paging -------------------------------------------------------------------


def test_each_status_narrows_to_its_areas_and_says_how_many(page):
    west, east = area("Westmarsh"), area("Eastmarsh")
    case(west, on="2026-09-07", stage="scheduled", moments=[])
    due(case(east, "wsoa", stage="fit", moments=["published"]), "WS-REVISIT", "2026-05-29")
    found = {chip.label: chip for chip in page("?area=marsh").context["chips"]}
    counts = {label: chip.count for label, chip in found.items() if chip.count}
    assert counts == {
        "All": 2,
        "Never inspected": 2,
        "Scheduled": 1,
        "Statement open": 1,
        "Re-visit overdue": 1,
    }
    assert names(page(found["Scheduled"].address)) == ["Westmarsh"]
    overdue = page(found["Re-visit overdue"].address)
    assert names(overdue) == ["Eastmarsh"]
    assert 'class="govuk-table__row app-table__row--alert"' in overdue.content.decode()


def test_filters_narrow_and_can_be_taken_back_one_by_one(page):
    area("Westmarsh", "London")
    area("Eastmarsh", "South West")
    answer = page("?area=marsh&region=london&order=-area")
    assert names(answer) == ["Westmarsh"]
    addresses = {one["label"]: one["address"] for one in answer.context["narrowed"]}
    assert names(page(addresses["Region"])) == ["Westmarsh", "Eastmarsh"]
    assert names(page("?area=marsh&region=nowhere")) == []
    assert page("?area=marsh&region=nowhere").context["form"].errors
    assert names(page("?area=no+such+place")) == []
    assert "No area matches" in page("?area=no+such+place").content.decode()


def test_a_period_shows_the_last_inspection_within_it(page):
    west = area("Westmarsh")
    early = case(west, on="2017-03-06", outcome="statement_required")
    case(west, on="2024-03-04", framework=PRESENT, outcome="positive")
    text = page("?area=Westmarsh&period_to=March+2017").content.decode()
    assert early.reference in text
    assert "6 to 10 Mar 2017" in text
    assert "Statement required" in text
    assert names(page("?area=Westmarsh&period_from=4+2017&period_to=2+2024")) == []
    assert names(page("?area=Westmarsh&framework=area-send-2023")) == ["Westmarsh"]
    assert names(page("?area=Westmarsh&framework=area-send-2023&period_to=3+2017")) == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("period_from=spring", "The first month must be a month and a year"),
        ("period_to=13+2017", "The last month must be a month and a year"),
        ("period_from=4+2017&period_to=3+2017", "The last month must be the first month or later"),
        ("period_from=1+1066", "The first month must be between 2000 and 2099"),
        ("area=" + "x" * 101, "must have 100 characters or fewer"),
        ("framework=zzz", "Select the framework of the last inspection from the list"),
        ("status=zzz", "Select the status from the list"),
    ],
)
def test_what_is_not_understood_is_said_and_shown_again(page, query, words):
    answer = page(f"?{query}")
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert answer.context["count"] == 0
    assert query.split("=")[1].split("&")[0].replace("+", " ") in answer.content.decode()
    assert page(f"?{query}&format=csv")["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    "order", ["", "last", "-last", "revisit", "-revisit", "next", "-next", "-area"]
)
def test_every_area_stands_on_one_page_whatever_the_order(page, order):
    """Many areas have no day at all, and several the same."""
    areas = list(LocalArea.objects.filter(ends_on__isnull=True)[:40])
    for number, one in enumerate(areas):
        case(one, on=f"2017-0{number % 3 + 1}-06")
        if number % 2:
            statement = case(one, "wsoa", stage="fit", moments=["published"])
            due(statement, "WS-REVISIT", f"2026-0{number % 4 + 5}-01")
    found, query = [], f"?order={order}"
    while query:
        answer = page(query)
        found += names(answer)
        query = answer.context["older"]
    expected = LocalArea.objects.on(clock.today()).values_list("name", flat=True)
    assert sorted(found) == sorted(expected)
    assert len(found) > 100


def test_abolished_areas_show_on_request_with_their_successors(page):
    old = area("Oldmarsh", ends_on=day("2023-03-31"))
    old.successors.add(area("Newmarsh"))
    assert names(page("?area=marsh")) == ["Newmarsh"]
    answer = page("?area=marsh&gone=on")
    assert names(answer) == ["Newmarsh", "Oldmarsh"]
    assert "until 31 Mar 2023; since then Newmarsh" in answer.content.decode()


# --- a constant number of queries -------------------------------------------------------------


def test_the_page_takes_the_same_queries_for_one_case_and_for_many(page, django_assert_num_queries):
    west = area("Westmarsh")
    case(west, on="2017-03-06")
    page()
    with django_assert_num_queries(8):
        page()
    for one in LocalArea.objects.all()[:60]:
        for kind in ("inspection", "wsoa", "revisit"):
            due(case(one, kind, on="2018-03-05"), "WS-REVISIT", "2019-01-01")
    with django_assert_num_queries(8):
        page()
    with django_assert_num_queries(9):
        page("?period_to=3+2018")


# --- regions of a period ----------------------------------------------------------------------


def figures(answer):
    return {row.cells[0]: list(row.cells[1:]) for row in answer.context["regions"].rows}


def test_regions_of_a_period_count_inspections_and_statements(page):
    west, east = area("Westmarsh", "London"), area("Eastmarsh", "South West")
    case(west, on="2016-09-05", outcome="statement_required")
    case(west, on="2017-03-27", outcome="no_statement")
    case(east, on="2017-03-31", outcome="statement_required")
    case(east, on="2017-04-03", outcome="statement_required")
    case(east, on="2017-02-06", stage="cancelled", outcome="")
    case(east, "revisit", on="2017-02-06")
    secret = {"stage": "draft_sent", "outcome": "statement_required", "moments": ["feedback"]}
    case(east, on="2017-02-13", **secret)
    assert figures(page("?period_to=3+2017")) == {
        "London": [2, 1],
        "South West": [2, 1],
        "England": [4, 2],
    }
    assert figures(page("?period_from=3+2017&period_to=3+2017&region=london")) == {"London": [1, 0]}
    assert page().context["regions"] is None
    assert "No inspection began in this period" in page("?period_to=1+2016").content.decode()


def test_regions_count_the_outcomes_of_2023_apart(page):
    west = area("Westmarsh", "London")
    case(west, on="2023-09-04", framework=PRESENT, outcome="failings")
    answer = page("?period_from=1+2023")
    assert [column.label for column in answer.context["regions"].columns][2:] == [
        "Typically positive",
        "Inconsistent",
        "Widespread or systemic failings",
    ]
    assert figures(answer) == {"London": [1, 0, 0, 1]}


def test_the_regions_of_a_director_are_their_own(client):
    west, east = area("Westmarsh", "London"), area("Eastmarsh", "South West")
    for one in (west, east):
        case(one, on="2017-03-06", outcome="statement_required")
    director = make_person("Gwen Director")
    director.memberships.create(
        role=roles.REGIONAL_DIRECTOR,
        scope="region",
        region=west.region,
        starts_on=day("2020-01-01"),
    )
    client.force_login(director)
    assert figures(client.get("/programme/?period_to=3+2017")) == {"London": [1, 1]}


def test_the_first_thirty_inspections_are_those_of_one_year_on(page):
    """ON 1, 7: thirty by the end of March 2017, nine with a statement, by region."""
    if not REAL.exists():
        pytest.skip("../shared/data/real_cases.csv is not here")
    call_command("import_history", str(REAL), stdout=io.StringIO(), stderr=io.StringIO())
    answer = page("?period_to=3+2017")
    found = figures(answer)
    assert found.pop("England") == [30, 9]
    assert {region: counts[1] for region, counts in found.items() if counts[1]} == {
        "North West": 2,
        "North East, Yorkshire and the Humber": 2,
        "South East": 1,
        "South West": 1,
        "London": 1,
        "East of England": 1,
        "West Midlands": 1,
    }
    # That of Dorset, abolished since, shows at both of its successors.
    assert answer.context["count"] == 31
    assert page("?period_to=3+2017&gone=on").context["count"] == 32


# --- as a file --------------------------------------------------------------------------------


def rows_of_csv(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_list_as_csv_holds_what_the_page_was_narrowed_to(page):
    west = area("=HYPERLINK(marsh)")
    last = case(west, on="2017-03-06", outcome="statement_required", published_on=day("2017-05-02"))
    rows = rows_of_csv(page("?area=marsh&region=london&format=csv"))
    assert rows[1] == ["Narrowed to", "Area: marsh; Region: London"]
    assert rows[2] == ["Made", "Monday 1 June 2026, 09:00 (London time)"]
    line = dict(zip(rows[4], rows[5], strict=True))
    assert len(rows) == 6
    assert line["Local area"] == "'=HYPERLINK(marsh)"
    assert line["Inspection"] == last.reference
    assert (line["First day"], line["Published"]) == ("2017-03-06", "2017-05-02")
    assert line["Outcome"] == "Statement required"
    assert line["Calls for"] == "Inspection overdue"


def test_the_list_as_a_workbook_has_every_area_and_days_as_days(page):
    west = area("Westmarsh")
    case(west, on="2017-03-06")
    answer = page("?format=xlsx&order=-last")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    rows = list(book.active.iter_rows(min_row=5, values_only=True))
    assert len(rows) - 1 == LocalArea.objects.on(clock.today()).count()
    first = dict(zip(rows[0], rows[1], strict=True))
    assert first["Local area"] == "Westmarsh"
    assert first["First day"] == datetime.datetime(2017, 3, 6)  # noqa: DTZ001 - as the reader gives it


def test_a_file_holds_no_more_than_its_reader_may_see(client):
    east = area("Eastmarsh")
    case(east, on="2026-10-05", stage="scheduled", moments=[])
    lead = make_person("Ada Osei", roles.HMI)
    own = case(area("Westmarsh"), on="2026-09-07", stage="scheduled", moments=[])
    own.roles.create(person=lead, role="lead_hmi", starts_on=day("2026-01-01"))
    client.force_login(lead)
    rows = rows_of_csv(client.get("/programme/?area=Eastmarsh&format=csv"))
    assert len(rows) == 6
    assert "2026-10-05" not in str(rows)
