"""The letters of an inspection: who receives them, what they say, who approves them."""

import datetime
from collections.abc import Iterable, Sequence

from django.urls import reverse

from accounts import roles
from accounts.models import User
from areas import services as areas
from areas.models import LocalArea, Organisation, OrganisationKind, PostHolder, PostKind
from casework.access import Row
from casework.deadlines import deadlines_of
from casework.events import Facts
from casework.fold import in_effect
from casework.models import Case, CaseRole, Deadline, DeadlineState
from casework.reading import recorded_of
from casework.registry import kind_of
from casework.timetable import rules_of
from casework.workflow import Happened
from config import clock
from inspections import events
from inspections.access import QUALITY, TEAM
from inspections.letters import (
    ASKED_OF_AREA,
    ASKED_OF_HEALTH,
    ConfirmationFacts,
    Contact,
    Member,
    TimetableLine,
)
from letters.facts import Addressee, Problem, Sender, Signatory
from letters.models import Letter
from letters.registry import LetterKind, NotYet
from working_days.services import current_calendar

CODE = "L-IN-CONFIRM"

TEAM_ROLES = {
    "lead_hmi": "Lead inspector, His Majesty’s Inspector (Ofsted)",
    "ofsted_inspector": "Ofsted Inspector",
    "cqc_inspector": "CQC inspector",
    "additional_inspector": "Inspector",
}
FIRMNESS = {"must": "must", "normally": "normally", "target": "aim"}
# What stands below each inspectorate's name; its address where none is on record (HB, last page).
FULL_NAMES = {
    "Ofsted": "Office for Standards in Education, Children’s Services and Skills",
    "Care Quality Commission": "Regulator of health and adult social care in England",
}
ADDRESSES = {"Ofsted": "Piccadilly Gate, Store Street\nManchester M1 2WD"}
POST_WORDS = {
    PostKind.DCS: "Director of children’s services",
    PostKind.HEALTH_CHIEF_EXECUTIVE: "Chief executive",
}


def confirmation_facts(case: Case) -> ConfirmationFacts:
    """What the confirmation says, from the case's facts as they are now. Raises NotYet."""
    happened = _last_of_each(case)
    notified = happened.get(events.Notified.kind)
    if notified is None or case.first_day is None or case.last_day is None:
        raise NotYet(_too_early(case, notified))
    assert isinstance(notified.facts, events.Notified)
    on = notified.on
    council = areas.council(case.local_area, on)
    commissioners = areas.health_commissioners(case.local_area, on)
    team = _team(case)
    lead = next((person for person, role in team if role == "lead_hmi"), None)
    lano_call = happened.get(events.LanoCallHeld.kind)
    to, copies = _addressees(council, commissioners, on, case.local_area)
    return ConfirmationFacts(
        local_area=case.local_area.name,
        senders=_senders(),
        to=to,
        copies=copies,
        signatory=Signatory(
            name=lead.name if lead else "",
            post="His Majesty’s Inspector, lead inspector",
            email=lead.email if lead else "",
        ),
        lead=lead.name if lead else "",
        told=_told(notified.facts),
        notified_on=on,
        first_day=case.first_day,
        last_day=case.last_day,
        days_on_site=_working_days(case.first_day, case.last_day),
        team=tuple(Member(person.name, TEAM_ROLES[role]) for person, role in team),
        lano=_lano(lano_call, council, on, case.local_area),
        health_lano=_contact(
            next(
                iter(
                    areas.holders_by_body(
                        commissioners, PostKind.HEALTH_LANO, on, case.local_area
                    ).values()
                ),
                None,
            )
        ),
        health_commissioners=tuple(one.name for one in commissioners),
        asked_of_area=ASKED_OF_AREA,
        asked_of_health=ASKED_OF_HEALTH,
        timetable=_timetable(case),
        lano_confirmed=lano_call is not None,
    )


def confirmation_problems(case: Case, facts: ConfirmationFacts) -> Sequence[Problem]:
    """What keeps a complete confirmation from being approved: the go-ahead (HB 9), the stage."""
    problems = []
    step = kind_of(case).step(events.ConfirmationSent.kind)
    if step.from_stages and case.stage not in step.from_stages:
        stage = kind_of(case).stage_label(case.stage).lower()
        problems.append(Problem(f"The inspection is {stage}: there is nothing to confirm."))
    if case.suspended_on is not None:
        problems.append(Problem("The inspection stands still. Resume it first."))
    if events.GoAheadConfirmed.kind not in _last_of_each(case):
        problems.append(
            Problem(
                "The lead HMI has not yet recorded that CQC and the support officer have confirmed "
                "that the inspection takes place (HB 9).",
                link=reverse("inspection_notification", args=[case.pk]) + "#go-ahead",
            )
        )
    if not facts.health_commissioners:
        problems.append(Problem("No health commissioner of the area is on record."))
    return problems


def confirmation_notes(case: Case, facts: ConfirmationFacts) -> Sequence[Problem]:
    """The health commissioners that get a copy before anybody has told them (HB 8)."""
    happened = in_effect(kind_of(case), recorded_of(case))
    told = {one.facts.subject for one in happened if one.kind == events.HealthTold.kind}
    bodies = areas.health_commissioners(case.local_area, facts.notified_on)
    link = reverse("inspection_notification", args=[case.pk])
    return [
        Problem(
            f"{body.name} gets a copy, but no call to its chief executive is on record (HB 8).",
            link=link,
        )
        for body in bodies
        if str(body.pk) not in told
    ]


def confirmation_sent(letter: Letter, facts: ConfirmationFacts) -> Facts | None:
    """The event that issue records; a correction sends no second confirmation."""
    return events.ConfirmationSent(letter=letter.pk) if letter.number == 1 else None


def _rows(action: str, *names: str, moment: str = "", until: str = "") -> list[Row]:
    return [Row(CODE, action, name, moment, until=until) for name in names]


CONFIRMATION = LetterKind(
    code=CODE,
    name="Confirmation of inspection",
    case_kind="inspection",
    source="HB 7-10, 15",
    facts_type=ConfirmationFacts,
    facts=confirmation_facts,
    template="letters/l-in-confirm.html",
    template_version=2,
    title=lambda facts: f"Joint area SEND inspection of {facts.local_area}: confirmation",
    problems=confirmation_problems,
    notes=confirmation_notes,
    on_issued=confirmation_sent,
    access=[
        *_rows("approve", roles.SUPPORT_OFFICER, "lead_hmi"),
        *_rows("draft", roles.SUPPORT_OFFICER, *TEAM, *QUALITY),
        *_rows("draft", roles.REGIONAL_DIRECTOR, roles.HMCI),
        *_rows("read", roles.SUPPORT_OFFICER, *TEAM, *QUALITY),
        *_rows("read", roles.REGIONAL_DIRECTOR, roles.HMCI),
        *_rows(
            "read",
            roles.DCS,
            roles.HEALTH_CHIEF_EXECUTIVE,
            roles.SEND_LEAD,
            roles.CHIEF_EXECUTIVE,
            moment="notified",
        ),
        *_rows("read", roles.LANO, roles.HEALTH_LANO, moment="notified", until="published"),
    ],
)


# --- parts ---


def _too_early(case: Case, notified: Happened | None) -> list[Problem]:
    problems = []
    if case.first_day is None or case.last_day is None:
        problems.append(Problem("Dates and team are not fixed yet."))
    if notified is None:
        problems.append(
            Problem(
                "The call to the director of children’s services is not on record: this letter "
                "confirms it (HB 7).",
                link=reverse("inspection_notification", args=[case.pk]) if case.first_day else "",
            )
        )
    return problems


def _last_of_each(case: Case) -> dict[str, Happened]:
    return {one.kind: one for one in in_effect(kind_of(case), recorded_of(case))}


def _told(facts: events.Notified) -> str:
    if facts.taken_by == events.TakenBy.NAMED:
        return "you"
    return ", ".join(part for part in (facts.name, facts.post) if part)


def _team(case: Case) -> list[tuple[User, str]]:
    order = list(TEAM_ROLES)
    held = CaseRole.objects.filter(case=case, role__in=order).on(clock.today())
    rows = sorted(held.select_related("person"), key=lambda one: (order.index(one.role), one.pk))
    return [(one.person, one.role) for one in rows]


def _senders() -> tuple[Sender, ...]:
    found = Organisation.objects.filter(kind=OrganisationKind.INSPECTORATE).order_by("-name")
    return tuple(
        Sender(
            name=one.name,
            full_name=FULL_NAMES.get(one.name, ""),
            address=one.address or ADDRESSES.get(one.name, ""),
        )
        for one in found
    )


def _addressees(
    council: Organisation | None,
    commissioners: Sequence[Organisation],
    on: datetime.date,
    local_area: LocalArea,
) -> tuple[tuple[Addressee, ...], tuple[Addressee, ...]]:
    """The director of children's services; copies to the chief executives (letters.md)."""
    director = areas.holder(council, PostKind.DCS, on, local_area) if council else None
    chiefs = areas.holders_by_body(commissioners, PostKind.HEALTH_CHIEF_EXECUTIVE, on, local_area)
    accounts = _accounts([one.email for one in (director, *chiefs.values()) if one])
    to = (_addressee(council, director, PostKind.DCS, accounts),) if council else ()
    copies = tuple(
        _addressee(one, chiefs.get(one), PostKind.HEALTH_CHIEF_EXECUTIVE, accounts)
        for one in commissioners
    )
    return to, copies


def _addressee(
    organisation: Organisation, holder: PostHolder | None, kind: PostKind, accounts: dict[str, int]
) -> Addressee:
    email = holder.email if holder else ""
    # The list's own label is for screens; a title that somebody gave the post stands.
    own_title = holder.post.title if holder and holder.post.title != str(kind.label) else ""
    return Addressee(
        name=holder.name if holder else "",
        post=own_title or POST_WORDS[kind],
        organisation=organisation.name,
        address=organisation.address,
        email=email,
        user_id=accounts.get(email.lower()),
    )


def _accounts(addresses: Iterable[str]) -> dict[str, int]:
    wanted = [one.lower() for one in addresses if one]
    rows = User.objects.filter(is_active=True, email__in=wanted).values_list("email", "pk")
    return {email.lower(): pk for email, pk in rows}


def _lano(
    call: Happened | None,
    council: Organisation | None,
    on: datetime.date,
    local_area: LocalArea,
) -> Contact | None:
    """The LANO of the extended call, else the one on record at the council."""
    if call is not None and isinstance(call.facts, events.LanoCallHeld):
        return Contact(call.facts.name, call.facts.email or call.facts.phone)
    return _contact(areas.holder(council, PostKind.LANO, on, local_area) if council else None)


def _contact(holder: PostHolder | None) -> Contact | None:
    return Contact(holder.name, holder.email or holder.phone) if holder else None


def _working_days(first: datetime.date, last: datetime.date) -> tuple[datetime.date, ...]:
    calendar = current_calendar()
    days = (first + datetime.timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(day for day in days if calendar.is_working_day(day))


def _timetable(case: Case) -> tuple[TimetableLine, ...]:
    """Every deadline of the case in order; several bodies that owe the same by one day share it."""
    sources = {
        rule.code: rule.citation for rule in rules_of(case.kind, case.framework, case.edition)
    }
    groups: dict[tuple[object, ...], list[Deadline]] = {}
    for one in deadlines_of(case):
        if one.state != DeadlineState.NOT_APPLICABLE:
            key = (one.due_on, one.due_at, one.rule, one.title, one.state == DeadlineState.FORECAST)
            groups.setdefault(key, []).append(one)
    return tuple(_line(group, sources.get(group[0].rule, "")) for group in groups.values())


def _line(group: Sequence[Deadline], source: str) -> TimetableLine:
    first = group[0]
    named = sorted(one.subject_name for one in group if one.subject_name)
    return TimetableLine(
        on=first.due_on,
        at=_hour(first.due_at),
        day_number=first.day_number,
        title=_begun(first.title),
        # A day on site is the line's own date: naming it again says nothing.
        subjects="; ".join(named) if first.rule != "IN-KIT" else "",
        owed_by=_begun(first.owed_by),
        firmness=FIRMNESS.get(first.strength, first.strength),
        expected=first.state == DeadlineState.FORECAST,
        source=source,
        practical_on=first.practical_on if first.practical_on != first.due_on else None,
    )


def _hour(moment: datetime.datetime | None) -> str:
    if moment is None:
        return ""
    at = clock.london(moment)
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"by {at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]
