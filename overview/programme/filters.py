"""What the programme can be narrowed to and sorted by."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django import forms

from areas.models import Region
from config import clock
from design_system.forms import GovukForm, MonthField, TextField
from design_system.keyset import BY_ID, Key, Order
from overview.programme.lines import FRAMEWORKS, Line, Period
from overview.programme.statuses import STATUSES
from working_days.calendar import add_months

_NAME = Key("name")


def _by_day(name: str, descending: bool) -> Order:
    return Order.of(
        Key(name, datetime.date.fromisoformat, descending=descending, nullable=True), _NAME, BY_ID
    )


#: The orders of the list, by what stands in the address; empty days stand last in all.
ORDERS: Mapping[str, Order] = {
    "area": Order.of(_NAME, BY_ID),
    "-area": Order.of(Key("name", descending=True), BY_ID),
    **{
        f"{sign}{name}": _by_day(field, bool(sign))
        for name, field in (("last", "last_on"), ("revisit", "revisit_due"), ("next", "next_due"))
        for sign in ("", "-")
    },
}
DEFAULT_ORDER = "area"


class ProgrammeFilters(GovukForm):
    """What the programme is narrowed to."""

    area = TextField(label="Area", required=False, max_length=100)
    region = forms.ChoiceField(label="Region", required=False)
    status = forms.ChoiceField(label="Status", required=False)
    framework = forms.ChoiceField(label="Last inspected under", required=False)
    period_from = MonthField(label="Inspected from (month)", required=False)
    period_to = MonthField(label="Inspected to (month)", required=False)
    gone = forms.BooleanField(label="Areas that no longer exist", required=False)

    looks = {
        "area": {"width": 10},
        "period_from": {"width": 10},
        "period_to": {"width": 10},
        "gone": {"small": True},
    }
    nouns = {
        "framework": "the framework of the last inspection",
        "period_from": "the first month",
        "period_to": "the last month",
    }

    def __init__(self, *args: Any, regions: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self._choose("region", regions)
        self._choose("status", [(one.name, one.label) for one in STATUSES.values()])
        self._choose("framework", list(FRAMEWORKS.items()))

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "All"), *choices]

    def clean(self) -> dict[str, Any]:
        """The months are in order."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = given.get("period_from"), given.get("period_to")
        if first and last and last < first:
            self.add_error("period_to", "The last month must be the first month or later")
        return given


def regions() -> list[tuple[str, str]]:
    """Codes and names of the regions: one query."""
    return list(Region.objects.values_list("code", "name"))


@dataclass(frozen=True)
class Chosen:
    """What was chosen. `typed` is how it stands in the address."""

    area: str = ""
    region: str = ""
    status: str = ""
    framework: str = ""
    period: Period = field(default_factory=Period)
    gone: bool = False
    typed: Mapping[str, str] | None = None

    @classmethod
    def of(cls, form: ProgrammeFilters) -> "Chosen":
        """From a form that was asked whether it is valid; what is not understood is left out."""
        given = form.cleaned_data
        last = given.get("period_to")
        typed = {name: form.data[name] for name in form.fields if form.data.get(name)}
        return cls(
            area=given.get("area", ""),
            region=given.get("region", ""),
            status=given.get("status", ""),
            framework=given.get("framework", ""),
            period=Period(
                given.get("period_from"),
                add_months(last, 1) - datetime.timedelta(days=1) if last else None,
            ),
            gone=bool(given.get("gone")),
            typed=typed,
        )

    def narrow(self, lines: Sequence[Line]) -> list[Line]:
        """The lines that match, whatever their status."""
        today = clock.today()
        return [line for line in lines if self._matches(line, today)]

    def _matches(self, line: Line, today: datetime.date) -> bool:
        area = line.area
        if not self.gone and not _is_current(line, today):
            return False
        if self.framework and (line.shown is None or line.shown.framework != self.framework):
            return False
        text = self.area.strip().casefold()
        return not text or text in area.name.casefold() or text == area.dfe_code

    def address(self, *, without: str = "", **more: str) -> str:
        """The address of the same list with something else, or without something, chosen."""
        kept = {name: text for name, text in (self.typed or {}).items() if name != without}
        kept.update({name: text for name, text in more.items() if text})
        return f"?{urlencode(kept)}" if kept else "?"


def _is_current(line: Line, today: datetime.date) -> bool:
    area = line.area
    begun = area.starts_on is None or area.starts_on <= today
    return begun and (area.ends_on is None or area.ends_on >= today)
