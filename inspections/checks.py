"""The checks of a proposed inspection: data, each with its source, and a small pure function.

A check that the source lets people depart from ('normally') can be overridden with a reason; the
others block. What is not known, such as terms that nobody recorded, is a warning.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from inspections.proposal import (
    REQUIRED_ROLES,
    USUAL_LENGTH,
    USUAL_TEAM,
    Proposal,
)

OURS = "our own rule"


class Outcome(StrEnum):
    """How a check came out."""

    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"


class Needs(StrEnum):
    """What must be known before a check can be judged at all."""

    CALENDAR = "calendar"  # the calendar reaches these dates
    ON_SITE = "on_site"  # Day 1 is a working day, so there are days on site
    TEAM = "team"  # somebody is chosen


@dataclass(frozen=True)
class Finding:
    """What a check's function says: how it came out, and why."""

    outcome: Outcome
    why: str


@dataclass(frozen=True)
class CheckRule:
    """One check: its code, what it asks, its source, and whether a reason can override it."""

    code: str
    title: str
    citation: str
    overridable: bool
    judge: Callable[[Proposal], Finding]
    needs: frozenset[Needs] = frozenset()
    reason_hint: str = ""
    form_field: str = "first_day"


@dataclass(frozen=True)
class Check:
    """One check of one proposal, as it came out. `reason` is the one given to override it."""

    code: str
    title: str
    citation: str
    outcome: Outcome
    why: str
    overridable: bool
    reason: str = ""
    reason_hint: str = ""
    form_field: str = ""

    @property
    def needs_reason(self) -> bool:
        """Failed, and the source lets a reason override it."""
        return self.outcome is Outcome.FAILED and self.overridable

    @property
    def overridden(self) -> bool:
        """Failed, and a reason was given where one is allowed."""
        return self.needs_reason and bool(self.reason)

    @property
    def blocks(self) -> bool:
        """Nothing can be scheduled while this stands."""
        return self.outcome is Outcome.FAILED and not self.overridden


def day_in_words(day: datetime.date) -> str:
    """'Monday 4 May 2026'."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def _list(things: Iterable[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    *most, last = list(things)
    return f"{', '.join(most)} and {last}" if most else last


def _passed(why: str) -> Finding:
    return Finding(Outcome.PASSED, why)


def _failed(why: str) -> Finding:
    return Finding(Outcome.FAILED, why)


def _warning(why: str) -> Finding:
    return Finding(Outcome.WARNING, why)


def _within_the_calendar(proposal: Proposal) -> Finding:
    calendar = proposal.calendar
    if proposal.dates.problem:
        return _failed(proposal.dates.problem)
    return _passed(f"Bank holidays are known until {day_in_words(calendar.covers_until)}.")


def _first_day_is_ahead(proposal: Proposal) -> Finding:
    first_day, today = proposal.dates.first_day, proposal.now.date()
    if first_day < today:
        return _failed(f"{day_in_words(first_day)} is in the past.")
    if first_day == today:
        return _failed("Day 1 is today.")
    days = (first_day - today).days
    return _passed(f"Day 1 is {days} {'day' if days == 1 else 'days'} away.")


def _days_are_working_days(proposal: Proposal) -> Finding:
    first_day = proposal.dates.first_day
    name = proposal.calendar.name_of(first_day)
    if name is not None:
        what = f"is a {name}" if name in ("Saturday", "Sunday") else f"is closed: {name}"
        return _failed(f"Day 1, {day_in_words(first_day)}, {what}.")
    on_site = proposal.dates.on_site
    skipped = [
        f"{closed} ({day.day} {day:%B})"
        for day in _days_between(on_site[0], on_site[-1])
        if (closed := proposal.calendar.name_of(day)) and closed not in ("Saturday", "Sunday")
    ]
    count = "1 working day" if len(on_site) == 1 else f"{len(on_site)} working days"
    note = f" {_list(skipped)} falls between and is skipped." if skipped else ""
    return _passed(f"{count}, {day_in_words(on_site[0])} to {day_in_words(on_site[-1])}.{note}")


def _days_between(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    return [first + datetime.timedelta(days=n) for n in range((last - first).days + 1)]


def _days_are_in_term(proposal: Proposal) -> Finding:
    answers = {day: proposal.in_term(day) for day in proposal.dates.on_site}
    outside = [day_in_words(day) for day, answer in answers.items() if answer is False]
    unknown = [day_in_words(day) for day, answer in answers.items() if answer is None]
    if outside:
        verb = "is" if len(outside) == 1 else "are"
        return _failed(f"{_list(outside)} {verb} outside school term in {proposal.area_name}.")
    if unknown:
        days = _list(unknown) if len(unknown) < len(answers) else "these days"
        return _warning(
            f"The terms of {proposal.area_name} are not on record for {days}. "
            "Ask the local authority before notice is given."
        )
    return _passed(f"Every day on site is in term in {proposal.area_name}.")


def _leaves_notice(proposal: Proposal) -> Finding:
    notice_day, today = proposal.dates.notice_day, proposal.now.date()
    first_day = proposal.dates.first_day
    assert notice_day is not None
    if first_day <= today:
        return _failed(f"No notice can be given any more of {day_in_words(first_day)}.")
    if not proposal.dates.on_site:
        return _warning("Notice cannot be told: Day 1 is no working day.")
    call = f"The call falls on {day_in_words(notice_day)}, {proposal.dates.notice} working days"
    if notice_day < today:
        left = proposal.calendar.between(today, first_day)
        return _failed(
            f"{call} before Day 1, which has passed. Called today, the area would have "
            f"{left} working {'day' if left == 1 else 'days'}."
        )
    if notice_day == today and proposal.now.time() >= datetime.time(10):
        return _warning(f"{call} before Day 1: today, and 10:00 has passed.")
    return _passed(f"{call} before Day 1.")


def _length_is_usual(proposal: Proposal) -> Finding:
    length = proposal.dates.length
    if length > USUAL_LENGTH:
        return _failed(
            f"{length} days on site; inspections do not normally last longer than {USUAL_LENGTH}."
        )
    return _passed(f"{length} {'day' if length == 1 else 'days'} on site.")


def _team_is_complete(proposal: Proposal) -> Finding:
    named = {member.role for member in proposal.members}
    missing = [title for role, title in REQUIRED_ROLES.items() if role not in named]
    if missing:
        return _failed(f"Not named yet: {_list(missing)}.")
    return _passed(
        _list(
            f"{member.name} ({REQUIRED_ROLES.get(member.role, 'additional inspector')})"
            for member in proposal.members
        )
        + "."
    )


def _team_holds_roles(proposal: Proposal) -> Finding:
    twice = sorted(
        {
            member.name
            for member in proposal.members
            if sum(other.person_id == member.person_id for other in proposal.members) > 1
        }
    )
    if twice:
        return _failed(f"{_list(twice)} cannot hold two places on one team.")
    unqualified = [
        f"{member.name} ({REQUIRED_ROLES.get(member.role, 'inspector')})"
        for member in proposal.members
        if not member.qualified
    ]
    if unqualified:
        return _failed(f"No such role on these days: {_list(unqualified)}.")
    return _passed("Each holds the role on every day of the inspection.")


def _team_size_is_usual(proposal: Proposal) -> Finding:
    size = len(proposal.members)
    if size > USUAL_TEAM:
        return _failed(f"{size} inspectors; the usual team is {USUAL_TEAM}.")
    return _passed(f"{size} {'inspector' if size == 1 else 'inspectors'}; three is usual.")


def _team_is_free(proposal: Proposal) -> Finding:
    if proposal.clashes:
        return _failed(
            " ".join(
                f"{clash.name}: {clash.what}, {from_to(clash.first, clash.last)}."
                for clash in proposal.clashes
            )
        )
    return _passed("Nobody has other work or leave on site, planning and travel days.")


def from_to(first: datetime.date, last: datetime.date) -> str:
    """'4 May 2026', '4 to 8 May 2026', '30 April to 4 May 2026'."""
    end = f"{last.day} {last:%B %Y}"
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {end}"
    return f"{first.day} {first:%B}{'' if first.year == last.year else f' {first.year}'} to {end}"


def _team_has_no_interest(proposal: Proposal) -> Finding:
    if proposal.interests:
        return _failed(
            f"Declared an interest in {proposal.area_name}: {_list(proposal.interests)}."
        )
    return _passed(f"Nobody declared an interest in {proposal.area_name}.")


def _area_is_free(proposal: Proposal) -> Finding:
    if proposal.open_inspections:
        return _failed(
            f"{proposal.area_name} has another open inspection: {_list(proposal.open_inspections)}."
        )
    if proposal.other_open_cases:
        return _warning(
            f"Also open in {proposal.area_name}: {_list(proposal.other_open_cases)}. "
            "Weigh what both at once would ask of the area."
        )
    return _passed(f"Nothing else is open in {proposal.area_name}.")


def _area_can_be_told(proposal: Proposal) -> Finding:
    if not proposal.area_exists:
        now_in = f" It is now part of {_list(proposal.successors)}." if proposal.successors else ""
        return _failed(f"{proposal.area_name} is no local area on these days.{now_in}")
    if not proposal.health_commissioners:
        return _warning(f"No health commissioner of {proposal.area_name} is on record.")
    if not proposal.council_knows_dcs:
        return _warning(
            "No director of children’s services is on record for these days; the call goes to the "
            "most senior person available."
        )
    return _passed(f"To be told: {_list(['the council', *proposal.health_commissioners])}.")


def _within_the_period(proposal: Proposal) -> Finding:
    if proposal.period is None:
        return _passed("No rough period is on record.")
    (begins, ends), first_day = proposal.period, proposal.dates.first_day
    period = from_to(begins, ends)
    if not begins <= first_day <= ends:
        return _warning(f"Day 1 is outside the planned period, {period}.")
    return _passed(f"Day 1 is within the planned period, {period}.")


_DATED = frozenset({Needs.CALENDAR})
_ON_SITE = _DATED | {Needs.ON_SITE}
_TEAM = frozenset({Needs.TEAM})

RULES: tuple[CheckRule, ...] = (
    CheckRule("calendar", "Dates within the calendar", OURS, False, _within_the_calendar),
    CheckRule("ahead", "Day 1 is still to come", OURS, False, _first_day_is_ahead),
    CheckRule("period", "In the planned period", OURS, False, _within_the_period),
    CheckRule("working_days", "On working days", "HB 7, 14", False, _days_are_working_days, _DATED),
    CheckRule("term", "In school term", "HB 14", False, _days_are_in_term, _ON_SITE),
    CheckRule(
        "notice",
        "Five working days’ notice",
        "HB 7",
        True,
        _leaves_notice,
        _DATED,
        "Why the area will have less notice than usual",
    ),
    CheckRule(
        "length",
        "No longer than five days",
        "HB 20",
        True,
        _length_is_usual,
        reason_hint="Why more than five days are needed",
        form_field="length",
    ),
    CheckRule(
        "team", "The team is named", "HB 20", False, _team_is_complete, form_field="lead_hmi"
    ),
    CheckRule(
        "roles",
        "Each holds the role",
        "HB 20",
        False,
        _team_holds_roles,
        _TEAM,
        form_field="lead_hmi",
    ),
    CheckRule(
        "team_size",
        "A team of three",
        "HB 20",
        True,
        _team_size_is_usual,
        _TEAM,
        "Which risk asks for more: number of NHS providers, complexity of the local health "
        "economy, geography, number of health commissioners, size of the authority, or another",
        "additional_inspectors",
    ),
    CheckRule(
        "free",
        "Everyone is free",
        OURS,
        False,
        _team_is_free,
        _ON_SITE | _TEAM,
        form_field="lead_hmi",
    ),
    CheckRule(
        "interest",
        "No declared interest",
        OURS,
        False,
        _team_has_no_interest,
        _TEAM,
        form_field="lead_hmi",
    ),
    CheckRule("area", "Nothing else is open in the area", OURS, False, _area_is_free),
    CheckRule("told", "Known whom to tell", "HB 7, 8", False, _area_can_be_told),
)


def check(proposal: Proposal) -> tuple[Check, ...]:
    """Every check of this proposal, in the order of `RULES`.

    A rule that cannot be judged yet, since there are no days on site or nobody is chosen, is left
    out (the check that says why is there instead).
    """
    known = {
        Needs.CALENDAR: not proposal.dates.problem,
        Needs.ON_SITE: bool(proposal.dates.on_site),
        Needs.TEAM: bool(proposal.members),
    }
    return tuple(_run(rule, proposal) for rule in RULES if all(known[need] for need in rule.needs))


def _run(rule: CheckRule, proposal: Proposal) -> Check:
    finding = rule.judge(proposal)
    return Check(
        code=rule.code,
        title=rule.title,
        citation=rule.citation,
        outcome=finding.outcome,
        why=finding.why,
        overridable=rule.overridable,
        reason=proposal.reasons.get(rule.code, "").strip(),
        reason_hint=rule.reason_hint,
        form_field=rule.form_field,
    )
