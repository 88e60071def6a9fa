"""What a file would change: terms held against each other and against those that are there."""

import datetime
import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from areas.editing import LONGEST_TERM
from areas.models import LocalArea, Term
from areas.term_import.reading import Entry, Mistake
from areas.term_import.reading import Read as ReadFile
from design_system.forms import in_words

#: Inspections of this kind began in May 2016; a school year may be entered some years ahead.
EARLIEST, LATEST = datetime.date(2015, 8, 1), datetime.date(2040, 12, 31)
#: Shorter stretches and holidays than these are looked at twice.
SHORT_TERM = 5
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Change:
    """A stretch of the file, and those that it takes the place of. `is_there`: exactly this stretch
    is entered already."""

    entry: Entry
    replaces: tuple[Term, ...] = ()
    is_there: bool = False


@dataclass
class AreaPlan:
    """What a file would change in one area."""

    area: LocalArea
    changes: list[Change] = field(default_factory=list)
    kept: list[Term] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    @property
    def added(self) -> list[Change]:
        """New stretches where none was."""
        return [one for one in self.changes if not one.is_there and not one.replaces]

    @property
    def replacing(self) -> list[Change]:
        """Stretches in whose place others stood."""
        return [one for one in self.changes if one.replaces]

    @property
    def same(self) -> list[Change]:
        """Stretches that are entered already."""
        return [one for one in self.changes if one.is_there and not one.replaces]

    @property
    def gone(self) -> dict[int, Term]:
        """The terms that would be replaced, by id."""
        return {term.pk: term for one in self.changes for term in one.replaces}

    def __bool__(self) -> bool:
        return bool(self.added or self.replacing)


@dataclass
class Plan:
    """What a file would change, area by area; nothing of it where there are mistakes."""

    areas: list[AreaPlan]
    mistakes: list[Mistake]
    notes: list[str]

    def __bool__(self) -> bool:
        return any(self.areas)

    @property
    def digest(self) -> str:
        """A short text that is another one as soon as anything would be changed in another way."""
        said = [
            (
                str(one.area.pk),
                [(c.entry, [_said(term) for term in c.replaces], c.is_there) for c in one.changes],
            )
            for one in self.areas
        ]
        return hashlib.sha256(repr(said).encode()).hexdigest()

    def counts(self) -> dict[str, int]:
        """How many stretches are new, replace others, are there already, and stay untouched."""
        return {
            "added": sum(len(one.added) for one in self.areas),
            "replacing": sum(len(one.replacing) for one in self.areas),
            "same": sum(len(one.same) for one in self.areas),
            "kept": sum(len(one.kept) for one in self.areas),
        }


def _said(term: Term) -> tuple[int, str, datetime.date, datetime.date]:
    return term.pk, term.name, term.starts_on, term.ends_on


def make_plan(
    read: ReadFile,
    area_of: Mapping[str, LocalArea],
    terms: Iterable[Term],
    *,
    known: Mapping[str, str],
) -> Plan:
    """Hold what was read against the terms that are there.

    `area_of`: by DfE number, the areas whose terms the person keeps ('' for the one area of a
    file without numbers); `known`: names of all areas by DfE number, for the words of a refusal.
    """
    mistakes = list(read.mistakes)
    entries: dict[uuid.UUID, list[Entry]] = defaultdict(list)
    areas: dict[uuid.UUID, LocalArea] = {}
    for entry in read.entries:
        area = area_of.get(entry.dfe_code)
        if area is None:
            mistakes.append(Mistake(entry.line, "DfE number", _no_area(entry.dfe_code, known)))
            continue
        areas[area.pk] = area
        problem = _wrong(entry, area)
        if problem:
            mistakes.append(problem)
        else:
            entries[area.pk].append(entry)
    there: dict[uuid.UUID, list[Term]] = defaultdict(list)
    for term in terms:
        there[term.local_area_id].append(term)
    plans = []
    for pk, area in sorted(areas.items(), key=lambda one: one[1].name):
        mistakes += _overlaps(entries[pk])
        plans.append(_compare(area, entries[pk], there[pk]))
    return Plan(plans, mistakes, list(read.notes))


def _no_area(code: str, known: Mapping[str, str]) -> str:
    if code in known:
        return f"You do not keep the terms of {known[code]} ({code}) here"
    return f"No area has the DfE number {code}" if code else "Enter the DfE number"


def _wrong(entry: Entry, area: LocalArea) -> Mistake | None:
    first, last = entry.starts_on, entry.ends_on
    if last < first:
        text = f"The last day, {in_words(last)}, is before the first, {in_words(first)}"
        return Mistake(entry.line, "Last day", text)
    for part, day in (("First day", first), ("Last day", last)):
        if not EARLIEST <= day <= LATEST:
            text = f"{in_words(day)} is not between {in_words(EARLIEST)} and {in_words(LATEST)}"
            return Mistake(entry.line, part, text)
    if (last - first).days >= LONGEST_TERM:
        text = (
            f"{in_words(first)} to {in_words(last)} is too long for one stretch of term: enter the "
            "time before and after half-term"
        )
        return Mistake(entry.line, "Last day", text)
    if area.ends_on and last > area.ends_on:
        text = f"{area.name} ended on {in_words(area.ends_on)}"
        return Mistake(entry.line, "Last day", text)
    if area.starts_on and first < area.starts_on:
        text = f"{area.name} began on {in_words(area.starts_on)}"
        return Mistake(entry.line, "First day", text)
    return None


def _overlaps(entries: Sequence[Entry]) -> list[Mistake]:
    """Stretches of the file that share a day, or say the same twice."""
    found = []
    latest: Entry | None = None
    for entry in sorted(entries, key=lambda one: (one.starts_on, one.ends_on, one.line)):
        if latest and entry.starts_on <= latest.ends_on:
            same = (entry.starts_on, entry.ends_on) == (latest.starts_on, latest.ends_on)
            words = "has the same days as" if same else "shares days with"
            text = f"‘{entry.name}’ {words} ‘{latest.name}’ on line {latest.line}"
            found.append(Mistake(entry.line, "First day", text))
        if latest is None or entry.ends_on > latest.ends_on:
            latest = entry
    return found


def _compare(area: LocalArea, entries: Sequence[Entry], there: Sequence[Term]) -> AreaPlan:
    plan = AreaPlan(area)
    touched: set[int] = set()
    for entry in sorted(entries, key=lambda one: one.starts_on):
        replaced, is_there = [], False
        for term in there:
            if term.starts_on > entry.ends_on or term.ends_on < entry.starts_on:
                continue
            touched.add(term.pk)
            if not is_there and _is_same(term, entry):
                is_there = True
            else:
                replaced.append(term)
        plan.changes.append(Change(entry, tuple(replaced), is_there))
        plan.doubts += _doubts(entry, plan.changes[:-1])
    plan.kept = [term for term in there if term.pk not in touched]
    return plan


def _is_same(term: Term, entry: Entry) -> bool:
    return (term.name, term.starts_on, term.ends_on) == (
        entry.name,
        entry.starts_on,
        entry.ends_on,
    )


def _doubts(entry: Entry, before: Sequence[Change]) -> list[str]:
    """What is possible and yet rarely meant."""
    found = []
    length = (entry.ends_on - entry.starts_on).days + 1
    if length < SHORT_TERM:
        days = "day" if length == 1 else "days"
        found.append(f"Line {entry.line}, {entry.name}, is {length} {days} long")
    for part, day in (("begins", entry.starts_on), ("ends", entry.ends_on)):
        if day.weekday() >= 5:
            found.append(f"Line {entry.line}, {entry.name}, {part} on a {day:%A}")
    if before:
        last = before[-1].entry
        between = (last.ends_on + n * DAY for n in range(1, (entry.starts_on - last.ends_on).days))
        if all(day.weekday() >= 5 for day in between):
            found.append(
                f"Between {last.name} (line {last.line}) and {entry.name} (line {entry.line}) "
                "there is no holiday"
            )
    return found
