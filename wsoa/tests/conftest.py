"""A statement that an inspection of Westmarch made, and those who have to do with it."""

import datetime
from dataclasses import dataclass, field
from typing import Any

import pytest

from accounts import roles
from accounts.models import User
from casework.models import Case, Deadline
from casework.recording import record
from casework.refusals import GuardFailed
from inspections import events as inspections
from inspections.tests.conftest import World, at, london, make_person, world
from inspections.tests.test_workflow import Walk
from wsoa import events

__all__ = ["at", "world"]

#: The final report is received on Thursday 16 July 2026.
RECEIVED = datetime.date(2026, 7, 16)


@dataclass
class Statement:
    """A statement as it goes its way, with the people who take its steps."""

    walk: Walk
    case: Case
    people: dict[str, User] = field(default_factory=dict)

    @property
    def world(self) -> World:
        """The area, its bodies and the inspection's people."""
        return self.walk.world

    def to(self, moment: str) -> "Statement":
        """Move the clock."""
        self.walk.at.move_to(london(moment))
        return self

    def by(self, role: str) -> User:
        """Who acts in a role."""
        known = {
            "lead_hmi": self.world.lead,
            "cqc_inspector": self.world.cqc,
            "support_officer": self.world.officer,
            "regional_director": self.world.director,
            "dcs": self.world.dcs,
        }
        if role in known:
            return known[role]
        if role not in self.people:
            area = self.world.area if role in OF_THE_AREA else None
            self.people[role] = make_person(f"{role} Person", role, area=area)
        return self.people[role]

    def record(self, facts: Any, by: str, case: Case | None = None) -> Any:
        """Record on the statement (or another case) in a role."""
        event = record((case or self.case).pk, facts, by=self.by(by))
        self.case.refresh_from_db()
        return event

    def refused(self, facts: Any, by: str, case: Case | None = None) -> list[tuple[str, str]]:
        """Why it was refused."""
        with pytest.raises(GuardFailed) as refusal:
            self.record(facts, by, case)
        return refusal.value.reasons

    def due(self, rule: str, subject: str = "", case: Case | None = None) -> Deadline:
        """One of its deadlines."""
        return Deadline.objects.get(case=case or self.case, rule=rule, subject=subject)

    def child(self, kind: str) -> Case:
        """The case of a kind that came from it."""
        return Case.objects.get(origin=self.case, kind=kind)

    # -- its way --

    def submitted(self) -> "Statement":
        """Sent on 22 October 2026, a day before the 70th working day."""
        self.to("2026-10-22T10:00").record(events.WritingBegun(), "dcs")
        self.to("2026-10-22T11:00").record(WHOLE, "dcs")
        return self

    def judged_fit(self) -> "Statement":
        """Fit on 5 November, and the letter on the 6th."""
        self.submitted().to("2026-10-23T09:00").record(events.ReviewBegun(), "lead_hmi")
        self.to("2026-11-05T15:00").record(events.JudgedFit(both=True), "lead_hmi")
        self.to("2026-11-06T15:00").record(events.FitnessLetterSent(), "regional_director")
        return self


OF_THE_AREA = {
    roles.ADVISER,
    roles.SEND_LEAD,
    roles.LANO,
    roles.HEALTH_CHIEF_EXECUTIVE,
    roles.CHIEF_EXECUTIVE,
    roles.PARENT_CARER_FORUM,
}
WHOLE = events.Submitted(every_weakness=True, who_and_when=True)


def required(walk: Walk) -> Statement:
    """The statement that HMCI's determination makes: the council's and one commissioner's."""
    walk.drafted().to("2026-07-15T10:00")
    walk.determined(inspections.Need.REQUIRED, *walk.bodies[:2], weaknesses=4)
    return Statement(walk, Case.objects.get(kind="wsoa"))


def report_sent(statement: Statement) -> Statement:
    """The final report is sent on 16 July 2026 and received the same day."""
    statement.to("2026-07-16T09:00")
    walk = statement.walk
    walk.record(inspections.FinalReportSent(), by=walk.world.officer)
    statement.to("2026-07-16T12:00")
    for body in walk.bodies:
        walk.record(inspections.FinalReportReceived(subject=body), by=walk.world.officer)
    statement.case.refresh_from_db()
    return statement


@pytest.fixture
def walk(world: World, at: Any) -> Walk:
    """An inspection of Westmarch that was notified."""
    return Walk(world, at)


@pytest.fixture
def statement(walk: Walk) -> Statement:
    """A statement that is due from the council and a health commissioner."""
    return report_sent(required(walk))
