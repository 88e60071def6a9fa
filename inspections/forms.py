"""The forms of this room: planning, dates and team, notification morning, people's days."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms

from accounts.models import User
from areas.models import LocalArea
from casework.forms import KeyField, new_key
from config import clock
from design_system.forms import (
    CheckboxesField,
    DateInputField,
    GovukForm,
    LongTextField,
    RadiosField,
    TextField,
    TimeInputField,
)
from inspections import requests
from inspections.events import DCS_CHOICES, HEALTH_CHOICES, TakenBy
from inspections.frameworks import LABELS, LOCAL_AREA_2016
from inspections.proposal import (
    ADDITIONAL_INSPECTOR,
    CQC_INSPECTOR,
    LEAD_HMI,
    LONGEST,
    OFSTED_INSPECTOR,
    PLANNING_DAYS,
    USUAL_LENGTH,
)
from inspections.scheduling import Candidate, Choice

MOST_PLANNING_DAYS = 10
EARLIEST = datetime.date(2016, 5, 1)  # the first inspections of this framework
LATEST = datetime.date(2099, 12, 31)


class KeyedForm(GovukForm):
    """A form that records something; its key makes a second send harmless."""

    key = KeyField(required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        options["initial"] = {"key": new_key(), **(options.get("initial") or {})}
        super().__init__(*args, **options)

    @property
    def lead_fields(self) -> list[forms.BoundField]:
        """What is asked first: all that stands before day and time, or all there is."""
        return self._fields_from("lead")

    @property
    def end_fields(self) -> list[forms.BoundField]:
        """What is asked after day and time."""
        return self._fields_from("end")

    def _fields_from(self, part: str) -> list[forms.BoundField]:
        inside = self.revealed_by()
        shown = [field for field in self.visible_fields() if field.name not in inside]
        names = [field.name for field in shown]
        place = names.index("at") if "at" in names else len(names)
        found = shown[:place] if part == "lead" else shown[place:]
        return [field for field in found if field.name not in ("at", "day")]

    def add_reasons(self, reasons: Iterable[tuple[str, str]]) -> None:
        """Show why the door refused, each reason beside its field where there is one."""
        for name, text in reasons:
            self.add_error(name if name in self.fields else None, text)


# --- planning ---------------------------------------------------------------------------------


class PlanForm(KeyedForm):
    """Area and rough period."""

    local_area = forms.ChoiceField(label="Local area")
    framework = RadiosField(
        label="Framework", choices=list(LABELS.items()), initial=LOCAL_AREA_2016, required=False
    )
    period_from = DateInputField(
        label="Not before",
        help_text="The first day of the rough period, for example 1 9 2026",
        earliest=EARLIEST,
        latest=LATEST,
    )
    period_to = DateInputField(
        label="Not after",
        help_text="The last day of the rough period",
        earliest=EARLIEST,
        latest=LATEST,
    )
    note = LongTextField(
        label="Note (optional)",
        required=False,
        max_length=1000,
        help_text="Why now, or what to keep in mind when dates are chosen",
    )
    looks: ClassVar = {"note": {"rows": 3}}
    nouns: ClassVar = {
        "period_from": "the first day of the rough period",
        "period_to": "the last day of the rough period",
    }

    def __init__(self, *args: Any, areas: Sequence[LocalArea], **options: Any) -> None:
        self.base_fields["local_area"].error_messages = {}
        super().__init__(*args, **options)
        self.areas = {str(area.pk): area for area in areas}
        self.fields["local_area"].choices = [  # type: ignore[attr-defined]
            ("", "Choose an area"),
            *((pk, area.name) for pk, area in self.areas.items()),
        ]

    def clean_framework(self) -> str:
        """The framework of 2016 where none was chosen."""
        return str(self.cleaned_data["framework"] or LOCAL_AREA_2016)

    def clean_local_area(self) -> LocalArea:
        """The area itself."""
        return self.areas[self.cleaned_data["local_area"]]


# --- dates and team ---------------------------------------------------------------------------

REASON_FIELDS = {
    "notice": "reason_notice",
    "length": "reason_length",
    "team_size": "reason_team_size",
}


class ScheduleForm(KeyedForm):
    """Dates, team and the days around them; the reasons stand beside the checks."""

    first_day = DateInputField(
        label="Day 1, the first day on site", earliest=EARLIEST, latest=LATEST
    )
    length = forms.IntegerField(
        label="Working days on site",
        min_value=1,
        max_value=LONGEST,
        initial=USUAL_LENGTH,
        help_text="Five is usual",
    )
    lead_hmi = forms.ChoiceField(label="Lead HMI", required=False)
    ofsted_inspector = forms.ChoiceField(label="Ofsted Inspector", required=False)
    cqc_inspector = forms.ChoiceField(label="CQC inspector", required=False)
    additional_inspectors = CheckboxesField(label="Further inspectors", required=False)
    planning_days = forms.IntegerField(
        label="Planning days before Day 1",
        min_value=0,
        max_value=MOST_PLANNING_DAYS,
        initial=PLANNING_DAYS,
        required=False,
    )
    travel = CheckboxesField(
        label="Travel",
        choices=[("before", "The day before Day 1"), ("after", "The day after the last")],
        required=False,
    )
    reason_notice = LongTextField(
        label="Reason for shorter notice", required=False, max_length=1000
    )
    reason_length = LongTextField(
        label="Reason for more than five days", required=False, max_length=1000
    )
    reason_team_size = LongTextField(
        label="Reason for a larger team", required=False, max_length=1000
    )
    why = LongTextField(label="Why dates or team change", required=False, max_length=1000)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    looks: ClassVar = {
        "length": {"width": 2},
        "planning_days": {"width": 2},
        "travel": {"small": True},
        "additional_inspectors": {"small": True},
        "reason_notice": {"rows": 3},
        "reason_length": {"rows": 3},
        "reason_team_size": {"rows": 3},
        "why": {"rows": 3},
    }
    nouns: ClassVar = {
        "first_day": "Day 1",
        "length": "the number of working days on site",
        "planning_days": "the number of planning days before Day 1",
        "travel": "the days of travel",
        "why": "the reason for the change",
    }
    #: What the scheduler chooses; the rest belongs to the checks.
    CHOSEN = (
        "first_day",
        "length",
        "lead_hmi",
        "ofsted_inspector",
        "cqc_inspector",
        "additional_inspectors",
        "planning_days",
        "travel",
    )

    def __init__(self, *args: Any, candidates: Sequence[Candidate] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer(candidates)

    def offer(self, candidates: Sequence[Candidate], *, dated: bool = False) -> None:
        """Let the pickers list these people; `dated`: with who is free on the days chosen."""
        self.people = {str(one.person.public_id): one.person for one in candidates}

        def listed(place: str) -> list[tuple[str, str]]:
            return [
                (
                    str(one.person.public_id),
                    f"{one.person} – {one.note}" if dated else str(one.person),
                )
                for one in candidates
                if one.may_be(place)
            ]

        for place in (LEAD_HMI, OFSTED_INSPECTOR, CQC_INSPECTOR):
            self.fields[place].choices = [("", "Not named yet"), *listed(place)]  # type: ignore[attr-defined]
        self.fields["additional_inspectors"].choices = listed(ADDITIONAL_INSPECTOR)  # type: ignore[attr-defined]

    def person_id(self, public_id: str) -> int | None:
        """The account of the person chosen in a picker."""
        person = self.people.get(public_id)
        return person.pk if person else None

    def choice(self) -> Choice:
        """What was chosen, from a valid form."""
        given = self.cleaned_data
        planning_days = given.get("planning_days")
        return Choice(
            first_day=given["first_day"],
            length=given["length"],
            lead_hmi=self.person_id(given["lead_hmi"]),
            ofsted_inspector=self.person_id(given["ofsted_inspector"]),
            cqc_inspector=self.person_id(given["cqc_inspector"]),
            additional_inspectors=tuple(
                person
                for one in given["additional_inspectors"]
                if (person := self.person_id(one)) is not None
            ),
            planning_days=PLANNING_DAYS if planning_days is None else planning_days,
            travel_before="before" in given["travel"],
            travel_after="after" in given["travel"],
            reasons={
                code: given[name].strip()
                for code, name in REASON_FIELDS.items()
                if given[name].strip()
            },
        )

    @staticmethod
    def initial_of(choice: Choice, people: dict[int, User]) -> dict[str, Any]:
        """What the form shows first for a choice made before."""

        def shown(person: int | None) -> str:
            return str(people[person].public_id) if person in people else ""

        return {
            "first_day": choice.first_day,
            "length": choice.length,
            "lead_hmi": shown(choice.lead_hmi),
            "ofsted_inspector": shown(choice.ofsted_inspector),
            "cqc_inspector": shown(choice.cqc_inspector),
            "additional_inspectors": [shown(one) for one in choice.additional_inspectors],
            "planning_days": choice.planning_days,
            "travel": [
                *(["before"] if choice.travel_before else []),
                *(["after"] if choice.travel_after else []),
            ],
        }


# --- notification morning ---------------------------------------------------------------------


class TimedForm(KeyedForm):
    """Something that happened at a time of a day, London time; the day is today unless changed."""

    at = TimeInputField(label="Time of the call", help_text="For example, 9:10am or 14:30")
    day = DateInputField(label="Day of the call", earliest=EARLIEST, latest=LATEST)
    note = LongTextField(
        label="What was said (optional)",
        required=False,
        max_length=2000,
        help_text="Kept with the call, for the inspectorates alone",
    )

    looks: ClassVar = {"note": {"rows": 3}}

    def __init__(self, *args: Any, **options: Any) -> None:
        options["initial"] = {"day": clock.today(), **(options.get("initial") or {})}
        super().__init__(*args, **options)

    def moment(self) -> datetime.datetime:
        """When it happened, from a valid form."""
        return datetime.datetime.combine(
            self.cleaned_data["day"], self.cleaned_data["at"], clock.LONDON
        )

    def add_reasons(self, reasons: Iterable[tuple[str, str]]) -> None:
        """As for every form; the door's 'happened' is 'at' and 'day' here."""
        here = {"happened_at": "at", "happened_on": "day"}
        super().add_reasons((here.get(name, name), text) for name, text in reasons)


class _TakenForm(TimedForm):
    """A call that somebody took."""

    taken_by = RadiosField(label="Who took the call?", reveals={TakenBy.MOST_SENIOR.value: "post"})
    post = TextField(label="Post of that person")
    name = TextField(label="Name of the person who took it", max_length=300)

    field_order = ["taken_by", "post", "name", "at", "day", "reason", "note"]

    def facts(self) -> dict[str, Any]:
        """Who took the call, from a valid form."""
        return {
            "taken_by": TakenBy(self.cleaned_data["taken_by"]),
            "name": self.cleaned_data["name"],
            "post": self.cleaned_data["post"] or "",
        }


class NotifyForm(_TakenForm):
    """The call to the director of children's services (HB 7, 8)."""

    taken_by = RadiosField(
        label="Who took the call?",
        choices=DCS_CHOICES,
        reveals={TakenBy.MOST_SENIOR.value: "post"},
    )
    reason = LongTextField(
        label="Why not on that day, from 9am to 10am",
        required=False,
        max_length=1000,
        help_text="Only where it was not made five working days before Day 1, from 9am to 10am",
    )
    looks: ClassVar = {**TimedForm.looks, "reason": {"rows": 3}}
    nouns: ClassVar = {"reason": "the reason for another day than planned"}


class HealthToldForm(_TakenForm):
    """The call to one health commissioner (HB 8)."""

    taken_by = RadiosField(
        label="Who took the call?",
        choices=HEALTH_CHOICES,
        reveals={TakenBy.MOST_SENIOR.value: "post"},
    )


class GoAheadForm(KeyedForm):
    """That it goes ahead is settled with CQC and the support officer (HB 9)."""

    cqc = forms.BooleanField(label="CQC confirms that the inspection goes ahead")
    support_officer = forms.BooleanField(label="The support officer has been told")


class LanoCallForm(TimedForm):
    """The extended call to the nominated officer: who that is, what was gone through (HB 10)."""

    name = TextField(label="Name of the nominated officer", max_length=300)
    email = forms.EmailField(
        label="E-mail address",
        help_text="They sign in with it and see this inspection from now on",
        max_length=254,
    )
    phone = TextField(label="Telephone (optional)", required=False, max_length=40)
    items = CheckboxesField(
        label="Gone through",
        required=False,
        choices=[(item.code, item.title) for item in requests.LANO_REQUESTS],
        hints={item.code: item.detail for item in requests.LANO_REQUESTS},
    )
    left_out = LongTextField(
        label="Why something is left for later",
        required=False,
        max_length=1000,
        help_text="Only where not everything was gone through",
    )

    field_order = ["name", "email", "phone", "at", "day", "items", "left_out", "note"]
    looks: ClassVar = {
        **TimedForm.looks,
        "items": {"small": True},
        "left_out": {"rows": 3},
        "phone": {"width": 20},
    }
    nouns: ClassVar = {
        "items": "what was gone through",
        "left_out": "the reason why something is left for later",
    }


class HealthCallForm(TimedForm):
    """The CQC inspector's extended call to one health commissioner (HB 11)."""

    name = TextField(label="Who took part for health", max_length=300)
    items = CheckboxesField(
        label="Gone through",
        required=False,
        choices=[(item.code, item.title) for item in requests.HEALTH_REQUESTS],
        hints={item.code: item.detail for item in requests.HEALTH_REQUESTS},
    )
    left_out = LongTextField(
        label="Why something is left for later",
        required=False,
        max_length=1000,
        help_text="Only where not everything was gone through",
    )

    field_order = ["name", "at", "day", "items", "left_out", "note"]
    looks: ClassVar = {**TimedForm.looks, "items": {"small": True}, "left_out": {"rows": 3}}
    nouns: ClassVar = {
        "name": "who took part for health",
        "items": "what was gone through",
        "left_out": "the reason why something is left for later",
    }


class ForumToldForm(TimedForm):
    """Forum and advice service told, and an open meeting asked for (HB 12)."""

    at = TimeInputField(label="Time of the last of these")
    forum = forms.BooleanField(label="The parent carer forum, or the groups there are, told")
    advice_service = forms.BooleanField(label="The information, advice and support service told")
    open_meeting = forms.BooleanField(
        label="A meeting that any parent or carer can attend asked for"
    )

    field_order = ["forum", "advice_service", "open_meeting", "at", "day", "note"]


# --- people's days ----------------------------------------------------------------------------


class LeaveForm(GovukForm):
    """Leave of one person."""

    first = DateInputField(label="First day of leave", earliest=EARLIEST, latest=LATEST)
    last = DateInputField(label="Last day of leave", earliest=EARLIEST, latest=LATEST)
    note = TextField(
        label="Note (optional)", required=False, help_text="Do not give medical details"
    )

    def add_reasons(self, reasons: Iterable[tuple[str, str]]) -> None:
        """Show why it was refused."""
        for name, text in reasons:
            self.add_error(name if name in self.fields else None, text)


class InterestForm(LeaveForm):
    """A declared interest in an area."""

    first = None  # type: ignore[assignment]
    last = None  # type: ignore[assignment]
    note = None  # type: ignore[assignment]
    local_area = forms.ModelChoiceField(
        LocalArea.objects.none(), label="Local area", empty_label="Choose an area"
    )
    since = DateInputField(label="Since", earliest=datetime.date(1950, 1, 1), latest=LATEST)
    until = DateInputField(
        label="Until (optional)",
        required=False,
        earliest=datetime.date(1950, 1, 1),
        latest=LATEST,
    )
    reason = LongTextField(
        label="What ties you to the area",
        max_length=500,
        help_text="For example a former post, family in the schools, or work for the council",
    )
    looks: ClassVar = {"reason": {"rows": 3}}

    def __init__(self, *args: Any, areas: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["local_area"].queryset = areas  # type: ignore[attr-defined]
