"""What the forms of Django admin check beside their fields: mistakes get a message there, where
the database alone would answer with an error, and the same rules hold as on the areas' pages.

Each check first locks the row that its rows belong to. Django admin saves in the transaction in
which it checked, so of two who save at the same moment the second sees what the first did.
"""

import datetime
import re
from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.db import models

from areas import editing, serving
from areas.admin_ending import EARLIEST, LATEST
from areas.models import (
    AreaOrganisation,
    GssCode,
    LocalArea,
    Organisation,
    OrganisationKind,
    Post,
    PostHolder,
    Region,
    Term,
)
from design_system.forms import in_words

DATES = frozenset({"starts_on", "ends_on"})


class DatedForm(forms.ModelForm):
    """A row that holds from a day to a day."""

    def clean(self) -> dict[str, Any]:
        """The data; the last day must not be before the first."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day must not be before the first.")
        return cleaned

    def refuse(self, refusal: editing.ChangeRefused) -> None:
        """Say beside its field why the row cannot be."""
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, f"{refusal}.")


def lock(model: type[models.Model], *keys: Any) -> None:
    """Make others who would change what belongs to these rows wait."""
    rows = model._default_manager.filter(pk__in=[key for key in keys if key])
    list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))


class AreaForm(DatedForm):
    """A local area."""

    def clean_dfe_code(self) -> str:
        """Three digits. Raises ValidationError."""
        code: str = self.cleaned_data["dfe_code"]
        if not re.fullmatch(r"[0-9]{3}", code):
            raise forms.ValidationError("A DfE number has three digits, like 302.")
        return code

    def clean_name(self) -> str:
        """The name, with single spaces."""
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        """The data; no two areas have a name at the same time, and an area that became others has
        ended before they began."""
        cleaned = super().clean()
        if not self.errors and {"name", *DATES} & set(self.changed_data):
            self._hold_against_others(cleaned)
        after = cleaned.get("successors") or LocalArea.objects.none()
        last = cleaned.get("ends_on")
        if self.instance.pk and after.filter(pk=self.instance.pk).exists():
            self.add_error("successors", "An area does not become itself.")
        elif after.exists() and not last and "ends_on" not in self.errors:
            self.add_error("ends_on", "Enter the last day: the area became others.")
        elif last and after.filter(starts_on__gt=last).count() < after.count():
            self.add_error("successors", f"They begin after {in_words(last)}.")
        return cleaned

    def _hold_against_others(self, cleaned: dict[str, Any]) -> None:
        lock(Region, *Region.objects.values_list("pk", flat=True))
        others = LocalArea.objects.exclude(pk=self.instance.pk)
        if last := cleaned.get("ends_on"):
            others = others.exclude(starts_on__gt=last)
        if first := cleaned.get("starts_on"):
            others = others.exclude(ends_on__lt=first)
        if same := others.filter(name__iexact=cleaned["name"]).first():
            text = f"The area with the DfE number {same.dfe_code} has this name at that time."
            self.add_error("name", text)


class OrganisationForm(DatedForm):
    """An organisation; what it is stays as it was entered."""

    def clean_name(self) -> str:
        """The name. Raises ValidationError where one of the same kind has it, in whatever case."""
        name: str = " ".join(self.cleaned_data["name"].split())
        kind = self.cleaned_data.get("kind") or self.instance.kind
        others = Organisation.objects.exclude(pk=self.instance.pk)
        if others.filter(kind=kind, name__iexact=name).exists():
            raise forms.ValidationError("There is one of this kind and name already.")
        return name


class ServingForm(DatedForm):
    """How much of an area an organisation serves, from a day to a day."""

    def clean_ends_on(self) -> datetime.date | None:
        """A new last day is within the time of these inspections. Raises ValidationError."""
        last: datetime.date | None = self.cleaned_data["ends_on"]
        if last and "ends_on" in self.changed_data and not EARLIEST <= last <= LATEST:
            raise forms.ValidationError(
                f"Enter a day between {in_words(EARLIEST)} and {in_words(LATEST)}."
            )
        return last

    def clean_share(self) -> int | None:
        """A percentage, or None where it is not known. Raises ValidationError."""
        share: int | None = self.cleaned_data["share"]
        if share is not None and not 1 <= share <= 100:
            raise forms.ValidationError("Enter a number from 1 to 100, or nothing.")
        return share


class LinkForm(ServingForm):
    """An organisation serves an area."""

    def clean(self) -> dict[str, Any]:
        """The data; no organisation serves twice at a time, no area has two councils, and none is
        left without what its cases rest on."""
        cleaned = super().clean()
        area = cleaned.get("local_area") or self._given("local_area")
        body = cleaned.get("organisation") or self._given("organisation")
        if area and body and not self.errors:
            lock(LocalArea, area.pk)
            link = AreaOrganisation(
                pk=self.instance.pk, local_area=area, organisation=body, **_days(cleaned)
            )
            rows = AreaOrganisation.objects.filter(local_area=area).select_related("organisation")
            known = {row.pk: row for row in rows}
            before = known.pop(link.pk, None)
            try:
                editing.check_link(link, known.values())
                if before is not None:
                    cases = serving.cases_on([before]).get(serving.pair_of(before), [])
                    editing.check_new_dates(before, link, cases, area=area, others=known.values())
            except editing.ChangeRefused as refusal:
                self.refuse(refusal)
        return cleaned

    def _given(self, name: str) -> Any:
        return getattr(self.instance, name) if getattr(self.instance, f"{name}_id") else None


class TermForm(DatedForm):
    """A stretch of term."""

    def clean(self) -> dict[str, Any]:
        """The data; terms of an area never overlap."""
        cleaned = super().clean()
        area = cleaned.get("local_area")
        if area and {"starts_on", "ends_on"} <= set(cleaned) and not self.errors:
            lock(LocalArea, area.pk)
            term = Term(local_area=area, **_days(cleaned))
            others = Term.objects.filter(local_area=area).exclude(pk=self.instance.pk)
            try:
                editing.check_term(term, others)
            except editing.ChangeRefused as refusal:
                self.refuse(refusal)
        return cleaned


class HolderForm(DatedForm):
    """Somebody who holds a post."""

    def clean(self) -> dict[str, Any]:
        """The data; one person holds a post at a time."""
        cleaned = super().clean()
        post = cleaned.get("post")
        if post and not self.errors:
            lock(Post, post.pk)
            holder = PostHolder(post=post, **_days(cleaned))
            others = PostHolder.objects.filter(post=post).exclude(pk=self.instance.pk)
            try:
                editing.check_holder(holder, others)
            except editing.ChangeRefused as refusal:
                self.refuse(refusal)
        return cleaned


class CodeForm(DatedForm):
    """A GSS code."""

    def clean_code(self) -> str:
        """E and eight digits. Raises ValidationError."""
        code: str = self.cleaned_data["code"].strip().upper()
        if not re.fullmatch(r"E[0-9]{8}", code):
            raise forms.ValidationError("A GSS code is E and eight digits, like E09000003.")
        return code


def _days(cleaned: dict[str, Any]) -> dict[str, Any]:
    return {"starts_on": cleaned.get("starts_on"), "ends_on": cleaned.get("ends_on")}


# -- rows below a row ------------------------------------------------------------------------------


class DatedRows(forms.BaseInlineFormSet):
    """Rows of one row, held against each other and against what others entered meanwhile."""

    def clean(self) -> None:
        """Lock the row that they belong to; say beside a row why it cannot be."""
        super().clean()
        parent: Any = self.instance
        before: list[Any] = []
        if parent.pk:
            lock(type(parent), parent.pk)
            before = list(self.others(self.rows().filter(**{self.fk.name: parent.pk})))
        for form in self.filled():
            self.hold(form, before)
            before.append(form.instance)

    def add_fields(self, form: Any, index: int | None) -> None:
        """The fields of a row; the box that takes it out says so to those who do not see the head
        of its column."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            what = str(form.instance) if form.instance.pk else "this row"
            form.fields["DELETE"].widget.attrs["aria-label"] = f"Delete {what}"

    def rows(self) -> Any:
        """The rows of the table that are not on this page."""
        known = [form.instance.pk for form in self.initial_forms if form.instance.pk]
        model: Any = self.model
        return model._default_manager.exclude(pk__in=known)

    def filled(self) -> Iterable[forms.ModelForm]:
        """The rows that stay or are new, and are right by themselves."""
        formset: Any = self
        for form in self.forms:
            gone = self.can_delete and formset._should_delete_form(form)
            if not gone and not form.errors and (form.instance.pk or form.has_changed()):
                yield form

    def hold(self, form: Any, others: Sequence[Any]) -> None:
        """Hold a row against others; say beside it why it cannot be."""
        try:
            self.check(form.instance, others)
        except editing.ChangeRefused as refusal:
            form.refuse(refusal)

    def others(self, rows: Any) -> Any:
        """The rows with what a check looks at."""
        return rows

    def check(self, row: Any, others: Sequence[Any]) -> None:
        """Raise ChangeRefused where the row cannot stand beside the others."""
        raise NotImplementedError


class CodeRows(DatedRows):
    """GSS codes: one at a time."""

    def check(self, row: GssCode, others: Sequence[GssCode]) -> None:
        """Raises ChangeRefused."""
        editing.check_code(row, others)


class LinkRows(DatedRows):
    """The organisations of an area."""

    def clean(self) -> None:
        """As for other rows; and none leaves an area without what its cases rest on."""
        super().clean()
        self.hold_new_dates()

    def hold_new_dates(self) -> None:
        """Say beside a row why its dates cannot change so. Two queries, for all of them."""
        filled = list(self.filled())
        moved = [form for form in filled if form.instance.pk and DATES & set(form.changed_data)]
        keys = [form.instance.pk for form in moved]
        rows = AreaOrganisation.objects.filter(pk__in=keys).select_related("organisation")
        before = {row.pk: row for row in rows} if keys else {}
        cases = serving.cases_on(before.values())
        for form in moved:
            link: Any = form.instance
            beside = [one.instance for one in filled if one is not form]
            others = [one for one in beside if one.local_area_id == link.local_area_id]
            resting = cases.get(serving.pair_of(before[link.pk]), [])
            try:
                editing.check_new_dates(
                    before[link.pk], link, resting, area=link.local_area, others=others
                )
            except editing.ChangeRefused as refusal:
                cast(Any, form).refuse(refusal)

    def others(self, rows: Any) -> Any:
        """With the organisations."""
        return rows.select_related("organisation")

    def check(self, row: AreaOrganisation, others: Sequence[AreaOrganisation]) -> None:
        """Raises ChangeRefused."""
        editing.check_link(row, others)


class ServedRows(LinkRows):
    """The areas of an organisation: each is held against what else serves that area."""

    def clean(self) -> None:
        """Lock the areas; say beside a row why it cannot be. Few queries for all of them."""
        forms.BaseInlineFormSet.clean(self)
        filled = list(self.filled())
        areas = {form.instance.local_area_id for form in filled}
        lock(LocalArea, *areas)
        others = list(self.others(self.rows().filter(local_area__in=areas)))
        for form in filled:
            area = form.instance.local_area_id
            self.hold(form, [one for one in others if one.local_area_id == area])
            others.append(form.instance)
        self.hold_new_dates()


class TermRows(DatedRows):
    """The terms of an area."""

    def check(self, row: Term, others: Sequence[Term]) -> None:
        """Raises ChangeRefused."""
        if row.starts_on and row.ends_on:
            editing.check_term(row, others)


class HolderRows(DatedRows):
    """The holders of a post."""

    def check(self, row: PostHolder, others: Sequence[PostHolder]) -> None:
        """Raises ChangeRefused."""
        editing.check_holder(row, others)


COMMISSIONERS = {"kind": OrganisationKind.HEALTH_COMMISSIONER}
