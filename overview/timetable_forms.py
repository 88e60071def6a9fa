"""The forms of the public timetable: which kind, then the dates that are known."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from casework.timetable import TimetableError, ruleset, rulesets
from casework.timetable.rules import EventName, Ruleset
from casework.timetable.typed import MOST_MONTHS, typed_date
from design_system.dates import PARTS
from design_system.forms import (
    DateInputField,
    GovukForm,
    LongTextField,
    RadiosField,
    TextField,
    speak_plainly,
)
from letters import pdf
from overview.timetable_question import (
    MANY,
    InForce,
    Question,
    events_to_ask_for,
    in_order,
    key_of,
    names_in,
    number_key_of,
)
from working_days.calendar import Calendar

KIND_HINTS = {
    "inspection": "From the call that announces it to the review of the evidence afterwards",
    "wsoa": "From the report that requires it to the re-visit",
    "monitoring": "Support and challenge visits from the report to what follows a re-visit",
    "revisit": "From notice to the published letter",
    "inspection/area-send-2023": "From notice to the next full inspection; not all is verified",
    "support": "What follows each of the three outcomes, until the next full inspection",
}


def value_of(rules: Ruleset) -> str:
    """How the choice of kind names a rule set: with its framework where the kind has several."""
    return rules.kind if rules is ruleset(rules.kind) else f"{rules.kind}/{rules.framework}"


class KindForm(GovukForm):
    """Which timetable is wanted."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        order = list(KIND_HINTS)
        known = [(value_of(rules), rules.title) for rules in rulesets()]
        known.sort(key=lambda one: order.index(one[0]) if one[0] in order else len(order))
        self.fields["kind"] = RadiosField(
            label="What do you need the timetable of?",
            choices=known,
            hints=KIND_HINTS,
            error_messages={
                "required": "Select what you need the timetable of",
                "invalid_choice": "Select one of the kinds that are listed",
            },
        )


class DatesForm(GovukForm):
    """The dates that are known, and who is concerned, for one kind."""

    looks = {"council": {"width": 30}, "intensity_changed_months": {"width": 3}}

    def __init__(self, rules: Ruleset, in_force: InForce, data: QueryDict | None) -> None:
        super().__init__(data)
        self.rules, self.in_force = rules, in_force
        asked = events_to_ask_for(rules)
        asked += [
            event
            for event in rules.events
            if data is not None
            and event not in asked
            and not event.outcome
            and _is_given(data, key_of(event))
        ]
        self.events = {key_of(event): event for event in asked}
        for key, event in self.events.items():
            self.fields[key] = _date_field(event, in_force.calendar)
            if event.numbered:
                self.fields[number_key_of(event)] = _number_field(event)
        if rules.asks_outcome:
            self.fields["outcome"] = _outcome_field(rules)
        if rules.repeats_anything:
            self.fields["repeat_until"] = _repeat_until_field(in_force.calendar)
        if len(rules.editions) > 1:
            self.fields["edition"] = _edition_field(rules)
        if rules.groups & {"body", "recipient", "health_commissioner"}:
            self.fields["council"] = TextField(label="Local authority", required=False)
            self.fields["health"] = LongTextField(
                label="Health commissioners",
                help_text="One on each line. Each gets its own deadlines.",
                required=False,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        for field in self.fields.values():
            speak_plainly(field)

    def leading(self) -> list[forms.BoundField]:
        """The fields to ask for first."""
        first = [self[key] for key, event in self.events.items() if event.leading]
        return [*first, self["outcome"]] if "outcome" in self.fields else first

    def further(self) -> list[forms.BoundField]:
        """The fields of what happened later in the case, and of how far to look ahead."""
        later = []
        for key, event in self.events.items():
            if not event.leading:
                later += [self[key], *([self[number_key_of(event)]] if event.numbered else [])]
        return [*later, self["repeat_until"]] if "repeat_until" in self.fields else later

    def about(self) -> list[forms.BoundField]:
        """The fields that are not dates."""
        return [self[name] for name in ("edition", "council", "health") if name in self.fields]

    def further_are_open(self) -> bool:
        """Whether the fields that are folded away hold something to see."""
        return any(field.errors or self._typed(field) for field in self.further())

    def about_are_open(self) -> bool:
        """The same for the fields that are not dates."""
        return any(field.errors or self._typed(field) for field in self.about())

    def _typed(self, field: forms.BoundField) -> bool:
        return bool(field.value())

    def clean_council(self) -> str:
        """The name. Raises ValidationError for characters that the PDF could not show."""
        return _printable(" ".join(self.cleaned_data["council"].split()))

    def clean_health(self) -> tuple[str, ...]:
        """The names. Raises ValidationError for too many or too long ones."""
        names = names_in(_printable(self.cleaned_data["health"]).splitlines())
        if len(names) > MANY:
            raise ValidationError(f"Enter {MANY} health commissioners or fewer")
        if any(len(name) > 200 for name in names):
            raise ValidationError("Each health commissioner must have 200 characters or fewer")
        return names

    def clean(self) -> dict[str, Any]:
        """The dates must make a timetable: what is wrong stands beside its field."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        if not self.known_dates():
            first = next(iter(self.events))
            self.add_error(first, "Enter at least one date")
            return cleaned
        if self._add_errors_of_numbers():
            return cleaned
        try:
            self.question().answer(self.in_force)
        except TimetableError as error:
            for name, text in error.messages:
                event = self.rules.event(name)
                self.add_error(key_of(event) if event else None, text)
        return cleaned

    def _add_errors_of_numbers(self) -> bool:
        """A date and the number that goes with it are given both or neither."""
        for key, event in self.events.items():
            if not event.numbered:
                continue
            day, number = self.cleaned_data.get(key), self.cleaned_data.get(number_key_of(event))
            if day and number is None:
                self.add_error(number_key_of(event), f"Enter the number of {event.numbered}")
            elif number is not None and not day:
                self.add_error(key, "Enter the day from which it holds")
        return bool(self.errors)

    def known_dates(self) -> dict[str, date]:
        """The dates that were given, by event."""
        found = {event.name: self.cleaned_data.get(key) for key, event in self.events.items()}
        return {name: day for name, day in found.items() if day}

    def question(self) -> Question:
        """What is asked. Only for a form whose fields are valid."""
        said = self.cleaned_data
        numbers = [number_key_of(event) for event in self.events.values() if event.numbered]
        return Question(
            kind=self.rules.kind,
            framework="" if self.rules is ruleset(self.rules.kind) else self.rules.framework,
            edition=said.get("edition") or "",
            dates=in_order(self.rules, self.known_dates()),
            council=said.get("council", ""),
            health=said.get("health", ()),
            outcome=said.get("outcome") or "",
            numbers=tuple((key, said[key]) for key in numbers if said.get(key) is not None),
            repeat_until=said.get("repeat_until"),
        )


def _printable(text: str) -> str:
    """The text. Raises ValidationError for characters that no font of ours can draw."""
    if missing := pdf.unprintable(text):
        raise ValidationError(f"These characters cannot be printed: {pdf.describe(missing)}")
    return text


def _date_field(event: EventName, calendar: Calendar) -> DateInputField:
    field = DateInputField(
        label=event.meaning,
        required=False,
        earliest=calendar.covers_from,
        latest=calendar.covers_until,
    )
    # What messages call it: the label alone would read oddly in them.
    setattr(field, "noun", f"the date for “{event.meaning}”")  # noqa: B010
    if event.leading:
        field.help_text = "For example, 23 3 2026"
    return field


def _number_field(event: EventName) -> forms.IntegerField:
    return forms.IntegerField(
        label=f"Number of {event.numbered} from then on",
        required=False,
        min_value=1,
        max_value=MOST_MONTHS,
        error_messages={
            "invalid": f"The number of {event.numbered} must be a whole number",
            "min_value": f"The number of {event.numbered} must be 1 or more",
            "max_value": f"The number of {event.numbered} must be {MOST_MONTHS} or fewer",
        },
    )


def _outcome_field(rules: Ruleset) -> RadiosField:
    return RadiosField(
        label="What was found?",
        required=rules.needs_outcome,
        choices=[(outcome, event.meaning) for outcome, event in rules.outcomes.items()],
        error_messages={
            "required": "Select what was found",
            "invalid_choice": "Select one of the outcomes that are listed",
        },
    )


def _repeat_until_field(calendar: Calendar) -> DateInputField:
    field = DateInputField(
        label="Show what comes again and again until (optional)",
        help_text="Otherwise the next three are shown.",
        required=False,
        earliest=calendar.covers_from,
        latest=calendar.covers_until,
    )
    setattr(field, "noun", "the day until which to show what comes again")  # noqa: B010
    return field


def _edition_field(rules: Ruleset) -> forms.ChoiceField:
    choices = [("", "The one in force on the day of notification")]
    choices += [(edition.name, edition.title) for edition in rules.editions]
    return forms.ChoiceField(label="Edition of the guidance", choices=choices, required=False)


def _is_given(data: QueryDict, key: str) -> bool:
    return any(data.get(f"{key}{part}", "").strip() for part in ("", "-day", "-month", "-year"))


def tidied(data: QueryDict, rules: Ruleset) -> QueryDict:
    """What an address says, in the form's own spelling: events by their one key, whole dates in
    their three boxes, the health commissioners in one text."""
    tidy = data.copy()
    for name in list(data):
        event = rules.event(name)
        key = key_of(event) if event else name
        if event is None and name != "repeat_until":
            continue
        text = data.get(name, "")
        del tidy[name]
        if event is not None and event.outcome:
            tidy.setdefault("outcome", event.outcome if text else "")
            continue
        try:
            day = typed_date(text)
        except ValueError:
            tidy[key] = text
        else:
            tidy.update({f"{key}-{part}": str(getattr(day, part)) for part in PARTS})
    if len(data.getlist("health")) > 1:
        tidy["health"] = "\n".join(data.getlist("health"))
    return tidy


def gives_dates(data: QueryDict, rules: Ruleset) -> bool:
    """Whether the address holds any date box at all, filled or not."""
    names = {name.rsplit("-", 1)[0] if name.endswith(_BOXES) else name for name in data}
    return any(rules.event(name) for name in names)


def strangers_in(data: Mapping[str, Any], form: "DatesForm") -> list[str]:
    """Names in an address that ask for nothing this form knows."""
    known = {"kind", "framework", "change", *form.fields}
    return [
        name for name in data if (name[: -len(_box(name))] if _box(name) else name) not in known
    ]


def repeated_in(data: QueryDict, rules: Ruleset) -> list[str]:
    """Names in an address that say more than one thing where one is asked for."""
    times: Counter[str] = Counter()
    for name, values in data.lists():
        event = rules.event(name)
        key = key_of(event) if event else name
        times["outcome" if event and event.outcome else key] += len(values)
    return [name for name, number in times.items() if number > 1 and name != "health"]


def _box(name: str) -> str:
    return next((box for box in _BOXES if name.endswith(box)), "")


_BOXES = tuple(f"-{part}" for part in PARTS)
