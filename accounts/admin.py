"""People and their roles for administrators. To administer is not to see cases: nobody gives
themselves a role here."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.http import HttpRequest

from accounts.models import Membership, Scope, User
from areas.admin_forms import DatedForm


class NewPersonForm(AdminUserCreationForm):
    """A new person: e-mail address, name, and a password or none."""

    class Meta:
        model = User
        fields = ("email", "name")

    def clean_email(self) -> str:
        """The address. Raises ValidationError where somebody has it, in whatever case."""
        email: str = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=email).exists():
            self.add_error("email", "Somebody has this e-mail address already.")
        return email


@admin.register(User)
class PersonAdmin(UserAdmin):
    """People sign in by e-mail address. They are made inactive, never deleted: what they recorded
    stays theirs."""

    add_form = NewPersonForm
    ordering = ["name", "pk"]
    list_display = ["name", "email", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff", "memberships__role"]
    search_fields = ["name", "email"]
    filter_horizontal = []
    readonly_fields = ["public_id", "created_at", "last_login"]
    fieldsets = [
        (None, {"fields": ["name", "email", "password", "public_id"]}),
        ("Access", {"fields": ["is_active", "is_staff", "is_superuser"]}),
        ("Dates", {"fields": ["created_at", "last_login"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["email", "name", "usable_password", "password1", "password2"]})
    ]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes a person."""
        return False


class MembershipForm(DatedForm):
    """A role that a person holds."""

    def clean(self) -> dict[str, Any]:
        """The data; the place must be the one that the scope speaks of."""
        cleaned = super().clean()
        scope = cleaned.get("scope")
        places = {Scope.AREA: "local_area", Scope.REGION: "region"}
        for its_scope, field in places.items():
            given = bool(cleaned.get(field))
            if scope == its_scope and not given and field not in self.errors:
                self.add_error(field, f"Choose the place: the role is for {its_scope.label}.")
            if scope and scope != its_scope and given:
                self.add_error(field, "Leave this empty: the role does not end at this place.")
        return cleaned


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    """Roles end on a day and are never deleted: who could see what, and when, stays on record."""

    form = MembershipForm
    list_display = ["person", "role", "scope", "place", "organisation", "starts_on", "ends_on"]
    list_filter = ["role", "scope", "region"]
    list_select_related = ["person", "local_area", "region", "organisation"]
    search_fields = ["person__name", "person__email", "local_area__name", "organisation__name"]
    autocomplete_fields = ["person", "organisation", "local_area", "region"]
    readonly_fields = ["granted_by"]

    @admin.display(description="place")
    def place(self, row: Membership) -> str:
        """The area or region, or England."""
        return str(row.local_area or row.region or "England")

    def get_form(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        """The form; it refuses a role for whoever fills it in."""
        form = super().get_form(request, *args, **options)

        class Form(form):  # type: ignore[misc, valid-type]
            def clean(self) -> dict[str, Any]:
                cleaned: dict[str, Any] = super().clean()
                if cleaned.get("person") == request.user:
                    self.add_error("person", "Nobody gives a role to themselves.")
                return cleaned

        return Form

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether somebody may change a role: never their own."""
        own = obj is not None and obj.person_id == request.user.pk
        return not own and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes a role that was held."""
        return False

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        """Save the role, with who gave it."""
        if not change:
            obj.granted_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
