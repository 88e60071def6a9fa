"""The deadlines of an inspection under the framework of 2016: data.

Each row can be held beside its source: HB is the handbook (April 2019) with its paragraph. What is
wrapped in `ours(...)` is not in the source, which says 'promptly' or nothing: a parameter.
"""

from datetime import date, time

from casework.timetable.answers import Subject
from casework.timetable.checks import in_order, on_site
from casework.timetable.rules import (
    DAY_ON_SITE,
    MUST,
    NORMALLY,
    TARGET,
    Day,
    Edition,
    EventName,
    Rule,
    Ruleset,
    answer_or_period_over,
    by,
    latest_of,
    months,
    next_working_day,
    ours,
    same_day,
    working_days,
)
from casework.timetable.rules import Event as From

FRAMEWORK = "local-area-send-2016"

INSPECTORATES = (Subject("Ofsted", "Ofsted"), Subject("CQC", "CQC"))

# fmt: off
RULES = (
    Rule("IN-NOTIFY", "call to the director of children's services announcing the inspection",
         "lead HMI", "first_day", Day(-5, at=time(10), opens=time(9)), "notified",
         NORMALLY, "HB 7", note="Between 09:00 and 10:00.", brief="Call to the director"),
    Rule("IN-HEALTH", "each health commissioner's chief executive told, or the most senior person "
         "available", "CQC inspector", "notified", ours(same_day), "health_told",
         MUST, "HB 8", each="health_commissioner", brief="Health commissioners told"),
    Rule("IN-CONFIRM", "confirmation letter e-mailed", "support officer",
         "notified", ours(same_day), "confirmation_sent", MUST, "HB 9",
         note="Once the lead HMI has confirmed with CQC and the support officer.",
         brief="Confirmation letter"),
    Rule("IN-LANO", "extended call to the LANO: LANO confirmed, list of requests gone through",
         "lead HMI", "notified", ours(same_day), "lano_call_held", MUST, "HB 7, 10",
         brief="Call to the LANO"),
    Rule("IN-HEALTH-CALL", "extended call to health: people, sources, access to files",
         "CQC inspector", "notified", ours(next_working_day), "health_call_held",
         MUST, "HB 11", each="health_commissioner", brief="Call to health"),
    Rule("IN-PCF", "parent carer forum and information, advice and support service told",
         "lead HMI", "notified", ours(next_working_day), "pcf_told", MUST, "HB 12",
         brief="Parent carer forum told"),
    Rule("IN-TELL", "providers, parents and carers told: when, how, how many",
         "LANO", "notified", ours(working_days(2)), "told_recorded", MUST, "HB 10",
         brief="Providers and parents told"),
    Rule("IN-SELECT", "first choice of children, young people and parents to talk to, and of "
         "settings, confirmed", "lead HMI, CQC inspector", "first_day", Day(-1),
         "selection_confirmed", MUST, "HB 10, 32", brief="People and settings chosen"),
    Rule("IN-REQUEST", "everything asked for made available", "LANO, health",
         "first_day", Day(1), "request_answered", MUST, "HB 10-11", each="request",
         brief="Requests answered"),
    Rule("IN-KIT", "keep-in-touch meeting", "lead HMI", DAY_ON_SITE, same_day,
         "kit_meeting_held", NORMALLY, "HB 23-25", each=DAY_ON_SITE, but_last=True,
         note="With the LANO and the CQC inspector; with the director of children's services when "
         "possible.", brief="Keep-in-touch meeting"),
    Rule("IN-FEEDBACK", "final team meeting and feedback meeting", "lead HMI",
         "last_day", same_day, "feedback_given", MUST, "HB 28-29, 45-46", brief="Feedback meeting"),
    Rule("IN-SURVEY", "evaluation questionnaire sent to the LANO", "support officer",
         "feedback_given", ours(working_days(2)), "survey_sent", MUST, "HB 46, 50",
         brief="Evaluation questionnaire sent"),
    Rule("IN-DRAFT", "draft report quality assured by both inspectorates and sent", "lead HMI",
         "last_day", ours(working_days(13)), "draft_sent", TARGET, "HB 55-57",
         brief="Draft report sent"),
    Rule("IN-FACTS", "comments on factual accuracy, or none to make",
         "local authority, each health commissioner", "draft_sent", working_days(10),
         "comments_received", MUST, "HB 58", each="body", brief="Comments on facts"),
    Rule("IN-FACTS-REPLY", "reply to the comments on factual accuracy", "lead HMI",
         answer_or_period_over("comments_received", over="comments_period_over",
                               period="IN-FACTS"),
         ours(working_days(3)), "reply_sent", TARGET, "HB 58", brief="Reply to comments"),
    Rule("IN-FINAL", "final report to the local authority and each health commissioner", "Ofsted",
         "last_day", working_days(28), "final_report_sent", NORMALLY, "HB 59",
         brief="Final report sent"),
    Rule("IN-PUBLISH", "report published by Ofsted and by CQC", "Ofsted, CQC",
         "last_day", working_days(33), "report_published", NORMALLY, "HB 59, Annex A",
         all_of="inspectorate", note="Met when both have published.", brief="Report published"),
    Rule("IN-COPIES", "copies of the report sent as the regulations require", "Ofsted",
         "final_report_sent", ours(same_day), "copies_sent", MUST, "HB 62",
         note="To the Secretaries of State for Education and for Health, the local authority, each "
         "principal authority that is another body, and others named by HMCI.",
         brief="Copies sent"),
    Rule("IN-LOCAL-PUBLISH", "report published on the recipient's own website", "every recipient",
         latest_of("final_report_received", by("Ofsted", "report_published")), working_days(5),
         "address_recorded", MUST, "HB 63, Annex A", each="recipient",
         note="Never before Ofsted publishes: all feedback is confidential until then (HB 46). "
         "The five days of Annex A are read as working days.", brief="Report on own website"),
    Rule("IN-RETAIN", "evidence base reviewed for disposal", "Ofsted",
         ours(From("report_published")), months(6), "retention_reviewed", MUST, "HB 64",
         note="Nothing is disposed of while a hold stands.", brief="Evidence reviewed"),
)
# fmt: on

EVENTS = (
    EventName("first_day", "Day 1, the first day on site", leading=True),
    EventName("last_day", "The last day on site", latest_day=5, leading=True),
    EventName(
        "notified", "The director of children's services was called", renewed_by="new_dates_given"
    ),
    EventName("new_dates_given", "New dates were given after a deferral"),
    EventName("health_told", "A health commissioner was told", each="health_commissioner"),
    EventName("confirmation_sent", "The confirmation letter was sent"),
    EventName("lano_call_held", "The extended call to the LANO was held"),
    EventName(
        "health_call_held", "The extended call to health was held", each="health_commissioner"
    ),
    EventName("pcf_told", "The parent carer forum and the advice and support service were told"),
    EventName("told_recorded", "The local area recorded whom it told, when and how"),
    EventName("selection_confirmed", "The people and settings to be met were confirmed"),
    EventName("request_answered", "What was asked for was made available", each="request"),
    EventName("kit_meeting_held", "A keep-in-touch meeting was held", each=DAY_ON_SITE),
    EventName("feedback_given", "The feedback meeting was held"),
    EventName("survey_sent", "The evaluation questionnaire was sent"),
    EventName("draft_sent", "The draft report was sent"),
    EventName(
        "comments_received", "A body's comments on facts came, or it had none to make", each="body"
    ),
    EventName(
        "comments_period_over", "The period for a body's comments ended without any", each="body"
    ),
    EventName("reply_sent", "The reply to the comments was sent"),
    EventName("final_report_sent", "The final report was sent"),
    EventName(
        "final_report_received",
        "A recipient received the final report",
        each="recipient",
        follows="final_report_sent",
    ),
    EventName("copies_sent", "The copies that the regulations ask for were sent"),
    EventName("report_published", "An inspectorate published the report", each="inspectorate"),
    EventName("address_recorded", "A recipient published it and recorded where", each="recipient"),
    EventName("retention_reviewed", "The evidence base was reviewed, with a decision"),
)

INSPECTION = Ruleset(
    kind="inspection",
    framework=FRAMEWORK,
    title="An inspection",
    events=EVENTS,
    rules=RULES,
    editions=(
        Edition(
            "2019",
            "Handbook of April 2016, edition of April 2019",
            date(2016, 4, 1),
            note="The only edition among our sources; used for earlier inspections of the "
            "framework too.",
        ),
    ),
    checks=(
        on_site(
            shortest=1,
            longest=5,
            hard=False,
            what="An inspection normally",
            citation="HB 20",
        ),
        in_order(
            ("notified", "The call to the director of children's services"),
            ("first_day", "Day 1"),
            ("last_day", "The last day on site"),
            ("draft_sent", "The day the draft was sent"),
            ("comments_received", "The day comments were received"),
            ("reply_sent", "The day the reply was sent"),
            ("final_report_sent", "The day the final report was sent"),
            ("final_report_received", "The day the final report was received"),
            ("report_published", "The day of publication"),
        ),
    ),
    notified_on_day=-5,
    default_subjects={"inspectorate": INSPECTORATES},
)
