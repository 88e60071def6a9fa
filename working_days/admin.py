"""The calendar, to look at only: `working_days.services` changes it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from working_days.models import BankHoliday, CalendarVersion, Closure


class ReadOnlyAdmin(admin.ModelAdmin):
    """Pages that show rows and change none."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(CalendarVersion)
class CalendarVersionAdmin(ReadOnlyAdmin):
    list_display = ["number", "became_known_at", "why", "covers_until", "recorded_by"]


@admin.register(BankHoliday)
class BankHolidayAdmin(ReadOnlyAdmin):
    list_display = ["date", "title", "notes", "added_in", "removed_in"]
    date_hierarchy = "date"


@admin.register(Closure)
class ClosureAdmin(ReadOnlyAdmin):
    list_display = [
        "starts_on",
        "ends_on",
        "inspectorate",
        "reason",
        "stops_the_clock",
        "added_in",
        "removed_in",
    ]
