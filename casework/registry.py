"""What the rooms above tell casework about: kinds of case, panels of the case page.

Filled in each room's `AppConfig.ready()`. Nothing here names a room.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from casework.events import BASE_EVENTS, Facts
from casework.timetable import Subject
from casework.workflow import State, Step

if TYPE_CHECKING:
    from django.http import HttpRequest

    from casework.models import Case

#: From which event on something opens to more people (the slashes of the access table).
MOMENTS: Mapping[str, str] = {
    "notified": "notified",
    "feedback_given": "feedback",
    "final_report_sent": "final_sent",
    "report_published": "published",
}


def _no_subjects(case: "Case") -> Mapping[str, Sequence[Subject]]:
    return {}


@dataclass(frozen=True)
class CaseKind:
    """One kind of case: its words, stages, events, steps, and who owes and owns what."""

    name: str
    label: str
    prefix: str
    first_stage: str
    stages: Mapping[str, str]
    events: Sequence[type[Facts]]
    steps: Sequence[Step]
    frameworks: Sequence[str] = ("",)
    opened_by: frozenset[str] = frozenset()
    ended_stages: frozenset[str] = frozenset({"closed", "cancelled"})
    #: Where the case waits for new dates: nothing that has not happened is owed meanwhile.
    waiting_stages: frozenset[str] = frozenset()
    subjects: Callable[["Case"], Mapping[str, Sequence[Subject]]] = _no_subjects
    moments: Mapping[str, str] = field(default_factory=lambda: MOMENTS)
    #: The event by which what comes of the case is published: once by each of its subjects.
    published_by: str = ""
    #: The moment before which the existence of a case is confidential; '' for never.
    confidential_until: str = "notified"
    #: Whether only those rows of the access table hold for it that name this kind.
    own_access: bool = False
    #: Events of related cases ('origin:...', 'child:...') that it hears of besides those that its
    #: rules count from. They can bring a moment, and tell its own children.
    watches: Sequence[str] = ()
    #: Its outcomes in words.
    outcomes: Mapping[str, str] = field(default_factory=dict)
    #: What related cases hear of only once another event has made it known: a finding with the
    #: report's publication.
    told_with: Mapping[str, str] = field(default_factory=dict)
    #: The roles whose task a deadline is, by rule code, where `owed_by` does not say it.
    owners: Mapping[str, Sequence[str]] = field(default_factory=dict)
    #: Brings the room's own rows (bookings, team) in line with the events in effect, after each of
    #: them, corrections and struck-out ones too: `follow(case, state, by)`. May raise GuardFailed.
    follow: Callable[["Case", State, Any], None] | None = None

    def step(self, event: str) -> Step:
        """The step of one kind of event. Raises KeyError where the kind has none."""
        return _steps(self)[event]

    def has_step(self, event: str) -> bool:
        """Whether such an event can happen on this kind of case."""
        return event in _steps(self)

    def all_steps(self) -> Sequence[Step]:
        """Own steps, then those that every case has."""
        return list(_steps(self).values())

    def facts_of(self, event: str) -> type[Facts]:
        """The declaration of one kind of event. Raises KeyError where the kind has none."""
        return self.step(event).event

    def stage_label(self, stage: str) -> str:
        """The stage in words."""
        return self.stages.get(stage, stage.replace("_", " ").capitalize())


@dataclass(frozen=True)
class Panel:
    """A part of the case page that an upper room gives. `context` is asked once per page."""

    kind: str
    slot: str
    template: str
    context: Callable[["HttpRequest", "Case"], Mapping[str, Any] | None]
    title: str = ""
    order: int = 50


_kinds: dict[str, CaseKind] = {}
_step_cache: dict[str, dict[str, Step]] = {}
_panels: list[Panel] = []


def register_kind(kind: CaseKind) -> None:
    """Make a kind known. Raises ValueError for an event without a step, or a strange stage."""
    own = {step.event.kind for step in kind.steps}
    if missing := [event.kind for event in kind.events if event.kind not in own]:
        raise ValueError(f"{kind.name}: no step for {', '.join(missing)}.")
    for step in kind.steps:
        named = step.from_stages | ({step.to_stage} if step.to_stage else set())
        if strange := named - set(kind.stages):
            raise ValueError(f"{kind.name}: {step.event.kind} names the stages {strange}.")
    if kind.first_stage not in kind.stages:
        raise ValueError(f"{kind.name}: the first stage {kind.first_stage} is none of its stages.")
    _kinds[kind.name] = kind
    _step_cache.pop(kind.name, None)


def forget_kind(name: str) -> None:
    """Take a kind out again (tests that declare one of their own)."""
    _kinds.pop(name, None)
    _step_cache.pop(name, None)


def kind_of(case_or_name: Any) -> CaseKind:
    """The kind of a case, or of that name. Raises KeyError for one that no room declares."""
    name = case_or_name if isinstance(case_or_name, str) else case_or_name.kind
    return _kinds[name]


def kinds() -> Sequence[CaseKind]:
    """All kinds, in the order in which they were declared."""
    return list(_kinds.values())


def _steps(kind: CaseKind) -> dict[str, Step]:
    found = _step_cache.get(kind.name)
    if found is None:
        from casework.base_steps import BASE_STEPS

        found = {step.event.kind: step for step in (*kind.steps, *BASE_STEPS)}
        found.update({step.event.kind: step for step in kind.steps})
        known = _kinds.get(kind.name)
        if known is kind:
            _step_cache[kind.name] = found
    return found


def register_panel(
    kind: str,
    slot: str,
    template: str,
    context: Callable[["HttpRequest", "Case"], Mapping[str, Any] | None],
    *,
    title: str = "",
    order: int = 50,
) -> None:
    """Add a panel to the case page of a kind ('*': of every kind).

    Slots: `summary` (rows of the header), `actions`, `main`, `people`, `letters`, `side`. A
    context of None leaves the panel out.
    """
    panel = Panel(kind, slot, template, context, title, order)
    if panel not in _panels:
        _panels.append(panel)


def panels_of(kind: str) -> Sequence[Panel]:
    """The panels of a kind's case page, in order."""
    return sorted((p for p in _panels if p.kind in (kind, "*")), key=lambda panel: panel.order)


__all__ = [
    "BASE_EVENTS",
    "MOMENTS",
    "CaseKind",
    "Panel",
    "forget_kind",
    "kind_of",
    "kinds",
    "panels_of",
    "register_kind",
    "register_panel",
]
