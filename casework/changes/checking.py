"""What a change of starred offsets must keep to before it is proposed."""

from collections.abc import Iterator, Mapping

from casework.changes.content import ParametersContent
from casework.models import Case
from casework.refusals import GuardFailed, Reason
from casework.timetable import rulesets
from casework.timetable.rules import Choice, Day, Months, Offset, Rule, WorkingDays
from working_days.calendar import in_words
from working_days.services import current_calendar

#: More than anybody would mean: a slip of the keyboard.
MOST_WORKING_DAYS, MOST_MONTHS, MOST_DAYS = 250, 120, 60


def check_parameters(content: ParametersContent, why: str) -> None:
    """Raises GuardFailed with the field of each problem: 'why', 'cases', 'effective_from', or the
    key of a number."""
    reasons: list[Reason] = list(_with_text(why))
    if not content.values:
        reasons.append(("", "Change at least one number."))
    for key, number in content.values.items():
        if reason := problem_with(key, number):
            reasons.append((key, reason))
    ends = current_calendar().covers_until
    if content.effective_from > ends:
        text = f"The calendar reaches {in_words(ends)}: enter a day until then."
        reasons.append(("effective_from", text))
    reasons += _with_cases(content)
    if reasons:
        raise GuardFailed(reasons)


def _with_text(why: str) -> Iterator[Reason]:
    tidy = " ".join(why.split())
    if not tidy:
        yield "why", "Say why it changes."
    elif len(tidy) > 300:
        yield "why", "The reason must be 300 characters or fewer."
    elif not tidy.isprintable():
        yield "why", "The reason holds characters that cannot be printed."


def _with_cases(content: ParametersContent) -> Iterator[Reason]:
    if content.cases not in ("new", "chosen"):
        yield "cases", "Choose new cases only, or open ones as well."
    elif content.cases == "chosen":
        if not content.case_ids:
            yield "cases", "Choose at least one open case."
        elif gone := _not_open(content.case_ids):
            yield "cases", f"{gone} of the cases chosen have ended, or are no longer there."


def _not_open(case_ids: object) -> int:
    wanted = set(case_ids)  # type: ignore[call-overload]
    return len(wanted) - Case.objects.filter(pk__in=wanted, ended_on__isnull=True).count()


def problem_with(key: str, number: int) -> str:
    """Why a number cannot be set; '' where it can."""
    if type(number) is not int:
        return "Enter a whole number."
    uses = list(_uses(key))
    if not uses:
        return f"There is no offset “{key}”."
    for rule in uses:
        if key == f"{rule.code}:from":
            assert isinstance(rule.start, Choice)
            if not 0 <= number < len(rule.start.options):
                return "Choose one of the events from which it can count."
            continue
        for offset in _offsets(rule):
            if not rule.can_set(offset):
                return f"{rule.code} is fixed by its source ({rule.citation})."
            if reason := _out_of_range(offset, number):
                return reason
    return ""


def _uses(key: str) -> Iterator[Rule]:
    for ruleset in rulesets():
        for rule in ruleset.rules:
            chooses = isinstance(rule.start, Choice) and key == f"{rule.code}:from"
            if rule.parameter == key or chooses:
                yield rule


def _offsets(rule: Rule) -> list[Offset]:
    return list(rule.offset.values()) if isinstance(rule.offset, Mapping) else [rule.offset]


def _out_of_range(offset: Offset, number: int) -> str:
    if isinstance(offset, WorkingDays):
        back = offset.number < 0
        low, high = (-MOST_WORKING_DAYS, 0) if back else (0, MOST_WORKING_DAYS)
        return "" if low <= number <= high else f"Enter a number from {low} to {high}."
    if isinstance(offset, Months):
        return "" if 1 <= number <= MOST_MONTHS else f"Enter a number from 1 to {MOST_MONTHS}."
    if isinstance(offset, Day):
        if number == 0:
            return "There is no Day 0: the working day before Day 1 is Day -1."
        low, high = (-MOST_DAYS, -1) if offset.number < 0 else (1, MOST_DAYS)
        return "" if low <= number <= high else f"Enter a day from {low} to {high}."
    return "It has no number to set."
