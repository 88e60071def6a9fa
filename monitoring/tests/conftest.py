"""A statement and its monitoring; an inspection of 2023 and the programme of its outcome."""

import datetime
from typing import Any

import pytest

from casework.models import Case, Deadline
from casework.recording import record
from casework.refusals import GuardFailed
from inspections import events as inspections
from inspections import services
from inspections.events import Judgement
from inspections.frameworks import AREA_SEND_2023
from inspections.tests.conftest import World, at, london, make_person, world
from wsoa.tests.conftest import OF_THE_AREA, Statement, statement, walk

__all__ = ["at", "statement", "walk", "world"]


class Programme:
    """An inspection under the framework of 2023 and what follows from it."""

    def __init__(self, world: World, at: Any) -> None:
        self.world, self.at = world, at
        self.people: dict[str, Any] = {}
        self.inspection = services.plan_inspection(
            world.area,
            datetime.date(2026, 6, 1),
            datetime.date(2026, 7, 17),
            by=world.officer,
            framework=AREA_SEND_2023,
        )

    def to(self, moment: str) -> "Programme":
        """Move the clock."""
        self.at.move_to(london(moment))
        return self

    def by(self, role: str) -> Any:
        """Who acts in a role."""
        world = self.world
        known = {"lead_hmi": world.lead, "support_officer": world.officer, "dcs": world.dcs}
        if role in known:
            return known[role]
        if role not in self.people:
            area = world.area if role in OF_THE_AREA else None
            self.people[role] = make_person(f"{role} Person", role, area=area)
        return self.people[role]

    def inspect(self, facts: Any, by: str = "lead_hmi") -> Any:
        """Record on the inspection."""
        event = record(self.inspection.pk, facts, by=self.by(by))
        self.inspection.refresh_from_db()
        return event

    def on_site(self) -> "Programme":
        """Notice of ten working days; Day 1 is Monday 15 June 2026."""
        choice = self.world.choice("2026-06-15")
        services.schedule(self.inspection, choice, by=self.world.officer)
        self.to("2026-06-01T09:20")
        services.notify(
            self.inspection.pk,
            taken_by=inspections.TakenBy.NAMED,
            name="Dana",
            at=london("2026-06-01T09:10"),
            by=self.world.lead,
        )
        self.to("2026-06-15T09:05").inspect(inspections.OnSiteBegun())
        self.to("2026-06-19T16:00").inspect(inspections.FeedbackGiven())
        return self

    def final(self, result: Judgement, priority_areas: int | None = None) -> "Programme":
        """The outcome is decided and the final report received."""
        self.on_site().to("2026-07-08T12:00")
        self.inspect(inspections.DraftSent(ofsted_assured=True, cqc_assured=True))
        self.to("2026-07-23T10:00")
        decided = inspections.OutcomeDecided(result=result, priority_areas=priority_areas)
        self.inspect(decided, "hmci")
        self.inspect(inspections.FinalReportSent(), "support_officer")
        for body in self.bodies():
            self.inspect(inspections.FinalReportReceived(subject=body), "support_officer")
        return self

    def published(self, result: Judgement, priority_areas: int | None = None) -> "Programme":
        """Both publish on Wednesday 5 August 2026."""
        self.final(result, priority_areas).to("2026-08-05T09:30")
        for one in ("Ofsted", "CQC"):
            self.inspect(inspections.ReportPublished(subject=one), "publications")
        return self

    def bodies(self) -> list[str]:
        """The ids of the council and the health commissioners."""
        links = self.world.area.links.order_by("organisation__kind")
        return [str(link.organisation_id) for link in links]

    @property
    def case(self) -> Case:
        """The programme itself."""
        return Case.objects.get(kind="support", origin=self.inspection)

    def record(self, facts: Any, by: str = "official") -> Any:
        """Record on the programme."""
        return record(self.case.pk, facts, by=self.by(by))

    def refused(self, facts: Any, by: str = "official") -> list[tuple[str, str]]:
        """Why it was refused."""
        with pytest.raises(GuardFailed) as refusal:
            self.record(facts, by)
        return refusal.value.reasons

    def rules(self) -> set[str]:
        """The codes of what is due or was."""
        return set(Deadline.objects.filter(case=self.case).values_list("rule", flat=True))


@pytest.fixture
def programme(world: World, at: Any) -> Programme:
    """An inspection of 2023 that is planned."""
    return Programme(world, at)


@pytest.fixture
def monitoring(statement: Statement) -> Case:
    """The monitoring of a statement that is being made."""
    return statement.child("monitoring")
