"""The kinds of event of the support programme after an area SEND inspection (2023). Their names
are the timetable's.

Whatever is free text or names a person is `personal`: it stands in the event's note.
"""

from typing import ClassVar

from casework.events import Facts, fact, facts, personal
from casework.workflow import State
from inspections.events import JUDGEMENTS, Judgement


@facts
class ProgrammeBegun(Facts):
    """The report is published: the programme of its outcome begins (SC)."""

    kind: ClassVar[str] = "programme_begun"
    label: ClassVar[str] = "Support programme begun"

    result: Judgement = fact("Outcome of the inspection", choices=JUDGEMENTS)

    def leads_to(self, state: State) -> str | None:
        """Each outcome has its own programme."""
        return self.result.value

    def sentence(self, subject_name: str = "") -> str:
        """For which outcome."""
        return f"{self.label}: {dict(JUDGEMENTS)[self.result.value].lower()}"


@facts
class MinisterLetterSent(Facts):
    """The Minister's letter to the leaders of the area (SC)."""

    kind: ClassVar[str] = "minister_letter_sent"
    label: ClassVar[str] = "Minister’s letter sent"
    action: ClassVar[str] = "Send the Minister’s letter"


@facts
class InclusionPlanReviewed(Facts):
    """The local inclusion plan was reviewed in the light of the report (SC)."""

    kind: ClassVar[str] = "inclusion_plan_reviewed"
    label: ClassVar[str] = "Local inclusion plan reviewed"


@facts
class NoInclusionPlan(Facts):
    """There is none to be reviewed (SC: 'where there is one')."""

    kind: ClassVar[str] = "no_inclusion_plan"
    label: ClassVar[str] = "No local inclusion plan to review"
    action: ClassVar[str] = "Record that there is no local inclusion plan"


@facts
class StrategicPlanPublished(Facts):
    """The updated strategic plan stands on the area's website (SC)."""

    kind: ClassVar[str] = "strategic_plan_published"
    label: ClassVar[str] = "Updated strategic plan published"
    action: ClassVar[str] = "Record where the updated strategic plan is published"

    address: str = fact("Web address")


# --- typically positive -----------------------------------------------------------------------


@facts
class InformalMeetingOffered(Facts):
    """An informal meeting was offered (SC, positive)."""

    kind: ClassVar[str] = "informal_meeting_offered"
    label: ClassVar[str] = "Informal meeting offered"
    action: ClassVar[str] = "Offer an informal meeting"


@facts
class InformalMeetingHeld(Facts):
    """It was held."""

    kind: ClassVar[str] = "informal_meeting_held"
    label: ClassVar[str] = "Informal meeting held"


@facts
class InformalMeetingDeclined(Facts):
    """The area does not want it."""

    kind: ClassVar[str] = "informal_meeting_declined"
    label: ClassVar[str] = "Informal meeting declined"


@facts
class ConversationOffered(Facts):
    """The strategic conversation of a year was offered (SC, positive)."""

    kind: ClassVar[str] = "conversation_offered"
    label: ClassVar[str] = "Strategic conversation offered"
    action: ClassVar[str] = "Offer a strategic conversation"


@facts
class ConversationHeld(Facts):
    """It was held."""

    kind: ClassVar[str] = "conversation_held"
    label: ClassVar[str] = "Strategic conversation held"


@facts
class ConversationDeclined(Facts):
    """The area does not want it this year."""

    kind: ClassVar[str] = "conversation_declined"
    label: ClassVar[str] = "Strategic conversation declined"


# --- inconsistent; failings -------------------------------------------------------------------


@facts
class SeniorOfficialsMet(Facts):
    """The senior officials' meeting (SC)."""

    kind: ClassVar[str] = "senior_officials_met"
    label: ClassVar[str] = "Senior officials’ meeting held"

    papers: bool = fact(
        "The papers asked for in the invitation were there",
        hint="Inconsistent: the current strategic plan and how improvements will be addressed. "
        "Failings: how each area for priority action and for improvement will be.",
        default=False,
    )


@facts
class BoardEnquiryRecorded(Facts):
    """Whether there is an improvement board, or one is needed (SC, inconsistent)."""

    kind: ClassVar[str] = "board_enquiry_recorded"
    label: ClassVar[str] = "Enquiry about an improvement board recorded"

    there_is_one: bool = fact("There is a SEND improvement board", default=False)
    needed: bool = fact("One is needed", default=False)
    attended: bool = fact("It was attended", default=False)


@facts
class BoardRecorded(Facts):
    """The improvement board, its independent chair and its dates (SC, failings)."""

    kind: ClassVar[str] = "board_recorded"
    label: ClassVar[str] = "Improvement board and its chair recorded"
    action: ClassVar[str] = "Record the improvement board"

    independent: bool = fact("Its chair is independent of the local area", default=False)
    chair: str = personal("Name of the chair")
    dates: str = personal("Dates of its meetings", widget="textarea")


@facts
class ProgressMeetingHeld(Facts):
    """A six-monthly progress meeting (SC, inconsistent)."""

    kind: ClassVar[str] = "progress_meeting_held"
    label: ClassVar[str] = "Progress meeting held"

    evidence: bool = fact("Evidence of progress was asked for beforehand", default=False)
    follow_up: str = personal("What was agreed", widget="textarea")


@facts
class StocktakeHeld(Facts):
    """A stocktake with senior representatives (SC, failings)."""

    kind: ClassVar[str] = "stocktake_held"
    label: ClassVar[str] = "Stocktake held"

    follow_up: str = personal("What was agreed", widget="textarea")


@facts
class DeepDiveHeld(Facts):
    """A deep dive into one area for priority action (SC, failings)."""

    kind: ClassVar[str] = "deep_dive_held"
    label: ClassVar[str] = "Deep dive held"
    subjects: ClassVar[str] = "priority_action_area"

    follow_up: str = personal("What was found and agreed", widget="textarea")


@facts
class MindedCallMade(Facts):
    """A senior DfE official told the authority that a notice is in mind (SC, failings)."""

    kind: ClassVar[str] = "minded_call_made"
    label: ClassVar[str] = "Call made: the Minister is minded to issue an improvement notice"
    action: ClassVar[str] = "Record the call on an improvement notice"


@facts
class NoticeDecidedAgainst(Facts):
    """No improvement notice will be issued, for compelling reasons (SC)."""

    kind: ClassVar[str] = "notice_decided_against"
    label: ClassVar[str] = "Decided against an improvement notice"
    action: ClassVar[str] = "Decide against an improvement notice"

    reason: str = personal("The compelling reasons", widget="textarea")


@facts
class MindedNoticeSent(Facts):
    """The formal 'minded to' notice (SC, failings)."""

    kind: ClassVar[str] = "minded_notice_sent"
    label: ClassVar[str] = "‘Minded to’ notice sent"
    action: ClassVar[str] = "Send the ‘minded to’ notice"


@facts
class NoticeResponseReceived(Facts):
    """Factual inaccuracies in the 'minded to' papers, or that there are none (SC)."""

    kind: ClassVar[str] = "notice_response_received"
    label: ClassVar[str] = "Response to the ‘minded to’ notice received"
    action: ClassVar[str] = "Respond to the ‘minded to’ notice"

    none: bool = fact("There are no inaccuracies to point out", default=False)
    points: str = personal("Inaccuracies", widget="textarea")


@facts
class NoticePeriodOver(Facts):
    """The time for the response ended without one (SC)."""

    kind: ClassVar[str] = "notice_period_over"
    label: ClassVar[str] = "Time to respond to the ‘minded to’ notice over, no response"


@facts
class NoticePublished(Facts):
    """The final improvement notice was sent and published (SC)."""

    kind: ClassVar[str] = "notice_published"
    label: ClassVar[str] = "Improvement notice published"
    action: ClassVar[str] = "Publish the improvement notice"

    address: str = fact("Web address")


@facts
class Closed(Facts):
    """The area is inspected again: the programme ends (SC)."""

    kind: ClassVar[str] = "closed"
    label: ClassVar[str] = "Support programme closed"
    action: ClassVar[str] = "Close the support programme"


EVENTS: tuple[type[Facts], ...] = (
    ProgrammeBegun,
    MinisterLetterSent,
    InclusionPlanReviewed,
    NoInclusionPlan,
    StrategicPlanPublished,
    InformalMeetingOffered,
    InformalMeetingHeld,
    InformalMeetingDeclined,
    ConversationOffered,
    ConversationHeld,
    ConversationDeclined,
    SeniorOfficialsMet,
    BoardEnquiryRecorded,
    BoardRecorded,
    ProgressMeetingHeld,
    StocktakeHeld,
    DeepDiveHeld,
    MindedCallMade,
    NoticeDecidedAgainst,
    MindedNoticeSent,
    NoticeResponseReceived,
    NoticePeriodOver,
    NoticePublished,
    Closed,
)
