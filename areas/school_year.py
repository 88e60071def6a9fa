"""A school year at a glance: a row a month, a box a day. The table beside it says the same."""

import datetime
from collections.abc import Callable, Iterator, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from areas.terms import Stretch, in_term_by

LEFT, BOX, ROW, HEAD = 40, 10, 20, 16
WIDTH = LEFT + 31 * BOX
DAY = datetime.timedelta(days=1)


def draw(
    year: int,
    terms: Sequence[Stretch],
    *,
    title: str,
    closed: Callable[[datetime.date], str | None],
    today: datetime.date,
) -> SafeString:
    """The school year that begins in August of `year` as an SVG without colours of its own.

    `terms`: all stretches that are known, of other years as well, so that a holiday is told from
    days of which nothing is known; `closed`: the name of a weekend or bank holiday, or None.
    """
    rows = "".join(
        _month(year if month >= 8 else year + 1, month, number, terms, closed, today)
        for number, month in enumerate([8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7])
    )
    numbers = "".join(
        f'<text class="app-year__number" x="{LEFT + (day - 0.5) * BOX:g}" y="10">{day}</text>'
        for day in (1, 5, 10, 15, 20, 25, 30)
    )
    return mark_safe(
        f'<svg class="app-year" viewBox="0 0 {WIDTH} {HEAD + 12 * ROW}" role="img" '
        f'aria-label="{escape(title)}">{numbers}{rows}</svg>'
    )


def _month(
    year: int,
    month: int,
    number: int,
    terms: Sequence[Stretch],
    closed: Callable[[datetime.date], str | None],
    today: datetime.date,
) -> str:
    top = HEAD + number * ROW
    first = datetime.date(year, month, 1)
    days = list(_days_of(first))
    boxes = [
        f'<rect class="app-year__{kind}" x="{LEFT + (begin - 1) * BOX}" y="{top}" '
        f'width="{(end - begin + 1) * BOX}" height="{ROW - 4}"/>'
        for kind, begin, end in _runs([_kind(day, terms, closed) for day in days])
    ]
    if today in days:
        boxes.append(
            f'<rect class="app-year__today" x="{LEFT + (today.day - 1) * BOX}" y="{top - 1}" '
            f'width="{BOX}" height="{ROW - 2}"><title>Today</title></rect>'
        )
    label = f'<text class="app-year__month" x="0" y="{top + 12}">{first:%b}</text>'
    return label + "".join(boxes)


def _days_of(first: datetime.date) -> Iterator[datetime.date]:
    day = first
    while day.month == first.month:
        yield day
        day += DAY


def _kind(
    day: datetime.date,
    terms: Sequence[Stretch],
    closed: Callable[[datetime.date], str | None],
) -> str:
    is_term = in_term_by(terms, day)
    if is_term:
        return "off" if closed(day) else "term"
    return "unknown" if is_term is None else "holiday"


def _runs(kinds: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Neighbouring days of one kind as one: kind, first and last day of the month."""
    begin = 0
    for place in range(1, len(kinds) + 1):
        if place == len(kinds) or kinds[place] != kinds[begin]:
            yield kinds[begin], begin + 1, place
            begin = place
