"""The list of cases sorted and as a file. Its rows are written as the fold leaves them: nothing
here reads an event."""

import csv
import datetime
import io

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.models import Case
from casework.tests.rehearsal import make_area, make_person
from casework.views.case_list import ORDERS

pytestmark = pytest.mark.django_db
MONDAY = datetime.datetime(2026, 6, 1, 8, 0, tzinfo=datetime.UTC)
FEW_DAYS = [None, None, *(datetime.date(2026, 6, number) for number in (1, 2, 3))]


def make(area, number, **given_values):
    values = {"stage": "planned", "created_at": MONDAY, "moments": ["notified"], **given_values}
    return Case.objects.create(
        reference=f"RH-2026-{number:04d}", kind="rehearsal", local_area=area, **values
    )


@pytest.fixture
def areas(area):
    return [area, make_area("Otherland", region="Other Region", code="T02"),
            make_area("Åland", code="T03")]  # fmt: skip


@pytest.fixture
def listed(client, officer, monday):
    client.force_login(officer)

    def ask(query=""):
        return client.get(f"/cases/{query}")

    return ask


def references(answer):
    return [row.cells[1] for row in answer.context["table"].rows]


def everything(listed, order):
    """All pages forwards, then all pages backwards."""
    there, query, answer = [], f"?order={order}", None
    while query:
        answer = listed(query)
        there += references(answer)
        query = answer.context["older"]
    back, query = references(answer), answer.context["newer"]
    while query:
        answer = listed(query)
        back = references(answer) + back
        query = answer.context["newer"]
    assert back == there
    return there


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=st.lists(
        st.tuples(
            st.integers(0, 2),
            st.sampled_from(FEW_DAYS),
            st.sampled_from(["planned", "closed"]),
            st.integers(0, 2),
        ),
        min_size=26,
        max_size=60,
    ),
    order=st.sampled_from(sorted(ORDERS)),
)
def test_every_case_stands_on_one_page_in_order_there_and_back(areas, listed, rows, order):
    """Equal days, equal stages and no day at all included."""
    Case.objects.all().delete()
    for number, (place, first_day, stage, minutes) in enumerate(rows):
        make(
            areas[place],
            number,
            first_day=first_day,
            stage=stage,
            created_at=MONDAY + datetime.timedelta(minutes=minutes),
        )
    found = everything(listed, order)
    assert sorted(found) == [f"RH-2026-{number:04d}" for number in range(len(rows))]
    cases = {case.reference: case for case in Case.objects.select_related("local_area")}
    in_order = [cases[reference] for reference in found]
    if order.endswith("day"):
        days = [case.first_day for case in in_order]
        given_days = [day for day in days if day]
        assert days == given_days + [None] * (len(days) - len(given_days))
        assert given_days == sorted(given_days, reverse=order.startswith("-"))
    if order.endswith("reference"):
        assert found == sorted(found, reverse=order.startswith("-"))
    if order.endswith("stage"):
        stages = [case.stage for case in in_order]
        assert stages == sorted(stages, reverse=order.startswith("-"))
    if order.endswith("area"):
        together = list(dict.fromkeys(case.local_area_id for case in in_order))
        changes = sum(a.local_area_id != b.local_area_id for a, b in zip(in_order, in_order[1:]))  # noqa: B905, RUF007
        assert changes == len(together) - 1


def test_a_heading_sorts_and_again_turns_round(areas, listed):
    make(areas[0], 1, first_day=datetime.date(2026, 6, 2))
    make(areas[0], 2, first_day=datetime.date(2026, 6, 1))
    headings = {one.label: one for one in listed("?kind=rehearsal").context["table"].columns}
    up = listed(headings["Day 1"].sort_address)
    assert references(up) == ["RH-2026-0002", "RH-2026-0001"]
    heading = next(one for one in up.context["table"].columns if one.label == "Day 1")
    assert (heading.sorted, "kind=rehearsal" in heading.sort_address) == ("ascending", True)
    down = listed(heading.sort_address)
    assert references(down) == ["RH-2026-0001", "RH-2026-0002"]
    assert 'aria-sort="descending"' in down.content.decode()
    # The filters' form keeps the order.
    assert '<input type="hidden" name="order" value="-day">' in down.content.decode()


@pytest.mark.parametrize("odd", ["order=x", "order=-", "order=pk&after=x", "format=ods", "format="])
def test_an_order_or_format_that_there_is_not_is_the_plain_list(areas, listed, odd):
    make(areas[0], 1)
    answer = listed(f"?{odd}")
    assert references(answer) == ["RH-2026-0001"]


def test_history_put_on_record_today_does_not_stand_before_what_happens_now(areas, listed):
    for number in range(1, 31):
        make(
            areas[0],
            number,
            first_day=datetime.date(2019, 3, 1),
            stage="closed",
            created_at=MONDAY + datetime.timedelta(hours=1),
        )
    make(areas[0], 40, first_day=datetime.date(2026, 6, 8))
    make(areas[0], 41)
    answer = listed()
    assert references(answer)[0] == "RH-2026-0040"
    heading = next(one for one in answer.context["table"].columns if one.label == "Day 1")
    assert heading.sorted == "descending"
    rest = references(listed(answer.context["older"]))
    assert (len(rest), rest[-1]) == (7, "RH-2026-0041")
    # Of one kind, by reference: of what has no days the year is in it.
    assert references(listed("?kind=rehearsal"))[0] == "RH-2026-0041"


def test_a_place_of_another_order_is_the_first_page(areas, listed):
    for number in range(30):
        make(areas[0], number)
    place = listed("?order=day").context["older"].split("after=")[1]
    assert len(references(listed(f"?order=reference&after={place}"))) == 25


# --- as a file --------------------------------------------------------------------------------


def rows_of_csv(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_whole_list_as_csv_in_its_order_with_its_filters(areas, listed):
    areas[1].name = "+Otherland"
    areas[1].save()
    for number in range(30):
        make(areas[number % 2], number, first_day=datetime.date(2026, 6, 1))
    answer = listed("?area=otherl&order=-reference&format=csv")
    assert answer["Content-Disposition"] == 'attachment; filename="cases-2026-06-01.csv"'
    rows = rows_of_csv(answer)
    assert rows[1] == ["Narrowed to", "Local area or reference: otherl"]
    assert [row[0] for row in rows[5:]] == [f"RH-2026-{n:04d}" for n in range(29, 0, -2)]
    assert rows[5][1] == "'+Otherland"
    assert rows[5][6] == "2026-06-01"


def test_the_whole_list_as_a_workbook(areas, listed):
    for number in range(30):
        make(areas[0], number, first_day=datetime.date(2026, 6, 1))
    answer = listed("?format=xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    rows = list(book.active.iter_rows(min_row=6))
    assert len(rows) == 30
    assert rows[0][6].is_date


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_holds_no_case_that_is_confidential(areas, client, monday, form):
    make(areas[0], 1, moments=[])
    make(areas[0], 2)
    make(areas[1], 3)
    client.force_login(make_person("Dora", role="dcs", area=areas[0]))
    content = b"".join(client.get(f"/cases/?format={form}").streaming_content)
    if form == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(content))
        content = str(list(book.active.values)).encode()
    assert b"RH-2026-0002" in content
    assert b"RH-2026-0001" not in content
    assert b"RH-2026-0003" not in content


def test_strangers_get_no_file(client):
    assert client.get("/cases/?format=csv")["Location"].startswith("/sign-in/")


def test_a_long_list_is_read_as_it_is_written(areas, listed, django_assert_max_num_queries):
    Case.objects.bulk_create(
        Case(
            reference=f"RH-{number:05d}", kind="rehearsal", local_area=areas[0],
            stage="planned", created_at=MONDAY,
        )
        for number in range(4100)
    )  # fmt: skip
    with django_assert_max_num_queries(8):
        assert len(rows_of_csv(listed("?format=csv"))) == 4105
