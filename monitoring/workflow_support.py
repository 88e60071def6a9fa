"""The steps of the support programme after an inspection of 2023: data.

The stage is the programme of the outcome: what belongs to another outcome cannot be recorded.
"""

from collections.abc import Mapping

from casework.periods import still_without_an_answer
from casework.workflow import Step
from inspections.guards import address_is_one, reason_is_given, subject_is_said
from monitoring import events_support as events
from monitoring import guards
from monitoring.workflow import BASE, BODIES, SUBMITTERS

STAGES: Mapping[str, str] = {
    "begun": "Begun",
    "positive": "Typically positive",
    "inconsistent": "Inconsistent",
    "failings": "Failings",
    "closed": "Closed",
}
ENDED = frozenset({"closed"})
OPEN = frozenset(STAGES) - ENDED
POSITIVE = frozenset({"positive"})
INCONSISTENT = frozenset({"inconsistent"})
FAILINGS = frozenset({"failings"})

MINISTERS = frozenset({"minister", "official"})
OFFICIALS = frozenset({"official"})

INFORMAL = guards.was_offered(
    "informal_meeting_offered", answers=("informal_meeting_held", "informal_meeting_declined")
)
CONVERSATION = guards.was_offered(
    "conversation_offered", answers=("conversation_held", "conversation_declined")
)
MET = guards.after("senior_officials_met", "The senior officials’ meeting")
MINDED = guards.after("minded_notice_sent", "The ‘minded to’ notice")

STEPS: tuple[Step, ...] = (
    Step(events.ProgrammeBegun, OPEN, who=OFFICIALS, again=True, hidden=True),
    Step(events.MinisterLetterSent, OPEN, who=MINISTERS),
    Step(events.InclusionPlanReviewed, OPEN, who=SUBMITTERS | BODIES),
    Step(events.NoInclusionPlan, OPEN, who=SUBMITTERS | BODIES),
    Step(
        events.StrategicPlanPublished,
        OPEN,
        who=SUBMITTERS | BODIES,
        guards=(address_is_one,),
    ),
    Step(events.InformalMeetingOffered, POSITIVE, who=BODIES),
    Step(events.InformalMeetingHeld, POSITIVE, who=BODIES, guards=(INFORMAL,)),
    Step(events.InformalMeetingDeclined, POSITIVE, who=BODIES, guards=(INFORMAL,)),
    Step(events.ConversationOffered, POSITIVE, who=BODIES, again=True),
    Step(events.ConversationHeld, POSITIVE, who=BODIES, guards=(CONVERSATION,), again=True),
    Step(events.ConversationDeclined, POSITIVE, who=BODIES, guards=(CONVERSATION,), again=True),
    Step(events.SeniorOfficialsMet, INCONSISTENT | FAILINGS, who=BODIES),
    Step(events.BoardEnquiryRecorded, INCONSISTENT, who=BODIES),
    Step(
        events.ProgressMeetingHeld,
        INCONSISTENT,
        who=BODIES,
        guards=(guards.evidence_is_asked_for,),
        again=True,
    ),
    Step(
        events.BoardRecorded,
        FAILINGS,
        who=BODIES | SUBMITTERS,
        guards=(guards.chair_is_independent,),
    ),
    Step(events.StocktakeHeld, FAILINGS, who=BODIES, guards=(MET,), again=True),
    Step(
        events.DeepDiveHeld,
        FAILINGS,
        who=BODIES,
        guards=(subject_is_said, MET),
        again=True,
    ),
    Step(events.MindedCallMade, FAILINGS, who=OFFICIALS),
    Step(events.NoticeDecidedAgainst, FAILINGS, who=MINISTERS, guards=(reason_is_given,)),
    Step(events.MindedNoticeSent, FAILINGS, who=MINISTERS, guards=(MET,)),
    Step(
        events.NoticeResponseReceived,
        FAILINGS,
        who=SUBMITTERS | OFFICIALS,
        guards=(MINDED, guards.points_or_none),
    ),
    Step(
        events.NoticePeriodOver,
        FAILINGS,
        checks=(still_without_an_answer,),
        again=True,
        hidden=True,
    ),
    Step(
        events.NoticePublished,
        FAILINGS,
        who=MINISTERS,
        guards=(MINDED, address_is_one),
    ),
    Step(events.Closed, OPEN, "closed", who=OFFICIALS, hidden=True),
    *BASE,
)
