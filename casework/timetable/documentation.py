"""docs/timetable.md, written from the rules themselves so that it cannot fall behind them."""

from collections.abc import Iterable, Mapping

from working_days.calendar import DEFINITION, in_words

from .registry import kinds, parameters_of, rulesets
from .rules import (
    AllOf,
    Chain,
    Event,
    EventName,
    LatestOf,
    MetBy,
    Nth,
    Offered,
    Rule,
    Ruleset,
    Start,
)
from .sources import SOURCES
from .words import listed

_TOP = """<!-- Written by `manage.py timetable --write-docs` from the rules. Do not edit. -->

# The timetable: every rule, every event

`python manage.py timetable KIND [--framework F] [--edition E] --event NAME=YYYY-MM-DD ...` prints
every deadline that follows from the dates given. `--format json` prints them for other programs,
`--bundled` counts with the built-in bank holidays and needs no database. The page `/timetable/`
shows the same to anyone.

- **Events** are named as in the lists below. `NAME:SUBJECT=DATE` gives the date of one of several
  bodies or recipients, which `--body NAME` (the local authority, a health commissioner), `--health
  NAME` (a health commissioner, who is also told and called by CQC) and `--recipient NAME` (anyone
  else who gets the report) put on the list; without a subject the date holds for all of them. For
  each day on site the subject is the day: `kit_meeting_held:2026-03-24=2026-03-24`. The
  inspectorates are `Ofsted` and `CQC`.
- **Outcome**: where what follows depends on what was found, `--outcome NAME` says it: it is short
  for the event that does, on the day of publication where that is given.
- **Repeated deadlines** are given up to the one now due and the next two; `--repeat-until
  YYYY-MM-DD` gives all up to that day. An event that several hold in turn is given once for each:
  `--event visit_held=2021-01-14 --event visit_held=2021-04-20`. What is to happen for each area for
  priority action is given as `deep_dive_held:AREA=DATE`, the areas being named by
  `--priority-area NAME`.
- **Exit code** 2 and a list of what is wrong for names that do not exist and dates that cannot be;
  warnings (unusual dates, something assumed) go to standard error and stop nothing.
- **Working days**: {definition} A count starts on the day after the start.
- **Strength**: `must` is a duty, `normally` what the source says is usual, `target` ours.
- **An offset marked \\* is ours**: the source has none, or says 'promptly'. Administrators can
  choose another number; `--bundled` counts with those below, `--parameter CODE=NUMBER` with yet
  another. A start marked \\* is our reading of a source that names none. What is marked as from
  published reports is in none of our sources: every number there is a parameter, and a starred one
  is not verified.
- **Forecast**: counted from something that has not happened yet, from the latest date on which it
  may happen; or past the last known bank holiday.

In the JSON, `subject` is the body, recipient or day (empty where there is one deadline for all),
`counted_from.event` an event name or `day_on_site`, `due_at` an hour where the rule has one,
`day_number` the numbered day of the visit up to its last, `practical_on` the last working day
before a deadline in months that falls on no working day.

Sources:

{sources}

Kinds: {kinds}.
"""


def page() -> str:
    """The whole page, as Markdown."""
    named = listed([f"`{kind}`" for kind in kinds()])
    sources = "\n".join(f"- {key}: {title}." for key, title in SOURCES.items())
    top = _TOP.format(definition=DEFINITION, kinds=named, sources=sources)
    return "\n".join([top, *(_section(ruleset) for ruleset in rulesets())])


def _section(ruleset: Ruleset) -> str:
    editions = [
        f"- `{edition.name}`: {edition.title}, from {in_words(edition.holds_from)}."
        + (f" {edition.note}" if edition.note else "")
        for edition in ruleset.editions
    ]
    parameters = [
        (f"`{p.key}`", str(p.default), p.unit, p.meaning)
        for p in parameters_of(ruleset.kind, ruleset.framework)
    ]
    return "\n".join(
        [
            f"## `{ruleset.kind}` (framework `{ruleset.framework}`)\n",
            "Editions:\n",
            *editions,
            "",
            *_table(
                ("code", "what is due", "who owes it", "counted from", "offset", "met by",
                 "strength", "source"),
                [_rule(rule) for rule in ruleset.rules],
            ),
            "",
            "Notes:\n",
            *(f"- {rule.code}: {rule.note}" for rule in ruleset.rules if rule.note),
            *_outcomes(ruleset),
            "",
            "Events:\n",
            *_table(
                ("event", "what happened", "one for each", "also accepted", "until it is known"),
                [
                    (
                        f"`{event.name}`",
                        _meaning(event),
                        _one_for_each(event),
                        ", ".join(f"`{name}`" for name in event.synonyms),
                        _assumed(event),
                    )
                    for event in ruleset.events
                ],
            ),
            "",
            "Parameters:\n",
            *_table(("key", "default", "which means", "for"), parameters),
            "",
        ]
    )  # fmt: skip


def _rule(rule: Rule) -> tuple[str, ...]:
    due = rule.due
    if rule.each:
        due += f"; one for each {rule.each.replace('_', ' ')}"
        due += " but the last" if rule.but_last else ""
    if rule.subject and rule.subject.name:
        due += f" ({rule.subject.name})"
    if rule.only_if:
        due += f"; only if {rule.only_if.words}"
    if rule.until:
        due += f"; until {listed(_quoted(rule.until), 'or')}"
    if rule.from_reports:
        due += "; from published reports" + (", not verified" if _is_starred(rule) else "")
    met_by = met_by_in_words(rule.meeting) or "nothing to record"
    if rule.all_of:
        met_by += f" {'for' if rule.repeat else 'by'} each {rule.all_of.replace('_', ' ')}"
    return (
        rule.code, due, rule.owed_by, start_in_words(rule.start), offset_in_words(rule),
        met_by, rule.strength, rule.citation,
    )  # fmt: skip


def met_by_in_words(meeting: MetBy) -> str:
    """The events that meet a rule, as the table names them."""
    names = _quoted(meeting.names)
    if isinstance(meeting, Nth):
        return f"{names[0]} for the {_NUMBERS[meeting.number]} time"
    if isinstance(meeting, AllOf):
        return listed(names)
    if isinstance(meeting, Offered):
        return f"{names[0]}, then {listed(names[1:], 'or')}"
    return " or ".join(names)


_NUMBERS = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}


def _quoted(names: Iterable[str]) -> list[str]:
    return [f"`{name}`" for name in names]


def _is_starred(rule: Rule) -> bool:
    return not isinstance(rule.offset, Mapping) and rule.offset.ours


def _one_for_each(event: EventName) -> str:
    if event.numbered:
        return f"number of {event.numbered}, as in `{event.name.rpartition(':')[2]}:6=DATE`"
    return event.each.replace("_", " ")


def _outcomes(ruleset: Ruleset) -> list[str]:
    """What `--outcome` takes, where the kind has outcomes that its rules depend on."""
    if not ruleset.asks_outcome:
        return []
    outcomes = listed([f"`{name}`" for name in ruleset.outcomes], "or")
    return ["", f"`--outcome` takes {outcomes}: short for the event that says so."]


def start_in_words(start: Start) -> str:
    """Where a rule counts from, with its star."""
    names = [f"`{name}`" for name in start.names]
    if isinstance(start, LatestOf):
        text = f"the later of {listed(names)}"
    elif isinstance(start, Chain):
        text = f"{names[0]}, then each {names[1]}"
    elif len(names) > 1:
        text = " or ".join(names)
    else:
        text = names[0]
    if isinstance(start, Event) and start.first:
        text = f"the earliest {text}"
    return text + ("\\*" if start.ours else "")


def offset_in_words(rule: Rule) -> str:
    """How long a rule gives, with its star; by edition where the editions differ."""
    if isinstance(rule.offset, Mapping):
        return "; ".join(f"{name}: {offset.words}" for name, offset in rule.offset.items())
    words = rule.offset.words + ("\\*" if rule.offset.ours else "")
    return f"every {words}" if rule.repeat and not isinstance(rule.start, Chain) else words


def _meaning(event: EventName) -> str:
    if event.renewed_by:
        return f"{event.meaning}; a later `{event.renewed_by}` counts instead for what is not met"
    return event.meaning


def _assumed(event: EventName) -> str:
    if event.follows:
        if event.outcome:
            return f"by `--outcome {event.outcome}`, on the day of `{event.follows}`"
        return f"forecast on the day of `{event.follows}`"
    return f"forecast as Day {event.latest_day}" if event.latest_day else ""


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [head, tuple("---" for _ in head), *rows]
    return ["| " + " | ".join(line) + " |" for line in lines]
