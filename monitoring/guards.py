"""Why a step of monitoring or of the support programme is not possible: small named functions."""

import datetime
from typing import TYPE_CHECKING

from casework.events import Facts, day_in_words
from casework.workflow import Answer, Context, Guard
from monitoring import events, events_support

if TYPE_CHECKING:
    from casework.models import Case

LONGEST_STEP = 12


def both_bodies_agree(case: "Case", facts: events.JointDecision, context: Context) -> Answer:
    """Intensity and ceasing are decided jointly, with reasons (SC)."""
    reasons = []
    if not facts.dfe_agrees:
        reasons.append(("dfe_agrees", "DfE has to agree."))
    if not facts.nhs_agrees:
        reasons.append(("nhs_agrees", "NHS England has to agree."))
    if not facts.reason.strip():
        reasons.append(("reason", "Give the reasons."))
    return reasons


def step_is_sensible(case: "Case", facts: events.IntensityChanged, context: Context) -> Answer:
    """Visits come every 1 to 12 months."""
    if 1 <= facts.months <= LONGEST_STEP:
        return None
    return "months", f"Enter a number of months from 1 to {LONGEST_STEP}."


def visit_has_its_record(case: "Case", facts: events.VisitHeld, context: Context) -> Answer:
    """A visit is by advisers, and leaves a summary (RV 5; HB 111)."""
    reasons = []
    if not (facts.dfe or facts.nhs):
        reasons.append(("dfe", "Say which adviser took part."))
    if not facts.summary.strip():
        reasons.append(("summary", "Enter a summary of the visit."))
    if facts.next_on is not None and facts.next_on <= context.on:
        reasons.append(("next_on", "The next visit comes after this one."))
    return reasons


def statement_is_fit(case: "Case", facts: Facts, context: Context) -> Answer:
    """Visits count from the judgement that the statement is fit for purpose (RV 5)."""
    judged = context.state.heard("origin:judged_fit")
    if judged and context.on < min(judged):
        day = day_in_words(min(judged))
        return "happened_on", f"The statement was judged fit for purpose on {day}, not before."
    return None


def progress_was_insufficient(case: "Case", facts: Facts, context: Context) -> Answer:
    """Next steps follow a re-visit that found insufficient progress in any weakness (RV 29)."""
    found = ("found_some_sufficient", "found_none_sufficient")
    if any(context.state.heard(f"origin:child:{name}") for name in found):
        return None
    return "No re-visit with insufficient progress has been published."


def steps_are_chosen(case: "Case", facts: events.NextStepsChosen, context: Context) -> Answer:
    """At least one step, with the reasons (RV 29)."""
    reasons = []
    if not facts.steps:
        reasons.append(("steps", "Choose at least one step."))
    if not facts.reason.strip():
        reasons.append(("reason", "Give the reasons."))
    return reasons


def plan_is_whole(case: "Case", facts: events.PlanReceived, context: Context) -> Answer:
    """Co-produced, saying how progress is reported and families kept informed (Annex A)."""
    reasons = []
    if not facts.co_produced:
        reasons.append(("co_produced", "The plan has to be co-produced."))
    if not facts.progress:
        reasons.append(("progress", "The plan has to say how progress and impact are reported."))
    if not facts.families:
        text = "The plan has to say how partners and families are kept informed."
        reasons.append(("families", text))
    return reasons


def forum_is_invited(case: "Case", facts: events.ReviewMeetingHeld, context: Context) -> Answer:
    """The parent carer forum is invited to the review (HB Annex A)."""
    if facts.forum_invited:
        return None
    return "forum_invited", "The parent carer forum has to be invited."


# --- the support programme --------------------------------------------------------------------


def was_offered(offer: str, *, answers: tuple[str, ...]) -> Guard:
    """A guard: what is held or declined was offered before, and each offer is answered once."""

    def offered_before(case: "Case", facts: Facts, context: Context) -> Answer:
        """Offered, then held or declined (SC)."""
        offers = [one for one in context.state.happened if one.kind == offer]
        answered = [one for one in context.state.happened if one.kind in answers]
        if len(offers) <= len(answered):
            return "It has not been offered yet, or the offer was answered already."
        return _not_before(offers[len(answered)].on, "It was offered", context)

    return offered_before


def after(kind: str, what: str) -> Guard:
    """A guard: only after another event of the case."""

    def comes_after(case: "Case", facts: Facts, context: Context) -> Answer:
        """In the order of the guidance (SC)."""
        before = context.state.last(kind)
        if before is None:
            return f"{what} comes first: it is not on record."
        return _not_before(before.on, what, context, verb="was on")

    return comes_after


def chair_is_independent(
    case: "Case", facts: events_support.BoardRecorded, context: Context
) -> Answer:
    """The board has an independent chair, whose name and dates are recorded (SC, failings)."""
    reasons = []
    if not facts.independent:
        reasons.append(("independent", "The chair has to be independent of the local area."))
    if not facts.chair.strip():
        reasons.append(("chair", "Enter the name of the chair."))
    if not facts.dates.strip():
        reasons.append(("dates", "Enter the dates of its meetings."))
    return reasons


def evidence_is_asked_for(
    case: "Case", facts: events_support.ProgressMeetingHeld, context: Context
) -> Answer:
    """Evidence of progress is asked for before the meeting (SC, inconsistent)."""
    if facts.evidence:
        return None
    return "evidence", "Evidence of progress has to be asked for beforehand."


def points_or_none(
    case: "Case", facts: events_support.NoticeResponseReceived, context: Context
) -> Answer:
    """The inaccuracies, or that there are none; not both (SC)."""
    if facts.none == bool(facts.points.strip()):
        return "points", "Enter the inaccuracies, or say that there are none."
    return None


def _not_before(day: datetime.date, what: str, context: Context, verb: str = "on") -> Answer:
    if context.on < day:
        return "happened_on", f"{what} {verb} {day_in_words(day)}, not before."
    return None
