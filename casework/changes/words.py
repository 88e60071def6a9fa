"""A change in plain English: in a line for lists, in several for its own page."""

import datetime
from collections.abc import Iterable, Mapping, Sequence

from casework.changes.content import (
    CalendarContent,
    Content,
    ParametersContent,
    calendar_content,
    parameters_content,
)
from casework.changes.models import Change, ChangeKind, ChangeSource
from casework.changes.starred import Starred, starred
from config import clock
from design_system.forms import in_words
from working_days.models import BankHoliday, Closure
from working_days.services import NewClosure

Lines = list[tuple[str, str]]


def day_with_weekday(day: datetime.date) -> str:
    """'Monday 19 September 2022'."""
    return f"{day:%A} {in_words(day)}"


def moment_in_words(moment: datetime.datetime | None) -> str:
    """'22 November 2026, 09:30', as London clocks show it; '' for none."""
    if moment is None:
        return ""
    local = clock.london(moment)
    return f"{in_words(local.date())}, {local:%H:%M}"


def content_of(change: Change) -> Content:
    """What a change is to change."""
    if change.kind == ChangeKind.PARAMETERS:
        return parameters_content(change.content)
    return calendar_content(change.content)


def proposer(change: Change) -> str:
    """Who proposed it."""
    if change.source == ChangeSource.GOV_UK:
        return "GOV.UK’s list"
    return change.proposed_by.name if change.proposed_by else "The service"


def closures_of(changes: Iterable[Change]) -> dict[int, Closure]:
    """The closures that some changes take back, by id: one query, or none."""
    wanted = {one for change in changes for one in change.content.get("closures_remove", ())}
    return Closure.objects.in_bulk(wanted) if wanted else {}


def headline(change: Change, closures: Mapping[int, Closure]) -> str:
    """A change in a line."""
    content = content_of(change)
    if isinstance(content, ParametersContent):
        return _offsets_headline(content, starred())
    return "; ".join(_calendar_parts(content, closures))


def _calendar_parts(content: CalendarContent, closures: Mapping[int, Closure]) -> Iterable[str]:
    if len(content.add) == len(content.remove) == 1:
        old, new = content.remove[0], content.add[0].date
        yield f"Bank holiday moved from {day_with_weekday(old)} to {day_with_weekday(new)}"
    else:
        if len(content.add) == 1:
            only = content.add[0]
            yield f"New bank holiday on {day_with_weekday(only.date)}: {only.title}"
        elif content.add:
            yield f"{len(content.add)} new bank holidays"
        if len(content.remove) == 1:
            yield f"No bank holiday any longer on {day_with_weekday(content.remove[0])}"
        elif content.remove:
            yield f"{len(content.remove)} days are bank holidays no longer"
    for one in content.closures_add:
        yield f"Closure of {_closed(one.inspectorate)}, {span(one.starts_on, one.ends_on)}"
    for closure_id in content.closures_remove:
        known = closures.get(closure_id)
        yield f"Closure taken back: {closure_in_words(known)}" if known else "Closure taken back"
    if content.covers_until:
        yield f"Calendar complete until {in_words(content.covers_until)}"


def _offsets_headline(content: ParametersContent, known: Mapping[str, Starred]) -> str:
    parts = []
    for key, number in content.values.items():
        one = known.get(key)
        parts.append(f"{one.codes[0]}: {one.in_words(number)}" if one else f"{key}: {number}")
    return "; ".join(parts)


def particulars(change: Change, closures: Mapping[int, Closure]) -> Lines:
    """What exactly it changes, as labels and words."""
    content = content_of(change)
    if isinstance(content, ParametersContent):
        return offset_lines(content, starred())
    return calendar_lines(content, closures)


def calendar_lines(content: CalendarContent, closures: Mapping[int, Closure]) -> Lines:
    """What a change of the calendar changes, as labels and words."""
    lines = [
        (
            "New bank holiday",
            f"{day_with_weekday(one.date)}: {one.title}"
            + (f" ({one.notes.lower()})" if one.notes else ""),
        )
        for one in content.add
    ]
    names = _titles(content.remove)
    lines += [
        ("No bank holiday any longer", day_with_weekday(day) + names.get(day, ""))
        for day in content.remove
    ]
    for one in content.closures_add:
        lines += _closure_lines(one)
    lines += [
        ("Closure taken back", closure_in_words(closures[closure_id]))
        for closure_id in content.closures_remove
        if closure_id in closures
    ]
    if content.covers_until:
        lines.append(("Calendar complete until", in_words(content.covers_until)))
    return lines


def _titles(days: Sequence[datetime.date]) -> dict[datetime.date, str]:
    """': Early May bank holiday' by day, as last recorded."""
    if not days:
        return {}
    found = BankHoliday.objects.filter(date__in=days).order_by("added_in_id")
    return {day: f": {title}" for day, title in found.values_list("date", "title")}


def _closure_lines(closure: NewClosure) -> Lines:
    return [
        ("Closed", _closed(closure.inspectorate)),
        ("Days", span(closure.starts_on, closure.ends_on)),
        ("Why it is closed", closure.reason),
        (
            "The clock",
            "Stops: the days do not count" if closure.stops_the_clock else "Runs: no day changes",
        ),
    ]


def offset_lines(content: ParametersContent, known: Mapping[str, Starred]) -> Lines:
    """What a change of offsets changes, as labels and words."""
    lines: Lines = []
    for key, number in content.values.items():
        one = known.get(key)
        if one is None:
            lines.append((key, str(number)))
            continue
        lines.append(("Rule", f"{listed(one.codes)}: {one.due}"))
        lines.append(("New value", one.in_words(number)))
        lines.append(("The source’s or our default", one.in_words(one.default)))
    lines.append(("New cases", f"Those opened from {in_words(content.effective_from)}"))
    count = len(content.case_ids)
    chosen = f"{count:,} chosen" if content.cases == "chosen" else "Keep the value they have"
    lines.append(("Open cases", chosen))
    return lines


def listed(codes: Sequence[str]) -> str:
    """'IN-DRAFT, RE-DRAFT'."""
    return ", ".join(codes)


def span(starts_on: datetime.date, ends_on: datetime.date) -> str:
    """'15 June 2026', '15 June 2026 to 16 June 2026'."""
    if starts_on == ends_on:
        return in_words(starts_on)
    return f"{in_words(starts_on)} to {in_words(ends_on)}"


def closure_in_words(closure: Closure) -> str:
    """'Ofsted, 15 June 2026 to 16 June 2026: Move of offices'."""
    days = span(closure.starts_on, closure.ends_on)
    return f"{closure.get_inspectorate_display()}, {days}: {closure.reason}"


def _closed(inspectorate: str) -> str:
    return str(Closure.Inspectorate(inspectorate).label)
