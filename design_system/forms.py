"""Forms as the GOV.UK Design System has them: fields, kind reading, clear messages.

A form here is an ordinary Django form; `GovukForm` gives its fields messages in plain words.
`{% govuk_form form %}` and `{% govuk_field form.name %}` draw it.
"""

import datetime
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.datastructures import MultiValueDict

from design_system import dates

EARLIEST = datetime.date(2000, 1, 1)
LATEST = datetime.date(2099, 12, 31)


def in_words(day: datetime.date) -> str:
    """'27 March 2026'."""
    return f"{day.day} {day:%B %Y}"


# Words that keep their capital inside a sentence, besides those with more than one (CQC, DfE).
_PROPER = frozenset(
    {"Ofsted", "England", "English", "Parliament", "Majesty’s", "Majesty's"}
    | {datetime.date(2024, month, 1).strftime("%B") for month in range(1, 13)}
    | {datetime.date(2024, 1, day).strftime("%A") for day in range(1, 8)}
)


def lower_first(text: str) -> str:
    """The text to stand inside a sentence: 'Name' -> 'name', but 'DCS told', 'Ofsted Inspector'
    and 'Day 1' stay."""
    first = text.split(" ", 1)[0]
    is_name = first in _PROPER or first[1:] != first[1:].lower() or _NUMBERED.match(text)
    return text if len(first) > 1 and is_name else text[:1].lower() + text[1:]


_NUMBERED = re.compile(r"(Day|Annex|Part|Step) -?\d")


def refuse_control_characters(text: str) -> None:
    """Raise ValidationError when a text holds a character that no person means to type."""
    for place, char in enumerate(text):
        if char in "\n\r\t":
            continue
        if unicodedata.category(char) in ("Cc", "Cs") or ord(char) & 0xFFFE == 0xFFFE:
            before = text[max(0, place - 15) : place].strip()
            where = f"after “{before}”" if before else "at the beginning"
            raise ValidationError(
                f"Delete the invisible control character (U+{ord(char):04X}) {where}",
                code="control_character",
            )


# -- dates and times ---------------------------------------------------------------------------


class DateWidget(forms.Widget):
    """Three boxes: NAME-day, NAME-month, NAME-year. Also takes NAME alone ('2026-03-27'), so that
    a link can carry a date."""

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> dates.Typed:
        """What was typed, box by box, untouched; a date from a link stands in its three boxes."""
        boxes = [data.get(f"{name}-{part}") for part in dates.PARTS]
        if all(box is None for box in boxes):
            alone = str(data.get(name) or "")
            if found := re.fullmatch(r"(\d{4})-0?(\d{1,2})-0?(\d{1,2})", alone):
                return dates.Typed(day=found[3], month=found[2], year=found[1])
            return dates.Typed(day=alone)
        return dates.Typed(*(str(box or "") for box in boxes))

    def value_omitted_from_data(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> bool:
        """True when the form came without this field."""
        return name not in data and all(f"{name}-{part}" not in data for part in dates.PARTS)

    def format_value(self, value: Any) -> dates.Typed:
        """The boxes for what is shown first (a date) or shown again (as typed)."""
        if isinstance(value, dates.Typed):
            return value
        if isinstance(value, datetime.date):
            return dates.Typed(str(value.day), str(value.month), str(value.year))
        return dates.Typed(day=str(value or ""))

    def id_for_label(self, id_: str) -> str:
        """The first box takes the focus."""
        return f"{id_}-day"

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        """Drawn with its label by `govuk_field` only."""
        raise NotImplementedError("Use {% govuk_field %} for a date.")


class DateInputField(forms.Field):
    """A date in three boxes, read kindly (see `design_system.dates`).

    `earliest` and `latest` bound it; `noun` names it in messages where the label does not do.
    Cleans to a `datetime.date`, or None when it may be empty and is.
    """

    widget = DateWidget

    def __init__(
        self,
        *,
        earliest: datetime.date = EARLIEST,
        latest: datetime.date = LATEST,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.earliest, self.latest = earliest, latest

    def to_python(self, value: Any) -> datetime.date | None:
        """The date, or None for nothing. Raises ValidationError that names the boxes at fault."""
        if isinstance(value, datetime.datetime):
            return value.date()
        if isinstance(value, datetime.date) or value is None:
            return value
        typed = value if isinstance(value, dates.Typed) else dates.Typed(day=str(value))
        try:
            day = dates.read(typed)
        except dates.DateError as error:
            if error.kind == "empty":
                return None
            raise self._refusal(error) from error
        if not self.earliest <= day <= self.latest:
            text = (
                f"{subject_of(self)} must be between "
                f"{in_words(self.earliest)} and {in_words(self.latest)}"
            )
            raise ValidationError(text, code="out_of_range", params={"parts": dates.PARTS})
        return day

    def _refusal(self, error: dates.DateError) -> ValidationError:
        name = subject_of(self)
        text = {
            "incomplete": f"{name} must include a {' and a '.join(error.parts)}",
            "short_year": f"{name} must have a year of 4 numbers, like 2026",
            "unreal": f"{name} must be a real date",
        }[error.kind]
        return ValidationError(text, code=error.kind, params={"parts": error.parts})

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compares days, not ways to write them."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class TimeInputField(forms.Field):
    """A time of day in one box: '9:30am', '14:30', '0930', 'midday'. Cleans to `datetime.time`."""

    widget = forms.TextInput(attrs={"class": "govuk-input--width-5", "autocomplete": "off"})

    def to_python(self, value: Any) -> datetime.time | None:
        """The time, or None for nothing. Raises ValidationError."""
        if isinstance(value, datetime.time) or value is None:
            return value
        if not str(value).strip():
            return None
        try:
            return dates.read_time(str(value))
        except dates.NoTime as error:
            text = f"{subject_of(self)} must be a time, like 9:30am or 14:30"
            raise ValidationError(text, code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        """A time as '9:30am'; what was typed stays."""
        if isinstance(value, datetime.time):
            half = "am" if value.hour < 12 else "pm"
            return f"{value.hour % 12 or 12}:{value:%M}{half}"
        return value


class MonthField(forms.Field):
    """A month of a year in one box: '3 2017', 'March 2017', '2017-03'. Cleans to its first day, or
    None when it may be empty and is."""

    widget = forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"})

    def to_python(self, value: Any) -> datetime.date | None:
        """The first day of the month. Raises ValidationError."""
        if isinstance(value, datetime.date) or value is None:
            return value
        if not str(value).strip():
            return None
        try:
            month = dates.read_month(str(value))
        except dates.NoMonth as error:
            text = f"{subject_of(self)} must be a month and a year, like 3 2017 or March 2017"
            raise ValidationError(text, code="invalid") from error
        if not EARLIEST <= month <= LATEST:
            text = f"{subject_of(self)} must be between {EARLIEST.year} and {LATEST.year}"
            raise ValidationError(text, code="out_of_range")
        return month


# -- texts and choices -------------------------------------------------------------------------


class TextField(forms.CharField):
    """One line of text."""

    def __init__(self, *, max_length: int = 200, **options: Any) -> None:
        super().__init__(max_length=max_length, **options)

    def to_python(self, value: Any) -> str:
        """The text, trimmed. A line break has no business in one line (nor in a mail header)."""
        text = super().to_python(value) or ""
        if "\n" in text or "\r" in text:
            raise ValidationError(f"{subject_of(self)} must be on one line", code="one_line")
        return text


class LongTextField(forms.CharField):
    """Several lines of text, with a count of the characters that are left."""

    widget = forms.Textarea(attrs={"rows": 5})

    def __init__(self, *, max_length: int = 5000, **options: Any) -> None:
        super().__init__(max_length=max_length, **options)

    def to_python(self, value: Any) -> str:
        """The text with line breaks as one character each, as they are counted on the page."""
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")


class WebAddressField(forms.URLField):
    """An address on the web; https is taken where no scheme is typed."""

    widget = forms.URLInput(attrs={"inputmode": "url", "spellcheck": "false"})

    def __init__(self, **options: Any) -> None:
        super().__init__(assume_scheme="https", **options)


class _Choices:
    """`hints`: a line below a choice, by value. `reveals`: by value, the name of the field that
    shows only while that value is chosen (and is required only then)."""

    def __init__(
        self,
        *,
        hints: Mapping[Any, str] | None = None,
        reveals: Mapping[Any, str] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.hints = {str(key): text for key, text in (hints or {}).items()}
        self.reveals = {str(key): name for key, name in (reveals or {}).items()}


class RadiosField(_Choices, forms.ChoiceField):
    """One of a few."""

    widget = forms.RadioSelect


class CheckboxesField(_Choices, forms.MultipleChoiceField):
    """Any of a few."""

    widget = forms.CheckboxSelectMultiple


class YesNoField(_Choices, forms.TypedChoiceField):
    """Yes or no, neither chosen at first. Cleans to True, False or None."""

    widget = forms.RadioSelect

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=[("yes", "Yes"), ("no", "No")],
            coerce=lambda value: value == "yes",
            empty_value=None,
            **options,
        )

    def prepare_value(self, value: Any) -> Any:
        """Also takes True and False as what is shown first."""
        return {True: "yes", False: "no"}.get(value, value) if value in (True, False) else value


# -- forms -------------------------------------------------------------------------------------


def label_of(field: forms.Field) -> str:
    """The label as it stands in a sentence: without '(optional)', full stop or colon."""
    return str(field.label or "").removesuffix(" (optional)").rstrip(".:")


# A label that begins or ends like this names no thing: 'Not before', 'Who took part', 'Forum told'.
_NO_THING_BEGINS = re.compile(
    r"(after|at|before|by|for|from|gone|how|if|in|not|on|since|that|to|until|what|when|where|which"
    r"|whether|who|whom|whose|why|with)\b",
    re.IGNORECASE,
)
_NO_THING_ENDS = re.compile(
    r"\b(asked|confirmed|for|given|held|made|recorded|sent|through|told)$", re.IGNORECASE
)


def _names_no_thing(label: str) -> bool:
    """Whether a label does not read as a thing, so that messages must quote it."""
    return bool(_NO_THING_BEGINS.match(label) or _NO_THING_ENDS.search(label) or "," in label)


def subject_of(field: forms.Field) -> str:
    """What begins a message: 'First day on site'; for a question, 'The answer' or 'The date'; a
    label that names no thing is quoted: '“Not before”'."""
    noun = getattr(field, "noun", "")
    if noun:
        return str(noun)[:1].upper() + str(noun)[1:]
    label = label_of(field)
    if not label or label.endswith("?"):
        kind = {DateInputField: "date", TimeInputField: "time"}.get(type(field), "answer")
        return f"The {kind}"
    return f"“{label}”" if _names_no_thing(label) else label


def _object_of(field: forms.Field) -> str:
    """What can stand after 'Enter' or 'Select': 'the name', 'Day 1'; '' where the label names no
    thing."""
    noun = getattr(field, "noun", "")
    if noun:
        return str(noun)
    label = label_of(field)
    if label.endswith("?"):
        return f"an answer to “{label}”"
    if _names_no_thing(label):
        return ""
    text = lower_first(label)
    known = text.split(" ", 1)[0] in ("the", "a", "an", "your", "any", "each")
    return text if known or _NUMBERED.match(text) else f"the {text}"


def _enter(field: forms.Field) -> str:
    """'Enter the name'; 'Fill in “Not before”' where the label names no thing."""
    named = _object_of(field)
    return f"Enter {named}" if named else f"Fill in “{label_of(field)}”"


def _select(field: forms.Field) -> str:
    """'Select the local area'; 'Select an answer for “Gone through”' where it names no thing."""
    named = _object_of(field)
    return f"Select {named}" if named else f"Select an answer for “{label_of(field)}”"


_OURS: dict[str, str] = {
    "max_length": "{subject} must have %(limit_value)d characters or fewer; it has %(show_value)d",
    "min_length": "{subject} must have %(limit_value)d characters or more; it has %(show_value)d",
    "min_value": "{subject} must be %(limit_value)s or more",
    "max_value": "{subject} must be %(limit_value)s or less",
    "invalid_choice": "{select} from the list",
    "invalid_list": "{select} from the list",
}
_INVALID: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.EmailField, "{enter} in the correct form, like name@example.com"),
    (forms.URLField, "{enter} in the correct form, like https://www.example.gov.uk/page"),
    (forms.IntegerField, "{subject} must be a whole number, like 12"),
    (forms.FloatField, "{subject} must be a number, like 12"),
)


def speak_plainly(field: forms.Field) -> None:
    """Give a field messages that name it and say what to do, where it has only Django's own."""

    def ours(code: str, pattern: str) -> None:
        stock = next(
            (
                cls.default_error_messages[code]  # type: ignore[attr-defined]
                for cls in type(field).__mro__
                if code in getattr(cls, "__dict__", {}).get("default_error_messages", {})
            ),
            None,
        )
        if field.error_messages.get(code, stock) == stock:
            field.error_messages[code] = pattern.format(
                subject=subject_of(field).replace("%", "%%"),
                enter=_enter(field).replace("%", "%%"),
                select=_select(field).replace("%", "%%"),
            )

    chosen = isinstance(field, (forms.ChoiceField, forms.ModelChoiceField, forms.FileField))
    if isinstance(field, forms.BooleanField):
        ours("required", "Tick “{subject}” to go on")
    else:
        ours("required", "{select}" if chosen else "{enter}")
    for code, pattern in _OURS.items():
        ours(code, pattern)
    for kind, pattern in _INVALID:
        if isinstance(field, kind):
            ours("invalid", pattern)
            field.error_messages.setdefault("invalid", field.error_messages["invalid"])
            break
    if isinstance(field, forms.CharField) and refuse_control_characters not in field.validators:
        kept = [
            one for one in field.validators if not isinstance(one, ProhibitNullCharactersValidator)
        ]
        field.validators = [*kept, refuse_control_characters]


class GovukFormMixin(forms.BaseForm):
    """What `GovukForm` and `GovukModelForm` share. See `GovukForm`."""

    use_required_attribute = False
    looks: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    nouns: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("label_suffix", "")
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            if field.label is None:
                field.label = name.replace("_", " ").capitalize()
            if name in self.nouns:
                setattr(field, "noun", self.nouns[name])  # noqa: B010
            speak_plainly(field)

    def revealed_by(self) -> dict[str, tuple[str, str]]:
        """For each field that shows only with a choice: the choosing field and the value."""
        return {
            revealed: (name, value)
            for name, field in self.fields.items()
            for value, revealed in getattr(field, "reveals", {}).items()
            if revealed in self.fields
        }

    def _clean_fields(self) -> None:
        """As Django does; then what was not revealed neither counts nor is complained about."""
        super()._clean_fields()  # type: ignore[misc]
        for name, (chooser, value) in self.revealed_by().items():
            chosen = self[chooser].data
            chosen = chosen if isinstance(chosen, (list, tuple)) else [chosen]
            if value not in [str(one) for one in chosen]:
                self._errors.pop(name, None)  # type: ignore[attr-defined]
                self.cleaned_data[name] = getattr(self.fields[name], "empty_value", None)


class GovukForm(GovukFormMixin, forms.Form):
    """A form whose messages say in plain words what to do, each naming its field.

    - Texts with control characters are refused, whatever `CharField` they are in.
    - `looks = {"reason": {"classes": "govuk-!-width-one-half", "hint": "..."}}`: options of
      `govuk_field` per field.
    - `nouns = {"on": "the day of the move"}`: what messages call a field whose label does not do.
    - A field named in another's `reveals` counts only while it shows.
    """


class GovukModelForm(GovukFormMixin, forms.ModelForm):
    """The same for a model."""
