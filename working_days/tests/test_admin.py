"""The administration pages show the calendar and change nothing (roles.md, administrators)."""

import pytest
from django.contrib import admin
from django.test import RequestFactory

from working_days.models import BankHoliday, CalendarVersion, Closure, Refresh

MODELS = [BankHoliday, CalendarVersion, Closure, Refresh]


@pytest.mark.parametrize("model", MODELS)
def test_nobody_changes_the_calendar_by_hand(model, rf: RequestFactory):
    shown = admin.site.get_model_admin(model)
    request = rf.get("/")
    assert not shown.has_add_permission(request)
    assert not shown.has_change_permission(request)
    assert not shown.has_delete_permission(request)
