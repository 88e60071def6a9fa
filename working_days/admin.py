"""The calendar, to look at only: it changes by a proposal whose effect is seen first. The lists
lead to the pages for that (templates/admin/working_days)."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from working_days.models import BankHoliday, CalendarVersion, Closure, Refresh


class NobodyChanges:
    """Rows that are shown and changed by nobody here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes here."""
        return False


class InForce(admin.SimpleListFilter):
    """Rows that are part of the calendar now, or were once."""

    title = "in force"
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Now, or no longer."""
        return [("yes", "Now"), ("no", "No longer")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows chosen; all for a choice that does not exist."""
        if self.value() in ("yes", "no"):
            return queryset.filter(removed_in__isnull=self.value() == "yes")
        return queryset


class Added(NobodyChanges, admin.TabularInline):
    """Rows that a version brought."""

    fk_name = "added_in"
    extra = 0
    can_delete = False
    verbose_name_plural = "brought by this version"


class BankHolidaysAdded(Added):
    """Its bank holidays."""

    model = BankHoliday
    fields = ["date", "title", "notes"]
    verbose_name_plural = "bank holidays that it brought"


class BankHolidaysRemoved(BankHolidaysAdded):
    """Those that it took away."""

    fk_name = "removed_in"
    verbose_name_plural = "bank holidays that it took away"


class ClosuresAdded(Added):
    """Its closures."""

    model = Closure
    fields = [
        "starts_on", "ends_on", "inspectorate", "reason", "stops_the_clock"
    ]  # fmt: skip
    verbose_name_plural = "closures that it brought"


class ClosuresRemoved(ClosuresAdded):
    """Those that it took back."""

    fk_name = "removed_in"
    verbose_name_plural = "closures that it took back"


@admin.register(CalendarVersion)
class CalendarVersionAdmin(NobodyChanges, admin.ModelAdmin):
    """Every state of the calendar, with what was new in it."""

    list_display = ["number", "became_known_at", "why", "covers_until", "recorded_by"]
    search_fields = ["why"]
    search_help_text = "A part of the reason"
    ordering = ["-number"]
    inlines = [BankHolidaysAdded, BankHolidaysRemoved, ClosuresAdded, ClosuresRemoved]


@admin.register(BankHoliday)
class BankHolidayAdmin(NobodyChanges, admin.ModelAdmin):
    """Every bank holiday that was ever recorded."""

    list_display = ["date", "title", "notes", "added_in", "removed_in"]
    list_select_related = ["added_in", "removed_in"]
    list_filter = [InForce]
    search_fields = ["title", "notes"]
    search_help_text = "A part of the name"
    date_hierarchy = "date"


@admin.register(Closure)
class ClosureAdmin(NobodyChanges, admin.ModelAdmin):
    """Every closure that was ever recorded."""

    list_display = [
        "starts_on",
        "ends_on",
        "inspectorate",
        "reason",
        "stops_the_clock",
        "added_in",
        "removed_in",
    ]
    list_select_related = ["added_in", "removed_in"]
    list_filter = [InForce, "inspectorate", "stops_the_clock"]
    search_fields = ["reason"]
    search_help_text = "A part of the reason"


@admin.register(Refresh)
class RefreshAdmin(NobodyChanges, admin.ModelAdmin):
    """Every look at GOV.UK's list of bank holidays."""

    list_display = ["started_at", "outcome", "failure", "reference", "listed_until"]
    list_filter = ["outcome"]
    search_fields = ["reference", "failure"]
    search_help_text = "A reference, or a part of what went wrong"
    exclude = ["asked_by"]
