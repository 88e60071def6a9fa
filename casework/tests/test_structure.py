"""Promises of the house that no single room can keep alone."""

import dataclasses
import re

import pytest
from django.apps import apps
from django.conf import settings

from casework import reactions
from casework.checks import declarations_fit_together
from casework.events import Facts
from casework.reactions import Reaction, find_circle, forget_reaction, register_reaction
from casework.registry import kinds, register_kind
from casework.tests.rehearsal import REHEARSAL

#: Lower floors first; rooms of one floor do not know each other.
FLOORS = [
    {"working_days", "design_system"},
    {"areas", "notices"},
    {"accounts"},
    {"casework"},
    {"letters"},
    {"inspections"},
    {"wsoa"},
    {"monitoring"},
    {"revisits"},
    {"overview"},
]


def floor_of(label):
    return next((n for n, rooms in enumerate(FLOORS) if label in rooms), None)


def test_foreign_keys_point_to_lower_floors_only():
    looked_at = 0
    for model in apps.get_models(include_auto_created=True):
        own = floor_of(model._meta.app_label)
        if own is None:
            continue
        for field in model._meta.get_fields():
            if not (field.is_relation and field.concrete) or field.related_model is None:
                continue
            target = field.related_model._meta.app_label
            looked_at += 1
            if target == model._meta.app_label:
                continue
            below = floor_of(target)
            assert below is None or below < own, f"{field} points up or aside to {target}"
    assert looked_at > 20


def test_the_reactions_of_all_rooms_form_no_circle():
    assert find_circle(reactions.reactions()) == ""
    assert declarations_fit_together(None) == []


def test_a_reaction_that_closes_a_circle_is_refused():
    there = Reaction(("a", "done"), lambda *given: None, [("b", "begun")])
    back = Reaction(("b", "begun"), lambda *given: None, [("a", "done")])
    register_reaction(there)
    try:
        with pytest.raises(ValueError, match=r"a\.done -> b\.begun -> a\.done"):
            register_reaction(back)
        assert back not in reactions.reactions()
    finally:
        forget_reaction(there)


def test_a_reaction_to_what_no_kind_has_is_found():
    strange = Reaction(("nothing", "done"), lambda *given: None, [])
    register_reaction(strange)
    try:
        assert [one.id for one in declarations_fit_together(None)] == ["casework.E002"]
    finally:
        forget_reaction(strange)


def test_every_kind_of_event_says_what_it_is():
    for kind in kinds():
        for step in kind.all_steps():
            assert issubclass(step.event, Facts)
            assert step.event.kind, step.event
            assert step.event.label, step.event
            assert step.event.__dataclass_params__.frozen, step.event


def test_a_kind_with_an_event_but_no_step_is_refused():
    with pytest.raises(ValueError, match="no step for closed"):
        register_kind(dataclasses.replace(REHEARSAL, steps=REHEARSAL.steps[:-1]))


def test_a_kind_whose_steps_name_strange_stages_is_refused():
    stages = {name: label for name, label in REHEARSAL.stages.items() if name != "seen"}
    with pytest.raises(ValueError, match="names the stages"):
        register_kind(dataclasses.replace(REHEARSAL, stages=stages))


def test_nothing_but_the_door_makes_events():
    """Whoever makes an event elsewhere goes round the guards: looked for in the source."""
    door = [
        "casework/changes/carrying.py",
        "casework/recording/importing.py",
        "casework/recording/writing.py",
    ]
    makes = re.compile(
        r"(?<!class )\bEvent\(|\bEvent\.objects\.(bulk_)?(create|get_or_create|update)"
    )
    found = []
    for room in sorted(set().union(*FLOORS)):
        for path in (settings.BASE_DIR / room).rglob("*.py"):
            where = path.relative_to(settings.BASE_DIR).as_posix()
            if "/tests/" in where or "/migrations/" in where:
                continue
            text = path.read_text()
            knows = re.search(r"from casework\.models import [^\n]*\bEvent\b", text)
            if (knows or "models.Event" in text) and makes.search(text):
                found.append(where)
    assert sorted(found) == door
