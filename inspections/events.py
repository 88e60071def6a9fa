"""The kinds of event of an inspection, from planning to closing. Their names are the timetable's.

Whatever names a person or is free text is `personal`: it stands in the event's note.
"""

import datetime
import enum
import uuid
from collections.abc import Callable
from typing import Any, ClassVar

from casework.events import Facts, day_in_words, fact, facts, personal
from casework.timetable import Happening
from inspections.requests import HEALTH_REQUESTS, LANO_REQUESTS

# --- programme and scheduling -----------------------------------------------------------------


@facts
class Planned(Facts):
    """Area and rough period are chosen."""

    kind: ClassVar[str] = "planned"
    label: ClassVar[str] = "Inspection planned"

    period_from: datetime.date = fact("Not before")
    period_to: datetime.date = fact("Not after")

    def sentence(self, subject_name: str = "") -> str:
        """The rough period."""
        return (
            f"{self.label} for {day_in_words(self.period_from)} to {day_in_words(self.period_to)}"
        )


def _people_for(place: str) -> Callable[[Any], list[tuple[str, str]]]:
    """Who can take a place on the team of a case: for the form that corrects an entry."""

    def listed(case: Any) -> list[tuple[str, str]]:
        from inspections.scheduling import people_for

        return people_for(case, place)

    return listed


@facts
class Scheduled(Facts):
    """Dates and team are fixed. `overridden` names the checks that a reason overrode."""

    kind: ClassVar[str] = "scheduled"
    label: ClassVar[str] = "Dates and team fixed"
    planned: ClassVar[tuple[str, ...]] = ("first_day", "last_day")

    first_day: datetime.date = fact("Day 1")
    last_day: datetime.date = fact("Last day on site")
    lead_hmi: int = fact("Lead HMI", choices=_people_for("lead_hmi"))
    ofsted_inspector: int = fact("Ofsted Inspector", choices=_people_for("ofsted_inspector"))
    cqc_inspector: int = fact("CQC inspector", choices=_people_for("cqc_inspector"))
    additional_inspectors: tuple[int, ...] = fact(
        "Further inspectors", choices=_people_for("additional_inspector"), default=()
    )
    planning_days: int = fact("Planning days before Day 1", default=0)
    travel_before: bool = fact("Travel the day before Day 1", default=False)
    travel_after: bool = fact("Travel the day after the last", default=False)
    overridden: tuple[str, ...] = fact("Checks overridden with a reason", default=())
    reason_notice: str = personal("Reason for shorter notice")
    reason_length: str = personal("Reason for more than five days")
    reason_team_size: str = personal("Reason for a larger team")

    def reasons(self) -> dict[str, str]:
        """The reasons given, by the code of the check that each overrides."""
        given = {
            "notice": self.reason_notice,
            "length": self.reason_length,
            "team_size": self.reason_team_size,
        }
        return {code: reason for code, reason in given.items() if reason}

    def team(self) -> list[tuple[int, str]]:
        """Who is on the team: person and role, lead HMI first."""
        return [
            (self.lead_hmi, "lead_hmi"),
            (self.ofsted_inspector, "ofsted_inspector"),
            (self.cqc_inspector, "cqc_inspector"),
            *((person, "additional_inspector") for person in self.additional_inspectors),
        ]

    def sentence(self, subject_name: str = "") -> str:
        """The dates."""
        return f"{self.label}: {day_in_words(self.first_day)} to {day_in_words(self.last_day)}"


@facts
class Rescheduled(Scheduled):
    """Other dates or another team, with the reason why."""

    kind: ClassVar[str] = "rescheduled"
    label: ClassVar[str] = "Dates or team changed"

    why: str = personal("Why dates or team change", widget="textarea")


@facts
class NewDatesGiven(Scheduled):
    """New dates and team after a deferral; the area has been told already (HB 15)."""

    kind: ClassVar[str] = "new_dates_given"
    label: ClassVar[str] = "New dates after deferral"


@facts
class Cancelled(Facts):
    """It will not take place. The reason stands in the note."""

    kind: ClassVar[str] = "cancelled"
    label: ClassVar[str] = "Inspection cancelled"

    reason: str = personal("Why it is cancelled", widget="textarea")


# --- notification -----------------------------------------------------------------------------


class TakenBy(enum.StrEnum):
    """Who took a call: the person named by the handbook, or the most senior available (HB 8)."""

    NAMED = "named"
    MOST_SENIOR = "most_senior"


DCS_CHOICES = (
    (TakenBy.NAMED.value, "The director of children’s services"),
    (TakenBy.MOST_SENIOR.value, "The most senior person available"),
)
HEALTH_CHOICES = (
    (TakenBy.NAMED.value, "The chief executive"),
    (TakenBy.MOST_SENIOR.value, "The most senior person available"),
)


@facts
class Notified(Facts):
    """The director of children's services was called (HB 7), or the most senior person (HB 8)."""

    kind: ClassVar[str] = "notified"
    label: ClassVar[str] = "Notification call made"

    taken_by: TakenBy = fact("Who took the call", choices=DCS_CHOICES)
    name: str = personal("Name")
    post: str = personal("Post")
    reason: str = personal("Why not on that day, from 9am to 10am", widget="textarea")

    def sentence(self, subject_name: str = "") -> str:
        """Who took the call."""
        who = dict(DCS_CHOICES)[self.taken_by]
        return f"{self.label}; taken by {who[0].lower()}{who[1:]}"


@facts
class HealthTold(Facts):
    """A health commissioner's chief executive, or the most senior person, was told (HB 8)."""

    kind: ClassVar[str] = "health_told"
    label: ClassVar[str] = "Health commissioner told"
    subjects: ClassVar[str] = "health_commissioner"

    taken_by: TakenBy = fact("Who took the call", choices=HEALTH_CHOICES)
    name: str = personal("Name")
    post: str = personal("Post")


@facts
class GoAheadConfirmed(Facts):
    """The lead HMI settled with CQC and the support officer that it takes place (HB 9)."""

    kind: ClassVar[str] = "go_ahead_confirmed"
    label: ClassVar[str] = "Going ahead, confirmed with CQC and the support officer"

    cqc: bool = fact("Confirmed with CQC", default=False)
    support_officer: bool = fact("Confirmed with the support officer", default=False)


@facts
class ConfirmationSent(Facts):
    """The confirmation letter went to the local area (HB 9)."""

    kind: ClassVar[str] = "confirmation_sent"
    label: ClassVar[str] = "Confirmation letter sent"
    action: ClassVar[str] = "Send the confirmation letter"

    letter: uuid.UUID | None = fact("Letter", default=None)


@facts
class LanoCallHeld(Facts):
    """The extended call to the local area nominated officer, and who that is (HB 7, 10)."""

    kind: ClassVar[str] = "lano_call_held"
    label: ClassVar[str] = "Extended call with the nominated officer held"

    items: tuple[str, ...] = fact(
        "Gone through", choices=[(item.code, item.title) for item in LANO_REQUESTS], default=()
    )
    name: str = personal("Name of the nominated officer")
    email: str = personal("E-mail address")
    phone: str = personal("Telephone")
    left_out: str = personal("Why something is left for later", widget="textarea")


@facts
class HealthCallHeld(Facts):
    """The CQC inspector's extended call to health: people, sources, access to files (HB 11)."""

    kind: ClassVar[str] = "health_call_held"
    label: ClassVar[str] = "Extended call with health held"
    subjects: ClassVar[str] = "health_commissioner"

    items: tuple[str, ...] = fact(
        "Gone through", choices=[(item.code, item.title) for item in HEALTH_REQUESTS], default=()
    )
    name: str = personal("Who took part for health")
    left_out: str = personal("Why something is left for later", widget="textarea")


@facts
class PcfTold(Facts):
    """Parent carer forum and the information, advice and support service were told (HB 12)."""

    kind: ClassVar[str] = "pcf_told"
    label: ClassVar[str] = "Parent carer forum and advice service told"

    forum: bool = fact("Parent carer forum, or the groups there are, told", default=True)
    advice_service: bool = fact("Information, advice and support service told", default=True)
    open_meeting: bool = fact(
        "Asked for a meeting that any parent or carer can attend", default=True
    )


@facts
class ToldRecorded(Facts):
    """The local area told its providers, parents and carers: when, how, how many (HB 10)."""

    kind: ClassVar[str] = "told_recorded"
    label: ClassVar[str] = "Providers, parents and carers told by the area"

    how_many: int | None = fact("How many were told, about", default=None)
    how: str = personal("How they were told", widget="textarea")


@facts
class DeferralAsked(Facts):
    """The local area asks for other dates, with its reasons (HB 15)."""

    kind: ClassVar[str] = "deferral_asked"
    label: ClassVar[str] = "Deferral asked for"

    asked_by: str = personal("Who asks")
    reason: str = personal("The reasons given", widget="textarea")


@facts
class DeferralAgreed(Facts):
    """The request was weighed on its merits and agreed: the dates no longer hold (HB 15)."""

    kind: ClassVar[str] = "deferral_agreed"
    label: ClassVar[str] = "Deferral agreed"

    reason: str = personal("Reasons for the decision", widget="textarea")

    def clears(self) -> tuple[str, ...]:
        """The days on site, until new ones are given."""
        return ("first_day", "last_day")


@facts
class DeferralDeclined(Facts):
    """The request was weighed on its merits and declined: the dates hold (HB 15)."""

    kind: ClassVar[str] = "deferral_declined"
    label: ClassVar[str] = "Deferral declined"

    reason: str = personal("Reasons for the decision", widget="textarea")


# --- before and on site -----------------------------------------------------------------------


@facts
class SelectionConfirmed(Facts):
    """First choice of settings and of families to talk to is settled (HB 10, 32)."""

    kind: ClassVar[str] = "selection_confirmed"
    label: ClassVar[str] = "Selection of settings and families confirmed"


@facts
class RequestAnswered(Facts):
    """Everything asked for was made available (HB 10, 11)."""

    kind: ClassVar[str] = "request_answered"
    label: ClassVar[str] = "Everything asked for made available"
    subjects: ClassVar[str] = "request"


@facts
class OnSiteBegun(Facts):
    """The team arrived on Day 1, not before 09:00 (HB 21)."""

    kind: ClassVar[str] = "on_site_begun"
    label: ClassVar[str] = "Team on site"


@facts
class KitMeetingHeld(Facts):
    """The keep-in-touch meeting of one day on site (HB 23-25)."""

    kind: ClassVar[str] = "kit_meeting_held"
    label: ClassVar[str] = "Keep-in-touch meeting held"
    subjects: ClassVar[str] = "day_on_site"

    cqc_inspector: bool = fact("CQC inspector took part", default=True)
    dcs: bool = fact("Director of children’s services took part", default=False)


@facts
class FeedbackGiven(Facts):
    """The team gave its feedback to the local area (HB 28-29, 45-46)."""

    kind: ClassVar[str] = "feedback_given"
    label: ClassVar[str] = "Feedback given"


# --- report -----------------------------------------------------------------------------------


@facts
class SurveySent(Facts):
    """The evaluation questionnaire went to the nominated officer (HB 46, 50)."""

    kind: ClassVar[str] = "survey_sent"
    label: ClassVar[str] = "Evaluation questionnaire sent"


@facts
class DraftSent(Facts):
    """The draft report, quality assured by both inspectorates, was sent (HB 55-57)."""

    kind: ClassVar[str] = "draft_sent"
    label: ClassVar[str] = "Draft report sent"

    ofsted_assured: bool = fact("Signed off by Ofsted", default=False)
    cqc_assured: bool = fact("Signed off by CQC", default=False)


@facts
class CommentsReceived(Facts):
    """One body's comments on factual accuracy, or that it has none (HB 58)."""

    kind: ClassVar[str] = "comments_received"
    label: ClassVar[str] = "Comments on factual accuracy received"
    subjects: ClassVar[str] = "body"

    none: bool = fact("It has no comments to make", default=False)


@facts
class CommentsPeriodOver(Facts):
    """The time for one body's comments on factual accuracy ended without any (HB 58)."""

    kind: ClassVar[str] = "comments_period_over"
    label: ClassVar[str] = "Time for comments over, none received"
    subjects: ClassVar[str] = "body"


@facts
class ReplySent(Facts):
    """The reply to the comments went out (HB 58)."""

    kind: ClassVar[str] = "reply_sent"
    label: ClassVar[str] = "Reply to comments sent"


def _counted(number: int | None, noun: str, plural: str) -> str:
    return f"{number} {noun}{plural * (number != 1)}"


class Need(enum.StrEnum):
    """Whether the local area has to make a written statement of action (HB 65)."""

    REQUIRED = "statement_required"
    NOT_REQUIRED = "no_statement"


NEEDS = (
    (Need.REQUIRED.value, "A written statement of action is required"),
    (Need.NOT_REQUIRED.value, "No written statement of action is required"),
)


def bodies_of(case: Any) -> list[tuple[str, str]]:
    """The council and the health commissioners of a case's area, for a form: id and name."""
    from inspections.subjects import of_case

    return [(subject.key, subject.name) for subject in of_case(case)["body"]]


@facts
class Determined(Facts):
    """HMCI determined whether a written statement of action is required, and by whom (HB 29, 65).

    The number of significant weaknesses is that of the report; None where history has it not.
    """

    kind: ClassVar[str] = "determined"
    label: ClassVar[str] = "HMCI’s determination made"
    action: ClassVar[str] = "Determine whether a statement is required"

    result: Need = fact("Determination", choices=NEEDS)
    principal_authorities: tuple[str, ...] = fact(
        "Principal authorities",
        hint="Who must make the statement, where one is required. More than one makes it joint.",
        choices=bodies_of,
        default=(),
    )
    weaknesses: int | None = fact(
        "Number of significant weaknesses",
        hint="As the report has them. Leave it empty where no statement is required.",
        default=None,
    )

    def sentence(self, subject_name: str = "") -> str:
        """Whether a statement is required, and how many weaknesses it answers."""
        words = dict(NEEDS)[self.result]
        counted = f", for {_counted(self.weaknesses, 'significant weakness', 'es')}"
        return f"{self.label}: {words[0].lower()}{words[1:]}{counted if self.weaknesses else ''}"

    def outcome(self) -> str | None:
        """What the inspection came to."""
        return self.result.value


class Judgement(enum.StrEnum):
    """The three outcomes of an area SEND inspection under the framework of 2023."""

    POSITIVE = "positive"
    INCONSISTENT = "inconsistent"
    FAILINGS = "failings"


JUDGEMENTS = (
    (Judgement.POSITIVE.value, "Typically positive experiences and outcomes"),
    (Judgement.INCONSISTENT.value, "Inconsistent experiences and outcomes"),
    (Judgement.FAILINGS.value, "Widespread and/or systemic failings"),
)


@facts
class OutcomeDecided(Facts):
    """Which of the three outcomes an area SEND inspection has (2023)."""

    kind: ClassVar[str] = "outcome_decided"
    label: ClassVar[str] = "Outcome of the inspection decided"
    action: ClassVar[str] = "Decide the outcome"

    result: Judgement = fact("Outcome", choices=JUDGEMENTS)
    priority_areas: int | None = fact(
        "Number of areas for priority action",
        hint="As the report has them. There are some only where failings were found.",
        default=None,
    )

    def sentence(self, subject_name: str = "") -> str:
        """Which outcome, and how many areas for priority action it has."""
        words = dict(JUDGEMENTS)[self.result]
        counted = f"; {_counted(self.priority_areas, 'area', 's')} for priority action"
        more = counted if self.priority_areas else ""
        return f"{self.label}: {words[0].lower()}{words[1:]}{more}"

    def outcome(self) -> str | None:
        """What the inspection came to."""
        return self.result.value

    def happenings(self, on: datetime.date, at: datetime.datetime | None = None) -> list[Happening]:
        """Also the outcome by its name, on which the rules of what follows depend."""
        found = Happening(event=f"found_{self.result.value}", on=on)
        return [*super().happenings(on, at), found]


@facts
class FinalReportSent(Facts):
    """The final report went to the local authority and health commissioners (HB 59)."""

    kind: ClassVar[str] = "final_report_sent"
    label: ClassVar[str] = "Final report sent"


@facts
class FinalReportReceived(Facts):
    """One recipient has the final report: the day from which its duties count."""

    kind: ClassVar[str] = "final_report_received"
    label: ClassVar[str] = "Final report received"
    subjects: ClassVar[str] = "recipient"


@facts
class CopiesSent(Facts):
    """Copies went to the Secretaries of State and others (HB 62)."""

    kind: ClassVar[str] = "copies_sent"
    label: ClassVar[str] = "Copies sent"


@facts
class ReportPublished(Facts):
    """One inspectorate published the report (HB 59)."""

    kind: ClassVar[str] = "report_published"
    label: ClassVar[str] = "Report published"
    subjects: ClassVar[str] = "inspectorate"

    def opens_the_case_further(self) -> bool:
        """All feedback is confidential until Ofsted publishes, whatever CQC did (HB 46)."""
        return self.subject == "Ofsted"


@facts
class AddressRecorded(Facts):
    """Where one recipient published the report on its own website (HB 63)."""

    kind: ClassVar[str] = "address_recorded"
    label: ClassVar[str] = "Web address of the report recorded"
    subjects: ClassVar[str] = "recipient"

    address: str = fact("Web address")


class RetentionDecision(enum.StrEnum):
    """What becomes of the evidence (HB 64)."""

    DISPOSE = "dispose"
    KEEP = "keep"


RETENTION_CHOICES = (
    (RetentionDecision.DISPOSE.value, "To be disposed of"),
    (RetentionDecision.KEEP.value, "Kept longer"),
)


@facts
class RetentionReviewed(Facts):
    """The evidence base was reviewed for disposal (HB 64)."""

    kind: ClassVar[str] = "retention_reviewed"
    label: ClassVar[str] = "Retention of evidence reviewed"

    decision: RetentionDecision = fact("Decision", choices=RETENTION_CHOICES)
    reason: str = personal("Why it is kept longer", widget="textarea")


@facts
class ActionPlanSubmitted(Facts):
    """The local area's priority action plan was submitted (2023, after failings)."""

    kind: ClassVar[str] = "action_plan_submitted"
    label: ClassVar[str] = "Priority action plan submitted"
    action: ClassVar[str] = "Submit the priority action plan"


@facts
class MonitoringInspectionBegun(Facts):
    """The monitoring inspection after failings began (2023)."""

    kind: ClassVar[str] = "monitoring_inspection_begun"
    label: ClassVar[str] = "Monitoring inspection begun"


@facts
class NextInspectionBegun(Facts):
    """The next full inspection of the area began: what goes on until then ends."""

    kind: ClassVar[str] = "next_inspection_begun"
    label: ClassVar[str] = "Next full inspection begun"


@facts
class Closed(Facts):
    """Nothing more is due."""

    kind: ClassVar[str] = "closed"
    label: ClassVar[str] = "Inspection closed"


@facts
class DatesOnRecord(Facts):
    """The days on site as the published record has them; of who was there, or who took the call on
    the day of notification, it says nothing."""

    kind: ClassVar[str] = "dates_on_record"
    label: ClassVar[str] = "On site, by the published record"
    planned: ClassVar[tuple[str, ...]] = ("first_day", "last_day", "notified")

    first_day: datetime.date = fact("Day 1")
    last_day: datetime.date = fact("Last day on site")
    last_day_assumed: bool = fact("The last day is assumed", default=False)
    notified: datetime.date | None = fact("Day of notification", default=None)

    def sentence(self, subject_name: str = "") -> str:
        """The days, and whether the last of them is only assumed."""
        days = f"{day_in_words(self.first_day)} to {day_in_words(self.last_day)}"
        told = f"; notified on {day_in_words(self.notified)}" if self.notified else ""
        return f"{self.label}: {days}{' (assumed)' * self.last_day_assumed}{told}"


EVENTS: tuple[type[Facts], ...] = (
    DatesOnRecord,
    Planned,
    Scheduled,
    Rescheduled,
    NewDatesGiven,
    Cancelled,
    Notified,
    HealthTold,
    GoAheadConfirmed,
    ConfirmationSent,
    LanoCallHeld,
    HealthCallHeld,
    PcfTold,
    ToldRecorded,
    DeferralAsked,
    DeferralAgreed,
    DeferralDeclined,
    SelectionConfirmed,
    RequestAnswered,
    OnSiteBegun,
    KitMeetingHeld,
    FeedbackGiven,
    SurveySent,
    DraftSent,
    CommentsReceived,
    CommentsPeriodOver,
    ReplySent,
    Determined,
    OutcomeDecided,
    FinalReportSent,
    FinalReportReceived,
    CopiesSent,
    ReportPublished,
    AddressRecorded,
    RetentionReviewed,
    ActionPlanSubmitted,
    MonitoringInspectionBegun,
    NextInspectionBegun,
    Closed,
)
