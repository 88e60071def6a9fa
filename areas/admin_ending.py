"""Ending many rows on a day, from a list of Django admin: a page says what would happen to each,
and only what was agreed to is done."""

import datetime
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from areas import serving
from areas.models import AreaOrganisation
from config import clock
from design_system.forms import in_words

#: More than anybody reads through before agreeing.
AT_ONCE = 100
EARLIEST, LATEST = datetime.date(2016, 1, 1), datetime.date(2040, 12, 31)


@dataclass(frozen=True)
class Line:
    """What would happen to one row, and whether anything would."""

    row: Any
    text: str
    ends: bool

    @property
    def name(self) -> str:
        """What the row is called."""
        return named(self.row)


class EndingForm(forms.Form):
    """The last day of all of them."""

    last_day = forms.DateField(label="Last day", help_text="For example, 31/3/2027")

    def clean_last_day(self) -> datetime.date:
        """A day within the time of these inspections. Raises ValidationError."""
        day: datetime.date = self.cleaned_data["last_day"]
        if not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(
                f"Enter a day between {in_words(EARLIEST)} and {in_words(LATEST)}."
            )
        return day


def lines(rows: Sequence[Any], last_day: datetime.date) -> list[Line]:
    """What ending each on a day would do. A row that ends earlier, or begins later, stays, as does
    a link that an area or its cases cannot do without."""
    needed = _needed([row for row in rows if isinstance(row, AreaOrganisation)], last_day)
    found = []
    for row in rows:
        if row.starts_on and row.starts_on > last_day:
            text = f"Stays: it begins on {in_words(row.starts_on)}, after that day"
        elif row.ends_on and row.ends_on <= last_day:
            text = f"Stays: it ends on {in_words(row.ends_on)} already"
        elif row.pk in needed:
            text = f"Stays: {needed[row.pk]}"
        else:
            was = f", in place of {in_words(row.ends_on)}" if row.ends_on else ""
            found.append(Line(row, f"Ends on {in_words(last_day)}{was}", True))
            continue
        found.append(Line(row, text, False))
    return found


def _needed(links: Sequence[AreaOrganisation], last_day: datetime.date) -> dict[Any, str]:
    resting = serving.cases_on(links)
    found = {}
    for link in links:
        ended = copy(link)
        ended.ends_on = last_day
        cases = resting.get(serving.pair_of(link), [])
        if objection := serving.objection(link, ended, cases, area=link.local_area):
            found[link.pk] = objection.text
    return found


def named(row: Any) -> str:
    """What a row is called here: of somebody who holds a post, with the post."""
    post = getattr(row, "post", None)
    return f"{row}, {post}" if post else str(row)


def _with_names(model_admin: admin.ModelAdmin, keys: Sequence[str]) -> QuerySet[Any]:
    rows = model_admin.model._default_manager.filter(pk__in=keys).order_by("pk")
    related: Any = model_admin.list_select_related
    return rows.select_related(*related)


def _digest(found: Sequence[Line]) -> str:
    return ",".join(f"{line.row.pk}:{line.text}" for line in found)


@admin.action(description="End on a day")
def end_on_a_day(
    model_admin: admin.ModelAdmin, request: HttpRequest, chosen: QuerySet[Any]
) -> HttpResponse | None:
    """Ask for the day, show what would happen, and do it when it was agreed to."""
    keys = [str(pk) for pk in chosen.order_by("pk").values_list("pk", flat=True)[: AT_ONCE + 1]]
    if len(keys) > AT_ONCE:
        text = f"Choose at most {AT_ONCE} at once. Nothing was changed."
        model_admin.message_user(request, text, messages.WARNING)
        return None
    asked = "last_day" in request.POST
    initial = {"last_day": clock.today().strftime("%d/%m/%Y")}
    form = EndingForm(request.POST) if asked else EndingForm(initial=initial)
    found: list[Line] = []
    if asked and form.is_valid():
        with transaction.atomic():
            rows = _with_names(model_admin, keys)
            held = list(rows.select_for_update(of=("self",)))
            found = lines(held, form.cleaned_data["last_day"])
            agreed = request.POST.get("agreed", "")
            if "confirm" in request.POST and agreed == _digest(found):
                _end(model_admin, request, form.cleaned_data["last_day"], found)
                return None
            if "confirm" in request.POST:
                messages.warning(request, "Look at what will happen now, then confirm.")
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "End on a day",
        "opts": model_admin.model._meta,
        "form": form,
        "chosen": keys,
        "names": [] if found else [named(row) for row in _with_names(model_admin, keys)],
        "found": found,
        "any": any(line.ends for line in found),
        "agreed": _digest(found),
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/areas/end_on_a_day.html", context)


def _end(
    model_admin: admin.ModelAdmin,
    request: HttpRequest,
    last_day: datetime.date,
    found: Sequence[Line],
) -> None:
    ending = [line for line in found if line.ends]
    model_admin.model._default_manager.filter(pk__in=[line.row.pk for line in ending]).update(
        ends_on=last_day
    )
    for line in ending:
        model_admin.log_change(request, line.row, f"{line.text}.")
    stayed = len(found) - len(ending)
    rest = f" {stayed} stayed as they were." if stayed else ""
    text = f"{len(ending)} ended on {in_words(last_day)}.{rest}"
    model_admin.message_user(request, text, messages.SUCCESS)
