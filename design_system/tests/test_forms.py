import datetime
import html
import re

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template

from design_system import form_rendering
from design_system.forms import (
    DateInputField,
    GovukForm,
    LongTextField,
    RadiosField,
    TextField,
    TimeInputField,
    WebAddressField,
)
from design_system.tests.gallery import CallForm

COMPLETE = {
    "called_on-day": "27",
    "called_on-month": "3",
    "called_on-year": "2026",
    "called_at": "9:30am",
    "who": "dcs",
    "area": "1",
    "public": "no",
    "email": "jo@example.com",
    "people": "3",
    "agreed": "on",
}


def draw(template, **context):
    return Template("{% load govuk %}" + template).render(Context(context))


def ids_of(markup):
    return re.findall(r' id="([^"]+)"', markup)


def test_a_complete_form_is_clean():
    form = CallForm(COMPLETE)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["called_on"] == datetime.date(2026, 3, 27)
    assert form.cleaned_data["called_at"] == datetime.time(9, 30)
    assert form.cleaned_data["public"] is False
    assert draw("{% error_summary form %}", form=form) == ""


def test_every_message_names_its_field_and_says_what_to_do():
    errors = CallForm({}).errors
    assert {name: list(found) for name, found in errors.items()} == {
        "called_on": ["Enter the day of the call"],
        "called_at": ["Enter the time of the call"],
        "who": ["Select an answer to “Who took the call?”"],
        "area": ["Select the local area"],
        "public": ["Select an answer to “Can the report be published?”"],
        "email": ["Enter the e-mail address"],
        "people": ["Enter the number of people on the call"],
        "agreed": ["Tick “I have read this back to the person who took the call” to go on"],
    }


BETWEEN = "Day of the call must be between 1 May 2016 and 31 December 2028"
CONTROL = "Delete the invisible control character"
BAD_INPUT = [
    ({"called_on-day": ""}, "Day of the call must include a day"),
    (
        {"called_on-day": "", "called_on-month": " "},
        "Day of the call must include a day and a month",
    ),
    ({"called_on-day": "31", "called_on-month": "2"}, "Day of the call must be a real date"),
    ({"called_on-year": "26"}, "Day of the call must have a year of 4 numbers, like 2026"),
    ({"called_on-year": "1"}, BETWEEN),
    ({"called_on-year": "9999"}, BETWEEN),
    ({"called_at": "later"}, "Time of the call must be a time, like 9:30am or 14:30"),
    ({"area": "9"}, "Select the local area from the list"),
    ({"told": ["nobody"]}, "Select an answer to “Who else was told?” from the list"),
    ({"email": "jo"}, "Enter the e-mail address in the correct form, like name@example.com"),
    ({"people": "two"}, "Number of people on the call must be a whole number, like 12"),
    ({"people": "0"}, "Number of people on the call must be 1 or more"),
    ({"people": "400"}, "Number of people on the call must be 40 or less"),
    ({"note": "x" * 201}, "Note of the call must have 200 characters or fewer; it has 201"),
    ({"note": "Fine\x07 so far"}, f"{CONTROL} (U+0007) after “Fine”"),
    ({"note": "\x00"}, f"{CONTROL} (U+0000) at the beginning"),
    (
        {"address": "not an address"},
        "Enter the address of the published report in the correct form, "
        "like https://www.example.gov.uk/page",
    ),
]


@pytest.mark.parametrize(("change", "message"), BAD_INPUT)
def test_bad_input_gets_one_clear_message_and_nothing_else_complains(change, message):
    name = next(iter(change)).partition("-")[0]
    form = CallForm({**COMPLETE, **change})
    assert {field: list(found) for field, found in form.errors.items()} == {name: [message]}


def test_a_percent_sign_in_a_label_is_only_a_percent_sign():
    class Share(GovukForm):
        share = TextField(label="Share in %", max_length=2)

    assert Share({"share": "100"}).errors["share"] == [
        "Share in % must have 2 characters or fewer; it has 3"
    ]


def test_optional_is_no_part_of_a_name():
    class Note(GovukForm):
        note = TextField(label="Note (optional)", required=False, max_length=2)

    assert Note({"note": "abc"}).errors["note"] == [
        "Note must have 2 characters or fewer; it has 3"
    ]


def test_a_field_keeps_a_message_of_its_own():
    class Reason(GovukForm):
        why = TextField(label="Why", error_messages={"required": "Say why it moved"})
        what = TextField(label="DCS told")
        when = DateInputField(label="When?", required=True)

    errors = Reason({}).errors
    assert errors["why"] == ["Say why it moved"]
    assert errors["what"] == ["Fill in “DCS told”"]
    assert errors["when"] == ["Enter an answer to “When?”"]
    form = Reason({"when-day": "31", "when-month": "2", "when-year": "2026"})
    assert form.errors["when"] == ["The date must be a real date"]
    form = Reason({"when": "x"})
    form.fields["when"].noun = "the day of the move"
    assert form.errors["when"] == ["The day of the move must include a month and a year"]


@pytest.mark.parametrize(
    ("field", "empty", "wrong"),
    [
        (DateInputField(label="Not before"), "Fill in “Not before”", "“Not before”"),
        (
            DateInputField(label="Day 1, the first day on site"),
            "Fill in “Day 1, the first day on site”",
            "“Day 1, the first day on site”",
        ),
        (DateInputField(label="Day 1"), "Enter Day 1", "Day 1"),
        (DateInputField(label="Since"), "Fill in “Since”", "“Since”"),
        (DateInputField(label="Ofsted visit"), "Enter the Ofsted visit", "Ofsted visit"),
        (DateInputField(label="LANO call"), "Enter the LANO call", "LANO call"),
        (DateInputField(label="Forum told"), "Fill in “Forum told”", "“Forum told”"),
    ],
)
def test_a_message_reads_as_a_sentence_whatever_the_label(field, empty, wrong):
    class Days(GovukForm):
        on = field

    assert Days({}).errors["on"] == [empty]
    form = Days({"on-day": "31", "on-month": "2", "on-year": "2026"})
    assert form.errors["on"] == [f"{wrong} must be a real date"]


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ("Ofsted Inspector", "Select the Ofsted Inspector"),
        ("Lead HMI", "Select the lead HMI"),
        ("CQC inspector", "Select the CQC inspector"),
        ("Gone through", "Select an answer for “Gone through”"),
    ],
)
def test_a_choice_is_asked_for_by_its_name(label, message):
    class Team(GovukForm):
        who = forms.ChoiceField(label=label, choices=[("", "Nobody"), ("1", "Somebody")])

    assert Team({}).errors["who"] == [message]
    assert Team({"who": "2"}).errors["who"] == [f"{message} from the list"]


def test_a_form_names_its_fields_for_messages():
    class Period(GovukForm):
        start = DateInputField(label="Not before")
        nouns = {"start": "the first day of the period"}

    assert Period({}).errors["start"] == ["Enter the first day of the period"]
    form = Period({"start-day": "31", "start-month": "2", "start-year": "2026"})
    assert form.errors["start"] == ["The first day of the period must be a real date"]


def test_a_date_comes_by_a_link_too():
    class Start(GovukForm):
        first_day = DateInputField(label="First day")

    assert Start({"first_day": "2026-03-27"}).fields["first_day"].label == "First day"
    form = Start({"first_day": "2026-03-27"})
    assert form.is_valid()
    assert form.cleaned_data["first_day"] == datetime.date(2026, 3, 27)
    # Shown again, it stands in the three boxes: so it can be put right there.
    markup = draw("{% govuk_field f %}", f=Start({"first_day": "2026-02-03"})["first_day"])
    assert re.findall(r' value="([^"]*)"', markup) == ["3", "2", "2026"]
    assert not Start({"first_day": "2026-02-31"}).is_valid()


def test_a_date_that_may_be_empty_is_none():
    class Start(GovukForm):
        first_day = DateInputField(required=False)

    form = Start({"first_day-day": " ", "first_day-month": "", "first_day-year": ""})
    assert form.is_valid()
    assert form.cleaned_data["first_day"] is None
    shown = Start(initial={"first_day": datetime.date(2026, 3, 7)})
    assert 'value="7"' in draw("{% govuk_field f %}", f=shown["first_day"])
    assert not Start(
        {"first_day-day": "07", "first_day-month": "Mar", "first_day-year": "2026"},
        initial={"first_day": datetime.date(2026, 3, 7)},
    ).has_changed()


def test_what_was_typed_stands_there_again_exactly():
    typed = {
        "called_on-day": " 31st ",
        "called_on-month": "Sept.",
        "called_on-year": "'26",
        "called_at": "half nine",
        "who": "other",
        "name": '<b>"Æthelþryð" & Søn</b>',
        "email": "jo at example",
        "people": " two",
        "note": "\n\n  first\r\n    second <i>\n",
    }
    markup = draw("{% govuk_form form %}", form=CallForm(typed))
    values = [html.unescape(found) for found in re.findall(r' value="([^"]*)"', markup)]
    for text in (" 31st ", "Sept.", "'26", "half nine", typed["name"], "jo at example", " two"):
        assert text in values, text
    area = re.search(r"<textarea[^>]*>(.*?)</textarea>", markup, re.DOTALL)[1]
    # A browser drops the first line break in a text area.
    assert html.unescape(area).removeprefix("\n") == "\n\n  first\n    second <i>\n"
    assert "<b>" not in markup
    assert "<i>" not in markup


def test_only_the_boxes_at_fault_are_marked():
    form = CallForm({**COMPLETE, "called_on-month": "13"})
    markup = draw("{% govuk_field form.called_on %}", form=form)
    marked = re.findall(r'govuk-input--error"\s+id="([^"]+)"', markup)
    assert marked == ["id_called_on-month"]
    assert 'href="#id_called_on-month"' in draw("{% error_summary form %}", form=form)


def test_each_line_of_the_summary_leads_to_a_control():
    form = CallForm({"who": "other"})
    form.add_error(None, "The case changed meanwhile")
    markup = draw("{% error_summary form %}", form=form)
    assert markup.index("The case changed meanwhile") < markup.index("Enter the day of the call")
    page = draw("{% govuk_form form %}", form=form)
    targets = re.findall(r'href="#([^"]+)"', markup)
    assert len(targets) == len(form.errors) - 1
    assert set(targets) <= set(ids_of(page))


def test_hint_and_error_are_tied_to_their_control():
    form = CallForm({**COMPLETE, "called_at": "x", "people": "x"})
    markup = draw("{% govuk_form form %}", form=form)
    assert 'aria-describedby="id_called_at-hint id_called_at-error"' in markup
    described = set(" ".join(re.findall(r'aria-describedby="([^"]+)"', markup)).split())
    made_by_script = {"id_note-info"}
    assert described - made_by_script <= set(ids_of(markup))
    assert len(ids_of(markup)) == len(set(ids_of(markup)))


def test_limits_are_not_put_on_the_control_where_they_would_cut_a_paste():
    markup = draw("{% govuk_form form %}", form=CallForm())
    assert ' maxlength="' not in markup.replace(' data-maxlength="', " ")
    assert " required" not in markup


def test_a_revealed_field_counts_only_while_it_shows():
    hidden = CallForm({**COMPLETE, "name": "x" * 900})
    assert hidden.is_valid(), hidden.errors
    assert hidden.cleaned_data["name"] == ""
    shown = CallForm({**COMPLETE, "who": "other"})
    assert list(shown.errors) == ["name"]
    markup = draw("{% govuk_form form %}", form=shown)
    assert markup.count('id="id_name"') == 1
    reveal = markup.index('id="conditional-id_who-2"')
    assert reveal < markup.index('id="id_name"') < markup.index('name="told"')


def test_looks_and_options():
    form = CallForm()
    assert "govuk-input--width-20" in draw("{% govuk_field form.name %}", form=form)
    assert "govuk-input--width-5" in draw("{% govuk_field form.name width=5 %}", form=form)
    assert "govuk-radios--inline" in draw("{% govuk_field form.public %}", form=form)
    assert "govuk-visually-hidden" in draw("{% govuk_field form.name hide_label=True %}", form=form)
    heading = draw("{% govuk_field form.who heading=True %}", form=form)
    assert re.search(r"<h1[^>]*>\s*Who took the call\?", heading)
    assert "govuk-fieldset__legend--l" in heading
    assert "govuk-label--m" in draw('{% govuk_field form.name label_classes="m" %}', form=form)


def test_other_fields_of_django_are_drawn_too():
    class Odd(GovukForm):
        hidden = forms.CharField(widget=forms.HiddenInput)
        grouped = forms.ChoiceField(choices=[("North", [("l", "Leeds")]), ("k", "Kent")])
        several = forms.MultipleChoiceField(choices=[(1, "One")], initial=[1])
        when = forms.SplitDateTimeField(label="When", required=False)
        upload = forms.FileField(label="File")
        number = forms.IntegerField(disabled=True, initial=4)

    markup = draw("{% govuk_form form %}", form=Odd(initial={"grouped": "l", "hidden": "h"}))
    assert '<input type="hidden" name="hidden" value="h"' in markup
    assert re.search(r'<option value="l"\s+selected>Leeds', markup)
    assert re.search(r'type="checkbox"\s+value="1"\s+checked', markup)
    assert 'name="when_0"' in markup
    assert 'type="file"' in markup
    assert re.search(r'value="4"[^>]* disabled|disabled[^>]* value="4"', markup)
    form = Odd({"grouped": "l", "several": [1]}, {"upload": SimpleUploadedFile("a.txt", b"a")})
    assert list(form.errors) == ["hidden"]
    assert "Hidden: Enter the hidden" in draw("{% error_summary form %}", form=form)


def test_names_in_any_script_pass_and_invisible_ones_do_not():
    class Name(GovukForm):
        name = TextField(label="Name")

    for fine in ("Siân Nguyễn", "محمد", "李小龍", "क्षत्रिय", "Zoë\u0301", "👩🏽‍🏫", "a\tb"):
        form = Name({"name": fine})
        assert form.is_valid(), fine
        assert form.cleaned_data["name"] == fine
    for bad in ("a\x00b", "a\x1bb", "a\x85b", "a\ufffeb", "\ud800", "a\x7f"):
        assert not Name({"name": bad}).is_valid(), ascii(bad)
    assert Name({"name": "a\nb"}).errors["name"] == ["Name must be on one line"]


def test_a_long_text_counts_a_line_break_once():
    class Note(GovukForm):
        note = LongTextField(label="Note", max_length=5)

    form = Note({"note": "ab\r\ncd"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["note"] == "ab\ncd"


def test_a_web_address_without_scheme_is_https():
    class Address(GovukForm):
        address = WebAddressField(label="Address")

    form = Address({"address": "www.kent.gov.uk/send"})
    assert form.is_valid()
    assert form.cleaned_data["address"] == "https://www.kent.gov.uk/send"
    assert not Address({"address": "javascript:alert(1)"}).is_valid()


def test_a_time_is_shown_as_people_write_it():
    class Call(GovukForm):
        at = TimeInputField(label="At", required=False)

    markup = draw("{% govuk_field f %}", f=Call(initial={"at": datetime.time(0, 5)})["at"])
    assert 'value="12:05am"' in markup
    assert Call({"at": ""}).is_valid()


def test_safe_labels_stay_html_and_others_are_escaped():
    class Odd(GovukForm):
        one = RadiosField(label="<One>", choices=[("a", "<A>")], hints={"a": "<hint>"})

    markup = draw("{% govuk_form form %}{% error_summary form %}", form=Odd({}))
    for text in ("<One>", "<A>", "<hint>"):
        assert text not in markup
        assert html.escape(text) in markup


def test_summary_of_several_forms_and_a_formset():
    rows = forms.formset_factory(CallForm, extra=0, min_num=2, validate_min=True)(
        {"r-TOTAL_FORMS": "1", "r-INITIAL_FORMS": "0", "r-0-who": "other"}, prefix="r"
    )
    markup = form_rendering.error_summary([CallForm({}, prefix="one"), rows])
    assert 'href="#id_one-called_on-day"' in markup
    assert 'href="#id_r-0-name"' in markup
