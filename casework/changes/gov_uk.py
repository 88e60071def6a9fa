"""From GOV.UK's list of bank holidays to a proposal that an administrator looks at."""

import logging
from typing import Any

from casework.changes import services
from casework.changes.content import CalendarContent, stored
from casework.changes.models import PENDING, Change, ChangeSource, ChangeState
from config import clock
from notices import broker
from working_days.refresh import Patience, Proposal
from working_days.services import ChangeRefused, current_calendar
from working_days.upkeep import end_warning, look_at_gov_uk, looks, switched_on

logger = logging.getLogger(__name__)

#: A proposal that was declined is not made again; one that was applied would find nothing to do.
NOT_AGAIN = (*PENDING, ChangeState.APPLYING, ChangeState.WITHDRAWN)
WHY = "GOV.UK’s list of bank holidays differs from the calendar"


def ask_for_a_look(person: Any) -> bool:
    """Ask a worker to look at GOV.UK's list. False where the queue is away."""
    from casework.tasks import ask_gov_uk

    return broker.ask(ask_gov_uk, [str(person.public_id)])


def look(*, by: str = "", patience: Patience | None = None) -> Change | None:
    """Look at GOV.UK's list and propose what differs, if nobody was asked about that before.

    Returns the new proposal, None where there is nothing new. Proposals of an earlier list that
    nobody has decided are withdrawn: that list is out of date, or the calendar has caught up with
    it. Warns in the log where the calendar ends within 24 months.
    """
    if warning := end_warning(current_calendar(), clock.today()):
        logger.warning("%s", warning)
    if not switched_on():
        return None
    asked = clock.now()
    proposal = look_at_gov_uk(by=by, patience=patience)
    if proposal is None:
        if looks().failure == "":
            _withdraw_earlier(asked)
        return None
    content = _content(proposal)
    if _proposed_before(content):
        return None
    _withdraw_earlier(asked)
    try:
        return services.propose_calendar(content, why=WHY, by=None, source=ChangeSource.GOV_UK)
    except ChangeRefused as refused:
        # The calendar changed while GOV.UK was being asked: the next look sees what is left.
        logger.warning("GOV.UK's list could not be proposed: %s", refused)
        return None


def _content(proposal: Proposal) -> CalendarContent:
    return CalendarContent(
        add=proposal.add, remove=proposal.remove, covers_until=proposal.covers_until
    )


def _proposed_before(content: CalendarContent) -> bool:
    return Change.objects.filter(
        source=ChangeSource.GOV_UK, content=stored(content), state__in=NOT_AGAIN
    ).exists()


def _withdraw_earlier(before: Any) -> None:
    earlier = Change.objects.filter(source=ChangeSource.GOV_UK, proposed_at__lt=before)
    waiting = earlier.filter(state__in=[*PENDING, ChangeState.FAILED], applied_at=None)
    for change_id in waiting.values_list("pk", flat=True):
        services.withdraw(change_id, by=None, why="GOV.UK’s list has changed since.")
