"""The steps of a re-visit: data. From which stage, to which, by whom, and what guards each."""

from collections.abc import Mapping
from dataclasses import replace

from casework.base_steps import BASE_STEPS
from casework.events import Resumed
from casework.periods import still_without_an_answer
from casework.workflow import Step
from inspections import guards as common
from inspections.notifying import tell_the_officer, tell_the_team
from inspections.workflow import (
    AREA,
    DECIDES,
    INSPECTORATE,
    LEADS,
    PUBLISHERS,
    SCHEDULERS,
    TEAM,
)
from revisits import events, guards
from revisits.forms import RescheduleForm
from revisits.resuming import new_days_are_possible
from revisits.scheduling import CHECKS

STAGES: Mapping[str, str] = {
    "planned": "Planned",
    "scheduled": "Scheduled",
    "notified": "Notified",
    "on_site": "On site",
    "feedback_given": "Feedback given",
    "draft_sent": "Draft sent",
    "comments_answered": "Comments answered",
    "final_sent": "Final letter sent",
    "published": "Published",
    "closed": "Closed",
    "cancelled": "Cancelled",
}
ALONG = tuple(name for name in STAGES if name not in ("closed", "cancelled"))


def since(stage: str) -> frozenset[str]:
    """That stage and all after it until closing: recording late what happened is normal."""
    return frozenset(ALONG[ALONG.index(stage) :])


EVIDENCE = AREA | {"send_lead"}
JUDGING = frozenset({"on_site", "feedback_given", "draft_sent", "comments_answered"})
DRAFTED = frozenset({"draft_sent", "comments_answered"})
ON_SITE = (common.not_before_day_1, guards.not_after_the_last_day)

STEPS: tuple[Step, ...] = (
    Step(
        events.Planned,
        frozenset({"planned"}),
        who=SCHEDULERS,
        guards=(common.period_runs_forward,),
        again=True,
        hidden=True,
    ),
    Step(
        events.Scheduled,
        frozenset({"planned"}),
        "scheduled",
        who=SCHEDULERS,
        guards=(guards.days_run_forward, guards.team_is_of_different_people),
        checks=CHECKS,
        notices=(tell_the_team,),
    ),
    Step(
        events.Rescheduled,
        frozenset({"scheduled", "notified"}),
        who=SCHEDULERS,
        guards=(
            guards.days_run_forward,
            guards.team_is_of_different_people,
            guards.change_is_explained,
        ),
        checks=CHECKS,
        again=True,
        form=RescheduleForm,
        notices=(tell_the_team,),
    ),
    Step(
        events.Cancelled,
        frozenset({"planned", "scheduled", "notified"}),
        "cancelled",
        who=SCHEDULERS | DECIDES,
        guards=(common.reason_is_given,),
    ),
    Step(
        events.Notified,
        frozenset({"scheduled"}),
        "notified",
        who=INSPECTORATE,
        guards=(
            common.time_is_given,
            guards.notice_is_given,
            common.who_took_the_call,
            guards.length_and_team_are_told,
        ),
    ),
    Step(
        events.HealthTold,
        since("notified"),
        who=INSPECTORATE,
        guards=(
            common.subject_is_said,
            common.time_is_given,
            common.not_before_the_lead,
            common.who_took_the_call,
        ),
    ),
    Step(
        events.LanoCallHeld,
        since("notified"),
        who=INSPECTORATE,
        guards=(
            common.not_before_the_lead,
            common.officer_is_named,
            guards.meeting_is_asked_for,
        ),
        again=True,
        notices=(tell_the_officer,),
    ),
    Step(
        events.PcfTold,
        since("notified"),
        who=INSPECTORATE,
        guards=(common.not_before_the_lead, guards.focus_and_questions_are_given),
    ),
    Step(
        events.ToldRecorded,
        since("notified"),
        who=INSPECTORATE | AREA,
        guards=(common.not_before_the_lead, common.how_and_how_many_is_said),
    ),
    Step(
        events.RequestSent,
        since("notified"),
        who=INSPECTORATE,
        guards=(common.not_before_the_lead,),
    ),
    Step(
        events.UploadDeclaredComplete,
        since("notified"),
        who=EVIDENCE,
        guards=(common.not_before_the_lead, guards.outcomes_are_included),
    ),
    Step(
        events.QuestionsShared,
        since("notified"),
        who=TEAM,
        guards=(common.not_before_the_lead,),
    ),
    Step(
        events.ReviewRecorded,
        since("notified"),
        who=TEAM,
        guards=(common.not_before_the_lead,),
    ),
    Step(
        events.ScheduleCallHeld,
        since("notified"),
        who=TEAM,
        guards=(common.not_before_the_lead,),
    ),
    Step(
        events.AdvisersCallRecorded,
        since("notified"),
        who=TEAM,
        guards=(common.not_before_the_lead,),
    ),
    Step(
        events.SurveyOpened,
        since("notified"),
        who=LEADS,
        guards=(guards.survey_opens_at_its_time,),
    ),
    Step(
        events.SurveyClosed,
        since("notified"),
        who=LEADS,
        guards=(guards.survey_closes_at_its_time,),
    ),
    Step(
        events.OnSiteBegun,
        frozenset({"notified"}),
        "on_site",
        who=INSPECTORATE,
        guards=(common.arrives_on_day_1_after_nine,),
    ),
    Step(events.LeadersMeetingHeld, since("on_site"), who=TEAM, guards=ON_SITE),
    Step(events.ForumMeetingHeld, since("on_site"), who=TEAM, guards=ON_SITE),
    Step(
        events.OpenMeetingHeld,
        since("on_site"),
        who=TEAM,
        guards=(*ON_SITE, guards.meeting_was_open),
    ),
    Step(
        events.CypDiscussionHeld,
        since("on_site"),
        who=TEAM,
        guards=(*ON_SITE, guards.consent_is_recorded),
    ),
    Step(
        events.KitMeetingHeld,
        since("on_site"),
        who=TEAM,
        guards=(common.meeting_is_on_its_day, *ON_SITE),
    ),
    Step(
        events.ProgressJudged,
        JUDGING,
        who=TEAM,
        guards=(common.not_before_day_1, guards.each_weakness_is_judged),
    ),
    Step(
        events.FeedbackGiven,
        frozenset({"on_site"}),
        "feedback_given",
        who=TEAM,
        guards=(common.not_before_day_1, guards.progress_is_judged),
    ),
    Step(
        events.DraftSent,
        frozenset({"feedback_given"}),
        "draft_sent",
        who=LEADS,
        guards=(common.both_inspectorates_assured,),
    ),
    Step(
        events.CommentsReceived,
        since("draft_sent"),
        who=LEADS,
        guards=(common.subject_is_said,),
    ),
    Step(
        events.CommentsPeriodOver,
        since("draft_sent"),
        checks=(still_without_an_answer,),
        again=True,
        hidden=True,
    ),
    Step(
        events.ReplySent,
        frozenset({"draft_sent"}),
        "comments_answered",
        who=LEADS,
        guards=(common.comments_are_in,),
    ),
    Step(
        events.FinalLetterSent,
        DRAFTED,
        "final_sent",
        who=PUBLISHERS,
        guards=(common.comments_are_in, guards.progress_is_judged),
    ),
    Step(
        events.RevisitPublished,
        since("final_sent"),
        "published",
        who=PUBLISHERS,
        guards=(common.subject_is_said,),
    ),
    Step(
        events.RetentionReviewed,
        since("published"),
        who=SCHEDULERS,
        guards=(common.nothing_is_disposed_of_while_held,),
        again=True,
    ),
    Step(
        events.Closed,
        frozenset({"published"}),
        "closed",
        who=SCHEDULERS,
        guards=(common.nothing_is_due,),
    ),
    Step(events.DatesOnRecord, to_stage="on_site", hidden=True),
    replace(
        next(step for step in BASE_STEPS if step.event is Resumed),
        checks=(new_days_are_possible,),
    ),
)
