"""What is looked at as dates and team of a re-visit are fixed: asked once, when it is recorded."""

from typing import TYPE_CHECKING

from areas import services as areas
from casework.events import day_in_words
from casework.models import CaseRole, Deadline
from casework.workflow import Answer, Context
from inspections import bookings
from inspections.models import DeclaredInterest
from inspections.proposal import PLANNING_DAYS, Dates, Member, PlannedDays, dates_for, planned_days
from inspections.scheduling import people_for
from revisits.events import Scheduled
from revisits.guards import NOTICE_WORKING_DAYS
from working_days.calendar import BeyondCalendar, Calendar

if TYPE_CHECKING:
    from casework.models import Case


def dates_of(facts: Scheduled, calendar: Calendar) -> Dates:
    """All days that a re-visit takes: notice, two planning days (RV 10), on site."""
    length = max(1, calendar.between(facts.first_day, facts.last_day) + 1)
    return dates_for(
        facts.first_day,
        length,
        calendar=calendar,
        planning_days=PLANNING_DAYS,
        notice=NOTICE_WORKING_DAYS,
    )


def days_of(facts: Scheduled, calendar: Calendar) -> tuple[PlannedDays, ...]:
    """What each of the team is booked for."""
    members = [Member(person, "", role) for person, role in facts.team()]
    return planned_days(members, dates_of(facts, calendar))


def days_are_possible(case: "Case", facts: Scheduled, context: Context) -> Answer:
    """Working days in term time at the area, with notice of ten working days (HB 14; RV 7)."""
    try:
        dates = dates_of(facts, context.calendar)
    except (ValueError, BeyondCalendar) as error:
        return "last_day", str(error)
    if dates.problem:
        return "first_day", dates.problem
    reasons = []
    known = areas.in_term_on(case.local_area, dates.on_site)
    if out := [day for day, within in known.items() if within is False]:
        text = f"{day_in_words(out[0])} is not in term time at {case.local_area.name}."
        reasons.append(("first_day", text))
    told = context.state.has("notified")
    if dates.notice_day and dates.notice_day < context.on and not told:
        text = f"Notice would have fallen on {day_in_words(dates.notice_day)}, ten working days"
        reasons.append(("first_day", f"{text} before Day 1. Choose a later Day 1."))
    return reasons


def team_is_free(case: "Case", facts: Scheduled, context: Context) -> Answer:
    """Everybody may take their place, has no other work or leave, and no interest in the area."""
    reasons = []
    for name, place in (("lead_hmi", "lead_hmi"), ("cqc_inspector", "cqc_inspector")):
        if str(getattr(facts, name)) not in dict(people_for(case, place)):
            reasons.append((name, "Choose somebody who may take this place."))
    others = {str(person) for person in facts.additional_inspectors}
    if others - set(dict(people_for(case, "additional_inspector"))):
        reasons.append(("additional_inspectors", "Choose inspectors."))
    if reasons:
        return reasons
    team = [person for person, _ in facts.team()]
    bookings.lock_people(team)
    interested = (
        DeclaredInterest.objects.standing(facts.first_day, facts.last_day)
        .filter(person__in=team, local_area=case.local_area)
        .select_related("person")
    )
    reasons += [("", f"{one.person} has declared an interest in the area.") for one in interested]
    planned = days_of(facts, context.calendar)
    found = bookings.clashes(planned, viewer=context.by, but_for=case)
    return [*reasons, *(("", bookings.clash_in_words(clash)) for clash in found)]


def replacements_are_explained(case: "Case", facts: Scheduled, context: Context) -> Answer:
    """The team is that of the inspection if possible; otherwise the reason stands (RV 6)."""
    if facts.reason_team.strip() or case.origin is None:
        return None
    leads = CaseRole.objects.filter(
        case=case.origin.origin_id, role__in=("lead_hmi", "cqc_inspector")
    )
    known = set(leads.values_list("person", flat=True))
    if known and not known <= {person for person, _ in facts.team()}:
        return (
            "reason_team",
            "Somebody who led the inspection is not on the team. Say why, and what experience "
            "the replacement has.",
        )
    return None


def lateness_is_explained(case: "Case", facts: Scheduled, context: Context) -> Answer:
    """Within 18 months of the statement's being fit, or with a reason (HB 106; RV 5)."""
    due = Deadline.objects.filter(case=case.origin_id, rule="WS-REVISIT").first()
    if due is None or facts.first_day <= due.due_on or facts.reason_late.strip():
        return None
    return "reason_late", f"It is due by {day_in_words(due.due_on)}. Say why Day 1 is later."


CHECKS = (days_are_possible, team_is_free, replacements_are_explained, lateness_is_explained)
