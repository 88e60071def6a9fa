"""What administrators fill in to change the calendar or an offset."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from casework.changes.checking import problem_with
from casework.changes.starred import Starred
from casework.changes.words import Lines, calendar_lines, closure_in_words, day_with_weekday
from config import clock
from design_system.forms import (
    CheckboxesField,
    DateInputField,
    GovukForm,
    LongTextField,
    RadiosField,
    TextField,
    YesNoField,
    in_words,
    speak_plainly,
)
from working_days.bundled import PublishedBankHoliday
from working_days.models import BankHoliday, Closure
from working_days.services import CalendarChange, ChangeRefused, NewClosure, current_calendar

MOST_DAYS = 15
#: Every year since 1978 has had eight bank holidays or more.
USUAL_A_YEAR = 8
YEARS_AHEAD = 5


def _choice(holiday: BankHoliday) -> tuple[str, str]:
    passed = " (has passed)" if holiday.date < clock.today() else ""
    return holiday.date.isoformat(), f"{day_with_weekday(holiday.date)}: {holiday.title}{passed}"


def as_typed(form: GovukForm, data: QueryDict) -> dict[str, Any]:
    """What somebody typed so far, to be shown again without a word about what is wrong with it."""
    return {
        name: field.widget.value_from_datadict(data, {}, form.add_prefix(name))
        for name, field in form.fields.items()
    }


class WhyField(TextField):
    """Why something changes: one line that stays on record and is sent to nobody."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", "Why it changes")
        super().__init__(max_length=300, **options)


class CalendarForm(GovukForm):
    """A form that leads to one change of the calendar."""

    #: Where a refusal of the calendar shows: its field's name -> ours.
    fields_at_fault: ClassVar[Mapping[str, str]] = {}
    #: Those that it may take back, by id.
    closures: Mapping[int, Closure] = {}

    def change(self) -> CalendarChange:
        """The change as filled in."""
        raise NotImplementedError

    def why_it_changes(self) -> str:
        """Why the calendar changes."""
        return str(self.cleaned_data["why"])

    def answers(self) -> Lines:
        """What was filled in, in words, to be checked."""
        lines = calendar_lines(self.change(), self.closures)
        return [*lines, ("Why it changes", self.why_it_changes())]

    def take_refusal(self, refused: ChangeRefused) -> None:
        """Show what the calendar refuses, beside the field where there is one."""
        name = self.fields_at_fault.get(refused.field, refused.field)
        self.add_error(name if name in self.fields else None, str(refused))


class AddBankHolidays(CalendarForm):
    """One bank holiday or several; perhaps in place of another; perhaps a whole further year."""

    instead_of = forms.ChoiceField(
        label="Takes the place of (optional)",
        required=False,
        help_text="A bank holiday that is moved, as that of 4 May 2020 was to 8 May.",
    )
    complete_until = forms.ChoiceField(
        label="The calendar is complete until",
        required=False,
        help_text="Move the end once all bank holidays of a further year are in.",
    )
    why = WhyField(
        help_text="For example: proclaimed on 10 September 2022. It stays on record.",
    )

    nouns: ClassVar[Mapping[str, str]] = {
        "instead_of": "the bank holiday that it takes the place of",
        "why": "why it changes",
    }

    def __init__(self, data: Any = None, *, count: int = 1, **options: Any) -> None:
        self.calendar_ends: datetime.date = options.pop("covers_until")
        self.recorded: list[BankHoliday] = options.pop("recorded")
        super().__init__(data, **options)
        self.count = count
        for row in range(count):
            self._add_row(row)
        upcoming = [one for one in self.recorded if one.date >= clock.today()]
        instead = self.fields["instead_of"]
        assert isinstance(instead, forms.ChoiceField)
        instead.choices = [("", "No other day"), *map(_choice, upcoming)]
        complete = self.fields["complete_until"]
        assert isinstance(complete, forms.ChoiceField)
        year = self.calendar_ends.year
        ends = [datetime.date(one, 12, 31) for one in range(year + 1, year + 1 + YEARS_AHEAD)]
        complete.choices = [
            ("", f"{in_words(self.calendar_ends)}, as now"),
            *((one.isoformat(), in_words(one)) for one in ends),
        ]

    def _add_row(self, row: int) -> None:
        which = f"bank holiday {row + 1}" if self.count > 1 else "the bank holiday"
        day = DateInputField(label="Date", required=False, help_text="For example, 19 9 2022")
        title = TextField(label="Name", required=False, help_text="As GOV.UK gives it")
        notes = TextField(
            label="Note (optional)", required=False, help_text="For example, Substitute day"
        )
        named = {"day": "the date", "title": "the name", "notes": "the note"}
        for name, field in (("day", day), ("title", title), ("notes", notes)):
            setattr(field, "noun", f"{named[name]} of {which}")  # noqa: B010
            self.fields[f"{name}_{row}"] = field
            speak_plainly(field)
        self.order_fields(
            [f"{name}_{one}" for one in range(row + 1) for name in ("day", "title", "notes")]
        )

    @property
    def day_fields(self) -> list[tuple[int, list[forms.BoundField]]]:
        """The fields of each day, with its number, for the page."""
        return [
            (row + 1, [self[f"{name}_{row}"] for name in ("day", "title", "notes")])
            for row in range(self.count)
        ]

    def clean(self) -> dict[str, Any]:
        """Each day that was begun must be whole; one at least, or a new end of the calendar."""
        cleaned = super().clean() or self.cleaned_data
        self.filled = [row for row in range(self.count) if self._begun(row)]
        for row in self.filled:
            for name, what in (("day", "date"), ("title", "name")):
                field = f"{name}_{row}"
                if field not in self.errors and not cleaned.get(field):
                    which = f"bank holiday {row + 1}" if self.count > 1 else "the bank holiday"
                    self.add_error(field, f"Enter the {what} of {which}")
        if not self.filled and not cleaned.get("complete_until"):
            self.add_error("day_0", "Enter the date of the bank holiday")
        if not self.errors and cleaned.get("complete_until"):
            self._check_complete_years()
        return cleaned

    def _begun(self, row: int) -> bool:
        names = [f"{name}_{row}" for name in ("day", "title", "notes")]
        return any(self.cleaned_data.get(name) or name in self.errors for name in names)

    def _check_complete_years(self) -> None:
        change = self.change()
        assert change.covers_until is not None
        days = {one.date for one in self.recorded} | {one.date for one in change.add}
        for year in range(self.calendar_ends.year + 1, change.covers_until.year + 1):
            count = sum(day.year == year for day in days)
            if count < USUAL_A_YEAR:
                self.add_error(
                    "complete_until",
                    f"{year} has eight bank holidays or more, and {count or 'none'} of them "
                    f"{'is' if count <= 1 else 'are'} entered. Enter the others too, or leave the "
                    "end as it is",
                )
                return

    def change(self) -> CalendarChange:
        """The days, the one they take the place of, and the new end."""
        cleaned = self.cleaned_data
        instead, until = cleaned["instead_of"], cleaned["complete_until"]
        return CalendarChange(
            add=tuple(
                PublishedBankHoliday(
                    cleaned[f"day_{row}"], cleaned[f"title_{row}"], cleaned[f"notes_{row}"]
                )
                for row in self.filled
            ),
            remove=(datetime.date.fromisoformat(instead),) if instead else (),
            covers_until=datetime.date.fromisoformat(until) if until else None,
        )

    def take_refusal(self, refused: ChangeRefused) -> None:
        """Beside the day that the calendar refuses."""
        rows = {"date": "day", "title": "title", "notes": "notes"}
        name = rows.get(refused.field)
        if name and refused.place is not None and refused.place < len(self.filled):
            self.add_error(f"{name}_{self.filled[refused.place]}", str(refused))
        else:
            super().take_refusal(refused)


class RemoveBankHolidays(CalendarForm):
    """Days that are bank holidays no longer."""

    days = CheckboxesField(label="Which are bank holidays no longer?", choices=())
    why = WhyField(help_text="It stays on record.")

    nouns: ClassVar[Mapping[str, str]] = {
        "days": "the days that are bank holidays no longer",
        "why": "why it changes",
    }
    fields_at_fault: ClassVar[Mapping[str, str]] = {"date": "days"}

    def __init__(self, *args: Any, recorded: Iterable[BankHoliday], **options: Any) -> None:
        super().__init__(*args, **options)
        self.recorded = {one.date.isoformat(): one for one in recorded}
        days = self.fields["days"]
        assert isinstance(days, CheckboxesField)
        days.choices = [_choice(one) for one in self.recorded.values()]

    def change(self) -> CalendarChange:
        """The days to be taken away."""
        return CalendarChange(
            remove=tuple(datetime.date.fromisoformat(day) for day in self.cleaned_data["days"])
        )


class RecordClosure(CalendarForm):
    """Days on which an inspectorate is closed."""

    starts_on = DateInputField(label="First day", help_text="For example, 22 12 2026")
    ends_on = DateInputField(
        label="Last day", help_text="The same as the first where it is one day"
    )
    inspectorate = RadiosField(
        label="Which inspectorate is closed?", choices=Closure.Inspectorate.choices
    )
    reason = TextField(
        label="Why it is closed",
        help_text="Shown wherever a date says why it is what it is, so write it for anyone to read",
    )
    stops_the_clock = YesNoField(
        label="Does it stop the clock?",
        hints={
            "yes": "The days count as no working days, for everybody: open deadlines move",
            "no": "The closure is only noted: no deadline moves",
        },
    )

    nouns: ClassVar[Mapping[str, str]] = {
        "inspectorate": "which inspectorate is closed",
        "reason": "why it is closed",
        "stops_the_clock": "whether it stops the clock",
        "starts_on": "the first day",
        "ends_on": "the last day",
    }

    def clean(self) -> dict[str, Any]:
        """The last day must not come before the first."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            text = f"The last day must not be before the first, {in_words(first)}"
            self.add_error("ends_on", text)
        return cleaned

    def change(self) -> CalendarChange:
        """The closure."""
        cleaned = self.cleaned_data
        closure = NewClosure(
            starts_on=cleaned["starts_on"],
            ends_on=cleaned["ends_on"],
            inspectorate=cleaned["inspectorate"],
            reason=cleaned["reason"],
            stops_the_clock=cleaned["stops_the_clock"],
        )
        return CalendarChange(closures_add=(closure,))

    def why_it_changes(self) -> str:
        """A closure is its own reason."""
        return f"Closure: {self.cleaned_data['reason']}"


class RemoveClosure(CalendarForm):
    """A closure that does not hold any longer."""

    closure = RadiosField(label="Which closure does not hold any longer?", choices=())
    why = WhyField(help_text="It stays on record.")

    nouns: ClassVar[Mapping[str, str]] = {
        "closure": "the closure that does not hold any longer",
        "why": "why it changes",
    }

    def __init__(self, *args: Any, closures: Iterable[Closure], **options: Any) -> None:
        super().__init__(*args, **options)
        self.closures = {one.pk: one for one in closures}
        field = self.fields["closure"]
        assert isinstance(field, RadiosField)
        field.choices = [(str(pk), closure_in_words(one)) for pk, one in self.closures.items()]

    def change(self) -> CalendarChange:
        """The closure to be taken away."""
        return CalendarChange(closures_remove=(int(self.cleaned_data["closure"]),))


class ChangeOffset(GovukForm):
    """Another number for an offset that no source gives."""

    value = forms.IntegerField(label="New number")
    effective_from = DateInputField(
        label="For cases opened from", help_text="For example, 1 9 2026. Today at the earliest."
    )
    cases = RadiosField(
        label="Which cases does it hold for?",
        choices=[("new", "New cases only"), ("chosen", "New cases and open cases that I choose")],
        hints={
            "new": "Cases that are open keep the number they were opened with",
            "chosen": "You choose them on the next page, and see what moves before it does",
        },
    )
    why = WhyField(help_text="It stays on record, and is shown with the case’s history.")

    looks: ClassVar[Mapping[str, Mapping[str, Any]]] = {"value": {"width": 5}}
    nouns: ClassVar[Mapping[str, str]] = {
        "value": "the new number",
        "effective_from": "the day from which it holds",
        "cases": "which cases it holds for",
        "why": "why it changes",
    }

    def __init__(self, *args: Any, parameter: Starred, present: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.parameter, self.present = parameter, present
        day = self.fields["effective_from"]
        assert isinstance(day, DateInputField)
        day.earliest, day.latest = clock.today(), current_calendar().covers_until
        if parameter.options:
            choice = RadiosField(
                label="Counted from",
                choices=[
                    (str(number), text[:1].upper() + text[1:])
                    for number, text in enumerate(parameter.options)
                ],
            )
            setattr(choice, "noun", "what it is counted from")  # noqa: B010
            speak_plainly(choice)
            self.fields["value"] = choice
        else:
            self.fields["value"].label = f"New number ({parameter.unit})"
        self.order_fields(["value", "effective_from", "cases", "why"])

    def clean_value(self) -> int:
        """Another number than the present one, within what the rule bears."""
        value = int(self.cleaned_data["value"])
        if value == self.present:
            raise forms.ValidationError("This is the present value: enter another one")
        if problem := problem_with(self.parameter.key, value):
            raise forms.ValidationError(problem)
        return value

    def take_reasons(self, reasons: Iterable[tuple[str, str]]) -> None:
        """Show what was refused, beside the field where there is one."""
        for name, text in reasons:
            self.add_error(name if name in self.fields else None, text)


class WithdrawForm(GovukForm):
    """Why a change is not made after all."""

    reason = LongTextField(label="Why it is withdrawn", max_length=300)

    nouns: ClassVar[Mapping[str, str]] = {"reason": "why it is withdrawn"}
