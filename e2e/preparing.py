"""Cases made ready for a drill, inside the product's own process and through its own doors.

Called with `product.manage("shell", "-c", ...)`: by browser the same would take minutes.
"""

import datetime
import json
import sys
import uuid

from accounts import roles
from accounts.models import Membership, Scope, User
from areas import services as areas
from areas.models import LocalArea, PostKind
from casework.models import Case
from config import clock
from inspections import services
from inspections.events import TakenBy
from inspections.services import Choice
from letters import services as letters
from letters.compose import draft
from letters.registry import letter_kind
from overview.demonstration.people import make_people
from overview.demonstration.places import WITHOUT_TERMS, make_places

LETTER = "L-IN-CONFIRM"
SINCE = datetime.date(2016, 5, 1)


def people_and_places() -> None:
    """The demonstration's people, and posts and terms for all areas, without its cases."""
    make_places(clock.today())
    make_people()


def planned(count: int, first_day: datetime.date) -> None:
    """Plan inspections in areas of their own around `first_day`; prints their ids."""
    _say([str(_plan(area, first_day).pk) for area in _free_areas(count)])


def scheduled(count: int, first_day: datetime.date) -> None:
    """Plan inspections and fix their dates and teams; prints the cases' ids."""
    _say([str(case.pk) for case, _ in _scheduled(count, first_day)])


def teams(count: int) -> None:
    """More inspectors; prints, for each team, ids and names of lead, Ofsted and CQC inspector."""
    _say([[(str(one.public_id), one.name) for one in _team()] for _ in range(count)])


def notified(count: int, first_day: datetime.date, notice: datetime.datetime, approve: int) -> None:
    """Bring inspections up to the confirmation letter; the first `approve` of them approved.

    The product's clock stands at `notice` afterwards. Prints the cases' ids.
    """
    officer = _officer()
    found = _scheduled(count, first_day)
    clock.move_to(notice)
    for number, (case, team) in enumerate(found):
        _notify(case, team)
        if number < approve:
            seen = draft(case, letter_kind(LETTER)).fingerprint
            letters.approve(case, LETTER, by=officer, seen=seen)
    _say([str(case.pk) for case, _ in found])


def _free_areas(count: int) -> list[LocalArea]:
    """Areas of today, in term as far as is known, with a health commissioner and no open case."""
    today = clock.today()
    taken = Case.objects.filter(ended_on=None).values("local_area")
    free = LocalArea.objects.on(today).exclude(name__in=[*WITHOUT_TERMS, "Surrey"])
    found = []
    for area in free.exclude(pk__in=taken).order_by("name"):
        if areas.health_commissioners(area, today):
            found.append(area)
        if len(found) == count:
            return found
    raise LookupError(f"There are only {len(found)} areas for a drill.")


def _scheduled(count: int, first_day: datetime.date) -> list[tuple[Case, list[User]]]:
    found = []
    for area in _free_areas(count):
        case, team = _plan(area, first_day), _team()
        choice = Choice(first_day, 5, *(one.pk for one in team))
        services.schedule(case, choice, by=_officer())
        found.append((case, team))
    return found


def _officer() -> User:
    return User.objects.get(email="priya.raman@ofsted.example")


def _plan(area: LocalArea, first_day: datetime.date) -> Case:
    month = datetime.timedelta(days=30)
    return services.plan_inspection(area, clock.today(), first_day + month, by=_officer())


def _team() -> list[User]:
    return [_inspector(role) for role in (roles.HMI, roles.OFSTED_INSPECTOR, roles.CQC_INSPECTOR)]


def _inspector(role: str) -> User:
    name = uuid.uuid4().hex[:12]
    person = User.objects.create_user(f"{name}@inspectors.example", name=f"Inspector {name}")
    Membership.objects.create(
        person=person, role=role, scope=Scope.NATIONAL, starts_on=SINCE, reason="Drill"
    )
    return person


def _notify(case: Case, team: list[User]) -> None:
    lead, _, cqc = team
    today = clock.today()
    council = areas.council(case.local_area, today)
    assert council is not None
    director = areas.holder(council, PostKind.DCS, today)
    assert director is not None
    services.notify(
        case.pk,
        taken_by=TakenBy.NAMED,
        name=director.name,
        reason="A drill is held at any hour",
        at=clock.now(),
        by=lead,
    )
    for one in areas.health_commissioners(case.local_area, today):
        services.tell_health(
            case.pk, one, taken_by=TakenBy.NAMED, name="Duty manager", at=clock.now(), by=cqc
        )
    services.confirm_go_ahead(case.pk, cqc=True, support_officer=True, by=lead)
    case.refresh_from_db()


def _say(found: object) -> None:
    sys.stdout.write(f"\n{json.dumps(found)}\n")
