"""What is asked to record a merger, and what is carried from the look to the word."""

import datetime
import uuid
from typing import Any

from django import forms
from django.core import signing

from areas.merging import Merger, MergerPlan
from areas.models import Organisation
from design_system.forms import CheckboxesField, DateInputField, GovukForm, RadiosField, TextField

EARLIEST, LATEST = datetime.date(2016, 1, 1), datetime.date(2040, 12, 31)
GOOD_FOR = datetime.timedelta(days=1)
NEW, EXISTING = "new", "existing"


class MergerForm(GovukForm):
    """Which commissioners end, from which day another serves, and which."""

    bodies = CheckboxesField(
        label="Which health commissioners end, or pass areas on?",
        help_text="Leave out one that goes on and takes over the others: choose it below",
    )
    on = DateInputField(
        label="First day of the body that takes over",
        help_text="For example, 1 4 2027. The day before is the last day of the others",
        earliest=EARLIEST,
        latest=LATEST,
    )
    into = RadiosField(
        label="Which body takes over?",
        choices=[(NEW, "A new one"), (EXISTING, "One that is there")],
        reveals={NEW: "name", EXISTING: "existing"},
    )
    name = TextField(
        label="Name of the new body",
        max_length=200,
        help_text="In full, like NHS Somerset Integrated Care Board",
    )
    existing = forms.ChoiceField(label="Health commissioner")

    looks = {"bodies": {"small": True}}

    def __init__(self, known: list[Organisation], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(str(body.pk), body.name) for body in known]
        self.fields["bodies"].choices = choices  # type: ignore[attr-defined]
        self.fields["existing"].choices = [  # type: ignore[attr-defined]
            ("", "Choose a health commissioner"),
            *choices,
        ]

    def merger(self) -> Merger:
        """What the answers say."""
        given = self.cleaned_data
        is_new = given["into"] == NEW
        return Merger(
            on=given["on"],
            bodies=tuple(sorted(uuid.UUID(pk) for pk in given["bodies"])),
            into=None if is_new else uuid.UUID(given["existing"]),
            name=given["name"] if is_new else "",
        )


def carried(plan: MergerPlan, user: Any) -> str:
    """A merger and the digest of its plan, signed for one person."""
    merger = plan.merger
    given = {
        "on": merger.on.isoformat(),
        "bodies": [str(pk) for pk in merger.bodies],
        "into": str(merger.into or ""),
        "name": merger.name,
        "digest": plan.digest,
    }
    return signing.dumps(given, salt=f"areas.merging {user.pk}", compress=True)


def brought_back(text: str, user: Any) -> tuple[Merger, str]:
    """What was carried. Raises signing.BadSignature where it is not what was given out, or is older
    than a day."""
    given = signing.loads(text, salt=f"areas.merging {user.pk}", max_age=GOOD_FOR)
    merger = Merger(
        on=datetime.date.fromisoformat(given["on"]),
        bodies=tuple(uuid.UUID(pk) for pk in given["bodies"]),
        into=uuid.UUID(given["into"]) if given["into"] else None,
        name=given["name"],
    )
    return merger, given["digest"]
