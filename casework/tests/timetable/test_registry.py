from dataclasses import replace

import pytest

from casework.timetable import TimetableError, event_names, kinds, parameters_of, rules_of
from casework.timetable.registry import forget, frameworks, refuse_unknown, register, ruleset


def test_a_rule_set_is_found_by_kind_and_framework(trial):
    assert "trial" in kinds()
    assert ruleset("trial") is ruleset("trial", "trial-2016") is trial
    assert event_names("trial")[:2] == ("first_day", "last_day")


def test_registering_twice_is_once_and_two_that_differ_are_refused(trial):
    register(trial)
    assert frameworks("trial") == ("trial-2016",)
    with pytest.raises(ValueError, match="Two rule sets for trial under trial-2016"):
        register(replace(trial, title="Another trial"))


def test_another_framework_of_the_kind(trial):
    later = replace(trial, framework="trial-2023")
    register(later)
    try:
        assert frameworks("trial") == ("trial-2016", "trial-2023")
        assert ruleset("trial") is trial
        assert ruleset("trial", "trial-2023") is later
    finally:
        forget(later)


def test_rules_of_an_edition():
    assert "T-NEW" in [rule.code for rule in rules_of("trial")]
    assert "T-NEW" not in [rule.code for rule in rules_of("trial", edition="old")]


def test_no_such_kind_or_framework():
    with pytest.raises(TimetableError, match=r"There is no kind 'inspektion'\. There is .*trial"):
        ruleset("inspektion")
    with pytest.raises(TimetableError, match="No rules for trial are declared for the framework"):
        ruleset("trial", "trial-1999")


@pytest.mark.parametrize(
    ("typed", "near"),
    [("draft", "drafted"), ("First-Day", "first_day"), ("recieved", "received")],
)
def test_an_unknown_event_gets_the_nearest(typed, near):
    with pytest.raises(TimetableError) as caught:
        refuse_unknown("trial", [typed])
    assert caught.value.messages == [
        (typed, f"A trial has no event '{typed}'. Did you mean '{near}'?")
    ]


def test_an_unknown_event_like_no_other_gets_the_list():
    with pytest.raises(TimetableError, match="It has first_day, last_day, notified"):
        refuse_unknown("trial", ["xyzzy"])


def test_known_events_and_synonyms_pass():
    refuse_unknown("trial", ["first_day", "return_first_day", "child:first_day"])


def test_every_starred_number_is_a_parameter():
    keys = {parameter.key: parameter.default for parameter in parameters_of("trial")}
    assert keys == {"T-TELL": 0, "T-DRAFT": 13, "T-REPLY": 3, "T-LETTER": 2, "T-PLACE": 5,
                    "T-PLACE:from": 0}  # fmt: skip
