"""Why a step of a written statement is not possible: small functions, each with its source."""

import datetime
from typing import TYPE_CHECKING

from casework.events import Facts, day_in_words
from casework.workflow import Answer, Context
from inspections.guards import believable
from working_days.calendar import add_months
from wsoa import events

if TYPE_CHECKING:
    from casework.models import Case

REVISIT_WITHIN_MONTHS = 18  # HB 106, 111; RV 5


def gaps_are_closed(case: "Case", facts: events.Submitted, context: Context) -> Answer:
    """Refused while a weakness has no action, or an action no actor or period (HB 68)."""
    reasons = []
    if not facts.every_weakness:
        text = "Every significant weakness must have at least one action."
        reasons.append(("every_weakness", text))
    if not facts.who_and_when:
        text = "Every action must say who will take it, and in what period."
        reasons.append(("who_and_when", text))
    return reasons


def report_has_been_received(case: "Case", facts: Facts, context: Context) -> Answer:
    """A statement answers the final report, so it comes after that was received (HB 66)."""
    received = context.state.heard("origin:final_report_received")
    if received and context.on < min(received):
        return "happened_on", f"The final report was received on {day_in_words(min(received))}."
    return None


def both_judge_it_fit(case: "Case", facts: events.JudgedFit, context: Context) -> Answer:
    """The judgement is that of both inspectorates (HB Annex A)."""
    return None if facts.both else ("both", "Ofsted and CQC have to agree that it is fit.")


def reasons_are_given(case: "Case", facts: events.JudgedNotFit, context: Context) -> Answer:
    """A statement that is not fit comes back with the reasons per weakness (Annex A)."""
    reasons = []
    if not facts.reasons.strip():
        reasons.append(("reasons", "Give the reasons, weakness by weakness."))
    if not facts.weaknesses:
        reasons.append(("weaknesses", "Enter the number of weaknesses, such as 2."))
    return [*reasons, *believable("weaknesses", facts.weaknesses)]


def no_judgement_awaits_its_letter(case: "Case", facts: Facts, context: Context) -> Answer:
    """One judgement of one version: the next comes with a revised statement."""
    state = context.state
    for one in reversed(state.happened):
        if one.kind in ("submitted", "resubmitted"):
            return _not_before(one.on, "This version was submitted", context)
        if one.kind in events.JUDGED:
            what = one.facts.label[0].lower() + one.facts.label[1:]
            return f"This version was {what} on {day_in_words(one.on)} already."
    return None


def it_is_judged(case: "Case", facts: Facts, context: Context) -> Answer:
    """The letter tells a judgement that was made (ON 6)."""
    for one in reversed(context.state.happened):
        if one.kind in events.JUDGED:
            return _not_before(one.on, "It was judged", context)
        if one.kind in ("submitted", "resubmitted"):
            break
    return "This version has not been judged yet."


def after_the_letter(case: "Case", facts: Facts, context: Context) -> Answer:
    """Nobody receives a letter before it was sent."""
    sent = context.state.last("fitness_letter_sent")
    return _not_before(sent.on, "The letter was sent", context) if sent else None


def after_the_not_fit_letter(case: "Case", facts: Facts, context: Context) -> Answer:
    """A revised statement answers the reasons in the letter."""
    for kind in ("second_fitness_letter_sent", "fitness_letter_sent"):
        if (sent := context.state.last(kind)) is not None:
            return _not_before(sent.on, "The letter with the reasons was sent", context)
    return None


def period_is_possible(case: "Case", facts: events.RevisitPlanned, context: Context) -> Answer:
    """A period runs forward, and one past the 18 months has a reason (HB 106; RV 5)."""
    if facts.period_to < facts.period_from:
        return "period_to", "The period must end on or after the day it begins."
    if facts.period_to < context.on:
        return "period_to", "The period must not be over already."
    fit = context.state.last("judged_fit")
    latest = add_months(fit.on, REVISIT_WITHIN_MONTHS) if fit else None
    if latest and facts.period_to > latest and not facts.why_late.strip():
        return (
            "why_late",
            f"A re-visit falls within 18 months of the judgement, by {day_in_words(latest)}. "
            "Say why this one may come later.",
        )
    return None


def a_further_revisit_is_directed(
    case: "Case", facts: events.RevisitPlanned, context: Context
) -> Answer:
    """A second re-visit needs the Secretary of State's direction on record (RV 29)."""
    if context.state.has("further_support_needed") and not facts.direction.strip():
        return (
            "direction",
            "There has been a re-visit. A further one needs the Secretary of State’s direction: "
            "give its date and reference.",
        )
    return None


def revisit_is_published(case: "Case", facts: Facts, context: Context) -> Answer:
    """What a re-visit found is known once its letter is published (RV 28)."""
    if context.state.heard("child:revisit_published"):
        return None
    return "No letter of a re-visit has been published."


def inspection_is_named(case: "Case", facts: events.Superseded, context: Context) -> Answer:
    """A statement is superseded by one inspection, which is named."""
    if facts.inspection.strip():
        return None
    return "inspection", "Give the reference of the inspection, such as IN-2026-0001."


def _not_before(day: datetime.date, what: str, context: Context) -> Answer:
    if context.on < day:
        return "happened_on", f"{what} on {day_in_words(day)}, not before."
    return None
