"""The deadlines of support and monitoring while a written statement lasts: data.

HB is the handbook (April 2019), RV the re-visit guidance (2018). What is wrapped in `ours(...)` is
not in the source: a parameter. The case's origin is the written statement; what happened on the
inspection behind it (`origin:origin:`) and on the re-visit (`origin:child:`) reaches it through
that statement.
"""

from casework.timetable.rules import EventName

FRAMEWORK = "local-area-send-2016"

EVENTS = (
    EventName(
        "origin:origin:final_report_received",
        "The final report, which requires the statement, was received",
        synonyms=("final_report_received",),
        leading=True,
    ),
    EventName("support_offered", "Support was offered while the statement is written"),
    EventName("support_session_held", "A support session was held"),
    EventName(
        "origin:judged_fit",
        "The statement was judged fit for purpose",
        synonyms=("judged_fit",),
        leading=True,
    ),
    EventName("visit_held", "A support and challenge visit was held"),
    # The subject is the number of months between visits from then on.
    EventName("intensity_changed", "Both bodies agreed another number of months between visits"),
    EventName("monitoring_ceased", "Both bodies agreed that monitoring ceases"),
    EventName(
        "origin:child:revisit_published",
        "An inspectorate published the re-visit letter",
        each="inspectorate",
        synonyms=("revisit_published", "letter_published"),
        leading=True,
    ),
    EventName(
        "origin:child:found_all_sufficient",
        "The re-visit found sufficient progress in all weaknesses",
        synonyms=("found_all_sufficient",),
    ),
    EventName(
        "origin:child:found_some_sufficient",
        "The re-visit found sufficient progress in some weaknesses",
        synonyms=("found_some_sufficient",),
    ),
    EventName(
        "origin:child:found_none_sufficient",
        "The re-visit found sufficient progress in no weakness",
        synonyms=("found_none_sufficient",),
    ),
    EventName("plan_received", "The updated action plan was received"),
    EventName("plan_published", "The updated action plan was published"),
    EventName("review_meeting_held", "The formal progress review meeting was held"),
    EventName(
        "origin:superseded",
        "The statement was superseded by an inspection under the framework of 2023",
        synonyms=("superseded",),
    ),
)
