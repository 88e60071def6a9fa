"""Keeping the calendar up to date: looking at GOV.UK's list, and how far the calendar reaches."""

import logging
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from config import clock
from config.logs import masked, new_reference, reference
from working_days.calendar import Calendar, add_months, in_words
from working_days.models import BankHoliday, Refresh
from working_days.refresh import (
    Listed,
    Patience,
    Proposal,
    RefreshFailed,
    compare,
    fetch,
    read_list,
)
from working_days.services import current_calendar

logger = logging.getLogger(__name__)

#: A re-visit comes 18 months after a judgement, and is planned ahead (HB 106; RV 5).
MONTHS_AHEAD = 24
#: A look that has not ended by then never will: its worker is gone.
LASTS_AT_MOST = timedelta(minutes=2)


def look_at_gov_uk(*, by: str = "", patience: Patience | None = None) -> Proposal | None:
    """Ask GOV.UK for its list, compare it with the calendar in force and keep what came of it.

    Returns what the list would change, None where it changes nothing or could not be had. Never
    raises for what GOV.UK does: that is kept as a failure, and logged with its reference.
    """
    look = Refresh.objects.create(started_at=clock.now(), asked_by=by)
    try:
        listed = read_list(fetch(settings.BANK_HOLIDAYS_URL, patience))
        proposal = _differences(listed)
    except RefreshFailed as failed:
        _failed(look, str(failed), failed)
        return None
    except Exception as error:
        _failed(look, "The service itself made a mistake while reading the list.", error)
        raise
    look.outcome = Refresh.Outcome.DIFFERENT if proposal else Refresh.Outcome.SAME
    look.listed_from, look.listed_until = listed.first, listed.last
    look.weekends = ", ".join(in_words(one.date) for one in listed.weekends)[:300]
    look.finished_at = clock.now()
    look.save()
    return proposal


def _differences(listed: Listed) -> Proposal | None:
    calendar = current_calendar()
    recorded = BankHoliday.objects.at(calendar.version).values_list("date", "title")
    return compare(
        listed,
        dict(recorded),
        covers_from=calendar.covers_from,
        covers_until=calendar.covers_until,
        today=clock.today(),
    )


def _failed(look: Refresh, what: str, error: Exception) -> None:
    look.outcome, look.failure = Refresh.Outcome.FAILED, masked(what)[:300]
    look.reference = reference.get() or new_reference()
    look.finished_at = clock.now()
    look.save()
    logger.warning(
        "GOV.UK's list of bank holidays could not be taken (%s): %s (%r)",
        look.reference,
        what,
        error.__cause__ or error,
    )


def switched_on() -> bool:
    """Whether this installation asks GOV.UK at all."""
    return bool(settings.BANK_HOLIDAYS_URL)


@dataclass(frozen=True)
class Looks:
    """The last look at GOV.UK's list and the last that succeeded; None where there was none."""

    last: Refresh | None
    last_good: Refresh | None

    @property
    def under_way(self) -> bool:
        """Whether somebody is looking just now."""
        last = self.last
        started = last.started_at if last and not last.outcome else None
        return started is not None and clock.now() - started < LASTS_AT_MOST

    @property
    def failure(self) -> str:
        """What went wrong last time; '' for a success and while it is under way."""
        if self.last is None or self.under_way:
            return ""
        if not self.last.outcome:
            return "It was broken off before it had ended."
        return self.last.failure


def looks() -> Looks:
    """The looks that a page tells of: two queries."""
    good = [Refresh.Outcome.SAME, Refresh.Outcome.DIFFERENT]
    return Looks(
        Refresh.objects.first(),
        Refresh.objects.filter(outcome__in=good).first(),
    )


def end_warning(calendar: Calendar, today: date) -> str:
    """A warning where the calendar ends within 24 months, in plain English; else ''."""
    if calendar.covers_until >= add_months(today, MONTHS_AHEAD):
        return ""
    ends = in_words(calendar.covers_until)
    if calendar.covers_until < today:
        return (
            f"The calendar ended on {ends}. No deadline after that day can be worked out until the "
            "bank holidays that follow are added."
        )
    return (
        f"The calendar ends on {ends}, less than 24 months from now. Deadlines after that day "
        "cannot be worked out until the bank holidays that follow are added."
    )
