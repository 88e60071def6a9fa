"""The kinds of event of the report, what follows from it, and the end."""

import datetime
import enum
from typing import Any, ClassVar

from casework.events import Facts, day_in_words, fact, facts, personal
from casework.timetable import Happening

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
