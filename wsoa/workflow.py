"""The steps of a written statement of action: data. From which stage, to which, by whom, guarded
by what.

A judgement becomes the stage with the letter that tells it: until then the local area reads that
the statement is under review.
"""

from collections.abc import Mapping

from casework.workflow import Step
from inspections.guards import address_is_one, reason_is_given, subject_is_said
from wsoa import events, guards

STAGES: Mapping[str, str] = {
    "required": "Required",
    "being_written": "Being written",
    "submitted": "Submitted",
    "under_review": "Under review",
    "not_fit": "Not fit for purpose",
    "resubmitted": "Under second review",
    "second_not_fit": "Not fit again",
    "fit": "Fit for purpose",
    "in_further_support": "In further support",
    "closed": "Closed",
    "superseded": "Superseded",
    "cancelled": "Not required",
}
ENDED = frozenset({"closed", "superseded", "cancelled"})
OPEN = frozenset(STAGES) - ENDED
SINCE_SUBMITTED = OPEN - {"required", "being_written"}
FIRST_VERSION = frozenset({"submitted", "under_review"})
SENT_BACK = frozenset({"not_fit", "second_not_fit"})

# Who: the rows of roles.md that end in E or D.
WRITERS = frozenset({"lano", "health_lano", "dcs", "health_chief_executive", "send_lead"})
SUBMITTERS = frozenset({"dcs", "health_chief_executive"})
JUDGES = frozenset({"lead_hmi", "cqc_inspector"})
SIGNS = frozenset({"regional_director"})
SCHEDULERS = frozenset({"support_officer"})

STEPS: tuple[Step, ...] = (
    Step(events.WritingBegun, frozenset({"required"}), "being_written", who=WRITERS),
    Step(
        events.Submitted,
        frozenset({"required", "being_written"}),
        "submitted",
        who=SUBMITTERS | JUDGES,
        guards=(guards.report_has_been_received, guards.gaps_are_closed),
    ),
    Step(events.ReviewBegun, frozenset({"submitted"}), "under_review", who=JUDGES),
    Step(
        events.JudgedFit,
        FIRST_VERSION | {"resubmitted"},
        who=JUDGES | SIGNS,
        guards=(guards.no_judgement_awaits_its_letter, guards.both_judge_it_fit),
    ),
    Step(
        events.JudgedNotFit,
        FIRST_VERSION,
        who=JUDGES | SIGNS,
        guards=(guards.no_judgement_awaits_its_letter, guards.reasons_are_given),
    ),
    Step(
        events.FitnessLetterSent,
        FIRST_VERSION,
        who=SIGNS,
        guards=(guards.it_is_judged,),
    ),
    Step(
        events.NotFitLetterReceived,
        frozenset({"not_fit", "resubmitted", "second_not_fit"}),
        who=SUBMITTERS | SCHEDULERS,
        guards=(guards.after_the_letter,),
    ),
    Step(
        events.Resubmitted,
        SENT_BACK,
        "resubmitted",
        who=SUBMITTERS | JUDGES,
        guards=(guards.after_the_not_fit_letter, guards.gaps_are_closed),
        again=True,
    ),
    Step(
        events.SecondNotFit,
        frozenset({"resubmitted"}),
        who=JUDGES | SIGNS,
        guards=(guards.no_judgement_awaits_its_letter, guards.reasons_are_given),
        again=True,
    ),
    Step(
        events.SecondFitnessLetterSent,
        frozenset({"resubmitted"}),
        who=SIGNS,
        guards=(guards.it_is_judged,),
        again=True,
    ),
    Step(
        events.AdviceSent,
        frozenset({"second_not_fit", "resubmitted"}),
        who=JUDGES,
    ),
    Step(
        events.AddressRecorded,
        SINCE_SUBMITTED,
        who=WRITERS,
        guards=(subject_is_said, address_is_one),
    ),
    Step(
        events.RevisitPlanned,
        frozenset({"fit", "in_further_support"}),
        who=SCHEDULERS,
        guards=(guards.period_is_possible, guards.a_further_revisit_is_directed),
        again=True,
    ),
    Step(
        events.FurtherSupportNeeded,
        frozenset({"fit", "in_further_support"}),
        "in_further_support",
        who=SCHEDULERS,
        guards=(guards.revisit_is_published,),
        again=True,
        hidden=True,
    ),
    Step(
        events.Closed,
        frozenset({"fit", "in_further_support"}),
        "closed",
        who=SCHEDULERS,
        guards=(guards.revisit_is_published,),
        hidden=True,
    ),
    Step(
        events.Superseded,
        OPEN,
        "superseded",
        who=SCHEDULERS,
        guards=(guards.inspection_is_named,),
    ),
    Step(
        events.NoLongerRequired,
        frozenset({"required", "being_written"}),
        "cancelled",
        who=SCHEDULERS,
        guards=(reason_is_given,),
    ),
)
