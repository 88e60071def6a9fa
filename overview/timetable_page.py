"""The answer to a question as people read it: drawn, in rows, each with its reason."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from casework.timetable import Due, Timetable
from casework.timetable.rules import DAY_ON_SITE, Ruleset
from casework.timetable.sources import SOURCES, sources_of
from casework.timetable.words import day_in_words, listed
from design_system import timeline
from design_system.tables import Column, Row, Table
from overview.timetable_question import Question, number_key_of
from working_days.calendar import DEFINITION, WEEKEND, Calendar, Skipped

STRENGTH_MEANS = {
    "must": "a duty, or an unqualified must",
    "normally": "what the source says is usual",
    "target": "ours: it helps to meet the others",
}
_STRENGTH_TAGS = {"must": "", "normally": " govuk-tag--turquoise", "target": " govuk-tag--grey"}
#: A number that is told of, but in no source that we hold.
NOT_VERIFIED = "not verified"
#: What the rules call those who have a deadline each and owe it themselves.
BODIES = ("body", "recipient")
_COLUMNS = (
    Column("Date", nowrap=False),
    Column("What is due"),
    Column("Who owes it"),
    Column("How firm"),
)
# Marks that lie further from the rest than the rest is long are listed below the drawing.
_FAR = timedelta(days=60)


@dataclass(frozen=True)
class Reason:
    """Why a date is what it is, in words."""

    due: Due
    start: str
    start_day: str
    runs: tuple[str, ...]
    number_skipped: int
    definition: str = DEFINITION

    @property
    def count(self) -> str:
        """'28 working days after “The last day on site”, Friday 27 March 2026'."""
        offset = f"{self.due.offset[0].upper()}{self.due.offset[1:]}"
        star = "*" if self.due.source_offset == "ours" else ""
        runs_on = offset.endswith((" after", " days before"))
        link = " " if runs_on else ", counted from "
        forecast = " (forecast)" if self.due.counted_from.forecast else ""
        return f"{offset}{star}{link}“{self.start}”, {self.start_day}{forecast}"


def reason(due: Due, rules: Ruleset) -> Reason:
    """The words that answer 'why this date?'."""
    return Reason(
        due=due,
        start=start_in_words(due.counted_from.event, rules),
        start_day=day_in_words(due.counted_from.date),
        runs=tuple(_runs(due.skipped)),
        number_skipped=len(due.skipped),
    )


def start_in_words(name: str, rules: Ruleset) -> str:
    """What a count starts from: an event's meaning, or the day on site itself."""
    event = rules.event(name)
    if event is not None:
        return event.meaning
    return "This day on site" if name == DAY_ON_SITE else name


def _runs(skipped: Iterable[Skipped]) -> Iterable[str]:
    """Days that follow each other in one line: '3 to 6 April 2026: Good Friday, Saturday ...'."""
    run: list[Skipped] = []
    for day in skipped:
        if run and day.date - run[-1].date > timedelta(days=1):
            yield _run(run)
            run = []
        run.append(day)
    if run:
        yield _run(run)


def _run(days: list[Skipped]) -> str:
    first, last = days[0].date, days[-1].date
    names = listed([day.name for day in days])
    if first == last:
        return f"{_short(first)}: {names}"
    same = (first.year, first.month) == (last.year, last.month)
    begins = str(first.day) if same else f"{first.day} {first:%B}"
    if first.year != last.year:
        begins += f" {first.year}"
    return f"{begins} to {_short(last)}: {names}"


def _short(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


@dataclass(frozen=True)
class Line:
    """One deadline in plain words."""

    reason: Reason
    day: str
    details: list[str]
    words: str
    owed_by: str
    state: str
    holidays: str

    @property
    def due(self) -> Due:
        """The deadline itself."""
        return self.reason.due


class Answer:
    """Everything that the page, the printed sheet and the calendar file show of one timetable."""

    def __init__(self, question: Question, timetable: Timetable, calendar: Calendar) -> None:
        self.question = question
        self.timetable = timetable
        self.calendar = calendar
        self.rules = question.rules
        self.definition = DEFINITION

    @property
    def title(self) -> str:
        """'Timetable of an inspection'."""
        return f"Timetable of {self.rules.title[0].lower()}{self.rules.title[1:]}"

    @property
    def edition(self) -> str:
        """The edition that the timetable follows, in words."""
        names = {edition.name: edition for edition in self.rules.editions}
        found = names[self.timetable.edition]
        return f"{found.title}. {found.note}".strip()

    @property
    def calendar_ends(self) -> str:
        """The last day for which bank holidays are known."""
        return _short(self.calendar.covers_until)

    def given(self) -> list[tuple[str, str]]:
        """What was given: each event and its day, in words."""
        found = []
        for key, day in self.question.dates:
            event = self.rules.event(key)
            words = day_in_words(day)
            if event and event.numbered:
                number = dict(self.question.numbers)[number_key_of(event)]
                words = f"{words}: {number} {event.numbered}"
            found.append((event.meaning if event else key, words))
        if outcome := self.rules.outcomes.get(self.question.outcome):
            found.append(("Outcome", outcome.meaning))
        if self.question.repeat_until:
            until = day_in_words(self.question.repeat_until)
            found.append(("What comes again and again is shown until", until))
        return found

    def reasons(self) -> list[Reason]:
        """Each deadline with its reason, soonest first."""
        return [reason(due, self.rules) for due in self.timetable.dues]

    def not_counted(self) -> list[tuple[str, str]]:
        """What could not be counted, and the dates that it needs."""
        return [
            (
                missing.title,
                listed([f"“{start_in_words(name, self.rules)}”" for name in missing.needs], "or"),
            )
            for missing in self.timetable.not_counted
        ]

    def sources(self) -> list[tuple[str, str]]:
        """The documents that the citations name."""
        cited = {key for due in self.timetable.dues for key in sources_of(due.citation)}
        return [(key, title) for key, title in SOURCES.items() if key in cited]

    def strengths(self) -> list[tuple[str, str]]:
        """What the words of the last column mean."""
        found = {due.strength for due in self.timetable.dues}
        return [(word, text) for word, text in STRENGTH_MEANS.items() if word in found]

    def lines(self) -> list["Line"]:
        """Each deadline in plain words, for paper."""
        return [_line(found, self.rules) for found in self.reasons()]

    # --- drawn ---

    def drawing(self) -> SafeString:
        """The time line, with what lies far behind left to `later`."""
        near, _ = self._near_and_later()
        marks = [_mark(number, due) for number, due in near]
        marks += [
            timeline.Mark(day, self._event_words(key), "event")
            for key, day in self.question.dates
            if not self._is_visit(key)
        ]
        if not marks:
            return mark_safe("")
        closed = _closed_days(self.calendar)
        return timeline.draw(marks, title=self.title, closed=closed, bands=self._bands())

    def later(self) -> list[tuple[str, str, str]]:
        """What lies too far behind to be drawn to scale: address in the page, words, day."""
        _, later = self._near_and_later()
        return [
            (f"#due-{number}", words_of(due), day_in_words(due.due_on)) for number, due in later
        ]

    def _near_and_later(self) -> tuple[list[tuple[int, Due]], list[tuple[int, Due]]]:
        dues = list(enumerate(self.timetable.dues))
        days = sorted({due.due_on for _, due in dues} | {day for _, day in self.question.dates})
        gaps = [(after - before, after) for before, after in pairwise(days)]
        widest, after = max(gaps, default=(timedelta(), date.max))
        if len(days) < 4 or widest < _FAR or widest * 2 < days[-1] - days[0]:
            return dues, []
        later = [(number, due) for number, due in dues if due.due_on >= after]
        if len(later) * 2 > len(dues):
            return dues, []
        return [pair for pair in dues if pair not in later], later

    def _event_words(self, key: str) -> str:
        event = self.rules.event(key)
        return event.meaning if event else key

    def _is_visit(self, key: str) -> bool:
        """Whether the event is an end of the visit, drawn as a band."""
        return key in ("first_day", "last_day") and len(self._bands()) > 0

    def _bands(self) -> list[timeline.Band]:
        dates = dict(self.question.dates)
        first, last = dates.get("first_day"), dates.get("last_day")
        return [timeline.Band(first, last, "On site")] if first and last else []

    # --- in rows ---

    def table(self) -> Table:
        """The same as a table, each row with its reason folded away."""
        why = get_template("overview/timetable_why.html")
        rows = [
            Row(
                (
                    _when(found.due),
                    format_html(
                        "{}{}", words_of(found.due), mark_safe(why.render({"reason": found}))
                    ),
                    owed_by(found.due, self.rules),
                    _firmness(found.due),
                ),
                id=f"due-{number}",
            )
            for number, found in enumerate(self.reasons())
        ]
        return Table("Every date", _COLUMNS, rows, id="every-date")


def _line(found: Reason, rules: Ruleset) -> Line:
    due = found.due
    holidays = [day for day in due.skipped if day.name not in ("Saturday", "Sunday")]
    return Line(
        reason=found,
        day=_day(due),
        details=details_of(due),
        words=words_of(due),
        owed_by=owed_by(due, rules),
        state=_state(due),
        holidays=", ".join(f"{day.name} ({_short(day.date)})" for day in holidays),
    )


def words_of(due: Due) -> str:
    """What is due and, where several owe it, by whom or on which day."""
    return f"{due.title}: {due.subject_name}" if due.subject_name else due.title


def owed_by(due: Due, rules: Ruleset) -> str:
    """Who owes it: the body itself where it was named, else what the rule says."""
    of_each_body = any(rule.code == due.rule and rule.each in BODIES for rule in rules.rules)
    return due.subject_name if of_each_body and due.subject_name else due.owed_by


def hours_of(due: Due) -> str:
    """'between 09:00 and 10:00', 'by 12:00', or nothing."""
    if due.due_at is None:
        return ""
    if due.opens_at is not None:
        return f"between {due.opens_at:%H:%M} and {due.due_at:%H:%M}"
    return f"at {due.due_at:%H:%M}"


def details_of(due: Due) -> list[str]:
    """What stands below a date: the numbered day, the hours, the practical day, the range."""
    found = [f"Day {due.day_number}" if due.day_number else "", hours_of(due)]
    if due.opens_on is not None:
        found.append(f"from {day_in_words(due.opens_on)}")
    if due.practical_on is not None:
        found.append(f"in practice {day_in_words(due.practical_on)}")
    return [text for text in found if text]


def _closed_days(calendar: Calendar) -> Callable[[date], str | None]:
    def name_of(day: date) -> str | None:
        if calendar.covers_from <= day <= calendar.covers_until:
            return calendar.name_of(day)
        return WEEKEND.get(day.weekday())

    return name_of


def _mark(number: int, due: Due) -> timeline.Mark:
    # The date itself says which day on site it is.
    named = due.subject_name and due.counted_from.event != DAY_ON_SITE
    who = f": {due.subject_name}" if named else ""
    return timeline.Mark(due.due_on, due.brief + who, _kind_of_mark(due), f"#due-{number}")


def _kind_of_mark(due: Due) -> timeline.Kind:
    if due.met_on is not None:
        return "met" if due.met_on <= due.stands_on else "met-late"
    return "forecast" if due.forecast else "open"


def _day(due: Due) -> str:
    return f"{due.due_on:%a} {due.due_on.day} {due.due_on:%b} {due.due_on.year}"


def _state(due: Due) -> str:
    """'Forecast', 'Met, 3 May 2026', 'Met late, ...', or nothing for what is simply due."""
    if due.met_on is not None:
        late = " late" if due.met_on > due.stands_on else ""
        return f"Met{late}, {_short(due.met_on)}"
    return "Forecast" if due.forecast else ""


_STATE_TAGS = {
    "met": "govuk-tag--green",
    "met-late": "govuk-tag--orange",
    "forecast": "app-tag--outline",
}


def _when(due: Due) -> SafeString:
    below = ", ".join(details_of(due))
    small = format_html('<br><span class="app-small">{}</span>', below) if below else ""
    state = _state(due)
    classes = _STATE_TAGS.get(_kind_of_mark(due), "")
    tag = format_html(' <strong class="govuk-tag {}">{}</strong>', classes, state) if state else ""
    return format_html(
        '<time datetime="{}">{}</time>{}{}', due.due_on.isoformat(), _day(due), tag, small
    )


def _firmness(due: Due) -> SafeString:
    tag = format_html(
        '<strong class="govuk-tag{}">{}</strong>', _STRENGTH_TAGS[due.strength], due.strength
    )
    if due.verified:
        return tag
    return format_html(
        '{} <strong class="govuk-tag app-tag--outline">{}</strong>', tag, NOT_VERIFIED
    )
