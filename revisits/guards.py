"""Why a step of a re-visit is not possible: small named functions, each with its source."""

import datetime
from typing import TYPE_CHECKING

from casework.events import Facts, day_in_words
from casework.workflow import Answer, Context
from config import clock
from inspections.guards import believable
from revisits import events

if TYPE_CHECKING:
    from casework.models import Case

NOTICE_WORKING_DAYS = 10  # RV 7
SURVEY_OPENS, SURVEY_CLOSES = -5, -1  # RV 16, table
NOON = datetime.time(12)


def days_run_forward(case: "Case", facts: events.Scheduled, context: Context) -> Answer:
    """The last day is not before the first."""
    if facts.last_day < facts.first_day:
        return "last_day", "The last day on site is before Day 1."
    return None


def team_is_of_different_people(case: "Case", facts: events.Scheduled, context: Context) -> Answer:
    """Nobody fills two places on the team."""
    people = [person for person, _ in facts.team()]
    if len(people) == len(set(people)):
        return None
    return "additional_inspectors", "Each inspector has one place on the team."


def change_is_explained(case: "Case", facts: events.Rescheduled, context: Context) -> Answer:
    """Other dates or another team need a reason; once the area is told, dates hold."""
    if not facts.why.strip():
        return "why", "Say why dates or team change."
    days = (facts.first_day, facts.last_day)
    if context.state.has("notified") and days != (context.state.first_day, context.state.last_day):
        return "first_day", "The area has been told of these dates: suspend the re-visit instead."
    return None


def notice_is_given(case: "Case", facts: events.Notified, context: Context) -> Answer:
    """In the morning of Day -10, or with the reason (RV 7)."""
    first_day = context.state.first_day
    if first_day is None:
        return "No dates are fixed yet."
    if context.on >= first_day:
        return "happened_on", f"The call comes before Day 1, {day_in_words(first_day)}."
    if facts.reason.strip():
        return None
    notice_day = context.calendar.subtract(first_day, NOTICE_WORKING_DAYS)
    if context.on != notice_day:
        return "reason", f"Notice falls on {day_in_words(notice_day)}. Say why not on that day."
    if context.at and clock.london(context.at).time() > NOON:
        return "reason", "The call is made in the morning. Say why it was made later."
    return None


def length_and_team_are_told(case: "Case", facts: events.Notified, context: Context) -> Answer:
    """The call tells the length, the team and the quality assurance (RV 7, 19)."""
    if facts.told:
        return None
    return "told", "Length, team and quality assurance are told in this call."


def meeting_is_asked_for(case: "Case", facts: events.LanoCallHeld, context: Context) -> Answer:
    """A meeting with children and young people is asked for in this call (RV 9)."""
    if facts.young_people:
        return None
    return "young_people", "A meeting with children and young people has to be asked for."


def focus_and_questions_are_given(case: "Case", facts: events.PcfTold, context: Context) -> Answer:
    """The forum hears the focus of the open meeting and the proposed questions (RV 10-11)."""
    reasons = []
    if not facts.focus:
        reasons.append(("focus", "The forum has to know the focus of the open meeting."))
    if not facts.questions:
        reasons.append(("questions", "The forum has to have the proposed questions."))
    return reasons


def outcomes_are_included(
    case: "Case", facts: events.UploadDeclaredComplete, context: Context
) -> Answer:
    """Tribunal and ombudsman outcomes are part of the evidence (RV 15)."""
    if facts.outcomes:
        return None
    return "outcomes", "List the tribunal and ombudsman outcomes before declaring it complete."


def survey_opens_at_its_time(case: "Case", facts: events.SurveyOpened, context: Context) -> Answer:
    """Not before Day -5, 12:00 (RV 16)."""
    return _not_before_noon(SURVEY_OPENS, "opens", context)


def survey_closes_at_its_time(case: "Case", facts: events.SurveyClosed, context: Context) -> Answer:
    """Once opened, and not before Day -1, 12:00 (RV table)."""
    if not context.state.has("survey_opened"):
        return "The survey has not been opened."
    return _not_before_noon(SURVEY_CLOSES, "closes", context)


def _not_before_noon(number: int, verb: str, context: Context) -> Answer:
    first_day = context.state.first_day
    if first_day is None:
        return "No dates are fixed yet."
    day = context.calendar.day(first_day, number)
    text = f"The survey {verb} on {day_in_words(day)} at 12:00."
    if context.on < day:
        return "happened_on", text
    if context.on == day and context.at and clock.london(context.at).time() < NOON:
        return "happened_at", text
    return None


def meeting_was_open(case: "Case", facts: events.OpenMeetingHeld, context: Context) -> Answer:
    """The meeting is open to all parents and carers (HB 12; RV 11)."""
    if facts.open_to_all:
        return None
    return "open_to_all", "Only a meeting that was open to all parents and carers counts."


def consent_is_recorded(case: "Case", facts: events.CypDiscussionHeld, context: Context) -> Answer:
    """Held with children or young people only with consent beforehand (HB 33-34)."""
    if facts.consent:
        return None
    return "consent", "Consent must be recorded beforehand and checked at the start."


def not_after_the_last_day(case: "Case", facts: Facts, context: Context) -> Answer:
    """What happens on site ends with the last day there."""
    last_day = context.state.last_day
    if last_day and context.on > last_day:
        return "happened_on", f"The last day on site was {day_in_words(last_day)}."
    return None


def each_weakness_is_judged(case: "Case", facts: events.ProgressJudged, context: Context) -> Answer:
    """Each weakness is sufficient or not, with a clear reason (RV 22-23)."""
    reasons = []
    for name in ("sufficient", "not_sufficient"):
        number = getattr(facts, name)
        if number is None:
            reasons.append((name, "Enter a number, 0 for none."))
        reasons += believable(name, number)
    if not reasons and not (facts.sufficient or facts.not_sufficient):
        reasons.append(("sufficient", "At least one weakness must be judged."))
    if not facts.reasons.strip():
        reasons.append(("reasons", "Give a clear reason for each judgement."))
    if facts.published_outcome:
        reasons.append(("", "The outcome follows from the judgements: it is never entered."))
    return reasons


def progress_is_judged(case: "Case", facts: Facts, context: Context) -> Answer:
    """The judgement meeting comes before the feedback and the letter (RV 22-24)."""
    if context.state.has("progress_judged"):
        return None
    return "Progress has not been judged yet on each weakness."
