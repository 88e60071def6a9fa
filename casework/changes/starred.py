"""The offsets that no source gives, with what administrators have chosen: what a page needs to list
and to change them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from casework.inputs import parameters_version_now
from casework.models import ParameterVersion
from casework.timetable import rulesets
from casework.timetable.documentation import start_in_words
from casework.timetable.rules import Choice, Day, Months, Offset, Rule, Ruleset, SameDayOrBefore
from design_system.forms import lower_first


@dataclass(frozen=True)
class Starred:
    """One number that is ours to set.

    `codes` are the rules that use it; `options`, where it chooses from what to count, the events in
    words, by number.
    """

    key: str
    codes: tuple[str, ...]
    kind: str
    framework: str
    title: str
    due: str
    owed_by: str
    starts_with: str
    default: int
    offset: Offset | None
    only_if: str = ""
    options: tuple[str, ...] = ()
    from_reports: bool = False

    def in_words(self, number: int) -> str:
        """What a number means here: '13 working days after', 'Day -8'."""
        if self.options:
            known = 0 <= number < len(self.options)
            return f"from when {self.options[number]}" if known else str(number)
        assert self.offset is not None
        try:
            return self.offset.with_number(number).words
        except ValueError:
            return str(number)

    @property
    def unit(self) -> str:
        """What the number counts."""
        if isinstance(self.offset, Months):
            return "months"
        return "the number of the day" if isinstance(self.offset, Day) else "working days"

    def applies_to(self, kind: str, framework: str) -> bool:
        """Whether a case of this kind and framework has such a deadline at all."""
        return (kind, framework) == (self.kind, self.framework)


def starred() -> dict[str, Starred]:
    """Every number that is ours to set, by its key, in the order of the rules."""
    found: dict[str, Starred] = {}
    for ruleset in rulesets():
        for one in _of(ruleset):
            known = found.get(one.key)
            if known is None:
                found[one.key] = one
            elif known.codes != one.codes:
                found[one.key] = _with_codes(known, one.codes)
    return found


def _of(ruleset: Ruleset) -> Iterator[Starred]:
    for rule in ruleset.rules:
        if isinstance(rule.start, Choice):
            yield _starred(ruleset, rule, f"{rule.code}:from", 0, None, _options(ruleset, rule))
        offset = rule.offset_in(ruleset.editions[-1].name)
        if rule.can_set(offset) and not isinstance(offset, SameDayOrBefore):
            yield _starred(ruleset, rule, rule.parameter, offset.number, offset)


def _starred(
    ruleset: Ruleset,
    rule: Rule,
    key: str,
    default: int,
    offset: Offset | None,
    options: tuple[str, ...] = (),
) -> Starred:
    return Starred(
        key=key,
        codes=(rule.code,),
        kind=ruleset.kind,
        framework=ruleset.framework,
        title=ruleset.title,
        due=rule.due[:1].upper() + rule.due[1:],
        owed_by=rule.owed_by,
        starts_with=_meanings(ruleset, rule),
        default=default,
        offset=offset,
        only_if=rule.only_if.words if rule.only_if else "",
        options=options,
        from_reports=rule.from_reports,
    )


def _with_codes(known: Starred, more: tuple[str, ...]) -> Starred:
    return replace(known, codes=tuple(dict.fromkeys([*known.codes, *more])))


def _options(ruleset: Ruleset, rule: Rule) -> tuple[str, ...]:
    assert isinstance(rule.start, Choice)
    return tuple(_meaning(ruleset, option.name) for option in rule.start.options)


def _meanings(ruleset: Ruleset, rule: Rule) -> str:
    text = start_in_words(rule.start).replace("\\*", "")
    for name in rule.start.names:
        text = text.replace(f"`{name}`", _meaning(ruleset, name))
    return text.replace("the earliest ", "the first time ")


def _meaning(ruleset: Ruleset, name: str) -> str:
    declared = ruleset.event(name)
    return lower_first(declared.meaning) if declared else name.replace("_", " ")


def values_now() -> Mapping[str, int]:
    """What administrators have chosen for cases that are opened today, by key: two queries."""
    version = parameters_version_now()
    values = ParameterVersion.objects.filter(pk=version).values_list("values", flat=True).first()
    return values or {}
