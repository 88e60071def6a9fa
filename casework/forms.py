"""Forms made from the declaration of an event: day and hour it happened, its fields, a note."""

import dataclasses
import datetime
import enum
import types
import typing
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from casework.events import Facts, day_in_words
from casework.models import Case
from casework.registry import kind_of
from casework.timetable import Subject
from config import clock
from design_system.forms import (
    CheckboxesField,
    DateInputField,
    GovukForm,
    LongTextField,
    RadiosField,
    TextField,
    TimeInputField,
)

HAPPENED = ("happened_on", "happened_time")
MOST_RADIOS = 12
#: What is asked where the subject is no body.
WHICH = {"day_on_site": "Which day", "priority_action_area": "Which area for priority action"}
#: More of anything is a slip of the hand.
MOST = 1_000_000


class KeyField(forms.CharField):
    """What makes two sends of one page one event.

    It has a name space of its own: nobody can send the key under which the system is yet to record
    something (`letter:...`, `erase:...`), and so have that taken for done.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=100, widget=forms.HiddenInput, **options)

    def clean(self, value: Any) -> str:
        """The key as the door takes it; '' where none was sent."""
        key = super().clean(value)
        return f"form:{key}" if key else ""


class EventForm(GovukForm):
    """What every event asks for: when it happened, and a note."""

    happened_on = DateInputField(label="Day it happened")
    happened_time = TimeInputField(
        label="Time",
        required=False,
        help_text="For example, 9:30am. Leave it empty where nobody knows.",
    )
    note = LongTextField(
        label="Note (optional)",
        required=False,
        max_length=4000,
        help_text="Do not name a child or young person.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    key = KeyField()

    nouns: typing.ClassVar[Mapping[str, str]] = {"note": "the note", "subject": "whom it is for"}
    looks: typing.ClassVar[Mapping[str, Mapping[str, Any]]] = {"happened_time": {"width": 10}}

    def __init__(self, *args: Any, case: Case, facts_type: type[Facts], **options: Any) -> None:
        self.case = case
        self.facts_type = facts_type
        super().__init__(*args, **options)
        self.fields["happened_on"].latest = clock.today()  # type: ignore[attr-defined]
        if "note" in self.fields:
            self.fields["note"].label = facts_type.note_label
            self.fields["note"].required = facts_type.note_required
            asked = facts_type.note_label
            self.fields["note"].error_messages["required"] = f"Say {asked[:1].lower()}{asked[1:]}"
        self.order_fields([*HAPPENED, *self.own_fields, "note", "reason"])

    @property
    def own_fields(self) -> list[str]:
        """The fields of this kind of event, in the order of its declaration."""
        own = [field.name for field in dataclasses.fields(self.facts_type)]
        return [name for name in own if name in self.fields]

    def clean(self) -> dict[str, Any]:
        """The hour must have existed on that day."""
        cleaned = super().clean() or self.cleaned_data
        try:
            self.happened_at()
        except ValidationError as error:
            self.add_error("happened_time", error)
        return cleaned

    def happened_at(self) -> datetime.datetime | None:
        """The moment it happened, where an hour was given. Raises ValidationError."""
        day = self.cleaned_data.get("happened_on")
        hour = self.cleaned_data.get("happened_time")
        if day is None or hour is None:
            return None
        moment = datetime.datetime.combine(day, hour, tzinfo=clock.LONDON)
        there_and_back = moment.astimezone(datetime.UTC).astimezone(clock.LONDON)
        if there_and_back.replace(tzinfo=None) != moment.replace(tzinfo=None):
            raise ValidationError(
                f"There was no {hour:%H:%M} on {day_in_words(day)}: the clocks went forward"
            )
        return moment

    def facts(self, **fixed: Any) -> Facts:
        """The facts as typed; `fixed` are those that stand already (an entry being corrected)."""
        hints = typing.get_type_hints(self.facts_type)
        given = dict(fixed)
        for name in self.own_fields:
            value = self.cleaned_data[name]
            given[name] = _as_declared(value, hints[name])
        return self.facts_type(**given)

    def take_reasons(self, reasons: Sequence[tuple[str, str]]) -> None:
        """Show what the guards said, beside the field where there is one."""
        renamed = {"happened_at": "happened_time"}
        for name, text in reasons:
            field = renamed.get(name, name)
            self.add_error(field if field in self.fields else None, text)


class ReasonForm(GovukForm):
    """For what needs a reason and nothing else: striking out, erasing."""

    reason = LongTextField(label="Reason", max_length=2000)
    version = forms.IntegerField(widget=forms.HiddenInput)
    key = KeyField()

    def take_reasons(self, reasons: Sequence[tuple[str, str]]) -> None:
        """Show why it was refused."""
        for name, text in reasons:
            self.add_error(name if name in self.fields else None, text)


def event_form(
    case: Case,
    facts_type: type[Facts],
    subjects: Mapping[str, Sequence[Subject]],
    *,
    correcting: bool = False,
) -> type[EventForm]:
    """The form class for one kind of event on one case."""
    own = kind_of(case).step(facts_type.kind).form
    base = own if own is not None else EventForm
    fields: dict[str, Any] = {}
    nouns = dict(base.nouns)
    if asked := WHICH.get(facts_type.subjects):
        nouns["subject"] = f"{asked[0].lower()}{asked[1:]}"
    hints = typing.get_type_hints(facts_type)
    for field in dataclasses.fields(facts_type):
        made = _form_field(case, field, hints[field.name], facts_type, subjects)
        if made is not None:
            fields[field.name] = made
            if noun := field.metadata.get("noun"):
                nouns[field.name] = noun
    if correcting:
        fields["note"] = None
        fields["reason"] = LongTextField(
            label="Reason for the correction",
            max_length=2000,
            help_text="What was wrong with the entry.",
        )
    return type(f"{facts_type.__name__}Form", (base,), {**fields, "nouns": nouns})


def initial_of(facts: Facts, on: datetime.date, at: datetime.datetime | None) -> dict[str, Any]:
    """What a form shows first for facts on record."""
    shown = {f.name: _shown(getattr(facts, f.name)) for f in dataclasses.fields(facts)}
    time_of_day = clock.london(at).time().replace(second=0, microsecond=0) if at else None
    return {**shown, "happened_on": on, "happened_time": time_of_day}


def new_key() -> str:
    """A fresh key for one form: sent twice, it is recorded once."""
    return uuid.uuid4().hex


def days_on_site(case: Case, calendar: Any) -> list[Subject]:
    """The working days from the first to the last day on site, as subjects."""
    if case.first_day is None or case.last_day is None:
        return []
    length = (case.last_day - case.first_day).days
    days = [case.first_day + datetime.timedelta(days=n) for n in range(length + 1)]
    return [Subject(d.isoformat(), day_in_words(d)) for d in days if calendar.is_working_day(d)]


def _form_field(
    case: Case,
    field: dataclasses.Field[Any],
    hint: Any,
    facts_type: type[Facts],
    subjects: Mapping[str, Sequence[Subject]],
) -> forms.Field | None:
    if field.name == "subject":
        return _subject_field(facts_type, subjects)
    look = field.metadata
    label, hint_text = look.get("label", field.name), look.get("hint", "")
    options = {"label": label, "help_text": hint_text}
    if look.get("widget") == "hidden":
        return forms.CharField(label=label, widget=forms.HiddenInput, required=False)
    choices = look.get("choices")
    if choices is not None:
        listed = list(choices(case) if callable(choices) else choices)
        if typing.get_origin(hint) is tuple:
            return CheckboxesField(choices=listed, required=False, **options)
        required = _required(field)
        if len(listed) > MOST_RADIOS:
            return forms.ChoiceField(choices=[("", ""), *listed], required=required, **options)
        return RadiosField(choices=listed, required=required, **options)
    return _plain_field(field, hint, options)


def _plain_field(
    field: dataclasses.Field[Any], hint: Any, options: dict[str, Any]
) -> forms.Field | None:
    kind, required = _bare(hint), _required(field)
    if kind is bool:
        return forms.BooleanField(required=False, **options)
    if kind is int:
        return forms.IntegerField(required=required, min_value=0, max_value=MOST, **options)
    if kind is datetime.date:
        return DateInputField(required=required, **options)
    if kind is str and field.metadata.get("widget") == "textarea":
        return LongTextField(required=required, **options)
    if kind is str:
        return TextField(required=required, **options)
    return None  # an id or a list: not typed by hand


def _subject_field(
    facts_type: type[Facts], subjects: Mapping[str, Sequence[Subject]]
) -> forms.Field | None:
    if not facts_type.subjects:
        return forms.CharField(required=False, widget=forms.HiddenInput)
    group = subjects.get(facts_type.subjects, ())
    if not group:
        return None
    listed = [(subject.key, subject.name) for subject in group]
    return RadiosField(label=WHICH.get(facts_type.subjects, "For whom"), choices=listed)


def _bare(hint: Any) -> Any:
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        return next(one for one in typing.get_args(hint) if one is not type(None))
    return hint


def _required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _as_declared(value: Any, hint: Any) -> Any:
    kind = _bare(hint)
    if typing.get_origin(kind) is tuple:
        inner = typing.get_args(kind)[0]
        return tuple(_as_declared(one, inner) for one in value or ())
    if isinstance(kind, type) and issubclass(kind, enum.Enum) and value:
        return kind(value)
    if kind is str:
        return value or ""
    if kind is int and isinstance(value, str):
        return int(value) if value else None
    return None if value == "" else value


def _shown(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value
