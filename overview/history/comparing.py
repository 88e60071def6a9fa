"""A row that is on record already: what it adds, what it puts right, where it says otherwise.

A row is held against what the file said last, not against what people have corrected here since:
their word stands, and the same file again is no news.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from casework.events import day_in_words
from casework.models import Case, Event
from casework.recording import GuardFailed, Historic, correct
from casework.registry import kind_of
from overview.history.cells import Refused
from overview.history.telling import DAY_IS_OURS

PREFIX = "source:"
REASON = "The published source says otherwise now."
FILLED_IN = "The published source says more now."


@dataclass(frozen=True)
class Change:
    """One entry that the file would have otherwise. `fills_in`: it says more, and nothing else."""

    event_id: int
    now: Historic
    fills_in: bool
    words: str


def changes(case: Case, history: Sequence[Historic]) -> list[Change]:
    """The entries on record of which the file says otherwise, or more: one query."""
    said = _last_said(case)
    found = []
    for now in history:
        event = said.get(now.key)
        if event is not None and (change := _change(case, event, now)) is not None:
            found.append(change)
    return found


def put_right(found: Sequence[Change]) -> None:
    """Record each change as a correction, with its reason. Raises Refused where one cannot be."""
    reason = FILLED_IN if all(change.fills_in for change in found) else REASON
    for change in found:
        now = change.now
        digest = hashlib.sha256(
            json.dumps([now.facts.stored(), str(now.happened_on)], sort_keys=True).encode()
        ).hexdigest()[:16]
        try:
            correct(
                change.event_id,
                now.facts,
                by=None,
                reason=reason,
                happened_on=now.happened_on,
                key=f"{PREFIX}{now.key}:{digest}",
            )
        except GuardFailed as error:
            raise Refused(*(text for _, text in error.reasons)) from error


def _last_said(case: Case) -> dict[str, Event]:
    """What the files said last, by the key of the entry: the first record or a later correction."""
    said: dict[str, Event] = {}
    for event in Event.objects.filter(case=case).exclude(key="").order_by("seq"):
        if event.key.startswith(PREFIX):
            said[event.key.removeprefix(PREFIX).rpartition(":")[0]] = event
        else:
            said.setdefault(event.key, event)
    return said


def _change(case: Case, event: Event, now: Historic) -> Change | None:
    if event.schema_version != now.facts.schema_version:
        return None
    kept, _ = now.facts.stored()
    same_day = event.happened_on == now.happened_on
    if event.facts == kept and same_day:
        return None
    fills_in = _says_more(event, kept) and (same_day or event.kind in DAY_IS_OURS)
    return Change(
        event_id=event.corrects_id or event.pk,
        now=now,
        fills_in=fills_in or _is_stated_now(event.facts, kept),
        words=" ".join(_in_words(case, event, now)),
    )


def _says_more(event: Event, kept: dict[str, Any]) -> bool:
    return all(kept.get(name) == value for name, value in event.facts.items())


def _is_stated_now(before: dict[str, Any], kept: dict[str, Any]) -> bool:
    """An end that was assumed is stated now: of all that is put right, the most ordinary."""
    assumed = "last_day_assumed"
    if not before.get(assumed) or kept.get(assumed):
        return False
    of_the_end = {assumed, "last_day"}
    return all(kept.get(name) == v for name, v in before.items() if name not in of_the_end)


def _in_words(case: Case, event: Event, now: Historic) -> Iterator[str]:
    before = kind_of(case).facts_of(event.kind).read(event.facts, {}, event.schema_version)
    was = f"{before.sentence(event.subject)}, {day_in_words(event.happened_on)}"
    will_be = f"{now.facts.sentence(event.subject)}, {day_in_words(now.happened_on)}"
    if was == will_be:
        both = event.facts, now.facts.stored()[0]
        was, will_be = (json.dumps(one, sort_keys=True) for one in both)
    yield f"On record: {was}. In the file: {will_be}."
