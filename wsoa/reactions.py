"""What follows here from an inspection: a determination makes a statement, an inspection under the
framework of 2023 ends one."""

from casework.models import Case, Event
from casework.reactions import Reaction, register_reaction
from casework.recording import Door
from inspections.events import Determined, Need, ReportPublished
from inspections.frameworks import AREA_SEND_2023
from inspections.scheduling import KIND as INSPECTION
from wsoa.access import KIND
from wsoa.events import Superseded
from wsoa.workflow import ENDED


def statement_is_required(case: Case, event: Event, facts: Determined, door: Door) -> None:
    """A determination that a statement is required opens it, once (HB 29, 65)."""
    if facts.result is not Need.REQUIRED:
        return
    door.create_case(
        KIND,
        local_area=case.local_area,
        framework=case.framework,
        origin=case,
        key=f"{KIND}:{case.pk}",
        happened_on=event.happened_on,
    )


def inspected_anew(case: Case, event: Event, facts: ReportPublished, door: Door) -> None:
    """Open statements of the area are superseded when Ofsted publishes what an inspection under
    the framework of 2023 found."""
    if case.framework != AREA_SEND_2023 or not facts.opens_the_case_further():
        return
    open_ones = Case.objects.filter(kind=KIND, local_area=case.local_area_id)
    for statement in open_ones.exclude(stage__in=ENDED).order_by("pk"):
        door.record(
            statement.pk,
            Superseded(inspection=case.reference),
            happened_on=event.happened_on,
            key=f"superseded:{case.pk}",
        )


REACTIONS: tuple[Reaction, ...] = (
    Reaction((INSPECTION, Determined.kind), statement_is_required, [(KIND, "opened")], True),
    Reaction((INSPECTION, ReportPublished.kind), inspected_anew, [(KIND, Superseded.kind)]),
)


def register() -> None:
    """Make them known."""
    for one in REACTIONS:
        register_reaction(one)
