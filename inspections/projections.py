"""This room's own rows, brought in line with a case's events after each: bookings, team, LANO.

They follow from the events in effect, so a correction or a struck-out event undoes what it did.
"""

from typing import TYPE_CHECKING, Any, TypeVar

from accounts.models import User
from areas import services as areas
from casework.events import Facts
from casework.models import Case, CaseRole, Event
from casework.refusals import GuardFailed
from casework.workflow import Happened, State
from config import clock
from inspections import bookings
from inspections.events import ConfirmationSent, LanoCallHeld, Planned, Scheduled
from inspections.models import Inspection
from inspections.proposal import Member, PlannedDays, planned_days
from inspections.scheduling import choice_of, schedule_in_force
from letters.models import Letter, LetterState
from working_days.services import calendar_at

if TYPE_CHECKING:
    import datetime
    import uuid

_Kind = TypeVar("_Kind", bound=Facts)

NO_TEAM = frozenset({"planned", "cancelled"})
NO_DAYS = NO_TEAM | {"deferred"}
TEAM_ROLES = frozenset({"lead_hmi", "ofsted_inspector", "cqc_inspector", "additional_inspector"})


def follow(case: Case, state: State, by: Any) -> None:
    """Bring period, bookings, team and LANO in line.

    Raises GuardFailed where days clash, or an issued letter would be left without its entry.
    """
    _issued_letter_stands(case, state)
    _period(case, state)
    scheduled = None if state.stage in NO_TEAM else schedule_in_force(state)
    days = _days(case, *scheduled) if scheduled and state.stage not in NO_DAYS else ()
    bookings.book(case, days, by=by)
    team = scheduled[1].team() if scheduled else []
    hold_roles(case, {(person, role, None) for person, role in team}, TEAM_ROLES, by)
    _nominated_officer(case, state, by)


def _issued_letter_stands(case: Case, state: State) -> None:
    """That the confirmation was sent is not struck out: its letter is out and never changes.

    The letter could neither be issued again nor corrected without that entry.
    """
    if state.has(ConfirmationSent.kind):
        return
    struck = Event.objects.filter(
        case=case, seq=case.version, voids__kind=ConfirmationSent.kind
    ).select_related("voids")
    for one in struck:
        letter = one.voids.facts.get("letter") if one.voids else None
        if letter and Letter.objects.filter(pk=letter, state=LetterState.ISSUED).exists():
            raise GuardFailed(
                [
                    (
                        "",
                        "The confirmation letter is issued, and an issued letter never changes, "
                        "so this entry stands. Correct the letter instead: its page has a button "
                        "for that.",
                    )
                ]
            )


def _last(state: State, kind: type[_Kind]) -> tuple[Happened, _Kind] | None:
    """The last event of a kind in effect, with its facts."""
    for one in reversed(state.happened):
        if isinstance(one.facts, kind):
            return one, one.facts
    return None


def _period(case: Case, state: State) -> None:
    planned = _last(state, Planned)
    if planned is None:
        return
    _, facts = planned
    period = {"period_from": facts.period_from, "period_to": facts.period_to}
    if not Inspection.objects.filter(case=case, **period).exists():
        Inspection.objects.update_or_create(case=case, defaults=period)


def _days(case: Case, calendar_version: int, facts: Scheduled) -> tuple[PlannedDays, ...]:
    calendar = calendar_at(calendar_version)
    members = [Member(person, "", role) for person, role in facts.team()]
    return planned_days(members, choice_of(facts, calendar).dates(calendar, case.framework))


def hold_roles(
    case: Case,
    wanted: "set[tuple[int, str, uuid.UUID | None]]",
    among: frozenset[str],
    by: Any,
) -> None:
    """Let exactly these people hold these roles on the case from today."""
    today = clock.today()
    standing = {
        (role.person_id, role.role, role.organisation_id): role
        for role in CaseRole.objects.filter(case=case, role__in=among, ends_on__isnull=True)
    }
    for key, role in standing.items():
        if key not in wanted:
            _end(role, today)
    CaseRole.objects.bulk_create(
        CaseRole(
            case=case,
            person_id=person,
            role=role,
            organisation_id=organisation,
            starts_on=today,
            named_by=by,
        )
        for person, role, organisation in sorted(wanted - set(standing), key=str)
    )


def _end(role: CaseRole, today: "datetime.date") -> None:
    """Taken off a team, a person sees the case no more: not even for the rest of the day."""
    if role.starts_on >= today:
        role.delete()
        return
    role.ends_on = today - bookings.ONE_DAY
    role.save(update_fields=["ends_on"])


def _nominated_officer(case: Case, state: State, by: Any) -> None:
    found = _last(state, LanoCallHeld)
    name_officer(case, *(found or (None, None)), by=by)


def name_officer(case: Case, call: Happened | None, facts: Any, *, by: Any) -> None:
    """The LANO of the last call has access, by the name and e-mail address given then (HB 7, 10);
    nobody where there was none."""
    if call is None:
        hold_roles(case, set(), frozenset({"lano"}), by)
        return
    if call.redacted:  # who it was stands in the role; the note was erased
        return
    council = areas.council(case.local_area, call.on)
    person = _person(facts.name.strip(), facts.email.strip())
    organisation = council.pk if council else None
    hold_roles(case, {(person.pk, "lano", organisation)}, frozenset({"lano"}), by)


def _person(name: str, email: str) -> User:
    """The person with that address; a new account without a password where there is none."""
    known = User.objects.filter(email__iexact=email).first()
    return known or User.objects.create_user(email, name=name)
