"""A statement that is fit for purpose, and its re-visit."""

import datetime
from typing import Any

import pytest

from inspections.tests.conftest import World, at, world
from revisits import events
from wsoa import events as statements
from wsoa.tests.conftest import Statement, statement, walk

__all__ = ["at", "statement", "walk", "world"]

#: Tuesday to Thursday, in a week of the summer term of 2027.
DAYS = (datetime.date(2027, 6, 8), datetime.date(2027, 6, 10))


class Revisit:
    """A re-visit as it goes its way; Day 1 is Tuesday 8 June 2027."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        statement.judged_fit().to("2027-01-11T10:00")
        planned = statements.RevisitPlanned(
            period_from=datetime.date(2027, 5, 1), period_to=datetime.date(2027, 7, 16)
        )
        statement.record(planned, "support_officer")
        self.case = statement.child("revisit")

    @property
    def world(self) -> World:
        """The area, its bodies and the inspection's people."""
        return self.statement.world

    def by(self, role: str) -> Any:
        """Who acts in a role."""
        return self.statement.by(role)

    def to(self, moment: str) -> "Revisit":
        """Move the clock."""
        self.statement.to(moment)
        return self

    def record(self, facts: Any, by: str = "lead_hmi", **when: Any) -> Any:
        """Record on the re-visit in a role."""
        from casework.recording import record

        event = record(self.case.pk, facts, by=self.by(by), **when)
        self.case.refresh_from_db()
        return event

    def refused(self, facts: Any, by: str = "lead_hmi", **when: Any) -> list[tuple[str, str]]:
        """Why it was refused."""
        from casework.refusals import GuardFailed

        with pytest.raises(GuardFailed) as refusal:
            self.record(facts, by, **when)
        return refusal.value.reasons

    def dates(self, **given: Any) -> events.Scheduled:
        """Dates and the team of the inspection."""
        values: dict[str, Any] = {
            "first_day": DAYS[0],
            "last_day": DAYS[1],
            "lead_hmi": self.world.lead.pk,
            "cqc_inspector": self.world.cqc.pk,
            **given,
        }
        return events.Scheduled(**values)

    def scheduled(self) -> "Revisit":
        """Dates and team are fixed."""
        self.record(self.dates(), "support_officer")
        return self

    def notified(self) -> "Revisit":
        """Day -10 is Monday 24 May 2027: the spring bank holiday lies between."""
        self.scheduled().to("2027-05-24T09:10")
        call = events.Notified(taken_by=events.TakenBy.NAMED, name="Dana", told=True)
        self.record(call)
        return self

    def on_site(self) -> "Revisit":
        """Day 1."""
        self.notified().to("2027-06-08T09:10").record(events.OnSiteBegun())
        return self

    def judged(self, sufficient: int = 4, not_sufficient: int = 0) -> "Revisit":
        """The afternoon of the last day."""
        self.on_site().to("2027-06-10T14:00").record(
            events.ProgressJudged(
                sufficient=sufficient, not_sufficient=not_sufficient, reasons="Each with its own."
            )
        )
        self.record(events.FeedbackGiven())
        return self

    def final(self, sufficient: int = 4, not_sufficient: int = 0) -> "Revisit":
        """The final letter is sent."""
        self.judged(sufficient, not_sufficient).to("2027-06-29T12:00")
        self.record(events.DraftSent(ofsted_assured=True, cqc_assured=True))
        self.to("2027-07-13T10:00")
        for body in self.statement.walk.bodies:
            self.record(events.CommentsReceived(subject=body, none=True))
        self.record(events.ReplySent())
        self.to("2027-07-20T10:00").record(events.FinalLetterSent(), "support_officer")
        return self

    def published(self, sufficient: int = 4, not_sufficient: int = 0) -> "Revisit":
        """Both inspectorates publish."""
        self.final(sufficient, not_sufficient).to("2027-07-26T09:30")
        for inspectorate in ("Ofsted", "CQC"):
            self.record(events.RevisitPublished(subject=inspectorate), "publications")
        self.statement.case.refresh_from_db()
        return self


@pytest.fixture
def revisit(statement: Statement) -> Revisit:
    """A re-visit that is planned."""
    from areas.models import Term

    terms = (("Spring", (2027, 1, 4), (2027, 3, 25)), ("Summer", (2027, 4, 19), (2027, 7, 21)))
    for name, starts_on, ends_on in terms:
        Term.objects.create(
            local_area=statement.world.area,
            name=f"{name} term 2027",
            starts_on=datetime.date(*starts_on),
            ends_on=datetime.date(*ends_on),
        )
    return Revisit(statement)
