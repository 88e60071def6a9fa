"""Whether a deadline is met, and by what."""

from datetime import date
from itertools import zip_longest

from .answers import Happening, Subject
from .known import Facts
from .rules import AllOf, AnyOf, Nth, Offered, Rule
from .words import day_in_words


def met(rule: Rule, subject: Subject, facts: Facts) -> Happening | None:
    """What meets a rule's one deadline for a subject; None while it is not met."""
    meeting = rule.meeting
    if isinstance(meeting, Nth):
        held = facts.all(meeting.name, distinct=True)
        return held[meeting.number - 1] if len(held) >= meeting.number else None
    if isinstance(meeting, Offered):
        what_came = [h for h in (_for(rule, name, subject, facts) for name in meeting.then) if h]
        return _for(rule, meeting.offer, subject, facts) or what_came[0] if what_came else None
    found = [_for(rule, name, subject, facts) for name in meeting.names]
    known = [happening for happening in found if happening is not None]
    if isinstance(meeting, AllOf):
        return max(known, key=_day, default=None) if len(known) == len(found) else None
    return min(known, key=_day, default=None)


def met_in_turn(rule: Rule, facts: Facts) -> list[Happening]:
    """What meets the occurrences of a repeated rule, in their order; shorter than they are."""
    meeting = rule.meeting
    if isinstance(meeting, Offered):
        offers = facts.all(meeting.offer, distinct=True)
        what_came = _by_day(meeting.then, facts)
        return [offers[n] if n < len(offers) else came for n, came in enumerate(what_came)]
    if not isinstance(meeting, AnyOf):
        raise ValueError(f"{rule.code}: what meets a repeated rule must be one event.")
    if rule.all_of:
        return _all_in_turn(rule, meeting.names, facts)
    return _by_day(meeting.names, facts)


def pending(rule: Rule, subject: Subject, facts: Facts, turn: int = 1) -> str:
    """What is still to be recorded of a deadline that is half met, in words; '' for nothing.
    `turn`: the number of the occurrence, of a repeated rule."""
    if not isinstance(rule.meeting, Offered):
        return ""
    if rule.repeat:
        offers = facts.all(rule.meeting.offer, distinct=True)
        offer = offers[turn - 1] if turn <= len(offers) else None
    else:
        offer = _for(rule, rule.meeting.offer, subject, facts)
    if offer is None:
        return ""
    return f"Offered on {day_in_words(offer.on)}: what came of it is to be recorded."


def _for(rule: Rule, name: str, subject: Subject, facts: Facts) -> Happening | None:
    if rule.all_of:
        each = [facts.latest(name, one.key) for one in facts.subjects_of(rule.all_of)]
        known = [happening for happening in each if happening is not None]
        return max(known, key=_day) if known and len(known) == len(each) else None
    key = subject.key if rule.each else ""
    return facts.latest(name, key, any_subject=not rule.each)


def _by_day(names: tuple[str, ...], facts: Facts) -> list[Happening]:
    return sorted((h for name in names for h in facts.all(name, distinct=True)), key=_day)


def _all_in_turn(rule: Rule, names: tuple[str, ...], facts: Facts) -> list[Happening]:
    """For each turn, the last of the subjects to have it. One without a subject is of all."""
    held = [happening for name in names for happening in facts.all(name)]
    subjects = facts.subjects_of(rule.all_of)
    nobody_named = not any(subject.key for subject in subjects)
    turns = [
        sorted(
            {h.on: h for h in held if nobody_named or h.subject in ("", subject.key)}.values(),
            key=_day,
        )
        for subject in subjects
    ]
    found = []
    for turn in zip_longest(*turns):
        known = [happening for happening in turn if happening is not None]
        if len(known) < len(turn):
            break
        found.append(max(known, key=_day))
    return found


def _day(happening: Happening) -> date:
    return happening.on
