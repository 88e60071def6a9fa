"""Version 1 of a new service's calendar: the bundled bank holidays, without closures."""

from datetime import UTC, datetime, time

from django.apps.registry import Apps

from working_days.bundled import (
    COVERS_FROM,
    COVERS_UNTIL,
    FIRST_VERSION,
    bundled_calendar,
    published_bank_holidays,
)


def fill_calendar(apps: Apps, using: str) -> None:
    """Write version 1 into a database whose calendar has no version yet.

    `apps` gives the models: today's, or a migration's. Version 1 counts as known from the first day
    it covers, since the moments at which its days were proclaimed are not on record.
    """
    version_model = apps.get_model("working_days", "CalendarVersion")
    bank_holiday_model = apps.get_model("working_days", "BankHoliday")
    versions = version_model._default_manager.using(using)
    if versions.exists():
        return
    bank_holiday_model._default_manager.using(using).bulk_create(
        bank_holiday_model(
            date=holiday.date,
            title=holiday.title,
            notes=holiday.notes,
            added_in_id=FIRST_VERSION,
        )
        for holiday in published_bank_holidays()
    )
    versions.create(
        number=FIRST_VERSION,
        covers_from=COVERS_FROM,
        covers_until=COVERS_UNTIL,
        became_known_at=datetime.combine(COVERS_FROM, time(), UTC),
        why="Bank holidays in England and Wales from 2012 to 2028, as GOV.UK lists them",
        fingerprint=bundled_calendar().fingerprint(),
    )
