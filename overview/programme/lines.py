"""The programme as data: one line for each local area, read in a constant number of queries.

For each area the database is asked for its latest inspection, statement, re-visit and what comes
next, each the first entry of an index, so that the cost goes with the number of areas (some 160,
abolished ones included) and not with that of cases. The history of an abolished area counts for
its successors (process.md, 'Region'). What the reader may not know of is not asked for.
"""

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import models
from django.db.models import OuterRef, Q, Subquery, Value, When

from areas.models import LocalArea
from casework.models import Case, Deadline, DeadlineState
from casework.registry import kind_of
from config import clock
from overview.programme.access import Reader
from working_days.calendar import add_months

INSPECTION, STATEMENT, REVISIT = "inspection", "wsoa", "revisit"
EARLIER, PRESENT = "local-area-send-2016", "area-send-2023"
FRAMEWORKS = {EARLIER: "2016 framework", PRESENT: "2023 framework"}
#: In these stages nobody has been on site; planned days that passed are no inspection.
NOT_BEGUN = ("planned", "scheduled", "notified", "deferred", "cancelled")
#: How long what was to begin stays 'coming' while nobody records that it did.
GRACE = datetime.timedelta(days=30)
#: 'About once in five years' (ON 1).
PROGRAMME_MONTHS = 60
#: The rules that say by when the re-visit and the next full inspection are due.
REVISIT_RULE, NEXT_RULE = "WS-REVISIT", "AS-NEXT"


class CaseFacts(NamedTuple):
    """What the programme shows of a case. `open`: its page may be read; `outcome` is '' until the
    final report or letter is out."""

    pk: uuid.UUID
    local_area_id: uuid.UUID
    reference: str
    kind: str
    framework: str
    stage: str
    outcome: str
    first_day: datetime.date | None
    last_day: datetime.date | None
    published_on: datetime.date | None
    ended_on: datetime.date | None
    suspended_on: datetime.date | None
    moments: Sequence[str]
    open: bool

    @property
    def is_out(self) -> bool:
        """Whether its result is known to the area: sent, published or part of history."""
        return self.ended_on is not None or bool({"final_sent", "published"} & set(self.moments))

    @property
    def told(self) -> str:
        """The outcome, once it may be told."""
        return self.outcome if self.is_out else ""

    @property
    def stage_label(self) -> str:
        """The stage in words."""
        return "Suspended" if self.suspended_on else kind_of(self.kind).stage_label(self.stage)


@dataclass(frozen=True)
class Line:
    """One local area in the programme. Days are calendar days; None for none."""

    area: LocalArea
    last: CaseFacts | None = None
    #: The last one that began within the period asked for; `last` where none was.
    shown: CaseFacts | None = None
    statement: CaseFacts | None = None
    revisit: CaseFacts | None = None
    coming: CaseFacts | None = None
    revisit_due: datetime.date | None = None
    revisit_forecast: bool = False
    next_due: datetime.date | None = None
    successors: tuple[LocalArea, ...] = ()

    @property
    def pk(self) -> uuid.UUID:
        """The area's id."""
        return self.area.pk

    @property
    def name(self) -> str:
        """The area's name."""
        return self.area.name

    @property
    def last_on(self) -> datetime.date | None:
        """The first day of the inspection that is shown."""
        return self.shown.first_day if self.shown else None

    @property
    def statement_open(self) -> bool:
        """Whether a written statement has not ended."""
        return self.statement is not None and self.statement.ended_on is None


@dataclass(frozen=True)
class Period:
    """From the first day of one month to the last of another; None leaves an end open."""

    first: datetime.date | None = None
    last: datetime.date | None = None

    def __bool__(self) -> bool:
        return self.first is not None or self.last is not None

    def condition(self) -> Q:
        """The cases that began on site within it."""
        condition = Q()
        if self.first:
            condition &= Q(first_day__gte=self.first)
        if self.last:
            condition &= Q(first_day__lte=self.last)
        return condition


class Left(NamedTuple):
    """All lines, and the areas left out because the reader declared an interest there."""

    lines: list[Line]
    left_out: list[LocalArea]


def programme(reader: Reader, period: Period) -> Left:
    """Every local area that the reader may read of: five queries."""
    areas = {area.pk: area for area in LocalArea.objects.select_related("region")}
    before, after = _kin()
    history = {
        pk: _with_all_before(pk, before) for pk, area in areas.items() if reader.reaches(area)
    }
    found = _looked_up(reader, period, set().union(*history.values()))
    cases = _cases(found.values(), reader)
    deadlines = _deadlines(cases.values())
    lines, left_out = [], []
    for pk, past in history.items():
        if reader.excluded.intersection(past):
            left_out.append(areas[pk])
            continue
        successors = tuple(areas[one] for one in after.get(pk, ()))
        line = _line(areas[pk], [found[one] for one in past], cases, deadlines, successors)
        if not period or line.shown is not None:
            lines.append(line)
    return Left(lines, left_out)


Kin = dict[uuid.UUID, list[uuid.UUID]]


def _kin() -> tuple[Kin, Kin]:
    """For each area those before it, and those after it."""
    before: Kin = {}
    after: Kin = {}
    links = LocalArea.successors.through.objects.values_list("from_localarea", "to_localarea")
    for old, new in links:
        before.setdefault(new, []).append(old)
        after.setdefault(old, []).append(new)
    return before, after


def _with_all_before(pk: uuid.UUID, before: Kin) -> list[uuid.UUID]:
    """An area and those whose history is its own."""
    found = [pk]
    for one in found:  # grows while it is read
        found += [older for older in before.get(one, ()) if older not in found]
    return found


#: For an area, the id of each case that was looked up for it.
Found = Mapping[str, uuid.UUID | None]


def _looked_up(reader: Reader, period: Period, areas: set[uuid.UUID]) -> dict[uuid.UUID, Found]:
    """For each area its latest inspection, statement and re-visit, and what comes: one query, each
    answer the first entry of an index."""
    today = clock.today()
    seen = Case.objects.filter(reader.of_cases(), local_area=OuterRef("pk"))
    begun = seen.filter(first_day__lte=today).exclude(stage__in=NOT_BEGUN)
    inspected = begun.filter(kind=INSPECTION)
    ahead = Q(first_day__gte=today - GRACE, ended_on__isnull=True, stage__in=NOT_BEGUN)
    undated = Q(first_day__isnull=True, ended_on__isnull=True, stage__in=("planned", "deferred"))
    inspections = seen.filter(kind=INSPECTION)
    statements = seen.filter(kind=STATEMENT).exclude(stage="cancelled")
    wanted = {
        "last": _first(inspected, "-first_day"),
        # An open one, else that which ended last.
        "statement": _first(statements, "-ended_on", "-created_at"),
        "revisit": _first(begun.filter(kind=REVISIT), "-first_day"),
        "coming": _first(inspections.filter(ahead), "first_day"),
        "undated": _first(inspections.filter(undated), "-created_at"),
        "revisit_coming": _first(seen.filter(ahead, kind=REVISIT), "first_day"),
    }
    if period:
        wanted["shown"] = _first(inspected.filter(period.condition()), "-first_day")
    rows = LocalArea.objects.filter(pk__in=areas).order_by()
    return {row["pk"]: row for row in rows.annotate(**wanted).values("pk", *wanted)}


def _first(cases: Any, *order: str) -> Subquery:
    return Subquery(cases.order_by(*order).values("pk")[:1])


def _cases(found: Iterable[Found], reader: Reader) -> dict[uuid.UUID, CaseFacts]:
    """The cases that were found, by id: one query."""
    wanted = {pk for one in found for name, pk in one.items() if pk and name != "pk"}
    rows = (
        Case.objects.filter(pk__in=wanted)
        .annotate(open=_yes_where(reader.may_open()))
        .order_by()
        .values_list(*CaseFacts._fields)
    )
    return {one.pk: one for one in map(CaseFacts._make, rows)}


def _yes_where(condition: Q) -> Any:
    if not condition:
        return Value(True, output_field=models.BooleanField())
    return models.Case(
        When(condition, then=Value(True)), default=Value(False), output_field=models.BooleanField()
    )


class Due(NamedTuple):
    """One stored deadline."""

    on: datetime.date
    state: str


def _deadlines(cases: Iterable[CaseFacts]) -> dict[uuid.UUID, Due]:
    """When the re-visit of a statement, and the inspection after one of 2023, are due."""
    statements = [one.pk for one in cases if one.kind == STATEMENT]
    inspections = [one.pk for one in cases if one.kind == INSPECTION and one.framework == PRESENT]
    found = (
        Deadline.objects.filter(
            Q(case__in=statements, rule=REVISIT_RULE) | Q(case__in=inspections, rule=NEXT_RULE)
        )
        .exclude(state=DeadlineState.NOT_APPLICABLE)
        .order_by()
        .values_list("case_id", "due_on", "state")
    )
    return {case: Due(on, state) for case, on, state in found}


def _line(
    area: LocalArea,
    past: Sequence[Found],
    cases: Mapping[uuid.UUID, CaseFacts],
    deadlines: Mapping[uuid.UUID, Due],
    successors: tuple[LocalArea, ...],
) -> Line:
    def among(name: str) -> list[CaseFacts]:
        return [cases[pk] for one in past if (pk := one.get(name))]

    last = _latest(among("last"))
    statement = _latest_statement(among("statement"))
    dated = [*among("coming"), *among("revisit_coming")]
    open_due = deadlines.get(statement.pk) if statement and statement.ended_on is None else None
    if open_due and open_due.state not in (DeadlineState.OPEN, DeadlineState.FORECAST):
        open_due = None
    return Line(
        area=area,
        last=last,
        shown=_latest(among("shown")) if "shown" in past[0] else last,
        statement=statement,
        revisit=_latest(among("revisit")),
        coming=_soonest(dated, among("undated")),
        revisit_due=open_due.on if open_due else None,
        revisit_forecast=bool(open_due and open_due.state == DeadlineState.FORECAST),
        next_due=None if area.ends_on else _next_due(last, deadlines),
        successors=successors,
    )


def _latest(cases: Sequence[CaseFacts]) -> CaseFacts | None:
    return max(cases, key=lambda case: case.first_day or datetime.date.min, default=None)


def _latest_statement(cases: Sequence[CaseFacts]) -> CaseFacts | None:
    return max(cases, key=lambda case: case.ended_on or datetime.date.max, default=None)


def _soonest(dated: Sequence[CaseFacts], undated: Sequence[CaseFacts]) -> CaseFacts | None:
    found = sorted(dated, key=lambda case: case.first_day or datetime.date.max)
    return next(iter([*found, *undated]), None)


def _next_due(last: CaseFacts | None, deadlines: Mapping[uuid.UUID, Due]) -> datetime.date | None:
    """When the next full inspection is due: by the rule after one of 2023, else five years on."""
    if last is None or last.last_day is None:
        return None
    if last.framework == PRESENT:
        due = deadlines.get(last.pk)
        return due.on if due else None
    return add_months(last.last_day, PROGRAMME_MONTHS)
