"""The calendar in force, the calendar as it was, and the only way to change it.

A process keeps the calendars it has built, each under its version and fingerprint, and asks which
version is in force every time: a bank holiday recorded elsewhere counts at once.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db import transaction

from config import clock
from working_days.bundled import PublishedBankHoliday
from working_days.calendar import WEEKEND, Calendar, in_words
from working_days.models import BankHoliday, CalendarVersion, Closure


@dataclass(frozen=True, slots=True)
class NewClosure:
    """Days on which an inspectorate ('ofsted', 'cqc' or 'both') is closed, both ends included."""

    starts_on: date
    ends_on: date
    inspectorate: str
    reason: str
    stops_the_clock: bool


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """All that one new version of the calendar changes.

    `closures_remove` holds ids. A day that is removed and added in one is given another title.
    `covers_until` moves the end of the days for which bank holidays are known.
    """

    add: tuple[PublishedBankHoliday, ...] = ()
    remove: tuple[date, ...] = ()
    closures_add: tuple[NewClosure, ...] = ()
    closures_remove: tuple[int, ...] = ()
    covers_until: date | None = None


#: More calendar days than a closure would mean: a slip of the keyboard.
LONGEST_CLOSURE = 60


class NoSuchVersion(LookupError):
    """The calendar never had this version."""


class ChangeRefused(ValueError):
    """The calendar cannot be changed in this way; the message says why, in plain English.

    `field` names what is at fault ('date', 'title', 'notes', 'starts_on', 'ends_on', 'reason',
    'inspectorate', 'covers_until', 'known_at', 'why'; '' for the change as a whole), `place` which
    of several days or closures, from 0.
    """

    def __init__(self, message: str, field: str = "", place: int | None = None) -> None:
        super().__init__(message)
        self.field = field
        self.place = place


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


def calendar_with(change: CalendarChange) -> Calendar:
    """The calendar as it would stand after a change, under the number that would be its own.

    Writes nothing. Raises ChangeRefused as `change_calendar` does.
    """
    latest = CalendarVersion.objects.latest("number")
    change = _checked(change, latest)
    closures = list(
        Closure.objects.at(latest.number)
        .filter(stops_the_clock=True)
        .exclude(id__in=change.closures_remove)
        .values_list("starts_on", "ends_on", "reason")
    )
    closures += [
        (one.starts_on, one.ends_on, one.reason)
        for one in change.closures_add
        if one.stops_the_clock
    ]
    holidays = dict(BankHoliday.objects.at(latest.number).values_list("date", "title"))
    for day in change.remove:
        del holidays[day]
    holidays.update({one.date: one.title for one in change.add})
    closed = _closed(sorted(closures, key=lambda one: one[0]), holidays)
    ends = change.covers_until or latest.covers_until
    return Calendar(closed, latest.covers_from, ends, latest.number + 1)


@transaction.atomic
def change_calendar(
    change: CalendarChange, *, why: str, by: str, known_at: datetime | None = None
) -> CalendarVersion:
    """Record a change as one new version, which it returns.

    Raises ChangeRefused for a weekend, a day outside the cover, a bank holiday or closure that is
    recorded already or not at all, days out of order, and a cover that would become shorter.
    """
    # The first version serves as the lock: changes come one after the other, so that what a
    # change checks still holds when it writes and no two take the same number.
    CalendarVersion.objects.select_for_update().order_by("number").first()
    latest = CalendarVersion.objects.latest("number")
    if known_at is not None and known_at > clock.now():
        raise ChangeRefused("A change cannot have become known in the future.", "known_at")
    change = _checked(change, latest)
    number, ends = latest.number + 1, change.covers_until or latest.covers_until
    _write(change, number)
    return CalendarVersion.objects.create(
        number=number,
        covers_from=latest.covers_from,
        covers_until=ends,
        became_known_at=known_at or clock.now(),
        why=_text(why, "reason for the change", field="why", at_most=300),
        recorded_by=by,
        fingerprint=_read(number, latest.covers_from, ends).fingerprint(),
    )


def add_bank_holiday(
    day: date,
    title: str,
    *,
    why: str,
    by: str,
    notes: str = "",
    known_at: datetime | None = None,
) -> CalendarVersion:
    """Record one bank holiday (a one-off day, say) as a new version. Raises ChangeRefused."""
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

    Raises ChangeRefused.
    """
    holidays = tuple(holidays)
    if not holidays and covers_until is None:
        raise ChangeRefused("There is no bank holiday to record.")
    change = CalendarChange(add=holidays, covers_until=covers_until)
    return change_calendar(change, why=why, by=by, known_at=known_at)


def remove_bank_holiday(
    day: date, *, why: str, by: str, known_at: datetime | None = None
) -> CalendarVersion:
    """Record that a day is a bank holiday no longer (moved, as 4 May 2020 was) as a new version.

    Raises ChangeRefused where it is none.
    """
    return change_calendar(CalendarChange(remove=(day,)), why=why, by=by, known_at=known_at)


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
    ChangeRefused.
    """
    closure = NewClosure(starts_on, ends_on, inspectorate, reason, stops_the_clock)
    change = CalendarChange(closures_add=(closure,))
    return change_calendar(change, why=why or f"Closure: {reason}", by=by, known_at=known_at)


def remove_closure(
    closure_id: int, *, why: str, by: str, known_at: datetime | None = None
) -> CalendarVersion:
    """Record that a closure does not hold any longer as a new version.

    Raises ChangeRefused where there is none with this id in force.
    """
    change = CalendarChange(closures_remove=(closure_id,))
    return change_calendar(change, why=why, by=by, known_at=known_at)


def _write(change: CalendarChange, number: int) -> None:
    """Write the rows of a checked change; what goes makes room for what comes."""
    BankHoliday.objects.filter(date__in=change.remove, removed_in=None).update(removed_in_id=number)
    Closure.objects.filter(id__in=change.closures_remove).update(removed_in_id=number)
    BankHoliday.objects.bulk_create(
        BankHoliday(date=one.date, title=one.title, notes=one.notes, added_in_id=number)
        for one in change.add
    )
    Closure.objects.bulk_create(
        Closure(
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            inspectorate=one.inspectorate,
            reason=one.reason,
            stops_the_clock=one.stops_the_clock,
            added_in_id=number,
        )
        for one in change.closures_add
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
    closures = Closure.objects.at(number).filter(stops_the_clock=True)
    holidays = dict(BankHoliday.objects.at(number).values_list("date", "title"))
    closed = _closed(closures.values_list("starts_on", "ends_on", "reason"), holidays)
    return Calendar(closed, covers_from, covers_until, number)


def _closed(
    closures: Iterable[tuple[date, date, str]], holidays: Mapping[date, str]
) -> dict[date, str]:
    """Every day that does not count, with its name; closures come in order of their first day."""
    closed: dict[date, str] = {}
    for starts_on, ends_on, reason in closures:
        for days in range((ends_on - starts_on).days + 1):
            day = starts_on + timedelta(days)
            names = closed[day].split("; ") if day in closed else []
            if reason not in names:
                closed[day] = "; ".join([*names, reason])
    # A bank holiday inside a closure keeps its own name.
    closed.update(holidays)
    return closed


# --- what a change must keep to ---


def _checked(change: CalendarChange, latest: CalendarVersion) -> CalendarChange:
    """The change with its texts tidied, if it can follow on the latest version. Raises
    ChangeRefused."""
    if change == CalendarChange():
        raise ChangeRefused("There is nothing to change.")
    begins, ends = latest.covers_from, change.covers_until or latest.covers_until
    if ends < latest.covers_until:
        raise ChangeRefused(
            f"The calendar reaches {in_words(latest.covers_until)} and cannot be shortened.",
            "covers_until",
        )
    recorded = set(BankHoliday.objects.at(latest.number).values_list("date", flat=True))
    left = _left(change.remove, recorded)
    add = _checked_days(change.add, left, begins, ends)
    closures = _checked_closures(change, latest.number, begins, ends)
    _check_closures_count(closures, left | {one.date for one in add})
    return replace(change, add=add, closures_add=closures)


def _left(remove: Sequence[date], recorded: Collection[date]) -> set[date]:
    """The bank holidays that stay."""
    left = set(recorded)
    for place, day in enumerate(remove):
        if day not in left:
            raise ChangeRefused(
                f"{in_words(day)} is not recorded as a bank holiday.", "date", place
            )
        left.remove(day)
    return left


def _checked_days(
    add: Sequence[PublishedBankHoliday], left: Collection[date], begins: date, ends: date
) -> tuple[PublishedBankHoliday, ...]:
    taken = set(left)
    tidy = []
    for place, one in enumerate(add):
        day = one.date
        _check_covered(day, begins, ends, "date", place)
        if weekend := WEEKEND.get(day.weekday()):
            raise ChangeRefused(
                f"{in_words(day)} is a {weekend}, which counts as no working day already: "
                "record the substitute day.",
                "date",
                place,
            )
        if day in taken:
            raise ChangeRefused(
                f"{in_words(day)} is recorded as a bank holiday already.", "date", place
            )
        taken.add(day)
        title = _text(one.title, "title", field="title", place=place)
        notes = _text(one.notes, "note", field="notes", place=place, required=False)
        tidy.append(PublishedBankHoliday(day, title, notes))
    return tuple(tidy)


def _checked_closures(
    change: CalendarChange, version: int, begins: date, ends: date
) -> tuple[NewClosure, ...]:
    in_force = {
        pk: key
        for pk, *key in Closure.objects.at(version).values_list(
            "id", "starts_on", "ends_on", "inspectorate"
        )
    }
    for place, closure_id in enumerate(change.closures_remove):
        if in_force.pop(closure_id, None) is None:
            raise ChangeRefused("There is no such closure in force.", "closure", place)
    taken = [tuple(key) for key in in_force.values()]
    tidy = []
    for place, one in enumerate(change.closures_add):
        if one.ends_on < one.starts_on:
            raise ChangeRefused(
                "The last day of a closure cannot be before its first day.", "ends_on", place
            )
        _check_covered(one.starts_on, begins, ends, "starts_on", place)
        _check_covered(one.ends_on, begins, ends, "ends_on", place)
        if one.inspectorate not in Closure.Inspectorate:
            raise ChangeRefused(
                f"'{one.inspectorate}' is not one of ofsted, cqc and both.", "inspectorate", place
            )
        if (one.starts_on, one.ends_on, one.inspectorate) in taken:
            raise ChangeRefused("This closure is recorded already.", "starts_on", place)
        taken.append((one.starts_on, one.ends_on, one.inspectorate))
        tidy.append(replace(one, reason=_text(one.reason, "reason", field="reason", place=place)))
    return tuple(tidy)


def _check_closures_count(closures: Sequence[NewClosure], holidays: Collection[date]) -> None:
    """Refuse a closure of a length that nobody means, and one that stops a clock which stands."""
    for place, one in enumerate(closures):
        length = (one.ends_on - one.starts_on).days + 1
        if length > LONGEST_CLOSURE:
            raise ChangeRefused(
                f"A closure lasts {LONGEST_CLOSURE} days at most, weekends included; this one "
                f"would last {length:,}.",
                "ends_on",
                place,
            )
        days = (one.starts_on + timedelta(number) for number in range(length))
        if one.stops_the_clock and all(day.weekday() in WEEKEND or day in holidays for day in days):
            raise ChangeRefused(
                "No working day falls within this closure, only weekend and bank holidays, so it "
                "would change nothing.",
                "starts_on",
                place,
            )


def _check_covered(day: date, begins: date, ends: date, field: str, place: int) -> None:
    if not begins <= day <= ends:
        raise ChangeRefused(
            f"{in_words(day)} is outside the calendar, which reaches from {in_words(begins)} "
            f"to {in_words(ends)}.",
            field,
            place,
        )


def _text(
    text: str,
    what: str,
    *,
    field: str,
    place: int | None = None,
    required: bool = True,
    at_most: int = 200,
) -> str:
    """One line of text, spaces tidied."""
    tidy = " ".join(text.split())
    if required and not tidy:
        raise ChangeRefused(f"Give the {what}.", field, place)
    if not tidy.isprintable():
        raise ChangeRefused(f"The {what} holds characters that cannot be printed.", field, place)
    if len(tidy) > at_most:
        raise ChangeRefused(f"The {what} must be {at_most} characters or fewer.", field, place)
    return tidy
