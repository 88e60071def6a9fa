"""Dates and event names as a person types them on a command line or in an address."""

import re
from calendar import month_name, monthrange
from datetime import date

from .answers import Happening, Subject, TimetableError
from .registry import refuse_unknown, ruleset
from .rules import EventName, Ruleset
from .words import listed

#: Nobody agrees to visit less often than this.
MOST_MONTHS = 60

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


def typed_date(text: str) -> date:
    """The date that YYYY-MM-DD names. Raises ValueError that says what is wrong with another."""
    found = _ISO.fullmatch(text.strip())
    if not found:
        raise ValueError(f"'{text[:40]}' is not a date: write it as 2026-03-27.")
    year, month, day = (int(part) for part in found.groups())
    if year == 0:
        raise ValueError(f"'{text}' is not a date: there is no year 0.")
    if not 1 <= month <= 12:
        raise ValueError(f"'{text}' is not a date: a year has months 1 to 12.")
    days = monthrange(year, month)[1]
    if not 1 <= day <= days:
        raise ValueError(f"'{text}' is not a date: {month_name[month]} {year} has {days} days.")
    return date(year, month, day)


def typed_happenings(
    kind: str, typed: list[str], subjects: dict[str, list[Subject]], framework: str = ""
) -> list[Happening]:
    """What NAME=YYYY-MM-DD, or NAME:SUBJECT=YYYY-MM-DD for one of several subjects, says.

    Raises TimetableError with everything that is wrong.
    """
    happenings, problems = [], []
    for text in typed:
        name, equals, day = text.rpartition("=")
        if not equals:
            problems.append(("", f"'{text[:80]}' names no date: write NAME=2026-03-27."))
            continue
        name, subject = _split(kind, name.strip(), framework)
        try:
            refuse_unknown(kind, [name], framework)
            if subject:
                subject = _subject_key(kind, name, subject, subjects, framework)
            _refuse_numberless(ruleset(kind, framework).event(name), subject)
            happenings.append(Happening(name, typed_date(day), subject=subject))
        except TimetableError as error:
            problems += error.messages
        except ValueError as error:
            problems.append((name, f"{name}: {error}"))
    problems += _given_twice(kind, happenings, framework)
    if problems:
        raise TimetableError(problems)
    return happenings


def with_outcome(rules: Ruleset, happenings: list[Happening], outcome: str) -> list[Happening]:
    """The happenings with the event that says the outcome: on the day of the event that it goes
    with (publication), else on the first day of all. Raises TimetableError for no such outcome."""
    if not outcome:
        return happenings
    event = rules.outcomes.get(outcome)
    if event is None:
        has = listed(list(rules.outcomes), "or")
        there_is = f"There is {has}." if has else "It has none."
        raise TimetableError([("", f"{rules.title} has no outcome '{outcome[:40]}'. {there_is}")])
    days = [happening.on for happening in happenings]
    known = [
        h.on for h in happenings if (found := rules.event(h.event)) and found.name == event.follows
    ]
    return [*happenings, Happening(event.name, max(known, default=min(days)))]


def _refuse_numberless(event: EventName | None, subject: str) -> None:
    """Raise TimetableError where the subject has to be a number and is none."""
    if event is None or not event.numbered:
        return
    if not subject.isdecimal() or not subject.isascii() or not 1 <= int(subject[:4]) <= MOST_MONTHS:
        name = event.name
        raise TimetableError(
            [
                (
                    name,
                    f"{name} needs a number of {event.numbered} from 1 to {MOST_MONTHS}: write"
                    f" {name}:6=2026-03-27.",
                )
            ]
        )


def _given_twice(kind: str, happenings: list[Happening], framework: str) -> list[tuple[str, str]]:
    """Events with two dates, where only what repeats can have several."""
    found = ruleset(kind, framework)
    several = {
        name
        for rule in found.rules
        if rule.repeat
        for name in (*rule.events_that_meet, rule.repeat.step)
    }
    dates: dict[tuple[str, str], set[date]] = {}
    for happening in happenings:
        event = found.event(happening.event)
        by_day = event is not None and event.each == "day_on_site"
        if event is not None and event.name not in several and not by_day:
            dates.setdefault((event.name, happening.subject), set()).add(happening.on)
    return [
        (name, f"{name} is given with {len(days)} dates: it has one.")
        for (name, _), days in dates.items()
        if len(days) > 1
    ]


def _split(kind: str, name: str, framework: str) -> tuple[str, str]:
    """The event and the subject of 'event:subject'; the event's own name may hold a colon."""
    found = ruleset(kind, framework)
    at = len(name)
    while at > 0:
        if found.event(name[:at]):
            return name[:at], name[at + 1 :].strip()
        at = name.rfind(":", 0, at)
    return name, ""


def _subject_key(
    kind: str, name: str, subject: str, subjects: dict[str, list[Subject]], framework: str
) -> str:
    found = ruleset(kind, framework)
    event = found.event(name)
    assert event is not None
    if event.numbered:
        return subject
    if not event.each:
        raise TimetableError([(name, f"{name} has one date for all: leave out ':{subject}'.")])
    if event.each == "day_on_site":
        return typed_date(subject).isoformat()
    known = subjects.get(event.each) or list(found.default_subjects.get(event.each, ()))
    for one in known:
        if subject.casefold() in (one.key.casefold(), one.name.casefold()):
            return one.key
    what = event.each.replace("_", " ")
    has = f"There is {listed([one.name for one in known], 'or')}." if known else "None is named."
    raise TimetableError([(name, f"{name}: there is no {what} '{subject}'. {has}")])
