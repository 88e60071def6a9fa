"""What is derived besides stage and deadlines: the day of publication, and the digest of inputs.

The digest stands for everything that a case's open dates rest on, its calendar apart. Two cases
with the same digest have the same open dates under any calendar and any parameters, so a new bank
holiday is worked out once for all of them. Bodies stand in it by their place, not by their id, and
what only settled deadlines looked at is left out. It may be too fine, never too coarse.
"""

import datetime
import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from casework import timetable
from casework.registry import CaseKind
from casework.timetable import Happening, Subject
from casework.timetable.rules import DAY_ON_SITE, AnswerOrPeriodOver, Rule, Ruleset
from casework.timetable.starts import singled_out
from casework.workflow import State

if TYPE_CHECKING:
    from casework.models import Case
    from casework.rows import Row

UNMET = ("open", "forecast")
SITE = ("first_day", "last_day")
#: Only ids are renamed: a day on site and a number of months mean something to the rules.
AN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def published_on(case: "Case", kind: CaseKind, state: State) -> datetime.date | None:
    """The day on which the last of those who publish did; None until all have."""
    name = kind.published_by
    days: dict[str, datetime.date] = {}
    for one in state.happenings if name else ():
        if one.event == name:
            days[one.subject] = max(days.get(one.subject, one.on), one.on)
    if not days:
        return None
    subjects = () if "" in days else _subjects_of_event(case, state, name)
    return None if any(one.key not in days for one in subjects) else max(days.values())


def _subjects_of_event(case: "Case", state: State, name: str) -> Sequence[Subject]:
    if case.framework not in timetable.frameworks(case.kind):
        return ()
    rules = timetable.ruleset(case.kind, case.framework)
    event = rules.event(name)
    each = event.each if event else ""
    return state.subjects.get(each) or rules.default_subjects.get(each) or ()


def known_of(state: State) -> list[Happening]:
    """Everything that the timetable of a case is computed from: happened, planned, related."""
    return [
        *state.happenings,
        *(Happening(event=name, on=day) for name, day in state.planned.items()),
        *(h for one in state.related.values() for h in one.facts.happenings(one.on)),
    ]


def digest_of(case: "Case", state: State, rows: Iterable["Row"], parameters_version: int) -> str:
    """The digest of what the open dates of a case rest on; '' where it has none."""
    rows = list(rows)
    if state.ended_on is not None or not any(row.state in UNMET for row in rows):
        return ""
    ruleset = timetable.ruleset(case.kind, case.framework)
    settled = frozenset(_code_of(ruleset, row.rule) for row in rows if row.settled)
    unsettled = frozenset(_code_of(ruleset, row.rule) for row in rows if not row.settled)
    looked = _looked_at(ruleset, settled - unsettled, unsettled)
    names = _Names(state.subjects, looked)
    happenings = known_of(state)
    content = [
        [case.kind, case.framework, case.edition, parameters_version, state.imported],
        _edition_day(case, ruleset, happenings),
        names.groups,
        sorted(
            [one.event, one.on.isoformat(), names.of(one.subject)]
            for one in sorted(happenings, key=lambda one: (one.event, one.on))
            if (declared := ruleset.event(one.event)) and declared.name in looked.events
        ),
        sorted(
            [row.rule, names.of(row.subject), "settled" if row.settled else str(row.met_on or "")]
            for row in sorted(rows, key=lambda row: row.key)
            if _code_of(ruleset, row.rule) in looked.rules
        ),
        sorted(
            [rule, names.of(subject), day.isoformat()]
            for (rule, subject), day in sorted(state.agreed.items())
            if _code_of(ruleset, rule) in looked.rules
        ),
    ]
    packed = json.dumps(content, separators=(",", ":")).encode()
    return hashlib.blake2b(packed, digest_size=16).hexdigest()


def _edition_day(case: "Case", ruleset: Ruleset, known: Collection[Happening]) -> str:
    """The day by which the edition is chosen, where the case has none yet and there is a choice;
    the first day on site, from which it may be counted instead, is always looked at."""
    if case.edition or len(ruleset.editions) == 1:
        return ""
    named = [(ruleset.event(one.event), one.on) for one in known]
    told = [on for event, on in named if event and event.name == "notified"]
    days = [on for event, on in named if event]
    return str(max(told) if told else min(days, default=""))


class _Names:
    """Ids as places: of a case's own subjects in the order of their groups, then as they come."""

    def __init__(self, subjects: Mapping[str, Sequence[Subject]], looked: "_LookedAt") -> None:
        self._places: dict[str, str] = {}
        self.groups = [
            [
                group,
                [[self.of(s.key), s.name if s.name in looked.by else ""] for s in subjects[group]],
            ]
            for group in sorted(subjects)
            if group in looked.groups
        ]

    def of(self, key: str) -> str:
        if not AN_ID.fullmatch(key):
            return key
        return self._places.setdefault(key, f"#{len(self._places)}")


@dataclass
class _LookedAt:
    rules: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    #: The bodies that a rule singles out by name.
    by: set[str] = field(default_factory=set)


class _This:
    """A rule set by its identity: it holds mappings, which have no hash."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _This) and other.ruleset is self.ruleset

    def __hash__(self) -> int:
        return id(self.ruleset)


@lru_cache(maxsize=1024)
def _closure(this: _This, settled: frozenset[str], unsettled: frozenset[str]) -> _LookedAt:
    return _Closure(this.ruleset, settled, unsettled).found


def _looked_at(ruleset: Ruleset, settled: frozenset[str], unsettled: frozenset[str]) -> _LookedAt:
    return _closure(_This(ruleset), settled, unsettled)


class _Closure:
    """The rules and events that a case's open dates can look at, whatever the calendar."""

    def __init__(
        self, ruleset: Ruleset, settled: frozenset[str], unsettled: frozenset[str]
    ) -> None:
        self.ruleset = ruleset
        self.settled = settled
        self.found = _LookedAt()
        self._seen: set[int] = set()
        self._counted: set[str] = set()
        for rule in ruleset.rules:
            if rule.code in unsettled or _can_appear(rule):
                self._rule(rule)
        for name in SITE:
            self._event(name)

    def _rule(self, rule: Rule) -> None:
        if id(rule) in self._seen:
            return
        self._seen.add(id(rule))
        self.found.rules.add(rule.code)
        self.found.groups |= {rule.each, rule.all_of} - {""}
        for name in rule.events_that_meet:
            self._note(name)
        if rule.code in self.settled:
            return  # met, all of it: that, and when, is all that others can ask
        self.found.by |= singled_out(rule.start)
        for name in _asked_by(rule):
            self._event(name)
        if isinstance(rule.start, AnswerOrPeriodOver):
            self._rules(rule.start.period)

    def _event(self, name: str) -> None:
        """An event that is counted from, and what it is forecast from while it has not happened."""
        for wanted in SITE if name == DAY_ON_SITE else (name,):
            event = self.ruleset.event(wanted)
            if event is None or event.name in self._counted:
                continue
            self._counted.add(event.name)
            self._note(wanted)
            for rule in self.ruleset.rules:
                if event.name in rule.events_that_meet:
                    self._rule(rule)
            for other in (event.follows, event.renewed_by):
                if other:
                    self._event(other)

    def _rules(self, code: str) -> None:
        for rule in self.ruleset.rules:
            if rule.code == code:
                self._rule(rule)

    def _note(self, name: str) -> None:
        event = self.ruleset.event(name)
        if event is not None:
            self.found.events.add(event.name)
            self.found.groups |= {event.each} - {""}


def _asked_by(rule: Rule) -> Iterator[str]:
    yield from rule.start.names
    if rule.only_if is not None:
        yield from rule.only_if.events
    yield from rule.until
    if rule.repeat is not None:
        yield rule.repeat.step


def _can_appear(rule: Rule) -> bool:
    """Whether a new calendar can make a deadline where there was none: one for each day on site,
    one for long visits only, or one that is due before the event that ends it after all."""
    return (
        rule.each == DAY_ON_SITE
        or bool(rule.until)
        or bool(rule.only_if is not None and set(SITE) & set(rule.only_if.events))
    )


def rule_of(kind: str, framework: str, code: str) -> Rule | None:
    """The rule by which a deadline is made; of several with one code, the first."""
    ruleset = timetable.ruleset(kind, framework)
    wanted = _code_of(ruleset, code)
    return next((rule for rule in ruleset.rules if rule.code == wanted), None)


def _code_of(ruleset: Ruleset, code: str) -> str:
    """The rule of a deadline: occurrences of one that repeats have a number of their own."""
    stem, _, number = code.rpartition("-")
    repeated = f"{stem}-n"
    known = {rule.code for rule in ruleset.rules}
    return repeated if code not in known and number.isdigit() and repeated in known else code
