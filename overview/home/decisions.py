"""What waits for those who decide, sign off or follow: outcomes to determine, drafts and statements
to be quality assured, re-visits to plan, and what comes up in an area."""

import datetime
from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts import roles
from casework import access
from casework.models import Case, Deadline, DeadlineState, Event
from casework.registry import kind_of
from config import clock
from design_system.forms import in_words
from overview.home.due import LOOKED_THROUGH, DueItem, Step, next_of_each
from overview.home.waiting import CASE_LIMIT, Waiting

QUALITY = frozenset({roles.SENIOR_HMI, roles.CQC_QUALITY_ASSURER})
#: They owe nothing of their own: what comes up in their areas is what they come for.
FOLLOWERS = frozenset(
    {roles.PARENT_CARER_FORUM, roles.CHIEF_EXECUTIVE, roles.CHAIR, roles.DHSC, roles.MINISTER}
)
#: The event by which HMCI says what an inspection found, by framework.
OUTCOME_EVENTS = ("determined", "outcome_decided")
AHEAD = datetime.timedelta(days=60)


def _holding(user: Any, wanted: Collection[str]) -> list[access.Grant]:
    return [one for one in access.grants_of(user) if one.role in wanted]


def outcomes_to_determine(user: Any) -> list[Waiting]:
    """Inspections whose draft is out and whose outcome HMCI has not determined: the final report
    waits for it (HB 29, 65)."""
    reach = access.reach_of(_holding(user, {roles.HMCI}))
    if reach is None:
        return []
    decided = Event.objects.filter(
        case=OuterRef("pk"), kind__in=OUTCOME_EVENTS, voidings__isnull=True
    )
    found = (
        Case.objects.filter(reach, access.visible_cases(user), kind="inspection")
        .filter(stage__in=["draft_sent", "comments_answered"], suspended_on__isnull=True)
        .exclude(Exists(decided))
        .select_related("local_area")
        .order_by("first_day", "pk")[:CASE_LIMIT]
    )
    return [
        Waiting(_named(case), Step("Determine the outcome", _outcome_form(case))) for case in found
    ]


def _outcome_form(case: Case) -> str:
    kind = kind_of(case)
    for event in OUTCOME_EVENTS:
        if kind.has_step(event) and kind.step(event).is_of(case.framework):
            return reverse("record_event", args=[case.pk, event])
    return case.get_absolute_url()


def drafts_to_assure(user: Any) -> list[Waiting]:
    """Reports and letters that are being drafted and have to be quality assured before they are
    sent, soonest first (HB 55-57)."""
    found = _due_by(user, QUALITY, Q(met_by="draft_sent", case__stage="feedback_given"))
    return [
        Waiting(f"{_named(one.case)}: due {in_words(one.due_on)}", _open(one.case)) for one in found
    ]


def statements_to_judge(user: Any) -> list[Waiting]:
    """Statements whose fitness is being judged, for those who assure it (HB Annex A, ON 6)."""
    if not _holding(user, QUALITY):
        return []
    mine = Case.objects.filter(access.visible_cases(user), kind="wsoa", suspended_on__isnull=True)
    found = mine.filter(stage__in=["submitted", "under_review", "resubmitted"])
    return [
        Waiting(f"{_named(case)}: {kind_of(case).stage_label(case.stage).lower()}", _open(case))
        for case in found.select_related("local_area").order_by("created_at", "pk")[:CASE_LIMIT]
    ]


def drafts_to_read(user: Any) -> list[Waiting]:
    """Drafts that are out for comments on facts, for those whom a director or chief executive has
    named to read them (HB 57, 58)."""
    reach = access.reach_of(_holding(user, {roles.REPRESENTATIVE}))
    if reach is None:
        return []
    found = Case.objects.filter(reach, access.visible_cases(user), stage="draft_sent")
    found = found.filter(suspended_on__isnull=True).select_related("local_area")
    return [
        Waiting(_named(case), _open(case))
        for case in found.order_by("first_day", "pk")[:CASE_LIMIT]
    ]


def reports_to_publish(user: Any) -> list[Waiting]:
    """Reports and letters that are final and not published by both inspectorates yet, for those who
    publish them (HB 59)."""
    reach = access.reach_of(_holding(user, {roles.PUBLICATIONS}))
    if reach is None:
        return []
    found = (
        Case.objects.filter(reach, access.visible_cases(user), stage="final_sent")
        .filter(kind__in=["inspection", "revisit"], suspended_on__isnull=True)
        .select_related("local_area")
        .order_by("first_day", "pk")[:CASE_LIMIT]
    )
    return [
        Waiting(
            _named(case),
            Step(
                "Record the publication",
                reverse("record_event", args=[case.pk, kind_of(case).published_by]),
            ),
        )
        for case in found
    ]


def coming_up(user: Any, shown: Collection[DueItem]) -> list[Waiting]:
    """What is next on the timetables that a person may read, whoever owes it: for parent carer
    forums, council chief executives and others who follow, and for those named on a case of whom
    nothing is due. Without what stands above."""
    named = not shown and any(one.scope == access.ON_CASE for one in access.grants_of(user))
    if not named and not _holding(user, FOLLOWERS):
        return []
    found = (
        Deadline.objects.visible_to(user)
        .filter(state__in=[DeadlineState.OPEN, DeadlineState.FORECAST])
        .filter(due_on__gte=clock.today(), due_on__lte=clock.today() + AHEAD)
        .filter(case__suspended_on__isnull=True, case__ended_on__isnull=True)
        .select_related("case", "case__local_area")
        .order_by("due_on", "due_at", "rule", "subject", "pk")[:LOOKED_THROUGH]
    )
    above = {(item.reference, item.title, item.due_on) for item in shown}
    return [
        Waiting(f"{in_words(one.due_on)}: {one.title}, {one.case.local_area.name}", _open(one.case))
        for one in next_of_each(found)
        if (one.case.reference, one.title, one.due_on) not in above
    ][:CASE_LIMIT]


def revisits_to_plan(user: Any) -> list[Waiting]:
    """Statements found fit, or in further support, with no re-visit ahead, for the support officer
    who plans it (HB 106, 111)."""
    if not _holding(user, {roles.SUPPORT_OFFICER}):
        return []
    ahead = Case.objects.filter(origin=OuterRef("pk"), kind="revisit", ended_on__isnull=True)
    mine = Case.objects.filter(access.cases_where(user, "case", "edit"), kind="wsoa")
    found = mine.filter(stage="fit", suspended_on__isnull=True).exclude(Exists(ahead))
    return [
        Waiting(
            _named(case),
            Step("Plan the re-visit", reverse("record_event", args=[case.pk, "revisit_planned"])),
        )
        for case in found.select_related("local_area").order_by("created_at", "pk")[:CASE_LIMIT]
    ]


def _due_by(user: Any, wanted: Collection[str], condition: Q) -> list[Deadline]:
    """Open deadlines of a sort on the cases that a person with such a role may see."""
    if not _holding(user, wanted):
        return []
    found = (
        Deadline.objects.visible_to(user)
        .filter(condition, state=DeadlineState.OPEN)
        .filter(case__suspended_on__isnull=True, case__ended_on__isnull=True)
        .select_related("case", "case__local_area")
        .order_by("due_on", "due_at", "rule", "pk")
    )
    return list(found[:CASE_LIMIT])


def _named(case: Case) -> str:
    return f"{case.local_area.name}, {case.reference}"


def _open(case: Case) -> Step:
    return Step("Open the case", case.get_absolute_url())
