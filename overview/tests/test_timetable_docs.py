"""docs/timetable.md follows the rules; the rules follow the table they were written from."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from casework.timetable import rules_of, rulesets
from casework.timetable.documentation import offset_in_words, page
from casework.timetable.rules import AllOf, AnyOf, Choice, Event, Nth, Offered

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT.parent / "shared" / "spec" / "timetable.md"
#: Where the rows of each kind of code are declared.
ROOMS = {
    "IN": ("inspection", "local-area-send-2016"),
    "WS": ("wsoa", "local-area-send-2016"),
    "MO": ("monitoring", "local-area-send-2016"),
    "RE": ("revisit", "local-area-send-2016"),
    "SC": ("support", "area-send-2023"),
    "AS": ("inspection", "area-send-2023"),
}

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


# --- the table of the specification ---

COLUMNS = ("code", "due", "owed_by", "from", "offset", "met_by", "strength", "last")
CODE = r"(IN|WS|MO|RE|SC)-[A-Z0-9-]+(-n)?"


def spec_rows():
    """Code and cells of each row of the tables of eight columns, in their order."""
    rows = {}
    for cells in spec_cells():
        if re.fullmatch(CODE, cells[0]):
            rows[cells[0]] = dict(zip(COLUMNS, cells, strict=True))
    return rows


def spec_rows_of_2023():
    """The same for the table of the framework of 2023, whose rows hold several codes or numbers."""
    rows = {}
    for code, due, start, offset, strength in (c for c in spec_cells() if c[0].startswith("AS-")):
        codes = code.split(", ")
        numbers = offset.removesuffix(" working days").split(", ")
        if len(codes) > 1:
            for one, number in zip(codes, numbers, strict=True):
                rows[one] = (due, start, f"{number.rstrip('*')} working days*", strength)
        else:
            rows[code] = (due, start, offset, strength)
    return rows


def spec_cells():
    for line in SPEC.read_text(encoding="utf-8").splitlines():
        if line.startswith("|"):
            yield [cell.strip() for cell in line.strip().strip("|").split("|")]


def declared(kinds=("IN", "WS", "MO", "RE", "SC")):
    """The first declaration of each code."""
    rules = {}
    for key in kinds:
        for rule in rules_of(*ROOMS[key]):
            rules.setdefault(rule.code, rule)
    return rules


def offset_of(rule):
    """As the specification writes it."""
    words = offset_in_words(rule).replace(" after", "").replace("\\*", "*")
    if rule.repeat and words.startswith("every "):
        number, unit = words.removeprefix("every ").split(" ", 1)
        return f"{number}n {unit}"
    return words


OUTCOMES = {"positive": "found_positive", "inconsistent": "found_inconsistent"}
OUTCOMES |= {"failings": "found_failings"}


def outcome_of(rule):
    """As the last column of the table of 2023 says it: of all declarations of the code."""
    further = [one for one in rules_of(*ROOMS["SC"]) if one.code == rule.code][1:]
    events = [event for one in (rule, *further) if one.only_if for event in one.only_if.events]
    found = [word for word, name in OUTCOMES.items() if f"origin:{name}" in events]
    return ", ".join(found) or "all three"


def differences(rows, rules):
    """Each cell that can be compared as it stands and is not the same."""
    found = []
    for code, row in rows.items():
        rule = rules[code]
        last = outcome_of(rule) if code.startswith("SC-") else rule.citation
        as_declared = (offset_of(rule), rule.strength, last)
        wanted = (row["offset"], row["strength"], row["last"])
        if as_declared != wanted:
            found.append((code, as_declared, wanted))
    return found


@needs_spec
def test_every_row_is_declared_in_its_order_and_nothing_else():
    assert list(declared()) == list(spec_rows())
    assert len(declared()) == 74
    assert list(declared(("AS",))) == list(spec_rows_of_2023())


@needs_spec
@pytest.mark.parametrize("kind", ["IN", "WS", "MO", "RE", "SC"])
def test_offset_star_strength_and_citation_or_outcome_of_every_row(kind):
    rows = {code: row for code, row in spec_rows().items() if code.startswith(f"{kind}-")}
    assert rows
    assert differences(rows, declared()) == []


@needs_spec
@pytest.mark.parametrize(
    "change",
    [
        lambda rule: {"offset": replace(rule.offset, number=rule.offset.number + 1)},
        lambda rule: {"offset": replace(rule.offset, ours=not rule.offset.ours)},
        lambda rule: {"strength": "normally" if rule.strength == "must" else "must"},
        lambda rule: {"citation": "HB 1", "only_if": None},
    ],
    ids=["number", "star", "strength", "citation or outcome"],
)
@pytest.mark.parametrize("code", ["IN-FACTS", "MO-VISIT-n", "MO-PLAN", "SC-SIX-n", "SC-CALL"])
def test_a_planted_difference_is_found(code, change):
    rule = declared()[code]
    planted = {**declared(), code: replace(rule, **change(rule))}
    assert [found[0] for found in differences(spec_rows(), planted)] == [code]


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
        "final report received, WSOA required": "origin:origin:final_report_received",
        "judged fit for purpose": "judged_fit",
        "judged": "judged_fit",
        "'not fit' letter received": "not_fit_letter_received",
        "second 'not fit'": "second_not_fit",
        "published": "published",
        "report published": "origin:report_published",
        "re-visit letter published": "origin:child:revisit_published",
        "comments received, or period over": "comments_received",
        "response, or period over": "notice_response_received",
        "final report received, or published if later": "final_report_received",
        "updated strategic plan published": "strategic_plan_published",
        "senior officials' meeting": "senior_officials_met",
        "senior officials' meeting, then stocktake n": "senior_officials_met",
        "'minded to' notice sent": "minded_notice_sent",
    }
    differ = []
    for code, row in spec_rows().items():
        wanted = row["from"].rstrip("*")
        first = declared()[code].start.names[0]
        if not first.endswith(words.get(wanted, wanted.replace(" ", "_"))):
            differ.append((code, first, wanted))
    assert differ == []
    assert declared()["SC-DEEP-n"].start.names[1] == "stocktake_held"


#: What the rules say in other words: health commissioners were CCGs until June 2022.
SAME_PEOPLE = {
    "each CCG": "each health commissioner",
    "principal authority (joint: the earliest receipt governs*)": "principal authority",
    "each of them": "all who made or helped make it",
    "Ofsted and CQC*": "Ofsted and CQC",
}


@needs_spec
def test_whoever_owes_it():
    differ = []
    for code, row in spec_rows().items():
        wanted = row["owed_by"]
        for theirs, ours in SAME_PEOPLE.items():
            wanted = wanted.replace(theirs, ours)
        if declared()[code].owed_by != wanted:
            differ.append((code, declared()[code].owed_by, wanted))
    assert differ == []


@needs_spec
def test_what_meets_the_rows_of_monitoring_and_support():
    """One event, one of several, all of several, the nth, or an offer and what came of it."""
    for code, row in spec_rows().items():
        rule, words = declared()[code], row["met_by"]
        if not code.startswith(("MO-", "SC-")):
            continue
        if "then held or declined" in words:
            assert isinstance(rule.meeting, Offered), code
            assert [name.rpartition("_")[2] for name in rule.meeting.then] == ["held", "declined"]
        elif words.startswith("fourth"):
            assert rule.meeting == Nth(4, "visit_held")
        elif words == "plan received and published":
            assert rule.meeting == AllOf(("plan_received", "plan_published"))
        else:
            assert isinstance(rule.meeting, AnyOf), code
            against = "notice_decided_against" in rule.events_that_meet
            assert against is ("decision against" in words), code
        assert bool(rule.all_of) is ("one record per area" in words)
        assert bool(rule.repeat) is code.endswith("-n")


@needs_spec
def test_the_rows_of_the_framework_of_2023():
    starts = {
        "first day of fieldwork": "first_day",
        "as there": "",
        "final report received": "final_report_received",
        "report published": "report_published",
    }
    rules = declared(("AS",))
    for code, (due, start, offset, strength) in spec_rows_of_2023().items():
        rule = rules[code]
        assert rule.from_reports, code
        assert rule.strength == strength, code
        if code == "AS-NEXT":
            continue
        assert offset_of(rule) == offset, code
        as_there = declared().get(code.replace("AS", "IN"))
        assert rule.start.names[0] == (starts[start] or as_there.start.names[0]), code
        if starts[start] == "":
            assert rule.events_that_meet == as_there.events_that_meet
            assert (rule.owed_by, rule.each, rule.all_of) == (
                as_there.owed_by, as_there.each, as_there.all_of
            )  # fmt: skip
        only = ("found_failings",) if "(failings)" in due else ()
        assert (rule.only_if.events if rule.only_if else ()) == only, code


@needs_spec
def test_the_next_full_inspection_by_outcome():
    due, _, offset, _ = spec_rows_of_2023()["AS-NEXT"]
    assert due.endswith("positive 5 years, inconsistent 3, failings 3")
    assert offset == "60 or 36 months"
    months = {
        rule.only_if.events: rule.offset.number
        for rule in rules_of(*ROOMS["AS"])
        if rule.code == "AS-NEXT"
    }
    assert months == {("found_positive",): 60, ("found_inconsistent",): 36, ("found_failings",): 36}


# --- the declarations among themselves ---


def test_every_event_that_a_rule_names_is_declared():
    for ruleset in rulesets():
        for rule in ruleset.rules:
            for name in (*rule.start.names, *rule.events_that_meet, *rule.until):
                assert name == "day_on_site" or ruleset.event(name), (rule.code, name)
            if rule.only_if:
                assert all(ruleset.event(name) for name in rule.only_if.events)
            if rule.repeat and rule.repeat.step:
                assert ruleset.event(rule.repeat.step).numbered == "months"
        for event in ruleset.events:
            for name in (event.follows, event.renewed_by):
                assert not name or ruleset.event(name), (event.name, name)


def test_every_starred_start_is_one_an_administrator_or_a_reader_can_tell():
    starts = [rule.start for room in ROOMS.values() for rule in rules_of(*room) if rule.start.ours]
    assert len(starts) == 7
    assert all(isinstance(start, Event | Choice) for start in starts)


def test_names_are_spelt_once():
    for ruleset in rulesets():
        names = [name for event in ruleset.events for name in (event.name, *event.synonyms)]
        assert len(names) == len(set(names))
        assert all(re.fullmatch(r"((origin|child):)*[a-z][a-z_]*", name) for name in names)


def test_what_is_known_from_another_case_is_known_there_under_the_same_name():
    """`origin:child:revisit_published` on monitoring is `revisit_published` on the re-visit."""
    below = {"wsoa": "inspection", "monitoring": "wsoa", "support": "inspection"}
    for ruleset in rulesets():
        for event in ruleset.events:
            kind, name = ruleset.kind, event.name
            while ":" in name:
                prefix, name = name.split(":", 1)
                kind = below[kind] if prefix == "origin" else "revisit"
            names = [known.name for known in _events(kind, ruleset.framework)]
            assert name in names, (ruleset.kind, event.name)


def _events(kind, framework):
    return next(r for r in rulesets() if (r.kind, r.framework) == (kind, framework)).events
