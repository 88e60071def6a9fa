"""Views of the gallery."""

import datetime

from django import forms
from django.contrib import messages
from django.shortcuts import render

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


def everything(request):
    messages.success(request, "The inspection of Barnet is scheduled.")
    messages.warning(request, "School terms of this area are not known after July 2027.")
    messages.error(request, "The letter could not be issued: somebody else issued it just now.")
    return render(request, "design_system/gallery.html", {})


def form(request):
    one = CallForm(request.POST if request.method == "POST" else None)
    return render(request, "design_system/gallery_form.html", {"form": one})


def error_page(request, code):
    return render(request, f"{code}.html", {"reference": "7f3a-91cc"}, status=code)
