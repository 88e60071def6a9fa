"""What the calendar is made of. Rows are added, never edited: each change is a new version.

A row belongs to every version from `added_in` up to, but without, `removed_in`, so the calendar as
it stood at any version can be had again. The database itself refuses anything else (0002). Write
through `working_days.services` only.
"""

from typing import Self

from django.db import models
from django.db.models import F, Q


class CalendarVersion(models.Model):
    """One state of the calendar. It is written last, after the rows that are new in it."""

    number = models.PositiveIntegerField(primary_key=True)
    covers_from = models.DateField()
    covers_until = models.DateField()
    became_known_at = models.DateTimeField()
    why = models.CharField(max_length=300)
    # An address or opaque id in text: people live in a room above this one.
    recorded_by = models.CharField(max_length=254, blank=True)
    # SHA-256 of the days that do not count. What a process remembers of a version goes by it too,
    # so a number that is used again after a roll-back is never mistaken for the old one.
    fingerprint = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gte=1), name="calendar_versions_count_from_one"
            ),
            models.CheckConstraint(
                condition=Q(covers_until__gte=F("covers_from")),
                name="calendar_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=~Q(why=""), name="calendar_version_says_why"),
        ]

    def __str__(self) -> str:
        return f"Calendar version {self.number}"


class VersionedQuerySet(models.QuerySet):
    """Rows that belong to versions of the calendar."""

    def at(self, version: int) -> Self:
        """The rows that were part of the calendar at `version`."""
        return self.filter(added_in_id__lte=version).filter(
            Q(removed_in=None) | Q(removed_in_id__gt=version)
        )


class BankHoliday(models.Model):
    """A bank holiday in England, known from the moment its version became known."""

    date = models.DateField()
    title = models.CharField(max_length=200)
    notes = models.CharField(max_length=200, blank=True)
    added_in = models.ForeignKey(
        CalendarVersion, on_delete=models.PROTECT, related_name="bank_holidays_added"
    )
    removed_in = models.ForeignKey(
        CalendarVersion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bank_holidays_removed",
    )

    objects = VersionedQuerySet.as_manager()

    class Meta:
        ordering = ["date", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["date"], condition=Q(removed_in=None), name="one_bank_holiday_a_day"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="bank_holiday_has_a_title"),
            models.CheckConstraint(
                condition=Q(removed_in=None) | Q(removed_in__gt=F("added_in")),
                name="bank_holiday_removed_after_added",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.date}"


class Closure(models.Model):
    """Days on which an inspectorate is closed. They skip days only where they stop the clock."""

    class Inspectorate(models.TextChoices):
        OFSTED = "ofsted", "Ofsted"
        CQC = "cqc", "CQC"
        BOTH = "both", "Ofsted and CQC"

    starts_on = models.DateField()
    ends_on = models.DateField()
    inspectorate = models.CharField(max_length=6, choices=Inspectorate)
    reason = models.CharField(max_length=200)
    stops_the_clock = models.BooleanField()
    added_in = models.ForeignKey(
        CalendarVersion, on_delete=models.PROTECT, related_name="closures_added"
    )
    removed_in = models.ForeignKey(
        CalendarVersion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="closures_removed",
    )

    objects = VersionedQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["starts_on", "ends_on", "inspectorate"],
                condition=Q(removed_in=None),
                name="one_closure_for_the_same_days",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="closure_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(inspectorate__in=["ofsted", "cqc", "both"]),
                name="closure_of_a_known_inspectorate",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="closure_has_a_reason"),
            models.CheckConstraint(
                condition=Q(removed_in=None) | Q(removed_in__gt=F("added_in")),
                name="closure_removed_after_added",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_inspectorate_display()} closed: {self.reason}, {self.starts_on}"


class Refresh(models.Model):
    """One look at GOV.UK's list of bank holidays: when, and what came of it."""

    class Outcome(models.TextChoices):
        SAME = "same", "The same as the calendar"
        DIFFERENT = "different", "Differs from the calendar"
        FAILED = "failed", "Failed"

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    # Empty while it is under way, and for good where its worker was killed.
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    asked_by = models.CharField(max_length=254, blank=True)
    # Why it failed, in plain English, and the reference under which the log has the rest.
    failure = models.CharField(max_length=300, blank=True)
    reference = models.CharField(max_length=20, blank=True)
    listed_from = models.DateField(null=True, blank=True)
    listed_until = models.DateField(null=True, blank=True)
    # Days that GOV.UK lists and that count as no working day in any case.
    weekends = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        verbose_name = "look at GOV.UK’s list"
        verbose_name_plural = "looks at GOV.UK’s list"
        indexes = [models.Index(fields=["-started_at", "-id"], name="refresh_latest_first")]

    def __str__(self) -> str:
        return f"GOV.UK's list, {self.started_at:%d %B %Y %H:%M}"
