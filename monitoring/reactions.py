"""What follows here from a statement and from an inspection of 2023."""

from typing import Any

from casework.models import Case, Event
from casework.reactions import Reaction, register_reaction
from casework.recording import Door
from inspections.events import Judgement, NextInspectionBegun, OutcomeDecided, ReportPublished
from inspections.frameworks import AREA_SEND_2023
from inspections.scheduling import KIND as INSPECTION
from monitoring.access import MONITORING, SUPPORT
from monitoring.events import Closed, MonitoringBegun
from monitoring.events_support import Closed as ProgrammeClosed
from monitoring.events_support import ProgrammeBegun
from monitoring.workflow import ENDED
from wsoa import events as statements
from wsoa.access import KIND as STATEMENT


def statement_is_opened(case: Case, event: Event, facts: Any, door: Door) -> None:
    """Support while it is written is owed from the final report on (HB 105)."""
    door.create_case(
        MONITORING,
        local_area=case.local_area,
        framework=case.framework,
        origin=case,
        key=f"{MONITORING}:{case.pk}",
        happened_on=event.happened_on,
    )


def letter_says_fit(case: Case, event: Event, facts: Any, door: Door) -> None:
    """Monitoring begins once the letter says that the statement is fit for purpose (RV 5)."""
    if case.stage != "fit":
        return
    for monitoring in _monitoring_of(case):
        if monitoring.stage == "developing":
            begun = MonitoringBegun()
            door.record(monitoring.pk, begun, happened_on=event.happened_on, key="begun")


def statement_has_ended(case: Case, event: Event, facts: Any, door: Door) -> None:
    """Closed, superseded or not required: nothing is left to monitor (RV 28)."""
    for monitoring in _monitoring_of(case):
        if monitoring.stage not in ENDED:
            key = f"ended:{event.pk}"
            door.record(monitoring.pk, Closed(), happened_on=event.happened_on, key=key)


def _monitoring_of(statement: Case) -> list[Case]:
    return list(Case.objects.filter(kind=MONITORING, origin=statement).order_by("pk"))


def report_is_published(case: Case, event: Event, facts: ReportPublished, door: Door) -> None:
    """The programme of the outcome begins when Ofsted publishes the report (SC)."""
    if case.framework != AREA_SEND_2023 or not case.outcome or facts.subject != "Ofsted":
        return
    programme = door.create_case(
        SUPPORT,
        local_area=case.local_area,
        framework=case.framework,
        origin=case,
        key=f"{SUPPORT}:{case.pk}",
        happened_on=event.happened_on,
    )
    _begin(programme, case, event, door)


def outcome_is_corrected(case: Case, event: Event, facts: OutcomeDecided, door: Door) -> None:
    """Another outcome than was first recorded has another programme."""
    for programme in Case.objects.filter(kind=SUPPORT, origin=case, ended_on=None).order_by("pk"):
        if programme.stage != case.outcome:
            _begin(programme, case, event, door)


def _begin(programme: Case, inspection: Case, event: Event, door: Door) -> None:
    begun = ProgrammeBegun(result=Judgement(inspection.outcome))
    door.record(programme.pk, begun, happened_on=event.happened_on, key=f"begun:{event.pk}")


def area_is_inspected_again(case: Case, event: Event, facts: Any, door: Door) -> None:
    """What goes on until the next full inspection ends with it (SC)."""
    for programme in Case.objects.filter(kind=SUPPORT, origin=case, ended_on=None).order_by("pk"):
        closed = ProgrammeClosed()
        door.record(programme.pk, closed, happened_on=event.happened_on, key=f"next:{event.pk}")


ENDS_OF_STATEMENTS = (
    statements.Closed.kind,
    statements.Superseded.kind,
    statements.NoLongerRequired.kind,
)
LETTERS = (statements.FitnessLetterSent.kind, statements.SecondFitnessLetterSent.kind)

REACTIONS: tuple[Reaction, ...] = (
    Reaction((STATEMENT, "opened"), statement_is_opened, [(MONITORING, "opened")]),
    *(
        Reaction((STATEMENT, letter), letter_says_fit, [(MONITORING, MonitoringBegun.kind)])
        for letter in LETTERS
    ),
    *(
        Reaction((STATEMENT, end), statement_has_ended, [(MONITORING, Closed.kind)])
        for end in ENDS_OF_STATEMENTS
    ),
    Reaction(
        (INSPECTION, ReportPublished.kind),
        report_is_published,
        [(SUPPORT, "opened"), (SUPPORT, ProgrammeBegun.kind)],
    ),
    Reaction(
        (INSPECTION, OutcomeDecided.kind),
        outcome_is_corrected,
        [(SUPPORT, ProgrammeBegun.kind)],
        corrections=True,
    ),
    Reaction(
        (INSPECTION, NextInspectionBegun.kind),
        area_is_inspected_again,
        [(SUPPORT, ProgrammeClosed.kind)],
    ),
)


def register() -> None:
    """Make them known."""
    for one in REACTIONS:
        register_reaction(one)
