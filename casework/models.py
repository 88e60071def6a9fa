"""The tables of the heart: cases, their events, and what is derived from them. No workflow here.

Events are facts: the database itself refuses to change or remove one (migration 0002). Everything
marked *derived* below is written by `casework.recording` alone and can be had again from the
events (`manage.py rebuild --check`).
"""

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from casework.changes.models import Change as Change
from casework.changes.models import ChangeKind as ChangeKind
from casework.changes.models import ChangeSource as ChangeSource
from casework.changes.models import ChangeState as ChangeState
from casework.changes.models import Move as Move

if TYPE_CHECKING:
    from casework.access import Access


class CaseQuerySet(models.QuerySet["Case"]):
    """Every list of cases that reaches a person starts at `visible_to`."""

    def visible_to(self, user: Any) -> "CaseQuerySet":
        """The cases whose existence the person may know of today: one indexed query."""
        from casework import access

        return self.filter(access.visible_cases(user))

    def with_area(self) -> "CaseQuerySet":
        """The same cases with local area and region read by the same query."""
        return self.select_related("local_area", "local_area__region")


class Case(models.Model):
    """One inspection, written statement, re-visit or programme of one local area."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=30)
    framework = models.CharField(max_length=40, blank=True)
    edition = models.CharField(max_length=40, blank=True)
    local_area = models.ForeignKey(
        "areas.LocalArea", on_delete=models.PROTECT, related_name="cases"
    )
    origin = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    opening_key = models.CharField(max_length=200, blank=True, editable=False)
    created_at = models.DateTimeField(editable=False)

    # Derived from the events.
    stage = models.CharField(max_length=40)
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    moments = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    suspended_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=40, blank=True, default="")
    # The day on which all who publish had published.
    published_on = models.DateField(null=True, blank=True)
    # Cases with the same one have the same open dates, whatever the calendar (`casework.digests`).
    inputs_digest = models.CharField(max_length=32, blank=True, default="", editable=False)
    version = models.PositiveIntegerField(default=0)
    head_hash = models.CharField(max_length=64, blank=True)

    objects: ClassVar[CaseQuerySet] = CaseQuerySet.as_manager()  # type: ignore[assignment]

    #: Set by `case_or_refuse`: what the person who asks may do here.
    access: "Access"

    class Meta:
        ordering = ["reference"]
        constraints = [
            models.UniqueConstraint(
                fields=["opening_key"], condition=~Q(opening_key=""), name="case_opened_once"
            ),
            models.CheckConstraint(
                condition=Q(first_day__isnull=True)
                | Q(last_day__isnull=True)
                | Q(last_day__gte=F("first_day")),
                name="case_last_day_not_before_first",
            ),
        ]
        indexes = [
            models.Index(fields=["local_area", "kind", "-first_day"], name="case_by_area_and_day"),
            models.Index(fields=["kind", "stage", "-created_at", "id"], name="case_by_stage"),
            models.Index(fields=["-created_at", "id"], name="case_newest_first"),
            # The orders of the list of cases; days that are empty stand last both ways.
            models.Index(fields=["stage", "id"], name="case_in_order_of_stage"),
            models.Index(fields=["first_day", "id"], name="case_earliest_first"),
            models.Index(F("first_day").desc(nulls_last=True), "id", name="case_latest_first"),
            # The programme: the statement of an area that is open or ended last, and what is to
            # be scheduled there.
            models.Index(
                fields=["local_area", "kind", "-ended_on", "-created_at"],
                name="case_by_area_and_end",
            ),
            models.Index(
                fields=["local_area", "kind", "-created_at"],
                condition=Q(first_day__isnull=True, ended_on__isnull=True),
                name="case_open_without_days",
            ),
            GinIndex(fields=["moments"], name="case_by_moment"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """The address of the case page."""
        return f"/cases/{self.pk}/"


class Origin(models.TextChoices):
    """How an event came to be on record."""

    RECORDED = "recorded", "recorded by a person or the system"
    REACTION = "reaction", "followed from an event of another case"
    IMPORTED = "imported", "taken over from published history"


class EventQuerySet(models.QuerySet["Event"]):
    """Events are read through the case they belong to."""

    def visible_to(self, user: Any) -> "EventQuerySet":
        """The events of the cases that the person may see."""
        return self.filter(case__in=Case.objects.visible_to(user))


class Event(models.Model):
    """Something that happened on a case. Added, never edited; the hash covers the one before."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=80, blank=True)
    happened_on = models.DateField()
    happened_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    recorded_at = models.DateTimeField()
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.RECORDED)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    schema_version = models.PositiveSmallIntegerField(default=1)
    calendar_version = models.PositiveIntegerField()
    parameters_version = models.PositiveIntegerField()
    # The bodies that owe something here, where they differ from the event before: an input too.
    subjects = models.JSONField(null=True, blank=True)
    key = models.CharField(max_length=200, blank=True)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    voids = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="voidings"
    )
    note_commitment = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects: ClassVar[EventQuerySet] = EventQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["case", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="event_seq_once_per_case"),
            models.UniqueConstraint(
                fields=["case", "key"], condition=~Q(key=""), name="event_key_once_per_case"
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | Q(voids__isnull=True),
                name="event_corrects_or_voids",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.seq})"


class EventNote(models.Model):
    """What may one day have to be erased: free text, names. The event's hash commits to it."""

    event = models.OneToOneField(
        Event, on_delete=models.PROTECT, primary_key=True, related_name="note"
    )
    content = models.JSONField(default=dict)
    salt = models.CharField(max_length=64, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    erased_reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"note of event {self.event_id}"


class DeadlineState(models.TextChoices):
    """What is stored. *Lapsed* and *overdue* are conditions on the clock, worked out when read."""

    FORECAST = "forecast", "Forecast"
    OPEN = "open", "Open"
    MET = "met", "Met"
    MET_LATE = "met_late", "Met late"
    NOT_APPLICABLE = "not_applicable", "Not applicable"
    NOT_RECORDED = "not_recorded", "Not recorded"


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    """Deadlines, by what is still to be done about them."""

    def visible_to(self, user: Any) -> "DeadlineQuerySet":
        """Those of the cases whose timetable the person may read today."""
        from casework import access

        cases = Case.objects.filter(access.cases_where(user, "timetable", "read"))
        return self.filter(case__in=cases.order_by())

    def unmet(self) -> "DeadlineQuerySet":
        """Open ones and forecasts, soonest first."""
        states = [DeadlineState.OPEN, DeadlineState.FORECAST]
        return self.filter(state__in=states).order_by("due_on", "due_at", "rule", "subject")

    def overdue(self, today: Any) -> "DeadlineQuerySet":
        """Open ones whose day has passed and that somebody has to do something about."""
        return self.filter(state=DeadlineState.OPEN, lapses=False, due_on__lt=today)


class Deadline(models.Model):
    """One thing due on a case from one body. Derived, all of it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="deadlines")
    rule = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, blank=True)
    subject_name = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=300)
    owed_by = models.CharField(max_length=200)
    owed_roles = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    strength = models.CharField(max_length=10)
    # The day that counts: the agreed one where there is one, else the computed one.
    due_on = models.DateField()
    due_at = models.DateTimeField(null=True, blank=True)
    computed_on = models.DateField()
    agreed_on = models.DateField(null=True, blank=True)
    practical_on = models.DateField(null=True, blank=True)
    day_number = models.SmallIntegerField(null=True, blank=True)
    counted_from_event = models.CharField(max_length=60)
    counted_from_on = models.DateField()
    # Of a settled row; of any other, those of the case's last event.
    calendar_version = models.PositiveIntegerField(null=True, blank=True)
    parameters_version = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=DeadlineState.choices)
    lapses = models.BooleanField(default=False)
    met_by = models.CharField(max_length=60, blank=True)
    met_on = models.DateField(null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    met_event = models.ForeignKey(
        Event, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    explained = models.BooleanField(default=False)
    held_from = models.DateField(null=True, blank=True)
    held_until = models.DateField(null=True, blank=True)
    # Met, and what it counts from is on record: its dates never move again.
    settled = models.BooleanField(default=False)
    # The event that settled it: `why` computes again as of there. None: as of the last event.
    as_of_seq = models.PositiveIntegerField(null=True, blank=True)

    objects: ClassVar[DeadlineQuerySet] = DeadlineQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["due_on", "due_at", "rule", "subject"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "rule", "subject"], name="deadline_once_per_subject"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "case"], condition=Q(state="open"), name="deadline_open_by_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.due_on}"


class CaseRoleQuerySet(models.QuerySet["CaseRole"]):
    """Who is on a case."""

    def on(self, day: Any) -> "CaseRoleQuerySet":
        """The roles that hold on a day."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


class CaseRole(models.Model):
    """A person's part in one case: on its team, its nominated officer, a representative."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="roles")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="case_roles"
    )
    role = models.CharField(max_length=40)
    organisation = models.ForeignKey(
        "areas.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar[CaseRoleQuerySet] = CaseRoleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["case", "role", "starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person", "role"],
                condition=Q(ends_on__isnull=True),
                name="case_role_held_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="case_role_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "role", "case"], name="case_role_by_person"),
            models.Index(fields=["case", "role"], name="case_role_by_case"),
        ]

    def __str__(self) -> str:
        return f"{self.role} on {self.case_id}"


class ParameterVersion(models.Model):
    """A complete set of the administrators' choices for the offsets that the sources leave open.

    Version 1 is every rule's own default. A change is a new version with the moment it became
    known; a case keeps the version it was opened with until an event on it says otherwise.
    """

    version = models.PositiveIntegerField(primary_key=True)
    values = models.JSONField(default=dict, blank=True)
    effective_from = models.DateField()
    known_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["version"]

    def __str__(self) -> str:
        return f"parameters, version {self.version}"


class ReferenceNumber(models.Model):
    """The last number given to a reference of one prefix and year ('IN-2026')."""

    series = models.CharField(max_length=20, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series}-{self.last:04d}"
