"""How a case moves on: steps as data, and what a guard may ask.

A guard is a small named function `guard(case, facts, context)` that answers None, or why not: a
sentence, or a pair of form field and sentence. Guards look at facts and `context` only, because a
correction runs them again. What has to look elsewhere (is a team named?) is a *check*: asked once,
when the step is recorded.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from casework import events
from casework.events import Facts
from casework.refusals import Reason
from casework.timetable import Happening, Subject, Timetable
from working_days.calendar import Calendar

if TYPE_CHECKING:
    from casework.models import Case, Event
    from casework.registry import CaseKind

Answer = None | str | Reason | Sequence[Reason]
Guard = Callable[["Case", Any, "Context"], Answer]


@dataclass(frozen=True)
class Happened:
    """An event in effect: as recorded, or as last corrected. `seq` is that of the first record."""

    seq: int
    kind: str
    facts: Facts
    on: datetime.date
    at: datetime.datetime | None
    event_id: int
    imported: bool = False
    calendar_version: int = 0
    parameters_version: int = 1
    corrected: bool = False
    redacted: bool = False


@dataclass
class State:
    """What a case's events come to, without its deadlines."""

    stage: str = ""
    happened: list[Happened] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    moments: list[str] = field(default_factory=list)
    planned: dict[str, datetime.date] = field(default_factory=dict)
    agreed: dict[tuple[str, str], datetime.date] = field(default_factory=dict)
    explained: set[tuple[str, str]] = field(default_factory=set)
    holds: list[events.HoldPlaced] = field(default_factory=list)
    related: dict[tuple[str, str, str], Happened] = field(default_factory=dict)
    suspended_on: datetime.date | None = None
    ended_on: datetime.date | None = None
    outcome: str = ""
    imported: bool = False
    subjects: Mapping[str, Sequence[Subject]] = field(default_factory=dict)

    def has(self, kind: str, subject: str | None = None) -> bool:
        """Whether such an event is in effect (for one subject, where given)."""
        return self.last(kind, subject) is not None

    def last(self, kind: str, subject: str | None = None) -> Happened | None:
        """The latest record of such an event, in effect."""
        for one in reversed(self.happened):
            if one.kind == kind and (subject is None or one.facts.subject == subject):
                return one
        return None

    def heard(self, event: str) -> list[datetime.date]:
        """The days on which it happened on a related case ('origin:...', 'child:...'), as far as
        it still stands there: one for each of its subjects."""
        found = [one.facts for one in self.related.values()]
        heard = [one for one in found if isinstance(one, events.RelatedHappened)]
        return [one.day for one in heard if one.event == event and not one.withdrawn]

    @property
    def first_day(self) -> datetime.date | None:
        """The first day on site, as last planned."""
        return self.planned.get("first_day")

    @property
    def last_day(self) -> datetime.date | None:
        """The last day on site, as last planned."""
        return self.planned.get("last_day")


@dataclass(frozen=True)
class Context:
    """What a guard may ask: the case as it stood before the event, and the event's day."""

    kind: "CaseKind"
    state: State
    on: datetime.date
    at: datetime.datetime | None
    by: Any
    today: datetime.date
    calendar: Calendar
    #: The deadlines as they stood before the event.
    timetable: Callable[[], Timetable]


@dataclass(frozen=True)
class NoticeTo:
    """Somebody who is told of a step; the outbox takes it as it is."""

    email: str
    template: str
    context: Mapping[str, str]
    link: str
    recipient_id: int | None = None
    not_before: datetime.datetime | None = None


@dataclass(frozen=True)
class Step:
    """One row of the workflow: what may be recorded, when, by whom, and where it leads.

    Without `from_stages`: at any stage until the case has ended. Without `to_stage`: the stage
    stays. `again`: may be recorded more than once for the same subject. Nobody but the system
    (and what reacts to other cases) records a step without `who`.
    """

    event: type[Facts]
    from_stages: frozenset[str] = frozenset()
    to_stage: str | None = None
    who: frozenset[str] = frozenset()
    guards: tuple[Guard, ...] = ()
    checks: tuple[Guard, ...] = ()
    again: bool = False
    form: Any = None
    letter: str = ""
    notices: tuple[Callable[["Case", "Event", Any], Iterable[NoticeTo]], ...] = ()
    #: Where it is recorded, if not on the general form: an address in which `{case}` stands for the
    #: case's id.
    page: str = ""
    #: Not offered in the list of things to record (it has a page or a button of its own).
    hidden: bool = False
    #: The frameworks that have such an event; none means all that the kind has.
    frameworks: frozenset[str] = frozenset()

    def is_of(self, framework: str) -> bool:
        """Whether a case under that framework has such an event."""
        return not self.frameworks or framework in self.frameworks


def reasons_in(answer: Answer) -> list[Reason]:
    """A guard's answer in one form: pairs of field and text."""
    if not answer:
        return []
    if isinstance(answer, str):
        return [("", answer)]
    if isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[0], str):
        return [(answer[0], str(answer[1]))]
    return [(str(field_name), str(text)) for field_name, text in answer]
