"""Draw a time line: one row per date over a calendar in which closed days are shaded.

The drawing carries classes and positions only (a strict content policy allows no inline style);
`scss/_timeline.scss` colours it. It is a picture beside a table that says the same in words.
"""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.safestring import SafeString, mark_safe
from markupsafe import escape

Kind = Literal["event", "open", "met", "met-late", "overdue", "forecast", "lapsed"]
DAY = datetime.timedelta(days=1)

LEFT = 290  # where the calendar begins; the labels stand before it
WIDTH = 1110
RIGHT_MARGIN = 112  # for the date beside the last mark
HEAD = 44
ROW = 24
# Narrower than this, a shaded weekend is noise.
NARROWEST_SHADED_DAY = 2.4
LONGEST_LABEL = 40
# A few dates far behind all others are shown at the edge, so that they do not squeeze the rest.
MOST_LATER_MARKS = 3
WIDEST_GAP = 0.4  # of the whole span


@dataclass(frozen=True)
class Mark:
    """One date: what is due or what happened. `href` leads to its row in the table."""

    on: datetime.date
    label: str
    kind: Kind = "open"
    href: str = ""


@dataclass(frozen=True)
class Band:
    """Days that belong together, such as those on site."""

    first: datetime.date
    last: datetime.date
    label: str


def draw(
    marks: Iterable[Mark],
    *,
    title: str,
    closed: Callable[[datetime.date], str | None],
    bands: Sequence[Band] = (),
    today: datetime.date | None = None,
) -> SafeString:
    """The SVG in a box that scrolls on a phone; nothing when there is no mark.

    `closed(day)` names a day that does not count ('Saturday', 'Good Friday') or gives None: as
    `working_days.Calendar.name_of`.
    """
    ordered = sorted(marks, key=lambda mark: mark.on)
    if not ordered:
        return mark_safe("")
    return _Drawing(ordered, title, closed, bands, today).render()


def _last_before_a_gap(marks: Sequence[Mark]) -> datetime.date:
    """The last day that is drawn to scale: before a gap that would squeeze all the others."""
    days = [mark.on for mark in marks]
    span = (days[-1] - days[0]).days
    for at in range(max(1, len(days) - MOST_LATER_MARKS), len(days)):
        if at >= 3 and (days[at] - days[at - 1]).days > max(WIDEST_GAP * span, 28):
            return days[at - 1]
    return days[-1]


class _Drawing:
    def __init__(
        self,
        marks: list[Mark],
        title: str,
        closed: Callable[[datetime.date], str | None],
        bands: Sequence[Band],
        today: datetime.date | None,
    ) -> None:
        self.marks, self.title, self.closed, self.bands = marks, title, closed, bands
        self.cut = _last_before_a_gap(marks)
        days = [mark.on for mark in marks if mark.on <= self.cut]
        days += [day for band in bands for day in (band.first, band.last)]
        self.first = min(days) - 2 * DAY
        self.last = max(days) + 2 * DAY
        # Today is drawn where it is near; it must not stretch the picture of an old case.
        room = (self.last - self.first).days * DAY / 4
        self.today = today if today and self.first - room <= today <= self.last + room else None
        if self.today:
            self.first = min(self.first, self.today - DAY)
            self.last = max(self.last, self.today + DAY)
        self.day_width = (WIDTH - LEFT - RIGHT_MARGIN) / ((self.last - self.first).days + 1)
        self.bottom = HEAD + ROW * len(marks) + 6

    def x(self, day: datetime.date) -> float:
        """The left edge of a day."""
        return LEFT + (day - self.first).days * self.day_width

    def render(self) -> SafeString:
        body = "".join([self._shades(), self._bands(), self._months(), self._today(), self._rows()])
        return mark_safe(
            '<div class="app-scroll" role="region" tabindex="0" data-module="app-scroll" '
            f'aria-label="{escape(self.title)}">'
            f'<svg class="app-timeline" viewBox="0 0 {WIDTH} {self.bottom + 20}" '
            f'role="group" aria-label="{escape(self.title)}">{body}</svg></div>'
        )

    def _days(self) -> Iterable[datetime.date]:
        return (self.first + n * DAY for n in range((self.last - self.first).days + 1))

    def _shades(self) -> str:
        """Weekends and bank holidays behind everything, each with its name."""
        if self.day_width < NARROWEST_SHADED_DAY:
            return ""
        found = []
        for day in self._days():
            name = self.closed(day)
            if name:
                kind = "weekend" if day.weekday() >= 5 else "closed"
                found.append(
                    f'<rect class="app-timeline__{kind}" x="{self.x(day):.1f}" y="{HEAD - 4}" '
                    f'width="{self.day_width:.1f}" height="{self.bottom - HEAD + 4}">'
                    f"<title>{day.day} {day:%B}: {escape(name)}</title></rect>"
                )
        return "".join(found)

    def _bands(self) -> str:
        return "".join(
            f'<rect class="app-timeline__band" x="{self.x(band.first):.1f}" y="{HEAD - 4}" '
            f'width="{self.x(band.last + DAY) - self.x(band.first):.1f}" '
            f'height="{self.bottom - HEAD + 4}"><title>{escape(band.label)}</title></rect>'
            for band in self.bands
        )

    def _months(self) -> str:
        """Names of months, and the Mondays where there is room for them."""
        found = [
            f'<line class="app-timeline__rule" x1="0" x2="{WIDTH}" y1="{HEAD - 4}" '
            f'y2="{HEAD - 4}"/>'
        ]
        narrow = self.day_width * 31 < 105
        # Where months are narrow, only every second, third or sixth is named.
        step = next((n for n in (1, 2, 3, 6, 12) if self.day_width * 30 * n > 58), 24)
        for day in self._days():
            x = self.x(day)
            left = ((day.replace(day=1) + 32 * DAY).replace(day=1) - day).days
            is_begun = day == self.first and left * self.day_width > 115
            is_named = day.day == 1 and (day.month - 1) % step == 0
            if is_named:
                found.append(
                    f'<line class="app-timeline__month-line" x1="{x:.1f}" x2="{x:.1f}" y1="4" '
                    f'y2="{self.bottom}"/>'
                )
            if is_begun or is_named:
                text = f"{day:%b} ’{day:%y}" if narrow else f"{day:%B %Y}"
                found.append(
                    f'<text class="app-timeline__month" x="{x + 4:.1f}" y="17">{text}</text>'
                )
        if self.day_width * 7 > 20:
            found.extend(
                f'<text class="app-timeline__day" x="{self.x(day) + self.day_width / 2:.1f}" '
                f'y="34" text-anchor="middle">{day.day}</text>'
                for day in self._days()
                if day.weekday() == 0
            )
        return "".join(found)

    def _today(self) -> str:
        if not self.today:
            return ""
        x = self.x(self.today) + self.day_width / 2
        return (
            f'<line class="app-timeline__today" x1="{x:.1f}" x2="{x:.1f}" y1="{HEAD - 10}" '
            f'y2="{self.bottom}"><title>Today, {self.today.day} {self.today:%B %Y}</title></line>'
            f'<text class="app-timeline__today-label" x="{x:.1f}" y="{self.bottom + 14}" '
            'text-anchor="middle">Today</text>'
        )

    def _rows(self) -> str:
        found = []
        for number, mark in enumerate(self.marks):
            middle = HEAD + ROW * number + ROW / 2
            is_later = mark.on > self.cut
            x = WIDTH - RIGHT_MARGIN - 16.0 if is_later else self.x(mark.on) + self.day_width / 2
            label = mark.label
            if len(label) > LONGEST_LABEL:
                label = f"{label[: LONGEST_LABEL - 1].rstrip()}…"
            when = f"{mark.on:%a} {mark.on.day} {mark.on:%b} {mark.on.year}"
            lead = ""
            if is_later:
                when = f"→ {when}"
                lead = (
                    f'<path class="app-timeline__break" d="M{x - 20:.1f} {middle + 5:.1f}l4 -10'
                    f'M{x - 14:.1f} {middle + 5:.1f}l4 -10"/>'
                )
            row = (
                f"<title>{escape(mark.label)}: {when}</title>"
                f'<text x="0" y="{middle + 4:.1f}">{escape(label)}</text>'
                f'<line class="app-timeline__lead" x1="{LEFT}" x2="{x:.1f}" y1="{middle:.1f}" '
                f'y2="{middle:.1f}"/>'
                f"{lead}{self._shape(mark.kind, x, middle)}"
                f'<text class="app-timeline__when" x="{x + 11:.1f}" y="{middle + 4:.1f}">'
                f"{when}</text>"
            )
            if mark.href:
                found.append(f'<a href="{escape(mark.href)}">{row}</a>')
            else:
                found.append(f"<g>{row}</g>")
        return "".join(found)

    @staticmethod
    def _shape(kind: Kind, x: float, y: float) -> str:
        """What happened is a square, what is due a circle: not told apart by colour alone."""
        classes = f'class="app-timeline__mark app-timeline__mark--{kind}"'
        if kind in ("event", "met", "met-late"):
            return f'<rect {classes} x="{x - 6:.1f}" y="{y - 6:.1f}" width="12" height="12"/>'
        if kind == "overdue":
            points = f"{x - 7:.1f},{y + 6:.1f} {x + 7:.1f},{y + 6:.1f} {x:.1f},{y - 7:.1f}"
            return f'<polygon {classes} points="{points}"/>'
        return f'<circle {classes} cx="{x:.1f}" cy="{y:.1f}" r="6.5"/>'


KEY: tuple[tuple[Kind, str], ...] = (
    ("event", "happened, or met"),
    ("met-late", "met late"),
    ("overdue", "overdue"),
    ("open", "due"),
    ("forecast", "forecast"),
    ("lapsed", "passed, or not recorded"),
)


def key() -> SafeString:
    """What the shapes and shades mean, as a list."""
    items = [
        '<li><svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" '
        f'focusable="false">{_Drawing._shape(kind, 9, 9)}</svg>{escape(words)}</li>'
        for kind, words in KEY
    ]
    for name, words in (("weekend", "weekend"), ("closed", "bank holiday"), ("band", "on site")):
        items.append(
            '<li><svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" '
            f'focusable="false"><rect class="app-timeline__{name}" width="18" height="18"/></svg>'
            f"{words}</li>"
        )
    return mark_safe(f'<ul class="app-timeline-key">{"".join(items)}</ul>')
