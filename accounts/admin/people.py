"""People for administrators: made inactive, not deleted, since what they recorded stays theirs."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse

from accounts import leaving, roles
from accounts.admin.confirming import Confirmation, confirming, named_rows
from accounts.admin.memberships import HeldRoles, NewRole
from accounts.administration.pages import Choice, Kept
from accounts.administrators import mark
from accounts.models import Membership, User
from accounts.services import described
from config import clock

DEACTIVATING = Confirmation(
    slug="deactivate",
    model=User,
    title="Deactivate and sign out",
    button="Deactivate and sign out",
    done="Deactivated and signed out",
    plan=lambda people, given: leaving.plan_deactivation(people),
    carry_out=lambda people, given, agreed: leaving.deactivate(people, agreed=agreed),
)
REACTIVATING = Confirmation(
    slug="reactivate",
    model=User,
    title="Make active again",
    button="Make active again",
    done="Active again",
    plan=lambda people, given: leaving.plan_reactivation(people),
    carry_out=lambda people, given, agreed: leaving.reactivate(people, agreed=agreed),
)
SIGNING_OUT = Confirmation(
    slug="sign-out",
    model=User,
    title="Sign out everywhere",
    button="Sign out everywhere",
    done="Signed out everywhere",
    plan=lambda people, given: leaving.plan_signing_out(people),
    carry_out=lambda people, given, agreed: leaving.sign_out_everywhere(people, agreed=agreed),
)


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


class HoldsRole(Choice):
    """A role that is held today."""

    title = "role held today"
    parameter_name = "role"

    def choices_of(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Every role, and none."""
        return [*roles.CHOICES, ("none", "No role")]

    def condition(self, value: str) -> Q:
        """By the memberships of the day on the clock."""
        held = Membership.objects.on(clock.today())
        if value == "none":
            return ~Q(pk__in=held.values("person"))
        return Q(pk__in=held.filter(role=value).values("person"))


@admin.register(User)
class PersonAdmin(Kept, confirming(DEACTIVATING, REACTIVATING, SIGNING_OUT, base=UserAdmin)):  # type: ignore[misc]
    """People sign in by e-mail address and act in the roles that stand below."""

    add_form = NewPersonForm
    ordering = ["name", "pk"]
    list_display = ["name", "email", "held_today", "is_active"]
    list_filter = ["is_active", HoldsRole]
    search_fields = ["name", "email", "memberships__local_area__name"]
    search_help_text = "A name, an e-mail address, or a local area in which a role is held"
    sortable_by = ["name", "email"]
    filter_horizontal = ()
    actions = ["deactivate", "reactivate", "sign_out"]
    readonly_fields = ["public_id", "is_active", "created_at", "last_login", "signed_out_at"]
    fieldsets = [
        (None, {"fields": ["name", "email", "password"]}),
        (
            "Account",
            {"fields": ["is_active", "created_at", "last_login", "signed_out_at", "public_id"]},
        ),
    ]
    add_fieldsets = [
        (None, {"fields": ["name", "email", "usable_password", "password1", "password2"]})
    ]
    inlines = [HeldRoles, NewRole]
    change_form_template = "admin/accounts/user/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """People with the roles that they hold today."""
        held = Membership.objects.on(clock.today()).select_related("local_area", "region")
        found: QuerySet[User] = super().get_queryset(request)
        return found.prefetch_related(Prefetch("memberships", held.order_by("pk"), "held_now"))

    @admin.display(description="roles held today")
    def held_today(self, person: User) -> str:
        """In words."""
        return described(person.held_now) or "None"  # type: ignore[attr-defined]

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """None while the person is not there yet."""
        return list(self.inlines) if obj else []

    @admin.action(description="Deactivate and sign out the selected people")
    def deactivate(self, request: HttpRequest, chosen: QuerySet[User]) -> HttpResponse:
        """Lead to the page that lists what will happen."""
        return named_rows(self, request, DEACTIVATING, chosen)

    @admin.action(description="Make the selected people active again")
    def reactivate(self, request: HttpRequest, chosen: QuerySet[User]) -> HttpResponse:
        """Lead to the page that lists what will happen."""
        return named_rows(self, request, REACTIVATING, chosen)

    @admin.action(description="Sign the selected people out everywhere")
    def sign_out(self, request: HttpRequest, chosen: QuerySet[User]) -> HttpResponse:
        """Lead to the page that lists what will happen."""
        return named_rows(self, request, SIGNING_OUT, chosen)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        """The page, with the ways to the actions for this person alone."""
        person = options.get("obj")
        if person is not None:
            first = DEACTIVATING if person.is_active else REACTIVATING
            context["ways"] = [
                (one.title, one.address([person.pk])) for one in (first, SIGNING_OUT)
            ]
        page: HttpResponse = super().render_change_form(request, context, *args, **options)
        return page

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save the roles, with who gave them, and what follows."""
        with transaction.atomic():
            for row in formset.save(commit=False):
                if row.granted_by_id is None:
                    row.granted_by = request.user
                row.save()
            formset.save_m2m()
            mark([form.instance.pk])

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Single people alone, where nothing names them: mistyped and never used."""
        return obj is not None and obj.pk != request.user.pk

    def why_not_delete(self, request: HttpRequest, row: User) -> str:
        """Why a person cannot be deleted; '' where nothing names them."""
        if row.pk == request.user.pk:
            return "Nobody deletes themselves."
        reason: str = super().why_not_delete(request, row)
        return f"{reason} Make the person inactive instead." if reason else ""
