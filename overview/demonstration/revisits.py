"""What happens at a re-visit of the demonstration, and when: three days on site."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from areas import services as areas
from areas.models import PostKind
from casework.models import Case
from casework.recording import record
from config import clock
from inspections.timetable import INSPECTORATES
from monitoring import events as monitoring
from overview.demonstration.leaders import director_of
from overview.demonstration.moments import Steps, at_time, happening_by
from overview.demonstration.statements import StatementStory
from revisits import events

LENGTH = 3


@dataclass
class RevisitStory:
    """One re-visit of a statement that the demonstration tells of."""

    statement: StatementStory
    first_day: datetime.date
    lead_hmi: User
    cqc_inspector: User
    publications: User
    cqc_officer: User
    sufficient: int = 4
    not_sufficient: int = 0
    ends_before: str = ""
    forgotten: frozenset[str] = frozenset()
    found: Case | None = field(default=None, init=False)

    @property
    def area(self) -> Any:
        """Where it is."""
        return self.statement.area

    @property
    def on_site(self) -> list[datetime.date]:
        """Its days on site."""
        calendar = self.statement.calendar
        return [calendar.day(self.first_day, number) for number in range(1, LENGTH + 1)]

    def script(self) -> Iterator[Any]:
        """Each step with its moment and name, in order, whether it has come yet or not."""
        first, last = self.first_day, self.on_site[-1]
        steps: Steps = [
            (first, -40, "10:00", "schedule", self.schedule),
            (first, -10, "09:20", "notify", self.notify),
            (first, -10, "11:00", "tell", self.tell_the_others),
            (first, -9, "15:30", "told", self.told),
            (first, -8, "15:00", "evidence", self.declare_evidence),
            (first, -7, "11:00", "prepare", self.prepare),
            (first, -5, "12:00", "open_survey", self.open_survey),
            (first, -1, "12:00", "close_survey", self.close_survey),
            (first, 0, "09:10", "arrive", self.arrive),
            (first, 0, "17:00", "meet", self.meet),
            *(
                (day, 0, "16:30", "keep_in_touch", lambda day=day: self.keep_in_touch(day))
                for day in self.on_site
            ),
            (last, 0, "17:15", "feedback", self.feedback),
            (last, 12, "15:00", "draft", self.draft),
            (last, 20, "12:00", "comments", self.comments),
            (last, 22, "14:00", "reply", self.reply),
            (last, 27, "11:00", "final", self.final),
            (last, 32, "09:30", "publish", self.publish),
            (last, 38, "11:00", "next_steps", self.next_steps),
        ]
        yield from happening_by(steps, self.statement.calendar, self.forgotten, self.ends_before)

    def _record(self, facts: Any, by: User | None = None, *, at_noon: bool = False) -> None:
        if self.found is None:
            self.found = Case.objects.get(kind="revisit", origin=self.statement.case)
        # The survey opens and closes on the stroke of twelve, whenever that is put on record.
        at = at_time(clock.today(), "12:00") if at_noon else None
        record(self.found.pk, facts, by=by or self.lead_hmi, happened_at=at)

    def schedule(self) -> None:
        """Dates and team."""
        fixed = events.Scheduled(
            first_day=self.first_day,
            last_day=self.on_site[-1],
            lead_hmi=self.lead_hmi.pk,
            cqc_inspector=self.cqc_inspector.pk,
            reason_late="Inspectors were needed for urgent inspections.",
        )
        self._record(fixed, self.statement.people.officer)

    def notify(self) -> None:
        """The director, in the morning."""
        name = director_of(self.area).name
        told = events.Notified(taken_by=events.TakenBy.NAMED, name=name, told=True)
        self._record(told)

    def tell_the_others(self) -> None:
        """Health, the nominated officer, the forum; what is asked for goes out."""
        today = clock.today()
        for one in areas.health_commissioners(self.area, today):
            chief = areas.holder(one, PostKind.HEALTH_CHIEF_EXECUTIVE, today, self.area)
            told = events.HealthTold(
                subject=str(one.pk),
                taken_by=events.TakenBy.NAMED,
                name=chief.name if chief else "Duty manager",
            )
            self._record(told, self.cqc_inspector)
        officer = self._officer()
        call = events.LanoCallHeld(name=officer.name, email=officer.email, young_people=True)
        self._record(call)
        self._record(events.PcfTold(focus=True, questions=True))
        self._record(events.RequestSent())

    def _officer(self) -> Any:
        council = areas.council(self.area, clock.today())
        found = areas.holder(council, PostKind.LANO, clock.today(), self.area) if council else None
        assert found is not None  # made with the demonstration's places
        return found

    def _nominated(self) -> User:
        return User.objects.get(email__iexact=self._officer().email)

    def told(self) -> None:
        """The area has told everybody."""
        told = events.ToldRecorded(how_many=310, how="By e-mail and on the local offer’s page")
        self._record(told, self._nominated())

    def declare_evidence(self) -> None:
        """All is uploaded."""
        self._record(events.UploadDeclaredComplete(outcomes=True), self._nominated())

    def prepare(self) -> None:
        """Read, asked, planned, talked with the advisers."""
        for facts in (
            events.QuestionsShared(),
            events.ReviewRecorded(),
            events.ScheduleCallHeld(),
            events.AdvisersCallRecorded(),
        ):
            self._record(facts)

    def open_survey(self) -> None:
        """Day -5, noon."""
        self._record(events.SurveyOpened(), at_noon=True)

    def close_survey(self) -> None:
        """Day -1, noon."""
        self._record(events.SurveyClosed(), at_noon=True)

    def arrive(self) -> None:
        """Day 1."""
        self._record(events.OnSiteBegun())

    def meet(self) -> None:
        """Leaders in the morning, parents in the afternoon."""
        self._record(events.LeadersMeetingHeld())
        self._record(events.ForumMeetingHeld())
        self._record(events.OpenMeetingHeld(open_to_all=True))

    def keep_in_touch(self, day: datetime.date) -> None:
        """Each day on site; on the last, after the talk with children and young people."""
        self._record(events.KitMeetingHeld(subject=day.isoformat()))
        if day == self.on_site[-1]:
            self._record(events.CypDiscussionHeld(consent=True))

    def feedback(self) -> None:
        """The judgement on each weakness, told the same afternoon."""
        judged = events.ProgressJudged(
            sufficient=self.sufficient,
            not_sufficient=self.not_sufficient,
            reasons="Each weakness with what changed for families, and what did not.",
        )
        self._record(judged)
        self._record(events.FeedbackGiven())

    def draft(self) -> None:
        """Signed off by both."""
        self._record(events.DraftSent(ofsted_assured=True, cqc_assured=True))

    def comments(self) -> None:
        """None of the bodies has any."""
        for one in areas.bodies(self.area, clock.today()):
            self._record(events.CommentsReceived(subject=str(one.pk), none=True))

    def reply(self) -> None:
        """That there were none."""
        self._record(events.ReplySent())

    def final(self) -> None:
        """The letter goes out."""
        self._record(events.FinalLetterSent(), self.statement.people.officer)

    def publish(self) -> None:
        """By both inspectorates: the statement ends, or stays in further support."""
        for one, by in zip(INSPECTORATES, (self.publications, self.cqc_officer), strict=True):
            self._record(events.RevisitPublished(subject=one.key), by)

    def next_steps(self) -> None:
        """DfE and NHS England choose what follows where progress was insufficient."""
        if not self.not_sufficient:
            return
        chosen = monitoring.NextStepsChosen(
            steps=("updated_plan", "accountable_officers"),
            reason="Waiting times have hardly changed.",
        )
        record(self.statement.monitoring().pk, chosen, by=self.statement.people.official)
