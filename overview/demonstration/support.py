"""What happens after an inspection of 2023 in the demonstration: the programme of its outcome."""

import datetime
from typing import TYPE_CHECKING, Any

from accounts.models import User
from casework.models import Case
from casework.recording import record
from inspections.events import Judgement
from monitoring import events_support as events
from overview.demonstration.leaders import director_of
from overview.demonstration.moments import Steps

if TYPE_CHECKING:
    from overview.demonstration.story import Story

ADDRESS = "https://body-1.example/send/strategic-plan"


def steps_after(story: "Story", published: datetime.date) -> Steps:
    """The steps of the programme, from the day on which the report was published."""

    def step(days: int, time: str, name: str, facts: Any, by: User) -> Any:
        def act() -> None:
            record(Case.objects.get(kind="support", origin=story.id).pk, facts, by=by)

        return published, days, time, name, act

    staff = story.staff
    official, adviser = staff.official, staff.adviser
    leader = director_of(story.area)
    plan = events.StrategicPlanPublished(address=ADDRESS)
    found: Steps = [
        step(12, "10:00", "minister", events.MinisterLetterSent(), staff.minister),
        step(50, "10:00", "plan", plan, leader),
        step(52, "10:00", "inclusion", events.InclusionPlanReviewed(), leader),
    ]
    if story.judgement is Judgement.POSITIVE:
        return [
            *found,
            step(18, "11:00", "offer", events.InformalMeetingOffered(), adviser),
            step(31, "11:00", "meet", events.InformalMeetingHeld(), adviser),
        ]
    senior = step(34, "11:00", "senior", events.SeniorOfficialsMet(papers=True), official)
    if story.judgement is Judgement.INCONSISTENT:
        enquiry = events.BoardEnquiryRecorded(there_is_one=True, attended=True)
        return [*found, senior, step(35, "11:00", "board", enquiry, adviser)]
    board = events.BoardRecorded(
        independent=True, chair="Dame Rosamund Keeling", dates="The first Tuesday of each month"
    )
    return [
        *found,
        step(8, "11:00", "call", events.MindedCallMade(), official),
        senior,
        step(36, "11:00", "board", board, official),
        step(46, "11:00", "minded", events.MindedNoticeSent(), staff.minister),
    ]
