"""Which open cases take over a new number: ticked on a list, or all there are."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.http import QueryDict

from areas.models import Region
from casework.access import visible_cases
from casework.changes.starred import Starred
from casework.models import Case
from casework.registry import kind_of
from casework.told import told
from design_system.forms import CheckboxesField, GovukForm, RadiosField, TextField

SHOWN = 100


class ChooseCases(GovukForm):
    """Open cases of the parameter's kind. Those that are not announced yet and not the person's to
    see have no line of their own: they are among all or among none."""

    area = TextField(label="Local area or reference", required=False, max_length=100)
    region = forms.ChoiceField(label="Region", required=False)
    which = RadiosField(label="Which open cases take the new value over?", choices=())
    case = CheckboxesField(label="Cases", choices=(), required=False)

    nouns: ClassVar[Mapping[str, str]] = {
        "which": "which open cases take the new value over",
        "case": "the cases",
    }

    def __init__(
        self, data: Any = None, *, narrowed: QueryDict, parameter: Starred, user: Any, **more: Any
    ) -> None:
        super().__init__(data, **more)
        self.of_kind = Case.objects.filter(
            kind=parameter.kind, framework=parameter.framework, ended_on=None
        )
        self.named = self.of_kind.filter(told() | visible_cases(user))
        self._choose(narrowed)

    def _choose(self, narrowed: QueryDict) -> None:
        region = self.fields["region"]
        assert isinstance(region, forms.ChoiceField)
        region.choices = [("", "All"), *Region.objects.values_list("code", "name")]
        self.total = self.of_kind.count()
        which = self.fields["which"]
        assert isinstance(which, RadiosField)
        which.choices = [
            ("ticked", "Those that I tick below"),
            ("all", f"All {self.total:,} that are open, those not announced yet included"),
        ]
        area, code = narrowed.get("area", "").strip(), narrowed.get("region", "")
        rows = self.named.filter(_matches(area, code)).order_by("reference", "pk")
        found = list(rows.select_related("local_area")[: SHOWN + 1])
        self.more = len(found) > SHOWN
        ticked = set(narrowed.getlist("case"))
        self.shown = {str(one.pk): _in_words(one) for one in found[:SHOWN]}
        self.kept = _known(ticked - set(self.shown), self.named)
        case = self.fields["case"]
        assert isinstance(case, CheckboxesField)
        case.choices = list({**self.shown, **self.kept}.items())

    def clean(self) -> dict[str, Any]:
        """One at least must be ticked, unless all take it over."""
        cleaned = super().clean() or self.cleaned_data
        ticked = cleaned.get("which") == "ticked"
        if ticked and not cleaned.get("case") and "case" not in self.errors:
            self.add_error("case", "Tick one case at least")
        if cleaned.get("which") == "all" and not self.total:
            self.add_error("which", "No case of this kind is open")
        return cleaned

    def case_ids(self) -> list[uuid.UUID]:
        """The cases chosen."""
        if self.cleaned_data["which"] == "all":
            return list(self.of_kind.order_by("pk").values_list("pk", flat=True))
        return sorted(uuid.UUID(one) for one in self.cleaned_data["case"])


def _matches(area: str, region: str) -> Q:
    condition = Q()
    if area and "\x00" not in area:
        condition &= Q(local_area__name__icontains=area) | Q(reference__istartswith=area)
    if region:
        condition &= Q(local_area__region__code=region)
    return condition


def _known(ticked: set[str], named: Any) -> dict[str, str]:
    ids = []
    for one in ticked:
        try:
            ids.append(uuid.UUID(one))
        except ValueError:
            continue
    if not ids:
        return {}
    rows = named.filter(pk__in=ids[:1000]).select_related("local_area").order_by("reference")
    return {str(one.pk): _in_words(one) for one in rows}


def _in_words(case: Case) -> str:
    stage = kind_of(case).stage_label(case.stage).lower()
    return f"{case.local_area.name}, {case.reference} ({stage})"
