"""A year of the programme: who is where in which month, as far as the reader may know.

Schedulers, quality assurers and regional directors see everybody's days; whoever else reads the
programme sees the days of the cases open to them; inspectors see their own (roles.md: programme
'own', leave and workload). Leave is nothing but 'away' to others, and only to those who read days.
"""

import calendar as months
import datetime
import itertools
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Q
from django.http import HttpRequest

from accounts.models import Membership, User
from areas.models import Term
from casework.models import Case
from design_system.keyset import Key, Order, Page
from inspections.access import INSPECTORS, READ_DAYS, held_by
from inspections.models import Booking
from overview.programme.access import roles_that
from working_days.calendar import BeyondCalendar
from working_days.services import current_calendar

PEOPLE = 40
BY_NAME = Order.of(Key("sorted_as"), Key("pk", int))
#: Letters that Unicode does not take apart into a plain one and its mark.
WHOLE_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
ONE_DAY = datetime.timedelta(days=1)
#: The summer holiday, with some days to spare.
LONGEST_HOLIDAY = datetime.timedelta(days=60)


@dataclass(frozen=True)
class Stay:
    """A stretch of one person's days within one month. `case` where its page may be read."""

    person: User
    first: datetime.date
    last: datetime.date
    what: str
    purpose: str
    case: Case | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        """Equal for those who are at the same place for the same on the same days."""
        return (self.first, self.last, self.what, self.purpose)

    @property
    def days(self) -> str:
        """'2 to 6', or '2'."""
        if self.first == self.last:
            return str(self.first.day)
        return f"{self.first.day} to {self.last.day}"


@dataclass(frozen=True)
class Month:
    """One month: its days without work, when most schools are closed, who is where."""

    first: datetime.date
    bank_holidays: Sequence[tuple[datetime.date, str]] = ()
    schools_closed: Sequence[tuple[datetime.date, datetime.date]] = ()
    stays: Sequence[Stay] = ()

    @property
    def last(self) -> datetime.date:
        """Its last day."""
        return self.first.replace(day=months.monthrange(self.first.year, self.first.month)[1])

    def teams(self) -> list[tuple[Stay, list[User]]]:
        """Who is where, those who are together as one."""
        ordered = sorted(self.stays, key=lambda stay: (*stay.key, stay.person.name, stay.person.pk))
        groups = itertools.groupby(ordered, key=lambda stay: stay.key)
        found = []
        for _, together in groups:
            stays = list(together)
            found.append((stays[0], [stay.person for stay in stays]))
        return found


@dataclass
class Year:
    """A year as one reader sees it. `known`: whether its bank holidays are."""

    year: int
    months: list[Month]
    people: Page
    known: bool = True
    of_all: bool = False
    by_person: dict[int, list[list[Stay]]] = field(default_factory=dict)


def year_of(user: Any, year: int, request: HttpRequest) -> Year:
    """A year for a reader of the programme: a constant number of queries."""
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    within = _within(user, first, last)
    people = _people(user, within, first, last, request)
    shown = within.filter(person__in=[person.pk for person in people.rows])
    bookings = shown.select_related("person", "case__local_area").order_by("days", "pk")
    stays = _stays(list(bookings), user, first, last)
    holidays, known = _bank_holidays(first, last)
    closed = _schools_closed(first, last)
    found = Year(year, [], people, known, of_all=_reads_days(user))
    for number in range(1, 13):
        found.months.append(
            Month(
                datetime.date(year, number, 1),
                [one for one in holidays if one[0].month == number],
                [one for one in closed if one[0].month == number],
                [stay for stay in stays if stay.first.month == number],
            )
        )
    for person in people.rows:
        found.by_person[person.pk] = [
            [stay for stay in month.stays if stay.person.pk == person.pk] for month in found.months
        ]
    return found


def _reads_days(user: Any) -> bool:
    return bool(held_by(user) & READ_DAYS)


def _within(user: Any, first: datetime.date, last: datetime.date) -> Any:
    """The days of a year that the reader may know of."""
    standing = Booking.objects.confirmed().between(first, last)
    if _reads_days(user):
        return standing
    own = Q(person_id=user.pk)
    if held_by(user) & roles_that("read"):
        return standing.filter(own | Q(case__in=Case.objects.visible_to(user).order_by()))
    return standing.filter(own)


def _people(
    user: Any, within: Any, first: datetime.date, last: datetime.date, request: HttpRequest
) -> Page:
    """Those who have days in the year, and for who schedules all standing inspectors."""
    shown = Q(pk__in=within.order_by().values("person"))
    if _reads_days(user):
        held = Membership.objects.filter(role__in=INSPECTORS, starts_on__lte=last)
        held = held.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=first))
        shown |= Q(pk__in=held.values("person"), is_active=True)
    elif held_by(user) or within.exists():
        shown |= Q(pk=user.pk)
    people = [Listed(_folded(one.name), one.pk, one) for one in User.objects.filter(shown)]
    page = BY_NAME.page_of(people, request, PEOPLE)
    return Page([one.person for one in page.rows], page.before, page.after)


class Listed(NamedTuple):
    """Somebody at their place in the alphabet."""

    sorted_as: str
    pk: int
    person: User


def _folded(name: str) -> str:
    """A name in plain letters: 'Łukasz' stands among the Ls."""
    apart = unicodedata.normalize("NFKD", name.casefold().translate(WHOLE_LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _stays(
    bookings: Sequence[Booking], user: Any, first: datetime.date, last: datetime.date
) -> list[Stay]:
    """The bookings as the reader may read of them, cut at the ends of months."""
    cases = {booking.case_id for booking in bookings if booking.case_id}
    open_cases = Case.objects.visible_to(user).filter(pk__in=cases).order_by()
    known = set(open_cases.values_list("pk", flat=True))
    return [
        Stay(
            booking.person,
            begin,
            end,
            _what(booking, user, booking.case_id in known),
            booking.purpose,
            booking.case if booking.case_id in known else None,
        )
        for booking in bookings
        for begin, end in _by_month(max(booking.first, first), min(booking.last, last))
    ]


def _what(booking: Booking, user: Any, known: bool) -> str:
    if booking.case is None:
        return "leave" if booking.person_id == user.pk else "away"
    return booking.case.local_area.name if known else "other work"


def _by_month(
    first: datetime.date, last: datetime.date
) -> Iterable[tuple[datetime.date, datetime.date]]:
    while first <= last:
        end = first.replace(day=months.monthrange(first.year, first.month)[1])
        yield first, min(end, last)
        first = end + ONE_DAY


def _bank_holidays(
    first: datetime.date, last: datetime.date
) -> tuple[list[tuple[datetime.date, str]], bool]:
    """Days of the week without work, by name; False where the calendar does not reach them all."""
    calendar = current_calendar()
    found: list[tuple[datetime.date, str]] = []
    day = first
    while day <= last:
        try:
            name = calendar.name_of(day)
        except BeyondCalendar:
            return found, False
        if name and day.weekday() < 5:
            found.append((day, name))
        day += ONE_DAY
    return found, True


def _schools_closed(
    first: datetime.date, last: datetime.date
) -> list[tuple[datetime.date, datetime.date]]:
    """Stretches of weekdays, cut by month, on which most areas whose terms are known have none."""
    rows = Term.objects.filter(
        starts_on__lte=last + LONGEST_HOLIDAY, ends_on__gte=first - LONGEST_HOLIDAY
    ).order_by("local_area_id", "starts_on")
    in_term, known = Counter[datetime.date](), Counter[datetime.date]()

    def add(counts: Counter[datetime.date], begin: datetime.date, end: datetime.date) -> None:
        if max(begin, first) <= end:
            counts[max(begin, first)] += 1
            counts[end + ONE_DAY] -= 1

    before: tuple[Any, datetime.date] | None = None
    for area, begin, end in rows.values_list("local_area_id", "starts_on", "ends_on"):
        add(in_term, begin, end)
        add(known, begin, end)
        # What lies between two terms is known too, unless there is a gap in what was entered.
        if before and before[0] == area and begin - before[1] <= LONGEST_HOLIDAY:
            add(known, before[1] + ONE_DAY, begin - ONE_DAY)
        before = (area, end)
    closed, open_areas, all_areas, day = [], 0, 0, first
    while day <= last:
        open_areas, all_areas = open_areas + in_term[day], all_areas + known[day]
        if day.weekday() < 5 and open_areas * 2 < all_areas:
            closed.append(day)
        day += ONE_DAY
    return _stretches(closed)


def _stretches(days: Sequence[datetime.date]) -> list[tuple[datetime.date, datetime.date]]:
    """Days as first and last of each stretch; a week-end does not end one, a month does."""
    found: list[tuple[datetime.date, datetime.date]] = []
    for day in days:
        if found and (day - found[-1][1]).days <= 3 and day.month == found[-1][1].month:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
