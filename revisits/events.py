"""The kinds of event of a re-visit. Their names are the timetable's.

What an inspection has in the same form is taken from there. Whatever is free text or names a
person is `personal`: it stands in the event's note.
"""

import datetime
import enum
from collections.abc import Callable
from typing import Any, ClassVar

from casework.events import Facts, day_in_words, fact, facts, personal
from casework.timetable import Happening
from inspections import events as inspection
from inspections.events import (
    DCS_CHOICES,
    DatesOnRecord,
    HealthTold,
    KitMeetingHeld,
    OnSiteBegun,
    RetentionReviewed,
    TakenBy,
)

# --- programme and scheduling -----------------------------------------------------------------


@facts
class Planned(inspection.Planned):
    """A re-visit of the statement's area, in a rough period."""

    kind: ClassVar[str] = "planned"
    label: ClassVar[str] = "Re-visit planned"


def _people_for(place: str) -> Callable[[Any], list[tuple[str, str]]]:
    def listed(case: Any) -> list[tuple[str, str]]:
        from inspections.scheduling import people_for

        return people_for(case, place)

    return listed


@facts
class Scheduled(Facts):
    """Dates and team are fixed: an HMI leads with a CQC inspector (RV 6)."""

    kind: ClassVar[str] = "scheduled"
    label: ClassVar[str] = "Dates and team fixed"
    action: ClassVar[str] = "Fix dates and team"
    planned: ClassVar[tuple[str, ...]] = ("first_day", "last_day")

    first_day: datetime.date = fact(
        "Day 1, the first day on site", hint="Notice is given ten working days before."
    )
    last_day: datetime.date = fact(
        "Last day on site", hint="Two to four working days from Day 1 (RV 19)."
    )
    lead_hmi: int = fact("Lead HMI", choices=_people_for("lead_hmi"))
    cqc_inspector: int = fact("CQC inspector", choices=_people_for("cqc_inspector"))
    additional_inspectors: tuple[int, ...] = fact(
        "Further inspectors", choices=_people_for("additional_inspector"), default=()
    )
    reason_team: str = personal(
        "Why not the inspectors of the inspection, and the experience of each replacement",
        hint="Only where somebody of that team is replaced (RV 6).",
        widget="textarea",
    )
    reason_late: str = personal(
        "Why later than 18 months after the statement was judged fit",
        hint="Only where it is (HB 106).",
        widget="textarea",
    )

    def team(self) -> list[tuple[int, str]]:
        """Who is on the team: person and role, lead HMI first."""
        return [
            (self.lead_hmi, "lead_hmi"),
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
    action: ClassVar[str] = "Change dates or team"

    why: str = personal("Why dates or team change", widget="textarea")


@facts
class Cancelled(Facts):
    """It will not take place. The reason stands in the note."""

    kind: ClassVar[str] = "cancelled"
    label: ClassVar[str] = "Re-visit cancelled"
    action: ClassVar[str] = "Cancel the re-visit"

    reason: str = personal("Why it is cancelled", widget="textarea")


# --- notification -----------------------------------------------------------------------------


@facts
class Notified(Facts):
    """The director of children's services was told, in the morning of Day -10 (RV 7)."""

    kind: ClassVar[str] = "notified"
    label: ClassVar[str] = "Director of children’s services notified"
    action: ClassVar[str] = "Record the call to the director"

    taken_by: TakenBy = fact("Who took the call", choices=DCS_CHOICES)
    name: str = personal("Name")
    post: str = personal("Post", hint="Only for somebody other than the director.")
    told: bool = fact(
        "Told of length, team and quality assurance",
        hint="RV 7, 19: how long, who comes, and whether quality assurance is on site.",
        default=False,
    )
    reason: str = personal(
        "Why not in the morning of that day",
        hint="Only where the call was made on another day or after noon.",
        widget="textarea",
    )


@facts
class LanoCallHeld(Facts):
    """The follow-up call to the nominated officer, and who that is (RV 8-9)."""

    kind: ClassVar[str] = "lano_call_held"
    label: ClassVar[str] = "Follow-up call with the nominated officer held"
    action: ClassVar[str] = "Record the call to the nominated officer"

    name: str = personal("Name of the nominated officer")
    email: str = personal("E-mail address", hint="It gives them access to this case.")
    young_people: bool = fact("Asked for a meeting with children and young people", default=False)


@facts
class PcfTold(Facts):
    """The forum, or the parents' groups of the statement, were told (RV 10-11)."""

    kind: ClassVar[str] = "pcf_told"
    label: ClassVar[str] = "Parent carer forum told"
    action: ClassVar[str] = "Record the call to the forum"

    focus: bool = fact("Told of the focus of the open meeting", default=False)
    questions: bool = fact("Given the proposed questions of the survey", default=False)


@facts
class ToldRecorded(inspection.ToldRecorded):
    """The local area told all stakeholders the dates: when, how, how many (RV 8)."""

    kind: ClassVar[str] = "told_recorded"
    label: ClassVar[str] = "Stakeholders told the dates by the area"


# --- before Day 1 -----------------------------------------------------------------------------


@facts
class RequestSent(Facts):
    """Information was asked for from the local area and the forum (RV table)."""

    kind: ClassVar[str] = "request_sent"
    label: ClassVar[str] = "Information asked for from the area and the forum"


@facts
class UploadDeclaredComplete(Facts):
    """The area's evidence of impact is complete, with tribunal and ombudsman outcomes (RV 15)."""

    kind: ClassVar[str] = "upload_declared_complete"
    label: ClassVar[str] = "Evidence declared complete by the area"
    action: ClassVar[str] = "Declare the evidence complete"

    outcomes: bool = fact("Tribunal and ombudsman outcomes are included", default=False)


@facts
class QuestionsShared(Facts):
    """The questions for children and young people went to the nominated officer (RV 9)."""

    kind: ClassVar[str] = "questions_shared"
    label: ClassVar[str] = "Questions for children and young people shared"


@facts
class ReviewRecorded(Facts):
    """The evidence was read and the activities on site chosen (RV 12)."""

    kind: ClassVar[str] = "review_recorded"
    label: ClassVar[str] = "Evidence read and activities chosen"


@facts
class ScheduleCallHeld(Facts):
    """The call on the draft schedule with the nominated officer and health (RV 12)."""

    kind: ClassVar[str] = "schedule_call_held"
    label: ClassVar[str] = "Call on the draft schedule held"


@facts
class AdvisersCallRecorded(Facts):
    """The talk with the DfE and NHS England advisers is in the evidence base (RV 13)."""

    kind: ClassVar[str] = "advisers_call_recorded"
    label: ClassVar[str] = "Call with the DfE and NHS England advisers recorded"

    dfe: bool = fact("The DfE adviser took part", default=True)
    nhs: bool = fact("The NHS England adviser took part", default=True)


@facts
class SurveyOpened(Facts):
    """The online survey for parents is open: from Day -5, 12:00 (RV 16)."""

    kind: ClassVar[str] = "survey_opened"
    label: ClassVar[str] = "Survey for parents opened"


@facts
class SurveyClosed(Facts):
    """The survey is closed: on Day -1, 12:00 (RV table)."""

    kind: ClassVar[str] = "survey_closed"
    label: ClassVar[str] = "Survey for parents closed"


# --- on site ----------------------------------------------------------------------------------


@facts
class LeadersMeetingHeld(Facts):
    """The meeting with the senior leaders responsible for the statement (RV table)."""

    kind: ClassVar[str] = "leaders_meeting_held"
    label: ClassVar[str] = "Meeting with senior leaders held"


@facts
class ForumMeetingHeld(Facts):
    """The meeting with the forum and parents (RV 11)."""

    kind: ClassVar[str] = "forum_meeting_held"
    label: ClassVar[str] = "Meeting with the forum and parents held"


@facts
class OpenMeetingHeld(Facts):
    """The meeting that was open to all parents and carers (RV 11, 20)."""

    kind: ClassVar[str] = "open_meeting_held"
    label: ClassVar[str] = "Open meeting with parents held"

    open_to_all: bool = fact("It was open to all parents and carers", default=False)


@facts
class CypDiscussionHeld(Facts):
    """The discussion with children and young people (RV 21)."""

    kind: ClassVar[str] = "cyp_discussion_held"
    label: ClassVar[str] = "Discussion with children and young people held"

    consent: bool = fact(
        "Consent was recorded beforehand and checked at the start", hint="HB 33-34", default=False
    )


class Progress(enum.StrEnum):
    """The three-way outcome of a re-visit; derived from the judgements, never typed."""

    ALL = "all_sufficient"
    SOME = "some_sufficient"
    NONE = "none_sufficient"


@facts
class ProgressJudged(Facts):
    """Progress judged weakness by weakness: sufficient or not, with a clear reason (RV 22-23).

    The numbers stand here until the weaknesses themselves are on record. History may not have them
    (None); then the outcome that was published stands in `published_outcome`, which no form asks.
    """

    kind: ClassVar[str] = "progress_judged"
    label: ClassVar[str] = "Progress judged on each weakness"
    action: ClassVar[str] = "Judge progress on each weakness"

    sufficient: int | None = fact(
        "Weaknesses with sufficient progress", hint="A number, 0 for none.", default=None
    )
    not_sufficient: int | None = fact(
        "Weaknesses without sufficient progress", hint="A number, 0 for none.", default=None
    )
    reasons: str = personal(
        "A clear reason for each judgement", hint="Weakness by weakness (RV 23).", widget="textarea"
    )
    other_concerns: str = personal(
        "Other serious weaknesses",
        hint="They are passed to DfE and NHS England and never start a new statement (RV 3).",
        widget="textarea",
    )
    published_outcome: str = fact("As published", widget="hidden", default="")

    def sentence(self, subject_name: str = "") -> str:
        """In how many weaknesses progress was sufficient, as far as that is known."""
        if self.sufficient is not None and self.not_sufficient is not None:
            judged = self.sufficient + self.not_sufficient
            return f"{self.label}: sufficient in {self.sufficient} of {judged}"
        progress = self.progress()
        words = progress.value.removesuffix("_sufficient") if progress else "a number not known"
        return f"{self.label}: sufficient in {words}, as published"

    def progress(self) -> Progress | None:
        """All, some or none sufficient; None where nothing is known of it."""
        if self.sufficient is None or self.not_sufficient is None:
            return Progress(self.published_outcome) if self.published_outcome else None
        if not self.not_sufficient:
            return Progress.ALL if self.sufficient else None
        return Progress.SOME if self.sufficient else Progress.NONE

    def outcome(self) -> str | None:
        """The official three-way outcome."""
        progress = self.progress()
        return progress.value if progress else None

    def happenings(self, on: datetime.date, at: datetime.datetime | None = None) -> list[Happening]:
        """Also the outcome by its name, on which the rules of what follows depend."""
        found = super().happenings(on, at)
        progress = self.progress()
        return [*found, Happening(event=f"found_{progress.value}", on=on)] if progress else found


@facts
class FeedbackGiven(Facts):
    """The provisional judgements were told in the afternoon of the last day (RV 22)."""

    kind: ClassVar[str] = "feedback_given"
    label: ClassVar[str] = "Feedback given"


# --- letter -----------------------------------------------------------------------------------


@facts
class DraftSent(inspection.DraftSent):
    """The draft letter, quality assured by both inspectorates, was sent (RV 24)."""

    kind: ClassVar[str] = "draft_sent"
    label: ClassVar[str] = "Draft letter sent"
    action: ClassVar[str] = "Send the draft letter"


@facts
class CommentsReceived(inspection.CommentsReceived):
    """One body's comments on factual accuracy, or that it has none (RV 25)."""


@facts
class CommentsPeriodOver(inspection.CommentsPeriodOver):
    """The time for one body's comments ended without any (RV 25)."""


@facts
class ReplySent(inspection.ReplySent):
    """The reply to the comments went out (RV 25)."""


@facts
class FinalLetterSent(Facts):
    """The final letter went to the local authority and each health commissioner (RV 26)."""

    kind: ClassVar[str] = "final_letter_sent"
    label: ClassVar[str] = "Final letter sent"
    action: ClassVar[str] = "Send the final letter"


@facts
class RevisitPublished(Facts):
    """One inspectorate published the re-visit letter (RV 26)."""

    kind: ClassVar[str] = "revisit_published"
    label: ClassVar[str] = "Re-visit letter published"
    action: ClassVar[str] = "Publish the re-visit letter"
    subjects: ClassVar[str] = "inspectorate"

    def opens_the_case_further(self) -> bool:
        """All feedback is confidential until Ofsted publishes, whatever CQC did (HB 46)."""
        return self.subject == "Ofsted"


@facts
class Closed(Facts):
    """Nothing more is due."""

    kind: ClassVar[str] = "closed"
    label: ClassVar[str] = "Re-visit closed"
    action: ClassVar[str] = "Close the re-visit"


EVENTS: tuple[type[Facts], ...] = (
    DatesOnRecord,
    Planned,
    Scheduled,
    Rescheduled,
    Cancelled,
    Notified,
    HealthTold,
    LanoCallHeld,
    PcfTold,
    ToldRecorded,
    RequestSent,
    UploadDeclaredComplete,
    QuestionsShared,
    ReviewRecorded,
    ScheduleCallHeld,
    AdvisersCallRecorded,
    SurveyOpened,
    SurveyClosed,
    OnSiteBegun,
    LeadersMeetingHeld,
    ForumMeetingHeld,
    OpenMeetingHeld,
    CypDiscussionHeld,
    KitMeetingHeld,
    ProgressJudged,
    FeedbackGiven,
    DraftSent,
    CommentsReceived,
    CommentsPeriodOver,
    ReplySent,
    FinalLetterSent,
    RevisitPublished,
    RetentionReviewed,
    Closed,
)
