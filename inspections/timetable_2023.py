"""The deadlines of an area SEND inspection under the framework of 2023: data.

None of it is in our five sources: it comes from published reports and the guidance of 2025. Every
number is a parameter; what is wrapped in `ours(...)` is not verified.
"""

from datetime import date
from functools import partial

from casework.timetable.checks import in_order, on_site, one_outcome
from casework.timetable.rules import (
    MUST,
    NORMALLY,
    Day,
    Edition,
    EventName,
    Rule,
    Ruleset,
    earliest,
    happened,
    months,
    ours,
    working_days,
)
from inspections.timetable import INSPECTORATES

FRAMEWORK = "area-send-2023"

positive = happened("found_positive", words="experiences are typically positive")
inconsistent = happened("found_inconsistent", words="experiences are inconsistent")
failings = happened("found_failings", words="there are widespread and/or systemic failings")

Reported = partial(Rule, from_reports=True)

# fmt: off
RULES = (
    Reported("AS-NOTIFY", "notification; fieldwork follows two weeks of data and case selection",
             "lead HMI", "first_day", Day(-10), "notified", NORMALLY, "AS", brief="Notification"),
    Reported("AS-DRAFT", "draft report quality assured by both inspectorates and sent", "lead HMI",
             "last_day", ours(working_days(13)), "draft_sent", NORMALLY, "AS",
             brief="Draft report sent"),
    Reported("AS-FACTS", "comments on factual accuracy, or none to make",
             "local authority, each health commissioner", "draft_sent", ours(working_days(10)),
             "comments_received", NORMALLY, "AS", each="body", brief="Comments on facts"),
    Reported("AS-FINAL", "final report to the local authority and each health commissioner",
             "Ofsted", "last_day", ours(working_days(28)), "final_report_sent", NORMALLY, "AS",
             brief="Final report sent"),
    Reported("AS-PUBLISH", "report published by Ofsted and by CQC", "Ofsted, CQC",
             "last_day", ours(working_days(33)), "report_published", NORMALLY, "AS",
             all_of="inspectorate", note="Met when both have published.", brief="Report published"),
    Reported("AS-PLAN", "priority action plan", "local area",
             earliest("final_report_received"), working_days(35), "action_plan_submitted",
             MUST, "AS", only_if=failings,
             note="Of several receipts the earliest governs: that reading is ours.",
             brief="Priority action plan"),
    Reported("AS-MONITOR", "monitoring inspection", "Ofsted and CQC",
             earliest("final_report_received"), months(18), "monitoring_inspection_begun",
             NORMALLY, "AS", only_if=failings, brief="Monitoring inspection"),
    *(Reported("AS-NEXT", "next full inspection", "Ofsted and CQC", "report_published",
               months(number), "next_inspection_begun", NORMALLY, "AS", only_if=found,
               setting=f"AS-NEXT:{outcome}", brief="Next full inspection")
      for outcome, found, number in (("positive", positive, 60),
                                     ("inconsistent", inconsistent, 36),
                                     ("failings", failings, 36))),
)
# fmt: on

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
    EventName(
        "found_positive",
        "It found typically positive experiences",
        follows="report_published",
        outcome="positive",
    ),
    EventName(
        "found_inconsistent",
        "It found inconsistent experiences",
        follows="report_published",
        outcome="inconsistent",
    ),
    EventName(
        "found_failings",
        "It found widespread and/or systemic failings",
        follows="report_published",
        outcome="failings",
    ),
    EventName("action_plan_submitted", "The priority action plan was submitted"),
    EventName("monitoring_inspection_begun", "The monitoring inspection began"),
    EventName("next_inspection_begun", "The next full inspection began"),
)

INSPECTION_2023 = Ruleset(
    kind="inspection",
    framework=FRAMEWORK,
    title="An inspection under the framework of 2023",
    events=EVENTS,
    rules=RULES,
    editions=(
        Edition(
            "2023",
            "Framework of 2023",
            date(2023, 1, 1),
            note="Not among our sources: its numbers come from published reports and the guidance "
            "of 2025, and what is marked * is not verified.",
        ),
    ),
    checks=(
        on_site(
            shortest=1, longest=5, hard=False, what="Fieldwork normally", citation="our reading"
        ),
        one_outcome,
        in_order(
            ("notified", "The day of notification"),
            ("first_day", "Day 1"),
            ("last_day", "The last day of fieldwork"),
            ("draft_sent", "The day the draft was sent"),
            ("comments_received", "The day comments were received"),
            ("final_report_sent", "The day the final report was sent"),
            ("final_report_received", "The day the final report was received"),
            ("report_published", "The day of publication"),
        ),
    ),
    notified_on_day=-10,
    default_subjects={"inspectorate": INSPECTORATES},
)
