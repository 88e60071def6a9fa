"""The steps of monitoring a written statement: data. From which stage, to which, by whom."""

from collections.abc import Mapping
from dataclasses import replace

from casework import events as base
from casework.base_steps import BASE_STEPS
from casework.workflow import Step
from inspections.guards import address_is_one
from monitoring import events, guards

STAGES: Mapping[str, str] = {
    "developing": "In development",
    "monitored": "Monitored",
    "next_steps": "Next steps",
    "ceased": "Ceased",
    "closed": "Closed",
}
ENDED = frozenset({"ceased", "closed"})
OPEN = frozenset(STAGES) - ENDED
VISITED = frozenset({"monitored", "next_steps"})

# Who: the rows of roles.md that end in E or D.
ADVISERS = frozenset({"adviser"})
BODIES = frozenset({"adviser", "official"})
DECIDES = frozenset({"official", "adviser"})
SUBMITTERS = frozenset({"dcs", "health_chief_executive", "send_lead"})

#: Of the steps that every case has, those that the two bodies take here.
RUN_BY_THE_BODIES = (
    base.Extended,
    base.HoldPlaced,
    base.HoldLifted,
    base.Suspended,
    base.Resumed,
    base.LatenessExplained,
)
BASE: tuple[Step, ...] = tuple(
    replace(step, who=BODIES) for step in BASE_STEPS if step.event in RUN_BY_THE_BODIES
)

STEPS: tuple[Step, ...] = (
    Step(events.SupportOffered, OPEN, who=BODIES),
    Step(events.SupportSessionHeld, OPEN, who=BODIES, again=True),
    Step(events.MonitoringBegun, frozenset({"developing"}), "monitored", who=BODIES, hidden=True),
    Step(
        events.VisitHeld,
        VISITED,
        who=ADVISERS,
        guards=(guards.statement_is_fit, guards.visit_has_its_record),
        again=True,
    ),
    Step(
        events.IntensityChanged,
        VISITED,
        who=DECIDES,
        guards=(guards.step_is_sensible, guards.both_bodies_agree),
        again=True,
    ),
    Step(
        events.MonitoringCeased,
        VISITED,
        "ceased",
        who=DECIDES,
        guards=(guards.both_bodies_agree,),
    ),
    Step(
        events.NextStepsChosen,
        VISITED,
        "next_steps",
        who=BODIES | {"minister"},
        guards=(guards.progress_was_insufficient, guards.steps_are_chosen),
        again=True,
    ),
    Step(
        events.PlanReceived,
        VISITED,
        who=BODIES | SUBMITTERS,
        guards=(guards.progress_was_insufficient, guards.plan_is_whole),
        again=True,
    ),
    Step(
        events.PlanPublished,
        VISITED,
        who=BODIES | SUBMITTERS,
        guards=(guards.progress_was_insufficient, address_is_one),
        again=True,
    ),
    Step(
        events.ReviewMeetingHeld,
        VISITED,
        who=BODIES,
        guards=(guards.progress_was_insufficient, guards.forum_is_invited),
        again=True,
    ),
    Step(events.Closed, OPEN, "closed", who=frozenset({"official"}), hidden=True),
    *BASE,
)
