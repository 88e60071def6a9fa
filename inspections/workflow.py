"""The steps of an inspection: data. From which stage, to which, by whom, and what guards each."""

from collections.abc import Mapping

from casework.periods import still_without_an_answer
from casework.workflow import Step
from inspections import events, guards
from inspections.frameworks import AREA_SEND_2023, LOCAL_AREA_2016
from inspections.notifying import tell_the_officer, tell_the_team
from inspections.resuming import RESUMED
from inspections.scheduling import checks_allow, planned_area_is_free

STAGES: Mapping[str, str] = {
    "planned": "Planned",
    "scheduled": "Scheduled",
    "notified": "Notified",
    "deferred": "Deferred",
    "on_site": "On site",
    "feedback_given": "Feedback given",
    "draft_sent": "Draft sent",
    "comments_answered": "Comments answered",
    "final_sent": "Final report sent",
    "published": "Published",
    "closed": "Closed",
    "cancelled": "Cancelled",
}
ALONG = tuple(name for name in STAGES if name not in ("deferred", "closed", "cancelled"))


def since(stage: str) -> frozenset[str]:
    """That stage and all after it until closing: recording late what happened is normal."""
    return frozenset(ALONG[ALONG.index(stage) :])


# Who: the rows of roles.md that end in E or D.
SCHEDULERS = frozenset({"support_officer"})
TEAM = frozenset({"lead_hmi", "ofsted_inspector", "cqc_inspector", "additional_inspector"})
INSPECTORATE = SCHEDULERS | TEAM
LEADS = frozenset({"support_officer", "lead_hmi"})
DECIDES = frozenset({"regional_director"})
DETERMINES = frozenset({"hmci"})
AREA = frozenset({"lano", "health_lano"})
PUBLISHERS = frozenset({"support_officer", "publications"})
SITE_OWNERS = AREA | {"dcs", "health_chief_executive", "send_lead"}

#: Who submits a strategic or priority action plan (the row of the 2023 programme).
PLAN_OWNERS = frozenset({"dcs", "health_chief_executive", "send_lead"})
UNDER_2016 = frozenset({LOCAL_AREA_2016})
UNDER_2023 = frozenset({AREA_SEND_2023})

PLANNER = "/inspections/{case}/schedule/"

STEPS: tuple[Step, ...] = (
    Step(
        events.Planned,
        frozenset({"planned"}),
        who=SCHEDULERS,
        guards=(guards.period_runs_forward,),
        checks=(planned_area_is_free,),
        again=True,
        hidden=True,
    ),
    Step(
        events.Scheduled,
        frozenset({"planned"}),
        "scheduled",
        who=SCHEDULERS,
        guards=(guards.days_run_forward,),
        checks=(checks_allow,),
        page=PLANNER,
        hidden=True,
        notices=(tell_the_team,),
    ),
    Step(
        events.Rescheduled,
        frozenset({"scheduled", "notified"}),
        who=SCHEDULERS,
        guards=(
            guards.days_run_forward,
            guards.change_is_explained,
            guards.dates_hold_once_notified,
        ),
        checks=(checks_allow,),
        page=PLANNER,
        again=True,
        hidden=True,
        notices=(tell_the_team,),
    ),
    Step(
        events.NewDatesGiven,
        frozenset({"deferred"}),
        "notified",
        who=SCHEDULERS,
        guards=(guards.days_run_forward,),
        checks=(checks_allow,),
        page=PLANNER,
        again=True,
        hidden=True,
        notices=(tell_the_team,),
    ),
    Step(
        events.Cancelled,
        frozenset({"planned", "scheduled", "notified", "deferred"}),
        "cancelled",
        who=SCHEDULERS | DECIDES,
        guards=(guards.reason_is_given,),
    ),
    Step(
        events.Notified,
        frozenset({"scheduled"}),
        "notified",
        who=INSPECTORATE,
        guards=(
            guards.time_is_given,
            guards.call_falls_on_the_notice_day,
            guards.who_took_the_call,
        ),
        page="/inspections/{case}/notification/#dcs",
    ),
    Step(
        events.HealthTold,
        since("notified"),
        who=INSPECTORATE,
        guards=(
            guards.subject_is_said,
            guards.time_is_given,
            guards.not_before_the_lead,
            guards.who_took_the_call,
        ),
        page="/inspections/{case}/notification/",
    ),
    Step(
        events.GoAheadConfirmed,
        since("notified"),
        who=INSPECTORATE,
        guards=(guards.not_before_the_lead, guards.both_confirmed),
        page="/inspections/{case}/notification/#go-ahead",
        frameworks=UNDER_2016,
    ),
    Step(
        events.ConfirmationSent,
        since("notified"),
        who=LEADS,
        guards=(guards.not_before_the_lead, guards.go_ahead_is_confirmed, guards.sent_as_a_letter),
        letter="L-IN-CONFIRM",
        page="/cases/{case}/letters/L-IN-CONFIRM/",
        frameworks=UNDER_2016,
    ),
    Step(
        events.LanoCallHeld,
        since("notified"),
        who=INSPECTORATE,
        guards=(
            guards.not_before_the_lead,
            guards.officer_is_named,
            guards.lano_list_is_gone_through,
        ),
        again=True,
        page="/inspections/{case}/notification/#lano",
        notices=(tell_the_officer,),
    ),
    Step(
        events.HealthCallHeld,
        since("notified"),
        who=INSPECTORATE,
        guards=(
            guards.subject_is_said,
            guards.not_before_the_lead,
            guards.commissioner_is_told,
            guards.health_list_is_gone_through,
        ),
        again=True,
        page="/inspections/{case}/notification/",
    ),
    Step(
        events.PcfTold,
        since("notified"),
        who=INSPECTORATE,
        guards=(guards.not_before_the_lead, guards.all_are_told),
        page="/inspections/{case}/notification/#forum",
    ),
    Step(
        events.ToldRecorded,
        since("notified"),
        who=INSPECTORATE | AREA,
        guards=(guards.not_before_the_lead, guards.how_and_how_many_is_said),
    ),
    Step(
        events.DeferralAsked,
        frozenset({"notified"}),
        who=LEADS | TEAM,
        guards=(guards.reason_is_given,),
        again=True,
    ),
    Step(
        events.DeferralAgreed,
        frozenset({"notified"}),
        "deferred",
        who=DECIDES,
        guards=(guards.deferral_is_open, guards.reason_is_given),
        again=True,
    ),
    Step(
        events.DeferralDeclined,
        frozenset({"notified"}),
        who=DECIDES,
        guards=(guards.deferral_is_open, guards.reason_is_given),
        again=True,
    ),
    Step(events.SelectionConfirmed, since("notified"), who=TEAM),
    Step(
        events.RequestAnswered,
        since("notified"),
        who=INSPECTORATE | AREA,
        guards=(guards.subject_is_said,),
    ),
    Step(
        events.OnSiteBegun,
        frozenset({"notified"}),
        "on_site",
        who=INSPECTORATE,
        guards=(guards.arrives_on_day_1_after_nine,),
    ),
    Step(
        events.KitMeetingHeld,
        since("on_site"),
        who=TEAM,
        guards=(guards.meeting_is_on_its_day, guards.not_before_day_1),
    ),
    Step(
        events.FeedbackGiven,
        frozenset({"on_site"}),
        "feedback_given",
        who=TEAM,
        guards=(guards.not_before_day_1,),
    ),
    Step(events.SurveySent, since("feedback_given"), who=LEADS),
    Step(
        events.DraftSent,
        frozenset({"feedback_given"}),
        "draft_sent",
        who=LEADS,
        guards=(guards.both_inspectorates_assured,),
        letter="L-IN-DRAFT",
    ),
    Step(events.CommentsReceived, since("draft_sent"), who=LEADS, guards=(guards.subject_is_said,)),
    Step(
        events.CommentsPeriodOver,
        since("draft_sent"),
        checks=(still_without_an_answer,),
        again=True,
        hidden=True,
        frameworks=UNDER_2016,
    ),
    Step(
        events.ReplySent,
        frozenset({"draft_sent"}),
        "comments_answered",
        who=LEADS,
        guards=(guards.comments_are_in,),
        letter="L-IN-FACTS",
    ),
    Step(
        events.Determined,
        frozenset({"draft_sent", "comments_answered"}),
        who=DETERMINES,
        guards=(guards.authorities_fit_the_determination,),
        frameworks=UNDER_2016,
    ),
    Step(
        events.OutcomeDecided,
        frozenset({"draft_sent", "comments_answered"}),
        who=DETERMINES,
        guards=(guards.priority_areas_fit_the_outcome,),
        frameworks=UNDER_2023,
    ),
    Step(
        events.FinalReportSent,
        frozenset({"draft_sent", "comments_answered"}),
        "final_sent",
        who=PUBLISHERS,
        guards=(guards.comments_are_in, guards.outcome_is_decided),
        letter="L-IN-REPORT",
    ),
    Step(
        events.FinalReportReceived,
        since("final_sent"),
        who=PUBLISHERS,
        guards=(guards.subject_is_said,),
    ),
    Step(events.CopiesSent, since("final_sent"), who=PUBLISHERS),
    Step(
        events.ReportPublished,
        since("final_sent"),
        "published",
        who=PUBLISHERS,
        guards=(guards.subject_is_said,),
    ),
    Step(
        events.AddressRecorded,
        since("published"),
        who=PUBLISHERS | SITE_OWNERS,
        guards=(guards.subject_is_said, guards.ofsted_has_published, guards.address_is_one),
    ),
    Step(
        events.RetentionReviewed,
        since("published"),
        who=SCHEDULERS,
        guards=(guards.nothing_is_disposed_of_while_held,),
        again=True,
    ),
    Step(
        events.ActionPlanSubmitted,
        since("final_sent"),
        who=PLAN_OWNERS,
        guards=(guards.failings_were_found,),
        frameworks=UNDER_2023,
    ),
    Step(
        events.MonitoringInspectionBegun,
        since("published"),
        who=SCHEDULERS,
        guards=(guards.failings_were_found,),
        frameworks=UNDER_2023,
    ),
    Step(events.NextInspectionBegun, since("published"), who=SCHEDULERS, frameworks=UNDER_2023),
    Step(
        events.Closed,
        frozenset({"published"}),
        "closed",
        who=SCHEDULERS,
        guards=(guards.nothing_is_due,),
    ),
    Step(events.DatesOnRecord, to_stage="on_site", hidden=True),
    RESUMED,
)
