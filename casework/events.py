"""The kinds of event. Each is one frozen, typed dataclass; a stored event is read only through it.

A room declares its own kinds like this::

    @facts
    class Notified(Facts):
        kind: ClassVar[str] = "notified"
        label: ClassVar[str] = "Director of children's services told"
        taken_by: str = personal("Who took the call")

Facts hold dates, numbers, choices and ids. Whatever is free text or names a person is declared
with `personal(...)`: it is kept in the event's note, which can be lawfully erased.
"""

import dataclasses
import datetime
import enum
import functools
import types
import typing
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Self, TypeVar

from casework.timetable import Happening

T = TypeVar("T")
Choices = Sequence[tuple[str, str]]


@typing.dataclass_transform(frozen_default=True, kw_only_default=True)
def facts(cls: type[T]) -> type[T]:
    """Declare a kind of event: a frozen dataclass whose fields are given by name."""
    return dataclass(frozen=True, kw_only=True)(cls)


class FactsError(ValueError):
    """Stored or given facts do not fit their declaration; says which field and why."""


def fact(
    label: str,
    *,
    hint: str = "",
    choices: Choices | Callable[[Any], Choices] | None = None,
    widget: str = "",
    noun: str = "",
    **kwargs: Any,
) -> Any:
    """A field with what a form needs: label, hint and choices (or what gives them for a case);
    `noun` where the label does not read after 'Enter' ('the day the hold starts').

    `default=` and `default_factory=` are handed on to the dataclass field.
    """
    shown = {"label": label, "hint": hint, "choices": choices, "widget": widget, "noun": noun}
    return dataclasses.field(metadata={**shown, "personal": False}, **kwargs)


def personal(label: str, *, hint: str = "", widget: str = "", default: str = "") -> Any:
    """A text field that names a person or is free text: kept in the note, erasable."""
    shown = {"label": label, "hint": hint, "choices": None, "widget": widget}
    return dataclasses.field(metadata={**shown, "personal": True}, default=default)


@facts
class Facts:
    """What every kind of event has. `subject` says which body, day or person it concerns."""

    kind: ClassVar[str] = ""
    label: ClassVar[str] = ""
    #: The same as something to do, where the label does not read as one ('Place a hold').
    action: ClassVar[str] = ""
    schema_version: ClassVar[int] = 1
    #: Name of the group of subjects to choose from on the form ('body'), where it has subjects.
    subjects: ClassVar[str] = ""
    #: Fields that hold a planned day, each of them a happening of the timetable by its own name.
    planned: ClassVar[tuple[str, ...]] = ()
    #: What the note is for, and whether it can be left out.
    note_label: ClassVar[str] = "Note (optional)"
    note_required: ClassVar[bool] = False

    subject: str = fact("For whom", default="")

    def sentence(self, subject_name: str = "") -> str:
        """The event in plain English, without its date."""
        return f"{self.label} ({subject_name})" if subject_name else self.label

    def happenings(self, on: datetime.date, at: datetime.datetime | None = None) -> list[Happening]:
        """What the timetable counts from: the event itself and the days that it plans."""
        found = [Happening(event=self.kind, on=on, at=at, subject=self.subject)]
        for name in self.planned:
            day = getattr(self, name)
            if day is not None:
                found.append(Happening(event=name, on=day))
        return found

    def clears(self) -> tuple[str, ...]:
        """Planned days that no longer hold, without new ones (deferred, dates still open)."""
        return ()

    def leads_to(self, state: Any) -> str | None:
        """The stage, where it depends on what came before; None for the one that the step names."""
        return None

    def opens_the_case_further(self) -> bool:
        """Whether this brings its moment: whether more people may see the case from now on."""
        return True

    def outcome(self) -> str | None:
        """What this makes the outcome of the case: a short name, '' to clear it; None where it
        says nothing of it."""
        return None

    @classmethod
    def upgrade(cls, version: int, data: dict[str, Any]) -> dict[str, Any]:
        """Facts written under an older schema version, in the form of today's."""
        return data

    def stored(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The facts as JSON, and apart from them what belongs in the note."""
        kept: dict[str, Any] = {}
        noted: dict[str, Any] = {}
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if value == _default(field):
                continue
            target = noted if field.metadata.get("personal") else kept
            target[field.name] = _plain(value)
        return kept, noted

    @classmethod
    def read(
        cls, data: Mapping[str, Any], noted: Mapping[str, Any] | None = None, version: int = 0
    ) -> Self:
        """The facts of a stored event. Raises FactsError where they do not fit."""
        given = {**data, **(noted or {})}
        if version and version != cls.schema_version:
            given = cls.upgrade(version, given)
        hints = _hints_of(cls)  # type: ignore[arg-type]
        known = {field.name for field in dataclasses.fields(cls)}
        if unknown := sorted(set(given) - known):
            raise FactsError(f"{cls.kind} has no field {', '.join(unknown)}.")
        try:
            return cls(**{name: _typed(value, hints[name]) for name, value in given.items()})
        except (TypeError, ValueError, KeyError) as error:
            raise FactsError(f"{cls.kind}: {error}") from error


@functools.cache
def _hints_of(cls: type[Facts]) -> dict[str, Any]:
    """The types of the fields: looked up once, since facts are read more than anything else."""
    return typing.get_type_hints(cls)


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default is not dataclasses.MISSING:
        return field.default
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return dataclasses.MISSING


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    if isinstance(value, uuid.UUID | Decimal):
        return str(value)
    if isinstance(value, tuple | list | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if value is None or isinstance(value, str | int | bool | float):
        return value
    raise FactsError(f"{type(value).__name__} cannot be kept in an event.")


def _typed(value: Any, hint: Any) -> Any:
    """A JSON value as the declared type; ValueError or TypeError where it is none."""
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        options = [option for option in typing.get_args(hint) if option is not type(None)]
        return None if value is None else _typed(value, options[0])
    if origin is tuple:
        inner = typing.get_args(hint)[0]
        return tuple(_typed(item, inner) for item in value)
    if hint is datetime.date:
        return datetime.date.fromisoformat(value)
    if hint is datetime.datetime:
        return datetime.datetime.fromisoformat(value)
    if isinstance(hint, type) and issubclass(hint, enum.Enum | uuid.UUID | Decimal):
        return hint(value)
    if hint in (str, int, bool) and type(value) is not hint:
        raise ValueError(f"{value!r} is no {hint.__name__}")
    return value


# The kinds that every case has, whatever room it belongs to.


@facts
class Opened(Facts):
    """The case was made: always the first event."""

    kind: ClassVar[str] = "opened"
    label: ClassVar[str] = "Case opened"


@facts
class Voided(Facts):
    """An earlier event never happened. The reason is the note."""

    kind: ClassVar[str] = "voided"
    label: ClassVar[str] = "Struck out"


@facts
class Extended(Facts):
    """A later (or earlier) day was agreed for one deadline; the computed day stays beside it."""

    kind: ClassVar[str] = "extended"
    label: ClassVar[str] = "Another day agreed"
    action: ClassVar[str] = "Agree another day"
    note_label: ClassVar[str] = "Why another day was agreed"
    note_required: ClassVar[bool] = True

    rule: str = fact("Deadline", widget="hidden")
    agreed_on: datetime.date = fact("Agreed day")
    agreed_by: str = personal("Who agreed it")

    def sentence(self, subject_name: str = "") -> str:
        """Which deadline, and the day agreed."""
        whom = f" for {subject_name}" if subject_name else ""
        return f"{self.rule}{whom}: {day_in_words(self.agreed_on)} agreed"


class HoldReason(enum.StrEnum):
    """Why publication or another step is held back."""

    ELECTION = "election"
    EMERGENCY = "emergency"
    QUALITY_ASSURANCE = "quality_assurance"
    OTHER = "other"


HOLD_REASONS = {
    HoldReason.ELECTION: "a pre-election period",
    HoldReason.EMERGENCY: "an emergency",
    HoldReason.QUALITY_ASSURANCE: "further quality assurance",
    HoldReason.OTHER: "another reason",
}


def open_rules(case: Any) -> Choices:
    """The deadlines of a case that can be held, by code."""
    unmet = case.deadlines.filter(state__in=["open", "forecast"], lapses=False)
    return list(dict(unmet.order_by("due_on").values_list("rule", "title")).items())


@facts
class HoldPlaced(Facts):
    """Deadlines are held back for a time: it marks what is delayed and moves no computed date."""

    kind: ClassVar[str] = "hold_placed"
    label: ClassVar[str] = "Held"
    action: ClassVar[str] = "Place a hold"

    why: HoldReason = fact(
        "Reason", choices=[(r.value, t.capitalize()) for r, t in HOLD_REASONS.items()]
    )
    from_day: datetime.date = fact("Held from", noun="the day the hold starts")
    until_day: datetime.date | None = fact("Held until", noun="the day the hold ends", default=None)
    #: Codes of the deadlines held; none means all that are open.
    rules: tuple[str, ...] = fact(
        "Deadlines",
        hint="Those that are held back. None chosen means all that are open.",
        choices=open_rules,
        default=(),
    )

    def sentence(self, subject_name: str = "") -> str:
        """What is held, why and until when."""
        what = ", ".join(self.rules) or "All open deadlines"
        until = f" until {day_in_words(self.until_day)}" if self.until_day else ""
        return (
            f"{what} held for {HOLD_REASONS[self.why]}, from {day_in_words(self.from_day)}{until}"
        )


@facts
class HoldLifted(Facts):
    """All holds on the case end."""

    kind: ClassVar[str] = "hold_lifted"
    label: ClassVar[str] = "Hold lifted"
    action: ClassVar[str] = "Lift the hold"


@facts
class Suspended(Facts):
    """The case stands still."""

    kind: ClassVar[str] = "suspended"
    label: ClassVar[str] = "Suspended"
    action: ClassVar[str] = "Suspend the case"
    note_label: ClassVar[str] = "Why the case stands still"
    note_required: ClassVar[bool] = True


@facts
class Resumed(Facts):
    """The case goes on, with new dates on site where it has not been on site yet.

    Deadlines that were running when it stopped are given the working days it stood still: an
    agreed day beside the computed one.
    """

    kind: ClassVar[str] = "resumed"
    label: ClassVar[str] = "Resumed"
    action: ClassVar[str] = "Resume the case"
    planned: ClassVar[tuple[str, ...]] = ("first_day", "last_day")

    first_day: datetime.date | None = fact("New first day on site", default=None)
    last_day: datetime.date | None = fact("New last day on site", default=None)
    give_days_back: bool = fact(
        "Give open deadlines the working days that the case stood still", default=True
    )


@facts
class LatenessExplained(Facts):
    """Why a deadline was or will be missed: late and explained, no longer late and silent."""

    kind: ClassVar[str] = "lateness_explained"
    label: ClassVar[str] = "Lateness explained"
    action: ClassVar[str] = "Say why it is late"
    note_label: ClassVar[str] = "Why it is late"
    note_required: ClassVar[bool] = True

    rule: str = fact("Deadline", widget="hidden")

    def sentence(self, subject_name: str = "") -> str:
        """Which deadline was explained."""
        whom = f" ({subject_name})" if subject_name else ""
        return f"Lateness of {self.rule}{whom} explained"


@facts
class DatesMoved(Facts):
    """Deadlines were computed again for another reason than that something happened.

    `moved` holds for each date that is another one now: rule, subject, old and new day ('' where
    there was none, or is none any more).
    """

    why: str = fact("Why", default="")
    moved: tuple[tuple[str, ...], ...] = fact("Dates", default=())

    def sentence(self, subject_name: str = "") -> str:
        """Why, and how many dates moved."""
        number = len(self.moved)
        dates = "1 date" if number == 1 else f"{number} dates"
        why = f": {self.why}" if self.why else ""
        return f"{self.label}{why} ({dates} moved)" if self.moved else f"{self.label}{why}"


@facts
class CalendarChanged(DatesMoved):
    """A bank holiday or closure became known: what is open was computed again."""

    kind: ClassVar[str] = "calendar_changed"
    label: ClassVar[str] = "Deadlines computed again with the new calendar"
    schema_version: ClassVar[int] = 2

    version: int = fact("Version", default=0)


@facts
class ParametersChanged(DatesMoved):
    """The case takes over a later version of the administrators' choices."""

    kind: ClassVar[str] = "parameters_changed"
    label: ClassVar[str] = "Deadlines computed again with new offsets"
    schema_version: ClassVar[int] = 2

    version: int = fact("Version")


@facts
class RelatedHappened(Facts):
    """What happened on the case this one came from, or on one that came from it.

    Copied here because rules count from it (`origin:final_report_received`), so that a case's
    deadlines follow from its own events alone. A later one replaces an earlier.
    """

    kind: ClassVar[str] = "related_happened"
    label: ClassVar[str] = "Known from a related case"

    event: str = fact("What happened")
    case: uuid.UUID = fact("Case")
    day: datetime.date = fact("Day")
    withdrawn: bool = fact("No longer so", default=False)
    what: str = fact("In words", default="")

    def sentence(self, subject_name: str = "") -> str:
        """What happened there, for or by whom where there are several, and when."""
        words = self.what or self.event.replace("_", " ")
        if whom := subject_name or self._named_by_itself():
            words = f"{words}, {whom},"
        ending = "no longer stands" if self.withdrawn else f"on {day_in_words(self.day)}"
        return f"Related case: {words} {ending}"

    def _named_by_itself(self) -> str:
        """The subject where it is a name, as that of an inspectorate: not an id or number."""
        return self.subject if self.subject[:1].isupper() else ""

    def happenings(self, on: datetime.date, at: datetime.datetime | None = None) -> list[Happening]:
        """The related event under its prefixed name, on its own day."""
        if self.withdrawn:
            return []
        return [Happening(event=self.event, on=self.day, subject=self.subject)]


@facts
class NoteErased(Facts):
    """The note of an earlier event was lawfully erased; by whom and why stands with that note."""

    kind: ClassVar[str] = "note_erased"
    label: ClassVar[str] = "Note erased"

    event_seq: int = fact("Event")

    def sentence(self, subject_name: str = "") -> str:
        """Whose note it was."""
        return f"The note of entry {self.event_seq} was erased"


def day_in_words(day: datetime.date) -> str:
    """'Monday 4 May 2020'."""
    return f"{day:%A} {day.day} {day:%B %Y}"


BASE_EVENTS: tuple[type[Facts], ...] = (
    Opened,
    Voided,
    Extended,
    HoldPlaced,
    HoldLifted,
    Suspended,
    Resumed,
    LatenessExplained,
    CalendarChanged,
    ParametersChanged,
    RelatedHappened,
    NoteErased,
)
