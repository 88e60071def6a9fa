"""The deadlines of a re-visit: data.

RV is the re-visit guidance (2018), HB part 3 of the handbook (April 2019): two editions that differ
in three rows. What is wrapped in `ours(...)` is not in the source: a parameter.
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
    longer_on_site_than,
    months,
    ours,
    same_day,
    same_day_or_before,
    working_days,
)
from casework.timetable.rules import Event as From

FRAMEWORK = "local-area-send-2016"

INSPECTORATES = (Subject("Ofsted", "Ofsted"), Subject("CQC", "CQC"))

# The guidance of 2018 has one day, the handbook of 2019 a range (tables under RV 21 and HB 127).
before_the_visit = {"2018": Day(-6), "2019": Day(-6, to=-1)}

# fmt: off
RULES = (
    Rule("RE-NOTIFY", "director of children's services notified in the morning; length, team and "
         "quality assurance told", "lead HMI", "first_day", Day(-10), "notified",
         MUST, "RV 7-8, 19; HB 114, 125", brief="Director notified"),
    Rule("RE-HEALTH", "leaders of each health commissioner notified", "CQC inspector",
         "first_day", Day(-10), "health_told", MUST, "RV 8; HB 114", each="health_commissioner",
         brief="Health commissioners notified"),
    Rule("RE-LANO", "follow-up call to the LANO; meeting with children and young people asked for",
         "lead HMI", "first_day", Day(-10), "lano_call_held", MUST, "RV 8-9",
         brief="Call to the LANO"),
    Rule("RE-PCF", "parent carer forum, or the parents' groups in the statement, told, with the "
         "focus of the open meeting and the proposed questions", "lead HMI",
         "first_day", Day(-10), "pcf_told", MUST, "RV 10-11; HB 116-117",
         brief="Parent carer forum told"),
    Rule("RE-TELL", "all stakeholders told the dates: when, how, how many", "LANO",
         "first_day", ours(Day(-8)), "told_recorded", MUST, "RV 8; HB 114",
         brief="Stakeholders told the dates"),
    Rule("RE-REQUEST", "information asked for from the local area and the forum", "lead HMI",
         "first_day", Day(-10), "request_sent", NORMALLY, "RV table",
         brief="Information asked for"),
    Rule("RE-EVIDENCE", "evidence of impact uploaded, tribunal and ombudsman outcomes included",
         "local area", "first_day", Day(-7), "upload_declared_complete",
         MUST, "RV 12, 15; HB 118, 121", note="The forum is invited to upload its own.",
         brief="Evidence uploaded"),
    Rule("RE-QUESTIONS", "questions for children and young people shared with the LANO",
         "lead HMI", "first_day", Day(-6), "questions_shared", MUST, "RV 9; HB 115",
         brief="Questions shared"),
    Rule("RE-REVIEW", "evidence read, activities chosen", "inspectors",
         "first_day", before_the_visit, "review_recorded", NORMALLY, "RV 12, table; HB table",
         brief="Evidence read"),
    Rule("RE-CALL", "call with the LANO and the health equivalent: draft schedule", "lead HMI",
         "first_day", before_the_visit, "schedule_call_held", NORMALLY, "RV 12, table; HB 118",
         note="Late in the afternoon.", brief="Call on the draft schedule"),
    Rule("RE-ADVISERS", "call with the DfE and NHS England advisers, recorded in the evidence base",
         "lead HMI, CQC inspector", "first_day", before_the_visit, "advisers_call_recorded",
         MUST, "RV 13, table; HB 119", brief="Call with the advisers"),
    Rule("RE-SURVEY-OPEN", "online survey for parents opens", "system",
         "first_day", Day(-5, at=time(12)), "survey_opened", MUST, "RV 16, table; HB 122",
         brief="Survey opens"),
    Rule("RE-SURVEY-CLOSE", "online survey for parents closes", "system",
         "first_day", Day(-1, at=time(12)), "survey_closed", NORMALLY, "RV table",
         brief="Survey closes"),
    Rule("RE-MORE", "last day for further requests", "inspectors",
         "first_day", Day(-1), "", NORMALLY, "RV 17; HB 123", lapses=True,
         brief="Last day for further requests"),
    Rule("RE-LEADERS", "meeting with senior leaders responsible for the statement", "lead HMI",
         "first_day", Day(1), "leaders_meeting_held", NORMALLY, "RV table",
         note="In the morning.", brief="Meeting with senior leaders"),
    Rule("RE-FORUM", "meeting with the forum and parents", "lead HMI",
         "first_day", Day(1), "forum_meeting_held", NORMALLY, "RV 11, table",
         note="In the afternoon.", brief="Meeting with the forum"),
    Rule("RE-OPEN", "open meeting with parents", "lead HMI",
         "first_day", Day(1), "open_meeting_held", MUST, "RV 11, 20; HB 117, 126",
         brief="Open meeting"),
    Rule("RE-CYP", "discussion with children and young people", "lead HMI",
         "last_day", same_day_or_before, "cyp_discussion_held", MUST, "RV 21; HB 127",
         brief="Children and young people heard"),
    Rule("RE-KIT", "keep-in-touch meeting", "lead HMI, CQC inspector", DAY_ON_SITE, same_day,
         "kit_meeting_held", MUST, "RV 22; HB 128", each=DAY_ON_SITE,
         only_if=longer_on_site_than(2), brief="Keep-in-touch meeting"),
    Rule("RE-FEEDBACK", "provisional judgement meeting and feedback", "lead HMI",
         "last_day", same_day, "feedback_given", MUST, "RV table, 22; HB 128-129",
         note="In the afternoon.", brief="Judgement and feedback"),
    Rule("RE-DRAFT", "draft letter quality assured by both inspectorates and sent", "lead HMI",
         "last_day", ours(working_days(13)), "draft_sent", TARGET, "RV 24",
         brief="Draft letter sent"),
    Rule("RE-FACTS", "comments on factual accuracy, or none to make",
         "local authority, each health commissioner", "draft_sent", working_days(10),
         "comments_received", MUST, "RV 25; HB 132", each="body", brief="Comments on facts"),
    Rule("RE-FACTS-REPLY", "reply to the comments on factual accuracy", "lead HMI",
         answer_or_period_over("comments_received", over="comments_period_over",
                               period="RE-FACTS"),
         ours(working_days(3)), "reply_sent", TARGET, "RV 25", brief="Reply to comments"),
    Rule("RE-FINAL", "final letter to the local authority and each health commissioner", "Ofsted",
         "last_day", working_days(28), "final_letter_sent", NORMALLY, "RV 26; HB 133",
         brief="Final letter sent"),
    Rule("RE-PUBLISH", "letter published by Ofsted and by CQC", "Ofsted, CQC",
         "last_day", working_days(33), "revisit_published", NORMALLY, "RV 26; HB 133; NW",
         all_of="inspectorate",
         note="Met when both have published. The news item says 33 days; the guidance, which "
         "stands, 33 working days.", brief="Letter published"),
    Rule("RE-RETAIN", "evidence base reviewed for disposal", "Ofsted",
         ours(From("revisit_published")), months(6), "retention_reviewed",
         MUST, "RV 27; HB 64, 134", note="Nothing is disposed of while a hold stands.",
         brief="Evidence reviewed"),
)
# fmt: on

EVENTS = (
    EventName("first_day", "Day 1, the first day on site", leading=True),
    EventName("last_day", "The last day on site", latest_day=4, leading=True),
    EventName("notified", "The director of children's services was notified"),
    EventName("health_told", "A health commissioner was notified", each="health_commissioner"),
    EventName("lano_call_held", "The follow-up call to the LANO was held"),
    EventName("pcf_told", "The parent carer forum, or the parents' groups, were told"),
    EventName("told_recorded", "The local area recorded whom it told, when and how"),
    EventName("request_sent", "The request for information was sent"),
    EventName("upload_declared_complete", "The local area declared its upload complete"),
    EventName("questions_shared", "The questions for children and young people were shared"),
    EventName("review_recorded", "The review of the evidence was recorded"),
    EventName("schedule_call_held", "The call on the draft schedule was held"),
    EventName("advisers_call_recorded", "The call with the advisers was recorded"),
    EventName("survey_opened", "The survey for parents opened"),
    EventName("survey_closed", "The survey for parents closed"),
    EventName("leaders_meeting_held", "The meeting with senior leaders was held"),
    EventName("forum_meeting_held", "The meeting with the forum and parents was held"),
    EventName("open_meeting_held", "The open meeting with parents was held"),
    EventName("cyp_discussion_held", "The discussion with children and young people was held"),
    EventName("kit_meeting_held", "A keep-in-touch meeting was held", each=DAY_ON_SITE),
    EventName("feedback_given", "The feedback was given"),
    EventName("draft_sent", "The draft letter was sent"),
    EventName(
        "comments_received", "A body's comments on facts came, or it had none to make", each="body"
    ),
    EventName(
        "comments_period_over", "The period for a body's comments ended without any", each="body"
    ),
    EventName("reply_sent", "The reply to the comments was sent"),
    EventName("final_letter_sent", "The final letter was sent", synonyms=("final_report_sent",)),
    EventName(
        "revisit_published",
        "An inspectorate published the re-visit letter",
        each="inspectorate",
        synonyms=("letter_published", "report_published"),
    ),
    EventName("retention_reviewed", "The evidence base was reviewed, with a decision"),
    EventName(
        "found_all_sufficient",
        "It found sufficient progress in all weaknesses",
        outcome="all_sufficient",
    ),
    EventName(
        "found_some_sufficient",
        "It found sufficient progress in some weaknesses",
        outcome="some_sufficient",
    ),
    EventName(
        "found_none_sufficient",
        "It found sufficient progress in no weakness",
        outcome="none_sufficient",
    ),
)

REVISIT = Ruleset(
    kind="revisit",
    framework=FRAMEWORK,
    title="A re-visit",
    events=EVENTS,
    rules=RULES,
    editions=(
        Edition("2018", "Re-visit guidance of 2018", date(2018, 11, 1)),
        Edition(
            "2019",
            "Handbook of April 2016, edition of April 2019",
            date(2019, 4, 1),
            note="The source gives the month only.",
        ),
    ),
    checks=(
        on_site(shortest=2, longest=4, hard=True, what="A re-visit", citation="RV 19; HB 125"),
        in_order(
            ("notified", "The day of notification"),
            ("first_day", "Day 1"),
            ("last_day", "The last day on site"),
            ("draft_sent", "The day the draft letter was sent"),
            ("comments_received", "The day comments were received"),
            ("reply_sent", "The day the reply was sent"),
            ("final_letter_sent", "The day the final letter was sent"),
            ("revisit_published", "The day of publication"),
        ),
    ),
    notified_on_day=-10,
    default_subjects={"inspectorate": INSPECTORATES},
)
