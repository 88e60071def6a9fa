"""From the rules and what is known of a case to its deadlines. Pure: no clock, no database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from working_days.calendar import BeyondCalendar, Calendar

from . import registry
from .answers import (
    CountedFrom,
    Due,
    Happening,
    NotCounted,
    Subject,
    Timetable,
    TimetableError,
)
from .counting import Count, count, note_on_unknown
from .known import Facts, chosen_edition, problems_with
from .meeting import met, met_in_turn, pending
from .repeats import nth_start
from .rules import (
    DAY_ON_SITE,
    AnswerOrPeriodOver,
    Chain,
    Choice,
    Day,
    Event,
    EventName,
    FirstOf,
    LatestOf,
    Months,
    Offset,
    Rule,
    Ruleset,
    Start,
)
from .words import day_in_words

NOBODY = Subject("", "")
FROM_REPORTS = "From published reports and the guidance of 2025, not from our sources."
# However far ahead repeated deadlines are asked for.
MOST = 200


def compute(
    kind: str,
    happenings: Iterable[Happening],
    *,
    calendar: Calendar,
    framework: str = "",
    edition: str = "",
    subjects: Mapping[str, Sequence[Subject]] | None = None,
    parameters: Mapping[str, int] | None = None,
    agreed: Mapping[tuple[str, str], date] | None = None,
    checked: bool = True,
    repeat_until: date | None = None,
) -> Timetable:
    """All deadlines of one case, soonest first.

    `subjects` gives, by the name a rule's `each` uses, who or what has one deadline each; without
    them such a rule makes one deadline for all. `parameters` replaces starred numbers by rule
    code. `agreed` holds extensions by (code, subject key); forecasts count from them. Events that
    no rule of the kind knows are passed over: a case records more than its timetable needs.
    `checked=False` passes over the checks of dates as well (history taken in as it is).
    `repeat_until`: what comes again and again is given up to this day, not only the next two.

    Without an edition, the one in force on the day of notification is taken. Raises
    TimetableError for a kind, framework or edition that is not declared, for impossible dates, for
    dates outside the calendar, and for a parameter that the source fixes.
    """
    ruleset = registry.ruleset(kind, framework)
    facts = Facts(ruleset, happenings, calendar, subjects or {})
    warnings: list[str] = []
    if checked:
        problems = problems_with(facts)
        if errors := [(p.event, p.text) for p in problems if not p.unusual]:
            raise TimetableError(errors)
        warnings += [problem.text for problem in problems]
    try:
        if edition:
            edition = registry.edition_named(ruleset, edition)
        else:
            edition, warning = chosen_edition(facts)
            warnings += [warning] if warning and checked else []
        computation = _Computation(
            ruleset, edition, facts, parameters or {}, agreed or {}, repeat_until or date.min
        )
        dues = computation.all_dues()
    except BeyondCalendar as error:
        raise TimetableError([("", str(error))]) from error
    return Timetable(
        dues=tuple(sorted(dues, key=lambda due: due.due_on)),
        warnings=(*warnings, *computation.assumptions()),
        not_counted=tuple(computation.not_counted.values()),
        kind=kind,
        framework=ruleset.framework,
        edition=edition,
        calendar_version=calendar.version,
    )


@dataclass(frozen=True)
class _Moment:
    """An event's day, recorded or forecast."""

    event: str
    on: date
    at: datetime | None = None
    forecast: bool = False


class _Computation:
    def __init__(
        self,
        ruleset: Ruleset,
        edition: str,
        facts: Facts,
        parameters: Mapping[str, int],
        agreed: Mapping[tuple[str, str], date],
        repeat_until: date = date.min,
    ) -> None:
        self.ruleset = ruleset
        self.edition = edition
        self.facts = facts
        self.parameters = parameters
        self.agreed = agreed
        self.repeat_until = repeat_until
        self.rules = [rule for rule in ruleset.rules_in(edition) if self._applies(rule)]
        self._ids = {id(rule) for rule in self.rules}
        self.not_counted: dict[str, NotCounted] = {}
        self._on_site = facts.on("first_day"), facts.last_day()
        self._made: dict[int, tuple[Due, ...]] = {}
        self._making: list[str] = []

    def all_dues(self) -> list[Due]:
        return [due for rule in self.rules for due in self._dues_of(rule)]

    def assumptions(self) -> list[str]:
        """What was assumed because a date was not given."""
        said = []
        for event in self.ruleset.events:
            if event.latest_day is None or self.facts.latest(event.name, "") is not None:
                continue
            moment = self._forecast(event, "")
            if moment is not None:
                said.append(
                    f"{event.meaning} is not given: forecast as Day {event.latest_day},"
                    f" {day_in_words(moment.on)}."
                )
        return said

    def _applies(self, rule: Rule) -> bool:
        return rule.only_if is None or rule.only_if.test(self.facts)

    # --- the deadlines of one rule ---

    def _dues_of(self, rule: Rule) -> tuple[Due, ...]:
        if id(rule) in self._made:
            return self._made[id(rule)]
        if rule.code in self._making:
            raise ValueError(f"Rules go round in a circle: {' -> '.join(self._making)}.")
        self._making.append(rule.code)
        try:
            made = tuple(self._repeated(rule) if rule.repeat else self._single(rule))
        finally:
            self._making.pop()
        self._made[id(rule)] = made
        return made

    def _single(self, rule: Rule) -> Iterable[Due]:
        for subject in self._subjects_of(rule):
            met_by = met(rule, subject, self.facts)
            start = self._start_of(rule, subject, met_by)
            if start is None:
                self._leave_out(rule)
                continue
            due = self._due(rule, subject, start, self._offset_of(rule), met_by)
            if not self._ended(rule, due):
                yield due

    def _repeated(self, rule: Rule) -> Iterable[Due]:
        assert rule.repeat is not None
        step, held = self._offset_of(rule), met_in_turn(rule, self.facts)
        for number in range(1, len(held) + MOST):
            met_by = held[number - 1] if number <= len(held) else None
            found = self._occurrence(rule, step, number, held)
            if found is None:
                if number == 1:
                    self._leave_out(rule)
                return
            due = self._due(rule, NOBODY, *found, met_by, turn=number)
            enough = number > len(held) + 1 + rule.repeat.ahead
            if self._ended(rule, due) or (enough and due.due_on > self.repeat_until):
                return
            code = rule.code.removesuffix("-n") + f"-{number}"
            yield replace(
                due,
                code=code,
                agreed_on=self.agreed.get((code, "")),
                title=f"{due.title} ({number})",
                brief=f"{due.brief} {number}",
            )

    def _occurrence(
        self, rule: Rule, step: Offset, number: int, held: Sequence[Happening]
    ) -> tuple[_Moment, Offset] | None:
        """The start of the nth occurrence and how long after it is due; None where unknown."""
        if isinstance(rule.start, Chain) and number > 1:
            link = self._link(rule.start.then, number - 1)
            return (link, step) if link else None
        start = self._start_of(rule, NOBODY, None)
        if start is None or isinstance(rule.start, Chain):
            return (start, step) if start else None
        assert rule.repeat is not None
        change, offset = nth_start(rule.repeat, step, number, held, self.facts, start.on)
        return (_Moment(change.event, change.on) if change else start), offset

    def _link(self, event: str, number: int) -> _Moment | None:
        """The nth time of a repeated event: recorded, or forecast as that occurrence is due."""
        happened = self.facts.all(event, distinct=True)
        if len(happened) >= number:
            nth = happened[number - 1]
            return _Moment(nth.event, nth.on, nth.at)
        for rule in self._that_are_met_by(event):
            for due in self._dues_of(rule):
                if due.code == rule.code.removesuffix("-n") + f"-{number}":
                    return _Moment(event, due.stands_on, forecast=True)
        return None

    def _ended(self, rule: Rule, due: Due) -> bool:
        """Whether an event ended it before it was due: what was missed by then stays."""
        if not rule.until or due.met_on is not None:
            return False
        ended = self.facts.first_of(rule.until)
        return ended is not None and (due.counted_from.forecast or due.stands_on > ended.on)

    def _due(
        self,
        rule: Rule,
        subject: Subject,
        start: _Moment,
        offset: Offset,
        met_by: Happening | None,
        turn: int = 1,
    ) -> Due:
        counted = count(offset, start.on, self.facts.calendar)
        meet = rule.events_that_meet
        note = self._note(rule, offset, counted)
        if met_by is None and (to_come := pending(rule, subject, self.facts, turn)):
            note = f"{note} {to_come}".strip()
        return Due(
            code=rule.code,
            rule=rule.code,
            subject=subject.key,
            subject_name=subject.name,
            title=rule.title,
            owed_by=rule.owed_by,
            due_on=counted.on,
            due_at=counted.at,
            strength=rule.strength,
            source_offset="ours" if offset.ours else "source",
            citation=rule.citation,
            counted_from=CountedFrom(start.event, start.on, start.forecast),
            offset=offset.words,
            day_number=self._day_number(offset, counted.on),
            forecast=start.forecast or (counted.unknown_from is not None),
            skipped=counted.skipped,
            practical_on=counted.practical_on,
            note=note,
            met_by=(met_by.event if met_by else meet[0]) if meet else "",
            also_met_by=meet[1:],
            met_on=met_by.on if met_by else None,
            met_at=met_by.at if met_by else None,
            lapses=rule.lapses,
            agreed_on=self.agreed.get((rule.code, subject.key)),
            opens_on=counted.opens_on,
            opens_at=counted.opens_at,
            brief=rule.brief or rule.title,
            from_reports=rule.from_reports,
        )

    def _note(self, rule: Rule, offset: Offset, counted: Count) -> str:
        ordinary = counted.opens_on is None and counted.unknown_from is None
        if ordinary and not rule.from_reports and not rule.start.ours:
            return rule.note
        parts = [rule.note]
        if counted.opens_on is not None:
            parts.append(f"From {day_in_words(counted.opens_on)}.")
        if rule.from_reports:
            parts.append(FROM_REPORTS if not offset.ours else f"Not verified. {FROM_REPORTS}")
        if rule.start.ours:
            parts.append("The source does not say from when to count: the start is ours.")
        if isinstance(offset, Months) and counted.unknown_from is not None:
            parts.append(note_on_unknown(counted).replace("this date", "the practical day"))
        else:
            parts.append(note_on_unknown(counted))
        return " ".join(part for part in parts if part)

    def _day_number(self, offset: Offset, on: date) -> int | None:
        """The numbered day, up to the last day on site; None after it."""
        if isinstance(offset, Day):
            return offset.last
        first, last = self._on_site
        if first is None or last is None or on > last:
            return None
        try:
            return self.facts.calendar.day_number(first, on)
        except ValueError:
            return None

    def _offset_of(self, rule: Rule) -> Offset:
        offset = rule.offset_in(self.edition)
        if rule.parameter not in self.parameters:
            return offset
        if not rule.can_set(offset):
            raise TimetableError(
                [("", f"{rule.code} is fixed by its source ({rule.citation}): it has no setting.")]
            )
        try:
            return offset.with_number(self.parameters[rule.parameter])
        except ValueError as error:
            raise TimetableError([("", f"{rule.code}: {error}")]) from error

    # --- who, and whether it is done ---

    def _subjects_of(self, rule: Rule) -> Sequence[Subject]:
        if rule.subject is not None:
            return (rule.subject,)
        if not rule.each:
            return (NOBODY,)
        subjects = self.facts.subjects_of(rule.each)
        return subjects[:-1] if rule.but_last else subjects

    def _leave_out(self, rule: Rule) -> None:
        self.not_counted[rule.code] = NotCounted(rule.code, rule.title, rule.start.names)

    # --- from when ---

    def _start_of(self, rule: Rule, subject: Subject, met_by: Happening | None) -> _Moment | None:
        start: Start = rule.start
        if type(start) is Event:
            return self._renewed(start.name, self._moment(start, rule, subject), met_by)
        if isinstance(start, Choice):
            chosen = self.parameters.get(f"{rule.code}:from", 0)
            if not 0 <= chosen < len(start.options):
                raise TimetableError([("", f"{rule.code} has no start number {chosen}.")])
            start = start.options[chosen]
        if isinstance(start, AnswerOrPeriodOver):
            return self._answer_or_over(start)
        if isinstance(start, LatestOf):
            parts = [self._moment(part, rule, subject) for part in start.parts]
            return _latest(parts)
        if isinstance(start, FirstOf):
            return self._first_of(start, rule, subject)
        if isinstance(start, Chain):
            start = start.first
        return self._renewed(start.name, self._moment(start, rule, subject), met_by)

    def _renewed(
        self, name: str, moment: _Moment | None, met_by: Happening | None
    ) -> _Moment | None:
        """The start, or the later event that starts the count anew for what is not met by then."""
        event = self.ruleset.event(name)
        if moment is None or moment.forecast or event is None or not event.renewed_by:
            return moment
        again = self.facts.latest(event.renewed_by, "", any_subject=True)
        if again is None or again.on <= moment.on or (met_by and met_by.on < again.on):
            return moment
        return _Moment(again.event, again.on, again.at)

    def _moment(self, wanted: Event, rule: Rule, subject: Subject) -> _Moment | None:
        if wanted.name == DAY_ON_SITE:
            return self._day_on_site(subject)
        event = self.ruleset.event(wanted.name)
        assert event is not None, f"{rule.code} counts from {wanted.name}, which is not declared"
        if wanted.first and not event.each and (first := self.facts.first_of((event.name,))):
            return _Moment(first.event, first.on, first.at)
        if not event.each or event.each == rule.each:
            return self._own(event, subject.key if event.each else "")
        subjects = self.facts.subjects_of(event.each)
        if wanted.by:
            named = [s for s in subjects if wanted.by in (s.key, s.name)]
            subjects = named or subjects
        moments = [self._own(event, s.key) for s in subjects]
        if wanted.first:
            known = [moment for moment in moments if moment]
            return min(known, key=lambda m: (m.forecast, m.on), default=None)
        return _latest(moments)

    def _first_of(self, start: FirstOf, rule: Rule, subject: Subject) -> _Moment | None:
        """The one that happened: what its rivals would be forecast as no longer matters."""
        happened = tuple(part for part in start.parts if self.facts.happened(part.name))
        known = [self._moment(part, rule, subject) for part in happened or start.parts]
        return min((m for m in known if m), key=lambda m: m.on, default=None)

    def _day_on_site(self, subject: Subject) -> _Moment | None:
        if not subject.key:
            return None
        forecast = self.facts.latest("last_day", "") is None
        return _Moment(DAY_ON_SITE, date.fromisoformat(subject.key), forecast=forecast)

    def _own(self, event: EventName, key: str) -> _Moment | None:
        happening = self.facts.latest(event.name, key, any_subject=not event.each)
        if happening is not None:
            return _Moment(happening.event, happening.on, happening.at)
        return self._forecast(event, key)

    def _forecast(self, event: EventName, key: str) -> _Moment | None:
        """The latest day on which an event that has not happened may happen, from the agreed or
        due date of what must come first: never from today."""
        last = [
            due.stands_on
            for rule in self._that_are_met_by(event.name)
            for due in self._dues_of(rule)
            if due.met_on is None and (not rule.each or not event.each or due.subject == key)
        ]
        if last:
            return _Moment(event.name, max(last), forecast=True)
        if event.follows:
            before = self.ruleset.event(event.follows)
            assert before is not None
            moment = self._own(before, key)
            return moment and _Moment(event.name, moment.on, forecast=True)
        if event.latest_day is not None and (on := self.facts.forecast_day(event.latest_day)):
            return _Moment(event.name, on, forecast=True)
        return None

    def _that_are_met_by(self, event: str) -> Iterable[Rule]:
        """The rules of this case that an event has a part in meeting."""
        return (rule for rule in self.ruleset.meets.get(event, ()) if id(rule) in self._ids)

    def _answer_or_over(self, start: AnswerOrPeriodOver) -> _Moment | None:
        """When all have answered, or the period of those who have not is over."""
        period = next((rule for rule in self.rules if rule.code == start.period), None)
        moments: list[_Moment | None] = []
        for due in self._dues_of(period) if period else ():
            over = self.facts.latest(start.over, due.subject)
            if due.met_on is not None:
                moments.append(_Moment(start.answer, due.met_on, due.met_at))
            else:
                # One that was over before another day was agreed runs on.
                known = over is not None and over.on >= due.stands_on
                moments.append(_Moment(start.over, due.stands_on, forecast=not known))
        if moments:
            return _latest(moments)
        answer = self.facts.latest(start.answer, "", any_subject=True)
        return _Moment(start.answer, answer.on, answer.at) if answer else None


def _latest(moments: Sequence[_Moment | None]) -> _Moment | None:
    """The last of them; a forecast while any of them is one; None while any is unknown."""
    known = [moment for moment in moments if moment is not None]
    if not known or len(known) < len(moments):
        return None
    last = max(known, key=lambda moment: moment.on)
    return replace(last, forecast=any(moment.forecast for moment in known))
