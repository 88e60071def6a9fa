"""Moving the clock of a demonstration, and nowhere else."""

import datetime

import pytest

from accounts.models import User
from config import clock
from inspections.tests.conftest import build_world

pytestmark = pytest.mark.django_db
ADDRESS = "/demonstration/clock/"


@pytest.fixture
def movable(settings, tmp_path):
    settings.CLOCK_FILE = str(tmp_path / "clock")
    yield settings
    clock.put_back()


@pytest.fixture
def client(client):
    client.force_login(User.objects.create_user("one@test.example", name="One"))
    return client


def _payload(day="1", month="6", year="2026", time="09:20"):
    return {
        "action": "move",
        "day-day": day,
        "day-month": month,
        "day-year": year,
        "time": time,
    }


def _errors(response):
    return {name: list(texts) for name, texts in response.context["form"].errors.items()}


def test_it_moves_to_the_moment_that_london_clocks_show(client, movable):
    assert client.post(ADDRESS, _payload())["Location"] == ADDRESS
    now = clock.london(clock.now())
    assert f"{now:%Y-%m-%d %H:%M}" == "2026-06-01 09:20"
    page = client.get(ADDRESS).content.decode()
    assert "It is now Monday 1 June 2026, 09:20." in page
    assert "The clock says Monday 1 June 2026, 09:20." in page
    assert f'href="{ADDRESS}"' in client.get("/").content.decode()


def test_on_to_the_next_working_day_passes_over_weekend_and_bank_holiday(client, movable):
    client.post(ADDRESS, _payload("22", "5", "2026", "4pm"))  # before the spring bank holiday
    client.post(ADDRESS, {"action": "next-working-day"})
    now = clock.london(clock.now())
    assert f"{now:%Y-%m-%d %H:%M}" == "2026-05-26 09:00"


def test_it_shows_the_real_time_again(client, movable):
    real = clock.now()
    client.post(ADDRESS, _payload())
    client.post(ADDRESS, {"action": "put-back"})
    assert abs(clock.now() - real) < datetime.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("typed", "field", "text"),
    [
        ({"day": "29", "month": "2", "year": "2026"}, "day", "Date must be a real date"),
        ({"year": "1"}, "day", "Date must be between 1 May 2016 and 31 December 2028"),
        ({"year": "9999"}, "day", "Date must be between 1 May 2016 and 31 December 2028"),
        ({"day": "", "month": "", "year": ""}, "day", "Enter the date"),
        ({"day": "=1+1"}, "day", "Date must be a real date"),
        ({"time": "25:00"}, "time", "Time must be a time, like 9:30am or 14:30"),
        ({"time": "<b>9</b>"}, "time", "Time must be a time, like 9:30am or 14:30"),
        ({"time": ""}, "time", "Enter the time"),
    ],
)
def test_what_is_no_moment_is_said_beside_its_field(client, movable, typed, field, text):
    before = clock.now()
    response = client.post(ADDRESS, _payload(**typed))
    assert _errors(response) == {field: [text]}
    assert clock.now() - before < datetime.timedelta(minutes=1)
    page = response.content.decode()
    assert f'id="id_{field}' in page
    assert "<b>9</b>" not in page


def test_it_is_for_people_who_are_signed_in(client, movable):
    client.logout()
    assert client.get(ADDRESS)["Location"] == f"/sign-in/?next={ADDRESS}"
    assert client.post(ADDRESS, _payload()).status_code == 302
    assert clock.today() != datetime.date(2026, 6, 1)
    assert ADDRESS not in client.get("/").content.decode()


def test_no_other_installation_has_it(client, settings, tmp_path):
    for demonstration, file in ((True, ""), (False, str(tmp_path / "clock")), (False, "")):
        settings.DEMONSTRATION, settings.CLOCK_FILE = demonstration, file
        assert client.get(ADDRESS).status_code == 404
        assert client.post(ADDRESS, _payload()).status_code == 404
    assert not (tmp_path / "clock").exists()


def test_it_warns_when_the_clock_stands_before_what_is_recorded(client, movable):
    world = build_world()
    client.post(ADDRESS, _payload())
    assert "last entry was made" not in client.get(ADDRESS).content.decode()
    world.planned()
    page = client.get(ADDRESS).content.decode()
    assert "Do not move the clock before it." in page
    client.post(ADDRESS, _payload(month="5"))
    page = client.get(ADDRESS).content.decode()
    assert "The clock stands before what is recorded" in page
    assert "made on Monday 1 June 2026" in page
