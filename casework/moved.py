"""The dates that a new calendar or offset moved on a case, as its history shows them."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from casework import timetable
from casework.events import CalendarChanged, DatesMoved, ParametersChanged
from casework.models import Case, Deadline, Event
from casework.workflow import Happened


@dataclass(frozen=True)
class MovedDate:
    """One date that moved: what is due, and the old and the new day; None where there was none, or
    is none any more. `key`: its rule and subject."""

    what: str
    old: datetime.date | None
    new: datetime.date | None
    key: tuple[str, str] = ("", "")


#: The old and the new day, by rule and subject.
LastMoves = dict[tuple[str, str], tuple[datetime.date | None, datetime.date | None]]


def dates_moved(case: Case, facts: DatesMoved, names: Mapping[str, str]) -> tuple[MovedDate, ...]:
    """What moved, soonest first. `names` are those of the bodies and recipients, by key."""
    titles = _titles(case)
    found = []
    for rule, subject, old, new in facts.moved:
        title = titles.get(rule, rule)
        whom = names.get(subject, "")
        what = f"{title} ({whom})" if whom else title
        what = f"{what[:1].upper()}{what[1:]}"
        found.append(MovedDate(what, _day(old), _day(new), (rule, subject)))
    return tuple(sorted(found, key=lambda one: (one.new or one.old or datetime.date.max, one.what)))


def last_moves(case: Case) -> LastMoves:
    """The last move of each date of a case: one query."""
    kinds = (CalendarChanged.kind, ParametersChanged.kind)
    rows = Event.objects.filter(case=case, kind__in=kinds).order_by("seq")
    moved = (
        one for facts in rows.values_list("facts", flat=True) for one in facts.get("moved", ())
    )
    return {(rule, subject): (_day(old), _day(new)) for rule, subject, old, new in moved}


def moves_on_record(
    standing: Sequence[Happened], deadline: Deadline
) -> Iterator[tuple[datetime.date, DatesMoved, int, MovedDate]]:
    """Each move of one deadline, oldest first: the day it was recorded, the event, the version of
    the offsets that the case had before it, and the two days."""
    before = 0
    for said in standing:
        facts = said.facts
        if isinstance(facts, DatesMoved):
            for rule, subject, old, new in facts.moved:
                if (rule, subject) == (deadline.rule, deadline.subject):
                    moved = MovedDate(deadline.title, _day(old), _day(new), (rule, subject))
                    yield said.on, facts, before, moved
        before = said.parameters_version


def _titles(case: Case) -> dict[str, str]:
    if case.framework not in timetable.frameworks(case.kind):
        return {}
    return {rule.code: rule.due for rule in timetable.ruleset(case.kind, case.framework).rules}


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None
