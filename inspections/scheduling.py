"""From a scheduler's choice to a judged proposal: gathers what the checks have to know.

`checks_allow` and `planned_area_is_free` are the checks that the workflow asks as a step is
recorded, so that what the page showed is tried once more within the transaction.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from accounts import roles
from accounts.models import Membership, Scope, User
from areas import services as areas
from areas.models import LocalArea, OrganisationKind, PostKind
from casework import timetable
from casework.events import Resumed
from casework.models import Case
from casework.timetable import Happening, Timetable
from casework.workflow import Answer, Context, State
from config import clock
from inspections import bookings, subjects
from inspections.checks import Check, Outcome, check, from_to
from inspections.events import Planned, Scheduled
from inspections.frameworks import LOCAL_AREA_2016, notice_of
from inspections.models import DeclaredInterest, Inspection
from inspections.proposal import (
    ADDITIONAL_INSPECTOR,
    CQC_INSPECTOR,
    LEAD_HMI,
    OFSTED_INSPECTOR,
    PLANNING_DAYS,
    USUAL_LENGTH,
    Clash,
    Dates,
    Member,
    Proposal,
    dates_for,
    planned_days,
)
from working_days.calendar import Calendar
from working_days.services import current_calendar

if TYPE_CHECKING:
    from collections.abc import Iterable

KIND = "inspection"

#: Who may take which place on a team, by the standing role they hold (HB 20).
PLACES: Mapping[str, frozenset[str]] = {
    LEAD_HMI: frozenset({roles.HMI}),
    OFSTED_INSPECTOR: frozenset({roles.OFSTED_INSPECTOR}),
    CQC_INSPECTOR: frozenset({roles.CQC_INSPECTOR}),
    ADDITIONAL_INSPECTOR: frozenset({roles.HMI, roles.OFSTED_INSPECTOR, roles.CQC_INSPECTOR}),
}
STANDING_ROLES = frozenset().union(*PLACES.values())


@dataclass(frozen=True)
class Choice:
    """Dates and team as a scheduler chose them. People by id; `reasons` by the check's code."""

    first_day: datetime.date
    length: int = USUAL_LENGTH
    lead_hmi: int | None = None
    ofsted_inspector: int | None = None
    cqc_inspector: int | None = None
    additional_inspectors: tuple[int, ...] = ()
    planning_days: int = PLANNING_DAYS
    travel_before: bool = False
    travel_after: bool = False
    reasons: Mapping[str, str] = field(default_factory=dict)

    def places(self) -> list[tuple[int, str]]:
        """Who is chosen for which place, lead HMI first."""
        named = [
            (self.lead_hmi, LEAD_HMI),
            (self.ofsted_inspector, OFSTED_INSPECTOR),
            (self.cqc_inspector, CQC_INSPECTOR),
            *((person, ADDITIONAL_INSPECTOR) for person in self.additional_inspectors),
        ]
        return [(person, role) for person, role in named if person is not None]

    def dates(self, calendar: Calendar, framework: str = LOCAL_AREA_2016) -> Dates:
        """The days that follow. Raises ValueError for an impossible length."""
        return dates_for(
            self.first_day,
            self.length,
            calendar=calendar,
            planning_days=self.planning_days,
            travel_before=self.travel_before,
            travel_after=self.travel_after,
            notice=notice_of(framework),
        )


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be chosen: what they are, and what stands in the way on the days chosen."""

    person: User
    roles: frozenset[str]
    clashes: tuple[Clash, ...] = ()
    interest: bool = False

    def may_be(self, place: str) -> bool:
        """Whether their standing role fits the place."""
        return bool(self.roles & PLACES[place])

    @property
    def note(self) -> str:
        """What the picker says beside the name: 'free', or what stands in the way."""
        parts = ["declared interest"] if self.interest else []
        parts += [f"{clash.what}, {from_to(clash.first, clash.last)}" for clash in self.clashes[:1]]
        if len(self.clashes) > 1:
            parts.append("and more")
        return "; ".join(parts) or "free"


# --- gathering --------------------------------------------------------------------------------


def candidates(
    local_area: LocalArea,
    dates: Dates | None,
    *,
    viewer: Any,
    today: datetime.date,
    but_for: Case | None = None,
) -> list[Candidate]:
    """Who could be on a team in this area, by name; with dates, who is free on them.

    Four queries at most, however many people there are.
    """
    first, last = dates.span if dates and dates.on_site else (today, today)
    held: dict[int, set[str]] = {}
    people: dict[int, User] = {}
    for membership in _standing(local_area, first, last).select_related("person"):
        people[membership.person_id] = membership.person
        held.setdefault(membership.person_id, set()).add(membership.role)
    interests = _interested(people, local_area, first, last)
    clashing: dict[int, tuple[Clash, ...]] = {}
    if dates and dates.on_site:
        # The lead's days are the most anybody would be booked for.
        wanted = {
            person: planned_days([Member(person, "", _fullest(held[person]))], dates)
            for person in people
        }
        clashing = bookings.availability(people, wanted, viewer=viewer, but_for=but_for)
    return [
        Candidate(person, frozenset(held[pk]), clashing.get(pk, ()), interest=pk in interests)
        for pk, person in sorted(people.items(), key=lambda pair: (pair[1].name, pair[0]))
    ]


def people_for(case: Case, place: str) -> list[tuple[str, str]]:
    """Who can take a place on the team of a case today: id and name, by name."""
    found = candidates(case.local_area, None, viewer=None, today=clock.today())
    return [(str(one.person.pk), str(one.person)) for one in found if one.may_be(place)]


def _fullest(standing: set[str]) -> str:
    """The place that asks most days of somebody with these roles."""
    for place in (LEAD_HMI, CQC_INSPECTOR):
        if standing & PLACES[place]:
            return place
    return OFSTED_INSPECTOR


def _standing(local_area: LocalArea, first: datetime.date, last: datetime.date) -> Any:
    """Memberships that let people be on a team in this area, on all of these days."""
    reaches = (
        Q(scope=Scope.NATIONAL)
        | Q(scope=Scope.REGION, region=local_area.region_id)
        | Q(scope=Scope.AREA, local_area=local_area.pk)
    )
    lasts = Q(ends_on__isnull=True) | Q(ends_on__gte=last)
    return Membership.objects.filter(
        reaches, lasts, role__in=STANDING_ROLES, starts_on__lte=first, person__is_active=True
    )


def _interested(
    people: "Iterable[int]", local_area: LocalArea, first: datetime.date, last: datetime.date
) -> set[int]:
    standing = DeclaredInterest.objects.standing(first, last)
    return set(
        standing.filter(person__in=list(people), local_area=local_area).values_list(
            "person_id", flat=True
        )
    )


def propose(
    case: Case,
    choice: Choice,
    *,
    viewer: Any,
    calendar: Calendar | None = None,
    now: datetime.datetime | None = None,
) -> Proposal:
    """The proposal that a choice comes to, with all that the checks look at.

    A constant number of queries. Raises ValueError for an impossible length.
    """
    calendar = calendar or current_calendar()
    area = case.local_area
    dates = choice.dates(calendar, case.framework)
    first, last = dates.span
    members = _members(choice, area, first, last)
    day = dates.first_day
    bodies = areas.bodies(area, day)
    council = next((one for one in bodies if one.kind == OrganisationKind.COUNCIL), None)
    gone = (area.starts_on and area.starts_on > first) or (area.ends_on and area.ends_on < last)
    inspections, others = _open_cases(case)
    return Proposal(
        area_name=area.name,
        dates=dates,
        members=members,
        calendar=calendar,
        now=clock.london(now or clock.now()),
        in_term=areas.in_term_on(area, dates.on_site).get,
        clashes=bookings.clashes(planned_days(members, dates), viewer=viewer, but_for=case),
        interests=_names_with_interest(members, area, first, last),
        open_inspections=inspections,
        other_open_cases=others,
        area_exists=not gone,
        successors=tuple(one.name for one in area.successors.all()) if gone else (),
        health_commissioners=tuple(
            one.name for one in bodies if one.kind == OrganisationKind.HEALTH_COMMISSIONER
        ),
        council_knows_dcs=bool(
            council and areas.holder(council, PostKind.DCS, day, local_area=area)
        ),
        reasons=choice.reasons,
        period=_period(case),
    )


def _period(case: Case) -> tuple[datetime.date, datetime.date] | None:
    """The rough period that the inspection was planned for; None where there is none on record."""
    found = Inspection.objects.filter(case=case.pk).values_list("period_from", "period_to")
    return found.first()


def _members(
    choice: Choice, area: LocalArea, first: datetime.date, last: datetime.date
) -> tuple[Member, ...]:
    places = choice.places()
    people = User.objects.in_bulk([person for person, _ in places])
    held: dict[int, set[str]] = {}
    for person, role in (
        _standing(area, first, last).filter(person__in=people).values_list("person_id", "role")
    ):
        held.setdefault(person, set()).add(role)
    return tuple(
        Member(
            person_id=person,
            name=str(people[person]),
            role=role,
            qualified=bool(held.get(person, set()) & PLACES[role]),
        )
        for person, role in places
        if person in people
    )


def _names_with_interest(
    members: Sequence[Member], area: LocalArea, first: datetime.date, last: datetime.date
) -> tuple[str, ...]:
    interested = _interested([member.person_id for member in members], area, first, last)
    return tuple(dict.fromkeys(m.name for m in members if m.person_id in interested))


def _open_cases(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """References of other open cases of the area: inspections, and all others."""
    found = list(
        Case.objects.filter(local_area=case.local_area_id, ended_on__isnull=True)
        .exclude(pk=case.pk)
        .order_by("reference")
        .values_list("kind", "reference", "stage")
    )
    return (
        tuple(reference for kind, reference, stage in found if _in_the_way(kind, stage)),
        tuple(reference for kind, reference, stage in found if not _in_the_way(kind, stage)),
    )


def _in_the_way(kind: str, stage: str) -> bool:
    """Whether a case keeps another inspection of the area from being planned. One that is published
    does not: it may stay open for years, until the next."""
    return kind == KIND and stage != "published"


# --- what a choice comes to -------------------------------------------------------------------


@dataclass(frozen=True)
class Preview:
    """What the planner shows before anything is saved."""

    choice: Choice
    dates: Dates
    checks: tuple[Check, ...]
    timetable: Timetable | None
    problem: str = ""

    @property
    def failed(self) -> list[Check]:
        """The checks that block until dates, team or a reason change."""
        return [one for one in self.checks if one.blocks]

    @property
    def warnings(self) -> list[Check]:
        """What is not known, or worth weighing."""
        return [one for one in self.checks if one.outcome is Outcome.WARNING]

    @property
    def hard_stops(self) -> list[Check]:
        """Failed checks that no reason overrides."""
        return [one for one in self.failed if not one.overridable]

    @property
    def may_be_scheduled(self) -> bool:
        """Nothing stands in the way but reasons that are still to be given."""
        return not self.hard_stops


def preview(
    case: Case, choice: Choice, *, viewer: Any, calendar: Calendar | None = None
) -> Preview:
    """Every check and the whole timetable of a choice. Saves nothing.

    Raises ValueError for an impossible length.
    """
    proposal = propose(case, choice, viewer=viewer, calendar=calendar)
    computed, problem = None, ""
    if proposal.dates.last_day is not None:
        try:
            computed = forecast(case, proposal.dates, proposal.calendar)
        except timetable.TimetableError as error:
            problem = str(error)
    return Preview(choice, proposal.dates, check(proposal), computed, problem)


def forecast(case: Case, dates: Dates, calendar: Calendar) -> Timetable:
    """The whole timetable as these dates would make it, all forecasts. Raises TimetableError."""
    if dates.last_day is None:
        raise ValueError("No days on site.")
    return timetable.compute(
        KIND,
        [Happening("first_day", dates.first_day), Happening("last_day", dates.last_day)],
        calendar=calendar,
        framework=case.framework,
        subjects=subjects.of_area(case.local_area, dates.first_day),
    )


# --- checks of the workflow -------------------------------------------------------------------


def choice_of(facts: Scheduled, calendar: Calendar) -> Choice:
    """The choice that recorded facts stand for."""
    return Choice(
        first_day=facts.first_day,
        length=max(1, calendar.between(facts.first_day, facts.last_day) + 1),
        lead_hmi=facts.lead_hmi,
        ofsted_inspector=facts.ofsted_inspector,
        cqc_inspector=facts.cqc_inspector,
        additional_inspectors=facts.additional_inspectors,
        planning_days=facts.planning_days,
        travel_before=facts.travel_before,
        travel_after=facts.travel_after,
        reasons=facts.reasons(),
    )


def schedule_in_force(state: State) -> tuple[int, Scheduled] | None:
    """Dates and team as they stand: with the version of the calendar that the days rest on.

    The team is that of the last event that fixed one; the days are those planned last, which a
    case resumed with new ones has from there. None where nothing was fixed.
    """
    version = 0
    for one in reversed(state.happened):
        facts = one.facts
        if isinstance(facts, Resumed) and facts.first_day is not None:
            version = version or one.calendar_version
        elif isinstance(facts, Scheduled):
            first_day = state.first_day or facts.first_day
            last_day = state.last_day or facts.last_day
            standing = replace(facts, first_day=first_day, last_day=last_day)
            return version or one.calendar_version, standing
    return None


def checks_allow(case: Case, facts: Scheduled, context: Context) -> Answer:
    """All checks of the planner once more, with the people locked until the end.

    Notice and Day 1 are looked at from the moment of the event, which is now but for a correction:
    what was fixed in time can still be put right when the days are over.
    """
    bookings.lock_people(person for person, _ in facts.team())
    choice = choice_of(facts, context.calendar)
    moment = context.at or datetime.datetime.combine(context.on, datetime.time(9), clock.LONDON)
    try:
        proposal = propose(case, choice, viewer=context.by, calendar=context.calendar, now=moment)
    except ValueError as error:
        return "length", str(error)
    reasons = [
        (f"reason_{one.code}" if one.overridable else one.form_field, f"{one.title}: {one.why}")
        for one in check(proposal)
        if one.blocks
    ]
    if not reasons and proposal.dates.last_day != facts.last_day:
        reasons.append(("last_day", "The last day on site is no working day."))
    return reasons


def planned_area_is_free(case: Case, facts: Planned, context: Context) -> Answer:
    """One open inspection per area at a time."""
    inspections, _ = _open_cases(case)
    if inspections:
        return (
            "local_area",
            f"{case.local_area.name} has an open inspection already: {', '.join(inspections)}.",
        )
    return None
