"""The list of cases: what a person may see, newest first, paged by key."""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from areas.models import Region
from casework import registry
from casework.access import remember_grants
from casework.deadlines import brief_words, next_deadlines, standing
from casework.models import Case
from design_system.forms import GovukForm
from design_system.tables import Cell, Column, Row, Table
from design_system.tags import deadline_tag

PAGE = 25
COUNTED_TO = 1000
COLUMNS = [
    Column("Local area"),
    Column("Case", nowrap=True),
    Column("Region"),
    Column("Kind"),
    Column("Stage"),
    Column("Day 1", nowrap=True),
    Column("Next deadline"),
]
FIELDS = (
    "pk",
    "reference",
    "kind",
    "framework",
    "stage",
    "first_day",
    "suspended_on",
    "created_at",
    "local_area__name",
    "local_area__region__name",
)
#: What `standing` asks of a deadline, and what is shown.


class Filters(GovukForm):
    """What the list can be narrowed to."""

    kind = forms.ChoiceField(label="Kind", required=False)
    stage = forms.ChoiceField(label="Stage", required=False)
    region = forms.ChoiceField(label="Region", required=False)
    area = forms.CharField(label="Local area or reference", required=False, max_length=100)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = registry.kinds()
        stages = {name: label for kind in kinds for name, label in kind.stages.items()}
        self._choose("kind", [(kind.name, kind.label) for kind in kinds])
        self._choose("stage", list(stages.items()))
        self._choose("region", list(Region.objects.values_list("code", "name")))

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "All"), *choices]

    def condition(self) -> Q:
        """The condition for what was chosen; a choice that does not exist narrows to nothing."""
        if not self.is_valid():
            return Q(pk__in=[])
        chosen = self.cleaned_data
        condition = Q()
        if chosen["kind"]:
            condition &= Q(kind=chosen["kind"])
        if chosen["stage"]:
            condition &= Q(stage=chosen["stage"])
        if chosen["region"]:
            condition &= Q(local_area__region__code=chosen["region"])
        if text := chosen["area"].strip():
            condition &= Q(local_area__name__icontains=text) | Q(reference__istartswith=text)
        return condition


@dataclass(frozen=True)
class Place:
    """Where a page begins: after or before one case in the order of the list."""

    created_at: datetime.datetime
    pk: uuid.UUID

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """From the address; None where it is none."""
        moment, _, pk = text.partition("~")
        try:
            created_at = datetime.datetime.fromisoformat(moment)
            return cls(created_at, uuid.UUID(pk)) if created_at.tzinfo else None
        except ValueError:
            return None

    @property
    def older(self) -> Q:
        """What stands behind it."""
        return Q(created_at__lt=self.created_at) | Q(created_at=self.created_at, pk__gt=self.pk)

    @property
    def newer(self) -> Q:
        """What stands in front of it."""
        return Q(created_at__gt=self.created_at) | Q(created_at=self.created_at, pk__lt=self.pk)


def _written(row: dict[str, Any]) -> str:
    return f"{row['created_at'].isoformat()}~{row['pk']}"


@login_required
@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """All cases that the person may see, 25 to a page."""
    remember_grants(request.user)
    filters = Filters(request.GET)
    visible = Case.objects.visible_to(request.user).filter(filters.condition())
    rows, newer, older = _page(visible, request)
    chosen = {name: request.GET[name] for name in filters.fields if request.GET.get(name)}
    total = visible.order_by()[: COUNTED_TO + 1].count()
    context = {
        "filters": filters,
        "filtered": bool(chosen),
        "table": Table(
            "Cases",
            COLUMNS,
            _rows(rows, next_deadlines(request.user, [row["pk"] for row in rows])),
            hide_caption=True,
            empty="No case matches." if chosen else "No case is open to you.",
            id="cases",
        ),
        "total": f"more than {COUNTED_TO:,}" if total > COUNTED_TO else f"{total:,}",
        "newer": f"?{urlencode({**chosen, 'before': newer})}" if newer else "",
        "older": f"?{urlencode({**chosen, 'after': older})}" if older else "",
    }
    return render(request, "casework/case_list.html", context)


def _page(visible: Any, request: HttpRequest) -> tuple[list[dict[str, Any]], str, str]:
    """The rows of the page asked for, and the places of the pages before and after it."""
    after = Place.read(request.GET.get("after", ""))
    before = Place.read(request.GET.get("before", ""))
    query = visible.values(*FIELDS)
    if before is not None and after is None:
        rows = list(query.filter(before.newer).order_by("created_at", "-pk")[: PAGE + 1])
        more_newer, more_older = len(rows) > PAGE, True
        rows = rows[:PAGE][::-1]
    else:
        if after is not None:
            query = query.filter(after.older)
        rows = list(query.order_by("-created_at", "pk")[: PAGE + 1])
        more_newer, more_older = after is not None, len(rows) > PAGE
        rows = rows[:PAGE]
    newer = _written(rows[0]) if rows and more_newer else ""
    older = _written(rows[-1]) if rows and more_older else ""
    return rows, newer, older


def _rows(rows: list[dict[str, Any]], following: Mapping[Any, Any]) -> list[Row]:
    kinds = {(row["kind"], row["framework"]) for row in rows}
    brief = {pair: brief_words(*pair) for pair in kinds}
    return [
        _row(row, following.get(row["pk"]), brief[row["kind"], row["framework"]]) for row in rows
    ]


def _row(row: dict[str, Any], due: Any, brief: Mapping[str, str]) -> Row:
    kind = registry.kind_of(row["kind"])
    first_day = row["first_day"]
    tone: Any = ""
    shown: Any = ""
    if due is not None:
        stands = standing(due, suspended=row["suspended_on"] is not None)
        tone = "alert" if stands.alarm else ""
        shown = format_html(
            "{} {}: {}",
            deadline_tag(stands.state),
            short_day(due.due_on),
            brief.get(due.rule) or due.title,
        )
    return Row(
        [
            format_html(
                '<a class="govuk-link" href="/cases/{}/">{}'
                '<span class="govuk-visually-hidden">, {}</span></a>',
                row["pk"],
                row["local_area__name"],
                row["reference"],
            ),
            row["reference"],
            row["local_area__region__name"],
            kind.label,
            kind.stage_label(row["stage"]),
            Cell(short_day(first_day), first_day.isoformat()) if first_day else "",
            shown,
        ],
        tone=tone,
    )


def short_day(day: datetime.date) -> str:
    """'Mon 1 June 2026'."""
    return f"{day:%a} {day.day} {day:%B %Y}"
