"""Who changed what here, and when: Django's own record, to be read and never changed."""

import datetime

from django.contrib import admin
from django.contrib.admin.models import ADDITION, CHANGE, DELETION
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import HttpRequest
from django.utils.html import format_html

from accounts.administration.pages import Choice, ToLookAt
from accounts.models import AdministrativeAction, User
from config import clock

ACTIONS = {ADDITION: "Added", CHANGE: "Changed", DELETION: "Deleted"}


class ByWhom(Choice):
    """The person who made the change."""

    title = "who"
    parameter_name = "who"

    def choices_of(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Everybody who ever changed something here."""
        people = User.objects.filter(pk__in=AdministrativeAction.objects.values("user")).order_by(
            "name", "pk"
        )
        return [(str(one.public_id), str(one)) for one in people[:200]]

    def condition(self, value: str) -> Q:
        """Theirs."""
        return Q(user__public_id=value)


class OfWhat(Choice):
    """The kind of thing that was changed."""

    title = "what"
    parameter_name = "what"

    def choices_of(self, request: HttpRequest) -> list[tuple[str, str]]:
        """The kinds that somebody changed."""
        kinds = ContentType.objects.filter(
            pk__in=AdministrativeAction.objects.values("content_type")
        )
        named = [(str(one.pk), str(one.name).capitalize()) for one in kinds]
        return sorted(named, key=lambda choice: choice[1])

    def condition(self, value: str) -> Q:
        """Of that kind."""
        return Q(content_type_id=int(value))


class When(Choice):
    """How long ago."""

    title = "when"
    parameter_name = "when"
    DAYS = {"1": "Today", "7": "The last 7 days", "31": "The last 31 days", "366": "The last year"}

    def choices_of(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Some times back from now."""
        return list(self.DAYS.items())

    def condition(self, value: str) -> Q:
        """Since the morning that many days ago."""
        first = clock.today() - datetime.timedelta(days=int(value) - 1)
        return Q(action_time__gte=datetime.datetime.combine(first, datetime.time(), clock.LONDON))


class How(Choice):
    """Added, changed or deleted."""

    title = "how"
    parameter_name = "how"

    def choices_of(self, request: HttpRequest) -> list[tuple[str, str]]:
        """The three ways."""
        return [(str(flag), label) for flag, label in ACTIONS.items()]

    def condition(self, value: str) -> Q:
        """In that way."""
        return Q(action_flag=int(value))


@admin.register(AdministrativeAction)
class LogAdmin(ToLookAt):
    """Recent administrative actions."""

    list_display = ["when", "who", "how", "what", "told"]
    list_display_links = None
    list_filter = [When, ByWhom, OfWhat, How]
    list_select_related = ["user", "content_type"]
    search_fields = ["object_repr", "change_message", "user__name", "user__email"]
    search_help_text = "A name, or a word of what was changed"
    ordering = ["-pk"]
    sortable_by = ()
    fields = ("when", "who", "how", "what", "told")
    readonly_fields = ("when", "who", "how", "what", "told")

    @admin.display(description="when")
    def when(self, row: AdministrativeAction) -> str:
        """Day and time in London."""
        moment = clock.london(row.action_time)
        return f"{moment.day} {moment:%B %Y, %H:%M}"

    @admin.display(description="who")
    def who(self, row: AdministrativeAction) -> str:
        """The administrator."""
        return str(row.user)

    @admin.display(description="how")
    def how(self, row: AdministrativeAction) -> str:
        """Added, changed or deleted."""
        return ACTIONS.get(row.action_flag, "")

    @admin.display(description="what")
    def what(self, row: AdministrativeAction) -> str:
        """The row, with its kind and a link where it is still there."""
        kind = str(row.content_type.name).capitalize() if row.content_type else "Unknown"
        address = None if row.is_deletion() else row.get_admin_url()
        if not address:
            return f"{kind}: {row.object_repr}"
        return format_html('{}: <a href="{}">{}</a>', kind, address, row.object_repr)

    @admin.display(description="told as")
    def told(self, row: AdministrativeAction) -> str:
        """What was changed, in words."""
        return str(row.get_change_message())
