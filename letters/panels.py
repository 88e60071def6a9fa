"""The letters part of a case page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from casework.access import access_of
from casework.models import Case
from casework.registry import register_panel
from letters.models import TAGS, Letter, LetterState
from letters.registry import LetterKind, letters_of


@dataclass(frozen=True)
class Row:
    """One letter, or one that could be begun."""

    name: str
    link: str
    state: str
    tag: str
    letter: Letter | None = None


def register() -> None:
    """Put the letters on every case page."""
    register_panel("*", "letters", "letters/panel.html", of_case)


def of_case(request: HttpRequest, case: Case) -> Mapping[str, Any] | None:
    """The letters of a case that the person may see; None where there is nothing. One query."""
    kinds = letters_of(case.kind)
    if not kinds:
        return None
    letters: dict[str, list[Letter]] = {}
    for letter in Letter.objects.filter(case=case).order_by("code", "key", "number"):
        letters.setdefault(letter.code, []).append(letter)
    may = access_of(request.user, case).may
    rows: list[Row] = []
    for kind in kinds:
        drafts, reads = bool(may(f"{kind.code}.draft")), bool(may(f"{kind.code}.read"))
        found = letters.get(kind.code, [])
        rows += [
            _row(case, kind, one, found) for one in found if drafts or (reads and one.is_issued)
        ]
        if drafts and not found and case.ended_on is None:
            link = reverse("letter_desk", args=[case.pk, kind.code])
            rows.append(Row(kind.name, link, "Not begun", "govuk-tag--grey"))
    return {"rows": rows} if rows else None


def _row(case: Case, kind: LetterKind, letter: Letter, of_kind: list[Letter]) -> Row:
    replaced = any(one.replaces_id == letter.pk and one.is_issued for one in of_kind)
    link = (
        letter.get_absolute_url()
        if letter.is_issued
        else reverse("letter_desk", args=[case.pk, kind.code])
    )
    state = "Replaced" if replaced else letter.get_state_display()
    tag = "govuk-tag--grey" if replaced else TAGS[LetterState(letter.state)]
    return Row(kind.name, link, state, tag, letter)
