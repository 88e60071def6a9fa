"""The page of an area's terms: a school year as a table and drawn, and files of it."""

import datetime
import re

import pytest

from areas import school_year
from areas.models import Term

pytestmark = pytest.mark.django_db

D = datetime.date


@pytest.fixture
def year(suffolk):
    for name, first, last in (
        ("Autumn 1", D(2026, 9, 2), D(2026, 10, 23)),
        ("Autumn 2", D(2026, 11, 2), D(2026, 12, 18)),
        ("Summer 1", D(2027, 4, 12), D(2027, 5, 28)),
        ("Next year", D(2027, 9, 1), D(2027, 10, 22)),
    ):
        Term.objects.create(local_area=suffolk, name=name, starts_on=first, ends_on=last)


@pytest.fixture
def address(suffolk):
    return f"/areas/{suffolk.pk}/terms/"


def _rows(page):
    body = page[page.index("<tbody") : page.index("</tbody>")]
    return [
        [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    ]


def test_a_school_year_shows_its_terms_the_holidays_and_what_is_not_known(
    client, today, address, year
):
    page = client.get(address).content.decode()
    assert _rows(page) == [
        ["Autumn 1", "Wed 2 Sep 2026 to Fri 23 Oct 2026", "38"],
        ["Holiday", "Sat 24 Oct 2026 to Sun 1 Nov 2026", ""],
        ["Autumn 2", "Mon 2 Nov 2026 to Fri 18 Dec 2026", "35"],
        [
            "Not known: is a stretch of term missing here?",
            "Sat 19 Dec 2026 to Sun 11 Apr 2027",
            "",
        ],
        # Monday to Friday, without the May bank holiday.
        ["Summer 1", "Mon 12 Apr 2027 to Fri 28 May 2027", "34"],
    ]
    assert "Today falls within a school term." in page
    assert 'aria-label="School year 2026 to 2027 of Suffolk"' in page


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("2027", "School year 2027 to 2028"),
        ("2026", "School year 2026 to 2027"),
        ("2019", "School year 2026 to 2027"),
        ("x", "School year 2026 to 2027"),
        ("9" * 50, "School year 2026 to 2027"),
        ("２０２７", "School year 2026 to 2027"),
        ("-1", "School year 2026 to 2027"),
        ("<b>", "School year 2026 to 2027"),
    ],
)
def test_another_year_is_asked_for_in_the_address(client, today, address, year, asked, shown):
    page = client.get(address, {"year": asked}).content.decode()
    assert shown in page
    assert "<b>" not in page.split("<tbody")[0]


def test_an_area_without_terms_says_so(client, today, address):
    page = client.get(address).content.decode()
    assert "No terms are entered for this school year." in page
    assert "app-year" not in page.split("<main")[1]
    assert client.get("/areas/00000000-0000-0000-0000-000000000000/terms/").status_code == 404


def test_terms_beyond_the_known_bank_holidays_are_shown(client, today, suffolk, address):
    Term.objects.create(
        local_area=suffolk, name="Far", starts_on=D(2040, 9, 3), ends_on=D(2040, 10, 19)
    )
    page = client.get(address, {"year": "2040"}).content.decode()
    assert _rows(page)[0][2] == "35"


def test_terms_are_public_and_the_ways_to_change_them_are_not(client, today, address, year):
    page = client.get(address).content.decode()
    for text in ("Import school terms", "Add a school term", "Change"):
        assert text not in page
    assert "All terms of Suffolk as CSV" in page
    file = client.get(f"{address}terms.csv")
    assert file.status_code == 200
    assert file["Content-Type"] == "text/csv; charset=utf-8"
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[1] == "935,Suffolk,Autumn 1,2026-09-02,2026-10-23"


def test_a_formula_in_a_name_is_text_in_the_file(client, today, suffolk, address):
    Term.objects.create(
        local_area=suffolk, name="=1+1", starts_on=D(2026, 9, 2), ends_on=D(2026, 10, 1)
    )
    assert "935,Suffolk,'=1+1," in client.get(f"{address}terms.csv").content.decode()


def test_the_page_costs_the_same_however_many_terms_there_are(
    client, today, suffolk, address, year, editor, django_assert_num_queries
):
    client.get(address)
    with django_assert_num_queries(5):
        client.get(address)
    for number in range(60):
        day = D(2028, 1, 1) + datetime.timedelta(days=30 * number)
        Term.objects.create(local_area=suffolk, name="Term", starts_on=day, ends_on=day)
    with django_assert_num_queries(5):
        client.get(address)


def test_the_drawing_has_each_day_of_the_year_once(client):
    terms = [(D(2027, 9, 1), D(2027, 10, 22)), (D(2027, 11, 1), D(2027, 12, 17))]

    def closed(day):
        return "weekend" if day.weekday() >= 5 else None

    drawing = school_year.draw(2027, terms, title="<b>2027", closed=closed, today=D(2028, 2, 29))
    boxes = re.findall(r'class="app-year__(\w+)" x="(\d+)" y="(\d+)" width="(\d+)"', drawing)
    boxes = [box for box in boxes if box[0] != "today"]
    days = sum(int(width) // school_year.BOX for _, _, _, width in boxes)
    assert days == 366  # from August 2027: the year holds a 29 February
    assert {kind for kind, *_ in boxes} == {"term", "off", "holiday", "unknown"}
    assert "<b>2027" not in drawing
    assert "style=" not in drawing
    assert "<title>Today</title>" in drawing
