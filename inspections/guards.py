"""Why a step of an inspection is not possible: small named functions, each with its source.

A guard looks at the event, the case as it stood and the event's day only, since a correction runs
it again. What looks elsewhere (is everyone free?) is a check in `inspections.scheduling`.
"""

import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from casework.events import Facts, day_in_words
from casework.refusals import Reason
from casework.workflow import Answer, Context, Guard
from config import clock
from inspections import events, requests
from inspections.frameworks import notice_of

if TYPE_CHECKING:
    from casework.models import Case

#: More weaknesses than any report has: a slip of the hand.
MOST_WEAKNESSES = 60
#: The deadlines by which each body comments on the draft.
FACTS = frozenset({"IN-FACTS", "RE-FACTS", "AS-FACTS"})
CALL_FROM, CALL_UNTIL = datetime.time(9), datetime.time(10)  # HB 7


def period_runs_forward(case: "Case", facts: events.Planned, context: Context) -> Answer:
    """A rough period ends after it begins, and is rough, not endless."""
    if facts.period_to < facts.period_from:
        return "period_to", "The period must end on or after the day it begins."
    if (facts.period_to - facts.period_from).days > 2 * 366:
        return "period_to", "Choose a period of two years at most."
    if facts.period_to < context.on:
        return "period_to", "The period must not be over already."
    return None


def days_run_forward(case: "Case", facts: events.Scheduled, context: Context) -> Answer:
    """The last day is not before the first."""
    if facts.last_day < facts.first_day:
        return "last_day", "The last day on site is before Day 1."
    return None


def change_is_explained(case: "Case", facts: events.Rescheduled, context: Context) -> Answer:
    """Other dates or another team need a reason."""
    return None if facts.why.strip() else ("why", "Say why dates or team change.")


def dates_hold_once_notified(case: "Case", facts: events.Rescheduled, context: Context) -> Answer:
    """Once the area is told, dates change by deferral only; the team can still change (HB 15)."""
    if context.state.stage != "notified":
        return None
    if (facts.first_day, facts.last_day) == (context.state.first_day, context.state.last_day):
        return None
    return "first_day", "The area has been told of these dates: they change by deferral only."


def reason_is_given(case: "Case", facts: Facts, context: Context) -> Answer:
    """A decision of this weight needs its reason."""
    given = getattr(facts, "reason", "")
    return None if given.strip() else ("reason", "Give the reason.")


def time_is_given(case: "Case", facts: Facts, context: Context) -> Answer:
    """A call is recorded with its time (HB 7 names an hour)."""
    return None if context.at else ("happened_at", "Say at what time the call was made.")


def call_falls_on_the_notice_day(case: "Case", facts: events.Notified, context: Context) -> Answer:
    """Five working days before Day 1, between 09:00 and 10:00 (HB 7: 'normally').

    On another day, or at another hour, with the reason.
    """
    first_day = context.state.first_day
    if first_day is None:
        return "No dates are fixed yet."
    if context.on >= first_day:
        return "happened_on", f"The call comes before Day 1, {day_in_words(first_day)}."
    notice_day = context.calendar.subtract(first_day, notice_of(case.framework))
    if facts.reason.strip():
        return None
    if context.on != notice_day:
        return (
            "reason",
            f"Notice falls on {day_in_words(notice_day)}. Say why the call was made on "
            f"{day_in_words(context.on)}.",
        )
    called = clock.london(context.at).time() if context.at else None
    if called and not CALL_FROM <= called <= CALL_UNTIL:
        return (
            "reason",
            f"The call normally falls between 09:00 and 10:00. Say why it was made at "
            f"{called:%H:%M}.",
        )
    return None


def who_took_the_call(
    case: "Case", facts: events.Notified | events.HealthTold, context: Context
) -> Answer:
    """Who took the call stands by name; by post too where it was somebody else (HB 8)."""
    reasons = []
    if not facts.name.strip():
        reasons.append(("name", "Give the name of the person who took the call."))
    if facts.taken_by is events.TakenBy.MOST_SENIOR and not facts.post.strip():
        reasons.append(("post", "Give the post of the person who took the call."))
    return reasons


def subject_is_said(case: "Case", facts: Facts, context: Context) -> Answer:
    """What each body does for itself is recorded for one of them, never for all at once."""
    among = context.state.subjects.get(facts.subjects, ())
    if facts.subject or len(among) < 2:
        return None
    return "subject", "Say for whom: each of them is recorded by itself."


def not_before_the_lead(case: "Case", facts: Facts, context: Context) -> Answer:
    """Health, the nominated officer and others hear after the local authority (HB 8, 10, 12)."""
    notified = context.state.last("notified")
    if notified is None:
        return "The local authority has not been called yet."
    if context.on < notified.on:
        return "happened_on", f"The local authority was called on {day_in_words(notified.on)}."
    if context.at and notified.at and context.at < notified.at:
        called = clock.london(notified.at)
        return (
            "happened_at",
            f"The local authority was called at {called:%H:%M} that day, and is told first.",
        )
    return None


def both_confirmed(case: "Case", facts: events.GoAheadConfirmed, context: Context) -> Answer:
    """The lead HMI settles it with CQC and with the support officer (HB 9)."""
    reasons = []
    if not facts.cqc:
        reasons.append(("cqc", "CQC has to confirm that the inspection goes ahead."))
    if not facts.support_officer:
        reasons.append(
            ("support_officer", "The support officer has to know that the inspection goes ahead.")
        )
    return reasons


def go_ahead_is_confirmed(case: "Case", facts: Facts, context: Context) -> Answer:
    """The confirmation goes out once CQC and the support officer are settled with (HB 9)."""
    if context.state.has("go_ahead_confirmed"):
        return None
    return (
        "Record first that the inspection goes ahead, confirmed with CQC and the support officer."
    )


def sent_as_a_letter(case: "Case", facts: events.ConfirmationSent, context: Context) -> Answer:
    """The confirmation is a letter; issuing it records this (HB 9)."""
    return None if facts.letter else "The confirmation is sent by issuing its letter."


def officer_is_named(case: "Case", facts: events.LanoCallHeld, context: Context) -> Answer:
    """The nominated officer's name and e-mail address: access hangs on them (HB 10)."""
    reasons = []
    if not facts.name.strip():
        reasons.append(("name", "Give the name of the nominated officer."))
    try:
        validate_email(facts.email.strip())
    except ValidationError:
        reasons.append(("email", "Give an e-mail address in the form name@example.gov.uk."))
    return reasons


def _list_is_gone_through(items: tuple[requests.RequestItem, ...]) -> Guard:
    def list_is_gone_through(
        case: "Case", facts: events.LanoCallHeld | events.HealthCallHeld, context: Context
    ) -> Answer:
        """Every request is gone through, or it is said why some are left for later."""
        known = requests.codes(items)
        if strange := sorted(set(facts.items) - known):
            return "items", f"Not on the list: {', '.join(strange)}."
        left = [item.title for item in items if item.code not in facts.items]
        if left and not facts.left_out.strip():
            return "left_out", f"Say why these are left for later: {', '.join(left)}."
        return None

    return list_is_gone_through


lano_list_is_gone_through = _list_is_gone_through(requests.LANO_REQUESTS)
health_list_is_gone_through = _list_is_gone_through(requests.HEALTH_REQUESTS)


def commissioner_is_told(case: "Case", facts: events.HealthCallHeld, context: Context) -> Answer:
    """The extended call comes after the commissioner's chief executive was told (HB 8, 11)."""
    told = context.state.last("health_told", facts.subject)
    if told is None:
        return "This health commissioner has not been told yet: record that call first."
    if context.on < told.on:
        return "happened_on", f"It was told on {day_in_words(told.on)}, not before."
    if context.at and told.at and context.at < told.at:
        return "happened_at", f"It was told at {clock.london(told.at):%H:%M} that day, not before."
    return None


def how_and_how_many_is_said(case: "Case", facts: events.ToldRecorded, context: Context) -> Answer:
    """The area records how it told its people, and how many (HB 10); the day is the event's."""
    reasons = []
    if facts.how_many is None:
        reasons.append(("how_many", "Say how many were told, about."))
    if not facts.how.strip():
        reasons.append(("how", "Say how they were told."))
    return reasons


def all_are_told(case: "Case", facts: events.PcfTold, context: Context) -> Answer:
    """Both the forum and the advice service, with the request for an open meeting (HB 12)."""
    reasons = []
    if not facts.forum:
        reasons.append(("forum", "Record this once the forum, or the groups there are, is told."))
    if not facts.advice_service:
        reasons.append(("advice_service", "Record this once the advice service is told."))
    if not facts.open_meeting:
        reasons.append(
            ("open_meeting", "A meeting that any parent or carer can attend has to be asked for.")
        )
    return reasons


def deferral_is_open(case: "Case", facts: Facts, context: Context) -> Answer:
    """Only what was asked for can be decided, and once."""
    for one in reversed(context.state.happened):
        if one.kind in ("deferral_agreed", "deferral_declined"):
            break
        if one.kind == "deferral_asked":
            return None
    return "No request for deferral is open."


def arrives_on_day_1_after_nine(
    case: "Case", facts: events.OnSiteBegun, context: Context
) -> Answer:
    """Inspectors arrive on Day 1, never before 09:00 (HB 21)."""
    first_day = context.state.first_day
    if first_day and context.on != first_day:
        return "happened_on", f"Day 1 is {day_in_words(first_day)}."
    if context.at and clock.london(context.at).time() < datetime.time(9):
        return "happened_at", "Inspectors do not arrive before 09:00 on Day 1."
    return None


def meeting_is_on_its_day(case: "Case", facts: events.KitMeetingHeld, context: Context) -> Answer:
    """Each keep-in-touch meeting belongs to one day on site."""
    if facts.subject and facts.subject != context.on.isoformat():
        return "happened_on", "The meeting counts for the day on which it was held."
    return None


def not_before_day_1(case: "Case", facts: Facts, context: Context) -> Answer:
    """What happens on site cannot come before Day 1."""
    first_day = context.state.first_day
    if first_day and context.on < first_day:
        return "happened_on", f"Day 1 is {day_in_words(first_day)}."
    return None


def both_inspectorates_assured(case: "Case", facts: events.DraftSent, context: Context) -> Answer:
    """Both inspectorates sign the draft off before it is sent (HB 55-57)."""
    reasons = []
    if not facts.ofsted_assured:
        reasons.append(("ofsted_assured", "Ofsted has to sign the draft off first."))
    if not facts.cqc_assured:
        reasons.append(("cqc_assured", "CQC has to sign the draft off first."))
    return reasons


def comments_are_in(case: "Case", facts: Facts, context: Context) -> Answer:
    """Every body has commented, or its ten working days are over (HB 58)."""
    waiting = [
        due
        for due in context.timetable().dues
        if due.code in FACTS and due.met_on is None and due.stands_on >= context.on
    ]
    if not waiting:
        return None
    names = ", ".join(due.subject_name or due.owed_by for due in waiting)
    return f"Still within the time to comment: {names}, until {day_in_words(waiting[0].stands_on)}."


def authorities_fit_the_determination(
    case: "Case", facts: events.Determined, context: Context
) -> Answer:
    """A determination that a statement is required names who must make it, and rests on
    significant weaknesses; one that none is required names neither (HB 29, 65)."""
    named, counted = bool(facts.principal_authorities), bool(facts.weaknesses)
    if facts.result is events.Need.NOT_REQUIRED:
        text = "Leave this empty: no statement is required."
        return [
            (name, text)
            for name, given in (("principal_authorities", named), ("weaknesses", counted))
            if given
        ]
    reasons = []
    if not named:
        reasons.append(("principal_authorities", "Choose who must make the statement."))
    if not counted:
        reasons.append(("weaknesses", "Enter how many significant weaknesses the report has."))
    return [*reasons, *believable("weaknesses", facts.weaknesses)]


def believable(name: str, number: int | None) -> list[Reason]:
    """Why a number of weaknesses cannot be meant; nothing where it can."""
    if number is None or number <= MOST_WEAKNESSES:
        return []
    return [(name, f"Enter a number up to {MOST_WEAKNESSES}.")]


def priority_areas_fit_the_outcome(
    case: "Case", facts: events.OutcomeDecided, context: Context
) -> Answer:
    """Areas for priority action are for widespread and systemic failings, and only for these."""
    if facts.result is events.Judgement.FAILINGS:
        if facts.priority_areas:
            return believable("priority_areas", facts.priority_areas)
        return "priority_areas", "Enter how many areas for priority action the report has."
    return ("priority_areas", "Only failings have these.") if facts.priority_areas else None


def failings_were_found(case: "Case", facts: Facts, context: Context) -> Answer:
    """A priority action plan and a monitoring inspection follow from failings alone."""
    decided = context.state.last("outcome_decided")
    said = decided.facts if decided else None
    if isinstance(said, events.OutcomeDecided) and said.result is events.Judgement.FAILINGS:
        return None
    return "This follows only where widespread and systemic failings were found."


def outcome_is_decided(case: "Case", facts: Facts, context: Context) -> Answer:
    """The notice of determination is part of the final report (HB 29, 65)."""
    if context.state.has("determined") or context.state.has("outcome_decided"):
        return None
    return "HMCI has not decided the outcome yet: it is part of the final report."


def ofsted_has_published(case: "Case", facts: Facts, context: Context) -> Answer:
    """All feedback is confidential until Ofsted publishes (HB 46, 63)."""
    published = context.state.last("report_published", "Ofsted")
    if published is None:
        return "Ofsted has not published the report yet."
    if context.on < published.on:
        return "happened_on", f"Ofsted published on {day_in_words(published.on)}, not before."
    return None


def address_is_one(case: "Case", facts: events.AddressRecorded, context: Context) -> Answer:
    """A web address that can be opened."""
    try:
        URLValidator(schemes=["http", "https"])(facts.address)
    except ValidationError:
        return "address", "Give the full web address, such as https://www.example.gov.uk/report."
    return None


def nothing_is_disposed_of_while_held(
    case: "Case", facts: events.RetentionReviewed, context: Context
) -> Answer:
    """Evidence is kept while a hold stands, and a longer keeping has its reason (HB 64)."""
    if facts.decision is events.RetentionDecision.KEEP:
        return None if facts.reason.strip() else ("reason", "Say why it is kept longer.")
    stands = any(
        hold.until_day is None or hold.until_day >= context.on for hold in context.state.holds
    )
    return ("decision", "A hold stands on this case.") if stands else None


def nothing_is_due(case: "Case", facts: events.Closed, context: Context) -> Answer:
    """An inspection closes when nothing is due any more."""
    open_dues = [
        due for due in context.timetable().dues if due.met_by and not due.met_on and not due.lapses
    ]
    if not open_dues:
        return None
    more = len(open_dues) - 3
    listed = "; ".join(due.title for due in open_dues[:3]) + (f"; and {more} more" * (more > 0))
    return f"Still due: {listed}."
