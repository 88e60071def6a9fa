"""The public timetable: page, JSON, PDF, calendar file, without signing in."""

import html
import io
import json
import re
from datetime import date, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import page as page_validation
import pytest
from django.core.cache import cache
from django.core.management import call_command
from icalendar import Calendar as File
from pypdf import PdfReader

from casework.inputs import add_parameters
from overview import timetable_pdf, timetable_views
from working_days.calendar import DEFINITION
from working_days.services import add_bank_holiday

pytestmark = pytest.mark.django_db

WEEK = "kind=inspection&first_day=2026-03-23&last_day=2026-03-27"
KENT = "kind=revisit&first_day=2022-09-27&last_day=2022-09-29"
FIT = "judged_fit=2020-09-24"
INCONSISTENT = (
    "kind=support&report_published=2024-11-05&outcome=inconsistent&repeat_until=2027-11-05"
)
FAILINGS = "kind=support&report_published=2024-11-05&outcome=failings"
MONITORING = (
    f"kind=monitoring&final_report_received=2020-03-02&{FIT}&intensity_changed=2021-01-15"
    "&revisit_published=2022-06-01&intensity_changed_months=6"
)
OF_2023 = (
    "kind=inspection&framework=area-send-2023&first_day=2026-03-23&last_day=2026-03-27"
    "&outcome=failings"
)
STATEMENT = "kind=wsoa&final_report_received=2021-11-09"
QUESTIONS = [WEEK, KENT, STATEMENT, INCONSISTENT, FAILINGS, MONITORING, OF_2023]
NAMED = f"{WEEK}&council=Kent+County+Council&health=NHS+North&health=NHS+South"


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet():
    """Requests are counted by the minute over all tests."""
    cache.clear()


def text_of(response):
    """The words of a page, without markup."""
    body = re.sub(r"<svg.*?</svg>", "", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


# --- asking ---


def test_first_the_kind_is_asked(client):
    response = client.get("/timetable/")
    assert response.status_code == 200
    assert "What do you need the timetable of?" in text_of(response)
    for value in ("inspection", "wsoa", "monitoring", "revisit", "inspection/area-send-2023",
                  "support"):  # fmt: skip
        assert f'value="{value}"' in response.content.decode()


@pytest.mark.parametrize("kind", ["", "fostering", "<script>alert(1)</script>"])
def test_no_such_kind_is_said_beside_the_choice(client, kind):
    response = client.get("/timetable/", {"kind": kind})
    assert response.status_code == 200
    words = "Select what you need" if not kind else "Select one of the kinds that are listed"
    assert words in text_of(response)
    assert "<script>alert" not in response.content.decode()


def test_then_the_dates_that_are_known(client):
    response = client.get("/timetable/?kind=inspection")
    text = text_of(response)
    assert "Which dates do you know?" in text
    assert DEFINITION in text
    assert "Bank holidays are known up to 31 December 2028" in text
    assert "There is a problem" not in text


def test_what_moves_no_date_is_not_asked_for(client):
    body = client.get("/timetable/?kind=inspection").content.decode()
    assert 'name="draft_sent-day"' in body
    assert 'name="new_dates_given-day"' in body  # after a deferral, duties count from it again
    assert 'name="reply_sent-day"' not in body
    assert 'name="comments_period_over-day"' not in body


def test_three_boxes_lead_to_the_one_address_of_the_question(client):
    boxes = {
        "kind": "inspection",
        "first_day-day": "23", "first_day-month": "march", "first_day-year": "2026",
        "last_day-day": "27", "last_day-month": "3", "last_day-year": "2026",
        "draft_sent-day": "", "draft_sent-month": "", "draft_sent-year": "",
        "council": " Kent  County Council ", "health": "NHS North\r\n\r\nNHS South\r\nNHS North",
    }  # fmt: skip
    response = client.get("/timetable/", boxes)
    assert response.status_code == 302
    assert response["Location"] == f"/timetable/?{NAMED}"


@pytest.mark.parametrize(
    "other",
    [
        "kind=inspection&last_day=2026-03-27&first_day=2026-03-23",
        f"{WEEK}&fbclid=x&utm_source=letter",
        f"{WEEK}&draft_sent=",
        "kind=inspection&first_day=23+March+2026&last_day=27/3/2026",
    ],
)
def test_every_other_spelling_leads_there_too(client, other):
    assert client.get(f"/timetable/?{other}")["Location"] == f"/timetable/?{WEEK}"


def test_an_event_is_known_by_its_synonym_and_by_its_own_name(client):
    response = client.get(
        "/timetable/", {"kind": "wsoa", "origin:final_report_received": "2021-11-09"}
    )
    assert response["Location"] == f"/timetable/?{STATEMENT}"


def test_a_choice_that_names_a_framework_leads_to_its_own_address(client):
    response = client.get("/timetable/", {"kind": "inspection/area-send-2023"})
    assert response["Location"] == "/timetable/?kind=inspection&framework=area-send-2023"
    body = client.get(response["Location"]).content.decode()
    assert '<input type="hidden" name="framework" value="area-send-2023">' in body
    boxes = {**_query(OF_2023.replace("2026-03-23", "23/3/2026")), "outcome": "failings"}
    assert client.get("/timetable/", boxes)["Location"] == f"/timetable/?{OF_2023}"
    strange = client.get("/timetable/", {"kind": "inspection/../x"})
    assert "Select one of the kinds that are listed" in text_of(strange)


def test_what_was_found_is_asked_where_something_follows_from_it(client):
    for question in ("kind=support", "kind=monitoring", "kind=inspection&framework=area-send-2023"):
        body = client.get(f"/timetable/?{question}").content.decode()
        assert "What was found?" in body
        assert 'name="found_' not in body
    for kind in ("inspection", "wsoa", "revisit"):
        assert "What was found?" not in text_of(client.get(f"/timetable/?kind={kind}"))


def test_an_outcome_can_be_named_by_its_event(client):
    asked = "kind=support&report_published=2024-11-05&found_failings=2024-11-05"
    assert client.get(f"/timetable/?{asked}")["Location"] == f"/timetable/?{FAILINGS}"


def test_only_what_matters_to_a_kind_is_asked_for(client):
    body = client.get("/timetable/?kind=monitoring").content.decode()
    assert 'name="intensity_changed_months"' in body
    assert 'name="repeat_until-day"' in body
    assert 'name="council"' not in body
    body = client.get("/timetable/?kind=inspection").content.decode()
    assert 'name="repeat_until-day"' not in body


def test_a_pace_is_a_day_and_a_number(client):
    asked = f"/timetable/?kind=monitoring&{FIT}&intensity_changed=2021-01-15"
    response = client.get(f"{asked}&intensity_changed_months=6")
    assert (
        "Both bodies agreed another number of months between visits Friday 15 January 2021:"
        " 6 months"
    ) in text_of(response)
    assert "Thu 15 Jul 2021" in text_of(response)
    refused = client.get(f"{asked}&intensity_changed_months=61")
    assert "The number of months must be 60 or fewer" in text_of(refused)
    assert 'value="61"' in refused.content.decode()


def test_what_is_not_verified_is_marked(client):
    text = text_of(client.get(f"/timetable/?{OF_2023}"))
    assert text.count("not verified") >= 4
    assert "Rule AS-PLAN" in text
    for question in (WEEK, INCONSISTENT):
        assert "not verified" not in text_of(client.get(f"/timetable/?{question}"))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("&framework=zzz", "No rules for inspection"),
        ("&foo=1", "foo"),
        ("&edition=1999", "edition"),
        ("&first_day=2026-04-13", "‘first_day’ is given more than once."),
        ("&foo=1&kind=inspection", "‘kind’ is given more than once."),
    ],
)
def test_what_the_address_should_not_hold_is_said_and_the_dates_stay(client, more, words):
    asked = f"kind=inspection&last_day=2026-03-27&first_day=2026-03-23{more}"
    response = client.get(f"/timetable/?{asked}")
    assert response.status_code == 200
    page = response.content.decode()
    assert words in text_of(response)
    assert "There is a problem" in page
    assert 'value="27"' in page
    errors = client.get(f"/timetable.json?{asked}").json()["errors"]
    assert words in " ".join(error["message"] for error in errors)


# --- who owes what ---


def owed(client, question):
    from overview.timetable_page import Answer, owed_by
    from overview.timetable_question import Question, now_in_force

    in_force = now_in_force()
    asked = Question("inspection", (("last_day", date(2026, 3, 27)),), health=question)
    answer = Answer(asked, asked.answer(in_force), in_force.calendar)
    return [(due.code, owed_by(due, answer.rules)) for due in answer.timetable.dues]


def test_the_council_owes_its_own_where_only_health_is_named(client):
    rows = owed(client, ("NHS North", "NHS South"))
    for code in ("IN-FACTS", "IN-LOCAL-PUBLISH"):
        names = ["the local authority", "NHS North", "NHS South"]
        assert [name for rule, name in rows if rule == code] == names
    page = text_of(client.get(f"/timetable/?{WEEK}&health=NHS+North"))
    assert "Comments on factual accuracy, or none to make: the local authority" in page
    told = {row["code"] for row in client.get(f"/timetable.json?{WEEK}&health=A").json()}
    assert "IN-HEALTH" in told


def test_what_others_owe_a_body_stays_theirs(client):
    from overview.timetable_page import owed_by

    class Named:
        code = rule = "IN-HEALTH"
        subject_name, owed_by = "NHS North", "CQC inspector"

    from casework.timetable import ruleset

    assert owed_by(Named, ruleset("inspection")) == "CQC inspector"


def test_a_warning_stands_in_a_header_of_the_json(client):
    long = "kind=inspection&first_day=2026-03-16&last_day=2026-03-27"
    response = client.get(f"/timetable.json?{long}")
    assert isinstance(response.json(), list)
    page = text_of(client.get(f"/timetable/?{long}"))
    assert unquote(response["X-Timetable-Warning"]) in html.unescape(page)
    assert "X-Timetable-Warning" not in client.get(f"/timetable.json?{WEEK}")


# --- wrong input ---


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"first_day": ""}, "Enter at least one date"),
        ({"first_day": "2023-02-29"}, "must be a real date"),
        ({"first_day-day": "31", "first_day-month": "9", "first_day-year": "2026"}, "a real date"),
        ({"first_day-day": "23", "first_day-month": "", "first_day-year": ""}, "must include a"),
        ({"first_day-day": "1", "first_day-month": "1", "first_day-year": "26"}, "4 numbers"),
        ({"first_day": "0001-01-01"}, "between 1 January 2012 and 31 December 2028"),
        ({"first_day": "9999-12-31"}, "between 1 January 2012 and 31 December 2028"),
        ({"first_day": "2012-01-03"}, "Bank holidays are known from 1 January 2012 only"),
        ({"first_day": "2026-04-03"}, "Friday 3 April 2026 is not (Good Friday)"),
        ({"first_day": "2026-03-28"}, "Saturday 28 March 2026 is not (Saturday)"),
        ({"first_day": "2026-03-23", "last_day": "2026-03-20"}, "is before Day 1"),
        ({"first_day": "=1+1"}, "must include a"),
        ({"first_day": "2026-03-23", "council": "a\x07b"}, "control character"),
        ({"first_day": "2026-03-23", "council": "x" * 201}, "200 characters or fewer"),
        ({"first_day": "2026-03-23", "health": "\n".join(map(str, range(21)))}, "20 health"),
        ({"first_day": "2026-03-23", "health": "x" * 201}, "200 characters or fewer"),
    ],
)
def test_what_is_wrong_stands_on_top_and_beside_the_field(client, typed, words):
    response = client.get("/timetable/", {"kind": "inspection", **typed})
    assert response.status_code == 200
    text = text_of(response)
    assert text.startswith("Error: ")
    assert text.count(words) == 2 or "known from" in words
    assert "There is a problem" in text


@pytest.mark.parametrize("last_day", ["2022-09-27", "2022-10-03"])
def test_a_re_visit_of_one_or_five_days_is_refused(client, last_day):
    response = client.get(
        "/timetable/", {"kind": "revisit", "first_day": "2022-09-27", "last_day": last_day}
    )
    assert text_of(response).count("A re-visit takes 2 to 4 working days on site") == 2


def test_nothing_typed_is_lost_and_nothing_runs(client):
    typed = {
        "kind": "inspection", "first_day-day": "<b>31</b>", "first_day-month": "2",
        "first_day-year": "2026", "draft_sent": "soon",
        "council": "<script>alert(1)</script>", "health": "=cmd|' /C calc'!A0\nNHS & Co",
    }  # fmt: skip
    body = client.get("/timetable/", typed).content.decode()
    assert "&lt;b&gt;31&lt;/b&gt;" in body
    assert 'value="soon"' in body
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body
    assert "NHS &amp; Co" in body
    assert "<script>alert" not in body
    # What was folded away is open where something stands in it.
    assert body.count('<details class="govuk-details" open>') == 2


def test_markup_in_a_name_is_shown_as_typed_in_the_answer(client):
    asked = {**_query(WEEK), "council": "<img src=x onerror=alert(1)>"}
    body = client.get("/timetable/", asked).content.decode()
    assert "&lt;img src=x onerror=alert(1)&gt;" in body
    assert "<img src=x" not in body


def test_a_long_question_is_refused_without_a_traceback(client):
    response = client.get("/timetable/", {**_query(WEEK), "health": "n" * 100_000})
    assert response.status_code == 200
    assert "4000 characters or fewer" in text_of(response)


def _query(question):
    return {key: values[0] for key, values in parse_qs(question).items()}


# --- the answer ---


@pytest.mark.parametrize("question", QUESTIONS)
def test_page_and_json_say_the_same_as_the_command(client, capsys, question):
    asked = _query(question)
    months = asked.pop("intensity_changed_months", "")
    options = [
        f"--{name.replace('_', '-')}={asked.pop(name)}"
        for name in ("framework", "outcome", "repeat_until")
        if name in asked
    ]
    kind = asked.pop("kind")
    events = [
        f"--event={name}:{months}={day}" if name == "intensity_changed" else f"--event={name}={day}"
        for name, day in asked.items()
    ]
    call_command("timetable", kind, *events, *options, "--format", "json")
    command = json.loads(capsys.readouterr().out)
    response = client.get(f"/timetable.json?{question}")
    assert response.status_code == 200
    assert response.json() == command
    body = client.get(f"/timetable/?{question}").content.decode()
    shown = re.findall(r'<time datetime="(\d{4}-\d\d-\d\d)">', body)
    assert shown == [due["due_on"] for due in command]


def test_every_date_says_why(client):
    response = client.get(f"/timetable/?{WEEK}")
    body = response.content.decode()
    assert body.count('<details class="govuk-details app-why">') == 23
    text = text_of(response)
    assert (
        "Rule IN-FINAL , from HB 59. 28 working days after “The last day on site”, Friday 27 March"
        " 2026. 17 days on the way do not count: 28 to 29 March 2026: Saturday and Sunday 3 to 6"
        " April 2026: Good Friday, Saturday, Sunday and Easter Monday"
    ) in text
    assert "2 to 4 May 2026: Saturday, Sunday and Early May bank holiday" in text
    assert text.count(DEFINITION) >= 24


def test_forecasts_ours_and_warnings_are_marked(client):
    text = text_of(client.get("/timetable/?kind=revisit&first_day=2022-09-27"))
    assert "The last day on site is not given: forecast as Day 4, Friday 30 September 2022." in text
    assert (
        "13 working days after* “The last day on site”, Friday 30 September 2022 (forecast)."
        " * This number is ours: the source gives none. What it is counted from has not been"
        " recorded yet."
    ) in text
    assert "Day -5, 12:00, counted from “Day 1, the first day on site”, Tuesday 27" in text
    assert "Tue 20 Sep 2022 Day -5, at 12:00" in text
    assert "Edition Handbook of April 2016, edition of April 2019" in text


def test_the_edition_can_be_chosen(client):
    text = text_of(client.get(f"/timetable/?kind=revisit&edition=2018&{KENT[13:]}"))
    assert "Edition Re-visit guidance of 2018." in text
    assert "Fri 16 Sep 2022 Day -6 Evidence read, activities chosen" in text


def test_each_of_those_who_are_named_has_its_own(client):
    text = text_of(client.get(f"/timetable/?{NAMED}"))
    for name in ("Kent County Council", "NHS North", "NHS South"):
        assert f"Comments on factual accuracy, or none to make: {name}" in text
    assert "told, or the most senior person available: Kent County Council" not in text


def test_what_was_done_is_shown_as_met_in_time_or_late(client):
    known = f"{WEEK}&draft_sent=2026-04-20&final_report_sent=2026-05-08"
    text = text_of(client.get(f"/timetable/?{known}"))
    assert "Fri 17 Apr 2026 Met late, 20 April 2026" in text
    assert "Mon 11 May 2026 Met, 8 May 2026" in text


def test_what_cannot_be_counted_is_named_with_what_it_needs(client):
    text = text_of(client.get("/timetable/?kind=wsoa&judged_fit=2025-08-31"))
    assert "Not counted, for want of a date" in text
    assert "needs “The final report was received”" in text
    assert "Sun 28 Feb 2027 in practice Friday 26 February 2027" in text


def test_the_drawing_shades_weekends_and_bank_holidays_and_leads_to_the_rows(client):
    body = client.get(f"/timetable/?{WEEK}").content.decode()
    [drawing] = re.findall(r'<svg class="app-timeline".*?</svg>', body, flags=re.S)
    assert "<title>3 April: Good Friday</title>" in drawing
    assert "<title>28 March: Saturday</title>" in drawing
    assert "<title>On site</title>" in drawing
    targets = re.findall(r'href="#(due-\d+)"', drawing)
    assert len(targets) == 22
    for target in targets:
        assert f'id="{target}"' in body
    assert 'Later, not drawn to scale: <a class="govuk-link" href="#due-22">' in body
    assert "style=" not in body


def test_the_links_ask_the_same_question(client):
    body = client.get(f"/timetable/?{NAMED}").content.decode()
    escaped = NAMED.replace("&", "&amp;")
    for ending in ("pdf", "ics", "json"):
        assert f'href="/timetable.{ending}?{escaped}"' in body
    assert f'value="http://testserver/timetable/?{escaped}"' in body


def test_changing_the_dates_starts_from_them(client):
    response = client.get(f"/timetable/?{NAMED}&change=1")
    body = response.content.decode()
    assert "There is a problem" not in body
    assert re.search(r'name="first_day-day"[^>]*value="23"', body)
    assert re.search(r'name="last_day-year"[^>]*value="2026"', body)
    assert "NHS North&#10;NHS South" in body


def test_only_the_first_page_is_for_search_engines(client):
    assert b"noindex" not in client.get("/timetable/").content
    assert b"noindex" in client.get(f"/timetable/?{WEEK}").content


def test_a_new_bank_holiday_counts_at_once(client):
    def final():
        rows = client.get(f"/timetable.json?{WEEK}").json()
        return next(row["due_on"] for row in rows if row["code"] == "IN-FINAL")

    assert final() == "2026-05-11"
    add_bank_holiday(date(2026, 5, 8), "Day of thanks", why="Proclaimed", by="a test")
    assert final() == "2026-05-12"
    assert "Day of thanks" in text_of(client.get(f"/timetable/?{WEEK}"))


@pytest.mark.parametrize("question", [*QUESTIONS, NAMED])
@pytest.mark.parametrize("address", ["/timetable/", "/timetable.json", "/timetable.ics"])
def test_three_queries_however_many_deadlines(client, django_assert_num_queries, address, question):
    """The calendar's version, the parameters' version, the parameters."""
    client.get(f"{address}?{question}")
    with django_assert_num_queries(3):
        client.get(f"{address}?{question}")


def test_a_number_that_is_ours_is_the_one_the_administrators_chose(client, capsys):
    add_parameters({"IN-DRAFT": 15}, reason="Quality assurance takes longer")
    rows = client.get(f"/timetable.json?{WEEK}").json()
    assert next(row["due_on"] for row in rows if row["code"] == "IN-DRAFT") == "2026-04-21"
    text = text_of(client.get(f"/timetable/?{WEEK}"))
    assert "15 working days after* “The last day on site”" in text
    events = ("--event=first_day=2026-03-23", "--event=last_day=2026-03-27", "--format=json")
    for options, due_on in (((), "2026-04-21"), (("--bundled",), "2026-04-17")):
        call_command("timetable", "inspection", *events, *options)
        printed = json.loads(capsys.readouterr().out)
        assert next(row["due_on"] for row in printed if row["code"] == "IN-DRAFT") == due_on


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_can_only_be_read(client, method):
    assert getattr(client, method)("/timetable/").status_code == 405


# --- JSON ---


def test_json_says_everything_that_is_wrong(client):
    response = client.get(
        "/timetable.json?kind=inspection&frist_day=2026-03-01&last_day=2023-02-29"
    )
    assert response.status_code == 400
    assert response.json() == {
        "errors": [
            {
                "event": "frist_day",
                "message": "An inspection has no event 'frist_day'. Did you mean 'first_day'?",
            },
            {
                "event": "last_day",
                "message": "The date for “The last day on site” must be a real date",
            },
        ]
    }


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "There is no kind ''"),
        ("kind=fostering&x=2026-03-01", "There is no kind 'fostering'"),
        ("kind=support&report_published=2024-11-05", "Select what was found"),
        ("kind=support&report_published=2024-11-05&outcome=dire", "Select one of the outcomes"),
        (
            f"kind=monitoring&{FIT}&outcome=all_sufficient&found_none_sufficient=2021-04-20",
            "‘outcome’ is given more than once.",
        ),
        (f"kind=monitoring&{FIT}&intensity_changed=2021-01-15", "Enter the number of months"),
        (f"kind=monitoring&{FIT}&intensity_changed_months=6", "Enter the day from which it holds"),
        (
            f"kind=monitoring&{FIT}&intensity_changed=2021-01-15&intensity_changed_months=0",
            "must be 1 or more",
        ),
        (
            f"kind=monitoring&{FIT}&intensity_changed=2021-01-15&intensity_changed_months=x",
            "must be a whole number",
        ),
        (f"kind=monitoring&{FIT}&repeat_until=2031-01-01", "must be"),
        (f"kind=monitoring&{FIT}&council=Kent", "has no event 'council'"),
        ("kind=inspection&framework=area-send-2029", "No rules for inspection"),
        ("kind=inspection", "Enter at least one date"),
        ("kind=inspection&first_day=2026-04-03", "Good Friday"),
    ],
)
def test_json_for_no_question(client, query, words):
    response = client.get(f"/timetable.json?{query}")
    assert response.status_code == 400
    assert words in response.json()["errors"][0]["message"]


def test_json_knows_every_event_also_those_the_form_does_not_ask_for(client):
    rows = client.get(f"/timetable.json?{WEEK}&confirmation_sent=2026-03-16")
    assert rows.status_code == 200


# --- PDF ---


def failures(content):
    report = page_validation.validate_pdf_bytes(
        content, profile=page_validation.ValidationProfile.PDF_UA_1
    )
    return [(one.rule_id, one.message) for one in report.failures]


@pytest.mark.parametrize("question", [*QUESTIONS, NAMED, "kind=wsoa&judged_fit=2025-08-31"])
def test_pdf_is_accessible_and_holds_every_date(client, question):
    response = client.get(f"/timetable.pdf?{question}")
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert failures(response.content) == []
    reader = PdfReader(io.BytesIO(response.content))
    assert reader.metadata.title.startswith("Timetable of ")
    text = " ".join(" ".join(sheet.extract_text() for sheet in reader.pages).split())
    for row in client.get(f"/timetable.json?{question}").json():
        day = date.fromisoformat(row["due_on"])
        assert f"{day:%a} {day.day} {day:%b} {day.year}" in text
        # A code may be broken after a hyphen.
        assert row["code"] in text.replace("- ", "-")
    assert DEFINITION in text


def test_pdf_is_printed_once_for_a_question(client, monkeypatch):
    cache.clear()
    printed = []
    real = timetable_pdf.pdf.render
    monkeypatch.setattr(
        timetable_pdf.pdf, "render", lambda *a, **k: printed.append(1) or real(*a, **k)
    )
    first = client.get(f"/timetable.pdf?{WEEK}").content
    again = client.get("/timetable.pdf?kind=inspection&last_day=2026-03-27&first_day=23/3/2026")
    assert again.content == first
    assert len(printed) == 1
    client.get(f"/timetable.pdf?{KENT}")
    assert len(printed) == 2
    # A change of the calendar that moves a date is another print.
    add_bank_holiday(date(2026, 5, 8), "Day of thanks", why="Proclaimed", by="a test")
    assert client.get(f"/timetable.pdf?{WEEK}").content != first
    assert len(printed) == 3
    cache.clear()
    client.get(f"/timetable.pdf?{KENT}")
    assert len(printed) == 4


def test_pdf_of_a_name_that_cannot_be_printed_says_so(client):
    response = client.get("/timetable.pdf", {**_query(WEEK), "council": "Kent \u0378"})
    assert response.status_code == 400
    text = text_of(response)
    assert text.count("These characters cannot be printed") == 2


def test_pdf_is_printed_whatever_a_bank_holiday_is_called(client):
    add_bank_holiday(date(2026, 5, 8), "Day of \U0001f9ea thanks", why="Proclaimed", by="a test")
    response = client.get(f"/timetable.pdf?{WEEK}")
    assert failures(response.content) == []
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(response.content)).pages)
    assert "Day of ? thanks" in " ".join(text.split())


@pytest.mark.parametrize("ending", ["pdf", "ics"])
def test_a_file_of_a_question_with_mistakes_is_refused_with_the_form(client, ending):
    response = client.get(f"/timetable.{ending}?kind=inspection&first_day=2026-04-03")
    assert (response.status_code, response["Content-Type"][:9]) == (400, "text/html")
    assert "must be a working day" in text_of(response)
    for question in ("", "?kind=", "?kind=//evil.example", "?kind=monitoring"):
        refused = client.get(f"/timetable.{ending}{question}")
        assert refused.status_code == 400
        assert "There is a problem" in text_of(refused)


# --- calendar file ---


def entries(client, question):
    response = client.get(f"/timetable.ics?{question}")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"].startswith('inline; filename="timetable-')
    file = File.from_ical(response.content)
    return file, list(file.walk("VEVENT"))


def test_calendar_file_has_every_deadline_as_a_whole_day_or_with_its_hours(client):
    file, found = entries(client, KENT)
    rows = client.get(f"/timetable.json?{KENT}").json()
    assert len(found) == len(rows)
    assert [zone["TZID"] for zone in file.walk("VTIMEZONE")] == ["Europe/London"]
    [summer], [winter] = file.walk("DAYLIGHT"), file.walk("STANDARD")
    assert summer["DTSTART"].dt.hour == 1  # from GMT
    assert summer["TZOFFSETFROM"].to_ical() == "+0000"
    assert winter["DTSTART"].dt.hour == 2  # from summer time
    assert winter["TZOFFSETFROM"].to_ical() == "+0100"
    assert "CATEGORIES" not in found[0]
    by_start = {str(entry["SUMMARY"]): entry for entry in found}
    survey = by_start["Online survey for parents opens"]
    assert survey["DTSTART"].dt.isoformat() == "2022-09-20T12:00:00+01:00"
    assert survey["DTSTART"].params["TZID"] == "Europe/London"
    whole = by_start["Letter published by Ofsted and by CQC"]
    assert whole["DTSTART"].dt == date(2022, 11, 15)
    assert whole["DTEND"].dt == date(2022, 11, 16)
    assert whole["STATUS"] == "CONFIRMED"
    assert by_start["Comments on factual accuracy, or none to make (forecast)"]["STATUS"] == (
        "TENTATIVE"
    )
    assert "Rule RE-PUBLISH, RV 26; HB 133; NW." in whole["DESCRIPTION"]


def test_the_call_lasts_from_nine_to_ten(client):
    _, found = entries(client, WEEK)
    [call] = [entry for entry in found if "Call to the director" in entry["SUMMARY"]]
    assert call["DTEND"].dt - call["DTSTART"].dt == timedelta(hours=1)
    assert call["DTSTART"].dt.hour == 9


def test_ids_are_stable_and_all_different(client):
    def ids(question):
        return [str(entry["UID"]) for entry in entries(client, question)[1]]

    assert ids(NAMED) == ids(NAMED)
    assert len(set(ids(NAMED))) == len(ids(NAMED))
    assert not set(ids(WEEK)) & set(ids(KENT))


# --- limits ---


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/timetable.json", timetable_views.PAGES_A_MINUTE),
        ("/timetable.ics", timetable_views.FILES_A_MINUTE),
    ],
)
def test_too_many_in_a_minute_are_refused_kindly(client, address, most):
    asker = {"REMOTE_ADDR": f"192.0.2.{most % 250}"}
    answers = [client.get(address, **asker).status_code for _ in range(2 * most + 1)]
    assert 429 not in answers[:most]
    assert answers[-1] == 429


def test_pdf_has_a_limit_of_its_own_and_other_askers_are_not_hit(client):
    assert timetable_views.FILES_A_MINUTE < timetable_views.PAGES_A_MINUTE
    asker = {"REMOTE_ADDR": "198.51.100.7"}
    for _ in range(2 * timetable_views.FILES_A_MINUTE + 1):
        last = client.get("/timetable.pdf", **asker)
    assert last.status_code == 429
    assert client.get("/timetable/", **asker).status_code == 200
    assert client.get("/timetable.pdf", REMOTE_ADDR="198.51.100.8").status_code == 400


def test_the_address_of_a_redirect_stays_on_the_site(client):
    location = client.get("/timetable/?kind=inspection/area-send-2023&next=//evil.example")[
        "Location"
    ]
    assert urlsplit(location).netloc == ""
