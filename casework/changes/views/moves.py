"""What a change moves, as a table for the page and as a file."""

import datetime
import hashlib
import itertools
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponseBase
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from casework.changes.models import Change, ChangeState, Move
from casework.changes.naming import NOT_OPEN, Named, names_of, stand_ins
from casework.views.case_list import short_day
from config import clock
from design_system.exports import Format, Sheet, respond
from design_system.keyset import Key, Order
from design_system.tables import Cell, Column, Row, Table

PAGE = 50
AT_A_TIME = 2000
CACHED_FOR = 3600
MOST_IN_A_WORKBOOK = 50_000
TITLES = {
    ChangeState.APPLYING: "Deadlines that move",
    ChangeState.APPLIED: "Deadlines that have moved",
}
BY_DAY = Order.of(Key("first_on", datetime.date.fromisoformat), Key("pk", int))
OVERDUE = mark_safe('<strong class="govuk-tag govuk-tag--red">Overdue at once</strong>')
COLUMNS = [
    Column("Case"),
    Column("What is due"),
    Column("Owed by"),
    Column("From", nowrap=True),
    Column("To", nowrap=True),
]


def table_of_moves(change: Change, request: HttpRequest) -> tuple[Table, str, str]:
    """One page of what moves, soonest first, and the places of the pages around it."""
    page = BY_DAY.page(change.moves.all(), request, PAGE)
    names = names_of([one.case_id for one in page.rows], request.user)
    nameless = _stand_ins(change, request.user)
    today = None if change.applied_at else clock.today()
    table = Table(
        TITLES.get(ChangeState(change.state), "Deadlines that would move"),
        COLUMNS,
        [
            _row(one, names.get(one.case_id) or nameless.get(one.case_id, NOT_OPEN), today)
            for one in page.rows
        ],
        empty="No open deadline moves.",
        id="moves",
    )
    return table, page.before, page.after


def _row(move: Move, named: Named | str, today: datetime.date | None) -> Row:
    title = move.title[:1].upper() + move.title[1:]
    what = format_html(
        '{}<br><span class="app-small app-muted">{}</span>',
        f"{title} ({subject})" if (subject := _subject(move, named)) else title,
        move.rule,
    )
    owed_by = move.owed_by[:1].upper() + move.owed_by[1:]
    late = today is not None and _overdue_at_once(move, today)
    return Row([_case(move, named), what, owed_by, *_days(move, late)], "alert" if late else "")


def _subject(move: Move, named: Named | str) -> str:
    """The body or recipient; its name would tell the area of a case that goes without one."""
    return move.subject_name if isinstance(named, Named) else ""


def _case(move: Move, named: Named | str) -> SafeString | str:
    """The area, and the case by its reference: a link for whoever can open it. A case without a
    name goes by what stands for it."""
    if isinstance(named, str):
        return named
    reference: Any = named.reference
    if named.opens:
        reference = format_html(
            '<a class="govuk-link" href="/cases/{}/">{}</a>', move.case_id, reference
        )
    return format_html(
        '<a class="govuk-link" href="/areas/{}/">{}</a><br>{}', named.area_id, named.area, reference
    )


def _days(move: Move, late: bool) -> list[Cell]:
    """Old and new day; where only the practical one moves, that is what is told."""
    old, new = (
        (_day(day, practical, other), (day or datetime.date.max).isoformat())
        for day, practical, other in (
            (move.old_on, move.old_practical_on, "not there"),
            (move.new_on, move.new_practical_on, "no longer there"),
        )
    )
    return [Cell(*old), Cell(format_html("{}<br>{}", new[0], OVERDUE) if late else new[0], new[1])]


def _overdue_at_once(move: Move, today: datetime.date) -> bool:
    """Whether a deadline that has not passed would have passed by its new date."""
    due = move.old_on is None or move.old_on >= today
    return due and move.new_on is not None and move.new_on < today


def overdue_at_once(change: Change) -> int:
    """How many deadlines would be overdue the moment a change is applied; 0 once it is."""
    if change.applied_at or not change.deadlines:
        return 0
    today = clock.today()
    # `first_on` is the earlier of the two days: with it the index finds them.
    late = change.moves.filter(Q(old_on=None) | Q(old_on__gte=today), first_on__lt=today)
    return late.filter(new_on__lt=today).count()


def _day(day: datetime.date | None, practical: datetime.date | None, none: str) -> Any:
    if day is None:
        return none
    if practical is None:
        return short_day(day)
    return format_html(
        '{}<br><span class="app-small app-muted">in practice {}</span>',
        short_day(day),
        short_day(practical),
    )


def _stand_ins(change: Change, user: Any) -> Mapping[uuid.UUID, str]:
    """What stands for cases without a name, worked out once for as long as the list is the same."""
    name = f"stand-ins:{user.pk}:{clock.today()}"
    found: Mapping[uuid.UUID, str] = _kept(change, name, lambda: stand_ins(change, user))
    return found


def _kept(change: Change, name: str, count: Callable[[], Any]) -> Any:
    stands = (change.state, change.deadlines, change.cases, change.cases_done, change.previewed_at)
    key = f"changes:{name}:{change.pk}:{_short_name(stands)}"
    return cache.get_or_set(key, count, CACHED_FOR)


def totals(change: Change) -> Table:
    """How many deadlines of each rule move, and on how many cases.

    They are counted once for as long as nothing of the list changes: over a million rows that takes
    seconds.
    """
    found = _kept(change, "totals", lambda: _count(change))
    rows = [
        [rule, what[:1].upper() + what[1:], f"{deadlines:,}", f"{cases:,}"]
        for rule, what, deadlines, cases in found or ()
    ]
    columns = [
        Column("Rule", nowrap=True),
        Column("What is due"),
        Column("Deadlines", numeric=True),
        Column("Cases", numeric=True),
    ]
    return Table("By rule", columns, rows, hide_caption=True, empty="None.", id="totals")


def _short_name(stands: Sequence[Any]) -> str:
    """A short name for a state, fit for a key of the cache."""
    return hashlib.sha256(repr(stands).encode()).hexdigest()[:16]


def _count(change: Change) -> list[tuple[str, str, int, int]]:
    counted = (
        change.moves.order_by("rule")
        .values("rule")
        .annotate(what=Max("title"), deadlines=Count("pk"), of=Count("case", distinct=True))
    )
    return list(counted.values_list("rule", "what", "deadlines", "of"))


def formats(change: Change) -> list[Format]:
    """In which formats the list can be had: a workbook only where it is not too long for one."""
    return ["csv", "xlsx"] if change.deadlines <= MOST_IN_A_WORKBOOK else ["csv"]


def as_file(change: Change, headline: str, user: Any, form: Format) -> HttpResponseBase:
    """Everything that moves, as a download."""
    sheet = Sheet(
        title="Deadlines that move",
        columns=[
            "Local area",
            "Case",
            "Kind",
            "Rule",
            "What is due",
            "Body or recipient",
            "Owed by",
            "From",
            "To",
            "From, in practice",
            "To, in practice",
        ],
        rows=_lines(change, user),
        chosen=[("Change", headline), ("State", change.get_state_display())],
    )
    return respond(sheet, form)


#: Read as tuples: a list may have hundreds of thousands of rows.
FIELDS = (
    "case_id",
    "subject_name",
    "rule",
    "title",
    "owed_by",
    "old_on",
    "new_on",
    "old_practical_on",
    "new_practical_on",
)


def _lines(change: Change, user: Any) -> Iterator[Sequence[Any]]:
    moves = change.moves.in_order().values_list(*FIELDS).iterator(chunk_size=AT_A_TIME)
    nameless = _stand_ins(change, user)
    while some := list(itertools.islice(moves, AT_A_TIME)):
        names = names_of([row[0] for row in some], user)
        for case_id, subject, rule, title, *rest in some:
            if named := names.get(case_id):
                yield [named.area, named.reference, named.kind, rule, title, subject, *rest]
            else:
                yield [nameless.get(case_id, NOT_OPEN), "", "", rule, title, "", *rest]
