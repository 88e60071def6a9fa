"""What a change of calendar or offsets was, as a case's history and 'Why this date?' say it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from casework.changes.content import CalendarContent, ParametersContent
from casework.changes.models import Change, ChangeKind
from casework.changes.starred import Starred, starred
from casework.changes.words import closure_in_words, closures_of, content_of, day_with_weekday, span
from casework.events import DatesMoved, ParametersChanged
from casework.models import ParameterVersion
from design_system.forms import in_words, lower_first
from working_days.models import Closure

#: The event that a change left on a case, and the version of the offsets that the case had before.
Left = tuple[DatesMoved, int]


def causes(left: Sequence[Left]) -> list[str]:
    """The day, closure or offset behind each of these events, with the reason that was given:
    'Monday 22 June 2026, State occasion, is a bank holiday; reason given: Proclaimed'.

    One query for all, one more each where a closure was taken back or offsets changed; none where
    there is no event.
    """
    if not left:
        return []
    changes = _changes([facts for facts, _ in left])
    closures = closures_of(changes.values())
    numbers = _numbers(left)
    known = starred() if numbers else {}
    found = []
    for facts, before in left:
        change = changes.get(_version(facts))
        parts: Iterable[str] = ()
        if change is not None:
            content = content_of(change)
            if isinstance(content, ParametersContent):
                parts = _offsets(content, known, numbers.get(before, {}))
            else:
                parts = _days(content, closures)
        found.append(_with_reason("; ".join(parts), facts.why))
    return found


def _with_reason(cause: str, why: str) -> str:
    if cause and why:
        return f"{cause}; reason given: {why}"
    return cause or why


def _version(facts: DatesMoved) -> tuple[str, int]:
    kind = ChangeKind.PARAMETERS if isinstance(facts, ParametersChanged) else ChangeKind.CALENDAR
    return kind.value, getattr(facts, "version", 0)


def _changes(left: Iterable[DatesMoved]) -> dict[tuple[str, int | None], Change]:
    """The changes by what they are of, and the version that they were recorded as."""
    wanted = {_version(facts) for facts in left}
    calendars = {number for kind, number in wanted if kind == ChangeKind.CALENDAR}
    offsets = {number for kind, number in wanted if kind == ChangeKind.PARAMETERS}
    found = Change.objects.filter(kind=ChangeKind.CALENDAR, calendar_version__in=calendars)
    if offsets:
        found |= Change.objects.filter(kind=ChangeKind.PARAMETERS, parameters_version__in=offsets)
    return {(one.kind, _recorded_as(one)): one for one in found}


def _recorded_as(change: Change) -> int | None:
    if change.kind == ChangeKind.CALENDAR:
        return change.calendar_version
    return change.parameters_version


def _numbers(left: Sequence[Left]) -> dict[int, Mapping[str, int]]:
    """The offsets that cases had before, by version; {} where no offset changed."""
    wanted = {before for facts, before in left if isinstance(facts, ParametersChanged)}
    if not wanted:
        return {}
    found = dict(ParameterVersion.objects.filter(pk__in=wanted).values_list("pk", "values"))
    return {version: found.get(version, {}) for version in wanted}


def _days(content: CalendarContent, closures: Mapping[int, Closure]) -> Iterator[str]:
    for one in content.add:
        yield f"{day_with_weekday(one.date)}, {one.title}, is a bank holiday"
    for day in content.remove:
        yield f"{day_with_weekday(day)} is no bank holiday any longer"
    for new in content.closures_add:
        if new.stops_the_clock:
            who = Closure.Inspectorate(new.inspectorate).label
            yield f"closure of {who}, {span(new.starts_on, new.ends_on)}: {new.reason}"
    for closure_id in content.closures_remove:
        if (taken_back := closures.get(closure_id)) is not None:
            yield f"closure taken back: {closure_in_words(taken_back)}"
    if content.covers_until:
        yield f"the calendar is complete until {in_words(content.covers_until)}"


def _offsets(
    content: ParametersContent, known: Mapping[str, Starred], before: Mapping[str, int]
) -> Iterator[str]:
    for key, number in content.values.items():
        one = known.get(key)
        if one is None:
            yield f"{key}: {number}"
            continue
        old = before.get(key, one.default)
        if old != number:
            rules = f"{', '.join(one.codes)} ({lower_first(one.due)})"
            yield f"{rules}: {one.in_words(number)} instead of {one.in_words(old)}"
