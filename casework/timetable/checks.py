"""Checks of the dates given, which the rooms' rule sets name: impossible, or merely unusual."""

from collections.abc import Sequence
from datetime import date

from working_days.calendar import Calendar

from .rules import Check, Dates, Problem
from .words import day_in_words, listed

# No visit is on site for longer than this, reason or not: a mistyped month or year.
UNBELIEVABLE = 20


def on_site(*, shortest: int, longest: int, hard: bool, what: str, citation: str) -> Check:
    """Both ends of a visit are working days in order, and its length is as the source has it.

    A length outside `shortest` to `longest` working days is an error where `hard`, else unusual
    (up to 20 working days).
    """

    def check(dates: Dates, calendar: Calendar) -> Sequence[Problem]:
        first, last = dates.on("first_day"), dates.on("last_day")
        problems = []
        if first and (name := calendar.name_of(first)):
            problems.append(_not_working("first_day", "Day 1", first, name))
        if last and (name := calendar.name_of(last)):
            problems.append(_not_working("last_day", "The last day on site", last, name))
        if not first or not last or problems:
            return problems
        if last < first:
            text = (
                f"The last day on site ({day_in_words(last)}) is before Day 1"
                f" ({day_in_words(first)})."
            )
            return [Problem("last_day", text)]
        days = calendar.between(first, last) + 1
        if not shortest <= days <= longest:
            length = f"{shortest} to {longest}" if shortest > 1 else f"up to {longest}"
            text = (
                f"{what} takes {length} working days on site ({citation}): from"
                f" {day_in_words(first)} to {day_in_words(last)} there {_are(days)}."
            )
            problems.append(Problem("last_day", text, unusual=not hard and days <= UNBELIEVABLE))
        return problems

    return check


def in_order(*events: tuple[str, str]) -> Check:
    """Of events named in order, none comes before one that is named earlier: unusual if it does."""

    def check(dates: Dates, calendar: Calendar) -> Sequence[Problem]:
        problems: list[Problem] = []
        before: tuple[str, date] | None = None
        for name, words in events:
            day = dates.on(name)
            if day is None:
                continue
            if before and day < before[1]:
                text = f"{words} ({day_in_words(day)}) is before {before[0]}"
                problems.append(Problem(name, f"{text} ({day_in_words(before[1])}).", unusual=True))
            else:
                before = (words[0].lower() + words[1:] if words[:3] != "Day" else words, day)
        return problems

    return check


def one_outcome(dates: Dates, calendar: Calendar) -> Sequence[Problem]:
    """The case has one of the outcomes that its kind declares; none at all is unusual where the
    kind needs one, since what follows from it is missing."""
    outcomes = dates.ruleset.outcomes
    known = [event for event in outcomes.values() if dates.on(event.name)]
    if len(known) > 1:
        words = listed([f"“{event.meaning}”" for event in known])
        return [Problem(known[-1].name, f"There are several outcomes: {words}.", unusual=True)]
    if known or not dates.ruleset.needs_outcome:
        return []
    text = (
        f"The outcome is not given ({listed(list(outcomes), 'or')}): only what follows from"
        " any outcome is counted."
    )
    return [Problem("", text, unusual=True)]


def _not_working(event: str, what: str, day: date, name: str) -> Problem:
    return Problem(
        event, f"{what} must be a working day: {day_in_words(day)} is not ({name}).".strip()
    )


def _are(days: int) -> str:
    return "is 1" if days == 1 else f"are {days}"
