"""The desk of a letter and what went out: who gets what, in which form, with how many queries."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework.models import Event
from casework.tests import rehearsal
from letters import services
from letters.facts import Problem
from letters.models import Letter, LetterState
from letters.tests.test_services import approved, asked_for, issued
from letters.tests.trial_letter import CODE

pytestmark = pytest.mark.django_db

DESK = "letter_desk"
POSTS = ("letter_approve", "letter_issue", "letter_take_back", "letter_correct", "letter_abandon")


def address(name, case):
    return reverse(name, args=[case.pk, CODE])


@pytest.fixture
def page(client, officer):
    client.force_login(officer)
    return client


@pytest.fixture
def director(area):
    return rehearsal.make_person("Dana Director", role="dcs", area=area)


@pytest.fixture
def stranger(db):
    elsewhere = rehearsal.make_area("Elsewhere", code="T09")
    return rehearsal.make_person("Otto Other", role="dcs", area=elsewhere)


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# --- the way through ---


def test_a_letter_is_approved_issued_and_read(page, case, django_capture_on_commit_callbacks):
    desk = page.get(address(DESK, case))
    assert "Dana Director" in text(desk)
    seen = re.search(r'name="seen" value="(\w+)"', desk.content.decode())[1]
    answer = page.post(address("letter_approve", case), {"seen": seen})
    assert (answer.status_code, answer["Location"]) == (302, address(DESK, case))
    desk = page.get(address(DESK, case))
    assert "Approved by Olu Officer" in text(desk)
    letter_id = re.search(r'name="letter" value="([0-9a-f-]+)"', desk.content.decode())[1]
    assert page.post(address("letter_issue", case), {"letter": letter_id}).status_code == 302
    desk = page.get(address(DESK, case))
    assert "The letter is being issued" in text(desk)
    assert "Check again" in text(desk)
    services.carry_out(Letter.objects.get().pk)
    desk = page.get(address(DESK, case))
    letter = Letter.objects.get()
    assert letter.sha256 in text(desk)
    web = page.get(letter.get_absolute_url())
    assert "Dear Dana Director" in text(web)
    assert letter.html in web.content.decode()


def test_the_file_comes_as_it_was_stored(page, case, officer, files):
    letter = issued(case, officer)
    answer = page.get(reverse("letter_pdf", args=[letter.pk]))
    assert answer.content == (files / letter.path).read_bytes()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert int(answer["Content-Length"]) == letter.size
    filename = letter.reference.replace("/", " ")
    assert answer["Content-Disposition"] == f'attachment; filename="{filename}.pdf"'
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_a_damaged_file_is_not_given_out(page, case, officer, files, damage):
    letter = issued(case, officer)
    if damage == "gone":
        (files / letter.path).unlink()
    else:
        (files / letter.path).write_bytes(b"%PDF-something else")
    answer = page.get(reverse("letter_pdf", args=[letter.pk]))
    assert answer.status_code == 500
    assert "cannot be read" in text(answer)
    assert b"%PDF" not in answer.content


def test_the_progress_panel_says_how_far_it_is(page, case, officer, world):
    assert "not being issued" in text(page.get(address("letter_progress", case)))
    letter = asked_for(case, officer)
    panel = page.get(address("letter_progress", case))
    assert 'data-module="app-progress"' in panel.content.decode()
    services.carry_out(letter.pk)
    panel = page.get(address("letter_progress", case))
    assert "Download the letter (PDF" in text(panel)
    assert "data-module" not in panel.content.decode()


def test_a_failed_letter_shows_why_and_can_be_tried_again(page, case, officer, world):
    world.taken_by = ""
    services.carry_out(asked_for(case, officer).pk)
    desk = page.get(address(DESK, case))
    assert "Say who took the call." in text(desk)
    assert "Try again" in text(desk)


def test_what_is_missing_is_listed_and_there_is_nothing_to_approve(page, case, world):
    world.problems = [Problem("The go-ahead is missing.", link="/somewhere/")]
    desk = page.get(address(DESK, case))
    assert "It cannot be approved yet" in text(desk)
    assert 'href="/somewhere/"' in desk.content.decode()
    assert "Approve this letter" not in text(desk)


def test_a_refusal_shows_the_reason_on_the_page(page, case, world):
    answer = page.post(address("letter_approve", case), {"seen": "something else"})
    assert answer.status_code == 422
    assert "read the letter again" in text(answer)
    assert "There is a problem" in text(answer)


def test_a_case_that_moved_on_after_approval_asks_to_take_it_back(page, case, officer, world):
    letter = approved(case, officer)
    world.name = "Somebody Else"
    assert "Take it back" in text(page.get(address(DESK, case)))
    answer = page.post(address("letter_issue", case), {"letter": letter.pk})
    assert answer.status_code == 422
    page.post(address("letter_take_back", case), {"letter": letter.pk})
    assert "Somebody Else" in text(page.get(address(DESK, case)))


def test_a_correction_is_begun_with_its_reason_and_given_up(page, case, officer):
    old = issued(case, officer)
    answer = page.post(address("letter_correct", case), {"letter": old.pk, "reason": ""})
    assert answer.status_code == 422
    assert "Enter" in text(answer)
    page.post(address("letter_correct", case), {"letter": old.pk, "reason": "Wrong <b>name</b>"})
    desk = page.get(address(DESK, case))
    assert "Wrong &lt;b&gt;name&lt;/b&gt;" in desk.content.decode()
    new = Letter.objects.get(number=2)
    page.post(address("letter_abandon", case), {"letter": new.pk})
    assert list(Letter.objects.all()) == [old]


def test_a_replaced_letter_says_so_and_names_its_successor(page, case, officer, monday):
    old = issued(case, officer)
    services.correct(old.pk, by=officer, reason="Wrong name")
    new = issued(case, officer)
    said = text(page.get(old.get_absolute_url()))
    assert "no longer holds" in said
    assert new.reference in said
    assert f"replaces ours of 1 June 2026, reference {old.reference}" in text(
        page.get(new.get_absolute_url())
    )


def test_the_draft_prints_with_its_marking(page, case):
    import io

    from pypdf import PdfReader

    answer = page.get(address("letter_draft", case))
    assert answer["Content-Type"] == "application/pdf"
    assert "draft" in answer["Content-Disposition"]
    sheets = PdfReader(io.BytesIO(answer.content)).pages
    marking = "RESTRICTED - NOT FOR ONWARD SHARING. Draft for Olu Officer, not issued"
    assert all(marking in sheet.extract_text() for sheet in sheets)
    assert not Letter.objects.exists()


def test_looking_writes_nothing(page, case):
    page.get(address(DESK, case))
    page.get(address("letter_progress", case))
    assert not Letter.objects.exists()


# --- hostile words ---


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "{{ facts }}", "a" * 300, "محمد"])
def test_names_are_shown_as_typed_and_do_nothing(page, case, officer, world, name):
    world.name = name
    desk = page.get(address(DESK, case)).content.decode()
    assert "<script>alert" not in desk
    letter = issued(case, officer)
    web = page.get(letter.get_absolute_url()).content.decode()
    assert "<script>alert" not in web
    from html import unescape

    assert name in unescape(web)


# --- who is kept out ---


@pytest.mark.parametrize("name", [DESK, "letter_progress", "letter_draft", *POSTS])
def test_before_notification_the_letter_does_not_exist_for_the_area(client, case, director, name):
    client.force_login(director)
    ask = client.post if name in POSTS else client.get
    answer = ask(address(name, case))
    assert answer.status_code == 404
    assert b"Dana" not in answer.content


def test_the_director_gets_the_issued_letter_and_nothing_else(client, case, officer, director):
    letter = issued(case, officer)
    client.force_login(director)
    desk = client.get(address(DESK, case))
    assert (desk.status_code, desk["Location"]) == (302, letter.get_absolute_url())
    assert client.get(letter.get_absolute_url()).status_code == 200
    assert client.get(reverse("letter_pdf", args=[letter.pk])).status_code == 200
    assert client.get(address("letter_draft", case)).status_code == 403
    assert client.post(address("letter_correct", case), {"reason": "x"}).status_code == 403


def test_a_correction_on_its_way_does_not_exist_for_the_director(client, case, officer, director):
    old = issued(case, officer)
    new = services.correct(old.pk, by=officer, reason="Secret slip")
    client.force_login(director)
    assert client.get(address(DESK, case))["Location"] == old.get_absolute_url()
    assert client.get(new.get_absolute_url()).status_code == 404
    assert client.get(reverse("letter_pdf", args=[new.pk])).status_code == 404
    assert b"Secret slip" not in client.get(old.get_absolute_url()).content


def test_others_areas_get_neither_page_nor_file(client, case, officer, stranger):
    letter = issued(case, officer)
    client.force_login(stranger)
    for path in (
        letter.get_absolute_url(),
        reverse("letter_pdf", args=[letter.pk]),
        address(DESK, case),
    ):
        answer = client.get(path)
        assert answer.status_code == 403
        assert b"Dana" not in answer.content
        assert b"%PDF" not in answer.content


def test_nobody_gets_anything_without_signing_in(client, case, officer):
    letter = issued(case, officer)
    for path in (letter.get_absolute_url(), reverse("letter_pdf", args=[letter.pk])):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("name", POSTS)
def test_an_inspector_who_may_only_read_changes_nothing(client, case, officer, name):
    letter = approved(case, officer)
    inspector = rehearsal.make_person("Ida Inspector")
    rehearsal.put_on_case(inspector, case, "cqc_inspector")
    client.force_login(inspector)
    assert client.get(address(DESK, case)).status_code == 200
    answer = client.post(address(name, case), {"letter": letter.pk, "seen": "x", "reason": "x"})
    assert answer.status_code == 403
    letter.refresh_from_db()
    assert letter.state == LetterState.APPROVED
    assert not Event.objects.filter(kind="notified").exists()


def test_a_letter_of_another_case_is_not_moved_by_this_ones_address(page, case, officer, area):
    from letters.tests.trial_letter import fixed_case

    other = fixed_case(rehearsal.make_area("Otherplace", code="T08"), officer)
    letter = approved(other, officer)
    assert page.post(address("letter_issue", case), {"letter": letter.pk}).status_code == 404
    letter.refresh_from_db()
    assert letter.state == LetterState.APPROVED


@pytest.mark.parametrize("letter", ["", "1", "not-a-uuid", "'; --", "\0"])
def test_an_id_that_is_none_is_not_found(page, case, letter):
    assert page.post(address("letter_issue", case), {"letter": letter}).status_code == 404


def test_an_unknown_letter_is_not_found(page, case):
    assert page.get(f"/cases/{case.pk}/letters/L-NONE/").status_code == 404
    assert page.get(f"/cases/{case.pk}/letters/L-IN-CONFIRM/").status_code == 404


def test_pages_that_change_something_are_posted(page, case):
    for name in POSTS:
        assert page.get(address(name, case)).status_code == 405


# --- the case page ---


def test_the_case_page_lists_letters_for_those_who_may_see_them(
    client, case, officer, director, monday
):
    client.force_login(officer)
    assert "Not begun" in text(client.get(case.get_absolute_url()))
    letter = issued(case, officer)
    assert letter.reference in text(client.get(case.get_absolute_url()))
    services.correct(letter.pk, by=officer, reason="x")
    client.force_login(director)
    seen = text(client.get(case.get_absolute_url()))
    assert letter.reference in seen
    assert f"{letter.reference}/2" not in seen


# --- queries ---


def _corrections(case, officer, number):
    for _ in range(number):
        last = services.current(case, CODE)
        services.correct(last.pk, by=officer, reason="Again")
        issued(case, officer)


def _queries(page, path):
    with CaptureQueriesContext(connection) as seen:
        assert page.get(path).status_code == 200
    return len(seen)


def test_the_pages_take_a_constant_number_of_queries(page, case, officer):
    letter = issued(case, officer)
    most = {
        address(DESK, case): 13,
        letter.get_absolute_url(): 9,
        reverse("letter_pdf", args=[letter.pk]): 7,
        address("letter_progress", case): 7,
    }
    for path in most:
        page.get(path)  # the process reads the calendar once
    before = {path: _queries(page, path) for path in most}
    assert all(before[path] <= most[path] for path in most), before
    _corrections(case, officer, 3)
    assert {path: _queries(page, path) for path in most} == before


def test_the_desk_notes_an_unknown_postal_address_and_lets_the_letter_go(page, case, world):
    world.address = ""
    desk = text(page.get(address(DESK, case)))
    assert "No postal address of Trialshire Council is on record" in desk
    assert "Approve this letter" in desk
