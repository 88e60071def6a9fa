"""Regions, local areas, the bodies that serve them, who holds which post, and school terms."""

import datetime
import uuid
from typing import ClassVar, TypeVar

from django.db import models
from django.db.models import F, Q

_Model = TypeVar("_Model", bound=models.Model)


class DatedQuerySet(models.QuerySet[_Model]):
    """Rows that hold from a day to a day."""

    def on(self, day: datetime.date) -> "DatedQuerySet[_Model]":
        """The rows that hold on a day (both ends included)."""
        began = Q(starts_on__isnull=True) | Q(starts_on__lte=day)
        return self.filter(began, Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def _ends_after_start(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(starts_on__isnull=True)
        | Q(ends_on__isnull=True)
        | Q(ends_on__gte=F("starts_on")),
        name=name,
    )


class Region(models.Model):
    """One of Ofsted's eight regions."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AuthorityType(models.TextChoices):
    """The kinds of upper-tier authority."""

    LONDON_BOROUGH = "london_borough", "London borough"
    METROPOLITAN = "metropolitan", "Metropolitan district"
    UNITARY = "unitary", "Unitary authority"
    COUNTY = "county", "County council"


class StatisticalRegion(models.TextChoices):
    """The nine regions of the Office for National Statistics; Ofsted joins two of them."""

    EAST_MIDLANDS = "East Midlands", "East Midlands"
    EAST_OF_ENGLAND = "East of England", "East of England"
    LONDON = "London", "London"
    NORTH_EAST = "North East", "North East"
    NORTH_WEST = "North West", "North West"
    SOUTH_EAST = "South East", "South East"
    SOUTH_WEST = "South West", "South West"
    WEST_MIDLANDS = "West Midlands", "West Midlands"
    YORKSHIRE = "Yorkshire and the Humber", "Yorkshire and the Humber"


class LocalArea(models.Model):
    """The footprint of one upper-tier authority. Abolished ones stay, with their successors."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dfe_code = models.CharField("DfE number", max_length=3, unique=True)
    name = models.CharField(max_length=100)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="local_areas")
    other_names = models.CharField(
        max_length=300, blank=True, help_text="As other registers have it, with semicolons between"
    )
    authority_type = models.CharField(max_length=20, choices=AuthorityType.choices)
    ofsted_urn = models.CharField("Ofsted URN", max_length=10, blank=True)
    ons_region = models.CharField(
        "ONS region", max_length=40, choices=StatisticalRegion.choices, blank=True
    )
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    successors = models.ManyToManyField(
        "self", symmetrical=False, related_name="predecessors", blank=True
    )

    objects: ClassVar[DatedQuerySet["LocalArea"]] = DatedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name"]
        constraints = [_ends_after_start("local_area_ends_after_start")]
        # Small as the table is: lists of cases in the order of areas begin here.
        indexes = [models.Index(fields=["name"], name="local_area_by_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The address of the area's page."""
        return f"/areas/{self.pk}/"


class GssCode(models.Model):
    """A code of the Government Statistical Service; it can change without a new area."""

    local_area = models.ForeignKey(LocalArea, on_delete=models.PROTECT, related_name="gss_codes")
    code = models.CharField(max_length=9)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    objects: ClassVar[DatedQuerySet["GssCode"]] = DatedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["local_area", F("starts_on").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(fields=["local_area", "code"], name="gss_code_once_per_area"),
            _ends_after_start("gss_code_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.code


class OrganisationKind(models.TextChoices):
    """What an organisation is in these inspections."""

    COUNCIL = "council", "Council"
    HEALTH_COMMISSIONER = "health_commissioner", "Health commissioner"
    INSPECTORATE = "inspectorate", "Inspectorate"
    PARENT_CARER_FORUM = "parent_carer_forum", "Parent carer forum"
    IASS = "iass", "Information, advice and support service"
    DEPARTMENT = "department", "Department"


class Organisation(models.Model):
    """A council, health commissioner, inspectorate, forum, service or department."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=30, choices=OrganisationKind.choices)
    name = models.CharField(max_length=200)
    code = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    address = models.TextField(blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    successors = models.ManyToManyField(
        "self",
        symmetrical=False,
        related_name="predecessors",
        blank=True,
        help_text="The bodies that it became: clinical commissioning groups merged, and gave way "
        "to integrated care boards",
    )

    objects: ClassVar[DatedQuerySet["Organisation"]] = DatedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "name"], name="organisation_once_per_kind"),
            _ends_after_start("organisation_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.name


class AreaOrganisation(models.Model):
    """An organisation serves a local area, from a day to a day."""

    local_area = models.ForeignKey(LocalArea, on_delete=models.PROTECT, related_name="links")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="links")
    share = models.PositiveSmallIntegerField(
        "percent",
        null=True,
        blank=True,
        help_text="How many of a hundred people of the area it serves, where that is known",
    )
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    objects: ClassVar[DatedQuerySet["AreaOrganisation"]] = DatedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["local_area", "organisation"]
        constraints = [
            models.UniqueConstraint(
                fields=["local_area", "organisation", "starts_on"],
                name="area_organisation_once",
                nulls_distinct=False,
            ),
            _ends_after_start("area_organisation_ends_after_start"),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__range=(1, 100)),
                name="area_organisation_share_is_percent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.local_area}"


class PostKind(models.TextChoices):
    """The posts that the process speaks of."""

    DCS = "dcs", "Director of children's services"
    CHIEF_EXECUTIVE = "chief_executive", "Chief executive"
    HEALTH_CHIEF_EXECUTIVE = "health_chief_executive", "Chief executive (health commissioner)"
    LANO = "lano", "Local area nominated officer"
    HEALTH_LANO = "health_lano", "Health equivalent of the nominated officer"
    SEND_LEAD = "send_lead", "SEND lead"
    FORUM_CHAIR = "forum_chair", "Chair of the parent carer forum"
    SERVICE_MANAGER = "service_manager", "Manager of the advice service"


class Post(models.Model):
    """A post in an organisation. An organisation that serves several areas has one for each where
    the post is of one area (a nominated officer), and one for all where it is not."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="posts")
    local_area = models.ForeignKey(
        LocalArea, on_delete=models.PROTECT, null=True, blank=True, related_name="posts"
    )
    kind = models.CharField(max_length=30, choices=PostKind.choices)
    title = models.CharField(max_length=150)

    class Meta:
        ordering = ["organisation", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "local_area", "kind"],
                name="post_once_per_organisation",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.organisation}"


class PostHolder(models.Model):
    """A person who holds a post, from a day to a day."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holders")
    name = models.CharField(max_length=300)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    objects: ClassVar[DatedQuerySet["PostHolder"]] = DatedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["post", "starts_on", "pk"]
        constraints = [_ends_after_start("post_holder_ends_after_start")]

    def __str__(self) -> str:
        return self.name


class Term(models.Model):
    """A stretch of school term at one local area; half-term is the gap between two (HB 14)."""

    local_area = models.ForeignKey(LocalArea, on_delete=models.CASCADE, related_name="terms")
    name = models.CharField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField()

    objects: ClassVar[DatedQuerySet["Term"]] = DatedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["local_area", "starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["local_area", "starts_on"], name="term_starts_once"),
            _ends_after_start("term_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.local_area}"
