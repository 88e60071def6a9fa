"""What the home page tells a person: what is due, what waits today, their cases."""

import datetime
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.safestring import SafeString

from accounts import roles
from casework import access
from casework.changes.waiting import waiting_for
from casework.deadlines import due_from, next_deadlines, standing
from casework.models import Case, CaseRole, Deadline, DeadlineState, Event
from casework.registry import kind_of
from config import clock
from design_system.forms import in_words
from design_system.tables import Table
from design_system.tags import deadline_tag
from inspections.access import is_inspector
from letters.models import Letter, LetterState
from letters.registry import LetterKind, letter_kinds
from overview.case_table import CASE_FIELDS, case_table

DUE_LIMIT = 25
CASE_LIMIT = 10
#: What is recorded on the one screen of the notification morning.
MORNING = frozenset({"notified", "health_told", "lano_call_held", "health_call_held", "pcf_told"})


#: Those who follow every case of England or of a region, named on it or not.
OF_EVERY_CASE = frozenset(
    {roles.SENIOR_HMI, roles.CQC_QUALITY_ASSURER, roles.HMCI, roles.REGIONAL_DIRECTOR}
)
#: Those whom a case names for its area.
NAMED_FOR_AREA = frozenset({roles.LANO, roles.HEALTH_LANO, roles.REPRESENTATIVE})
OF_AN_AREA = NAMED_FOR_AREA | {roles.DCS, roles.HEALTH_CHIEF_EXECUTIVE}


@dataclass(frozen=True)
class Step:
    """The one next thing to do: what the link says and where it leads."""

    label: str
    address: str


@dataclass(frozen=True)
class DueItem:
    """One thing due from the person, as the page shows it."""

    title: str
    about: str
    case_address: str
    reference: str
    due_on: datetime.date
    due_at: datetime.datetime | None
    tag: SafeString
    overdue: bool
    step: Step


@dataclass(frozen=True)
class Waiting:
    """One case for which something waits today."""

    text: str
    step: Step


@dataclass(frozen=True)
class Card:
    """One way on from the home page."""

    title: str
    text: str
    address: str


def due_items(user: Any) -> tuple[list[DueItem], bool]:
    """What is due from the person, overdue on top, soonest first; and whether there is more."""
    found = due_from(user, limit=DUE_LIMIT + 1)
    grants = access.grants_of(user)
    items = [_item(one, grants) for one in found[:DUE_LIMIT]]
    return sorted(items, key=lambda one: not one.overdue), len(found) > DUE_LIMIT


def _item(deadline: Deadline, grants: Iterable[access.Grant]) -> DueItem:
    case = deadline.case
    how = standing(deadline)
    held = {grant.role for grant in grants if grant.reaches(case)}
    about = [case.local_area.name]
    if deadline.subject_name:
        about.append(deadline.subject_name)
    return DueItem(
        title=deadline.title,
        about=", ".join(about),
        case_address=case.get_absolute_url(),
        reference=case.reference,
        due_on=deadline.due_on,
        due_at=deadline.due_at,
        tag=deadline_tag(how.state),
        overdue=how.overdue,
        step=next_step(deadline, held),
    )


def next_step(deadline: Deadline, held: Collection[str]) -> Step:
    """Where a person with these roles on the case does what meets a deadline."""
    case, event = deadline.case, deadline.met_by
    kind = kind_of(case)
    if not event or not kind.has_step(event):
        return Step("Open the case", case.get_absolute_url())
    step = kind.step(event)
    if not set(held) & step.who:
        return Step("Open the case", case.get_absolute_url())
    if step.letter in {one.code for one in letter_kinds()}:
        return Step("Open the letter", reverse("letter_desk", args=[case.pk, step.letter]))
    if kind.name == "inspection" and event in MORNING:
        return Step("Open notification morning", _morning(case.pk))
    if step.hidden or (step.from_stages and case.stage not in step.from_stages):
        return Step("Open the case", case.get_absolute_url())
    address = reverse("record_event", args=[case.pk, event])
    return Step(
        "Record it", f"{address}?subject={deadline.subject}" if deadline.subject else address
    )


def _morning(case_id: uuid.UUID) -> str:
    return reverse("inspection_notification", args=[case_id])


def waiting(user: Any, shown: Collection[DueItem]) -> list[tuple[str, list[Waiting]]]:
    """What else waits for the person, under headings; without what stands among the due things."""
    there = {item.step.address for item in shown if item.step.address != item.case_address}
    groups = [
        ("Requests for deferral", deferrals_asked(user)),
        ("Local areas to call", notifications_today(user)),
        ("Letters to approve and send", letters_to_send(user)),
        ("Inspections without dates", without_dates(user)),
        ("Due from your area", due_from_area(user, shown)),
        ("Calendar and offsets", calendar_and_offsets(user)),
    ]
    left = [
        (heading, [one for one in found if one.step.address not in there])
        for heading, found in groups
    ]
    return [(heading, found) for heading, found in left if found]


def deferrals_asked(user: Any) -> list[Waiting]:
    """Requests for deferral that nobody has decided, for the regional director who decides them
    and the support officer who tells the area (HB 15). One query."""
    decides = _reach(user, roles.REGIONAL_DIRECTOR)
    tells = _reach(user, roles.SUPPORT_OFFICER)
    if decides is None and tells is None:
        return []
    never = Q(pk__in=[])
    theirs = never if decides is None else decides
    others = never if tells is None else tells
    within = Q() if Q() in (theirs, others) else theirs | others
    found = (
        Case.objects.filter(within, access.visible_cases(user), kind="inspection")
        .filter(stage="notified", suspended_on__isnull=True)
        .annotate(asked=_last(["deferral_asked"]))
        .annotate(decided=Coalesce(_last(["deferral_agreed", "deferral_declined"]), 0))
        .filter(asked__gt=F("decided"))
        .select_related("local_area")
        .order_by("first_day", "pk")[:CASE_LIMIT]
    )
    label = "Open the case" if decides is None else "Agree or decline"
    return [
        Waiting(f"{case.local_area.name}, {case.reference}", Step(label, case.get_absolute_url()))
        for case in found
    ]


def _reach(user: Any, role: str) -> Q | None:
    """Where the person holds a role."""
    return access.reach_of([one for one in access.grants_of(user) if one.role == role])


def _last(kinds: Collection[str]) -> Subquery:
    """The number of a case's last entry of some kinds that still stands."""
    entries = Event.objects.filter(case=OuterRef("pk"), kind__in=kinds, voidings__isnull=True)
    return Subquery(entries.order_by("-seq").values("seq")[:1])


def notifications_today(user: Any) -> list[Waiting]:
    """Inspections whose local area is called today or should have been already, for those who
    have to do with the calls."""
    if not access.grants_of(user):
        return []
    cases = Case.objects.filter(access.cases_where(user, "calls", "read"), kind="inspection")
    found = (
        Deadline.objects.filter(case__in=cases.order_by(), met_by="notified")
        .filter(due_on__lte=clock.today(), state=DeadlineState.OPEN)
        .filter(case__suspended_on__isnull=True)
        .select_related("case", "case__local_area")
        .order_by("due_at", "case__local_area__name")[:CASE_LIMIT]
    )
    return [
        Waiting(
            f"{one.case.local_area.name}, {one.case.reference}",
            Step("Open notification morning", _morning(one.case_id)),
        )
        for one in found
    ]


def letters_to_send(user: Any) -> list[Waiting]:
    """Letters that are due from a case and have not gone out, for those who approve them."""
    if not access.grants_of(user):
        return []
    waiting = Q(pk__in=[])
    kinds: dict[tuple[str, str], LetterKind] = {}
    for letter in letter_kinds():
        mine = Case.objects.filter(access.cases_where(user, letter.code, "approve"))
        gone = Letter.objects.filter(
            code=letter.code, state__in=[LetterState.ISSUED, LetterState.ISSUING]
        )
        for step in kind_of(letter.case_kind).steps:
            if step.letter == letter.code:
                kinds[(letter.case_kind, step.event.kind)] = letter
                waiting |= Q(met_by=step.event.kind, case__in=mine.order_by().values("pk")) & ~Q(
                    case__in=gone.order_by().values("case")
                )
    found = (
        Deadline.objects.filter(waiting, state=DeadlineState.OPEN)
        .filter(case__moments__contains=["notified"], case__suspended_on__isnull=True)
        .select_related("case", "case__local_area")
        .order_by("due_on", "case__local_area__name")[:CASE_LIMIT]
    )
    return [_letter(one, kinds[(one.case.kind, one.met_by)]) for one in found]


def _letter(deadline: Deadline, kind: LetterKind) -> Waiting:
    case = deadline.case
    address = reverse("letter_desk", args=[case.pk, kind.code])
    text = f"{kind.name}: {case.local_area.name}, {case.reference}"
    return Waiting(text, Step("Open the letter", address))


def without_dates(user: Any) -> list[Waiting]:
    """Inspections that were planned or deferred and have no dates, for those who choose them."""
    if not access.grants_of(user):
        return []
    mine = Case.objects.filter(access.cases_where(user, "plan", "edit"), kind="inspection")
    found = mine.filter(stage__in=["planned", "deferred"], suspended_on__isnull=True)
    return [
        Waiting(
            f"{case.local_area.name}, {case.reference}",
            Step("Choose dates and team", reverse("inspection_schedule", args=[case.pk])),
        )
        for case in found.select_related("local_area").order_by("created_at", "pk")[:CASE_LIMIT]
    ]


def due_from_area(user: Any, shown: Collection[DueItem]) -> list[Waiting]:
    """What the nominated officers owe, for those who answer for them: the director of children's
    services and the health commissioner's chief executive. Without what stands above."""
    owing = {
        "lano" if one.role == roles.DCS else "health_lano"
        for one in access.grants_of(user)
        if one.role in (roles.DCS, roles.HEALTH_CHIEF_EXECUTIVE)
    }
    if not owing:
        return []
    found = (
        Deadline.objects.visible_to(user)
        .filter(owed_roles__overlap=sorted(owing), state=DeadlineState.OPEN)
        .filter(case__suspended_on__isnull=True, case__ended_on__isnull=True)
        .exclude(lapses=True, due_on__lt=clock.today())
        .select_related("case", "case__local_area")
        .order_by("due_on", "due_at", "rule", "subject", "pk")[: CASE_LIMIT + len(shown)]
    )
    above = {(item.reference, item.title, item.due_on) for item in shown}
    return [
        Waiting(
            f"{in_words(one.due_on)}: {one.title}"
            + (f" ({one.subject_name})" if one.subject_name else ""),
            Step("Open the case", one.case.get_absolute_url()),
        )
        for one in found
        if (one.case.reference, one.title, one.due_on) not in above
    ][:CASE_LIMIT]


def calendar_and_offsets(user: Any) -> list[Waiting]:
    """What administrators have to look at: proposed changes, a calendar that ends soon."""
    return [Waiting(one.text, Step(one.label, one.address)) for one in waiting_for(user)]


def nothing_due(user: Any) -> str:
    """What will stand among the due things, and from when, for somebody for whom nothing does."""
    held = {grant.role for grant in access.grants_of(user)}
    if held & OF_AN_AREA:
        return "What is due from you appears here once an inspection of your area is announced."
    if held & OF_EVERY_CASE:
        return (
            "No deadline of an inspection is yours alone. What waits for your decision appears "
            "here; the cases that are open to you stand below."
        )
    if held:
        return "What is due from you appears here once a case of yours has its dates."
    return ""


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
    areas = {grant.local_area_id for grant in access.grants_of(user) if grant.local_area_id}
    found = []
    if roles.SUPPORT_OFFICER in held:
        found.append(
            Card(
                "Plan an inspection",
                "Choose an area and Day 1: every date and check shows before anything is saved.",
                reverse("inspection_plan"),
            )
        )
        found.append(
            Card(
                "People’s days", "Who is booked or on leave, and when.", reverse("bookings_people")
            )
        )
    elif is_inspector(user):
        found.append(Card("My days", "Bookings, leave, declared interests.", reverse("bookings")))
    if roles.ADMINISTRATOR in held:
        found.append(
            Card(
                "Calendar and offsets",
                "Bank holidays, closures and our own offsets: see what moves, then apply it.",
                reverse("changes"),
            )
        )
        found.append(
            Card(
                "Administration",
                "People, roles, areas and all other reference data.",
                reverse("admin:index"),
            )
        )
    if not areas and held & NAMED_FOR_AREA:
        mine = CaseRole.objects.filter(person_id=user.pk, role__in=NAMED_FOR_AREA)
        areas = set(mine.on(clock.today()).values_list("case__local_area", flat=True))
    if len(areas) == 1:
        found.append(
            Card(
                "My area",
                "Its organisations, people in post and school terms.",
                reverse("area", args=[areas.pop()]),
            )
        )
    else:
        found.append(
            Card("Local areas", "Who serves them, who to call, terms.", reverse("area_list"))
        )
    found.append(
        Card(
            "Work out a timetable",
            "Give the dates you know and get every other, each with its reason.",
            reverse("timetable"),
        )
    )
    return found
