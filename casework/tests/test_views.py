import datetime

import pytest

from casework.events import Extended, Suspended
from casework.measures import explain_lateness, extend
from casework.models import Case, Deadline
from casework.recording import correct, erase_note, record, void
from casework.tests.rehearsal import Told, make_person, put_on_case
from casework.tests.test_recording import FIX, to_feedback
from design_system.dates import Typed

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.fixture
def signed_in(client, officer):
    client.force_login(officer)
    return client


def _payload(form, **given):
    """What a browser would send back for a form shown, with some fields filled in."""
    shown = {}
    for name in form.fields:
        value = form[name].value()
        value = value.day if isinstance(value, Typed) else value
        if value not in (None, ""):
            shown[name] = value
    days = {k: v.isoformat() for k, v in shown.items() if isinstance(v, datetime.date)}
    return {**shown, **days, **given}


def test_the_case_page_shows_stage_deadlines_and_history(case, officer, signed_in):
    record(case.pk, FIX, by=officer)
    page = signed_in.get(f"/cases/{case.pk}/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "Testshire: rehearsal RH-2026-0001" in text
    assert "Why this date?" in text
    assert "Area told" in text
    assert "Dates fixed" in text
    assert 'class="app-timeline"' in text


def test_an_event_is_recorded_one_step_from_its_deadline(case, officer, signed_in):
    record(case.pk, FIX, by=officer)
    page = signed_in.get(f"/cases/{case.pk}/").content.decode()
    address = f"/cases/{case.pk}/record/notified/?deadline=T-TELL"
    assert address.replace("&", "&amp;") in page
    shown = signed_in.get(address)
    sent = signed_in.post(
        address, _payload(shown.context["form"], taken_by="Dan Deputy", note="Quiet morning")
    )
    assert sent.status_code == 302
    assert sent["Location"] == f"/cases/{case.pk}/"
    event = case.events.get(kind="notified")
    assert (event.recorded_by, event.note.content) == (
        officer,
        {"text": "Quiet morning", "fields": {"taken_by": "Dan Deputy"}},
    )
    assert Deadline.objects.get(case=case, rule="T-TELL").state == "met"


def test_a_guard_that_fails_is_shown_beside_its_field_and_nothing_typed_is_lost(
    case, officer, signed_in
):
    record(case.pk, FIX, by=officer)
    address = f"/cases/{case.pk}/record/notified/"
    form = signed_in.get(address).context["form"]
    page = signed_in.post(address, _payload(form, note="A <b>bold</b> note"))
    assert page.status_code == 422
    assert page.context["form"].errors == {"taken_by": ["Say who took the call."]}
    assert "A &lt;b&gt;bold&lt;/b&gt; note" in page.content.decode()
    assert not case.events.filter(kind="notified").exists()


def test_the_same_form_sent_twice_is_one_event(case, officer, signed_in):
    record(case.pk, FIX, by=officer)
    address = f"/cases/{case.pk}/record/notified/"
    payload = _payload(signed_in.get(address).context["form"], taken_by="Dan")
    assert signed_in.post(address, payload).status_code == 302
    assert signed_in.post(address, payload).status_code == 302
    assert case.events.filter(kind="notified").count() == 1


def test_the_same_form_with_changed_content_is_refused_and_keeps_it(case, officer, signed_in):
    record(case.pk, FIX, by=officer)
    address = f"/cases/{case.pk}/record/notified/"
    payload = _payload(signed_in.get(address).context["form"], taken_by="Dan")
    assert signed_in.post(address, payload).status_code == 302
    page = signed_in.post(address, {**payload, "taken_by": "Dora"})
    assert page.status_code == 422
    text = page.content.decode()
    assert "on record as entry 3" in text
    assert "Dora" in text


def test_who_is_too_late_is_told_who_did_what_and_can_send_it_again(case, officer, signed_in):
    record(case.pk, FIX, by=officer)
    address = f"/cases/{case.pk}/record/hold_placed/"
    form = signed_in.get(address).context["form"]
    payload = _payload(form, why="election", **{"from_day": "2026-06-01"}, note="Purdah")
    record(case.pk, Told(taken_by="Dan"), by=make_person("Bela Other", role="support_officer"))
    page = signed_in.post(address, payload)
    text = page.content.decode()
    assert page.status_code == 409
    assert "Bela Other: Area told, 09:00 on Monday 1 June 2026" in text
    assert "Purdah" in text
    again = _payload(page.context["form"], **{"from_day": "2026-06-01"})
    again["happened_on"] = "2026-06-01"
    assert signed_in.post(address, again).status_code == 302


@pytest.mark.parametrize(
    ("day", "hour", "error"),
    [
        ("2026-06-02", "", "must be between"),
        ("29 2 2026", "", "must be a real date"),
        ("0001-01-01", "", "must be between"),
        ("9999-12-31", "", "must be between"),
        ("", "", "Enter the day"),
        ("2026-03-29", "1:30am", "There was no 01:30 on Sunday 29 March 2026"),
        ("2026-06-01", "25:00", "must be a time"),
    ],
)
def test_odd_days_and_hours_get_a_clear_error_beside_the_field(
    case, officer, signed_in, day, hour, error
):
    address = f"/cases/{case.pk}/record/suspended/"
    form = signed_in.get(address).context["form"]
    payload = {
        "version": form["version"].value(),
        "key": form["key"].value(),
        "note": "Storm",
        "happened_on": day,
        "happened_time": hour,
    }
    page = signed_in.post(address, payload)
    assert page.status_code == 422
    assert error in str(page.context["form"].errors)
    assert case.events.count() == 1


def test_an_hour_in_the_night_the_clocks_go_back_is_taken(case, officer, signed_in, monday):
    monday.move_to(datetime.datetime(2026, 10, 26, 9, 0, tzinfo=datetime.UTC))
    signed_in.force_login(officer)
    address = f"/cases/{case.pk}/record/suspended/"
    form = signed_in.get(address).context["form"]
    payload = _payload(form, note="Storm", happened_on="2026-10-25", happened_time="1:30am")
    assert signed_in.post(address, payload).status_code == 302
    event = case.events.get(kind="suspended")
    assert event.happened_at == datetime.datetime(2026, 10, 25, 0, 30, tzinfo=datetime.UTC)
    assert event.happened_on == D(2026, 10, 25)


@pytest.mark.parametrize(
    ("event", "why"),
    [
        ("report_published", "cannot be recorded at the stage “Feedback given”"),
        ("notified", "is already on record (entry 3)"),
    ],
)
def test_what_can_only_be_refused_shows_the_reason_and_no_form(
    case, officer, signed_in, monday, event, why
):
    to_feedback(case, officer, monday)
    page = signed_in.get(f"/cases/{case.pk}/record/{event}/")
    text = page.content.decode()
    assert page.status_code == 200
    assert why in text
    assert 'name="happened_on' not in text
    void(case.events.get(kind="feedback_given").pk, by=officer, reason="Slip")
    void(case.events.get(kind="notified").pk, by=officer, reason="Slip")
    text = signed_in.get(f"/cases/{case.pk}/record/notified/").content.decode()
    assert 'name="happened_on' in text


def test_nobody_can_send_the_key_of_what_the_system_records_later(case, officer, signed_in):
    record(case.pk, FIX, by=officer, note="Agreed with CQC")
    address = f"/cases/{case.pk}/record/suspended/"
    form = signed_in.get(address).context["form"]
    payload = {**_payload(form, note="Storm"), "key": "erase:2"}
    assert signed_in.post(address, payload).status_code == 302
    assert case.events.get(kind="suspended").key == "form:erase:2"
    erase_note(case.events.get(seq=2), by=None, reason="Asked for")
    assert case.events.filter(kind="note_erased").count() == 1


def test_a_day_is_agreed_from_the_page_that_explains_the_date(case, officer, signed_in):
    record(case.pk, FIX, by=officer)
    page = signed_in.get(f"/cases/{case.pk}/why/T-PUBLISH/").content.decode()
    assert "33 working days after" in page
    assert "T 5" in page
    address = f"/cases/{case.pk}/record/extended/?deadline=T-PUBLISH"
    form = signed_in.get(address).context["form"]
    payload = _payload(form, agreed_on="2026-08-10", agreed_by="Both inspectorates", note="Long")
    assert signed_in.post(address, payload).status_code == 302
    due = Deadline.objects.get(case=case, rule="T-PUBLISH")
    assert (due.due_on, due.computed_on, due.agreed_on) == (
        D(2026, 8, 10),
        D(2026, 7, 29),
        D(2026, 8, 10),
    )
    why = signed_in.get(f"/cases/{case.pk}/why/T-PUBLISH/").content.decode()
    assert "Both inspectorates on Monday 1 June 2026: Long" in why


def test_the_day_agreed_is_explained_by_what_still_stands(case, officer, signed_in):
    record(case.pk, FIX, by=officer)
    due = Deadline.objects.get(case=case, rule="T-PUBLISH")
    first = extend(due, D(2026, 8, 10), by=officer, agreed_by="Ann", why="A complaint is open")
    second = extend(due, D(2026, 8, 17), by=officer, agreed_by="Bob", why="By mistake")
    void(second.pk, by=officer, reason="A slip")
    agreed = Extended(rule="T-PUBLISH", agreed_on=D(2026, 8, 11), agreed_by="Ann Lee")
    correct(first.pk, agreed, by=officer, reason="The day was wrong")
    page = signed_in.get(f"/cases/{case.pk}/why/T-PUBLISH/").content.decode()
    assert "Ann Lee on Monday 1 June 2026: A complaint is open" in page
    assert "Bob" not in page


def test_each_day_that_does_not_count_is_named(case, officer, signed_in, monday):
    record(case.pk, FIX, by=officer)
    page = signed_in.get(f"/cases/{case.pk}/why/T-TELL/").content.decode()
    # Five working days before Monday 8 June: the weekend between.
    assert "Sunday 7 June 2026" in page
    assert "Day -5" in page


def test_a_correction_shows_what_moves_before_it_is_made(case, officer, signed_in, monday):
    to_feedback(case, officer, monday)
    address = f"/cases/{case.pk}/events/2/correct/"
    form = signed_in.get(address).context["form"]
    payload = {
        **_payload(form, reason="It ended on Thursday"),
        "first_day": "2026-06-08",
        "last_day": "2026-06-11",
    }
    check = signed_in.post(address, payload)
    assert check.status_code == 200
    assert "Check what this changes" in check.content.decode()
    assert "Tue 28 July 2026" in check.content.decode()
    assert case.events.count() == 4
    done = signed_in.post(address, {**payload, "confirmed": "yes"})
    assert done.status_code == 302
    assert Case.objects.get(pk=case.pk).last_day == D(2026, 6, 11)
    history = signed_in.get(f"/cases/{case.pk}/history/").content.decode()
    assert "<s>Dates fixed</s>" in history
    assert "It ended on Thursday" in history
    assert "corrects entry 2" in history


def test_a_correction_that_is_impossible_says_so_before_anything_is_confirmed(
    case, officer, signed_in, monday
):
    to_feedback(case, officer, monday)
    address = f"/cases/{case.pk}/events/3/void/"
    form = signed_in.get(address).context["form"]
    page = signed_in.post(address, _payload(form, reason="Never happened"))
    assert page.status_code == 422
    assert "would no longer be possible" in page.content.decode()
    assert case.events.count() == 4


@pytest.mark.parametrize("page", ["correct", "void"])
def test_what_is_never_amended_says_why(case, officer, signed_in, monday, page):
    to_feedback(case, officer, monday)
    refused = signed_in.get(f"/cases/{case.pk}/events/1/{page}/")
    assert refused.status_code == 403
    assert "The first entry is the opening of the case." in refused.content.decode()
    void(case.events.get(kind="feedback_given").pk, by=officer, reason="Slip")
    refused = signed_in.get(f"/cases/{case.pk}/events/5/{page}/")
    assert "This entry strikes out another." in refused.content.decode()


def test_a_suspended_case_says_so_and_has_no_next_deadline(case, officer, signed_in):
    record(case.pk, FIX, by=officer)
    page = signed_in.get(f"/cases/{case.pk}/")
    assert "<dt>Next deadline</dt>" in page.content.decode()
    record(case.pk, Suspended(), by=officer, note="Storm")
    text = signed_in.get(f"/cases/{case.pk}/").content.decode()
    assert '<strong class="govuk-tag govuk-tag--grey">Suspended</strong>' in text
    assert "<dt>Next deadline</dt>" not in text


@pytest.mark.parametrize(
    ("event", "errors"),
    [
        ("hold_placed", {"from_day": ["Enter the day the hold starts"]}),
        ("suspended", {"note": ["Say why the case stands still"]}),
        ("comments_received", {"subject": ["Select whom it is for"]}),
    ],
)
def test_what_is_missing_is_asked_for_in_english(case, officer, signed_in, event, errors):
    address = f"/cases/{case.pk}/record/{event}/"
    page = signed_in.post(address, {"happened_on": "2026-06-01", "version": "1", "key": "x"})
    assert page.status_code == 422
    found = page.context["form"].errors
    assert {name: found.get(name) for name in errors} == errors


def test_striking_out_is_confirmed_first(case, officer, signed_in, monday):
    to_feedback(case, officer, monday)
    address = f"/cases/{case.pk}/events/4/void/"
    payload = _payload(signed_in.get(address).context["form"], reason="Wrong case")
    check = signed_in.post(address, payload).content.decode()
    assert "The stage goes from <strong>Feedback given</strong> back to <strong>Told" in check
    assert case.events.count() == 4
    assert signed_in.post(address, {**payload, "confirmed": "yes"}).status_code == 302
    assert Case.objects.get(pk=case.pk).stage == "told"


def test_a_note_is_erased_by_quality_assurance_only_and_shows_that_it_was(
    case, officer, client, monday
):
    to_feedback(case, officer, monday)
    address = f"/cases/{case.pk}/events/3/erase-note/"
    client.force_login(officer)
    assert client.get(address).status_code == 403
    client.force_login(make_person("Quinn Quality", role="senior_hmi"))
    shown = client.get(address)
    assert "Dan" in shown.content.decode()
    payload = {**_payload(shown.context["form"], reason="Asked for by Dan"), "confirmed": "yes"}
    assert client.post(address, payload).status_code == 302
    page = client.get(f"/cases/{case.pk}/history/").content.decode()
    assert "Redacted by Quinn Quality on Friday 12 June 2026: Asked for by Dan" in page
    assert "Who took the call" not in page


@pytest.mark.parametrize("page", ["", "history/", "why/T-TELL/", "record/notified/"])
def test_before_notification_the_case_does_not_exist_for_others(case, area, officer, client, page):
    record(case.pk, FIX, by=officer)
    client.force_login(make_person("Dora", role="dcs", area=area))
    assert client.get(f"/cases/{case.pk}/{page}").status_code == 404


def test_after_notification_others_are_refused_with_the_reason(case, area, officer, client):
    record(case.pk, FIX, by=officer)
    record(case.pk, Told(taken_by="Dan"), by=officer)
    client.force_login(make_person("Dora", role="dcs", area=area))
    page = client.get(f"/cases/{case.pk}/")
    assert page.status_code == 200
    assert "Dan" not in page.content.decode()
    assert "History" not in page.content.decode()
    refused = client.get(f"/cases/{case.pk}/history/")
    assert refused.status_code == 403


def test_nobody_signed_out_sees_a_case(case, client):
    page = client.get(f"/cases/{case.pk}/")
    assert page.status_code == 302
    assert page["Location"].startswith("/sign-in/")


def test_the_case_page_takes_the_same_queries_whatever_the_case_holds(
    case, officer, signed_in, monday, django_assert_max_num_queries
):
    for number in range(6):
        put_on_case(make_person(f"Inspector {number}"), case, "additional_inspector")
    to_feedback(case, officer, monday)
    signed_in.get(f"/cases/{case.pk}/")
    with django_assert_max_num_queries(12):
        signed_in.get(f"/cases/{case.pk}/")


def test_the_words_of_an_agreed_day_are_for_the_inspectorates_alone(
    case, area, officer, client, monday
):
    record(case.pk, FIX, by=officer)
    record(case.pk, Told(taken_by="Dan"), by=officer)
    due = Deadline.objects.get(case=case, rule="T-PUBLISH")
    extend(due, D(2026, 8, 10), by=officer, agreed_by="Both heads", why="A complaint is open")
    explain_lateness(due, by=officer, reason="Evidence was lost")
    put_on_case(make_person("Rae Representative"), case, "representative")
    words = ("Both heads", "A complaint is open", "Evidence was lost", "Rae Representative")

    def shown():
        pages = (f"/cases/{case.pk}/why/T-PUBLISH/", f"/cases/{case.pk}/")
        text = "".join(client.get(page).content.decode() for page in pages)
        return [word for word in words if word in text]

    client.force_login(officer)
    assert shown() == list(words)
    client.force_login(make_person("Dora", role="dcs", area=area))
    assert shown() == []
    assert (
        "Monday 10 August 2026" in client.get(f"/cases/{case.pk}/why/T-PUBLISH/").content.decode()
    )


def test_the_list_pages_by_key_filters_and_counts(area, officer, signed_in, monday, declared):
    from casework.recording import create_case
    from casework.tests.rehearsal import make_area

    other = make_area("Otherland", region="Other Region", code="T02")
    for number in range(57):
        monday.shift(datetime.timedelta(minutes=1))
        create_case("rehearsal", local_area=other if number % 19 == 0 else area, by=officer)
    signed_in.force_login(officer)

    def references(page):
        return [row.cells[1] for row in page.context["table"].rows]

    first = signed_in.get("/cases/?order=-reference")
    assert first.context["total"] == "57"
    assert references(first)[:2] == ["RH-2026-0057", "RH-2026-0056"]
    assert (len(references(first)), first.context["newer"]) == (25, "")
    second = signed_in.get("/cases/" + first.context["older"])
    third = signed_in.get("/cases/" + second.context["older"])
    assert references(third) == [f"RH-2026-{n:04d}" for n in range(7, 0, -1)]
    assert third.context["older"] == ""
    back = signed_in.get("/cases/" + third.context["newer"])
    assert references(back) == references(second)
    filtered = signed_in.get("/cases/?region=other-region&stage=planned&order=-reference")
    assert references(filtered) == ["RH-2026-0039", "RH-2026-0020", "RH-2026-0001"]
    assert references(signed_in.get("/cases/?area=otherl&order=-reference")) == references(filtered)
    assert references(signed_in.get("/cases/?area=RH-2026-0039")) == ["RH-2026-0039"]
    assert references(signed_in.get("/cases/?stage=no-such")) == []
    for odd in (
        "after=x",
        "after=2026-06-01~y",
        "before=~",
        "after=2026-06-01T00:00~" + "1" * 32,
    ):
        assert signed_in.get(f"/cases/?{odd}").status_code == 200


def test_the_list_takes_the_same_queries_for_one_case_and_for_many(
    case, area, officer, signed_in, django_assert_max_num_queries
):
    from casework.recording import create_case

    for _ in range(25):
        record(create_case("rehearsal", local_area=area, by=officer).pk, FIX, by=officer)
    signed_in.get("/cases/")
    with django_assert_max_num_queries(8):
        page = signed_in.get("/cases/")
    assert page.content.decode().count("due_soon") + page.content.decode().count("Due") > 20


def test_the_list_shows_nobody_what_is_confidential(case, area, officer, client):
    record(case.pk, FIX, by=officer)
    client.force_login(make_person("Dora", role="dcs", area=area))
    page = client.get("/cases/")
    assert "No case is open to you." in page.content.decode()
    assert "RH-2026" not in page.content.decode()
    # One who may know of the case but not read its timetable sees no deadline of it.
    client.force_login(make_person("Hana", role="hmci"))
    page = client.get("/cases/").content.decode()
    assert "RH-2026-0001" in page
    assert "govuk-tag" not in page.split("<table")[1]
