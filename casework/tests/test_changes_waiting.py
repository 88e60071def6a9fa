"""What waits for administrators on their home page: proposals, and a calendar that ends within 24
months (screens.md, administrator)."""

import datetime

import pytest

from casework.changes import services
from casework.changes.models import ChangeSource
from casework.changes.waiting import waiting_for
from casework.tests.changes.helpers import administrator, holidays, previewed
from casework.tests.rehearsal import make_person
from config import clock
from working_days.models import Refresh

pytestmark = pytest.mark.django_db
D = datetime.date


def texts(person):
    return [one.text for one in waiting_for(person)]


@pytest.fixture
def ada(monday):
    return administrator()


def test_nothing_waits_where_all_is_well(ada):
    assert texts(ada) == []


def test_a_proposal_waits_until_it_is_decided(ada):
    change = services.propose_calendar(
        holidays(D(2026, 9, 21)), why="Listed", by=None, source=ChangeSource.GOV_UK
    )
    assert texts(ada) == []  # still being worked out
    services.preview(change.pk)
    assert texts(ada) == [
        "New bank holiday on Monday 21 September 2026: State occasion "
        "(proposed by GOV.UK’s list; 0 deadlines would move)"
    ]
    assert waiting_for(ada)[0].address == f"/changes/{change.pk}/"
    services.withdraw(change.pk, by=ada, why="A hoax")
    assert texts(ada) == []


def test_it_waits_for_nobody_else(ada):
    previewed(holidays(D(2026, 9, 21)), ada)
    assert texts(make_person("Olu Officer", role="support_officer")) == []
    assert texts(make_person("Nobody")) == []
    assert len(texts(ada)) == 1


def test_the_calendars_end_is_warned_of_from_24_months_before(ada, monday):
    monday.move_to(datetime.datetime(2026, 12, 31, 9, tzinfo=datetime.UTC))
    assert texts(ada) == []
    monday.move_to(datetime.datetime(2027, 1, 1, 9, tzinfo=datetime.UTC))
    (one,) = waiting_for(ada)
    assert "less than 24 months from now" in one.text
    assert one.address == "/changes/bank-holidays/add/?days=8"


@pytest.mark.parametrize(("days", "said"), [(2, False), (4, True)])
def test_a_list_that_is_away_is_told_after_three_days(ada, monday, settings, days, said):
    settings.BANK_HOLIDAYS_URL = "https://www.gov.uk/bank-holidays.json"
    assert texts(ada) == []
    Refresh.objects.create(started_at=clock.now(), outcome="same")
    monday.shift(days * 86400)
    assert texts(ada) == []  # nothing failed: it was simply not asked
    Refresh.objects.create(started_at=clock.now(), outcome="failed", failure="It hung.")
    expected = ["GOV.UK’s list of bank holidays could not be had since 1 June 2026"]
    assert texts(ada) == (expected if said else [])


def test_it_stands_on_the_home_page(ada, client, monday):
    previewed(holidays(D(2026, 9, 21)), ada)
    client.force_login(ada)
    page = client.get("/")
    assert page.status_code == 200
    assert "Look and decide" in page.content.decode()
    assert "Nothing is due from you now" in page.content.decode()
