"""The deadlines of support and monitoring while a written statement lasts: data.

HB is the handbook (April 2019), RV the re-visit guidance (2018). What is wrapped in `ours(...)` is
not in the source: a parameter. The case's origin is the written statement; what happened on the
inspection behind it (`origin:origin:`) and on the re-visit (`origin:child:`) reaches it through
that statement.
"""

from datetime import date

from casework.timetable.answers import Subject
from casework.timetable.checks import in_order, one_outcome
from casework.timetable.rules import (
    MUST,
    NORMALLY,
    Edition,
    EventName,
    Repeat,
    Rule,
    Ruleset,
    all_of,
    earliest,
    months,
    nth,
    ours,
    working_days,
)
from casework.timetable.rules import Event as From

FRAMEWORK = "local-area-send-2016"

INSPECTORATES = (Subject("Ofsted", "Ofsted"), Subject("CQC", "CQC"))

# Ceasing needs both bodies; sufficient progress in all ends it on publication (RV 28, HB 135).
CEASED = ("monitoring_ceased", "origin:child:found_all_sufficient", "origin:superseded")

# fmt: off
RULES = (
    Rule("MO-DEVELOP", "support offered while the statement is written", "DfE, NHS England",
         earliest("origin:origin:final_report_received"), ours(working_days(10)),
         "support_offered", MUST, "HB 105, Annex A", until=CEASED,
         note="Where a statement is required. Sessions are recorded as they are held.",
         brief="Support offered"),
    Rule("MO-VISIT-n", "support and challenge visit", "DfE and NHS England advisers",
         ours(From("origin:judged_fit")), months(3), "visit_held", NORMALLY, "RV 5; HB 111, 135",
         repeat=Repeat(step="intensity_changed"), until=CEASED,
         note="While monitoring lasts. Where both bodies agree another pace, it is counted from "
         "the date of that decision.", brief="Visit"),
    Rule("MO-FOUR", "at least four visits held", "DfE and NHS England",
         ours(From("origin:judged_fit")), months(18), nth(4, "visit_held"),
         MUST, "HB 111, Annex A", until=CEASED, brief="Four visits held"),
    Rule("MO-PLAN", "updated action plan after insufficient progress, to DfE, NHS England and DHSC",
         "local area leaders", "origin:child:revisit_published", ours(working_days(35)),
         all_of("plan_received", "plan_published"), MUST, "HB Annex A", until=CEASED,
         note="Co-produced, saying how progress and impact are reported and how partners and "
         "families are kept informed. Met when received and published.",
         brief="Updated action plan"),
    Rule("MO-REVIEW", "formal progress review meeting, parent carer forum invited",
         "DfE, NHS England", "origin:child:revisit_published", months(6), "review_meeting_held",
         MUST, "HB Annex A", until=CEASED,
         brief="Progress review meeting"),
)
# fmt: on

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
    EventName(
        "intensity_changed",
        "Both bodies agreed another number of months between visits",
        numbered="months",
    ),
    EventName("monitoring_ceased", "Both bodies agreed that monitoring ceases"),
    EventName(
        "origin:child:revisit_published",
        "The re-visit letter was published",
        each="inspectorate",
        synonyms=("revisit_published", "letter_published"),
        leading=True,
    ),
    EventName(
        "origin:child:found_all_sufficient",
        "The re-visit found sufficient progress in all weaknesses",
        follows="origin:child:revisit_published",
        synonyms=("found_all_sufficient",),
        outcome="all_sufficient",
    ),
    EventName(
        "origin:child:found_some_sufficient",
        "The re-visit found sufficient progress in some weaknesses",
        follows="origin:child:revisit_published",
        synonyms=("found_some_sufficient",),
        outcome="some_sufficient",
    ),
    EventName(
        "origin:child:found_none_sufficient",
        "The re-visit found sufficient progress in no weakness",
        follows="origin:child:revisit_published",
        synonyms=("found_none_sufficient",),
        outcome="none_sufficient",
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

MONITORING = Ruleset(
    kind="monitoring",
    framework=FRAMEWORK,
    title="Monitoring of a written statement of action",
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
        one_outcome,
        in_order(
            ("origin:origin:final_report_received", "The day the final report was received"),
            ("origin:judged_fit", "The judgement that the statement is fit for purpose"),
            ("origin:child:revisit_published", "The day the re-visit letter was published"),
        ),
        in_order(
            ("origin:judged_fit", "The judgement that the statement is fit for purpose"),
            ("monitoring_ceased", "The decision that monitoring ceases"),
        ),
    ),
    default_subjects={"inspectorate": INSPECTORATES},
)
