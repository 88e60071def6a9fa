"""The deadlines of an area SEND inspection under the framework of 2023: data.

None of it is in our five sources: it comes from published reports and the guidance of 2025. Every
number is a parameter; what is wrapped in `ours(...)` is not verified.
"""

from casework.timetable.rules import EventName

FRAMEWORK = "area-send-2023"

EVENTS = (
    EventName("first_day", "Day 1, the first day of fieldwork", leading=True),
    EventName("last_day", "The last day of fieldwork", latest_day=5, leading=True),
    EventName("notified", "The local area was notified"),
    EventName("draft_sent", "The draft report was sent"),
    EventName(
        "comments_received", "A body's comments on facts came, or it had none to make", each="body"
    ),
    EventName("final_report_sent", "The final report was sent"),
    EventName(
        "final_report_received",
        "A recipient received the final report",
        each="recipient",
        follows="final_report_sent",
    ),
    EventName("report_published", "An inspectorate published the report", each="inspectorate"),
    EventName("found_positive", "It found typically positive experiences"),
    EventName("found_inconsistent", "It found inconsistent experiences"),
    EventName("found_failings", "It found widespread and/or systemic failings"),
    EventName("action_plan_submitted", "The priority action plan was submitted"),
    EventName("monitoring_inspection_begun", "The monitoring inspection began"),
    EventName("next_inspection_begun", "The next full inspection began"),
)
