"""What follows here from a statement, and for it from here: a re-visit that is planned there is
opened; what its letter says, once both inspectorates published it, ends the statement or not."""

from casework.models import Case, Event
from casework.reactions import Reaction, register_reaction
from casework.recording import Door
from revisits.access import KIND
from revisits.events import Planned, Progress, RevisitPublished
from wsoa.access import KIND as STATEMENT
from wsoa.events import Closed, FurtherSupportNeeded, RevisitPlanned

AWAITING = frozenset({"fit", "in_further_support"})


def revisit_is_planned(case: Case, event: Event, facts: RevisitPlanned, door: Door) -> None:
    """The re-visit's own case, for the period that the statement's page gave."""
    revisit = door.create_case(
        KIND,
        local_area=case.local_area,
        framework=case.framework,
        origin=case,
        key=f"{KIND}:{event.pk}",
        happened_on=event.happened_on,
    )
    planned = Planned(period_from=facts.period_from, period_to=facts.period_to)
    door.record(revisit.pk, planned, happened_on=event.happened_on, key="planned")


def letter_is_published(case: Case, event: Event, facts: RevisitPublished, door: Door) -> None:
    """Sufficient in all closes the statement (RV 28); otherwise it stays open (RV 29)."""
    statement = case.origin
    if statement is None or case.published_on is None or not case.outcome:
        return
    statement.refresh_from_db()
    if statement.stage not in AWAITING:
        return
    follows = Closed() if case.outcome == Progress.ALL else FurtherSupportNeeded()
    door.record(
        statement.pk, follows, happened_on=event.happened_on, key=f"published:{case.pk}:{event.seq}"
    )


REACTIONS: tuple[Reaction, ...] = (
    Reaction(
        (STATEMENT, RevisitPlanned.kind), revisit_is_planned, [(KIND, "opened"), (KIND, "planned")]
    ),
    Reaction(
        (KIND, RevisitPublished.kind),
        letter_is_published,
        [(STATEMENT, Closed.kind), (STATEMENT, FurtherSupportNeeded.kind)],
    ),
)


def register() -> None:
    """Make them known."""
    for one in REACTIONS:
        register_reaction(one)
