"""What may be done to the deadlines of any case: extend, explain, hold, suspend, resume.

Thin words for events that go through the one door; nothing here moves a computed date.
"""

import datetime
from typing import Any

from casework.events import (
    Extended,
    HoldLifted,
    HoldPlaced,
    HoldReason,
    LatenessExplained,
    Resumed,
    Suspended,
)
from casework.models import Case, Deadline, Event
from casework.recording import record


def extend(
    deadline: Deadline,
    agreed_on: datetime.date,
    *,
    by: Any,
    agreed_by: str,
    why: str,
    key: str = "",
    expected_version: int | None = None,
) -> Event:
    """Agree another day for a deadline; the computed day stays beside it. Raises as `record`."""
    facts = Extended(
        rule=deadline.rule, subject=deadline.subject, agreed_on=agreed_on, agreed_by=agreed_by
    )
    return record(
        deadline.case_id, facts, by=by, note=why, key=key, expected_version=expected_version
    )


def explain_lateness(deadline: Deadline, *, by: Any, reason: str, key: str = "") -> Event:
    """Say why a deadline was or will be missed. Raises as `record`."""
    facts = LatenessExplained(rule=deadline.rule, subject=deadline.subject)
    return record(deadline.case_id, facts, by=by, note=reason, key=key)


def place_hold(
    case: Case,
    why: HoldReason,
    *,
    by: Any,
    from_day: datetime.date,
    until_day: datetime.date | None = None,
    rules: tuple[str, ...] = (),
    note: str = "",
    key: str = "",
) -> Event:
    """Hold deadlines back (all open ones without `rules`): marks what is delayed, moves no date."""
    facts = HoldPlaced(why=why, from_day=from_day, until_day=until_day, rules=rules)
    return record(case.pk, facts, by=by, note=note, key=key)


def lift_hold(case: Case, *, by: Any, note: str = "", key: str = "") -> Event:
    """End the holds on a case."""
    return record(case.pk, HoldLifted(), by=by, note=note, key=key)


def suspend(
    case: Case, *, by: Any, reason: str, happened_on: datetime.date | None = None, key: str = ""
) -> Event:
    """Let a case stand still."""
    return record(case.pk, Suspended(), by=by, note=reason, happened_on=happened_on, key=key)


def resume(
    case: Case,
    *,
    by: Any,
    first_day: datetime.date | None = None,
    last_day: datetime.date | None = None,
    give_days_back: bool = True,
    happened_on: datetime.date | None = None,
    note: str = "",
    key: str = "",
) -> Event:
    """Let a case go on: with new days on site, and open deadlines given the days it stood still."""
    facts = Resumed(first_day=first_day, last_day=last_day, give_days_back=give_days_back)
    return record(case.pk, facts, by=by, note=note, happened_on=happened_on, key=key)
