"""What else waits for a person: cases that somebody has to do something about, whose deadline is
not theirs alone. One query for each group, none where no role of the person has to do with it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts import roles
from casework import access
from casework.changes.waiting import waiting_for
from casework.models import Case, Deadline, DeadlineState, Event
from casework.registry import kind_of
from config import clock
from design_system.forms import in_words
from letters.models import Letter, LetterState
from letters.registry import LetterKind, letter_kinds
from overview.home.due import DueItem, Step, call_step

CASE_LIMIT = 10


@dataclass(frozen=True)
class Waiting:
    """One case for which something waits today."""

    text: str
    step: Step


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
    """Inspections and re-visits whose local area is called today or should have been already, for
    those who have to do with the calls."""
    if not access.grants_of(user):
        return []
    kinds = ["inspection", "revisit"]
    cases = Case.objects.filter(access.cases_where(user, "calls", "read"), kind__in=kinds)
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
            call_step(one.case, "notified"),
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
    """Inspections and re-visits that were planned or deferred and have no dates, for those who
    choose them."""
    if not access.grants_of(user):
        return []
    inspections = Q(kind="inspection", stage__in=["planned", "deferred"])
    mine = Case.objects.filter(access.cases_where(user, "plan", "edit"))
    found = mine.filter(inspections | Q(kind="revisit", stage="planned"), suspended_on__isnull=True)
    return [
        Waiting(f"{case.local_area.name}, {case.reference}", _choose_dates(case))
        for case in found.select_related("local_area").order_by("created_at", "pk")[:CASE_LIMIT]
    ]


def _choose_dates(case: Case) -> Step:
    if case.kind == "inspection":
        return Step("Choose dates and team", reverse("inspection_schedule", args=[case.pk]))
    return Step("Choose dates and team", reverse("record_event", args=[case.pk, "scheduled"]))


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
