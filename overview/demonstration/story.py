"""What happens at an inspection of the demonstration, and when: a script that every case follows
up to the present. All of it passes through the doors that people use.
"""

import datetime
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from accounts.models import User
from areas import services as areas
from areas.models import LocalArea, Organisation, PostKind
from casework.models import Case
from casework.recording import record
from config import clock
from inspections import events, requests, services
from inspections.frameworks import AREA_SEND_2023, LOCAL_AREA_2016, notice_of
from inspections.timetable import INSPECTORATES
from letters import services as letters
from letters.compose import draft
from letters.registry import letter_kind
from overview.demonstration.moments import Steps, happening_by
from overview.demonstration.support import steps_after
from working_days.calendar import Calendar

LETTER = "L-IN-CONFIRM"
#: The steps that an inspection under the framework of 2023 has here.
OF_2023 = frozenset(
    {
        "plan",
        "schedule",
        "notify",
        "arrive",
        "feedback",
        "draft",
        "comments",
        "determine",
        "final",
        "received",
        "publish",
    }
)


@dataclass(frozen=True)
class Team:
    """Three inspectors who work together in the demonstration."""

    lead_hmi: User
    ofsted_inspector: User
    cqc_inspector: User


@dataclass(frozen=True)
class Staff:
    """The others who have a part in each case."""

    officer: User
    cqc_officer: User
    publications: User
    regional_director: User
    hmci: User
    adviser: User
    official: User
    minister: User


@dataclass
class Story:
    """One case: where, when, by whom, and what is left out of the script."""

    area: LocalArea
    first_day: datetime.date
    team: Team
    staff: Staff
    calendar: Calendar
    #: Nothing of the script happens from this step on.
    ends_before: str = ""
    #: These steps are forgotten: their deadlines pass.
    forgotten: frozenset[str] = frozenset()
    #: In these steps only the first of the bodies does what each of them owes.
    one_body_only: frozenset[str] = frozenset()
    #: Something else that happens, by working days from Day 1.
    besides: dict[int, Callable[["Story"], None]] = field(default_factory=dict)
    #: Whether HMCI determines that a written statement is required.
    statement_required: bool = False
    #: Under the framework of 2023: the outcome, with its number of areas for priority action.
    judgement: events.Judgement | None = None
    priority_areas: int | None = None
    framework: str = LOCAL_AREA_2016
    case: Case | None = None

    # -- where and who -----------------------------------------------------------------------------

    @property
    def on_site(self) -> list[datetime.date]:
        """The five days on site."""
        return [self.calendar.day(self.first_day, number) for number in range(1, 6)]

    @property
    def id(self) -> uuid.UUID:
        """The case's id. Raises ValueError before it is planned."""
        if self.case is None:
            raise ValueError(f"{self.area} is not planned yet.")
        return self.case.pk

    def council(self) -> Organisation:
        """The area's council on the day on the clock."""
        found = areas.council(self.area, clock.today())
        assert found is not None  # every area of today has one
        return found

    def bodies(self, step: str) -> list[Organisation]:
        """Those bodies of the area that do what they owe in a step."""
        found = areas.bodies(self.area, clock.today())
        return found[:1] if step in self.one_body_only else found

    def name_of(self, organisation: Organisation, kind: PostKind) -> str:
        """Who holds a post, or the switchboard where nobody is recorded."""
        holder = areas.holder(organisation, kind, clock.today(), self.area)
        return holder.name if holder else "Duty manager"

    # -- the script --------------------------------------------------------------------------------

    def script(self) -> Iterator[tuple[datetime.datetime, str, Callable[[], None]]]:
        """Each step with its moment and name, in order, whether it has come yet or not."""
        notice = self.calendar.subtract(self.first_day, notice_of(self.framework))
        last = self.on_site[-1]
        steps: Steps = [
            (self.first_day, -60, "10:05", "plan", self.plan),
            (self.first_day, -50, "11:20", "schedule", self.schedule),
            (notice, 0, "09:10", "notify", self.notify),
            (notice, 0, "09:25", "tell_health", self.tell_health),
            (notice, 0, "10:20", "go_ahead", self.go_ahead),
            (notice, 0, "11:05", "letter", self.letter),
            (notice, 0, "11:30", "lano_call", self.lano_call),
            (notice, 1, "10:00", "health_calls", self.health_calls),
            (notice, 1, "11:15", "forum", self.forum),
            (notice, 2, "15:40", "told", self.told),
            (self.first_day, -1, "16:10", "selection", self.selection),
            (self.first_day, 0, "08:50", "requests", self.answer_requests),
            (self.first_day, 0, "09:10", "arrive", self.arrive),
            *(
                (day, 0, "16:30", "keep_in_touch", lambda day=day: self.keep_in_touch(day))
                for day in self.on_site
            ),
            (last, 0, "17:15", "feedback", self.feedback),
            (last, 2, "10:30", "survey", self.survey),
            (last, 12, "15:00", "draft", self.draft),
            (last, 19, "12:00", "comments", self.comments),
            (last, 24, "14:00", "reply", self.reply),
            (last, 25, "16:00", "determine", self.determine),
            (last, 27, "11:00", "final", self.final),
            (last, 28, "09:30", "received", self.received),
            (last, 32, "09:30", "publish", self.publish),
            (last, 35, "16:00", "addresses", self.addresses),
            *(
                (self.first_day, days, "13:00", "besides", lambda act=act: act(self))
                for days, act in self.besides.items()
            ),
        ]
        if self.framework == AREA_SEND_2023:
            steps = [step for step in steps if step[3] in OF_2023]
            if self.judgement is not None:
                steps += steps_after(self, self.calendar.add(last, 32))
        yield from happening_by(steps, self.calendar, self.forgotten, self.ends_before)

    def plan(self) -> None:
        """An area and a rough period."""
        month = datetime.timedelta(days=30)
        begin, end = self.first_day - month, self.first_day + month
        self.case = services.plan_inspection(
            self.area,
            max(begin, clock.today()),
            end,
            by=self.staff.officer,
            framework=self.framework,
        )

    def schedule(self) -> None:
        """Dates and team."""
        choice = services.Choice(
            first_day=self.first_day,
            lead_hmi=self.team.lead_hmi.pk,
            ofsted_inspector=self.team.ofsted_inspector.pk,
            cqc_inspector=self.team.cqc_inspector.pk,
        )
        services.schedule(Case.objects.get(pk=self.id), choice, by=self.staff.officer)

    def notify(self) -> None:
        """The lead HMI calls the director."""
        services.notify(
            self.id,
            taken_by=events.TakenBy.NAMED,
            name=self.name_of(self.council(), PostKind.DCS),
            at=clock.now(),
            by=self.team.lead_hmi,
        )

    def tell_health(self) -> None:
        """The CQC inspector calls each chief executive."""
        for one in areas.health_commissioners(self.area, clock.today()):
            services.tell_health(
                self.id,
                one,
                taken_by=events.TakenBy.NAMED,
                name=self.name_of(one, PostKind.HEALTH_CHIEF_EXECUTIVE),
                at=clock.now(),
                by=self.team.cqc_inspector,
            )

    def go_ahead(self) -> None:
        """Settled with CQC and the support officer."""
        services.confirm_go_ahead(self.id, cqc=True, support_officer=True, by=self.team.lead_hmi)

    def letter(self) -> None:
        """The confirmation is approved, issued, and printed at once: no worker is awaited."""
        case, officer = Case.objects.get(pk=self.id), self.staff.officer
        seen = draft(case, letter_kind(LETTER)).fingerprint
        letter = letters.approve(case, LETTER, by=officer, seen=seen)
        letters.issue(letter.pk, by=officer)
        letters.carry_out(letter.pk)

    def lano_call(self) -> None:
        """The extended call; the nominated officer has access from then on."""
        holder = areas.holder(self.council(), PostKind.LANO, clock.today(), self.area)
        assert holder is not None  # made with the demonstration's places
        services.lano_call(
            self.id,
            name=holder.name,
            email=holder.email,
            phone=holder.phone,
            items=[item.code for item in requests.LANO_REQUESTS],
            at=clock.now(),
            by=self.team.lead_hmi,
        )

    def health_calls(self) -> None:
        """The CQC inspector's extended call to each commissioner."""
        for one in areas.health_commissioners(self.area, clock.today()):
            services.health_call(
                self.id,
                one,
                name=self.name_of(one, PostKind.HEALTH_CHIEF_EXECUTIVE),
                items=[item.code for item in requests.HEALTH_REQUESTS],
                at=clock.now(),
                by=self.team.cqc_inspector,
            )

    def forum(self) -> None:
        """Forum and advice service."""
        services.tell_forum(self.id, at=clock.now(), by=self.team.lead_hmi)

    def told(self) -> None:
        """The area has told providers and parents."""
        told = events.ToldRecorded(how_many=240, how="By e-mail and on the local offer’s web page")
        record(self.id, told, by=self.nominated_officer())

    def nominated_officer(self) -> User:
        """The account that the extended call gave."""
        holder = areas.holder(self.council(), PostKind.LANO, clock.today(), self.area)
        assert holder is not None
        return User.objects.get(email__iexact=holder.email)

    def selection(self) -> None:
        """Settings and families are chosen."""
        record(self.id, events.SelectionConfirmed(), by=self.team.lead_hmi)

    def answer_requests(self) -> None:
        """The area has everything ready."""
        for one in areas.bodies(self.area, clock.today()):
            answered = events.RequestAnswered(subject=str(one.pk))
            record(self.id, answered, by=self.nominated_officer())

    def arrive(self) -> None:
        """Day 1."""
        record(self.id, events.OnSiteBegun(), by=self.team.lead_hmi)

    def keep_in_touch(self, day: datetime.date) -> None:
        """The meeting at the end of each day on site."""
        meeting = events.KitMeetingHeld(subject=day.isoformat(), dcs=day == self.on_site[0])
        record(self.id, meeting, by=self.team.lead_hmi)

    def feedback(self) -> None:
        """The last afternoon."""
        record(self.id, events.FeedbackGiven(), by=self.team.lead_hmi)

    def survey(self) -> None:
        """The questionnaire to the nominated officer."""
        record(self.id, events.SurveySent(), by=self.staff.officer)

    def draft(self) -> None:
        """Signed off by both, then sent."""
        sent = events.DraftSent(ofsted_assured=True, cqc_assured=True)
        record(self.id, sent, by=self.staff.officer)

    def comments(self) -> None:
        """Each body comments, or has nothing to say."""
        for number, one in enumerate(self.bodies("comments")):
            comment = events.CommentsReceived(subject=str(one.pk), none=number > 0)
            record(self.id, comment, by=self.team.lead_hmi)

    def reply(self) -> None:
        """What was done with the comments."""
        record(self.id, events.ReplySent(), by=self.team.lead_hmi)

    def determine(self) -> None:
        """HMCI: whether a statement is required, or which of the outcomes of 2023 it is."""
        if self.judgement is not None:
            decided = events.OutcomeDecided(
                result=self.judgement, priority_areas=self.priority_areas
            )
            record(self.id, decided, by=self.staff.hmci)
            return
        facts = events.Determined(result=events.Need.NOT_REQUIRED)
        if self.statement_required:
            found = areas.bodies(self.area, clock.today())
            facts = events.Determined(
                result=events.Need.REQUIRED,
                principal_authorities=tuple(str(one.pk) for one in found),
                weaknesses=4,
            )
        record(self.id, facts, by=self.staff.hmci)

    def final(self) -> None:
        """The report goes out, with its copies."""
        record(self.id, events.FinalReportSent(), by=self.staff.officer)
        record(self.id, events.CopiesSent(), by=self.staff.publications)

    def received(self) -> None:
        """The bodies have it."""
        for one in self.bodies("received"):
            received = events.FinalReportReceived(subject=str(one.pk))
            record(self.id, received, by=self.staff.officer)

    def publish(self) -> None:
        """Both inspectorates publish."""
        for one, by in zip(
            INSPECTORATES, (self.staff.publications, self.staff.cqc_officer), strict=True
        ):
            record(self.id, events.ReportPublished(subject=one.key), by=by)

    def addresses(self) -> None:
        """Where the bodies published it."""
        for number, one in enumerate(self.bodies("addresses"), start=1):
            address = f"https://body-{number}.example/send/inspection-report"
            found = events.AddressRecorded(subject=str(one.pk), address=address)
            record(self.id, found, by=self.staff.publications)


def ask_for_deferral(story: Story) -> None:
    """The area asks for other dates."""
    asked = events.DeferralAsked(
        asked_by=story.name_of(story.council(), PostKind.DCS),
        reason="Two of the special schools are closed after a flood.",
    )
    record(story.id, asked, by=story.team.lead_hmi)


def agree_to_deferral(story: Story) -> None:
    """The regional director agrees; no new dates yet."""
    agreed = events.DeferralAgreed(reason="Visits to these schools could not take place.")
    record(story.id, agreed, by=story.staff.regional_director)


def cancel(story: Story) -> None:
    """Called off while still confidential."""
    case = Case.objects.get(pk=story.id)
    services.cancel(case, "The area is in another programme this year.", by=story.staff.officer)
