"""Who is told that something is late on which other dates wait."""

import datetime
import uuid
from collections.abc import Iterator, Sequence

from accounts import roles
from accounts.models import User
from accounts.services import people_with_role
from casework.access import grants_of, reach_of
from casework.models import Case, Deadline
from config import clock
from monitoring.access import SUPPORT
from notices.services import Message, notify_many

STRATEGIC_PLAN = "SC-PLAN"


def tell_of_late_plans(today: datetime.date | None = None) -> int:
    """Tell the advisers of each area whose updated strategic plan is late, since the six-monthly
    meetings wait for it (timetable.md): each of them once for the day that was missed. Returns how
    many are told of, those who were told before among them."""
    messages = list(_messages(today or clock.today()))
    notify_many(messages)
    return len(messages)


def _messages(today: datetime.date) -> Iterator[Message]:
    late = dict(
        Deadline.objects.overdue(today)
        .filter(rule=STRATEGIC_PLAN, case__kind=SUPPORT)
        .filter(case__ended_on=None, case__suspended_on=None)
        .values_list("case_id", "due_on")
    )
    if not late:
        return
    for person in people_with_role([roles.ADVISER], today):
        for case in _cases_of(person, list(late)):
            yield Message(
                recipient_email=person.email,
                recipient_id=person.pk,
                template="something_waits",
                link=case.get_absolute_url(),
                key=f"plan-late:{case.pk}:{late[case.pk]}:{person.pk}",
            )


def _cases_of(person: User, among: Sequence[uuid.UUID]) -> list[Case]:
    """The cases that a person has to do with as an adviser."""
    reach = reach_of([grant for grant in grants_of(person) if grant.role == roles.ADVISER])
    if reach is None or not person.email:
        return []
    return list(Case.objects.visible_to(person).filter(reach, pk__in=among).order_by("pk"))
