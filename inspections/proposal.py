"""A proposed inspection: dates and team as chosen, with all that is known about them.

Pure: `inspections.services` gathers it, `inspections.checks` judges it.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from working_days.calendar import BeyondCalendar, Calendar

NOTICE_WORKING_DAYS = 5  # HB 7
USUAL_LENGTH = 5  # HB 20: 'do not normally last longer'
LONGEST = 15  # a slip of the hand, not an inspection
USUAL_TEAM = 3  # HB 20
PLANNING_DAYS = 2  # ours; RV 10 gives two planning days for a re-visit

LEAD_HMI = "lead_hmi"
OFSTED_INSPECTOR = "ofsted_inspector"
CQC_INSPECTOR = "cqc_inspector"
ADDITIONAL_INSPECTOR = "additional_inspector"
REQUIRED_ROLES: Mapping[str, str] = {
    LEAD_HMI: "lead HMI",
    OFSTED_INSPECTOR: "Ofsted Inspector",
    CQC_INSPECTOR: "CQC inspector",
}


@dataclass(frozen=True)
class Member:
    """One person proposed for the team. `qualified`: holds the standing role on those days."""

    person_id: int
    name: str
    role: str
    qualified: bool = True


@dataclass(frozen=True)
class Clash:
    """Days on which a proposed person has something else; both ends included."""

    person_id: int
    name: str
    what: str
    first: datetime.date
    last: datetime.date


@dataclass(frozen=True)
class PlannedDays:
    """What one person would be booked for: one unbroken run of days, both ends included."""

    person_id: int
    purpose: str
    first: datetime.date
    last: datetime.date


@dataclass(frozen=True)
class Dates:
    """The days that follow from Day 1 and the length.

    `on_site` is empty where Day 1 is no working day; `problem` says so when the calendar does not
    reach.
    """

    first_day: datetime.date
    length: int
    on_site: tuple[datetime.date, ...] = ()
    notice: int = NOTICE_WORKING_DAYS
    notice_day: datetime.date | None = None
    planning: tuple[datetime.date, ...] = ()
    travel: tuple[datetime.date, ...] = ()
    problem: str = ""

    @property
    def last_day(self) -> datetime.date | None:
        """The last day on site; None while Day 1 is no working day."""
        return self.on_site[-1] if self.on_site else None

    @property
    def span(self) -> tuple[datetime.date, datetime.date]:
        """The first and the last day that anybody would be booked for."""
        days = [self.first_day, *self.on_site, *self.planning, *self.travel]
        if self.notice_day:
            days.append(self.notice_day)
        return min(days), max(days)


def dates_for(
    first_day: datetime.date,
    length: int,
    *,
    calendar: Calendar,
    planning_days: int = PLANNING_DAYS,
    travel_before: bool = False,
    travel_after: bool = False,
    notice: int = NOTICE_WORKING_DAYS,
) -> Dates:
    """Every day that an inspection from `first_day` of `length` working days takes.

    On site: working days only, so a weekend or bank holiday between moves the last day. Planning:
    that many working days before Day 1, or before the day of travel. Travel: the calendar day
    before Day 1 and the one after the last. Raises ValueError for a length outside 1 to `LONGEST`.
    """
    if not 1 <= length <= LONGEST:
        raise ValueError(f"An inspection lasts 1 to {LONGEST} working days.")
    try:
        notice_day = calendar.subtract(first_day, notice)
        if not calendar.is_working_day(first_day):
            return Dates(first_day, length, notice=notice, notice_day=notice_day)
        on_site = tuple(calendar.day(first_day, number) for number in range(1, length + 1))
        one = datetime.timedelta(days=1)
        start = first_day - one if travel_before else first_day
        planning = tuple(
            calendar.subtract(start, days_back) for days_back in range(planning_days, 0, -1)
        )
        travel = ((start,) if travel_before else ()) + (
            (on_site[-1] + one,) if travel_after else ()
        )
    except (BeyondCalendar, OverflowError) as error:
        return Dates(first_day, length, problem=str(error))
    return Dates(first_day, length, on_site, notice, notice_day, planning, travel)


def planned_days(members: Sequence[Member], dates: Dates) -> tuple[PlannedDays, ...]:
    """What each member would be booked for, in runs without a gap.

    The lead HMI and the CQC inspector also make the calls of the notice day (HB 7, 8), so that day
    is theirs for planning. Days on site run from Day 1 to the last day, weekends between included:
    nobody is elsewhere between two days on site.
    """
    booked: list[PlannedDays] = []
    if dates.last_day is None:
        return ()
    for member in members:
        planning = set(dates.planning)
        if dates.notice_day and member.role in (LEAD_HMI, CQC_INSPECTOR):
            planning.add(dates.notice_day)
        planning -= set(dates.travel)
        for purpose, days in (("planning", planning), ("travel", set(dates.travel))):
            booked += [
                PlannedDays(member.person_id, purpose, first, last) for first, last in _runs(days)
            ]
        booked.append(PlannedDays(member.person_id, "on_site", dates.first_day, dates.last_day))
    return tuple(sorted(booked, key=lambda days: (days.person_id, days.first)))


def _runs(days: set[datetime.date]) -> list[tuple[datetime.date, datetime.date]]:
    """Unbroken runs of days, in order."""
    runs: list[tuple[datetime.date, datetime.date]] = []
    for day in sorted(days):
        if runs and day - runs[-1][1] == datetime.timedelta(days=1):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


@dataclass(frozen=True)
class Proposal:
    """All that the checks look at. `in_term` answers None where an area's terms are not known."""

    area_name: str
    dates: Dates
    members: tuple[Member, ...]
    calendar: Calendar
    now: datetime.datetime  # as London clocks show it
    in_term: Callable[[datetime.date], bool | None]
    clashes: tuple[Clash, ...] = ()
    interests: tuple[str, ...] = ()
    open_inspections: tuple[str, ...] = ()
    other_open_cases: tuple[str, ...] = ()
    area_exists: bool = True
    successors: tuple[str, ...] = ()
    health_commissioners: tuple[str, ...] = ()
    council_knows_dcs: bool = True
    period: tuple[datetime.date, datetime.date] | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
