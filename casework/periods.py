"""Nobody answers: the end of a period for an answer is put on record by the system.

A rule that counts from an answer counts from the end of the period where none came (timetable.md).
Until that is on record the rule is a forecast, and nobody is asked for it.
"""

import datetime
import logging
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from casework import timetable
from casework.models import Case, Deadline, DeadlineState, Event
from casework.recording import record
from casework.refusals import GuardFailed
from casework.registry import kind_of, kinds
from casework.timetable.rules import AnswerOrPeriodOver
from casework.workflow import Answer, Context
from config import clock

if TYPE_CHECKING:
    from casework.events import Facts

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ended:
    """A period that ended without an answer: of one case, for one subject."""

    case_id: uuid.UUID
    event: str
    rule: str
    subject: str
    on: datetime.date

    @property
    def key(self) -> str:
        """The same for the same end: an agreed later day makes it another."""
        return f"period-over:{self.rule}:{self.subject}:{self.on}"


def still_without_an_answer(case: Case, facts: "Facts", context: Context) -> Answer:
    """A check: the period is over, and there is no answer."""
    rules = {rule: event for event, rule in _periods(case.kind, case.framework)}
    for due in context.timetable().dues:
        if rules.get(due.code) != facts.kind or due.subject != facts.subject:
            continue
        if due.met_on is not None:
            return "The answer is on record."
        if due.stands_on > context.on:
            return "The time for an answer is not over."
        return None
    return "Nobody is asked for an answer."


def record_periods_over(today: datetime.date | None = None) -> int:
    """Record each period that ended before today without an answer, once. Returns how many.

    Cases that stand still and deadlines that are held are left alone. Whatever a period ends, it
    ends in a transaction of its own: stopped half-way, the rest follows the next time.
    """
    recorded = 0
    for ended in ended_periods(today or clock.today()):
        case = Case.objects.only("kind").get(pk=ended.case_id)
        facts = kind_of(case).facts_of(ended.event)(subject=ended.subject)
        try:
            record(case.pk, facts, by=None, happened_on=ended.on, key=ended.key)
        except GuardFailed as refusal:
            # An answer came, or another day was agreed, since the list was made.
            log.info("Period not recorded as over", extra={"why": str(refusal)})
        else:
            recorded += 1
    return recorded


def ended_periods(today: datetime.date) -> list[Ended]:
    """The periods that ended before a day without an answer and without being recorded as over."""
    found = [
        ended
        for kind in kinds()
        for framework in kind.frameworks
        for ended in _ended(kind.name, framework, dict(_periods(kind.name, framework)), today)
    ]
    cases = {ended.case_id for ended in found}
    events = {ended.event for ended in found}
    known = set(
        Event.objects.filter(case_id__in=cases, kind__in=events).values_list("case_id", "key")
    )
    return [ended for ended in found if (ended.case_id, ended.key) not in known]


def _ended(
    kind: str, framework: str, periods: Mapping[str, str], today: datetime.date
) -> Iterator[Ended]:
    if not periods:
        return
    by_rule: dict[str, str] = {rule: event for event, rule in periods.items()}
    not_held = Q(held_from=None) | Q(held_from__gt=today) | Q(held_until__lt=today)
    rows = (
        Deadline.objects.filter(not_held, state=DeadlineState.OPEN, due_on__lt=today)
        .filter(rule__in=by_rule, case__kind=kind, case__framework=framework)
        .filter(case__suspended_on=None, case__ended_on=None)
        .order_by("due_on", "case_id", "rule", "subject")
        .values_list("case_id", "rule", "subject", "due_on")
    )
    for case_id, rule, subject, due_on in rows.iterator():
        yield Ended(case_id, by_rule[rule], rule, subject, due_on)


def _periods(kind: str, framework: str) -> Sequence[tuple[str, str]]:
    """The events that end a period, each with the rule of the period, where the kind has them."""
    if framework not in timetable.frameworks(kind):
        return []
    starts = [rule.start for rule in timetable.ruleset(kind, framework).rules]
    return [
        (start.over, start.period)
        for start in starts
        if isinstance(start, AnswerOrPeriodOver) and kind_of(kind).has_step(start.over)
    ]
