"""Views of the gallery."""

import datetime
from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.template import loader
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from design_system import tables, tags, timeline
from design_system.forms import (
    CheckboxesField,
    DateInputField,
    GovukForm,
    LongTextField,
    RadiosField,
    TextField,
    TimeInputField,
    WebAddressField,
    YesNoField,
)


class CallForm(GovukForm):
    called_on = DateInputField(
        label="Day of the call",
        help_text="For example, 27 3 2026",
        earliest=datetime.date(2016, 5, 1),
        latest=datetime.date(2028, 12, 31),
    )
    called_at = TimeInputField(label="Time of the call", help_text="For example, 9:30am or 14:30")
    who = RadiosField(
        label="Who took the call?",
        choices=[("dcs", "The director of children’s services"), ("other", "Somebody else")],
        hints={"other": "The most senior person available"},
        reveals={"other": "name"},
    )
    name = TextField(label="Name of that person")
    told = CheckboxesField(
        label="Who else was told?",
        choices=[("icb", "The integrated care board"), ("lano", "The LANO"), ("pcf", "The forum")],
        hints={"pcf": "Parents and carers hear on the same day"},
        required=False,
    )
    area = forms.ChoiceField(
        label="Local area", choices=[("", "Choose an area"), ("1", "Barnet"), ("2", "Kent")]
    )
    public = YesNoField(label="Can the report be published?")
    address = WebAddressField(label="Address of the published report", required=False)
    email = forms.EmailField(label="E-mail address")
    people = forms.IntegerField(label="Number of people on the call", min_value=1, max_value=40)
    note = LongTextField(label="Note of the call", max_length=200, required=False)
    evidence = forms.FileField(label="Recording of the call", required=False)
    secret = forms.CharField(label="Password", widget=forms.PasswordInput, required=False)
    agreed = forms.BooleanField(label="I have read this back to the person who took the call")

    looks = {
        "name": {"width": 20},
        "people": {"width": 3, "suffix": "people"},
        "public": {"inline": True},
    }


class Filters(GovukForm):
    area = forms.ChoiceField(label="Region", choices=[("", "All regions"), ("l", "London")])
    stage = forms.ChoiceField(label="Stage", choices=[("", "Any stage"), ("n", "Notified")])
    text = TextField(label="Area or reference", required=False)

    looks = {"text": {"width": 20}}


def day(text):
    return datetime.date.fromisoformat(text)


MARKS = [
    timeline.Mark(day("2026-04-09"), "Local authority called", "event", "#due-1"),
    timeline.Mark(day("2026-04-10"), "Confirmation letter sent", "overdue", "#due-2"),
    timeline.Mark(day("2026-04-14"), "LANO’s list of people and papers", "met-late", "#due-3"),
    timeline.Mark(day("2026-04-16"), "Parent carer forum told", "open", "#due-4"),
    timeline.Mark(day("2026-04-20"), "First day on site", "open", "#due-5"),
    timeline.Mark(day("2026-04-24"), "Feedback to leaders", "open", "#due-6"),
    timeline.Mark(day("2026-05-19"), "Draft report sent to the local authority", "forecast"),
    timeline.Mark(day("2026-05-27"), "Comments on factual accuracy received", "forecast"),
    timeline.Mark(day("2026-06-05"), "Report published by both inspectorates", "forecast"),
]


def closed(when):
    holidays = {
        day("2026-05-04"): "Early May bank holiday",
        day("2026-05-25"): "Spring bank holiday",
    }
    return holidays.get(when) or (f"{when:%A}" if when.weekday() >= 5 else None)


def link(address, text):
    return format_html('<a class="govuk-link" href="{}">{}</a>', address, text)


def deadlines():
    states = ["met", "overdue", "met_late", "due_soon", "open", "open", "forecast", "forecast"]
    due = SimpleNamespace(
        offset="8 working days after the last day on site",
        counted_from=SimpleNamespace(date=day("2026-04-24"), forecast=True),
        skipped=[SimpleNamespace(date=day("2026-05-04"), name="Early May bank holiday")],
        note="",
        citation="Handbook, paragraph 57",
    )
    rows = []
    for number, (mark, state) in enumerate(zip(MARKS, states, strict=False), 1):
        why = render_to_string("design_system/why.html", {"due": due, "title": mark.label})
        words = f"{mark.on:%a} {mark.on.day} {mark.on:%B %Y}"
        cells = [
            mark.label,
            tables.Cell(words, mark.on.isoformat()),
            "Lead HMI" if number % 2 else "Support officer",
            tags.deadline_tag(state),
            number,
            mark_safe(why),
        ]
        tone = {"overdue": "alert", "met_late": "warn", "met": "quiet"}.get(state, "")
        rows.append(tables.Row(cells, tone, f"due-{number}"))
    columns = [
        tables.Column("What", sort=True),
        tables.Column("Due", nowrap=True, sort=True),
        tables.Column("Owed by", sort=True),
        tables.Column("State"),
        tables.Column("Day", numeric=True, sort=True),
        tables.Column("Why"),
    ]
    return tables.Table("Deadlines", columns, rows, id="deadlines")


def cases():
    areas = [
        "Barnet",
        "Kent",
        "Leeds",
        "Newcastle upon Tyne",
        "Bournemouth, Christchurch and Poole",
    ]
    columns = [
        tables.Column("Area", sort_address="?order=area", sorted="ascending"),
        tables.Column("Reference", nowrap=True),
        tables.Column("Stage"),
        tables.Column("Day 1", nowrap=True),
        tables.Column("Lead HMI"),
        tables.Column("Deadlines", numeric=True),
        tables.Column("Next", hide_label=True),
    ]
    rows = [
        [
            link(f"/cases/{number}/", area),
            f"IN-2026-00{number + 40}",
            mark_safe('<strong class="govuk-tag govuk-tag--blue">Notified</strong>'),
            f"Mon {number + 1} June 2026",
            "Amara Osei",
            f"{number * 1003:,}",
            link(f"/cases/{number}/record/", f"Record the call to {area}"),
        ]
        for number, area in enumerate(areas)
    ]
    return tables.Table("Cases", columns, rows, id="cases")


CHECKS = [
    {"passed": True, "blocks": True, "text": "All five days on site are working days"},
    {"passed": False, "blocks": True, "text": "Amara Osei is free on all days",
     "detail": "On leave on Wednesday 22 April 2026."},
    {"passed": False, "blocks": False, "text": "School terms of the area are known"},
]  # fmt: skip

PARTS = {
    "summary": {
        "rows": [
            {
                "key": {"text": "Area"},
                "value": {"text": "Barnet"},
                "actions": {
                    "items": [{"href": "#", "text": "Change", "visuallyHiddenText": "area"}]
                },
            },
            {"key": {"text": "Weeks’ notice"}, "value": {"text": "5 working days"}},
        ]
    },
    "tasks": {
        "items": [
            {
                "title": {"text": "Call the director"},
                "href": "#",
                "status": {"text": "Done"},
            },
            {
                "title": {"text": "Call each health commissioner"},
                "href": "#",
                "hint": {"text": "2 of 3 called"},
                "status": {"tag": {"text": "In progress", "classes": "govuk-tag--blue"}},
            },
        ]
    },
    "tabs": {
        "items": [
            {"label": "Team", "id": "team", "panel": {"text": "Two people."}},
            {"label": "Papers", "id": "papers", "panel": {"text": "Eleven papers."}},
        ]
    },
    "accordion": {
        "id": "accordion",
        "items": [
            {"heading": {"text": "Before"}, "content": {"text": "Preparation."}},
            {"heading": {"text": "On site"}, "content": {"text": "Five days."}},
        ],
    },
    "pagination": {
        "previous": {"href": "#"},
        "next": {"href": "#"},
        "items": [{"number": 1, "href": "#"}, {"number": 2, "current": True, "href": "#"}],
    },
}


def everything(request):
    request.user = SimpleNamespace(is_authenticated=True, name="Amara Osei")
    messages.success(request, "The inspection of Barnet is scheduled.")
    messages.warning(request, "School terms of this area are not known after July 2027.")
    messages.error(request, "The letter could not be issued: somebody else issued it just now.")
    band = timeline.Band(day("2026-04-20"), day("2026-04-24"), "On site")
    context = {
        "filters": Filters(),
        "drawing": timeline.draw(
            MARKS,
            title="Time line of the inspection of Barnet",
            closed=closed,
            bands=[band],
            today=day("2026-04-15"),
        ),
        "deadlines": deadlines(),
        "cases": cases(),
        "checks": CHECKS,
        "states": tags.STATES,
        "nothing": tables.Table("Letters", [], [], empty="No letter has been issued yet."),
        **PARTS,
    }
    return render(request, "design_system/gallery.html", context)


def form(request):
    one = CallForm(request.POST if request.method == "POST" else None)
    return render(request, "design_system/gallery_form.html", {"form": one})


def error_page(request, name):
    # As config.errors does: a plain template, no context processor.
    context = {"reference": "7f3a-91cc"}
    return HttpResponse(loader.get_template(f"{name}.html").render(context))


def progress(request):
    """Done when it is asked for the third time; the count stands in the address."""
    asked = int(request.GET.get("asked", 0))
    context = {"asked": asked, "next": f"/gallery/progress/?asked={asked + 1}"}
    return render(request, "design_system/gallery_progress.html", context)
