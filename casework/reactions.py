"""What follows in one room from an event in a room below it, in the same transaction.

A room declares each reaction with what it hears of and what it makes; together they form no
circle, which a system check and a test hold.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casework.events import Facts
    from casework.models import Case, Event
    from casework.recording import Door

#: Kind of case and kind of event.
Spot = tuple[str, str]


@dataclass(frozen=True)
class Reaction:
    """When `on` happens, `does` is called; it may record `makes` and nothing else.

    `does(case, event, facts, door)` writes through `door`, which needs no role of the person whose
    event it follows from.
    """

    on: Spot
    does: "Callable[[Case, Event, Any, Door], None]"
    makes: Sequence[Spot]
    #: Whether it follows from a correction too; then what it makes has a key of its own.
    corrections: bool = False


_reactions: list[Reaction] = []


def register_reaction(reaction: Reaction) -> None:
    """Make a reaction known. Raises ValueError where it would close a circle."""
    if reaction in _reactions:
        return
    _reactions.append(reaction)
    if circle := find_circle(_reactions):
        _reactions.remove(reaction)
        raise ValueError(f"Reactions go round in a circle: {circle}.")


def forget_reaction(reaction: Reaction) -> None:
    """Take a reaction out again (tests that declare one of their own)."""
    if reaction in _reactions:
        _reactions.remove(reaction)


def reactions() -> Sequence[Reaction]:
    """All reactions, in the order in which they were declared."""
    return list(_reactions)


def reactions_to(case_kind: str, event_kind: str) -> Sequence[Reaction]:
    """What follows from one kind of event on one kind of case."""
    return [one for one in _reactions if one.on == (case_kind, event_kind)]


def find_circle(declared: Sequence[Reaction]) -> str:
    """A chain of events that would set itself off again, in words; '' where there is none."""
    follows: dict[Spot, set[Spot]] = {}
    for one in declared:
        follows.setdefault(one.on, set()).update(one.makes)

    def walk(spot: Spot, path: tuple[Spot, ...]) -> str:
        if spot in path:
            return " -> ".join(f"{kind}.{event}" for kind, event in (*path, spot))
        for following in sorted(follows.get(spot, ())):
            if found := walk(following, (*path, spot)):
                return found
        return ""

    for start in sorted(follows):
        if circle := walk(start, ()):
            return circle
    return ""


def react(
    case: "Case", event: "Event", facts: "Facts", door: "Door", *, corrected: bool = False
) -> None:
    """Let everything that follows from an event happen. Raises what the door raises."""
    for one in reactions_to(case.kind, event.kind):
        if one.corrections or not corrected:
            one.does(case, event, facts, door.only(one.makes))
