"""Tables of the inspections room: the inspection beside its case, people's days, interests."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q


class Inspection(models.Model):
    """What an inspection has beside its case: the rough period it was planned for.

    Dates on site, team and stage belong to the case and follow from its events.
    """

    case = models.OneToOneField(
        "casework.Case", on_delete=models.PROTECT, primary_key=True, related_name="inspection"
    )
    period_from = models.DateField()
    period_to = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(period_to__gte=F("period_from")), name="inspection_period_runs_forward"
            )
        ]

    def __str__(self) -> str:
        return str(self.case)


class BookingQuerySet(models.QuerySet["Booking"]):
    """People's days."""

    def confirmed(self) -> Self:
        """Those that stand."""
        return self.filter(confirmed=True)

    def between(self, first: datetime.date, last: datetime.date) -> Self:
        """Those that touch any day from `first` to `last`, both included."""
        return self.filter(days__overlap=(first, last + datetime.timedelta(days=1)))


class Booking(models.Model):
    """Days of one person: on site, planning or travelling for a case, or on leave.

    Confirmed days of one person never overlap: PostgreSQL sees to it, so that two schedulers at
    the same instant cannot both book the same inspector (process.md, 'Programme and scheduling').
    """

    class Purpose(models.TextChoices):
        ON_SITE = "on_site", "On site"
        PLANNING = "planning", "Planning"
        TRAVEL = "travel", "Travel"
        LEAVE = "leave", "Leave"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bookings"
    )
    purpose = models.CharField(max_length=10, choices=Purpose)
    # Half open, as PostgreSQL keeps it: the last day is the day before the upper bound.
    days = DateRangeField()
    case = models.ForeignKey(
        "casework.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="bookings"
    )
    confirmed = models.BooleanField(default=True)
    note = models.CharField(max_length=200, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField()

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["days", "pk"]
        constraints = [
            ExclusionConstraint(
                name="one_person_in_one_place",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("days", RangeOperators.OVERLAPS),
                ],
                condition=Q(confirmed=True),
            ),
            models.CheckConstraint(
                condition=Q(days__isempty=False, days__lower_inf=False, days__upper_inf=False),
                name="booking_has_first_and_last_day",
            ),
            models.CheckConstraint(
                condition=Q(purpose="leave", case__isnull=True)
                | (~Q(purpose="leave") & Q(case__isnull=False)),
                name="booking_is_leave_or_for_a_case",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {self.first} to {self.last}"

    @property
    def first(self) -> datetime.date:
        """The first day."""
        first: datetime.date = self.days.lower
        return first

    @property
    def last(self) -> datetime.date:
        """The last day, included."""
        beyond: datetime.date = self.days.upper
        return beyond - datetime.timedelta(days=1)


class DeclaredInterestQuerySet(models.QuerySet["DeclaredInterest"]):
    """Interests people declared in areas."""

    def standing(self, first: datetime.date, last: datetime.date | None = None) -> Self:
        """Those that hold on any day from `first` to `last` (that one day where none is given)."""
        return self.filter(
            Q(until__isnull=True) | Q(until__gte=first), since__lte=last or first, withdrawn=False
        )


class DeclaredInterest(models.Model):
    """A tie between a person and a local area that keeps them off its cases (roles.md)."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="declared_interests"
    )
    local_area = models.ForeignKey("areas.LocalArea", on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=500)
    withdrawn = models.BooleanField(default=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField()

    objects = DeclaredInterestQuerySet.as_manager()

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="interest_runs_forward",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.local_area}"
