"""What was changed, in words that somebody can read years later. Names and addresses of people are
not repeated there: the record cannot be changed, and they may one day have to be erased."""

import datetime
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models import Model, QuerySet

from design_system.forms import in_words

#: Fields of which only that they changed is written down.
PERSONAL = frozenset({"name", "email", "phone", "address", "notes"})
#: What has a name that is nobody's.
IMPERSONAL = frozenset({"areas.region", "areas.localarea", "areas.organisation", "areas.term"})
LONGEST = 80


def added(form: forms.ModelForm) -> str:
    """What was given for a new row."""
    return _sentence("Added", _changes(form, new=True))


def changed(form: forms.BaseForm, formsets: Iterable[Any] = ()) -> str:
    """What a form and the rows below it changed: 'Last day: none → 31 March 2026.'"""
    parts = [_sentence("", _changes(form))] if form.changed_data else []
    for formset in formsets:
        parts += _rows(formset)
    return " ".join(part for part in parts if part) or "Saved without a change."


def _rows(formset: Any) -> list[str]:
    kind = formset.model._meta.verbose_name
    by_row = {id(form.instance): form for form in formset.forms}
    found = []
    for row in getattr(formset, "new_objects", ()):
        told = _changes(by_row[id(row)], new=True) if id(row) in by_row else []
        found.append(_sentence(f"Added {kind} “{_short(row)}”", told))
    for row, _fields in getattr(formset, "changed_objects", ()):
        told = _changes(by_row[id(row)]) if id(row) in by_row else []
        found.append(_sentence(f"Changed {kind} “{_short(row)}”", told))
    found += [f"Removed {kind} “{_short(row)}”." for row in getattr(formset, "deleted_objects", ())]
    return found


def _sentence(start: str, told: list[str]) -> str:
    if not told:
        return f"{start}." if start else ""
    return f"{start}: {'; '.join(told)}." if start else f"{'; '.join(told)}."


def _changes(form: forms.BaseForm, new: bool = False) -> list[str]:
    told = []
    for name in form.changed_data:
        field = form.fields.get(name)
        if field is None or name in (forms.formsets.DELETION_FIELD_NAME, "id"):
            continue
        label = str(field.label or name).strip().rstrip(":")
        label = label[:1].upper() + label[1:]
        if _is_personal(form, name):
            told.append(f"{label} {'given' if new else 'changed'}")
            continue
        after = _words(field, form.cleaned_data.get(name) if hasattr(form, "cleaned_data") else "")
        before = "" if new else _words(field, form[name].initial)
        told.append(f"{label}: {after}" if new else f"{label}: {before} → {after}")
    return told


def _is_personal(form: forms.BaseForm, name: str) -> bool:
    model = getattr(getattr(form, "_meta", None), "model", None)
    if name == "name" and model is not None and model._meta.label_lower in IMPERSONAL:
        return False
    return name in PERSONAL or "password" in name


def _words(field: forms.Field, value: Any) -> str:
    if value in (None, "", [], ()):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return in_words(value)
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(_names(field, value)) or "none"
    if isinstance(field, forms.ModelChoiceField):
        return ", ".join(_names(field, [value])) or "none"
    if isinstance(field, forms.ChoiceField):
        choices = cast("list[tuple[Any, Any]]", list(cast(Any, field.choices)))
        labels = {str(key): str(label) for key, label in choices}
        return labels.get(str(value), str(value))
    return f"“{_short(value)}”"


def _names(field: forms.ModelChoiceField, values: Any) -> list[str]:
    if isinstance(values, QuerySet):
        return sorted(str(one) for one in values)
    rows = [one for one in values if isinstance(one, Model)]
    keys = [one for one in values if not isinstance(one, Model)]
    if keys and field.queryset is not None:
        rows += list(field.queryset.filter(pk__in=keys))
    return sorted(str(one) for one in rows)


def _short(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
