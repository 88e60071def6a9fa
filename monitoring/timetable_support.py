"""The deadlines of support and challenge after an area SEND inspection of 2023: data.

SC is the guidance of May 2023, which gives the steps and hardly any number: what is wrapped in
`ours(...)` is not in the source. The case's origin is the inspection, whose outcome says which
rows apply.
"""

from casework.timetable.rules import EventName

FRAMEWORK = "area-send-2023"

EVENTS = (
    EventName(
        "origin:report_published",
        "An inspectorate published the report",
        each="inspectorate",
        synonyms=("report_published",),
        leading=True,
    ),
    EventName(
        "origin:found_positive",
        "The inspection found typically positive experiences",
        synonyms=("found_positive",),
    ),
    EventName(
        "origin:found_inconsistent",
        "The inspection found inconsistent experiences",
        synonyms=("found_inconsistent",),
    ),
    EventName(
        "origin:found_failings",
        "The inspection found widespread and/or systemic failings",
        synonyms=("found_failings",),
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
