"""Cases in every stage around today, made through the same doors as real ones.

Each follows the script of `story.py` from its planning to the present, with the clock of this
process set to each step's moment in turn: what the demonstration shows was never written directly.
"""

import datetime
import logging
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts import roles
from accounts.models import Membership, Scope, User
from areas import services as areas
from areas.models import LocalArea, PostHolder, PostKind
from casework.models import Case, CaseRole
from casework.refusals import Refused
from config import clock
from inspections import bookings
from inspections.events import Judgement
from inspections.frameworks import AREA_SEND_2023, LOCAL_AREA_2016, notice_of
from notices.models import Notice, NoticeState
from overview.demonstration import revisits, story
from overview.demonstration.leaders import SINCE, leaders_of
from overview.demonstration.people import CALLED, WITH_DRAFT
from overview.demonstration.proposal import propose_a_bank_holiday
from overview.demonstration.revisits import RevisitStory
from overview.demonstration.statements import Judges, StatementStory
from overview.demonstration.story import Staff, Story, Team
from working_days.calendar import BeyondCalendar, Calendar
from working_days.services import current_calendar

logger = logging.getLogger(__name__)

#: By their addresses: lead HMI, Ofsted Inspector, CQC inspector.
TEAMS = (
    ("margaret.ashdown@ofsted", "lukasz.zolkiewski@ofsted", "aoife.brennan@cqc"),
    ("sian.obriain@ofsted", "harriet.pemberley@ofsted", "tomasz.nowicki@cqc"),
    ("kwabena.osei-tutu@ofsted", "devon.marchetti@ofsted", "zainab.el-amin@cqc"),
    # Inspections under the framework of 2023.
    ("rhiannon.sandford@ofsted", "joseph.adeyemi@ofsted", "matteo.ferrante@cqc"),
)
#: Who judges statements and leads re-visits: lead HMI, CQC inspector.
JUDGES = ("edith.falconbridge@ofsted", "nikhil.deshmukh@cqc")
IN_2023 = {"framework": AREA_SEND_2023}


@dataclass(frozen=True)
class Plot:
    """Where a case of the demonstration is, which team it has, and how far Day 1 is from today, in
    working days. Dates move to the nearest term time in which the team is free."""

    area: str
    team: int
    day_1: int
    options: dict[str, Any] = field(default_factory=dict)


#: Surrey stays free: its people can be become, so that a visitor can plan an inspection there and
#: go through it from both sides. The first team stays free from next week on, for the same reason.
PLOTS = (
    Plot("Derby", 0, -2),
    Plot("Wigan", 0, -140),
    Plot("Leeds", 1, -33, {"one_body_only": frozenset({"received"}), "statement_required": True}),
    Plot("Norfolk", 1, -8, {"forgotten": frozenset({"survey"})}),
    Plot("Calderdale", 1, 3, {"forgotten": frozenset({"told"})}),
    Plot("Camden", 2, 6),
    Plot("Plymouth", 2, -23, {"one_body_only": frozenset({"comments"})}),
    Plot("Shropshire", 2, 24),
    Plot(
        "Reading",
        2,
        -6,
        {
            "besides": {-2: story.ask_for_deferral, -1: story.agree_to_deferral},
            "ends_before": "selection",
        },
    ),
    Plot("Halton", 1, 15, {"besides": {-16: story.cancel}, "ends_before": "notify"}),
    Plot(
        "Milton Keynes",
        3,
        -55,
        {
            **IN_2023,
            "judgement": Judgement.FAILINGS,
            "priority_areas": 2,
            "forgotten": frozenset({"minister"}),
        },
    ),
    Plot("West Berkshire", 3, -90, {**IN_2023, "judgement": Judgement.INCONSISTENT}),
    Plot("Wokingham", 3, -70, {**IN_2023, "judgement": Judgement.POSITIVE}),
    Plot("Bracknell Forest", 3, -32, {**IN_2023, "ends_before": "determine"}),
    Plot("Windsor and Maidenhead", 3, 8, IN_2023),
)


@dataclass(frozen=True)
class StatementPlot:
    """Where a statement of the demonstration is: how many working days ago the final report was
    received, and how far Day 1 of its re-visit is from today."""

    area: str
    received: int
    options: dict[str, Any] = field(default_factory=dict)
    day_1: int | None = None
    revisit: dict[str, Any] = field(default_factory=dict)


STATEMENTS = (
    StatementPlot("Oxfordshire", 30),
    StatementPlot("Buckinghamshire", 75),
    StatementPlot("Medway", 77, {"forgotten": frozenset({"letter"})}),
    StatementPlot("Portsmouth", 90, {"fit": False}),
    StatementPlot("Kent", 112, {"fit": False}),
    StatementPlot("Slough", 259),
    StatementPlot("Wokingham", 300),
    StatementPlot("West Sussex", 380, day_1=24),
    StatementPlot("Hampshire", 391, day_1=8, revisit={"forgotten": frozenset({"evidence"})}),
    StatementPlot("East Sussex", 400, day_1=-9),
    StatementPlot(
        "Brighton and Hove", 440, day_1=-50, revisit={"sufficient": 3, "not_sufficient": 1}
    ),
    StatementPlot("Southampton", 470, day_1=-75),
)
#: Planned only: from when, in days from today.
PERIODS = (("Kent", 60), ("Isle of Wight", 95))
#: The leaders of these areas can be become too: one is just notified, one has a draft to read.
AREAS_WITH_PEOPLE = (CALLED, WITH_DRAFT)
#: Names to see other scripts by: area, post, name.
NAMES = (
    ("Isle of Wight", PostKind.DCS, "陳美玲 (Chen Meiling)"),
    ("Isle of Wight", PostKind.LANO, "ليلى حداد"),
    ("Kent", PostKind.DCS, "Λυδία Παπαδοπούλου"),
    ("Kent", PostKind.LANO, "Ффион Ґалаґан"),
)


def make_cases() -> None:
    """Write the demonstration's cases, once; all of them or, where it is interrupted, none."""
    if Case.objects.exists():
        return
    with transaction.atomic(), _clock_of_its_own() as present:
        _name_people_in_other_scripts()
        today = present.astimezone(clock.LONDON).date()
        stories = _stories(today)
        _give_accounts()
        _let_happen([*stories, *_statements(today, stories[0].staff)], present)
        clock.move_to(present)
        _plan_periods(stories[0].staff)
        _name_a_representative()
        _enter_days()
        propose_a_bank_holiday(_user("wilfred.ames@ofsted"))
        # They would have gone out at their time; nobody wants last year's messages now.
        waiting = Notice.objects.filter(state=NoticeState.WAITING, created_at__lt=present)
        waiting.update(state=NoticeState.SENT, sent_at=present)


@contextmanager
def _clock_of_its_own() -> Iterator[datetime.datetime]:
    """Let only this process's clock be moved; gives the present moment of the shared one."""
    present = clock.now()
    shared = settings.CLOCK_FILE
    with tempfile.TemporaryDirectory() as folder:
        settings.CLOCK_FILE = str(Path(folder) / "clock")
        try:
            yield present
        finally:
            settings.CLOCK_FILE = shared


# -- who and when ----------------------------------------------------------------------------------


def _user(start: str) -> User:
    return User.objects.get(email=f"{start}.example")


def _stories(today: datetime.date) -> list[Story]:
    calendar = current_calendar()
    teams = [Team(*(_user(one) for one in team)) for team in TEAMS]
    staff = Staff(
        officer=_user("priya.raman@ofsted"),
        cqc_officer=_user("gethin.llywelyn@cqc"),
        publications=_user("nadia.whitlock@ofsted"),
        regional_director=_user("helena.fairbrother@ofsted"),
        hmci=_user("edmund.thackeray@ofsted"),
        adviser=_user("oliver.stanhope@dfe"),
        official=_user("clementine.garside@dfe"),
        minister=_user("anselm.fairweather@dfe"),
    )
    busy: list[set[datetime.date]] = [set() for _ in teams]
    stories = []
    for plot in PLOTS:
        area = LocalArea.objects.get(name=plot.area)
        notice = notice_of(plot.options.get("framework", LOCAL_AREA_2016))
        taken = (notice, 2, 1)
        first_day = _first_day(area, plot.day_1, today, calendar, busy[plot.team], taken=taken)
        if first_day is None:
            logger.warning("No days were found for an inspection of %s", plot.area)
            continue
        stories.append(Story(area, first_day, teams[plot.team], staff, calendar, **plot.options))
    return stories


def _statements(today: datetime.date, staff: Staff) -> list[StatementStory | RevisitStory]:
    """The statements, and the re-visits of those that have one."""
    calendar = current_calendar()
    lead_hmi, cqc_inspector = map(_user, JUDGES)
    people = Judges(
        lead_hmi=lead_hmi,
        cqc_inspector=cqc_inspector,
        officer=staff.officer,
        regional_director=staff.regional_director,
        adviser=staff.adviser,
        official=staff.official,
    )
    busy: set[datetime.date] = set()
    stories: list[StatementStory | RevisitStory] = []
    for plot in STATEMENTS:
        area = LocalArea.objects.get(name=plot.area)
        received = calendar.subtract(today, plot.received)
        first_day = None
        if plot.day_1 is not None:
            first_day = _first_day(
                area,
                plot.day_1,
                today,
                calendar,
                busy,
                length=revisits.LENGTH,
                taken=(10, 2, 1),
            )
        statement = StatementStory(
            area, received, people, calendar, revisit_on=first_day, **plot.options
        )
        stories.append(statement)
        if first_day is not None:
            team = (lead_hmi, cqc_inspector, staff.publications, staff.cqc_officer)
            stories.append(RevisitStory(statement, first_day, *team, **plot.revisit))
    return stories


def _first_day(
    area: LocalArea,
    distance: int,
    today: datetime.date,
    calendar: Calendar,
    busy: set[datetime.date],
    *,
    length: int = 5,
    taken: Sequence[int] = (5, 2, 1),
) -> datetime.date | None:
    """The Day 1 nearest to so many working days from today, further from it, that is in term and
    leaves the team free; its days, and those `taken` before it, are then booked. None where the
    calendar or the terms do not reach."""
    step = 1 if distance > 0 else -1
    try:
        day = _working_day(today, distance, calendar)
        for _ in range(90):
            on_site = [calendar.day(day, number) for number in range(1, length + 1)]
            before = [calendar.subtract(day, number) for number in taken]
            days = {*before, *_all_days(on_site[0], on_site[-1])}
            if all(areas.in_term_on(area, on_site).values()) and not days & busy:
                busy |= days
                return day
            day = calendar.day(day, 2 if step > 0 else -1)
    except BeyondCalendar:
        pass
    return None


def _working_day(today: datetime.date, distance: int, calendar: Calendar) -> datetime.date:
    if distance >= 0:
        return calendar.add(today, distance)
    return calendar.subtract(today, -distance)


def _all_days(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    return [first + datetime.timedelta(days=number) for number in range((last - first).days + 1)]


# -- what happens ----------------------------------------------------------------------------------


def _let_happen(
    stories: Sequence[Story | StatementStory | RevisitStory], present: datetime.datetime
) -> None:
    """Every step of every script whose moment has come, in the order of time."""
    steps = [
        (moment, number, act)
        for number, one in enumerate(stories)
        for moment, _, act in one.script()
        if moment <= present
    ]
    stopped: set[int] = set()
    for moment, number, act in sorted(steps, key=lambda step: step[:2]):
        if number in stopped:
            continue
        clock.move_to(moment)
        try:
            with transaction.atomic():
                act()
        except Refused as refusal:
            # A case that stands still makes a poorer demonstration, but a demonstration.
            stopped.add(number)
            what = f"{type(stories[number]).__name__} of {stories[number].area}"
            logger.warning("%s stands still at %s: %s", what, act.__name__, refusal)


def _plan_periods(staff: Staff) -> None:
    from inspections import services

    for name, days in PERIODS:
        begin = clock.today() + datetime.timedelta(days=days)
        end = begin + datetime.timedelta(days=60)
        services.plan_inspection(LocalArea.objects.get(name=name), begin, end, by=staff.officer)


def _name_people_in_other_scripts() -> None:
    """Some names in scripts that a letter may lack the glyphs for: they print, or are flagged."""
    today = clock.today()
    for area, kind, name in NAMES:
        council = areas.council(LocalArea.objects.get(name=area), today)
        PostHolder.objects.filter(post__organisation=council, post__kind=kind).update(name=name)


def _give_accounts() -> None:
    """The leaders of some areas get accounts, under the names and addresses of their posts; the
    advisers get the areas whose statements and programmes they see to."""
    for name in AREAS_WITH_PEOPLE:
        leaders_of(LocalArea.objects.get(name=name))
    names = [one.area for one in STATEMENTS]
    names += [one.area for one in PLOTS if "judgement" in one.options or one.area == "Leeds"]
    for adviser in map(_user, ("oliver.stanhope@dfe", "grace.okonjo@nhs")):
        organisation = adviser.memberships.values_list("organisation", flat=True).first()
        Membership.objects.bulk_create(
            Membership(
                person=adviser,
                role=roles.ADVISER,
                organisation_id=organisation,
                scope=Scope.AREA,
                local_area=area,
                starts_on=SINCE,
                reason="Demonstration",
            )
            for area in LocalArea.objects.filter(name__in=names).order_by("name")
        )


def _name_a_representative() -> None:
    """One area's director has named somebody who may read its draft (HB 57)."""
    case = Case.objects.filter(local_area__name="Plymouth", stage="draft_sent").first()
    if case is None:
        return
    person = User.objects.create_user("gideon.thorne@council.example", name="Gideon Thorne")
    CaseRole.objects.create(
        case=case,
        person=person,
        role=roles.REPRESENTATIVE,
        organisation=areas.council(case.local_area, clock.today()),
        starts_on=clock.today(),
        reason="Named by the director of children’s services",
    )


def _enter_days() -> None:
    """Somebody's leave and somebody's interest, for the planner to know of."""
    officer, away, interested = map(
        _user, ("priya.raman@ofsted", "harriet.pemberley@ofsted", "devon.marchetti@ofsted")
    )
    first = clock.today() + datetime.timedelta(days=70)
    last = first + datetime.timedelta(days=4)
    bookings.add_leave(away, first, last, by=officer, note="Annual leave")
    kent = LocalArea.objects.get(name="Kent")
    since = clock.today() - datetime.timedelta(days=400)
    bookings.declare_interest(
        interested, kent, since, None, "Worked for the council until last year.", by=interested
    )
