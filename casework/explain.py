"""'Why this date?' - answered by computing again, with what the stored date rests on."""

from casework.fold import Fold
from casework.inputs import VersionsOnRecord
from casework.models import Deadline
from casework.reading import recorded_of
from casework.registry import kind_of
from casework.timetable import Due, Timetable


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


def timetable_behind(deadline: Deadline) -> Timetable:
    """The whole timetable that a stored deadline was taken from."""
    case = deadline.case
    fold = Fold(case, kind_of(case), VersionsOnRecord())
    recorded = recorded_of(case)
    last = recorded[-1]
    return fold.timetable_as_of(
        recorded,
        deadline.as_of_seq or last.seq,
        deadline.calendar_version or last.calendar_version,
        deadline.parameters_version or last.parameters_version,
    )
