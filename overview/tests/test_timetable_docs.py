"""docs/timetable.md follows the rules; the rules follow the table they were written from."""

import re
from pathlib import Path

import pytest

from casework.timetable import rules_of, rulesets
from casework.timetable.documentation import offset_in_words, page
from casework.timetable.rules import Choice, Event

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT.parent / "shared" / "spec" / "timetable.md"
KINDS = {"IN": "inspection", "WS": "wsoa", "RE": "revisit"}

needs_spec = pytest.mark.skipif(not SPEC.exists(), reason="../shared/spec/timetable.md is not here")


def test_the_page_is_as_the_rules_would_write_it():
    written = (ROOT / "docs" / "timetable.md").read_text(encoding="utf-8")
    assert written == page(), "run `manage.py timetable --write-docs`"


def test_the_page_names_every_rule_and_every_event():
    text = page()
    for ruleset in rulesets():
        for rule in ruleset.rules:
            assert f"| {rule.code} |" in text
        for event in ruleset.events:
            assert f"| `{event.name}` |" in text


def spec_rows():
    """Code and cells of each row of the tables of the specification that are built."""
    rows = {}
    for line in SPEC.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if re.fullmatch(r"(IN|WS|RE)-[A-Z0-9-]+", cells[0]):
            names = ("code", "due", "owed_by", "from", "offset", "met_by", "strength", "source")
            rows[cells[0]] = dict(zip(names, cells, strict=True))
    return rows


def declared():
    """The first declaration of each code."""
    rules = {}
    for kind in KINDS.values():
        for rule in rules_of(kind):
            rules.setdefault(rule.code, rule)
    return rules


@needs_spec
def test_every_row_is_declared_and_nothing_else():
    assert list(declared()) == list(spec_rows())
    assert len(declared()) == 54


@needs_spec
@pytest.mark.parametrize("kind", KINDS)
def test_strength_citation_offset_and_star_of_every_row(kind):
    differ = []
    for code, row in spec_rows().items():
        if not code.startswith(f"{kind}-"):
            continue
        rule = declared()[code]
        offset = offset_in_words(rule).replace(" after", "").replace("\\*", "*")
        found = (offset, rule.strength, rule.citation)
        wanted = (row["offset"], row["strength"], row["source"])
        if found != wanted:
            differ.append((code, found, wanted))
    assert differ == []


@needs_spec
def test_the_star_of_every_start():
    differ = [
        code
        for code, row in spec_rows().items()
        if declared()[code].start.ours is not row["from"].endswith("*")
    ]
    assert differ == []


@needs_spec
def test_every_start_is_the_one_of_the_row():
    words = {
        "Day 1": "first_day",
        "last day on site": "last_day",
        "each day on site but the last": "day_on_site",
        "each day on site": "day_on_site",
        "final report received": "origin:final_report_received",
        "judged fit for purpose": "judged_fit",
        "judged": "judged_fit",
        "'not fit' letter received": "not_fit_letter_received",
        "second 'not fit'": "second_not_fit",
        "published": "published",
        "comments received, or period over": "comments_received",
        "final report received, or published if later": "final_report_received",
    }
    differ = []
    for code, row in spec_rows().items():
        wanted = row["from"].rstrip("*")
        first = declared()[code].start.names[0]
        if not first.endswith(words.get(wanted, wanted.replace(" ", "_"))):
            differ.append((code, first, wanted))
    assert differ == []


def test_every_event_that_a_rule_names_is_declared():
    for ruleset in rulesets():
        for rule in ruleset.rules:
            for name in (*rule.start.names, *rule.events_that_meet):
                assert name == "day_on_site" or ruleset.event(name), (rule.code, name)
            if rule.only_if:
                assert all(ruleset.event(name) for name in rule.only_if.events)


def test_every_starred_start_is_one_an_administrator_or_a_reader_can_tell():
    starts = [rule.start for kind in KINDS.values() for rule in rules_of(kind) if rule.start.ours]
    assert len(starts) == 3
    assert all(isinstance(start, Event | Choice) for start in starts)


def test_names_are_spelt_once():
    for ruleset in rulesets():
        names = [name for event in ruleset.events for name in (event.name, *event.synonyms)]
        assert len(names) == len(set(names))
        assert all(re.fullmatch(r"((origin|child):)?[a-z][a-z_]*", name) for name in names)
