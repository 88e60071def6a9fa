"""What happens with a written statement of the demonstration and its monitoring, and when.

The inspection it came from is long published, and taken over as history; from then on everything
passes through the doors that people use.
"""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from areas import services as areas
from areas.models import LocalArea
from casework.models import Case, CaseRole
from casework.recording import Historic, create_case, import_case, record
from config import clock
from inspections import events as inspections
from inspections.frameworks import LOCAL_AREA_2016
from inspections.timetable import INSPECTORATES
from monitoring import events as monitoring
from overview.demonstration.leaders import director_of
from overview.demonstration.moments import Steps, happening_by
from working_days.calendar import Calendar, add_months
from wsoa import events

REASONS = "Two weaknesses have no milestones, and one has nobody who will act."
PLAN_ADDRESS = "https://body-{number}.example/send/written-statement"


@dataclass(frozen=True)
class Judges:
    """Who judges statements in the demonstration, and who monitors what they say."""

    lead_hmi: User
    cqc_inspector: User
    officer: User
    regional_director: User
    adviser: User
    official: User


@dataclass
class StatementStory:
    """One statement: where, from when, and how it is judged."""

    area: LocalArea
    #: The day on which the final report was received.
    received: datetime.date
    people: Judges
    calendar: Calendar
    fit: bool = True
    fit_at_last: bool = False
    ends_before: str = ""
    forgotten: frozenset[str] = frozenset()
    revisit_on: datetime.date | None = None
    inspection: Case | None = None
    case: Case | None = None

    def script(self) -> Iterator[tuple[datetime.datetime, str, Callable[[], None]]]:
        """Each step with its moment and name, in order, whether it has come yet or not."""
        day = self.received
        steps: Steps = [
            (day, 0, "10:00", "require", self.require),
            (day, 3, "11:00", "write", self.write),
            (day, 6, "10:30", "offer", self.offer_support),
            (day, 21, "14:00", "session", self.hold_session),
            (day, 68, "12:00", "submit", self.submit),
            (day, 69, "09:40", "review", self.review),
            (day, 76, "15:00", "judge", self.judge),
            (day, 77, "11:30", "letter", self.letter),
        ]
        if self.fit:
            steps += [(day, 80, "10:00", "addresses", self.addresses)]
        else:
            steps += [
                (day, 78, "09:30", "not_fit_received", self.not_fit_received),
                (day, 95, "12:00", "resubmit", self.resubmit),
                (day, 103, "15:00", "judge_again", self.judge_again),
                (day, 104, "10:00", "second_letter", self.second_letter),
                (day, 107, "10:00", "advice", self.advise),
            ]
        if self.fit:
            steps += self._later()
        yield from happening_by(steps, self.calendar, self.forgotten, self.ends_before)

    def _later(self) -> Steps:
        judged = self.calendar.add(self.received, 76)
        visits: Steps = [
            (add_months(judged, 3 * number), -4, "13:00", "visit", self.visit)
            for number in range(1, 7)
        ]
        if self.revisit_on is not None:
            visits.append((self.revisit_on, -45, "11:00", "plan_revisit", self.plan_revisit))
        return sorted(visits, key=lambda step: step[0])

    # -- the steps ---------------------------------------------------------------------------------

    def require(self) -> None:
        """The report, from history; the statement it requires, with its judges."""
        self.inspection = _from_history(self.area, self.received, self.calendar)
        self.case = create_case(
            "wsoa",
            local_area=self.area,
            by=None,
            framework=LOCAL_AREA_2016,
            origin=self.inspection,
        )
        for role in ("lead_hmi", "cqc_inspector"):
            CaseRole.objects.create(
                case=self.case,
                person=getattr(self.people, role),
                role=role,
                starts_on=clock.today(),
                reason="Demonstration",
            )

    def _record(self, facts: Any, by: User) -> None:
        assert self.case is not None
        record(self.case.pk, facts, by=by)

    def monitoring(self) -> Case:
        """The monitoring that came with it."""
        return Case.objects.get(kind="monitoring", origin=self.case)

    def write(self) -> None:
        """The council begins."""
        self._record(events.WritingBegun(), director_of(self.area))

    def offer_support(self) -> None:
        """By DfE and NHS England."""
        record(self.monitoring().pk, monitoring.SupportOffered(), by=self.people.adviser)

    def hold_session(self) -> None:
        """One session on the draft."""
        held = monitoring.SupportSessionHeld(what="How each milestone can be measured.")
        record(self.monitoring().pk, held, by=self.people.adviser)

    def submit(self) -> None:
        """In time, with no gap."""
        whole = events.Submitted(every_weakness=True, who_and_when=True)
        self._record(whole, director_of(self.area))

    def review(self) -> None:
        """Both inspectorates read it."""
        self._record(events.ReviewBegun(), self.people.lead_hmi)

    def judge(self) -> None:
        """Fit, or not."""
        if self.fit:
            self._record(events.JudgedFit(both=True), self.people.lead_hmi)
        else:
            not_fit = events.JudgedNotFit(weaknesses=3, reasons=REASONS)
            self._record(not_fit, self.people.lead_hmi)

    def letter(self) -> None:
        """The regional director tells the leaders."""
        self._record(events.FitnessLetterSent(), self.people.regional_director)

    def addresses(self) -> None:
        """Each of those who made it publishes it."""
        assert self.case is not None
        makers = areas.bodies(self.area, clock.today())
        for number, one in enumerate(makers, start=1):
            address = PLAN_ADDRESS.format(number=number)
            published = events.AddressRecorded(subject=str(one.pk), address=address)
            self._record(published, director_of(self.area))

    def not_fit_received(self) -> None:
        """The 20 working days begin."""
        self._record(events.NotFitLetterReceived(), director_of(self.area))

    def resubmit(self) -> None:
        """A new version."""
        again = events.Resubmitted(every_weakness=True, who_and_when=True)
        self._record(again, director_of(self.area))

    def judge_again(self) -> None:
        """Fit at last, or not for the second time."""
        if self.fit_at_last:
            self._record(events.JudgedFit(both=True), self.people.lead_hmi)
        else:
            again = events.SecondNotFit(weaknesses=1, reasons="One weakness still has no measure.")
            self._record(again, self.people.lead_hmi)

    def second_letter(self) -> None:
        """The regional director tells them again."""
        self._record(events.SecondFitnessLetterSent(), self.people.regional_director)

    def advise(self) -> None:
        """The Minister hears of it."""
        if not self.fit_at_last:
            self._record(events.AdviceSent(), self.people.lead_hmi)

    def visit(self) -> None:
        """One more visit, while monitoring lasts."""
        case = self.monitoring()
        if case.stage not in ("monitored", "next_steps"):
            return
        held = monitoring.VisitHeld(
            dfe=True,
            nhs=True,
            behind=case.version % 2 == 0,
            summary="Most actions are on track; the joint data set is late.",
        )
        record(case.pk, held, by=self.people.adviser)

    def plan_revisit(self) -> None:
        """For the weeks around its Day 1."""
        assert self.revisit_on is not None
        month = datetime.timedelta(days=30)
        planned = events.RevisitPlanned(
            period_from=max(clock.today(), self.revisit_on - month),
            period_to=self.revisit_on + month,
            why_late="Inspectors were needed for urgent inspections.",
        )
        self._record(planned, self.people.officer)


def _from_history(area: LocalArea, received: datetime.date, calendar: Calendar) -> Case:
    """A published inspection that requires a statement of all bodies of the area."""
    last_day = calendar.subtract(received, 27)
    bodies = [str(one.pk) for one in areas.bodies(area, received)]
    steps: list[tuple[Any, int]] = [
        (
            inspections.DatesOnRecord(first_day=calendar.day(last_day, -4), last_day=last_day),
            -31,
        ),
        (
            inspections.Determined(
                result=inspections.Need.REQUIRED,
                principal_authorities=tuple(bodies),
                weaknesses=4,
            ),
            -2,
        ),
        (inspections.FinalReportSent(), 0),
        *((inspections.FinalReportReceived(subject=body), 0) for body in bodies),
        *((inspections.ReportPublished(subject=one.key), 0) for one in INSPECTORATES),
        (inspections.Closed(), 0),
    ]
    history = [
        Historic(
            facts,
            calendar.subtract(received, -days) if days else received,
            key=f"demonstration:{number}",
        )
        for number, (facts, days) in enumerate(steps)
    ]
    return import_case(
        "inspection",
        local_area=area,
        framework=LOCAL_AREA_2016,
        key=f"demonstration:{area.pk}",
        opened_on=calendar.subtract(received, 60),
        history=history,
    ).case
