"""The public pages about the service: working days, accessibility."""

import datetime

import pytest

from working_days import services
from working_days.calendar import DEFINITION

pytestmark = pytest.mark.django_db


def test_working_days_says_the_definition_and_the_end_of_the_calendar(client):
    page = client.get("/about/working-days/").content.decode()
    assert DEFINITION in page
    assert "1 January 2012 to 31 December 2028" in page


def test_every_bank_holiday_stands_in_the_table_of_its_year(client, django_assert_num_queries):
    with django_assert_num_queries(3):
        response = client.get("/about/working-days/")
    tables = [*response.context["years"], *response.context["earlier"]]
    assert len(tables) == 17
    shown = {row[0] for table in tables for row in table.rows}
    calendar = services.current_calendar()
    day, expected = calendar.covers_from, set()
    while day <= calendar.covers_until:
        if day.weekday() < 5 and not calendar.is_working_day(day):
            expected.add(f"{day:%a} {day.day} {day:%B %Y}")
        day += datetime.timedelta(days=1)
    assert expected <= shown
    assert "Bank holidays in 2022" in response.content.decode()
    assert "Mon 19 September 2022" in shown


def test_a_new_bank_holiday_shows_at_once(client):
    services.add_bank_holiday(datetime.date(2027, 6, 7), "Jubilee <b>", why="Announced", by="test")
    page = client.get("/about/working-days/").content.decode()
    assert "Jubilee &lt;b&gt;" in page


@pytest.mark.parametrize("address", ["/about/working-days/", "/accessibility/"])
def test_both_stand_in_the_foot_of_every_page_and_take_no_post(client, address):
    assert f'href="{address}"' in client.get("/").content.decode()
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 405


def test_the_accessibility_page_asks_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = client.get("/accessibility/").content.decode()
    assert "WCAG) 2.2" in page
    assert "cqc.org.uk" in page
