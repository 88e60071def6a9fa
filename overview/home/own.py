"""The person's cases and their ways on from the home page."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from accounts import roles
from casework import access
from casework.deadlines import next_deadlines
from casework.models import Case, CaseRole
from config import clock
from design_system.tables import Table
from inspections.access import is_inspector
from overview.case_table import CASE_FIELDS, case_table
from overview.programme.access import roles_that

CASE_LIMIT = 10
#: Those who follow every case of England or of a region, named on it or not.
OF_EVERY_CASE = frozenset(
    {roles.SENIOR_HMI, roles.CQC_QUALITY_ASSURER, roles.HMCI, roles.REGIONAL_DIRECTOR}
)
#: Those whom a case names for its area.
NAMED_FOR_AREA = frozenset({roles.LANO, roles.HEALTH_LANO, roles.REPRESENTATIVE})
OF_AN_AREA = NAMED_FOR_AREA | {roles.DCS, roles.HEALTH_CHIEF_EXECUTIVE}


@dataclass(frozen=True)
class Card:
    """One way on from the home page."""

    title: str
    text: str
    address: str


#: What will stand among the due things, for those of whom nothing is due now; the first that fits.
NOTHING_DUE = (
    (
        OF_AN_AREA | {roles.SEND_LEAD},
        "What is due from you appears here once an inspection of your area is announced.",
    ),
    (
        OF_EVERY_CASE,
        "No deadline of an inspection is yours alone. What waits for your decision appears "
        "here; the cases that are open to you stand below.",
    ),
    (
        {roles.ADVISER, roles.OFFICIAL},
        "What is due from you appears here once one of your areas is monitored or supported.",
    ),
    (
        {roles.PARENT_CARER_FORUM, roles.CHIEF_EXECUTIVE, roles.CHAIR},
        "Nothing is asked of you here: what comes up in your area stands below, once it is open "
        "to you.",
    ),
    (
        {roles.MINISTER, roles.DHSC, roles.PUBLICATIONS},
        "The cases that are open to you stand below, from their final report on.",
    ),
    (
        {roles.ADMINISTRATOR},
        "What waits for administrators appears here: proposed changes, and a calendar that ends "
        "soon.",
    ),
)


def nothing_due(user: Any) -> str:
    """What will stand among the due things, and from when, for somebody for whom nothing does."""
    held = {grant.role for grant in access.grants_of(user)}
    for wanted, text in NOTHING_DUE:
        if held & wanted:
            of_area = wanted is NOTHING_DUE[0][0]
            return OF_OPEN_CASES if of_area and _open_cases(user).exists() else text
    return _for_the_team(user) if held else ""


#: For people of an area of which there is a case that they may see.
OF_OPEN_CASES = "What is due from you on your area’s cases, which stand below, appears here."


def _open_cases(user: Any) -> QuerySet[Case]:
    return Case.objects.visible_to(user).filter(ended_on__isnull=True)


def _for_the_team(user: Any) -> str:
    """For those whose cases name them: how far these are. One query."""
    named = CaseRole.objects.filter(person_id=user.pk).on(clock.today()).values("case")
    mine = _open_cases(user).filter(pk__in=named, first_day__isnull=False)
    found = list(mine.order_by("first_day").values_list("local_area__name", "stage"))
    places = [area for area, stage in found if stage == "on_site"]
    if places:
        where = " and ".join(places)
        return f"Your team is on site in {where}: what is next there stands below."
    if found:
        return "No deadline of your cases is yours now; what is next on them stands below."
    return "What is due from you appears here once a case of yours has its dates."


def my_cases(user: Any) -> Table:
    """The person's cases that have not ended: those they are named on first, then the latest."""
    named = CaseRole.objects.filter(person_id=user.pk).on(clock.today()).values("case")
    visible = Case.objects.visible_to(user).filter(ended_on__isnull=True)
    cases = list(
        visible.alias(own=Q(pk__in=named))
        .order_by("-own", F("first_day").desc(nulls_last=True), "-created_at", "pk")
        .values(*CASE_FIELDS)[:CASE_LIMIT]
    )
    upcoming = next_deadlines(user, [case["pk"] for case in cases])
    empty = "No case is open to you."
    held = {grant.role for grant in access.grants_of(user)}
    caption = "Open cases" if held & OF_EVERY_CASE else "My cases"
    return case_table(caption, cases, upcoming, table_id="my-cases", empty=empty, with_next=True)


def cards(user: Any) -> list[Card]:
    """Where else a person goes often, by the roles they hold."""
    held = {grant.role for grant in access.grants_of(user)}
    inspects = is_inspector(user)
    found = []
    if roles.SUPPORT_OFFICER in held:
        found += [_plan(), Card(*DAYS, reverse("bookings_people"))]
    elif inspects:
        found.append(Card("My days", "Bookings, leave, declared interests.", reverse("bookings")))
    if inspects or held & roles_that("read"):
        found.append(Card(*PROGRAMME, reverse("programme")))
    if roles.ADMINISTRATOR in held:
        found += _for_administrators()
    return [*found, _to_areas(user, held), Card(*TIMETABLE, reverse("timetable"))]


DAYS = ("People’s days", "Who is booked or on leave, and when.")
PROGRAMME = (
    "Programme",
    "Every area: what was found, what is due, and the year’s calendar of who is where.",
)
TIMETABLE = (
    "Work out a timetable",
    "Give the dates you know and get every other, each with its reason.",
)


def _plan() -> Card:
    text = "Choose an area and Day 1: every date and check shows before anything is saved."
    return Card("Plan an inspection", text, reverse("inspection_plan"))


def _for_administrators() -> list[Card]:
    return [
        Card(
            "Calendar and offsets",
            "Bank holidays, closures and our own offsets: see what moves, then apply it.",
            reverse("changes"),
        ),
        Card(
            "Administration",
            "People, roles, areas and all other reference data.",
            reverse("admin:index"),
        ),
        Card(
            "Recent administrative actions",
            "Who changed what, and when.",
            reverse("admin:accounts_administrativeaction_changelist"),
        ),
    ]


def _to_areas(user: Any, held: Collection[str]) -> Card:
    """To the person's own area where they have one, else to all."""
    areas = {grant.local_area_id for grant in access.grants_of(user) if grant.local_area_id}
    if not areas and NAMED_FOR_AREA.intersection(held):
        mine = CaseRole.objects.filter(person_id=user.pk, role__in=NAMED_FOR_AREA)
        areas = set(mine.on(clock.today()).values_list("case__local_area", flat=True))
    if len(areas) != 1:
        return Card("Local areas", "Who serves them, who to call, terms.", reverse("area_list"))
    address = reverse("area", args=[areas.pop()])
    return Card("My area", "Its organisations, people in post and school terms.", address)
