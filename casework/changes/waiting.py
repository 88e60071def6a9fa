"""What waits for administrators: proposals to decide, and a calendar that needs looking after."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from casework.changes.models import Change, ChangeState
from casework.changes.permission import may_change
from casework.changes.words import closures_of, headline, proposer
from config import clock
from design_system.forms import in_words
from working_days.services import current_calendar
from working_days.upkeep import end_warning, looks, switched_on

SHOWN = 10
#: GOV.UK's list may be away for a night or two without anybody having to look.
MISSED_FOR = datetime.timedelta(days=3)


@dataclass(frozen=True)
class Waits:
    """One thing to look at: what it is, what to do, where."""

    text: str
    label: str
    address: str


def waiting_for(user: Any) -> list[Waits]:
    """What waits for a person, the calendar's end first; nothing for anybody but administrators."""
    found: list[Waits] = []
    if may_change(user, "calendar", "edit"):
        found += _of_the_calendar()
        found += _proposals()
    return found


def _of_the_calendar() -> list[Waits]:
    found = []
    if warning := end_warning(current_calendar(), clock.today()):
        address = f"{reverse('add_bank_holidays')}?days=8"
        found.append(Waits(warning, "Add a further year", address))
    if switched_on() and (missed := _missed()):
        found.append(Waits(missed, "Look at the calendar", reverse("changes")))
    return found


def _missed() -> str:
    """Since when GOV.UK's list could not be had; '' where it was had lately, or never asked."""
    known = looks()
    if not known.failure or known.last is None:
        return ""
    since = known.last_good.started_at if known.last_good else None
    if since is not None and clock.now() - since < MISSED_FOR:
        return ""
    had = f"since {in_words(clock.london(since).date())}" if since else "so far"
    return f"GOV.UK’s list of bank holidays could not be had {had}"


def _proposals() -> list[Waits]:
    states = [ChangeState.PREVIEWED, ChangeState.FAILED]
    waiting = list(
        Change.objects.filter(state__in=states)
        .select_related("proposed_by")
        .order_by("proposed_at", "pk")[:SHOWN]
    )
    closures = closures_of(waiting)
    return [
        Waits(
            f"{headline(one, closures)} ({_how(one)})",
            "Look and decide",
            reverse("change", args=[one.pk]),
        )
        for one in waiting
    ]


def _how(change: Change) -> str:
    if change.state == ChangeState.FAILED:
        return "it could not be worked out"
    number = f"{change.deadlines:,} deadline{'' if change.deadlines == 1 else 's'}"
    return f"proposed by {proposer(change)}; {number} would move"
