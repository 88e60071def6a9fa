"""The bank holidays that come with the software: England and Wales, 2012 to 2028.

They are read from the list inside the govuk-bank-holidays package, never from the network. A later
list reaches a running service as a new version of its calendar (`working_days.services`).
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

from govuk_bank_holidays.bank_holidays import BankHolidays

from working_days.calendar import Calendar

# Fixed, so that a newer list in the package cannot change what version 1 of a calendar was.
COVERS_FROM = date(2012, 1, 1)
COVERS_UNTIL = date(2028, 12, 31)
FIRST_VERSION = 1


@dataclass(frozen=True, slots=True)
class PublishedBankHoliday:
    """One bank holiday as GOV.UK lists it; `notes` says, for instance, 'Substitute day'."""

    date: date
    title: str
    notes: str


@cache
def published_bank_holidays() -> tuple[PublishedBankHoliday, ...]:
    """Every bank holiday in England from 2012 to 2028, in order."""
    # Without the division the list holds only what all parts of the United Kingdom share, which
    # drops Easter Monday and the summer holiday.
    published = BankHolidays(use_cached_holidays=True).get_holidays(
        division=BankHolidays.ENGLAND_AND_WALES
    )
    return tuple(
        PublishedBankHoliday(holiday["date"], holiday["title"], holiday["notes"])
        for holiday in published
        if COVERS_FROM <= holiday["date"] <= COVERS_UNTIL
    )


@cache
def bundled_calendar() -> Calendar:
    """The calendar of the bundled list: the same days as version 1 of a new service's calendar.

    Needs neither network nor database. Closures are not in it: those are a service's own.
    """
    closed = {holiday.date: holiday.title for holiday in published_bank_holidays()}
    return Calendar(closed, COVERS_FROM, COVERS_UNTIL, FIRST_VERSION)
