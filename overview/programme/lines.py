"""The programme as data: one line for each local area, read in a constant number of queries.

For each area the database is asked for its latest inspection, statement, re-visit and what comes
next, each the first entry of an index, so that the cost goes with the number of areas (some 160,
abolished ones included) and not with that of cases. The history of an abolished area counts for
its successors (process.md, 'Region'). What the reader may not know of is not asked for.
"""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from areas.models import LocalArea
from casework.models import Case, Deadline, DeadlineState, Event, Origin
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


#: Which of the fields after the first are days.
DAYS = range(5, 11)


class CaseFacts(NamedTuple):
    """What the programme shows of a case. `open`: its page may be read; `outcome` is '' until the
    final report or letter is out."""

    pk: uuid.UUID
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
    #: Of a statement: the first day of the inspection that it came from, else its own beginning.
    since: datetime.date | None
    #: Whether it was taken over from published history.
    imported: bool
    moments: Sequence[str]
    open: bool
    #: When the re-visit of a statement, or the inspection after one of 2023, is due: day, state.
    due: tuple[datetime.date, str] | None = None

    @classmethod
    def read(cls, found: Sequence[Any] | None) -> "CaseFacts | None":
        """From the JSON in which the database gives it; None for none."""
        if found is None:
            return None
        pk, *values, due = found
        for place in DAYS:
            if values[place]:
                values[place] = datetime.date.fromisoformat(values[place])
        if due:
            due = datetime.date.fromisoformat(due[0]), due[1]
        return cls._make([uuid.UUID(pk), *values, due])

    @property
    def address(self) -> str:
        """The address of the case page."""
        return f"/cases/{self.pk}/"

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


def programme(reader: Reader, period: Period, region: str = "") -> Left:
    """Every local area that the reader may read of (in a region, by its code): three queries."""
    areas = {area.pk: area for area in LocalArea.objects.select_related("region")}
    before, after = _kin()
    history = {
        pk: _with_all_before(pk, before)
        for pk, area in areas.items()
        if reader.reaches(area) and region in ("", area.region.code)
    }
    found = _looked_up(reader, period, set().union(*history.values()))
    lines, left_out = [], []
    for pk, past in history.items():
        if reader.excluded.intersection(past):
            left_out.append(areas[pk])
            continue
        later = [areas[one] for one in after.get(pk, ())]
        successors = tuple(sorted(later, key=lambda area: area.name))
        line = _line(areas[pk], [found[one] for one in past], successors)
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


#: For an area, each case that was looked up for it.
Found = Mapping[str, CaseFacts | None]


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
    wanted: dict[str, tuple[Any, str, *tuple[str, ...]]] = {
        "last": (inspected, NEXT_RULE, "-first_day"),
        # That of the latest inspection; besides, for those that came from none, an open one, else
        # that which ended last.
        "statement": (
            statements.filter(
                origin__kind=INSPECTION,
                origin__local_area=OuterRef("pk"),
                origin__first_day__isnull=False,
            ),
            REVISIT_RULE,
            "-origin__first_day",
        ),
        "other_statement": (
            statements.filter(Q(origin__isnull=True) | Q(origin__first_day__isnull=True)),
            REVISIT_RULE,
            "-ended_on",
            "-created_at",
        ),
        "revisit": (begun.filter(kind=REVISIT), "", "-first_day"),
        "coming": (inspections.filter(ahead), "", "first_day"),
        "undated": (inspections.filter(undated), "", "-created_at"),
        "revisit_coming": (seen.filter(ahead, kind=REVISIT), "", "first_day"),
    }
    if period:
        wanted["shown"] = (inspected.filter(period.condition()), "", "-first_day")
    firsts = {
        name: Subquery(cases.order_by(*order).values_list(_facts(rule, reader))[:1])
        for name, (cases, rule, *order) in wanted.items()
    }
    rows = LocalArea.objects.filter(pk__in=areas).order_by().annotate(**firsts)
    return {
        pk: {name: CaseFacts.read(one) for name, one in zip(firsts, found, strict=True)}
        for pk, *found in rows.values_list("pk", *firsts)
    }


def _facts(rule: str, reader: Reader) -> Func:
    """`CaseFacts` as JSON, with a deadline where a rule is named: a second query for cases or
    deadlines would look each up again."""
    due: Any = Value(None, output_field=models.JSONField())
    if rule:
        of_case = Deadline.objects.filter(case=OuterRef("pk"), rule=rule)
        of_case = of_case.exclude(state=DeadlineState.NOT_APPLICABLE).order_by("due_on")
        due = Subquery(of_case.values_list(_as_list("due_on", "state"))[:1])
    worked_out: dict[str, Any] = {
        "since": Value(None, output_field=models.JSONField()),
        "imported": Value(False, output_field=models.BooleanField()),
        "open": _yes_where(reader.may_open()),
        "due": due,
    }
    if rule == REVISIT_RULE:
        opening = Event.objects.filter(case=OuterRef("pk"), seq=1)
        begun = Subquery(opening.values("happened_on")[:1])
        worked_out["since"] = Coalesce(F("origin__first_day"), begun)
        worked_out["imported"] = Exists(opening.filter(origin=Origin.IMPORTED))
    return _as_list(*(worked_out.get(name, name) for name in CaseFacts._fields))


def _as_list(*parts: Any) -> Func:
    return Func(*parts, function="jsonb_build_array", output_field=models.JSONField())


def _yes_where(condition: Q) -> Any:
    if not condition:
        return Value(True, output_field=models.BooleanField())
    return models.Case(
        When(condition, then=Value(True)), default=Value(False), output_field=models.BooleanField()
    )


def _line(
    area: LocalArea,
    past: Sequence[Found],
    successors: tuple[LocalArea, ...],
) -> Line:
    def among(name: str) -> list[CaseFacts]:
        return [case for one in past if (case := one.get(name)) is not None]

    last = _latest(among("last"))
    statement = _latest_statement([*among("statement"), *among("other_statement")])
    dated = [*among("coming"), *among("revisit_coming")]
    revisit_due, state = statement.due if statement and statement.due else (None, "")
    unmet = state in (DeadlineState.OPEN, DeadlineState.FORECAST)
    wanted = unmet and statement is not None and statement.ended_on is None
    return Line(
        area=area,
        last=last,
        shown=_latest(among("shown")) if "shown" in past[0] else last,
        statement=statement,
        revisit=_latest(among("revisit")),
        coming=_soonest(dated, among("undated")),
        revisit_due=revisit_due if wanted else None,
        revisit_forecast=wanted and state == DeadlineState.FORECAST,
        next_due=None if area.ends_on else _next_due(last),
        successors=successors,
    )


def _latest(cases: Sequence[CaseFacts]) -> CaseFacts | None:
    return max(cases, key=lambda case: case.first_day or datetime.date.min, default=None)


def _latest_statement(cases: Sequence[CaseFacts]) -> CaseFacts | None:
    """By the inspection it came from; of equals the open one, else that which ended last."""
    never, always = datetime.date.min, datetime.date.max
    return max(cases, key=lambda c: (c.since or never, c.ended_on or always), default=None)


def _soonest(dated: Sequence[CaseFacts], undated: Sequence[CaseFacts]) -> CaseFacts | None:
    found = sorted(dated, key=lambda case: case.first_day or datetime.date.max)
    return next(iter([*found, *undated]), None)


def _next_due(last: CaseFacts | None) -> datetime.date | None:
    """When the next full inspection is due: by the rule after one of 2023, else five years on."""
    if last is None or last.last_day is None:
        return None
    if last.framework == PRESENT:
        return last.due[0] if last.due else None
    return add_months(last.last_day, PROGRAMME_MONTHS)
