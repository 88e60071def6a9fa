"""The programme in words: dates and outcomes as pages and files show them."""

import datetime
from collections.abc import Mapping

from casework.registry import kind_of
from overview.programme.lines import FRAMEWORKS, INSPECTION, CaseFacts, Line

OUTCOMES: Mapping[str, str] = {
    "statement_required": "Statement required",
    "no_statement": "No statement required",
    "positive": "Typically positive",
    "inconsistent": "Inconsistent",
    "failings": "Widespread or systemic failings",
    "all_sufficient": "Sufficient progress in all",
    "some_sufficient": "Sufficient progress in some",
    "none_sufficient": "Sufficient progress in none",
}


def day(date: datetime.date | None) -> str:
    """'2 Mar 2026'; '' for none."""
    return f"{date.day} {date:%b %Y}" if date else ""


def month(date: datetime.date) -> str:
    """'March 2026'."""
    return f"{date:%B %Y}"


def days(first: datetime.date | None, last: datetime.date | None) -> str:
    """'2 to 6 Mar 2026', '30 Mar to 2 Apr 2026'; '' for none."""
    if first is None:
        return ""
    if last is None or last == first:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day(last)}"
    begin = f"{first.day} {first:%b}" if first.year == last.year else day(first)
    return f"{begin} to {day(last)}"


def framework(case: CaseFacts | None) -> str:
    """'2016 framework'."""
    return FRAMEWORKS.get(case.framework, case.framework) if case else ""


def outcome(case: CaseFacts | None) -> str:
    """The outcome, once it may be told; 'Not recorded' where a case ended without one."""
    if case is None:
        return ""
    if not case.told and case.ended_on is not None:
        return "Not recorded"
    return OUTCOMES.get(case.told, case.told)


def statement(line: Line) -> str:
    """'Open: under review', 'Ended 3 May 2019: closed', 'Open: required, what followed is not
    recorded'; '' where there is none. How far it is reads who may open it: a judgement is told by
    letter."""
    case = line.statement
    if case is None:
        return ""
    stands = "Open" if case.ended_on is None else f"Ended {day(case.ended_on)}"
    if not case.open:
        return stands
    silent = ", what followed is not recorded" if nothing_followed(case) else ""
    return f"{stands}: {case.stage_label[:1].lower()}{case.stage_label[1:]}{silent}"


def nothing_followed(case: CaseFacts | None) -> bool:
    """Whether history says of a statement no more than that it was required."""
    return case is not None and case.imported and case.ended_on is None and case.stage == "required"


def revisit_due(line: Line) -> str:
    """The day; 'Not recorded' where history does not say from when to count it."""
    case = line.statement
    if line.revisit_due is None and case is not None and case.imported and line.statement_open:
        return "" if case.due and case.due[0] else "Not recorded"
    return day(line.revisit_due)


def coming(line: Line) -> str:
    """'Inspection, 2 to 6 Mar 2026'; 'Inspection, no dates yet'; '' where nothing is known."""
    case = line.coming
    if case is None:
        return ""
    label = "Inspection" if case.kind == INSPECTION else kind_of(case.kind).label
    return f"{label}, {days(case.first_day, case.last_day) or 'no dates yet'}"


def listed(names: list[str]) -> str:
    """'Dorset', 'Dorset and Poole', 'Dorset, Poole and Bournemouth'."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
