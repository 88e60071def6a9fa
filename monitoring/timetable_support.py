"""The deadlines of support and challenge after an area SEND inspection of 2023: data.

SC is the guidance of May 2023, which gives the steps and hardly any number: what is wrapped in
`ours(...)` is not in the source. The case's origin is the inspection, whose outcome says which
rows apply.
"""

from datetime import date

from casework.timetable.answers import Subject
from casework.timetable.checks import in_order, one_outcome
from casework.timetable.rules import (
    MUST,
    TARGET,
    Edition,
    EventName,
    Repeat,
    Rule,
    Ruleset,
    answer_or_period_over,
    first_then,
    happened,
    months,
    offered,
    ours,
    unless,
    working_days,
)
from casework.timetable.rules import Event as From

FRAMEWORK = "area-send-2023"

INSPECTORATES = (Subject("Ofsted", "Ofsted"), Subject("CQC", "CQC"))

# The steps that follow from each of the three outcomes.
positive = happened("origin:found_positive", words="experiences are typically positive")
inconsistent = happened("origin:found_inconsistent", words="experiences are inconsistent")
failings = happened("origin:found_failings", words="there are widespread and/or systemic failings")
with_inclusion_plan = unless("no_inclusion_plan", words="there is a local inclusion plan")

NEXT = ("origin:next_inspection_begun",)
MONITORED = ("origin:monitoring_inspection_begun", "origin:next_inspection_begun")
NO_NOTICE = ("notice_decided_against",)

# fmt: off
RULES = (
    Rule("SC-MINISTER", "Minister's letter to local area leaders", "DfE",
         "origin:report_published", ours(working_days(20)), "minister_letter_sent",
         TARGET, "SC, each outcome", brief="Minister's letter"),
    Rule("SC-INCLUSION", "local inclusion plan reviewed in the light of the report", "local area",
         "origin:report_published", ours(working_days(60)), "inclusion_plan_reviewed",
         TARGET, "SC, inclusion plans", only_if=with_inclusion_plan,
         note="Where there is one.", brief="Inclusion plan reviewed"),
    Rule("SC-INFORMAL", "informal meeting offered", "DfE, NHS England Region",
         "origin:report_published", ours(working_days(40)),
         offered("informal_meeting_offered",
                 then=("informal_meeting_held", "informal_meeting_declined")),
         MUST, "SC, positive: meetings", only_if=positive, brief="Informal meeting offered"),
    Rule("SC-ANNUAL-n", "strategic conversation offered", "DfE, NHS England Region",
         ours(From("origin:report_published")), months(12),
         offered("conversation_offered", then=("conversation_held", "conversation_declined")),
         MUST, "SC, positive: meetings", only_if=positive, repeat=Repeat(), until=NEXT,
         note="Each year until the next full inspection.", brief="Strategic conversation offered"),
    Rule("SC-CALL", "call to the authority: the Minister is minded to issue an improvement notice",
         "DfE", "origin:report_published", ours(working_days(10)),
         ("minded_call_made", "notice_decided_against"), MUST, "SC, improvement notices",
         only_if=failings,
         note="By a senior DfE official; or the decision against, with compelling reasons.",
         brief="Call on an improvement notice"),
    Rule("SC-SENIOR", "senior officials' meeting", "DfE, NHS England Region",
         "origin:report_published", ours(working_days(40)), "senior_officials_met",
         MUST, "SC, inconsistent: meetings", only_if=inconsistent,
         note="The invitation asks for the current strategic improvement plan and how improvements "
         "will be addressed.", brief="Senior officials' meeting"),
    Rule("SC-SENIOR", "senior officials' meeting", "DfE, NHS England Region",
         "origin:report_published", ours(working_days(40)), "senior_officials_met",
         MUST, "SC, failings: meetings", only_if=failings,
         note="The invitation asks how each area for priority action and for improvement will be "
         "addressed.", brief="Senior officials' meeting"),
    Rule("SC-BOARD-ASK", "found out whether there is a SEND improvement board; discussed whether "
         "one is needed; attended if appropriate", "DfE, NHS England Region",
         "origin:report_published", ours(working_days(40)), "board_enquiry_recorded",
         MUST, "SC, inconsistent", only_if=inconsistent, brief="Improvement board asked about"),
    Rule("SC-BOARD", "improvement board with an independent chair found or asked for; attended",
         "DfE; local area", "origin:report_published", ours(working_days(40)), "board_recorded",
         MUST, "SC, failings", only_if=failings, note="Its chair and dates are recorded.",
         brief="Improvement board"),
    Rule("SC-PLAN", "updated strategic plan published", "local area",
         "origin:report_published", ours(working_days(60)), "strategic_plan_published",
         TARGET, "SC, each outcome: strategic plan",
         note="Its address is recorded. Six-monthly progress meetings wait for it.",
         brief="Strategic plan published"),
    Rule("SC-SIX-n", "progress meeting", "DfE, NHS England Region",
         "strategic_plan_published", months(6), "progress_meeting_held",
         MUST, "SC, inconsistent: continued support", only_if=inconsistent, repeat=Repeat(),
         until=NEXT, note="Every 6 months until the next full inspection; evidence of progress is "
         "asked for beforehand.", brief="Progress meeting"),
    Rule("SC-STOCKTAKE-n", "stocktake with senior representatives", "DfE, NHS England Region",
         ours(From("senior_officials_met")), months(6), "stocktake_held",
         MUST, "SC, failings: meetings", only_if=failings, repeat=Repeat(), until=MONITORED,
         note="Until the monitoring or the next full inspection.", brief="Stocktake"),
    Rule("SC-DEEP-n", "deep dive into each area for priority action", "DfE, NHS England Region",
         first_then("senior_officials_met", "stocktake_held"), ours(months(3)), "deep_dive_held",
         MUST, "SC, failings: meetings", only_if=failings, repeat=Repeat(), until=MONITORED,
         all_of="priority_action_area",
         note="Between stocktakes, the first before stocktake 1. Met when each area for priority "
         "action has its record.", brief="Deep dive"),
    Rule("SC-MINDED", "formal 'minded to' notice after the senior officials' meeting", "Minister",
         "senior_officials_met", ours(working_days(20)),
         ("minded_notice_sent", "notice_decided_against"), MUST, "SC, improvement notices",
         only_if=failings, note="Or the decision against, with compelling reasons.",
         brief="'Minded to' notice"),
    Rule("SC-NOTICE-FACTS", "factual inaccuracies in the 'minded to' papers, or none", "local area",
         "minded_notice_sent", working_days(10), "notice_response_received",
         MUST, "SC, improvement notices", only_if=failings, until=NO_NOTICE,
         brief="Response on facts"),
    Rule("SC-NOTICE", "final improvement notice sent to senior local area leaders and published",
         "Minister",
         answer_or_period_over("notice_response_received", over="notice_period_over",
                               period="SC-NOTICE-FACTS"),
         ours(working_days(20)), "notice_published", TARGET, "SC, improvement notices",
         only_if=failings, until=NO_NOTICE, brief="Improvement notice"),
)
# fmt: on

EVENTS = (
    EventName(
        "origin:report_published",
        "The inspection report was published",
        each="inspectorate",
        synonyms=("report_published",),
        leading=True,
    ),
    EventName(
        "origin:found_positive",
        "The inspection found typically positive experiences",
        follows="origin:report_published",
        synonyms=("found_positive",),
        outcome="positive",
    ),
    EventName(
        "origin:found_inconsistent",
        "The inspection found inconsistent experiences",
        follows="origin:report_published",
        synonyms=("found_inconsistent",),
        outcome="inconsistent",
    ),
    EventName(
        "origin:found_failings",
        "The inspection found widespread and/or systemic failings",
        follows="origin:report_published",
        synonyms=("found_failings",),
        outcome="failings",
    ),
    EventName("minister_letter_sent", "The Minister's letter was sent"),
    EventName("inclusion_plan_reviewed", "The local inclusion plan was reviewed"),
    EventName("no_inclusion_plan", "The local area has no inclusion plan"),
    EventName("informal_meeting_offered", "An informal meeting was offered"),
    EventName("informal_meeting_held", "The informal meeting was held"),
    EventName("informal_meeting_declined", "The informal meeting was declined"),
    EventName("conversation_offered", "A strategic conversation was offered"),
    EventName("conversation_held", "A strategic conversation was held"),
    EventName("conversation_declined", "A strategic conversation was declined"),
    EventName("minded_call_made", "The call that the Minister is minded to issue a notice"),
    EventName(
        "notice_decided_against", "It was decided not to issue an improvement notice, with reasons"
    ),
    EventName("senior_officials_met", "The senior officials' meeting was held"),
    EventName("board_enquiry_recorded", "What was found out about the improvement board"),
    EventName("board_recorded", "The improvement board's chair and dates were recorded"),
    EventName("strategic_plan_published", "The updated strategic plan was published"),
    EventName("progress_meeting_held", "A progress meeting was held"),
    EventName("stocktake_held", "A stocktake was held"),
    EventName(
        "deep_dive_held",
        "A deep dive into an area for priority action was held",
        each="priority_action_area",
    ),
    EventName("minded_notice_sent", "The formal 'minded to' notice was sent"),
    EventName(
        "notice_response_received", "The response on factual inaccuracies came, or there is none"
    ),
    EventName("notice_period_over", "The period for that response ended without one"),
    EventName("notice_published", "The final improvement notice was sent and published"),
    EventName(
        "origin:monitoring_inspection_begun",
        "The monitoring inspection began",
        synonyms=("monitoring_inspection_begun",),
    ),
    EventName(
        "origin:next_inspection_begun",
        "The next full inspection began",
        synonyms=("next_inspection_begun",),
    ),
)

SUPPORT = Ruleset(
    kind="support",
    framework=FRAMEWORK,
    title="Support after an area SEND inspection",
    events=EVENTS,
    rules=RULES,
    editions=(
        Edition("2023", "Guidance on support and challenge of 16 May 2023", date(2023, 5, 16)),
    ),
    checks=(
        one_outcome,
        in_order(
            ("origin:report_published", "The day the report was published"),
            ("senior_officials_met", "The senior officials' meeting"),
            ("minded_notice_sent", "The day the 'minded to' notice was sent"),
            ("notice_response_received", "The day the response came"),
            ("notice_published", "The day the notice was published"),
        ),
    ),
    default_subjects={"inspectorate": INSPECTORATES},
    needs_outcome=True,
)
