"""People and the roles they hold: in an organisation, for an area, a region or nationally."""

import datetime
import uuid
from typing import Any, ClassVar

from django.contrib.admin.models import LogEntry
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from accounts import roles
from areas.models import LocalArea, Organisation, Region
from config import clock


class UserManager(BaseUserManager["User"]):
    """Makes people; the e-mail address is what they sign in with."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new person, saved. Raises ValueError without an e-mail address."""
        if not email:
            raise ValueError("A person needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new administrator of reference data, with the role; sees no case by that."""
        marks = {"is_staff": True, "is_superuser": True}
        with transaction.atomic(using=self._db):
            user = self.create_user(email, password, **marks, **fields)
            Membership.objects.create(
                person=user,
                role=roles.ADMINISTRATOR,
                scope=Scope.NATIONAL,
                starts_on=clock.today(),
                reason="Made at the command line",
            )
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """The person with an address, in whatever case it is typed."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. Addresses show the opaque id, never the e-mail address."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("e-mail address", max_length=254, unique=True)
    name = models.CharField(max_length=300)
    is_staff = models.BooleanField("may open Django admin", default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    #: Sessions that began before hold no more.
    signed_out_at = models.DateTimeField("signed out everywhere", null=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must agree with: the password, and when everybody was signed out."""
        if self.signed_out_at is None:
            return str(super()._get_session_auth_hash(secret))  # type: ignore[misc]
        value = f"{self.password}{self.signed_out_at.isoformat()}"
        return salted_hmac("accounts.session", value, secret=secret, algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        """The person's name as they gave it."""
        return self.name

    def get_short_name(self) -> str:
        """The same: names do not divide alike everywhere."""
        return self.name


class Scope(models.TextChoices):
    """How far a membership reaches."""

    AREA = "area", "One local area"
    REGION = "region", "One region"
    NATIONAL = "national", "All of England"


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Roles that people hold."""

    def on(self, day: datetime.date) -> "MembershipQuerySet":
        """Those that hold on a day (both ends included)."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


class Membership(models.Model):
    """A person holds a role in an organisation, for an area, a region or England, for a time."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=40, choices=roles.CHOICES)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    scope = models.CharField(max_length=10, choices=Scope.choices)
    local_area = models.ForeignKey(
        LocalArea, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar[MembershipQuerySet] = MembershipQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "role"
        ordering = ["person", "role", "starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="membership_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(scope="area", local_area__isnull=False, region__isnull=True)
                | Q(scope="region", region__isnull=False, local_area__isnull=True)
                | Q(scope="national", region__isnull=True, local_area__isnull=True),
                name="membership_scope_has_its_place",
            ),
        ]
        indexes = [models.Index(fields=["person", "role"], name="membership_by_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}"


class AdministrativeAction(LogEntry):
    """One entry of Django's own record of who changed what in Django admin, under a name that
    people read. Never changed or removed."""

    class Meta:
        proxy = True
        verbose_name = "administrative action"
        verbose_name_plural = "recent administrative actions"
