"""'Why this date?' - answered by computing again, with what the stored date rests on."""

from collections.abc import Sequence
from datetime import date

from casework.changes.causes import causes
from casework.events import day_in_words
from casework.fold import Fold, Recorded
from casework.inputs import VersionsOnRecord
from casework.models import Deadline
from casework.moved import moves_on_record
from casework.reading import recorded_of
from casework.registry import kind_of
from casework.timetable import Due, Timetable
from casework.workflow import Happened


class NoLongerDue(LookupError):
    """The deadline does not follow from the record any more."""


def why(deadline: Deadline) -> Due:
    """The deadline as the engine computes it: rule, citation, start, offset, each day skipped.

    Computed with the calendar, the parameters and the facts on record that the stored date rests
    on, so a met deadline is explained as it was. Raises NoLongerDue.
    """
    try:
        return timetable_behind(deadline).due(deadline.rule, deadline.subject)
    except KeyError as error:
        raise NoLongerDue(f"{deadline.rule} does not follow from the record.") from error


def timetable_behind(deadline: Deadline, recorded: Sequence[Recorded] = ()) -> Timetable:
    """The whole timetable that a stored deadline was taken from. `recorded`: the events of its
    case, where they are at hand."""
    case = deadline.case
    fold = Fold(case, kind_of(case), VersionsOnRecord())
    recorded = recorded or recorded_of(case)
    last = recorded[-1]
    return fold.timetable_as_of(
        recorded,
        deadline.as_of_seq or last.seq,
        deadline.calendar_version or last.calendar_version,
        deadline.parameters_version or last.parameters_version,
    )


def moves_in_words(deadline: Deadline, standing: Sequence[Happened]) -> list[str]:
    """What this date was before each change of calendar or offsets that moved it, until when, and
    what the change was; oldest first. `standing`: what counts on its case."""
    found = list(moves_on_record(standing, deadline))
    reasons = causes([(facts, before) for _, facts, before, _ in found])
    return [
        _move_in_words(moved.old, moved.new, on, reason)
        for (on, _, _, moved), reason in zip(found, reasons, strict=True)
    ]


def _move_in_words(old: date | None, new: date | None, on: date, reason: str) -> str:
    until = day_in_words(on).partition(" ")[2]
    if old is None:
        words = f"There was no such date until {until}"
    elif old == new:
        words = f"The last working day before this date is another one since {until}"
    else:
        words = f"This date was {day_in_words(old)} until {until}"
    return f"{words}: {reason}." if reason else f"{words}."
