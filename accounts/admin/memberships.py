"""Roles: given on the page of a person, ended here. To administer is not to see cases: nobody gives
themselves a role."""

import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html

from accounts import leaving, roles
from accounts.admin.confirming import Asking, Confirmation, confirming, named_rows
from accounts.administration.pages import Choice, Kept
from accounts.administrators import mark
from accounts.models import Membership
from accounts.role_rules import faults, held_already
from areas.admin_forms import DatedForm
from config import clock

DAY_HELP = "For example, 31/3/2026"


class GiveRoleForm(DatedForm):
    """A new role of a person; what cannot be is said beside its field."""

    class Meta:
        model = Membership
        fields = (
            "role",
            "scope",
            "organisation",
            "local_area",
            "region",
            "starts_on",
            "ends_on",
            "reason",
        )
        labels = {"starts_on": "First day", "ends_on": "Last day", "scope": "For how far"}
        help_texts = {
            "starts_on": DAY_HELP,
            "ends_on": "Empty while no end is known",
            "organisation": "The body in which the role is held",
            "local_area": "For a role of one local area",
            "region": "For a role of one region",
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["starts_on"].help_text = f"Today is {clock.today():%-d/%-m/%Y}"
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            ("", "Choose a role"),
            *(pair for pair in roles.CHOICES if pair[0] not in ("lead_hmi", "representative")),
        ]

    def clean(self) -> dict[str, Any]:
        """The data; role, reach and organisation must go together."""
        cleaned = super().clean()
        for field, text in faults(cleaned).items():
            if field not in self.errors:
                self.add_error(field, text)
        person = self.instance.person_id
        if person and not self.errors and (text := held_already(cleaned, person)):
            self.add_error("role", text)
        return cleaned


class HeldRoleForm(forms.ModelForm):
    """A role that is held: it can end on another day; what it is stays as it was given."""

    class Meta:
        model = Membership
        fields = ("ends_on", "reason")
        labels = {"ends_on": "Last day"}
        help_texts = {"ends_on": DAY_HELP}

    def clean_ends_on(self) -> datetime.date | None:
        """The last day. Raises ValidationError for one before the first, and where somebody would
        be missed."""
        last: datetime.date | None = self.cleaned_data["ends_on"]
        if "ends_on" not in self.changed_data:
            return last
        if last and last < self.instance.starts_on:
            raise forms.ValidationError("The last day must not be before the first.")
        if last and (self.instance.ends_on is None or last < self.instance.ends_on):
            plan = leaving.plan_ending(Membership.objects.filter(pk=self.instance.pk), last)
            if plan.refused:
                raise forms.ValidationError(plan.refused[0].text)
        return last


class StandsWhen(Choice):
    """Whether a role holds today."""

    title = "when it holds"
    parameter_name = "holds"

    def choices_of(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Today, before or later."""
        return [("now", "Holds today"), ("ended", "Has ended"), ("later", "Begins later")]

    def condition(self, value: str) -> Q:
        """By the day on the clock."""
        today = clock.today()
        if value == "ended":
            return Q(ends_on__lt=today)
        if value == "later":
            return Q(starts_on__gt=today)
        return Q(starts_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gte=today))


class EndForm(Asking):
    """From when the roles hold no more, and why."""

    ends_on = forms.DateField(
        label="Last day on which they hold",
        help_text=DAY_HELP,
        error_messages={
            "required": "Enter the last day.",
            "invalid": "The last day must be a real date, like 31/3/2026.",
        },
    )
    reason = forms.CharField(
        label="Why (optional)", max_length=300, required=False, help_text="Kept with each role"
    )

    def clean_ends_on(self) -> datetime.date:
        """The day. Raises ValidationError for one that no role could end on."""
        day: datetime.date = self.cleaned_data["ends_on"]
        if not 2014 <= day.year <= 2100:
            raise forms.ValidationError("The last day must be between 2014 and 2100.")
        return day


ENDING = Confirmation(
    slug="end",
    model=Membership,
    title="End roles",
    button="End these roles",
    done="Ended",
    form=EndForm,
    initial=lambda: {"ends_on": clock.today().strftime("%d/%m/%Y")},
    plan=lambda rows, given: leaving.plan_ending(rows, given["ends_on"]),
    carry_out=lambda rows, given, agreed: leaving.end_roles(
        rows, given["ends_on"], given["reason"], agreed=agreed
    ),
)


@admin.register(Membership)
class MembershipAdmin(Kept, confirming(ENDING)):  # type: ignore[misc]
    """Roles end on a day and are never deleted: who could see what, and when, stays on record."""

    form = HeldRoleForm
    list_display = ["holder", "role", "place", "organisation", "starts_on", "ends_on"]
    list_display_links = ["holder"]
    list_filter = [StandsWhen, "role", "scope", "region"]
    list_select_related = ["person", "local_area", "region", "organisation", "granted_by"]
    search_fields = ["person__name", "person__email", "local_area__name", "organisation__name"]
    search_help_text = "A person, an e-mail address, a local area or an organisation"
    ordering = ["person__name", "person", "role", "pk"]
    sortable_by = ["holder", "starts_on", "ends_on"]
    actions = ["end"]
    GIVEN = [
        "person_link",
        "role",
        "scope",
        "local_area",
        "region",
        "organisation",
        "starts_on",
        "granted_by",
    ]
    fields = [*GIVEN, "ends_on", "reason"]
    readonly_fields = GIVEN
    never_deleted = "Roles are never deleted: end this one on a day, so that it stays on record."

    @admin.display(description="person", ordering="person__name")
    def holder(self, row: Membership) -> str:
        """Who holds it."""
        return str(row.person)

    @admin.display(description="place")
    def place(self, row: Membership) -> str:
        """The area or region, or England."""
        return str(row.local_area or row.region or "England")

    @admin.display(description="person")
    def person_link(self, row: Membership) -> str:
        """Who holds it, with the way to their page."""
        return format_html('<a href="../../../user/{}/change/">{}</a>', row.person_id, row.person)

    @admin.action(description="End the selected roles on a day")
    def end(self, request: HttpRequest, chosen: QuerySet[Membership]) -> HttpResponse:
        """Lead to the page that lists what will happen."""
        return named_rows(self, request, ENDING, chosen)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds here: a role is given on the page of the person."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether somebody may change a role: never their own."""
        own = obj is not None and obj.person_id == request.user.pk
        return not own and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes a role that was held."""
        return False

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        """Save the role, and what follows from it."""
        super().save_model(request, obj, form, change)
        mark([obj.person_id])


class HeldRoles(admin.TabularInline):
    """The roles that a person holds or held: their last day and the reason can be changed."""

    model = Membership
    form = HeldRoleForm
    fk_name = "person"
    verbose_name_plural = "Roles, held and past"
    fields = ["role", "place", "organisation", "starts_on", "ends_on", "reason"]
    readonly_fields = ["role", "place", "organisation", "starts_on"]
    extra = 0
    can_delete = False

    @admin.display(description="place")
    def place(self, row: Membership) -> str:
        """The area or region, or England."""
        return str(row.local_area or row.region or "England")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        """Those that hold first, then the latest."""
        found: QuerySet[Membership] = super().get_queryset(request)
        found = found.select_related("person", "local_area", "region", "organisation")
        return found.order_by("-ends_on", "-starts_on", "pk")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not here: new roles have their own part below."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether somebody may change these roles: never their own."""
        return obj is not None and obj.pk != request.user.pk

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes a role that was held."""
        return False


class NewRole(admin.StackedInline):
    """One more role for a person."""

    model = Membership
    form = GiveRoleForm
    fk_name = "person"
    verbose_name = "new role"
    verbose_name_plural = "Give a role"
    fields = [
        ("role", "scope"),
        "organisation",
        ("local_area", "region"),
        ("starts_on", "ends_on"),
        "reason",
    ]
    extra = 1
    max_num = 1
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        """None of those that are there."""
        return Membership.objects.none()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Shown to whoever may give."""
        return self.has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows that are there are none of this part's."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes here."""
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether somebody may give this person a role: anybody but themselves."""
        return obj is not None and obj.pk != request.user.pk
