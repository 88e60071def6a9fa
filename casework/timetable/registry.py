"""The rule sets that the rooms have declared, by kind and framework. Needs no Django."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .answers import TimetableError
from .rules import Choice, EventName, Rule, Ruleset
from .words import listed

_rulesets: dict[tuple[str, str], Ruleset] = {}
# Asked for with every count.
_parameters: dict[tuple[str, str], tuple["Parameter", ...]] = {}


def register(ruleset: Ruleset) -> None:
    """Make a rule set known. The same one twice is once; two that differ raise ValueError."""
    key = (ruleset.kind, ruleset.framework)
    if key in _rulesets and _rulesets[key] is not ruleset:
        raise ValueError(f"Two rule sets for {ruleset.kind} under {ruleset.framework}.")
    _rulesets[key] = ruleset
    _parameters.pop(key, None)


def forget(ruleset: Ruleset) -> None:
    """Take a rule set out again (for tests that declare one of their own)."""
    _rulesets.pop((ruleset.kind, ruleset.framework), None)
    _parameters.pop((ruleset.kind, ruleset.framework), None)


def kinds() -> tuple[str, ...]:
    """The kinds of case that have rules, in the order in which they were registered."""
    return tuple(dict.fromkeys(kind for kind, _ in _rulesets))


def frameworks(kind: str) -> tuple[str, ...]:
    """The frameworks that have rules for a kind."""
    return tuple(framework for known, framework in _rulesets if known == kind)


def rulesets() -> tuple[Ruleset, ...]:
    """Every rule set, in the order of registration."""
    return tuple(_rulesets.values())


def ruleset(kind: str, framework: str = "") -> Ruleset:
    """The rules of a kind; without a framework, the first that was declared for it.

    Raises TimetableError for a kind or framework that has none.
    """
    known = frameworks(kind)
    if not known:
        text = f"There is no kind '{kind}'. There is {listed(list(kinds()), 'or')}."
        raise TimetableError([("", text)])
    if not framework:
        return _rulesets[kind, known[0]]
    if framework not in known:
        raise TimetableError(
            [
                (
                    "",
                    f"No rules for {kind} are declared for the framework '{framework}' in this"
                    f" edition of the product. There is {listed(list(known), 'or')}.",
                )
            ]
        )
    return _rulesets[kind, framework]


def rules_of(kind: str, framework: str = "", edition: str = "") -> tuple[Rule, ...]:
    """The rules of a kind in one edition (without one, in the newest).

    Raises TimetableError for a kind, framework or edition that has none.
    """
    found = ruleset(kind, framework)
    return found.rules_in(edition_named(found, edition) if edition else found.editions[-1].name)


def edition_named(found: Ruleset, name: str) -> str:
    """The name, where the rule set has such an edition. Raises TimetableError otherwise."""
    names = [edition.name for edition in found.editions]
    if name not in names:
        raise TimetableError(
            [("", f"{found.title} has no edition '{name}'. There is {listed(names, 'or')}.")]
        )
    return name


def events_of(kind: str, framework: str = "") -> tuple[EventName, ...]:
    """The events of a kind, as declared. Raises TimetableError for a kind that has none."""
    return ruleset(kind, framework).events


def event_names(kind: str, framework: str = "") -> tuple[str, ...]:
    """The names of a kind's events. Raises TimetableError for a kind that has none."""
    return tuple(event.name for event in events_of(kind, framework))


def refuse_unknown(kind: str, names: Iterable[str], framework: str = "") -> None:
    """Raise TimetableError for names that are no event of the kind, each with the nearest."""
    found = ruleset(kind, framework)
    known = [name for event in found.events for name in (event.name, *event.synonyms)]
    problems = []
    for name in names:
        if found.event(name) is None:
            near = difflib.get_close_matches(name.lower().replace("-", "_"), known, n=1, cutoff=0.5)
            hint = f" Did you mean '{near[0]}'?" if near else f" It has {listed(known, 'or')}."
            problems.append((name, f"{found.title} has no event '{name}'.{hint}"))
    if problems:
        raise TimetableError(problems)


@dataclass(frozen=True)
class Parameter:
    """A number that is ours to set, not the source's."""

    key: str
    default: int
    unit: str
    meaning: str


def parameters_of(kind: str, framework: str = "") -> tuple[Parameter, ...]:
    """Every number of a kind that can be set, keyed by its rule's code: the starred ones, and those
    that are in none of the sources."""
    rules = ruleset(kind, framework)
    key = (rules.kind, rules.framework)
    if key not in _parameters:
        _parameters[key] = tuple({one.key: one for one in _all_parameters(rules)}.values())
    return _parameters[key]


def _all_parameters(rules: Ruleset) -> Iterator[Parameter]:
    for rule in rules.rules:
        if isinstance(rule.start, Choice):
            options = "; ".join(f"{i} = {o.name}" for i, o in enumerate(rule.start.options))
            yield Parameter(f"{rule.code}:from", 0, "choice", f"{rule.due}: from ({options})")
        offset = rule.offset_in(rules.editions[-1].name)
        if rule.can_set(offset):
            yield Parameter(rule.parameter, offset.number, offset.words, rule.due)
