"""The calendar in Django admin: read, searched, narrowed, with links to where it is changed."""

import datetime

import pytest

from casework.tests.changes.helpers import administrator
from config import clock
from working_days.models import BankHoliday, Closure, Refresh
from working_days.services import add_closure, remove_bank_holiday

pytestmark = pytest.mark.django_db
D = datetime.date
HERE = "/admin/working_days/"


@pytest.fixture
def signed_in(client, db):
    remove_bank_holiday(D(2026, 5, 4), why="Moved to another day", by="x")
    add_closure(
        D(2026, 12, 29),
        D(2026, 12, 31),
        inspectorate="both",
        reason="Flood",
        stops_the_clock=True,
        by="x",
    )
    Refresh.objects.create(
        started_at=clock.now(), outcome="failed", failure="It hung.", reference="ABCDEFGH"
    )
    client.force_login(administrator())
    return client


def text_of(client, address):
    page = client.get(address)
    assert page.status_code == 200
    return page.content.decode()


@pytest.mark.parametrize(
    ("model", "links"),
    [
        ("bankholiday", ["/changes/bank-holidays/add/", "/changes/bank-holidays/remove/"]),
        ("closure", ["/changes/closures/add/", "/changes/closures/remove/"]),
        ("calendarversion", ["/changes/"]),
        ("refresh", ["/changes/"]),
    ],
)
def test_each_list_leads_to_the_pages_that_change_it(signed_in, model, links):
    text = text_of(signed_in, f"{HERE}{model}/")
    for link in links:
        assert f'href="{link}"' in text
    assert signed_in.get(f"{HERE}{model}/add/").status_code == 403


def test_lists_are_narrowed_and_searched(signed_in):
    gone = text_of(signed_in, f"{HERE}bankholiday/?in_force=no")
    assert "4 May 2026" in gone
    assert "25 May 2026" not in gone
    assert "4 May 2026" not in text_of(
        signed_in, f"{HERE}bankholiday/?in_force=yes&date__year=2026"
    )
    found = text_of(signed_in, f"{HERE}bankholiday/?q=funeral")
    assert "State Funeral of Queen Elizabeth II" in found
    assert "Boxing Day" not in found
    assert "Flood" in text_of(signed_in, f"{HERE}closure/?inspectorate__exact=both")
    assert "It hung." in text_of(signed_in, f"{HERE}refresh/?q=ABCDEFGH")
    assert "It hung." not in text_of(signed_in, f"{HERE}refresh/?outcome__exact=same")


def test_a_version_shows_what_it_brought_and_took_away(signed_in):
    taken = BankHoliday.objects.exclude(removed_in=None).get()
    text = text_of(signed_in, f"{HERE}calendarversion/{taken.removed_in_id}/change/")
    assert "Early May bank holiday" in text
    assert "Moved to another day" in text
    brought = Closure.objects.get()
    text = text_of(signed_in, f"{HERE}calendarversion/{brought.added_in_id}/change/")
    assert "Flood" in text
    assert 'name="_save"' not in text
