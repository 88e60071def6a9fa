"""School terms as plain dates. Pure: no Django."""

import datetime
from collections.abc import Sequence

Stretch = tuple[datetime.date, datetime.date]

#: The longest holidays there are, in days between the last day of one stretch of term and the first
#: of the next. A longer gap means that a stretch between them has not been entered.
LONGEST_HOLIDAY = 30
LONGEST_SUMMER = 70


def in_term_by(terms: Sequence[Stretch], day: datetime.date) -> bool | None:
    """Whether a day is in one of these stretches of term: True, False, or None: not known.

    A day between two stretches is known to be a holiday only when no stretch can be missing there:
    terms are entered one by one, and half an entered year must not turn the other half into
    holidays.
    """
    before: Stretch | None = None
    after: Stretch | None = None
    for first, last in terms:
        if first <= day <= last:
            return True
        if last < day and (before is None or last > before[1]):
            before = (first, last)
        if first > day and (after is None or first < after[0]):
            after = (first, last)
    if before is None or after is None:
        return None
    gap = (after[0] - before[1]).days - 1
    limit = LONGEST_SUMMER if _is_over_summer(before[1], after[0]) else LONGEST_HOLIDAY
    return False if gap <= limit else None


def _is_over_summer(last: datetime.date, first: datetime.date) -> bool:
    """Whether 10 August lies between: no school in England is open then."""
    return any(
        last < datetime.date(year, 8, 10) < first for year in range(last.year, first.year + 1)
    )
