"""What is known of a case, as the engine, the conditions and the checks ask for it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from working_days.calendar import Calendar, in_words

from .answers import Happening, Subject
from .counting import count
from .rules import DAY_ON_SITE, Day, Problem, Ruleset
from .words import day_in_words, listed


class Facts:
    """The happenings of one case by event, and its subjects."""

    def __init__(
        self,
        ruleset: Ruleset,
        happenings: Iterable[Happening],
        calendar: Calendar,
        subjects: Mapping[str, Sequence[Subject]],
    ) -> None:
        self.ruleset = ruleset
        self.calendar = calendar
        self._subjects = {**ruleset.default_subjects, **subjects}
        self._by_event: dict[str, list[Happening]] = defaultdict(list)
        for happening in happenings:
            event = ruleset.event(happening.event)
            if event is not None:
                self._by_event[event.name].append(happening)
        for known in self._by_event.values():
            known.sort(key=lambda happening: happening.on)

    def all(self, event: str, *, distinct: bool = False) -> list[Happening]:
        """Every happening of an event, oldest first; `distinct`: one for each day."""
        known = self._by_event.get(event, [])
        return list({h.on: h for h in known}.values()) if distinct else list(known)

    def latest(self, event: str, subject: str, *, any_subject: bool = False) -> Happening | None:
        """The newest happening for a subject. One that names no subject stands for all of them;
        of what happens on each day on site, it stands for the day on which it happened."""
        known = self._by_event.get(event)
        if not known:
            return None
        if any_subject or (len(known) == 1 and known[0].subject == subject):
            return known[-1]
        declared = self.ruleset.event(event)
        by_day = declared is not None and declared.each == DAY_ON_SITE
        for_all = None
        for happening in reversed(known):
            if happening.subject == subject:
                return happening
            if happening.subject:
                continue
            if by_day and happening.on.isoformat() == subject:
                return happening
            if not by_day and for_all is None:
                for_all = happening
        return for_all

    def first_of(self, events: Iterable[str]) -> Happening | None:
        """The oldest happening of any of the events."""
        known = [happening for name in events for happening in self.all(name)]
        return min(known, key=lambda happening: happening.on, default=None)

    def happened(self, event: str) -> bool:
        """Whether the event is known, for whomever."""
        return event in self._by_event

    def on(self, event: str) -> date | None:
        """The newest date of an event, for whomever."""
        happening = self.latest(event, "", any_subject=True)
        return happening.on if happening else None

    def every(self) -> Iterable[Happening]:
        """Every happening that the rule set knows."""
        return (happening for known in self._by_event.values() for happening in known)

    # --- days on site ---

    def forecast_day(self, number: int) -> date | None:
        """Numbered day of the visit, where its first day is known."""
        first = self.on("first_day")
        return count(Day(number), first, self.calendar).on if first else None

    def last_day(self) -> date | None:
        """The last day on site, recorded or forecast."""
        if known := self.on("last_day"):
            return known
        event = self.ruleset.event("last_day")
        return self.forecast_day(event.latest_day) if event and event.latest_day else None

    def site_days(self) -> tuple[date, ...]:
        """The working days from the first day to the last; () where the first is not known."""
        first, last = self.on("first_day"), self.last_day()
        if first is None or last is None:
            return ()
        days = ((first + timedelta(days=n)) for n in range(max((last - first).days, -1) + 1))
        return tuple(
            d for d in days if d > self.calendar.covers_until or self.calendar.is_working_day(d)
        )

    def days_on_site(self) -> int | None:
        """How many working days are spent on site; None where that is not known."""
        return len(self.site_days()) or None

    # --- subjects ---

    def subjects_of(self, each: str) -> Sequence[Subject]:
        """Who has one deadline each. Where nobody is named, one nameless subject for all."""
        if each == DAY_ON_SITE:
            return [Subject(day.isoformat(), day_in_words(day)) for day in self.site_days()]
        return self._subjects.get(each) or (Subject("", ""),)


def problems_with(facts: Facts) -> list[Problem]:
    """What is impossible or unusual about the dates given."""
    outside = [
        Problem(happening.event, outside_the_calendar(happening.on, facts.calendar))
        for happening in facts.every()
        if not facts.calendar.covers_from <= happening.on <= facts.calendar.covers_until
    ]
    if outside:
        return outside
    found = [p for check in facts.ruleset.checks for p in check(facts, facts.calendar)]
    # Where a date is impossible, nothing that rests on it can be asked for.
    return found if any(not p.unusual for p in found) else [*found, *_strangers(facts)]


def _strangers(facts: Facts) -> list[Problem]:
    """Happenings of somebody who is not among those the case names: they meet no deadline."""
    found = []
    for happening in facts.every():
        event = facts.ruleset.event(happening.event)
        if event is None or not event.each or not happening.subject:
            continue
        known = facts.subjects_of(event.each)
        if happening.subject not in [subject.key for subject in known]:
            names = listed([subject.name for subject in known if subject.name])
            who = f"which has {names}" if names else "and none is named"
            text = f"{event.name}: there is no {event.each.replace('_', ' ')} "
            text += f"'{happening.subject}' here, {who}."
            found.append(Problem(happening.event, text, unusual=True))
    return found


def outside_the_calendar(day: date, calendar: Calendar) -> str:
    """Why a date cannot be used, in words."""
    if day < calendar.covers_from:
        return f"{in_words(day)} is before the calendar begins ({in_words(calendar.covers_from)})."
    return (
        f"{in_words(day)} is past the end of the calendar: bank holidays are known up to"
        f" {in_words(calendar.covers_until)}."
    )


def chosen_edition(facts: Facts) -> tuple[str, str]:
    """The edition in force on the day of notification, known or as it must be by the first day;
    with a warning where the first edition is older than that. Without dates, the newest."""
    ruleset, editions = facts.ruleset, facts.ruleset.editions
    day = facts.on("notified")
    first = facts.on("first_day")
    if day is None and first is not None and ruleset.notified_on_day is not None:
        day = count(Day(ruleset.notified_on_day), first, facts.calendar).on
    if day is None:
        day = min((happening.on for happening in facts.every()), default=None)
    if day is None:
        return editions[-1].name, ""
    in_force = [edition for edition in editions if edition.holds_from <= day]
    if in_force:
        return in_force[-1].name, ""
    return editions[0].name, (
        f"{in_words(day)} is before the first edition of the guidance"
        f" ({editions[0].title}), which is used all the same."
    )
