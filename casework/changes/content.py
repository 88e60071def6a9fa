"""What a change is to change, as typed values and as they are stored."""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from working_days.bundled import PublishedBankHoliday
from working_days.services import CalendarChange, NewClosure

#: Days that come or go, closures, a later end: as the calendar itself takes it.
CalendarContent = CalendarChange


@dataclass(frozen=True)
class ParametersContent:
    """New numbers for starred offsets, by the key under which each is set.

    They hold for cases opened from `effective_from` on; `cases` says which open ones take them over
    as well: 'new' for none, 'chosen' for those of `case_ids`.
    """

    values: Mapping[str, int]
    effective_from: datetime.date
    cases: str = "new"
    case_ids: tuple[uuid.UUID, ...] = field(default=())


Content = CalendarContent | ParametersContent


def stored(content: Content) -> dict[str, Any]:
    """The content as JSON."""
    if isinstance(content, ParametersContent):
        return {
            "values": dict(content.values),
            "effective_from": content.effective_from.isoformat(),
            "cases": content.cases,
            "case_ids": [str(one) for one in content.case_ids],
        }
    return {
        "add": [[one.date.isoformat(), one.title, one.notes] for one in content.add],
        "remove": [day.isoformat() for day in content.remove],
        "closures_add": [
            [
                one.starts_on.isoformat(),
                one.ends_on.isoformat(),
                one.inspectorate,
                one.reason,
                one.stops_the_clock,
            ]
            for one in content.closures_add
        ],
        "closures_remove": list(content.closures_remove),
        "covers_until": content.covers_until.isoformat() if content.covers_until else None,
    }


def calendar_content(data: Mapping[str, Any]) -> CalendarContent:
    """The content of a change of the calendar, as it was stored."""
    day = datetime.date.fromisoformat
    return CalendarContent(
        add=tuple(PublishedBankHoliday(day(on), title, note) for on, title, note in data["add"]),
        remove=tuple(day(on) for on in data["remove"]),
        closures_add=tuple(
            NewClosure(day(starts), day(ends), who, reason, stops)
            for starts, ends, who, reason, stops in data["closures_add"]
        ),
        closures_remove=tuple(data["closures_remove"]),
        covers_until=day(data["covers_until"]) if data["covers_until"] else None,
    )


def parameters_content(data: Mapping[str, Any]) -> ParametersContent:
    """The content of a change of parameters, as it was stored."""
    return ParametersContent(
        values=dict(data["values"]),
        effective_from=datetime.date.fromisoformat(data["effective_from"]),
        cases=data["cases"],
        case_ids=tuple(uuid.UUID(one) for one in data["case_ids"]),
    )
