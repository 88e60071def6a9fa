"""The versions of calendar and parameters that events name."""

import datetime
from collections.abc import Mapping
from typing import Any

from casework.models import ParameterVersion
from config import clock
from working_days.calendar import Calendar
from working_days.services import calendar_at, current_calendar

FIRST_VERSION = 1


class VersionsOnRecord:
    """Looks versions up and keeps them for the length of one piece of work."""

    def __init__(self) -> None:
        self._calendars: dict[int, Calendar] = {}
        self._parameters: dict[int, Mapping[str, int]] = {}
        self._in_force: int | None = None

    def in_force(self) -> int:
        """The version of the calendar in force when this was first asked."""
        if self._in_force is None:
            self._in_force = self.know(calendar_now())
        return self._in_force

    def know(self, calendar: Calendar) -> int:
        """Remember a calendar at hand. Returns its version."""
        self._calendars[calendar.version] = calendar
        return calendar.version

    def calendar(self, version: int) -> Calendar:
        """The calendar as it was known at a version."""
        if version not in self._calendars:
            self._calendars[version] = calendar_at(version)
        return self._calendars[version]

    def know_parameters(self, version: int, values: Mapping[str, int]) -> None:
        """Remember choices that are not recorded, or not yet."""
        self._parameters[version] = values

    def parameters(self, version: int) -> Mapping[str, int]:
        """The administrators' choices at a version, by rule code; {} where all are defaults."""
        if version not in self._parameters:
            found = ParameterVersion.objects.filter(pk=version).values_list("values", flat=True)
            values = found.first()
            if values is None and version != FIRST_VERSION:
                raise LookupError(f"There is no version {version} of the parameters.")
            self._parameters[version] = values or {}
        return self._parameters[version]


def calendar_now() -> Calendar:
    """The calendar with every day known today."""
    return current_calendar()


def parameters_version_now(day: datetime.date | None = None) -> int:
    """The version of the parameters that a case opened on the day (default today) takes over."""
    found = (
        ParameterVersion.objects.filter(effective_from__lte=day or clock.today())
        .order_by("-version")
        .values_list("version", flat=True)
        .first()
    )
    return found or FIRST_VERSION


def add_parameters(
    values: Mapping[str, int],
    *,
    reason: str,
    by: Any = None,
    effective_from: datetime.date | None = None,
) -> ParameterVersion:
    """Record new choices for starred offsets as a version of their own; it holds for cases opened
    from `effective_from` (default today) on. Choices not named stay as they were.

    Raises ValueError for a number that is no whole number, or without a reason.
    """
    if not reason.strip():
        raise ValueError("Say why the offsets change.")
    if wrong := [code for code, number in values.items() if type(number) is not int]:
        raise ValueError(f"No whole number is given for {', '.join(wrong)}.")
    latest = ParameterVersion.objects.order_by("-version").first()
    before = dict(latest.values) if latest else {}
    return ParameterVersion.objects.create(
        version=(latest.version if latest else FIRST_VERSION) + 1,
        values={**before, **values},
        effective_from=effective_from or clock.today(),
        known_at=clock.now(),
        reason=reason,
        changed_by=by,
    )
