"""The outbox: messages that are to go out, written in the transaction that makes them necessary.

This room lies below the people's, so a recipient is an address and a number, not a foreign key.
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q


class NoticeState(models.TextChoices):
    """Where a notice is on its way."""

    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Given up"


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices, by what is to be done with them."""

    def due(self, moment: Any) -> "NoticeQuerySet":
        """Waiting ones whose time has come."""
        return self.filter(state=NoticeState.WAITING, next_try_at__lte=moment)


class Notice(models.Model):
    """One message to one person. `key` makes the same message go out once."""

    key = models.CharField(max_length=200, unique=True)
    recipient_email = models.EmailField(max_length=254)
    recipient_id = models.BigIntegerField(null=True, blank=True)
    template = models.CharField(max_length=60)
    context = models.JSONField(default=dict, blank=True)
    link = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    next_try_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=NoticeState.choices, default=NoticeState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    objects: ClassVar[NoticeQuerySet] = NoticeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["next_try_at", "id"],
                condition=Q(state="waiting"),
                name="notice_waiting_by_time",
            ),
            models.Index(
                fields=["claimed_at"], condition=Q(state="sending"), name="notice_being_sent"
            ),
            models.Index(fields=["recipient_id", "-id"], name="notice_by_recipient"),
        ]

    def __str__(self) -> str:
        return f"{self.template} ({self.state})"
