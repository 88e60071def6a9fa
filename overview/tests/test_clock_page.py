"""Moving the clock of a demonstration, and nowhere else."""

import datetime

import pytest

from accounts.models import User
from casework.deadlines import due_from
from config import clock
from inspections.tests.conftest import build_world
from overview import clock_moves
from working_days.services import current_calendar

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
    assert "It is now Monday 1 June 2026, 09:20. Letters that are being issued follow" in page
    home = client.get("/").content.decode()
    assert "It is now <time>Monday 1 June 2026, 09:20</time>" in home
    assert f'action="{ADDRESS}"' in home


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
        ({"year": "1"}, "day", "Date must be between 1 January 2000 and 31 December 2100"),
        ({"year": "9999"}, "day", "Date must be between 1 January 2000 and 31 December 2100"),
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


def test_everybody_in_the_demonstration_moves_it_visitors_too(client, movable):
    client.logout()
    client.post(ADDRESS, _payload())
    assert clock.today() == datetime.date(2026, 6, 1)
    home = client.get("/").content.decode()
    assert f'action="{ADDRESS}"' in home
    assert "My next deadline" not in home


def test_no_other_installation_has_it(client, settings, tmp_path):
    for demonstration, file in ((True, ""), (False, str(tmp_path / "clock")), (False, "")):
        settings.DEMONSTRATION, settings.CLOCK_FILE = demonstration, file
        assert ADDRESS not in client.get("/").content.decode()
        assert client.get(ADDRESS).status_code == 404
        for action in ("move", "move-to", "put-back", "one-hour", "next-working-day"):
            assert client.post(ADDRESS, _payload() | {"action": action}).status_code == 404
    assert not (tmp_path / "clock").exists()


def test_it_warns_when_the_clock_stands_before_what_is_recorded(client, movable):
    world = build_world()
    client.post(ADDRESS, _payload())
    assert "last entry was made" not in client.get(ADDRESS).content.decode()
    world.planned()
    page = client.get(ADDRESS).content.decode()
    assert "The clock is not moved before it unless you tick the box for that." in page
    [reason] = _errors(client.post(ADDRESS, _payload(month="5")))["day"]
    assert reason.startswith("The last entry was made on Monday 1 June 2026, ")
    assert clock.today() == datetime.date(2026, 6, 1)
    client.post(ADDRESS, _payload(month="5") | {"back": "on"})
    assert clock.today() == datetime.date(2026, 5, 1)
    page = client.get(ADDRESS).content.decode()
    assert "The clock stands before what is recorded" in page
    assert "made on Monday 1 June 2026" in page


# -- the banner --------------------------------------------------------------------------------


def _from(page, **sent):
    return {"next": page, **sent}


@pytest.fixture
def june(client, movable):
    """The clock stands on the morning of Monday 1 June 2026."""
    clock.move_to(datetime.datetime(2026, 6, 1, 9, 20, tzinfo=clock.LONDON))
    return clock.now()


def _told(response):
    """The last message that the page shows."""
    return [str(one) for one in response.context["messages"]].pop()


def _now():
    return f"{clock.london(clock.now()):%Y-%m-%d %H:%M}"


def test_the_banner_moves_on_and_comes_back_to_the_page_one_was_on(client, june):
    page = "/timetable/?kind=inspection&first_day=2026-06-15"
    shown = client.get(page).content.decode()
    assert 'name="next" value="/timetable/?kind=inspection&amp;first_day=2026-06-15"' in shown
    assert 'value="2026-06-01"' in shown
    for sent, moment in (
        ({"action": "one-hour"}, "2026-06-01 10:20"),
        ({"action": "next-working-day"}, "2026-06-02 09:00"),
        (
            {"action": "move-to", "clock_on": "2026-06-30", "clock_at": "8:15am"},
            "2026-06-30 08:15",
        ),
    ):
        response = client.post(ADDRESS, _from(page, **sent), follow=True)
        assert response.request["PATH_INFO"] == "/timetable/"
        assert response.request["QUERY_STRING"] == page.partition("?")[2]
        assert _now() == moment
        assert "It is now" in _told(response)


@pytest.mark.parametrize(
    "given", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "http:\\\\evil"]
)
def test_it_leads_nowhere_else(client, june, given):
    for sent in ({"action": "one-hour"}, {"action": "next-deadline"}):
        assert client.post(ADDRESS, _from(given, **sent))["Location"] == "/"


def test_after_a_form_it_comes_back_to_the_page_of_the_form(client, june, rf):
    from design_system.context import Layout

    asked = rf.post("/cases/1/record/x/", HTTP_REFERER="http://testserver/cases/1/?a=1")
    asked.user = None
    assert Layout(asked).here == "/cases/1/?a=1"
    for referer in ("https://evil.example/x/", "", "::"):
        asked = rf.post("/cases/1/record/x/", HTTP_REFERER=referer)
        assert Layout(asked).here == "/"


def test_a_form_without_its_token_moves_nothing(movable):
    from django.test import Client

    visitor = Client(enforce_csrf_checks=True)
    before = clock.now()
    assert visitor.post(ADDRESS, _from("/", action="one-hour")).status_code == 403
    assert clock.now() - before < datetime.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("day", "time", "fault"),
    [
        ("", "9am", {"clock_on": ["Enter the date"]}),
        ("2026-02-29", "9am", {"clock_on": ["Date must be a real date"]}),
        ("\0", "9am", {"clock_on": ["Date must be a real date"]}),
        ("2026-06-02", "", {"clock_at": ["Enter the time"]}),
        ("2026-06-02", "<b>", {"clock_at": ["Time must be a time, like 9:30am or 14:30"]}),
        (
            "2040-01-01",
            "9am",
            {
                "clock_on": [
                    "The calendar reaches from 1 January 2014 to 31 December 2028: "
                    "choose a day in it"
                ]
            },
        ),
    ],
)
def test_what_the_banner_cannot_do_is_said_beside_its_field(client, june, day, time, fault):
    calendar = current_calendar()
    reach = (calendar.covers_from, calendar.covers_until)
    words = [f"{one.day} {one:%B %Y}" for one in reach]
    sent = _from("/areas/", action="move-to", clock_on=day, clock_at=time)
    response = client.post(ADDRESS, sent)
    errors = {name: list(texts) for name, texts in response.context["asked"].errors.items()}
    expected = {
        name: [text.replace("1 January 2014", words[0]).replace("31 December 2028", words[1])]
        for name, [text] in fault.items()
    }
    assert errors == expected
    page = response.content.decode()
    for name in fault:
        assert f'id="{name}-error"' in page
    assert 'name="next" value="/areas/"' in page  # it still comes back there
    assert '<details class="app-demonstration__clock" open>' in page
    assert _now() == "2026-06-01 09:20"


def test_the_banner_does_not_move_back_before_what_is_recorded(client, june):
    build_world().planned()
    sent = _from("/", action="move-to", clock_on="2026-05-29", clock_at="9am")
    [reason] = client.post(ADDRESS, sent).context["asked"].errors["clock_on"]
    assert "entries are never taken back" in reason
    assert _now() == "2026-06-01 09:20"


def test_the_real_time_is_not_put_back_before_what_is_recorded(client, movable, monkeypatch):
    recorded = clock.now() + datetime.timedelta(days=300)
    monkeypatch.setattr(clock_moves, "last_entry", lambda: recorded)
    clock.move_to(recorded + datetime.timedelta(days=1))
    response = client.post(ADDRESS, {"action": "put-back"}, follow=True)
    assert "The clock was not moved." in _told(response)
    assert clock.now() > recorded
    client.post(ADDRESS, {"action": "put-back", "back": "on"})
    assert clock.now() < recorded


def test_it_does_not_leave_the_calendar(client, june):
    last = current_calendar().covers_until
    clock.move_to(datetime.datetime.combine(last, datetime.time(23, 30), clock.LONDON))
    for action in ("next-working-day", "one-hour"):
        response = client.post(ADDRESS, _from("/", action=action), follow=True)
        assert _told(response).startswith("The clock was not moved. The calendar reaches from ")
    assert clock.today() == last


def test_to_my_next_deadline(client, june):
    world = build_world()
    case = world.notified()
    client.force_login(world.lead)
    assert [one.rule for one in due_from(world.lead) if one.due_on == clock.today()]
    first = clock_moves.moment_of(clock.today(), clock_moves.END_OF_DAY)
    client.post(ADDRESS, _from(case.get_absolute_url(), action="next-deadline"))
    assert abs(clock.now() - first) < datetime.timedelta(minutes=1)
    client.logout()
    response = client.post(ADDRESS, _from("/", action="next-deadline"), follow=True)
    assert "Sign in as somebody first" in _told(response)


def test_what_is_due_today_is_not_passed_over(client, june, monkeypatch):
    """At 09:00 of a day on which something is due by the end of the day, that is still next."""

    class Due:
        def __init__(self, day, hour=None):
            self.due_on = datetime.date(2026, 6, day)
            self.due_at = hour and clock_moves.moment_of(self.due_on, datetime.time(hour))

    def after(day, hour, *due):
        monkeypatch.setattr(clock_moves, "due_from", lambda user, limit: list(due))
        now = clock_moves.moment_of(datetime.date(2026, 6, day), datetime.time(hour))
        found = clock_moves.next_deadline(User.objects.get(), now)
        return f"{clock.london(found):%d %H}"

    assert after(1, 8, Due(1), Due(9)) == "01 09"
    assert after(1, 9, Due(1), Due(9)) == "01 17"
    assert after(1, 9, Due(1), Due(1, 15), Due(9)) == "01 15"
    assert after(1, 17, Due(1), Due(1, 15), Due(9)) == "09 09"
    with pytest.raises(clock_moves.CannotMove):
        after(1, 17, Due(1), Due(1, 15))


def test_nobody_is_moved_to_a_deadline_that_is_not_there(client, june):
    before = _now()
    response = client.post(ADDRESS, _from("/", action="next-deadline"), follow=True)
    assert "Nothing is due from you later than now." in _told(response)
    assert _now() == before


def test_the_banner_asks_the_database_nothing(client, june, django_assert_num_queries):
    client.logout()
    with django_assert_num_queries(0):
        client.get("/")
