"""A letter: drafted from a case's facts, approved, issued as a PDF once, and never changed after.

What is issued is held fast by the database itself (migration 0002). A correction is a letter of
its own that names the one it replaces.
"""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from casework.models import Case


class LetterState(models.TextChoices):
    """Where a letter is on its way."""

    DRAFT = "draft", "Draft"
    APPROVED = "approved", "Approved"
    ISSUING = "issuing", "Being issued"
    FAILED = "failed", "Not issued: a problem"
    ISSUED = "issued", "Issued"


#: The colour of each state's tag.
TAGS = {
    LetterState.DRAFT: "govuk-tag--grey",
    LetterState.APPROVED: "govuk-tag--blue",
    LetterState.ISSUING: "govuk-tag--yellow",
    LetterState.FAILED: "govuk-tag--red",
    LetterState.ISSUED: "govuk-tag--green",
}


class LetterQuerySet(models.QuerySet["Letter"]):
    """Letters are read through the case they belong to."""

    def visible_to(self, user: Any) -> "LetterQuerySet":
        """What the person may read today: letters that went out, and drafts where those are theirs
        to see; each kind of letter has its own readers."""
        from casework import access
        from letters.registry import letter_kinds

        access.remember_grants(user)
        seen = Q(pk__in=[])
        for code in [kind.code for kind in letter_kinds()]:
            readers = Case.objects.filter(access.cases_where(user, code, "read")).order_by()
            drafters = Case.objects.filter(access.cases_where(user, code, "draft")).order_by()
            seen |= Q(code=code, case__in=drafters)
            seen |= Q(code=code, case__in=readers, state=LetterState.ISSUED)
        return self.filter(seen)

    def issued(self) -> "LetterQuerySet":
        """Those that went out."""
        return self.filter(state=LetterState.ISSUED)

    def newest_of(self, case: Case, code: str, key: str = "") -> "Letter | None":
        """The last letter of a line of corrections: the one that holds or is being made."""
        return (
            self.filter(case=case, code=code, key=key)
            .select_related("replaces", "approved_by", "issue_asked_by")
            .order_by("-number")
            .first()
        )


class Letter(models.Model):
    """One letter of a case. `key` tells apart several of one code (a body, a round); usually ''."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters")
    code = models.CharField(max_length=20)
    key = models.CharField(max_length=80, blank=True)
    # 1 for the letter itself, 2 for its correction, 3 for the correction of that.
    number = models.PositiveSmallIntegerField(default=1)
    reference = models.CharField(max_length=140, unique=True)
    state = models.CharField(max_length=10, choices=LetterState.choices, default=LetterState.DRAFT)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    replaces_reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    # Frozen at approval.
    facts = models.JSONField(null=True, blank=True)
    facts_version = models.PositiveSmallIntegerField(null=True, blank=True)
    template_version = models.PositiveSmallIntegerField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    # The day on the letter, and who asked for it to go out.
    dated = models.DateField(null=True, blank=True)
    issue_asked_at = models.DateTimeField(null=True, blank=True)
    issue_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    queued_at = models.DateTimeField(null=True, blank=True)
    failure = models.TextField(blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)

    # What went out, as printed and as stored.
    issued_at = models.DateTimeField(null=True, blank=True)
    html = models.TextField(blank=True)
    path = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(null=True, blank=True)

    objects: ClassVar[LetterQuerySet] = LetterQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["case", "code", "key", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "code", "key", "number"], name="letter_once_per_occasion"
            ),
            models.CheckConstraint(
                condition=(Q(number=1) & Q(replaces__isnull=True))
                | (Q(number__gt=1) & Q(replaces__isnull=False) & ~Q(replaces_reason="")),
                name="letter_correction_names_what_it_replaces",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="draft",
                    facts__isnull=True,
                    approved_at__isnull=True,
                    approved_by__isnull=True,
                )
                | (
                    ~Q(state="draft")
                    & Q(
                        facts__isnull=False,
                        template_version__isnull=False,
                        approved_at__isnull=False,
                        approved_by__isnull=False,
                    )
                ),
                name="letter_facts_frozen_with_approval",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["issuing", "failed", "issued"])
                | Q(
                    dated__isnull=False,
                    issue_asked_at__isnull=False,
                    issue_asked_by__isnull=False,
                ),
                name="letter_issue_was_asked_for",
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        state="issued",
                        issued_at__isnull=False,
                        sha256__regex=r"^[0-9a-f]{64}$",
                        size__gt=0,
                    )
                    & ~Q(path="")
                    & ~Q(html="")
                )
                | (~Q(state="issued") & Q(issued_at__isnull=True, sha256="", path="", html="")),
                name="letter_issued_has_its_file",
            ),
            models.CheckConstraint(
                condition=Q(state="failed") ^ Q(failure=""), name="letter_failure_has_a_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["queued_at"], condition=Q(state="issuing"), name="letter_still_issuing"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """The letter as a web page."""
        return f"/letters/{self.pk}/"

    @property
    def is_issued(self) -> bool:
        """Whether it went out."""
        return self.state == LetterState.ISSUED
