"""The import from file to summary: read and check everything first, then take row by row."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from config import clock
from overview.history import progress
from overview.history.cells import Refused
from overview.history.checking import check
from overview.history.placing import Places
from overview.history.reading import Read, read
from overview.history.results import Outcome, Result, Summary, in_order
from overview.history.taking import Placement, result_of, take
from working_days.services import current_calendar


@dataclass(frozen=True)
class Ready:
    """What a file asks for: rows to take, in the order of things, and those refused already."""

    placed: Sequence[Placement]
    refused: Sequence[Result]
    words: Sequence[str]


def prepare(path: Path) -> Ready:
    """Read and check a whole file. Writes nothing. Raises Unreadable."""
    content = read(path)
    today = clock.today()
    calendar, places = current_calendar(), Places(today)
    placed: list[Placement] = []
    refused: list[Result] = []
    for one in content.rows:
        try:
            row = check(one, calendar, today)
        except Refused as error:
            refused.append(_unread(one, error))
            continue
        try:
            found = places.place(row)
        except Refused as error:
            refused.append(result_of(row, Outcome.REFUSED, error.reasons))
            continue
        row = replace(row, doubts=(*found.doubts, *row.doubts))
        placed.append(Placement(row, found.area))
    once, repeated = _once_each(placed)
    return Ready(once, [*refused, *repeated], content.words)


def carry_out(ready: Ready, *, correcting: bool = False, bar: Any = None) -> Summary:
    """Take all rows that can be taken, each in a transaction of its own. `bar`: a terminal."""
    results = list(ready.refused)
    for placed in progress.shown(ready.placed, len(ready.placed), bar):
        results.append(take(placed, correcting=correcting))
    return Summary(in_order(results))


def _unread(one: Read, error: Refused) -> Result:
    cells = one.cells
    return Result(
        number=one.number,
        event=cells.get("event", ""),
        area=cells.get("local_area", ""),
        day=cells.get("start_date", "") or cells.get("publication_date", ""),
        outcome=Outcome.REFUSED,
        why=tuple(error.reasons),
    )


def _once_each(placed: Iterable[Placement]) -> tuple[list[Placement], list[Result]]:
    """Rows that repeat another of the file are refused: the first counts."""
    first: dict[Any, list[Placement]] = defaultdict(list)
    once: list[Placement] = []
    repeated: list[Result] = []
    for one in placed:
        group = first[one.row.what, one.area.pk]
        same = next((other for other in group if one.is_same_event(other)), None)
        if same is None:
            group.append(one)
            once.append(one)
            continue
        alike = replace(one.row, number=0) == replace(same.row, number=0)
        how = "repeats" if alike else "speaks of the same event as"
        more = "" if alike else ", and says otherwise"
        text = f"It {how} the row on line {same.row.number}{more}."
        repeated.append(result_of(one.row, Outcome.REFUSED, [text]))
    return sorted(once, key=lambda one: one.order), repeated
