"""Finding an area; who holds a post; school terms."""

import datetime
from typing import Any

from django import forms

from areas.models import LocalArea, OrganisationKind, PostKind, Region
from design_system.forms import DateInputField, GovukForm, RadiosField, TextField, YesNoField

EARLIEST = datetime.date(2000, 1, 1)
LATEST = datetime.date(2040, 12, 31)
#: Longer than any stretch of term; a longer one has a wrong year.
LONGEST_TERM = datetime.timedelta(days=140)

CURRENT, ABOLISHED, ALL = "current", "abolished", "all"

#: The posts that a kind of organisation has.
POSTS: dict[str, tuple[PostKind, ...]] = {
    OrganisationKind.COUNCIL: (
        PostKind.DCS,
        PostKind.CHIEF_EXECUTIVE,
        PostKind.LANO,
        PostKind.SEND_LEAD,
    ),
    OrganisationKind.HEALTH_COMMISSIONER: (
        PostKind.HEALTH_CHIEF_EXECUTIVE,
        PostKind.HEALTH_LANO,
        PostKind.SEND_LEAD,
    ),
    OrganisationKind.PARENT_CARER_FORUM: (PostKind.FORUM_CHAIR,),
    OrganisationKind.IASS: (PostKind.SERVICE_MANAGER,),
}


class FindAreaForm(GovukForm):
    """What the list of areas can be narrowed to."""

    find = TextField(label="Name or DfE number", required=False, max_length=100)
    region = forms.ChoiceField(label="Region", required=False)
    standing = forms.ChoiceField(
        label="Standing",
        required=False,
        choices=[("", "Current"), (ABOLISHED, "Abolished"), (ALL, "All")],
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["region"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "All"), *Region.objects.values_list("code", "name")]

    def found(self) -> list[LocalArea]:
        """The areas that match, by name, with their regions: one query. None while in error."""
        if not self.is_valid():
            return []
        areas = LocalArea.objects.select_related("region").order_by("name")
        chosen = self.cleaned_data
        if chosen["standing"] != ALL:
            areas = areas.filter(ends_on__isnull=chosen["standing"] != ABOLISHED)
        if chosen["region"]:
            areas = areas.filter(region__code=chosen["region"])
        if text := chosen["find"]:
            areas = (
                areas.filter(dfe_code=text)
                if _is_number(text)
                else areas.filter(name__icontains=text)
            )
        return list(areas)


def _is_number(text: str) -> bool:
    return len(text) == 3 and text.isascii() and text.isdigit()


class _ContactForm(GovukForm):
    """How to reach a person in a post."""

    name = TextField(label="Full name", max_length=300)
    email = forms.EmailField(label="E-mail address", required=False, max_length=254)
    phone = TextField(label="Telephone number", required=False, max_length=40)

    looks = {"name": {"width": 30}, "email": {"width": 30}, "phone": {"width": 20}}

    def clean_phone(self) -> str:
        """A number as people write it; a formula or a name is none."""
        phone = str(self.cleaned_data["phone"])
        if phone and (not set(phone) <= set("0123456789+() -./extEXT#") or _digits(phone) < 5):
            raise forms.ValidationError(
                "Enter a telephone number, like 020 7946 0000 or +44 20 7946 0000"
            )
        return phone


def _digits(text: str) -> int:
    return sum(char.isdigit() for char in text)


class HolderForm(_ContactForm):
    """Somebody takes up a post."""

    post = RadiosField(label="Which post?")
    starts_on = DateInputField(
        label="First day in the post",
        help_text="For example, 27 3 2026",
        earliest=EARLIEST,
        latest=LATEST,
    )
    takes_over = YesNoField(
        label="Does this person take over from whoever holds the post?",
        hints={
            "yes": "The time of the person before them ends the day before",
            "no": "Nobody holds it, or both hold it together",
        },
    )

    field_order = ["post", "name", "email", "phone", "starts_on", "takes_over"]

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["post"]
        assert isinstance(field, RadiosField)
        field.choices = [(post.value, post.label) for post in POSTS.get(kind, ())]


class ContactForm(_ContactForm):
    """Correct what is recorded of a person in a post."""


class EndForm(GovukForm):
    """Somebody leaves a post."""

    ends_on = DateInputField(
        label="Last day in the post",
        help_text="For example, 27 3 2026",
        earliest=EARLIEST,
        latest=LATEST,
    )


class TermForm(GovukForm):
    """One stretch of term; half-term is the gap between two (HB 14)."""

    name = TextField(
        label="Name of the stretch of term",
        help_text="For example, Autumn, first half",
        max_length=80,
    )
    starts_on = DateInputField(
        label="First day of term",
        help_text="For example, 4 9 2026",
        earliest=EARLIEST,
        latest=LATEST,
    )
    ends_on = DateInputField(
        label="Last day of term",
        help_text="For example, 23 10 2026",
        earliest=EARLIEST,
        latest=LATEST,
    )

    looks = {"name": {"width": 20}}

    def clean(self) -> dict[str, Any]:
        """The cleaned data; the last day is not before the first, nor too long after it."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day of term is before its first day")
        elif first and last and last - first > LONGEST_TERM:
            self.add_error(
                "ends_on",
                f"That would be {(last - first).days + 1} days, longer than any term: enter each "
                "stretch between two holidays by itself",
            )
        return cleaned
