"""The calendar in force, the calendar as it was, and the only way to change it.

A process keeps the calendars it has built, each under its version and fingerprint, and asks which
version is in force every time: a bank holiday recorded elsewhere counts at once.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db import transaction

from config import clock
from working_days.bundled import PublishedBankHoliday
from working_days.calendar import WEEKEND, Calendar, in_words
from working_days.models import BankHoliday, CalendarVersion, Closure


class NoSuchVersion(LookupError):
    """The calendar never had this version."""


class ChangeRefused(ValueError):
    """The calendar cannot be changed in this way; the message says why, in plain English."""


class CalendarDamaged(RuntimeError):
    """The stored days of a version are not those it was recorded with."""


def current_calendar() -> Calendar:
    """The calendar in force. One short query; the days are read once per version and process."""
    latest = CalendarVersion.objects.order_by("-number").values_list("number", "fingerprint")[:1]
    for number, fingerprint in latest:
        return _built(number, fingerprint)
    raise NoSuchVersion("The calendar has no version yet: the migrations fill it.")


def calendar_at(version: int) -> Calendar:
    """The calendar as it was known at `version`. Raises NoSuchVersion."""
    return calendars_at([version])[version]


def calendars_at(versions: Iterable[int]) -> dict[int, Calendar]:
    """The calendars of several versions, by version, with one query. Raises NoSuchVersion."""
    wanted = set(versions)
    found = dict(
        CalendarVersion.objects.filter(number__in=wanted).values_list("number", "fingerprint")
    )
    if missing := wanted - found.keys():
        raise NoSuchVersion(f"The calendar has no version {min(missing)}.")
    return {number: _built(number, fingerprint) for number, fingerprint in found.items()}


def version_known_at(moment: datetime) -> int:
    """The number of the latest version that had become known by `moment`. Raises NoSuchVersion."""
    known = CalendarVersion.objects.filter(became_known_at__lte=moment).order_by("-number")
    number = known.values_list("number", flat=True).first()
    if number is None:
        raise NoSuchVersion(f"No version of the calendar was known at {moment.isoformat()}.")
    return number


def add_bank_holiday(
    day: date,
    title: str,
    *,
    why: str,
    by: str,
    notes: str = "",
    known_at: datetime | None = None,
) -> CalendarVersion:
    """Record one bank holiday (a one-off day, say) as a new version, which it returns.

    Raises ChangeRefused for a weekend, a day outside the cover and a day that is one already.
    """
    holiday = PublishedBankHoliday(day, title, notes)
    return add_bank_holidays([holiday], why=why, by=by, known_at=known_at)


def add_bank_holidays(
    holidays: Iterable[PublishedBankHoliday],
    *,
    why: str,
    by: str,
    covers_until: date | None = None,
    known_at: datetime | None = None,
) -> CalendarVersion:
    """Record bank holidays as one new version; a further year's list also moves the cover's end.

    Raises ChangeRefused as `add_bank_holiday` does, and for a cover that would become shorter.
    """
    holidays = list(holidays)
    if not holidays and covers_until is None:
        raise ChangeRefused("There is no bank holiday to record.")

    def change(number: int, begins: date, ends: date) -> None:
        for holiday in holidays:
            _check_bank_holiday(holiday.date, begins, ends)
            BankHoliday.objects.create(
                date=holiday.date,
                title=_text(holiday.title, "title"),
                notes=_text(holiday.notes, "note", required=False),
                added_in_id=number,
            )

    return _record(change, why=why, by=by, known_at=known_at, covers_until=covers_until)


def remove_bank_holiday(
    day: date, *, why: str, by: str, known_at: datetime | None = None
) -> CalendarVersion:
    """Record that a day is a bank holiday no longer (moved, as 4 May 2020 was) as a new version.

    Raises ChangeRefused where it is none.
    """

    def change(number: int, begins: date, ends: date) -> None:
        holidays = BankHoliday.objects.filter(date=day, removed_in=None)
        if not holidays.update(removed_in_id=number):
            raise ChangeRefused(f"{in_words(day)} is not recorded as a bank holiday.")

    return _record(change, why=why, by=by, known_at=known_at)


def add_closure(
    starts_on: date,
    ends_on: date,
    *,
    inspectorate: str,
    reason: str,
    stops_the_clock: bool,
    by: str,
    why: str = "",
    known_at: datetime | None = None,
) -> CalendarVersion:
    """Record that an inspectorate ('ofsted', 'cqc' or 'both') is closed, both days included.

    Returns the new version. Its working days differ only if the closure stops the clock. Raises
    ChangeRefused for days out of order or outside the cover, and for one recorded already.
    """

    def change(number: int, begins: date, ends: date) -> None:
        if ends_on < starts_on:
            raise ChangeRefused("The last day of a closure cannot be before its first day.")
        _check_covered(starts_on, begins, ends)
        _check_covered(ends_on, begins, ends)
        if inspectorate not in Closure.Inspectorate:
            raise ChangeRefused(f"'{inspectorate}' is not one of ofsted, cqc and both.")
        same = Closure.objects.filter(
            starts_on=starts_on, ends_on=ends_on, inspectorate=inspectorate, removed_in=None
        )
        if same.exists():
            raise ChangeRefused("This closure is recorded already.")
        Closure.objects.create(
            starts_on=starts_on,
            ends_on=ends_on,
            inspectorate=inspectorate,
            reason=_text(reason, "reason"),
            stops_the_clock=stops_the_clock,
            added_in_id=number,
        )

    return _record(change, why=why or f"Closure: {reason}", by=by, known_at=known_at)


def remove_closure(
    closure_id: int, *, why: str, by: str, known_at: datetime | None = None
) -> CalendarVersion:
    """Record that a closure does not hold any longer as a new version.

    Raises ChangeRefused where there is none with this id in force.
    """

    def change(number: int, begins: date, ends: date) -> None:
        closures = Closure.objects.filter(id=closure_id, removed_in=None)
        if not closures.update(removed_in_id=number):
            raise ChangeRefused("There is no such closure in force.")

    return _record(change, why=why, by=by, known_at=known_at)


@transaction.atomic
def _record(
    change: Callable[[int, date, date], None],
    *,
    why: str,
    by: str,
    known_at: datetime | None,
    covers_until: date | None = None,
) -> CalendarVersion:
    """Let `change` write its rows for the next version and seal them with the version itself."""
    # The first version serves as the lock: changes come one after the other, so that what a
    # change checks still holds when it writes and no two take the same number.
    CalendarVersion.objects.select_for_update().order_by("number").first()
    latest = CalendarVersion.objects.latest("number")
    number, begins, ends = (
        latest.number + 1,
        latest.covers_from,
        covers_until or latest.covers_until,
    )
    if ends < latest.covers_until:
        raise ChangeRefused(
            f"The calendar reaches {in_words(latest.covers_until)} and cannot be shortened."
        )
    if known_at is not None and known_at > clock.now():
        raise ChangeRefused("A change cannot have become known in the future.")
    change(number, begins, ends)
    return CalendarVersion.objects.create(
        number=number,
        covers_from=begins,
        covers_until=ends,
        became_known_at=known_at or clock.now(),
        why=_text(why, "reason for the change", at_most=300),
        recorded_by=by,
        fingerprint=_read(number, begins, ends).fingerprint(),
    )


@lru_cache(maxsize=32)
def _built(number: int, fingerprint: str) -> Calendar:
    """The calendar of a version: the fingerprint is part of the key, so that none goes stale."""
    version = CalendarVersion.objects.get(number=number)
    calendar = _read(number, version.covers_from, version.covers_until)
    if calendar.fingerprint() != fingerprint:
        raise CalendarDamaged(f"Version {number} of the calendar is not what was recorded.")
    return calendar


def _read(number: int, covers_from: date, covers_until: date) -> Calendar:
    closed: dict[date, str] = {}
    for closure in Closure.objects.at(number).filter(stops_the_clock=True):
        for days in range((closure.ends_on - closure.starts_on).days + 1):
            day = closure.starts_on + timedelta(days)
            names = closed[day].split("; ") if day in closed else []
            if closure.reason not in names:
                closed[day] = "; ".join([*names, closure.reason])
    # A bank holiday inside a closure keeps its own name.
    closed.update(BankHoliday.objects.at(number).values_list("date", "title"))
    return Calendar(closed, covers_from, covers_until, number)


def _check_bank_holiday(day: date, begins: date, ends: date) -> None:
    _check_covered(day, begins, ends)
    if weekend := WEEKEND.get(day.weekday()):
        raise ChangeRefused(
            f"{in_words(day)} is a {weekend}, which counts as no working day already: "
            "record the substitute day."
        )
    if BankHoliday.objects.filter(date=day, removed_in=None).exists():
        raise ChangeRefused(f"{in_words(day)} is recorded as a bank holiday already.")


def _check_covered(day: date, begins: date, ends: date) -> None:
    if not begins <= day <= ends:
        raise ChangeRefused(
            f"{in_words(day)} is outside the calendar, which reaches from {in_words(begins)} "
            f"to {in_words(ends)}."
        )


def _text(text: str, what: str, *, required: bool = True, at_most: int = 200) -> str:
    """One line of text, spaces tidied."""
    tidy = " ".join(text.split())
    if required and not tidy:
        raise ChangeRefused(f"Give the {what}.")
    if not tidy.isprintable():
        raise ChangeRefused(f"The {what} holds characters that cannot be printed.")
    if len(tidy) > at_most:
        raise ChangeRefused(f"The {what} must be {at_most} characters or fewer.")
    return tidy
