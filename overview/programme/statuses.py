"""What a line of the programme calls for: each status one small predicate, read like the rule."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from config import clock
from overview.programme.lines import NOT_BEGUN, Line
from working_days.calendar import add_months

SOON_MONTHS = 6


def soon(today: datetime.date) -> datetime.date:
    """The last day that is 'within six months'."""
    return add_months(today, SOON_MONTHS)


def _never(line: Line, today: datetime.date) -> bool:
    return line.last is None and line.area.ends_on is None


def _under_way(line: Line, today: datetime.date) -> bool:
    return line.last is not None and not line.last.is_out


def _statement_open(line: Line, today: datetime.date) -> bool:
    return line.statement_open


def _revisit_soon(line: Line, today: datetime.date) -> bool:
    return line.revisit_due is not None and today <= line.revisit_due <= soon(today)


def _revisit_overdue(line: Line, today: datetime.date) -> bool:
    return line.revisit_due is not None and line.revisit_due < today


def _inspection_soon(line: Line, today: datetime.date) -> bool:
    return line.next_due is not None and today <= line.next_due <= soon(today)


def _inspection_overdue(line: Line, today: datetime.date) -> bool:
    return line.next_due is not None and line.next_due < today


def _scheduled(line: Line, today: datetime.date) -> bool:
    coming = line.coming
    return coming is not None and coming.first_day is not None and coming.stage in NOT_BEGUN


@dataclass(frozen=True)
class Status:
    """One status: its words, and whether a line has it on a day."""

    name: str
    label: str
    holds: Callable[[Line, datetime.date], bool]


STATUSES: Mapping[str, Status] = {
    status.name: status
    for status in (
        Status("never", "Never inspected", _never),
        Status("under_way", "Inspected, report not out", _under_way),
        Status("statement", "Statement open", _statement_open),
        Status("revisit_soon", "Re-visit due within 6 months", _revisit_soon),
        Status("revisit_overdue", "Re-visit overdue", _revisit_overdue),
        Status("inspection_soon", "Inspection due within 6 months", _inspection_soon),
        Status("inspection_overdue", "Inspection overdue", _inspection_overdue),
        Status("scheduled", "Scheduled", _scheduled),
    )
}


def has(line: Line, status: str, today: datetime.date | None = None) -> bool:
    """Whether a line has a status today (or on a day). Raises KeyError for one that is none."""
    return STATUSES[status].holds(line, today or clock.today())
