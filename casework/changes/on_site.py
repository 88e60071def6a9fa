"""Whose days on site a change of the calendar would close. A deadline moves by itself; a visit does
not: whoever planned it has to plan it again (Day 1 and all days on site are working days)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from casework.access import visible_cases
from casework.changes.content import Content, ParametersContent
from casework.models import Case
from casework.told import told
from config import clock
from working_days.calendar import WEEKEND

SHOWN = 50
ONE = datetime.timedelta(1)
Stretch = tuple[datetime.date, datetime.date]


@dataclass(frozen=True)
class OnSite:
    """The open cases with days on site that close, soonest first.

    `named` are those that may be named to the person, up to `SHOWN` of `count`; `opens` the ids of
    those that the person can open; `unnamed` how many more there are.
    """

    days: Sequence[datetime.date]
    named: Sequence[Case]
    opens: frozenset[Any]
    count: int
    unnamed: int

    def closed_for(self, case: Case) -> list[datetime.date]:
        """The days on site of a case that close."""
        assert case.first_day
        assert case.last_day
        return [day for day in self.days if case.first_day <= day <= case.last_day]


def on_site_then(content: Content, user: Any) -> OnSite | None:
    """The cases to plan again, from today on; None where no day closes. Three queries at most."""
    days = closing_days(content)
    if not days:
        return None
    there = Case.objects.filter(_on_site(stretches(days)), ended_on=None)
    may_be_named = told() | visible_cases(user)
    counts = there.aggregate(all=Count("pk"), named=Count("pk", filter=may_be_named))
    named = list(
        there.filter(may_be_named)
        .select_related("local_area")
        .order_by("first_day", "reference")[:SHOWN]
    )
    seen = Case.objects.filter(visible_cases(user), pk__in=[one.pk for one in named]).order_by()
    return OnSite(
        days=days,
        named=named,
        opens=frozenset(seen.values_list("pk", flat=True)),
        count=counts["named"],
        unnamed=counts["all"] - counts["named"],
    )


def closing_days(content: Content) -> list[datetime.date]:
    """The weekdays from today on that a change makes no working days, in order."""
    if isinstance(content, ParametersContent):
        return []
    days = {one.date for one in content.add} - set(content.remove)
    for closure in content.closures_add:
        if closure.stops_the_clock:
            length = (closure.ends_on - closure.starts_on).days + 1
            days |= {closure.starts_on + number * ONE for number in range(length)}
    return sorted(day for day in days if day >= clock.today() and day.weekday() not in WEEKEND)


def stretches(days: Sequence[datetime.date]) -> list[Stretch]:
    """Days in order as stretches of days in a row, by their first and last."""
    found: list[Stretch] = []
    for day in days:
        if found and found[-1][1] + ONE == day:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _on_site(closed: Sequence[Stretch]) -> Q:
    condition = Q(pk__in=[])
    for first, last in closed:
        condition |= Q(first_day__lte=last, last_day__gte=first)
    return condition
