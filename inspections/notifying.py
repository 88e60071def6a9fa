"""Who is told of a step by e-mail. A notice names no area: it says that something waits."""

from collections.abc import Iterator
from typing import Any

from casework.models import Case, CaseRole, Event
from casework.workflow import NoticeTo
from config import clock
from inspections.projections import TEAM_ROLES


def tell_the_team(case: Case, event: Event, facts: Any) -> Iterator[NoticeTo]:
    """Everybody on the team: that they were given a part, or that its dates moved."""
    team = CaseRole.objects.filter(case=case, role__in=TEAM_ROLES).on(clock.today())
    for held in team.select_related("person").order_by("person__email"):
        new = held.starts_on == clock.today()
        yield NoticeTo(
            email=held.person.email,
            recipient_id=held.person_id,
            template="role_given" if new else "dates_moved",
            context={},
            link=case.get_absolute_url(),
        )


def tell_the_officer(case: Case, event: Event, facts: Any) -> Iterator[NoticeTo]:
    """The nominated officer: that they were given a part (HB 10)."""
    named = CaseRole.objects.filter(case=case, role="lano", starts_on=clock.today())
    for held in named.on(clock.today()).select_related("person"):
        yield NoticeTo(
            email=held.person.email,
            recipient_id=held.person_id,
            template="role_given",
            context={},
            link=case.get_absolute_url(),
        )
