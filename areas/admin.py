"""Regions, local areas, organisations, posts and terms for administrators.

What cases rest on ends on a day and is never deleted. What was entered by mistake and is a fact of
its own (a code, a link, a holder, a term) can be taken out; the history keeps that it was there.
"""

import datetime
from typing import Any

from django.contrib import admin
from django.db.models import ManyToManyField, Q, QuerySet
from django.http import HttpRequest

from areas import serving
from areas.admin_ending import end_on_a_day
from areas.admin_forms import (
    COMMISSIONERS,
    AreaForm,
    CodeForm,
    CodeRows,
    DatedForm,
    HolderForm,
    HolderRows,
    LinkForm,
    LinkRows,
    OrganisationForm,
    ServedRows,
    ServingForm,
    TermForm,
    TermRows,
)
from areas.models import (
    AreaOrganisation,
    GssCode,
    LocalArea,
    Organisation,
    Post,
    PostHolder,
    Region,
    Term,
)
from areas.page import school_year_of
from config import clock


class KeptAdmin(admin.ModelAdmin):
    """Rows that cases rest on: they end on a day and are never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes them."""
        return False


# -- filters ---------------------------------------------------------------------------------------


def _titled(title: str) -> type[admin.ChoicesFieldListFilter]:
    """A filter by a choice of another table, under a title that tells it from the row's own."""

    class Titled(admin.ChoicesFieldListFilter):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self.title = title

    return Titled


class When(admin.SimpleListFilter):
    """Rows of today, of the past or to come."""

    title = "when"
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The three."""
        return [("today", "Today"), ("past", "Ended"), ("coming", "To come")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those rows."""
        today = clock.today()
        if self.value() == "past":
            return queryset.filter(ends_on__lt=today)
        if self.value() == "coming":
            return queryset.filter(starts_on__gt=today)
        if self.value() == "today":
            begun = Q(starts_on__isnull=True) | Q(starts_on__lte=today)
            return queryset.filter(begun, Q(ends_on__isnull=True) | Q(ends_on__gte=today))
        return queryset


class Held(admin.SimpleListFilter):
    """Posts that somebody holds today, and those that nobody does."""

    title = "held today"
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Yes and no."""
        return [("yes", "By somebody"), ("no", "By nobody")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those posts."""
        held = PostHolder.objects.on(clock.today()).values("post")
        if self.value() == "yes":
            return queryset.filter(pk__in=held)
        return queryset.exclude(pk__in=held) if self.value() == "no" else queryset


class OfSchoolYear(admin.SimpleListFilter):
    """Terms of one school year."""

    title = "school year"
    parameter_name = "school_year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The years around today."""
        this = school_year_of(clock.today())
        years = range(this + 2, this - 4, -1)
        return [(str(year), f"{year} to {year + 1}") for year in years]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Terms that begin between August and July."""
        if self.value() not in {value for value, _ in self.lookup_choices}:
            return queryset
        year = int(self.value() or 0)
        first, last = datetime.date(year, 8, 1), datetime.date(year + 1, 7, 31)
        return queryset.filter(starts_on__range=(first, last))


# -- regions and areas -----------------------------------------------------------------------------


@admin.register(Region)
class RegionAdmin(KeptAdmin):
    list_display = ["name", "code"]
    search_fields = ["name", "code"]


class GssCodeInline(admin.TabularInline):
    model = GssCode
    form, formset = CodeForm, CodeRows
    extra = 1
    verbose_name, verbose_name_plural = "GSS code", "GSS codes"


class LinkInline(admin.TabularInline):
    """From when to when organisations serve areas. A further link is added among the links: a
    choice of all organisations in every row would make the page heavy."""

    model = AreaOrganisation
    form = ServingForm
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[AreaOrganisation]:
        """With the organisations."""
        return super().get_queryset(request).select_related("organisation", "local_area")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not here."""
        return False


class ServingInline(LinkInline):
    """The organisations of an area."""

    formset = LinkRows
    fields = ["organisation", "share", "starts_on", "ends_on"]
    readonly_fields = ["organisation"]
    ordering = ["organisation__kind", "starts_on", "organisation__name"]
    verbose_name_plural = "Organisations that serve it, served it or will"


class TermInline(admin.TabularInline):
    model = Term
    form, formset = DatedForm, TermRows
    ordering = ("starts_on",)
    extra = 1
    verbose_name_plural = "School terms"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Term]:
        """With the area, whose name is theirs."""
        return super().get_queryset(request).select_related("local_area")


@admin.register(LocalArea)
class LocalAreaAdmin(KeptAdmin):
    form = AreaForm
    list_display = ["name", "dfe_code", "region", "authority_type", "starts_on", "ends_on"]
    list_filter = [When, "region", "authority_type", "ons_region"]
    list_select_related = ["region"]
    search_fields = ["name", "other_names", "dfe_code", "ofsted_urn", "gss_codes__code"]
    search_help_text = "Name, DfE number, GSS code or Ofsted URN, of today or of the past"
    autocomplete_fields = ["region"]
    inlines = [GssCodeInline, ServingInline, TermInline]


# -- organisations and links -----------------------------------------------------------------------


class ServedInline(LinkInline):
    """The areas that an organisation serves."""

    formset = ServedRows
    fields = ["local_area", "share", "starts_on", "ends_on"]
    readonly_fields = ["local_area"]
    ordering = ["local_area__name", "starts_on"]
    verbose_name_plural = "Areas that it serves, served or will"


class PostInline(admin.TabularInline):
    """The posts of an organisation; who holds them is on the page of each."""

    model = Post
    fields = ("kind", "title", "local_area")
    readonly_fields = ("kind", "local_area")
    show_change_link = True
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Post]:
        """With area and organisation."""
        return super().get_queryset(request).select_related("local_area", "organisation")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not here."""
        return False


@admin.register(Organisation)
class OrganisationAdmin(KeptAdmin):
    form = OrganisationForm
    list_display = ["name", "kind", "code", "email", "starts_on", "ends_on"]
    list_filter = ["kind", When]
    search_fields = ["name", "code", "email", "links__local_area__name"]
    search_help_text = "Name, code, e-mail address, or an area that it serves"
    inlines = [ServedInline, PostInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What an organisation is stays as it was entered: posts and links depend on it."""
        return ["kind"] if obj else []

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Only commissioners become others."""
        is_commissioner = obj is not None and obj.kind == COMMISSIONERS["kind"]
        return [] if is_commissioner else ["successors"]

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **options: Any
    ) -> Any:
        """Commissioners become commissioners."""
        options["queryset"] = Organisation.objects.filter(**COMMISSIONERS)
        return super().formfield_for_manytomany(db_field, request, **options)


@admin.register(AreaOrganisation)
class AreaOrganisationAdmin(admin.ModelAdmin):
    """Links end on a day. One that was entered by mistake is taken out on its own page, where
    nothing rests on it: never several at once."""

    form = LinkForm
    list_display = ["local_area", "organisation", "share", "starts_on", "ends_on"]
    list_filter = [("organisation__kind", _titled("organisation")), When, "local_area__region"]
    list_select_related = ["local_area", "organisation"]
    search_fields = ["local_area__name", "local_area__dfe_code", "organisation__name"]
    search_help_text = "An area’s name or DfE number, or an organisation’s name"
    autocomplete_fields = ["local_area", "organisation"]
    ordering = ["local_area__name", "organisation__name", "starts_on"]
    actions = [end_on_a_day]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without deleting several at once."""
        found: dict[str, Any] = super().get_actions(request)
        found.pop("delete_selected", None)
        return found

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Who serves which area stays as it was entered: cases rest on it."""
        return ["local_area", "organisation"] if obj else []

    def why_it_stays(self, link: AreaOrganisation) -> str:
        """Why a link cannot be taken out, in words; '' where it can."""
        return serving.why_it_stays(link, serving.cases_on([link]).get(serving.pair_of(link), []))


# -- posts and who holds them ----------------------------------------------------------------------


class PostHolderInline(admin.TabularInline):
    model = PostHolder
    form, formset = DatedForm, HolderRows
    extra = 1


@admin.register(Post)
class PostAdmin(KeptAdmin):
    list_display = ["title", "kind", "organisation", "local_area"]
    list_filter = ["kind", Held, ("organisation__kind", _titled("organisation"))]
    list_select_related = ["organisation", "local_area"]
    search_fields = ["title", "organisation__name", "local_area__name", "holders__name"]
    search_help_text = "A title, an organisation, an area or somebody’s name"
    autocomplete_fields = ["organisation", "local_area"]
    inlines = [PostHolderInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Whose post it is stays as it was entered: its holders held it there."""
        return ["organisation", "local_area"] if obj else []


@admin.register(PostHolder)
class PostHolderAdmin(admin.ModelAdmin):
    form = HolderForm
    list_display = ["name", "title", "organisation", "email", "starts_on", "ends_on"]
    list_filter = [
        ("post__kind", _titled("post")),
        When,
        ("post__organisation__kind", _titled("organisation")),
    ]
    list_select_related = ["post", "post__organisation"]
    search_fields = ["name", "email", "post__title", "post__organisation__name"]
    search_help_text = "Somebody’s name or e-mail address, a post or an organisation"
    autocomplete_fields = ["post"]
    ordering = ["name", "pk"]
    actions = [end_on_a_day]

    @admin.display(description="post", ordering="post__title")
    def title(self, row: PostHolder) -> str:
        """What the post is called."""
        return row.post.title

    @admin.display(description="organisation", ordering="post__organisation__name")
    def organisation(self, row: PostHolder) -> str:
        """Whose post it is."""
        return row.post.organisation.name


@admin.register(Term)
class TermAdmin(admin.ModelAdmin):
    form = TermForm
    list_display = ["name", "local_area", "starts_on", "ends_on"]
    list_filter = [OfSchoolYear, "local_area__region"]
    list_select_related = ["local_area"]
    search_fields = ["name", "local_area__name", "local_area__dfe_code"]
    search_help_text = "A term’s name, or an area’s name or DfE number"
    autocomplete_fields = ["local_area"]
    ordering = ["local_area__name", "starts_on"]
    date_hierarchy = "starts_on"
