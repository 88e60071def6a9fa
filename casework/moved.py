"""The dates that a new calendar or offset moved on a case, as its history shows them."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from casework import timetable
from casework.events import DatesMoved
from casework.models import Case


@dataclass(frozen=True)
class MovedDate:
    """One date that moved: what is due, and the old and the new day; None where there was none, or
    is none any more."""

    what: str
    old: datetime.date | None
    new: datetime.date | None


def dates_moved(case: Case, facts: DatesMoved, names: Mapping[str, str]) -> tuple[MovedDate, ...]:
    """What moved, soonest first. `names` are those of the bodies and recipients, by key."""
    titles = _titles(case)
    found = []
    for rule, subject, old, new in facts.moved:
        title = titles.get(rule, rule)
        whom = names.get(subject, "")
        what = f"{title} ({whom})" if whom else title
        found.append(MovedDate(f"{what[:1].upper()}{what[1:]}", _day(old), _day(new)))
    return tuple(sorted(found, key=lambda one: (one.new or one.old or datetime.date.max, one.what)))


def _titles(case: Case) -> dict[str, str]:
    if case.framework not in timetable.frameworks(case.kind):
        return {}
    return {rule.code: rule.due for rule in timetable.ruleset(case.kind, case.framework).rules}


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None
