"""From a case's events to its state and deadlines: a pure function, in order of `seq`.

Corrections stand in the place of what they correct, voided events drop out, and each deadline is
settled once it is met and its start is on record: later events and calendars move it no more.
The calendar and the parameters are those written on the events, so the same events always come to
the same result.
"""

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from casework import events, timetable
from casework.digests import SITE, digest_of, known_of, published_on
from casework.refusals import GuardFailed, Reason
from casework.registry import CaseKind
from casework.rows import Inputs as Inputs
from casework.rows import Key as Key
from casework.rows import Recorded as Recorded
from casework.rows import Row as Row
from casework.timetable import Due, Subject, Timetable
from casework.workflow import Context, Happened, State

if TYPE_CHECKING:
    from casework.models import Case


@dataclass
class Folded:
    """The result of a fold."""

    state: State
    rows: dict[Key, Row] = field(default_factory=dict)
    last_seq: int = 0
    published_on: datetime.date | None = None
    inputs_digest: str = ""
    warnings: tuple[str, ...] = ()

    def of_case(self) -> dict[str, Any]:
        """What stands on the case row itself, by column; version and hash are the event's."""
        state = self.state
        return {
            "stage": state.stage,
            "first_day": state.first_day,
            "last_day": state.last_day,
            "moments": state.moments,
            "suspended_on": state.suspended_on,
            "ended_on": state.ended_on,
            "outcome": state.outcome,
            "published_on": self.published_on,
            "inputs_digest": self.inputs_digest,
        }


Tried = Callable[[Happened, Context], Sequence[Reason]]


def in_effect(kind: CaseKind, recorded: Iterable[Recorded]) -> list[Happened]:
    """The events that count, each as last corrected and in the place of its first record."""
    rows = list(recorded)
    voided = {row.voids_id for row in rows if row.voids_id}
    correction = {row.corrects_id: row for row in rows if row.corrects_id}
    found = []
    for row in rows:
        if row.corrects_id or row.voids_id or row.id in voided:
            continue
        said = correction.get(row.id, row)
        facts = kind.facts_of(said.kind).read(said.facts, said.noted, said.schema_version)
        found.append(
            Happened(
                seq=row.seq,
                kind=said.kind,
                facts=facts,
                on=said.happened_on,
                at=said.happened_at,
                event_id=row.id,
                imported=row.imported,
                calendar_version=row.calendar_version,
                parameters_version=row.parameters_version,
                corrected=said is not row,
                redacted=said.redacted,
            )
        )
    return found


class Fold:
    """One run over the events of one case."""

    def __init__(self, case: "Case", kind: CaseKind, inputs: Inputs) -> None:
        self.case = case
        self.kind = kind
        self.inputs = inputs
        self.state = State(stage=kind.first_stage)
        self.by: Any = None
        self.today: datetime.date | None = None
        self.settled: dict[Key, Row] = {}
        self.subjects_at: dict[int, Mapping[str, Sequence[Subject]]] = {}

    def run(
        self,
        recorded: Sequence[Recorded],
        *,
        settled: Mapping[Key, Row] | None = None,
        tried: Tried | None = None,
        tried_after: int = 0,
        all_met_settled: bool = False,
    ) -> Folded:
        """Fold the events.

        `settled` are the deadlines that all but the last event settled already, so that only the
        last has to be computed with (the ordinary case of one event more); `all_met_settled`: what
        was met by then is among them, so nothing is left to be settled before. `tried` is asked for
        reasons before each event after `tried_after` takes effect; any raises GuardFailed.
        """
        self._note_subjects(recorded)
        self.settled = dict(settled or {})
        effective = {one.seq: one for one in in_effect(self.kind, recorded)}
        final = recorded[-1]
        seq_of = {row.id: row.seq for row in recorded}
        standing: Timetable | None = None
        for before, row in zip([None, *recorded], recorded, strict=False):
            counts = settled is None or row.seq == final.seq
            changed = before is not None and _versions(before) != _versions(row)
            if counts and changed and not all_met_settled:
                self._settle_all_met(before)  # type: ignore[arg-type]
            if (one := effective.get(row.seq)) is None:
                continue
            if tried is not None and one.seq > tried_after and not one.imported:
                self._try(one, tried)
            self._apply(one)
            if counts:
                standing = self._timetable(one)
                self._settle(one, standing)
        self.state.subjects = self.subjects_at[final.seq]
        if standing is None or final.seq not in effective:
            rewritten = effective.get(seq_of.get(final.corrects_id or 0, 0))
            brought = _brought_by(rewritten) if rewritten else ()
            standing = self._timetable_with(*_versions(final), brought)
        rows = self._rows(standing)
        return Folded(
            state=self.state,
            rows=rows,
            last_seq=final.seq,
            published_on=published_on(self.case, self.kind, self.state),
            inputs_digest=digest_of(self.case, self.state, rows.values(), final.parameters_version),
            warnings=standing.warnings,
        )

    def state_by(self, recorded: Sequence[Recorded]) -> State:
        """The state alone, without deadlines."""
        self._note_subjects(recorded)
        for one in in_effect(self.kind, recorded):
            self._apply(one)
        return self.state

    def timetable_as_of(
        self, recorded: Sequence[Recorded], seq: int, calendar: int, parameters: int
    ) -> Timetable:
        """The timetable by the events up to `seq` as they now stand corrected, with the versions
        given: what a stored deadline rests on."""
        self._note_subjects(recorded)
        for one in in_effect(self.kind, recorded):
            if one.seq <= seq:
                self._apply(one)
        self.state.subjects = self.subjects_at[seq]
        return self._timetable_with(calendar, parameters)

    # --- state ---

    def _note_subjects(self, rows: Sequence[Recorded]) -> None:
        current: Mapping[str, Sequence[Subject]] = {}
        for row in rows:
            if row.subjects is not None:
                current = subjects_read(row.subjects)
            self.subjects_at[row.seq] = current

    def _apply(self, one: Happened) -> None:
        state = self.state
        facts = one.facts
        state.subjects = self.subjects_at.get(one.seq, state.subjects)
        step = self.kind.step(one.kind)
        if isinstance(facts, events.Resumed):
            self._give_days_back(one, facts)
        state.happened.append(one)
        self._note_happenings(one)
        to_stage = facts.leads_to(state) or step.to_stage
        if to_stage is not None:
            state.stage = to_stage
            state.ended_on = one.on if to_stage in self.kind.ended_stages else None
        if (outcome := facts.outcome()) is not None:
            state.outcome = outcome
        self._note_moments(one)
        if isinstance(facts, events.Opened):
            state.imported = one.imported
        elif isinstance(facts, events.Extended):
            state.agreed[facts.rule, facts.subject] = facts.agreed_on
        elif isinstance(facts, events.LatenessExplained):
            state.explained.add((facts.rule, facts.subject))
        elif isinstance(facts, events.HoldPlaced):
            state.holds.append(facts)
        elif isinstance(facts, events.HoldLifted):
            state.holds.clear()
        elif isinstance(facts, events.Suspended):
            state.suspended_on = one.on
        elif isinstance(facts, events.Resumed):
            state.suspended_on = None

    def _note_happenings(self, one: Happened) -> None:
        state = self.state
        if isinstance(one.facts, events.RelatedHappened):
            state.related[one.facts.event, str(one.facts.case), one.facts.subject] = one
            return
        for name in one.facts.clears():
            state.planned.pop(name, None)
        for happening in one.facts.happenings(one.on, one.at):
            if happening.event in one.facts.planned:
                state.planned[happening.event] = happening.on
            else:
                state.happenings.append(happening)

    def _note_moments(self, one: Happened) -> None:
        """The moment that an event brings; one of a related case's is gone with that event."""
        moments, state = self.kind.moments, self.state
        reached = [moments.get(name, "") for name in _names_of(one)]
        if one.imported and isinstance(one.facts, events.Opened):
            reached = [self.kind.confidential_until]  # published history is no secret
        for moment in reached if one.facts.opens_the_case_further() else ():
            state.moments += [m for m in self._brought_by(moment) if m not in state.moments]
        if isinstance(one.facts, events.RelatedHappened) and one.facts.withdrawn:
            own = [o for o in state.happened if not isinstance(o.facts, events.RelatedHappened)]
            known = [o for o in own if o.facts.opens_the_case_further()]
            standing = {
                moments.get(name)
                for other in (*known, *state.related.values())
                for name in _names_of(other)
            }
            gone = {moments.get(name) for name in _names_of(one, withdrawn=True)} - standing
            state.moments = [moment for moment in state.moments if moment not in gone]

    def _brought_by(self, moment: str) -> Sequence[str]:
        """A moment; of published history also those before it, whose own events may be missing."""
        if not self.state.imported or not moment:
            return [moment] if moment else []
        order = list(dict.fromkeys(self.kind.moments.values()))
        return order[: order.index(moment) + 1] if moment in order else [moment]

    def _give_days_back(self, one: Happened, facts: events.Resumed) -> None:
        """Running deadlines get the working days that the case stood still."""
        since = self.state.suspended_on
        if since is None or not facts.give_days_back:
            return
        calendar = self.inputs.calendar(one.calendar_version)
        days = calendar.between(since, one.on)
        moved_anyway = {name for name in facts.planned if getattr(facts, name) is not None}
        if days <= 0:
            return
        for due in self._timetable(one).dues:
            running = not due.forecast and due.met_on is None and due.stands_on >= since
            if running and due.counted_from.event not in moved_anyway:
                key = (due.code, due.subject)
                self.state.agreed[key] = calendar.add(due.stands_on, days)

    def _try(self, one: Happened, tried: Tried) -> None:
        if reasons := list(tried(one, self.context(one))):
            raise GuardFailed(reasons)

    def context(self, one: Happened) -> Context:
        """What the guards of one event may ask: the state before it."""
        return Context(
            kind=self.kind,
            state=self.state,
            on=one.on,
            at=one.at,
            by=self.by,
            today=self.today or one.on,
            calendar=self.inputs.calendar(one.calendar_version),
            timetable=lambda: self._timetable(one),
        )

    # --- deadlines ---

    def _timetable(self, one: Happened) -> Timetable:
        brought = _brought_by(one)
        return self._timetable_with(one.calendar_version, one.parameters_version, brought)

    def _timetable_with(
        self, calendar_version: int, parameters_version: int, brought: Collection[str] = ()
    ) -> Timetable:
        """The timetable of the present state. Only dates that were `brought` can be refused: that
        Day 1 has become a bank holiday since it was fixed bars nothing else from the record."""
        if not timetable_has(self.kind, self.case.framework):
            return Timetable(dues=(), warnings=())
        state = self.state
        parameters = self.inputs.parameters(parameters_version)
        applying = timetable_parameters(self.kind, self.case.framework) if parameters else set()
        compute = partial(
            timetable.compute,
            self.kind.name,
            known_of(state),
            calendar=self.inputs.calendar(calendar_version),
            framework=self.case.framework,
            edition=self.case.edition,
            subjects=state.subjects,
            parameters={code: n for code, n in parameters.items() if code in applying},
            agreed=state.agreed,
        )
        try:
            return compute(checked=bool(brought) and not state.imported)
        except timetable.TimetableError as error:
            if any(not name or name in brought for name, _ in error.messages):
                raise
            return compute(checked=False)

    def _settle(self, one: Happened, found: Timetable) -> None:
        for due in found.dues:
            key = (due.code, due.subject)
            settles = due.met_on is not None and not due.counted_from.forecast
            if settles and key not in self.settled:
                versions = (one.calendar_version, one.parameters_version)
                self.settled[key] = self._row(due, settled_by=(*versions, one.seq))

    def _settle_all_met(self, before: Recorded) -> None:
        """New days and new offsets move nothing that is met, though its start be a forecast."""
        for due in self._timetable_with(*_versions(before)).dues:
            key = (due.code, due.subject)
            if due.met_on is not None and key not in self.settled:
                self.settled[key] = self._row(due, settled_by=(*_versions(before), before.seq))

    def _rows(self, standing: Timetable) -> dict[Key, Row]:
        rows = {(due.code, due.subject): self._row(due) for due in standing.dues}
        rows.update(self.settled)
        return {key: self._marked(row) for key, row in rows.items()}

    def _marked(self, row: Row) -> Row:
        """With the marks that later events can still set: explained, held."""
        hold = None if row.met_on else self._hold_on(row.rule)
        if hold is None and row.held_from is None and row.held_until is None:
            explained = row.key in self.state.explained
            return row if row.explained == explained else replace(row, explained=explained)
        return replace(
            row,
            explained=row.key in self.state.explained,
            held_from=hold.from_day if hold else None,
            held_until=hold.until_day if hold else None,
        )

    def _hold_on(self, rule: str) -> events.HoldPlaced | None:
        """The hold on a rule that lasts longest: an older one may outlive a newer."""
        on_rule = [hold for hold in self.state.holds if not hold.rules or rule in hold.rules]
        return max(on_rule, key=lambda hold: hold.until_day or datetime.date.max, default=None)

    def _row(self, due: Due, *, settled_by: tuple[int, int, int] | None = None) -> Row:
        calendar, parameters, seq = settled_by or (None, None, None)
        return Row(
            rule=due.code,
            subject=due.subject,
            subject_name=due.subject_name[:200],
            title=due.title[:300],
            owed_by=due.owed_by,
            strength=due.strength,
            due_on=due.stands_on,
            due_at=due.due_at if due.agreed_on is None else None,
            computed_on=due.due_on,
            agreed_on=due.agreed_on,
            practical_on=due.practical_on,
            day_number=due.day_number,
            counted_from_event=due.counted_from.event,
            counted_from_on=due.counted_from.date,
            calendar_version=calendar,
            parameters_version=parameters,
            state=self._state_of(due),
            lapses=due.lapses,
            met_by=due.met_by,
            met_on=due.met_on,
            met_at=due.met_at,
            met_event_id=self._event_that_met(due),
            explained=False,
            held_from=None,
            held_until=None,
            settled=settled_by is not None,
            as_of_seq=seq,
        )

    def _state_of(self, due: Due) -> str:
        if due.met_on is not None:
            late = due.met_on > due.stands_on or (
                due.due_at is not None
                and due.agreed_on is None
                and due.met_at is not None
                and due.met_at > due.due_at
            )
            return "met_late" if late else "met"
        if self.state.ended_on is not None:
            return "not_recorded" if self.state.imported else "not_applicable"
        if self.state.stage in self.kind.waiting_stages:
            return "not_applicable"
        if self.state.imported and not due.forecast:
            return "not_recorded"
        return "forecast" if due.forecast else "open"

    def _event_that_met(self, due: Due) -> int | None:
        if due.met_on is None:
            return None
        names = {due.met_by, *due.also_met_by}
        candidates = [
            one
            for one in self.state.happened
            if one.on == due.met_on and (one.kind in names or names & set(one.facts.planned))
        ]
        own = [one for one in candidates if one.facts.subject == due.subject]
        found = own or candidates
        return found[-1].event_id if found else None


def _names_of(one: Happened, *, withdrawn: bool = False) -> tuple[str, ...]:
    """The names by which an event can bring a moment: of a related case's, also whose it is
    ('origin:report_published/Ofsted'). None for one that was withdrawn there."""
    facts = one.facts
    if not isinstance(facts, events.RelatedHappened):
        return (one.kind,)
    if facts.withdrawn and not withdrawn:
        return ()
    return (facts.event, f"{facts.event}/{facts.subject}")


def _brought_by(one: Happened) -> frozenset[str]:
    """The names of the dates that an event gives; of a visit's two ends, both."""
    names = {happening.event for happening in one.facts.happenings(one.on, one.at)}
    return frozenset(names | set(SITE) if names & set(SITE) else names)


def _versions(row: Recorded) -> tuple[int, int]:
    return row.calendar_version, row.parameters_version


def timetable_has(kind: CaseKind, framework: str) -> bool:
    """Whether rules are declared for the kind under the framework."""
    known = timetable.frameworks(kind.name)
    return bool(known) and (not framework or framework in known)


def timetable_parameters(kind: CaseKind, framework: str) -> set[str]:
    """The keys of the offsets that may be set for a kind."""
    return {one.key for one in timetable.parameters_of(kind.name, framework)}


def subjects_read(stored: Mapping[str, Any]) -> dict[str, tuple[Subject, ...]]:
    """Subjects as kept on an event, in the engine's form."""
    return {
        each: tuple(Subject(key=key, name=name) for key, name in group)
        for each, group in stored.items()
    }


def subjects_stored(subjects: Mapping[str, Sequence[Subject]]) -> dict[str, list[list[str]]]:
    """Subjects in the form that an event keeps."""
    return {each: [[s.key, s.name] for s in group] for each, group in subjects.items()}
