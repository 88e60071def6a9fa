"""The deadlines of a written statement of action: data.

HB is the handbook (April 2019), RV the re-visit guidance (2018), ON 'One year on', NW the news item
of late 2018. What is wrapped in `ours(...)` is not in the source: a parameter.
"""

from datetime import date

from casework.timetable.answers import Subject
from casework.timetable.checks import in_order
from casework.timetable.rules import (
    MUST,
    NORMALLY,
    TARGET,
    Edition,
    EventName,
    Rule,
    Ruleset,
    choice,
    earliest,
    first_of,
    happened,
    months,
    ours,
    working_days,
)

FRAMEWORK = "local-area-send-2016"

INSPECTORATES = (Subject("Ofsted", "Ofsted"), Subject("CQC", "CQC"))

FIRST = Subject("", "")
SECOND = Subject("second", "second judgement")

found_not_fit = happened(
    "judged_not_fit", "not_fit_letter_received", "resubmitted", "second_not_fit",
    words="the statement was judged not fit for purpose",
)  # fmt: skip
found_not_fit_twice = happened(
    "second_not_fit", words="the revised statement was judged not fit for purpose"
)
judged_again = happened(
    "resubmitted", "second_not_fit", words="a revised statement was submitted"
)  # fmt: skip

# fmt: off
RULES = (
    Rule("WS-SUBMIT", "written statement made and sent to HMCI, CQC and the Secretaries of State "
         "for Education and for Health", "principal authority",
         earliest("origin:final_report_received"), working_days(70), "submitted",
         MUST, "HB 66, 69, 111, Annex A; RV 5",
         note="Of a joint statement, the earliest receipt governs: that reading is ours.",
         brief="Statement submitted"),
    Rule("WS-PUBLISH", "statement published on the body's own website",
         "all who made or helped make it", choice("judged_fit", "submitted"),
         ours(working_days(5)), "address_recorded", MUST, "HB 70, Annex A", each="body",
         note="The duty is in the source, its day is not: Annex A puts it with submission, "
         "practice after the judgement.", brief="Statement on own website"),
    Rule("WS-REVIEW", "judgement whether the statement is fit for purpose", "Ofsted and CQC",
         "submitted", working_days(10), ("judged_fit", "judged_not_fit"),
         NORMALLY, "HB Annex A; ON 6", brief="Fitness judged"),
    Rule("WS-LETTER", "letter to local area leaders, copy to the LANO, with the judgement and why",
         "regional director", first_of("judged_fit", "judged_not_fit"), ours(working_days(2)),
         "fitness_letter_sent", TARGET, "ON 6", brief="Letter with the judgement"),
    Rule("WS-RESUBMIT", "revised statement submitted", "principal authority",
         "not_fit_letter_received", working_days(20), "resubmitted", MUST, "HB Annex A",
         only_if=found_not_fit, brief="Revised statement submitted"),
    Rule("WS-REVIEW-2", "second judgement whether the statement is fit for purpose",
         "Ofsted and CQC", "resubmitted", ours(working_days(10)), ("judged_fit", "second_not_fit"),
         NORMALLY, "HB Annex A", only_if=found_not_fit, brief="Fitness judged again"),
    Rule("WS-LETTER", "letter to local area leaders, copy to the LANO, with the second judgement "
         "and why", "regional director", first_of("second_not_fit", "judged_fit"),
         ours(working_days(2)), "second_fitness_letter_sent", TARGET, "ON 6",
         subject=SECOND, only_if=judged_again, brief="Letter with the second judgement"),
    Rule("WS-MINISTER", "advice to the Minister after a second 'not fit'", "Ofsted and CQC",
         "second_not_fit", ours(working_days(5)), "advice_sent", TARGET, "HB Annex A",
         only_if=found_not_fit_twice,
         note="The source does not say who gives the advice: the inspectorates are our reading.",
         brief="Advice to the Minister"),
    Rule("WS-REVISIT", "re-visit", "Ofsted and CQC", "judged_fit", months(18), "child:first_day",
         NORMALLY, "HB 106, 111; RV 5; NW",
         note="Real re-visits came 18 to 39 months after: late, never a breach.", brief="Re-visit"),
)
# fmt: on

EVENTS = (
    EventName(
        "origin:final_report_received",
        "The final report was received",
        each="recipient",
        synonyms=("final_report_received",),
        leading=True,
    ),
    EventName("submitted", "The written statement was submitted", leading=True),
    EventName("judged_fit", "The statement was judged fit for purpose", leading=True),
    EventName("judged_not_fit", "The statement was judged not fit for purpose"),
    EventName(
        "fitness_letter_sent", "The letter with the judgement was sent", synonyms=("letter_sent",)
    ),
    EventName(
        "not_fit_letter_received",
        "The principal authority received the 'not fit' letter",
        follows="fitness_letter_sent",
    ),
    EventName("resubmitted", "The revised statement was submitted"),
    EventName("second_not_fit", "The revised statement was judged not fit for purpose"),
    EventName("second_fitness_letter_sent", "The letter with the second judgement was sent"),
    EventName("advice_sent", "Advice was sent to the Minister"),
    EventName("address_recorded", "A body published the statement, recorded where", each="body"),
    EventName("child:first_day", "The first day of the re-visit", synonyms=("revisit_first_day",)),
    # Known here so that monitoring, whose origin is the statement, can count from them.
    EventName(
        "child:revisit_published",
        "An inspectorate published the re-visit letter",
        each="inspectorate",
        synonyms=("revisit_published",),
    ),
    EventName(
        "child:found_all_sufficient",
        "The re-visit found sufficient progress in all weaknesses",
        synonyms=("found_all_sufficient",),
    ),
    EventName(
        "child:found_some_sufficient",
        "The re-visit found sufficient progress in some weaknesses",
        synonyms=("found_some_sufficient",),
    ),
    EventName(
        "child:found_none_sufficient",
        "The re-visit found sufficient progress in no weakness",
        synonyms=("found_none_sufficient",),
    ),
    EventName("superseded", "The area was inspected under the framework of 2023"),
)

WSOA = Ruleset(
    kind="wsoa",
    framework=FRAMEWORK,
    title="A written statement of action",
    events=EVENTS,
    rules=RULES,
    editions=(
        Edition(
            "2019",
            "Handbook of April 2016, edition of April 2019",
            date(2016, 4, 1),
            note="The only edition among our sources; used for earlier statements too.",
        ),
    ),
    checks=(
        in_order(
            ("origin:final_report_received", "The day the final report was received"),
            ("submitted", "The day the statement was submitted"),
            ("judged_not_fit", "The first judgement"),
            ("not_fit_letter_received", "The day the 'not fit' letter was received"),
            ("resubmitted", "The day the revised statement was submitted"),
            ("second_not_fit", "The second judgement"),
            ("judged_fit", "The judgement that the statement is fit for purpose"),
            ("child:first_day", "The first day of the re-visit"),
        ),
    ),
    default_subjects={"inspectorate": INSPECTORATES},
)
