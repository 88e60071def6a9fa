"""A change of calendar or parameters on its way, and what it moves. Reached as `casework.models`.

`Change` is what administrators propose and apply. `Move` is the list that they look at before: one
row for each open deadline whose date is another afterwards. Where a case went on between preview
and application, its rows are put right when the change reaches it.
"""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class ChangeKind(models.TextChoices):
    """What a change is of."""

    CALENDAR = "calendar", "Calendar"
    PARAMETERS = "parameters", "Offsets"


class ChangeSource(models.TextChoices):
    """Where a proposal came from. GOV.UK's list only ever proposes."""

    ADMINISTRATOR = "administrator", "An administrator"
    GOV_UK = "gov.uk", "GOV.UK's list"


class ChangeState(models.TextChoices):
    """How far a change is."""

    PROPOSED = "proposed", "Proposed"
    PREVIEWING = "previewing", "Working out what moves"
    PREVIEWED = "previewed", "Ready to apply"
    APPLYING = "applying", "Being applied"
    APPLIED = "applied", "Applied"
    WITHDRAWN = "withdrawn", "Withdrawn"
    FAILED = "failed", "Failed"


#: Not decided yet, whatever is going on.
PENDING = (ChangeState.PROPOSED, ChangeState.PREVIEWING, ChangeState.PREVIEWED)
#: What a worker has to go on with.
UNDER_WAY = (ChangeState.PROPOSED, ChangeState.PREVIEWING, ChangeState.APPLYING)


class ChangeQuerySet(models.QuerySet["Change"]):
    """Changes, by how far they are."""

    def pending(self) -> "ChangeQuerySet":
        """Those that wait for somebody's decision."""
        return self.filter(state__in=PENDING)

    def under_way(self) -> "ChangeQuerySet":
        """Those that a worker has to go on with."""
        return self.filter(state__in=UNDER_WAY)


class Change(models.Model):
    """A proposed change of calendar or parameters, from proposal to result."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=ChangeKind.choices)
    source = models.CharField(
        max_length=15, choices=ChangeSource.choices, default=ChangeSource.ADMINISTRATOR
    )
    content = models.JSONField()
    why = models.CharField(max_length=300)
    state = models.CharField(
        max_length=10, choices=ChangeState.choices, default=ChangeState.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField()
    known_at = models.DateTimeField(null=True, blank=True)
    # What it was worked out against: another version since, and the preview has to be made again.
    based_on_calendar = models.PositiveIntegerField()
    based_on_parameters = models.PositiveIntegerField()
    previewed_at = models.DateTimeField(null=True, blank=True)
    # What it was recorded as.
    calendar_version = models.PositiveIntegerField(null=True, blank=True)
    parameters_version = models.PositiveIntegerField(null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    applied_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)
    # What moves (by the preview), or has moved (once applied), and how many were told.
    cases = models.PositiveIntegerField(default=0)
    deadlines = models.PositiveIntegerField(default=0)
    cases_done = models.PositiveIntegerField(default=0)
    told = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=500, blank=True)

    objects: ClassVar[ChangeQuerySet] = ChangeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-proposed_at", "id"]
        indexes = [
            models.Index(
                fields=["proposed_at"],
                condition=Q(state__in=["proposed", "previewing", "previewed", "applying"]),
                name="change_under_way",
            ),
            models.Index(fields=["-proposed_at", "id"], name="change_newest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.why}"

    @property
    def key(self) -> str:
        """The key of the event that it leaves on a case: what has it, is done."""
        return f"change:{self.pk}"


class MoveQuerySet(models.QuerySet["Move"]):
    """The moves of a change."""

    def in_order(self) -> "MoveQuerySet":
        """By the earlier of the two days; one order for a page and for a key to go on from."""
        return self.order_by("first_on", "pk")

    def visible_to(self, user: Any) -> "MoveQuerySet":
        """Those of the cases whose timetable the person may read today."""
        from casework import access
        from casework.models import Case

        cases = Case.objects.filter(access.cases_where(user, "timetable", "read"))
        return self.filter(case__in=cases.order_by())


class Move(models.Model):
    """One open deadline that a change moves. None for a day: it is not there before, or after."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="moves")
    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="+")
    rule = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, blank=True)
    subject_name = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=300)
    owed_by = models.CharField(max_length=200)
    owed_roles = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    old_on = models.DateField(null=True, blank=True)
    new_on = models.DateField(null=True, blank=True)
    old_practical_on = models.DateField(null=True, blank=True)
    new_practical_on = models.DateField(null=True, blank=True)
    # The entry of the case by which this was worked out: with another since, it is done again.
    case_version = models.PositiveIntegerField()
    # The earlier of the two, by which the list is in order.
    first_on = models.DateField()

    objects: ClassVar[MoveQuerySet] = MoveQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["first_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["change", "case", "rule", "subject"], name="move_once_per_deadline"
            ),
        ]
        indexes = [models.Index(fields=["change", "first_on", "id"], name="move_by_day")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.old_on} -> {self.new_on}"
