"""The list of cases: what a person may see, sorted as they like, paged by key, or as a file."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from areas.models import Region
from casework import registry
from casework.access import remember_grants
from casework.deadlines import brief_of, brief_words, next_deadlines, standing
from casework.models import Case
from design_system import exports
from design_system.forms import GovukForm
from design_system.keyset import BY_ID, Key, Order
from design_system.tables import Cell, Column, Row, Table
from design_system.tags import deadline_tag

PAGE = 25
COUNTED_TO = 1000
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


def _day(descending: bool) -> Key:
    return Key("first_day", datetime.date.fromisoformat, descending=descending, nullable=True)


#: The orders of the list, by what stands in the address: each the order of an index, or of areas
#: and an index within each.
ORDERS: Mapping[str, Order] = {
    "area": Order.of(Key("local_area__name"), BY_ID),
    "-area": Order.of(Key("local_area__name", descending=True), BY_ID),
    "reference": Order.of(Key("reference")),
    "-reference": Order.of(Key("reference", descending=True)),
    "stage": Order.of(Key("stage"), BY_ID),
    "-stage": Order.of(Key("stage", descending=True), BY_ID),
    "day": Order.of(_day(False), BY_ID),
    "-day": Order.of(_day(True), BY_ID),
}
#: Newest by what happened, not by when it was put on record: history is imported late. Statements
#: and programmes have no days on site; a reference names the year, so those of one kind go by it.
LATEST, LATEST_OF_A_KIND = "-day", "-reference"
#: Label, the name it is sorted by, further options.
COLUMNS: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("Local area", "area", {}),
    ("Case", "reference", {"nowrap": True}),
    ("Region", "", {}),
    ("Kind", "", {}),
    ("Stage", "stage", {}),
    ("Day 1", "day", {"nowrap": True}),
    ("Next deadline", "", {}),
)
EXPORTED = ("Case", "Local area", "Region", "Kind", "Framework", "Stage", "Day 1", "Suspended on")


class Filters(GovukForm):
    """What the list can be narrowed to."""

    kind = forms.ChoiceField(label="Kind", required=False)
    stage = forms.ChoiceField(label="Stage", required=False)
    region = forms.ChoiceField(label="Region", required=False)
    area = forms.CharField(label="Local area or reference", required=False, max_length=100)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = registry.kinds()
        stages: dict[str, dict[str, None]] = {}
        for kind in kinds:
            for name, label in kind.stages.items():
                stages.setdefault(name, {})[label] = None
        self._choose("kind", [(kind.name, kind.label) for kind in kinds])
        # One stage can have other words for another kind ('Final letter sent').
        self._choose("stage", [(name, ", ".join(words)) for name, words in stages.items()])
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

    def in_words(self) -> list[tuple[str, str]]:
        """What was chosen, as label and value."""
        return [
            (str(field.label), str(dict(getattr(field, "choices", ())).get(value, value)))
            for name, field in self.fields.items()
            if (value := self.cleaned_data.get(name))
        ]


@login_required
@require_safe
def case_list(request: HttpRequest) -> HttpResponseBase:
    """All cases that the person may see, 25 to a page.

    GET: fields of `Filters`, `order` (see `ORDERS`), `after` or `before`, and `format=csv` or
    `format=xlsx` for the whole list as a file.
    """
    remember_grants(request.user)
    filters = Filters(request.GET)
    visible = Case.objects.visible_to(request.user).filter(filters.condition())
    name = request.GET.get("order", "")
    chosen = {one: request.GET[one] for one in filters.fields if request.GET.get(one)}
    asked = name if name in ORDERS else ""
    sorted_too = {**chosen, **({"order": asked} if asked else {})}
    name = asked or (LATEST_OF_A_KIND if chosen.get("kind") else LATEST)
    if (form := exports.wanted_format(request.GET.get("format"))) and filters.is_valid():
        return exports.respond(_sheet(visible, name, filters), form)
    page = ORDERS[name].page(visible.values(*FIELDS), request, PAGE)
    total = visible.order_by()[: COUNTED_TO + 1].count()
    context = {
        "filters": filters,
        "filtered": bool(chosen),
        "order": asked,
        "table": Table(
            "Cases",
            _columns(name, chosen),
            _rows(page.rows, next_deadlines(request.user, [row["pk"] for row in page.rows])),
            hide_caption=True,
            empty="No case matches." if chosen else "No case is open to you.",
            id="cases",
        ),
        "total": f"more than {COUNTED_TO:,}" if total > COUNTED_TO else f"{total:,}",
        "newer": f"?{urlencode({**sorted_too, 'before': page.before})}" if page.before else "",
        "older": f"?{urlencode({**sorted_too, 'after': page.after})}" if page.after else "",
        "csv": f"?{urlencode({**sorted_too, 'format': 'csv'})}",
        "xlsx": f"?{urlencode({**sorted_too, 'format': 'xlsx'})}",
    }
    return render(request, "casework/case_list.html", context)


def _columns(order: str, chosen: Mapping[str, str]) -> list[Column]:
    found = []
    for label, name, options in COLUMNS:
        more: dict[str, Any] = dict(options)
        if name:
            wanted = f"-{name}" if order == name else name
            more["sort_address"] = f"?{urlencode({**chosen, 'order': wanted})}"
            more["sorted"] = {name: "ascending", f"-{name}": "descending"}.get(order, "")
        found.append(Column(label, **more))
    return found


def _rows(rows: Any, following: Mapping[Any, Any]) -> list[Row]:
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
            brief_of(brief, due.rule) or due.title,
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


def _sheet(visible: Any, order: str, filters: Filters) -> exports.Sheet:
    """The whole list, read from the database as it is written."""
    keys = (key.order(False) for key in ORDERS[order].keys)
    rows = visible.order_by(*keys).values(*FIELDS).iterator(chunk_size=2000)
    return exports.Sheet("Cases", EXPORTED, _cells(rows), filters.in_words())


def _cells(rows: Any) -> Iterator[list[Any]]:
    for row in rows:
        kind = registry.kind_of(row["kind"])
        yield [
            row["reference"],
            row["local_area__name"],
            row["local_area__region__name"],
            kind.label,
            row["framework"],
            kind.stage_label(row["stage"]),
            row["first_day"],
            row["suspended_on"],
        ]


def short_day(day: datetime.date) -> str:
    """'Mon 1 June 2026'."""
    return f"{day:%a} {day.day} {day:%B %Y}"
