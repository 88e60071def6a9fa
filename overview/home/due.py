"""What is due from a person, each with the one next step."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from casework import access
from casework.deadlines import REPEATED, due_from, standing
from casework.models import Case, Deadline
from casework.registry import kind_of
from config import clock
from design_system.tags import deadline_tag
from letters.registry import letter_kinds

DUE_LIMIT = 25
#: As many are looked through, of which those that repeat are told once.
LOOKED_THROUGH = 200
#: What is recorded on the one screen of the notification morning.
MORNING = frozenset({"notified", "health_told", "lano_call_held", "health_call_held", "pcf_told"})


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


def due_items(user: Any) -> tuple[list[DueItem], bool]:
    """What is due from the person, overdue on top, soonest first; and whether there is more."""
    found = next_of_each(due_from(user, limit=LOOKED_THROUGH))
    grants = access.grants_of(user)
    items = [_item(one, grants) for one in found[:DUE_LIMIT]]
    return sorted(items, key=lambda one: not one.overdue), len(found) > DUE_LIMIT


def next_of_each(deadlines: Iterable[Deadline]) -> list[Deadline]:
    """Deadlines in their order, but of a rule that comes again and again, such as the visits of a
    year, on each case only the next, and those that are late."""
    today, seen, found = clock.today(), set(), []
    for one in deadlines:
        if REPEATED.search(one.rule) and one.due_on >= today:
            key = (one.case_id, REPEATED.sub("", one.rule), one.subject)
            if key in seen:
                continue
            seen.add(key)
        found.append(one)
    return found


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
        return call_step(case, event)
    if step.hidden or (step.from_stages and case.stage not in step.from_stages):
        return Step("Open the case", case.get_absolute_url())
    address = reverse("record_event", args=[case.pk, event])
    return Step(
        "Record it", f"{address}?subject={deadline.subject}" if deadline.subject else address
    )


def call_step(case: Case, event: str) -> Step:
    """Where a call of the notification is made: on the one screen that inspections have for them,
    or on the form for that event."""
    if case.kind == "inspection":
        return Step("Open notification morning", reverse("inspection_notification", args=[case.pk]))
    return Step("Record the call", reverse("record_event", args=[case.pk, event]))
