"""What bars an event in a given state: the stage, the end, a suspension, a first record; guards."""

from typing import TYPE_CHECKING

from casework import events
from casework.refusals import Reason
from casework.registry import CaseKind
from casework.workflow import Context, Happened, State, Step, reasons_in

if TYPE_CHECKING:
    from casework.models import Case


def own_reasons(case: "Case", one: Happened, context: Context) -> list[Reason]:
    """Why one event cannot take effect in this state: what bars it as such, else its guards."""
    step = context.kind.step(one.kind)
    if not step.is_of(case.framework):
        return [("", other_framework(step))]
    if barred := why_barred(context.kind, context.state, one):
        return [("", barred)]
    reasons: list[Reason] = []
    # The words that a guard asked for may be gone; it was content with them once.
    for guard in () if one.redacted else step.guards:
        reasons += reasons_in(guard(case, one.facts, context))
    return reasons


def other_framework(step: Step) -> str:
    """Why a step of another framework cannot be recorded."""
    return f"“{step.event.label}” is no step under the framework of this case."


def why_barred(kind: CaseKind, state: State, one: Happened) -> str:
    """What bars an event whatever it says, the reason that settles it first; '' for nothing."""
    step, label = kind.step(one.kind), one.facts.label or one.kind
    if not step.again and (first := state.last(one.kind, one.facts.subject)):
        return (
            f"“{label}” is already on record for {events.day_in_words(first.on)} "
            f"(entry {first.seq}). Correct that entry instead."
        )
    if reason := wrong_stage(kind, step, state.stage, ended=state.ended_on is not None):
        return reason
    if standing_still(kind, step.to_stage, state, one):
        since = events.day_in_words(state.suspended_on)  # type: ignore[arg-type]
        return f"The case has stood still since {since}: resume it first."
    return ""


def wrong_stage(kind: CaseKind, step: Step, stage: str, *, ended: bool) -> str:
    """Why a step does not belong to a stage of the case; '' where it does."""
    if step.from_stages:
        if stage in step.from_stages:
            return ""
        stages = ", ".join(kind.stage_label(s) for s in kind.stages if s in step.from_stages)
        return (
            f"“{step.event.label or step.event.kind}” cannot be recorded at the stage "
            f"“{kind.stage_label(stage)}”. It belongs to: {stages}."
        )
    if ended and not issubclass(step.event, AFTER_THE_END):
        return f"The case ended ({kind.stage_label(stage)}): nothing to record."
    return ""


def standing_still(kind: CaseKind, to_stage: str | None, state: State, one: Happened) -> bool:
    """Whether a suspension bars the step: moving on is barred, ending the case is not."""
    if state.suspended_on is None or to_stage is None or to_stage in kind.ended_stages:
        return False
    return one.on >= state.suspended_on


#: What is recorded of a case after its end.
AFTER_THE_END = (events.NoteErased, events.LatenessExplained, events.RelatedHappened)
