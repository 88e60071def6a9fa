"""Forms for the people, organisations and terms of an area."""

import datetime
from typing import Any

from django import forms

from areas.models import Organisation, OrganisationKind, PostKind
from design_system.forms import DateInputField, GovukForm, LongTextField, RadiosField, TextField

#: Inspections of this kind began in May 2016; a school year may be entered some years ahead.
FIRST_TERM = datetime.date(2015, 8, 1)
LAST_TERM = datetime.date(2040, 12, 31)
FIRST_POST = datetime.date(1974, 4, 1)
EXAMPLE = "For example, 1 9 2026"


def _date(label: str, *, required: bool, hint: str = EXAMPLE, term: bool = False) -> DateInputField:
    return DateInputField(
        label=label,
        required=required,
        help_text=hint,
        earliest=FIRST_TERM if term else FIRST_POST,
        latest=LAST_TERM,
    )


class FilterForm(GovukForm):
    """What the list of areas is narrowed to."""

    q = TextField(label="Name or code", required=False, max_length=100)
    region = forms.ChoiceField(label="Region", required=False)
    gone = forms.BooleanField(label="Areas that no longer exist", required=False)

    looks = {"q": {"width": 20}, "gone": {"small": True}}

    def __init__(self, regions: list[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["region"].choices = [("", "All regions"), *regions]  # type: ignore[attr-defined]


class HolderForm(GovukForm):
    """Somebody who holds a post."""

    name = TextField(label="Name", max_length=300)
    email = forms.EmailField(label="E-mail address", required=False, max_length=254)
    phone = TextField(label="Telephone number", required=False, max_length=40)
    starts_on = _date("First day in the post", required=False, hint="Leave empty if not known")
    ends_on = _date("Last day in the post", required=False, hint="Leave empty if not known yet")

    looks = {"email": {"width": 30}, "phone": {"width": 20}}

    def clean_phone(self) -> str:
        """Digits with what people write between them. Raises ValidationError."""
        phone: str = self.cleaned_data["phone"]
        digits = sum(char.isdigit() for char in phone)
        if phone and (
            digits < 5 or not all(char.isalnum() or char in " +-().,/#" for char in phone)
        ):
            raise forms.ValidationError(
                "Enter a telephone number, like 020 7946 0000 or +44 20 7946 0000 extension 12"
            )
        return phone


class NewHolderForm(HolderForm):
    """Somebody new in a post, perhaps in place of another."""

    succeeds = RadiosField(
        label="What about whoever holds the post now?",
        choices=[
            ("yes", "Their last day is the day before"),
            ("no", "Leave their dates as they are"),
        ],
    )

    def __init__(self, *args: Any, succession: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["starts_on"].required = succession
        if succession:
            self.fields["starts_on"].help_text = EXAMPLE
        else:
            del self.fields["succeeds"]


class PostForm(GovukForm):
    """A post that an organisation does not have yet."""

    kind = forms.ChoiceField(label="Post", choices=PostKind.choices)
    title = TextField(
        label="Title as the organisation uses it",
        required=False,
        max_length=150,
        help_text="Leave empty for the usual title",
    )
    whose = RadiosField(
        label="Where does this post count?",
        choices=[("area", "In this area only"), ("all", "In every area the organisation serves")],
        initial="all",
    )

    def __init__(self, kinds: list[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [("", "Choose a post"), *kinds]  # type: ignore[attr-defined]


class OrganisationForm(GovukForm):
    """How to reach an organisation: letters carry the postal address (HB 62)."""

    email = forms.EmailField(label="E-mail address", required=False, max_length=254)
    address = LongTextField(
        label="Postal address", required=False, max_length=500, help_text="As on an envelope"
    )

    looks = {"email": {"width": 30}, "address": {"rows": 5}}


class LinkForm(GovukForm):
    """From when to when an organisation serves the area."""

    starts_on = _date("First day", required=False, hint="Leave empty if long ago")
    ends_on = _date("Last day", required=False, hint="Leave empty if it still does")


class NewLinkForm(LinkForm):
    """An organisation that begins to serve the area: one that is known, or a new one."""

    kind = RadiosField(
        label="What is it?",
        choices=[
            (kind.value, kind.label)
            for kind in (
                OrganisationKind.COUNCIL,
                OrganisationKind.HEALTH_COMMISSIONER,
                OrganisationKind.PARENT_CARER_FORUM,
                OrganisationKind.IASS,
            )
        ],
    )
    name = TextField(
        label="Name",
        help_text="In full. If it serves another area already, exactly as it stands there",
    )

    field_order = ("kind", "name", "starts_on", "ends_on")

    def organisation(self) -> Organisation:
        """The organisation of that kind and name, in whatever case; made when there is none."""
        kind, name = self.cleaned_data["kind"], self.cleaned_data["name"]
        known = Organisation.objects.filter(kind=kind, name__iexact=name).order_by("name", "pk")
        found: Organisation | None = known.first()
        if found is None:
            found, _ = Organisation.objects.get_or_create(kind=kind, name=name)
        return found


class TermForm(GovukForm):
    """One stretch of term, from a holiday to the next."""

    name = TextField(label="Name", max_length=80, help_text="For example, Autumn, first half")
    starts_on = _date("First day", required=True, term=True)
    ends_on = _date("Last day", required=True, hint="The day on which schools close", term=True)

    looks = {"name": {"width": 20}}
