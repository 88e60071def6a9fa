"""How an import is shown: mistakes by line, and what would happen to each term."""

from collections.abc import Sequence

from django.utils.safestring import mark_safe

from areas.page import school_year_of
from areas.term_import.plan import AreaPlan, Change, Plan
from areas.term_import.reading import MOST_MISTAKES, Mistake, first_mistakes
from design_system.forms import in_words
from design_system.tables import Column, Row, Table

#: More doubts than these nobody reads.
MOST_DOUBTS = 20
WHAT = {
    "new": '<strong class="govuk-tag govuk-tag--green">New</strong>',
    "replaces": '<strong class="govuk-tag govuk-tag--orange">Replaces</strong>',
    "gone": '<strong class="govuk-tag govuk-tag--red">Goes</strong>',
    "same": '<strong class="govuk-tag govuk-tag--grey">There already</strong>',
    "kept": '<strong class="govuk-tag govuk-tag--grey">Stays</strong>',
}


def mistakes_table(mistakes: Sequence[Mistake]) -> Table:
    """What to put right, in order of lines."""
    caption = "What to put right"
    if len(mistakes) > MOST_MISTAKES:
        caption += f": the first {MOST_MISTAKES} of {len(mistakes):,}"
    rows = [
        (f"Line {one.line}" if one.line else "The file", one.part, one.text)
        for one in first_mistakes(list(mistakes))
    ]
    columns = [Column("Where", nowrap=True), Column("Part"), Column("What is wrong")]
    return Table(caption, columns, rows, id="mistakes")


def plan_tables(plan: Plan, *, several: bool) -> list[Table]:
    """For each area what would be added, replaced and left. For several areas those alone in which
    something would change."""
    shown = [one for one in plan.areas if one or not several]
    return [_area_table(one, number, several=several) for number, one in enumerate(shown, 1)]


def _area_table(plan: AreaPlan, number: int, *, several: bool) -> Table:
    rows: list[tuple[object, Row]] = []
    for change in plan.changes:
        if several and change in plan.same:
            continue
        entry = change.entry
        cells = [entry.name, _days(entry), _what(change), _instead(change)]
        tone = "" if change.replaces or not change.is_there else "quiet"
        rows.append((entry.starts_on, Row(cells, tone=tone)))  # type: ignore[arg-type]
    years = {school_year_of(change.entry.starts_on) for change in plan.changes}
    if not several:
        rows += [
            (term.starts_on, Row([term.name, _days(term), _tag("kept"), ""], tone="quiet"))
            for term in plan.kept
            if school_year_of(term.starts_on) in years
        ]
    rows.sort(key=lambda one: str(one[0]))
    columns = [Column("Term"), Column("From and to"), Column("What happens"), Column("Instead of")]
    return Table(
        plan.area.name if several else "What would happen",
        columns,
        [row for _, row in rows],
        caption_size="s" if several else "m",
        empty="Nothing.",
        id=f"plan-{number}",
    )


def _days(one: object) -> str:
    return f"{in_words(one.starts_on)} to {in_words(one.ends_on)}"  # type: ignore[attr-defined]


def _tag(what: str) -> str:
    return mark_safe(WHAT[what])


def _what(change: Change) -> str:
    if change.replaces:
        return _tag("gone") if change.is_there else _tag("replaces")
    return _tag("same") if change.is_there else _tag("new")


def _instead(change: Change) -> str:
    return "; ".join(f"{term.name}, {_days(term)}" for term in change.replaces)


def doubts(one: AreaPlan, plan: Plan) -> list[str]:
    """What is possible and yet rarely meant, with the area where there are several."""
    prefix = f"{one.area.name}: " if len(plan.areas) > 1 else ""
    return [f"{prefix}{text}." for text in one.doubts[:MOST_DOUBTS]]


def done(plan: Plan) -> str:
    """What an import did, in a sentence."""
    counts = plan.counts()
    if not plan:
        return "Nothing was changed: all these terms were there already."
    parts = [f"{counts['added']} added"]
    if counts["replacing"]:
        parts.append(f"{counts['replacing']} put in place of others")
    if counts["same"]:
        parts.append(f"{counts['same']} there already")
    return f"School terms were imported: {', '.join(parts)}."
