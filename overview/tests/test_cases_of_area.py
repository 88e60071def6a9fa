"""The cases on an area's page: newest first by what happened."""

import datetime

import pytest

from accounts import roles
from config import clock
from inspections.tests.conftest import make_person
from overview.tests.programme_cases import area, case

pytestmark = pytest.mark.django_db


def test_history_put_on_record_later_stands_below_what_happened_since(client):
    west, later = area("Westmarsh"), clock.now() + datetime.timedelta(hours=1)
    now_on = case(west, on="2026-05-11", outcome="statement_required")
    statement = case(west, "wsoa", stage="being_written", origin=now_on)
    planned = case(west, stage="planned", moments=["notified"])
    old = case(west, on="2019-01-28", outcome="statement_required", created_at=later)
    ended = case(west, "wsoa", stage="superseded", origin=old, created_at=later)
    client.force_login(make_person("Sam Officer", roles.SUPPORT_OFFICER))
    text = client.get(f"/areas/{west.pk}/").content.decode()
    expected = [planned, now_on, statement, old, ended]
    found = sorted(expected, key=lambda one: text.index(f"/cases/{one.pk}/"))
    assert found[0] == planned
    assert set(found[1:3]) == {now_on, statement}
    assert set(found[3:]) == {old, ended}
