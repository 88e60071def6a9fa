"""Regions, local areas, organisations, posts and terms for administrators."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from areas.admin_forms import DatedForm
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


class KeptAdmin(admin.ModelAdmin):
    """Rows that cases rest on: they end on a day and are never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes them."""
        return False


@admin.register(Region)
class RegionAdmin(KeptAdmin):
    list_display = ["name", "code"]
    search_fields = ["name", "code"]


class GssCodeInline(admin.TabularInline):
    model = GssCode
    form = DatedForm
    extra = 0


@admin.register(LocalArea)
class LocalAreaAdmin(KeptAdmin):
    form = DatedForm
    list_display = ["name", "dfe_code", "region", "authority_type", "starts_on", "ends_on"]
    list_filter = ["region", "authority_type"]
    list_select_related = ["region"]
    search_fields = ["name", "dfe_code", "gss_codes__code"]
    autocomplete_fields = ["region", "successors"]
    inlines = [GssCodeInline]


@admin.register(Organisation)
class OrganisationAdmin(KeptAdmin):
    form = DatedForm
    list_display = ["name", "kind", "code", "email", "starts_on", "ends_on"]
    list_filter = ["kind"]
    search_fields = ["name", "code"]


@admin.register(AreaOrganisation)
class AreaOrganisationAdmin(KeptAdmin):
    form = DatedForm
    list_display = ["local_area", "organisation", "starts_on", "ends_on"]
    list_filter = ["organisation__kind", "local_area__region"]
    list_select_related = ["local_area", "organisation"]
    search_fields = ["local_area__name", "organisation__name"]
    autocomplete_fields = ["local_area", "organisation"]


class PostHolderInline(admin.TabularInline):
    model = PostHolder
    form = DatedForm
    extra = 0


@admin.register(Post)
class PostAdmin(KeptAdmin):
    list_display = ["title", "kind", "organisation", "local_area"]
    list_filter = ["kind"]
    list_select_related = ["organisation", "local_area"]
    search_fields = ["title", "organisation__name", "local_area__name", "holders__name"]
    autocomplete_fields = ["organisation", "local_area"]
    inlines = [PostHolderInline]


@admin.register(Term)
class TermAdmin(admin.ModelAdmin):
    form = DatedForm
    list_display = ["name", "local_area", "starts_on", "ends_on"]
    list_filter = ["local_area__region"]
    list_select_related = ["local_area"]
    search_fields = ["name", "local_area__name"]
    autocomplete_fields = ["local_area"]
    date_hierarchy = "starts_on"
