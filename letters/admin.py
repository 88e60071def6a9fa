"""The register of letters in Django admin: that a letter went out, and when; never what it says."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.administration.pages import Choice, ToLookAt
from casework.admin import SEARCH_HELP, OfACase, OfKindOfCase
from letters.models import Letter, LetterState
from letters.registry import letter_kinds

#: What the register shows, and all that is read from the database for it.
SHOWN = (
    "case",
    "reference",
    "code",
    "number",
    "state",
    "dated",
    "issued_at",
    "approved_by",
    "issue_asked_by",
    "size",
    "sha256",
)


class OfCode(Choice):
    """One kind of letter."""

    title = "letter"
    parameter_name = "letter"

    def choices_of(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Every letter that there is."""
        return [(one.code, one.name) for one in letter_kinds()]

    def condition(self, value: str) -> Q:
        """That one."""
        return Q(code=value)


@admin.register(Letter)
class LetterAdmin(OfACase, ToLookAt):
    """Letters that went out, of cases that are no longer confidential."""

    list_display = ["reference", "name", "area", "dated", "issued_at", "issue_asked_by"]
    list_filter = [OfCode, OfKindOfCase]
    list_select_related = ["case", "case__local_area", "issue_asked_by"]
    search_fields = ["case__reference"]
    search_help_text = SEARCH_HELP
    ordering = ["-issued_at", "-pk"]
    sortable_by = ()
    fields = (
        "reference",
        "name",
        "number",
        "case",
        "area",
        "dated",
        "issued_at",
        "approved_by",
        "issue_asked_by",
        "size",
        "sha256",
    )
    readonly_fields = fields

    @admin.display(description="letter")
    def name(self, letter: Letter) -> str:
        """Which letter it is, in words."""
        names = {one.code: one.name for one in letter_kinds()}
        return names.get(letter.code, letter.code)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Issued ones; neither facts nor text are read."""
        found = super().get_queryset(request).filter(state=LetterState.ISSUED)
        related = ("case", "case__local_area", "approved_by", "issue_asked_by")
        others = [
            field.name
            for field in Letter._meta.concrete_fields
            if not field.primary_key and field.name not in SHOWN
        ]
        return found.select_related(*related).defer(*others)
