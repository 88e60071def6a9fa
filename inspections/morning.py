"""Notification morning: the calls in their order, who made them, what waits for what (HB 7-12)."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from areas import services as areas
from areas.models import Organisation, OrganisationKind, PostHolder, PostKind
from casework.models import Case, Deadline, Event
from casework.relations import state_of
from casework.workflow import Happened, State
from config import clock
from inspections import events
from inspections.events import TakenBy
from inspections.frameworks import notice_of
from working_days.services import current_calendar

DONE, READY, WAITING = "done", "ready", "waiting"
PEOPLE = {
    "lead_hmi": "Lead HMI",
    "cqc_inspector": "CQC inspector",
    "support_officer": "Support officer",
}

RECORDED = {
    "dcs": "the director of children’s services was called",
    "health": "{body} was called",
    "go-ahead": "CQC and the support officer know that it goes ahead",
    "letter": "the confirmation letter was sent",
    "lano": "the extended call with the nominated officer was held",
    "health-call": "the extended call with {body} was held",
    "forum": "the parent carer forum and the advice service were told",
}
WAITS_FOR = {
    "go_ahead_confirmed": "the go-ahead",
    "health_told": "the first call to this commissioner",
}


@dataclass(frozen=True)
class Call:
    """One thing to do that morning. `what`: which form; `body`: the health commissioner."""

    code: str
    what: str
    role: str
    title: str
    citation: str
    rule: str
    state: str
    event: str
    body: Organisation | None = None
    contact: PostHolder | None = None
    done: str = ""
    by: str = ""
    waits_for: str = ""
    due: Deadline | None = None
    later: bool = False

    @property
    def recorded(self) -> str:
        """What has happened once it is recorded, as the end of a sentence."""
        return RECORDED[self.what].format(body=self.body)

    @property
    def who(self) -> str:
        """Whose call it is, in words."""
        return PEOPLE[self.role]


@dataclass(frozen=True)
class Morning:
    """The whole of it."""

    case: Case
    notice_day: datetime.date | None
    calls: Sequence[Call]
    go_ahead_ready: bool

    def call(self, what: str, body_id: Any = None) -> Call | None:
        """One of the calls; None where there is none such."""
        for one in self.calls:
            if one.what == what and (one.body.pk if one.body else None) == body_id:
                return one
        return None

    @property
    def on_the_day(self) -> bool:
        """Whether today is the day of notice."""
        return self.notice_day == clock.today()


def morning_of(case: Case) -> Morning:
    """All calls of a case as they stand: a constant number of queries for its bodies."""
    state = state_of(case)
    day = clock.today()
    bodies = areas.bodies(case.local_area, day)
    council = next((one for one in bodies if one.kind == OrganisationKind.COUNCIL), None)
    commissioners = [one for one in bodies if one.kind == OrganisationKind.HEALTH_COMMISSIONER]
    held = areas.holders(
        bodies,
        [PostKind.DCS, PostKind.LANO, PostKind.HEALTH_CHIEF_EXECUTIVE],
        day,
        local_area=case.local_area,
    )

    def contact(body: Organisation | None, kind: PostKind) -> PostHolder | None:
        return held.get((body.pk, kind)) if body else None

    maker = _Maker(case, state)
    calls = [
        maker.call(
            "dcs",
            "lead_hmi",
            "Call the director of children’s services",
            "HB 7",
            "IN-NOTIFY",
            "notified",
            contact=contact(council, PostKind.DCS),
        ),
        *(
            maker.call(
                "health",
                "cqc_inspector",
                f"Call {one.name}",
                "HB 8",
                "IN-HEALTH",
                "health_told",
                body=one,
                contact=contact(one, PostKind.HEALTH_CHIEF_EXECUTIVE),
            )
            for one in commissioners
        ),
        maker.call(
            "go-ahead",
            "lead_hmi",
            "Confirm with CQC and the support officer that it goes ahead",
            "HB 9",
            "",
            "go_ahead_confirmed",
        ),
        maker.call(
            "letter",
            "support_officer",
            "Send the confirmation letter",
            "HB 9",
            "IN-CONFIRM",
            "confirmation_sent",
            needs="go_ahead_confirmed",
        ),
        maker.call(
            "lano",
            "lead_hmi",
            "Extended call to the nominated officer",
            "HB 7, 10",
            "IN-LANO",
            "lano_call_held",
            contact=contact(council, PostKind.LANO),
        ),
        *(
            maker.call(
                "health-call",
                "cqc_inspector",
                f"Extended call to {one.name}",
                "HB 11",
                "IN-HEALTH-CALL",
                "health_call_held",
                body=one,
                needs="health_told",
                later=True,
            )
            for one in commissioners
        ),
        maker.call(
            "forum",
            "lead_hmi",
            "Tell the parent carer forum and the advice service",
            "HB 12",
            "IN-PCF",
            "pcf_told",
            later=True,
        ),
    ]
    notice_day = None
    if case.first_day is not None:
        notice_day = current_calendar().subtract(case.first_day, notice_of(case.framework))
    return Morning(case, notice_day, calls, state.has("go_ahead_confirmed"))


class _Maker:
    """Makes the calls of one case from its state, its deadlines and who recorded what."""

    def __init__(self, case: Case, state: State) -> None:
        self.case, self.state = case, state
        recorded = Event.objects.filter(
            pk__in=[one.event_id for one in state.happened]
        ).select_related("recorded_by")
        self.recorded: Mapping[int, Event] = {event.pk: event for event in recorded}
        self.dues = {(due.rule, due.subject): due for due in Deadline.objects.filter(case=case)}

    def call(
        self,
        what: str,
        role: str,
        title: str,
        citation: str,
        rule: str,
        event: str,
        *,
        body: Organisation | None = None,
        contact: PostHolder | None = None,
        needs: str = "notified",
        later: bool = False,
    ) -> Call:
        subject = str(body.pk) if body else ""
        found = self.state.last(event, subject)
        state, waits_for = READY, ""
        if found is not None:
            state = DONE
        elif event == "notified":
            if self.state.stage != "scheduled":
                state, waits_for = WAITING, "dates and team"
        elif not self.state.has("notified"):
            state, waits_for = WAITING, "the call to the director"
        elif not self.state.has(needs, subject if needs == "health_told" else None):
            state, waits_for = WAITING, WAITS_FOR[needs]
        return Call(
            code=f"{what}-{subject}" if subject else what,
            what=what,
            role=role,
            title=title,
            citation=citation,
            rule=rule,
            state=state,
            event=event,
            body=body,
            contact=contact,
            done=_done(found) if found else "",
            by=self._by(found) if found else "",
            waits_for=waits_for,
            due=self.dues.get((rule, subject)),
            later=later,
        )

    def _by(self, happened: Happened) -> str:
        event = self.recorded.get(happened.event_id)
        if event is None or event.recorded_by is None:
            return "the system"
        return str(event.recorded_by)


def _done(happened: Happened) -> str:
    """What happened, in a few words: when, and who took the call."""
    when = f"{happened.on:%a} {happened.on.day} {happened.on:%b}"
    if happened.at:
        when = f"{clock.london(happened.at):%H:%M}, {when}"
    facts = happened.facts
    if isinstance(facts, events.Notified | events.HealthTold):
        who = facts.name or "name erased"
        post = facts.post if facts.taken_by is TakenBy.MOST_SENIOR else ""
        return f"{when}: {who}{f', {post}' if post else ''} took the call"
    if isinstance(facts, events.LanoCallHeld):
        return f"{when}: {facts.name or 'name erased'} is the nominated officer"
    return when
