"""The life of a letter, step by step, each with its refusals."""

import datetime
import hashlib
import os

import page
import pytest

from casework.models import Event
from casework.recording import record
from casework.refusals import GuardFailed, NotAllowed
from casework.tests import rehearsal
from letters import compose, services, storage
from letters.facts import Problem, from_json
from letters.models import Letter, LetterState
from letters.registry import letter_kind
from letters.tests.trial_letter import CODE, TrialFacts
from notices.models import Notice

pytestmark = pytest.mark.django_db


def seen(case):
    return compose.draft(case, letter_kind(CODE)).fingerprint


def approved(case, officer):
    return services.approve(case, CODE, by=officer, seen=seen(case))


def asked_for(case, officer):
    return services.issue(approved(case, officer).pk, by=officer)


def issued(case, officer):
    letter = asked_for(case, officer)
    assert services.carry_out(letter.pk) is True
    letter.refresh_from_db()
    return letter


# --- approve ---


def test_approval_freezes_facts_wording_and_who(case, officer, monday):
    letter = approved(case, officer)
    assert letter.state == LetterState.APPROVED
    assert letter.approved_by == officer
    assert letter.reference == f"{case.reference}/L-TRIAL"
    assert letter.template_version == 1
    frozen = from_json(TrialFacts, letter.facts)
    assert frozen.first_day == datetime.date(2026, 6, 8)
    assert frozen.to[0].name == "Dana Director"


def test_approved_facts_stay_when_the_case_moves_on(case, officer, world):
    letter = approved(case, officer)
    world.name = "Somebody Else"
    letter.refresh_from_db()
    assert from_json(TrialFacts, letter.facts).to[0].name == "Dana Director"


def test_approving_twice_is_approving_once(case, officer):
    first = approved(case, officer)
    again = services.approve(case, CODE, by=officer, seen="whatever")
    assert again == first
    assert Letter.objects.count() == 1


def test_approving_what_was_not_read_is_refused(case, officer, world):
    read = seen(case)
    world.name = "Somebody Else"
    with pytest.raises(GuardFailed, match="read the letter again"):
        services.approve(case, CODE, by=officer, seen=read)
    assert not Letter.objects.exclude(state=LetterState.DRAFT).exists()


def test_a_role_that_may_not_approve_is_refused(case):
    inspector = rehearsal.make_person("Ida Inspector")
    rehearsal.put_on_case(inspector, case, "cqc_inspector")
    with pytest.raises(NotAllowed, match="lead HMI"):
        services.approve(case, CODE, by=inspector, seen=seen(case))
    assert not Letter.objects.exists()


def test_missing_facts_block_with_all_their_reasons(case, officer, world):
    world.name, world.address = "", ""
    world.problems = [Problem("The go-ahead is missing.")]
    with pytest.raises(GuardFailed) as refused:
        services.approve(case, CODE, by=officer, seen=seen(case))
    assert [text for _, text in refused.value.reasons] == [
        "No director of Trialshire Council is on record.",
        "The go-ahead is missing.",
    ]


def test_an_addressee_without_e_mail_blocks(case, officer, world):
    world.email = ""
    with pytest.raises(GuardFailed, match="no e-mail address"):
        services.approve(case, CODE, by=officer, seen=seen(case))


def test_a_letter_too_early_to_draft_says_what_is_missing(world, area, officer, monday):
    from casework.recording import create_case

    case = create_case("rehearsal", local_area=area, by=officer)
    draft = compose.draft(case, letter_kind(CODE))
    assert draft.facts is None
    assert [problem.text for problem in draft.problems] == ["Dates are not fixed yet."]
    with pytest.raises(GuardFailed, match="Dates are not fixed"):
        services.approve(case, CODE, by=officer, seen="")


@pytest.mark.parametrize("name", ["Dana\x07", "Dana \U0010fffd", "Dana\u202eexe"])
def test_a_name_that_cannot_be_printed_blocks_and_is_named(case, officer, world, name):
    world.name = name
    problems = compose.draft(case, letter_kind(CODE)).problems
    assert len(problems) == 1
    assert "holds what cannot be printed" in problems[0].text
    assert f"U+{ord(name[4:].strip()[0]):04X}" in problems[0].text
    with pytest.raises(GuardFailed):
        services.approve(case, CODE, by=officer, seen=seen(case))


# --- take back ---


def test_an_approval_can_be_taken_back(case, officer):
    letter = services.take_back(approved(case, officer).pk, by=officer)
    assert letter.state == LetterState.DRAFT
    assert letter.facts is None
    assert letter.approved_by is None
    assert services.take_back(letter.pk, by=officer).state == LetterState.DRAFT
    assert approved(case, officer).pk == letter.pk


def test_an_issued_letter_cannot_be_taken_back(case, officer):
    letter = issued(case, officer)
    with pytest.raises(GuardFailed, match="only be corrected"):
        services.take_back(letter.pk, by=officer)


# --- issue ---


def test_issue_prints_stores_records_and_tells(case, officer, files):
    letter = issued(case, officer)
    content = (files / letter.path).read_bytes()
    assert letter.state == LetterState.ISSUED
    assert letter.path == f"case/{case.pk}/letters/{letter.sha256}.pdf"
    assert letter.sha256 == hashlib.sha256(content).hexdigest()
    assert letter.size == len(content)
    assert letter.dated == datetime.date(2026, 6, 1)
    event = Event.objects.get(case=case, kind="notified")
    assert event.key == f"letter:{letter.pk}"
    assert event.recorded_by == officer
    assert event.happened_on == letter.dated
    told = Notice.objects.order_by("recipient_email").values_list(
        "recipient_email", "template", "link"
    )
    assert list(told) == [
        ("chris@example.org", "letter_ready", f"/letters/{letter.pk}/"),
        ("dana@example.org", "letter_ready", f"/letters/{letter.pk}/"),
    ]


def test_the_issued_file_passes_pdf_ua_1(case, officer, files):
    letter = issued(case, officer)
    report = page.validate_pdf(files / letter.path, profile=page.ValidationProfile.PDF_UA_1)
    assert [one.message for one in report.failures] == []


def test_the_web_page_holds_the_words_that_were_printed(case, officer):
    letter = issued(case, officer)
    assert "Dana Director" in letter.html
    assert "1 June 2026" in letter.html
    assert letter.reference in letter.html


def test_a_draft_is_not_issued(case, officer):
    letter = services.take_back(approved(case, officer).pk, by=officer)
    with pytest.raises(GuardFailed, match="must be approved"):
        services.issue(letter.pk, by=officer)


def test_a_case_that_changed_after_approval_is_not_issued(case, officer, world):
    letter = approved(case, officer)
    world.name = "Somebody Else"
    with pytest.raises(GuardFailed, match="has changed since the letter was approved"):
        services.issue(letter.pk, by=officer)
    letter.refresh_from_db()
    assert letter.state == LetterState.APPROVED


def test_issue_is_for_those_who_approve(case, officer):
    letter = approved(case, officer)
    stranger = rehearsal.make_person("Sam Stranger")
    with pytest.raises(NotAllowed):
        services.issue(letter.pk, by=stranger)


def test_asking_twice_is_asking_once(case, officer, django_capture_on_commit_callbacks):
    letter = approved(case, officer)
    with django_capture_on_commit_callbacks() as calls:
        services.issue(letter.pk, by=officer)
        services.issue(letter.pk, by=officer)
    assert len(calls) == 1


def test_the_task_run_twice_issues_once(case, officer):
    letter = issued(case, officer)
    assert services.carry_out(letter.pk) is False
    assert Event.objects.filter(kind="notified").count() == 1
    assert Notice.objects.count() == 2
    again = Letter.objects.get()
    assert (again.sha256, again.issued_at) == (letter.sha256, letter.issued_at)


def test_a_task_for_a_letter_that_was_not_asked_for_does_nothing(case, officer):
    letter = approved(case, officer)
    assert services.carry_out(letter.pk) is False
    letter.refresh_from_db()
    assert letter.state == LetterState.APPROVED


def test_a_worker_that_died_between_file_and_row_leaves_one_letter(case, officer, files):
    letter = asked_for(case, officer)
    kind = letter_kind(CODE)
    facts = compose.stored_facts(kind, letter)
    markup = compose.body(kind, facts, compose.envelope_of(letter))
    orphan = storage.store(case.pk, compose.print_letter(kind, facts, markup, letter.reference))
    assert services.carry_out(letter.pk) is True
    letter.refresh_from_db()
    assert letter.path == orphan.path
    assert [one.name for one in files.rglob("*") if one.is_file()] == [f"{orphan.sha256}.pdf"]


def test_a_guard_of_the_case_fails_the_letter_with_its_reason(case, officer, world):
    world.taken_by = ""
    letter = asked_for(case, officer)
    assert services.carry_out(letter.pk) is False
    letter.refresh_from_db()
    assert letter.state == LetterState.FAILED
    assert letter.failure == "Say who took the call."
    assert not Event.objects.filter(kind="notified").exists()
    assert not Notice.objects.exists()


def test_a_failed_letter_can_be_tried_again(case, officer, world, monday):
    letter = asked_for(case, officer)
    event = rehearsal.Told(taken_by="By hand")
    first = record(case.pk, event, by=officer)
    assert services.carry_out(letter.pk) is False
    letter.refresh_from_db()
    assert "already on record" in letter.failure
    from casework.recording import void

    void(first.pk, by=officer, reason="It was the letter that told them.")
    services.issue(letter.pk, by=officer)
    assert services.carry_out(letter.pk) is True
    letter.refresh_from_db()
    assert letter.state == LetterState.ISSUED
    assert letter.failure == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_fails_the_letter_and_keeps_nothing(case, officer, settings, tmp_path):
    letter = asked_for(case, officer)
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    settings.FILES_DIR = blocked
    assert services.carry_out(letter.pk) is False
    letter.refresh_from_db()
    assert letter.state == LetterState.FAILED
    assert "disk is full or cannot be written" in letter.failure
    assert not Event.objects.filter(kind="notified").exists()


# --- the sweeper ---


def test_a_letter_left_behind_is_handed_on_once_per_while(case, officer, monday):
    letter = asked_for(case, officer)
    assert services.still_issuing() == []
    monday.shift(16)
    assert services.still_issuing() == [letter.pk]
    assert services.still_issuing() == []
    monday.shift(16)
    assert services.still_issuing() == [letter.pk]


def test_a_clock_put_back_does_not_leave_a_letter_waiting(case, officer, monday):
    letter = asked_for(case, officer)
    monday.shift(-3600)
    assert services.still_issuing() == [letter.pk]


def test_letters_that_went_out_are_not_handed_on(case, officer, monday):
    issued(case, officer)
    monday.shift(3600)
    assert services.still_issuing() == []


def test_files_without_a_letter_are_removed_after_a_day(case, officer, files):
    letter = issued(case, officer)
    folder = (files / letter.path).parent
    old, young = folder / f"{'0' * 64}.pdf", folder / f"{'1' * 64}.pdf"
    part = folder / ".abandoned.part"
    for file in (old, young, part):
        file.write_bytes(b"left behind")
    for file in (old, part, files / letter.path):
        os.utime(file, (1, 1))
    assert len(services.sweep_files()) == 2
    assert {one.name for one in folder.iterdir()} == {young.name, f"{letter.sha256}.pdf"}


# --- correct ---


def test_a_correction_is_a_new_letter_that_names_the_old_one(case, officer, world, monday):
    old = issued(case, officer)
    monday.shift(86400)
    begun = services.correct(old.pk, by=officer, reason="  The  name was wrong. ")
    assert begun.replaces == old
    assert begun.replaces_reason == "The name was wrong."
    assert begun.reference == f"{case.reference}/L-TRIAL/2"
    world.name = "Dana Right"
    new = issued(case, officer)
    assert new.pk == begun.pk
    assert f"reference {old.reference}" in new.html
    assert "The name was wrong." in new.html
    old.refresh_from_db()
    assert "Dana Right" not in old.html
    assert Event.objects.filter(kind="notified").count() == 1


def test_a_correction_begun_twice_is_begun_once(case, officer):
    old = issued(case, officer)
    first = services.correct(old.pk, by=officer, reason="One")
    assert services.correct(old.pk, by=officer, reason="Two") == first


def test_a_correction_needs_a_reason_and_an_issued_letter(case, officer):
    letter = approved(case, officer)
    with pytest.raises(GuardFailed, match="Only an issued letter"):
        services.correct(letter.pk, by=officer, reason="x")
    with pytest.raises(GuardFailed, match="Say what is put right"):
        services.correct(letter.pk, by=officer, reason="  ")


def test_a_correction_not_yet_approved_can_be_given_up(case, officer):
    old = issued(case, officer)
    begun = services.correct(old.pk, by=officer, reason="One")
    services.abandon(begun.pk, by=officer)
    assert services.current(case, CODE) == old


def test_an_issued_letter_cannot_be_given_up(case, officer):
    old = issued(case, officer)
    with pytest.raises(GuardFailed, match="still a draft"):
        services.abandon(old.pk, by=officer)


# --- who sees letters ---


def test_readers_see_what_went_out_and_drafters_what_is_on_its_way(case, officer, area):
    director = rehearsal.make_person("Dana Director", role="dcs", area=area)
    elsewhere = rehearsal.make_person(
        "Other Director", role="dcs", area=rehearsal.make_area("Elsewhere", code="T02")
    )
    letter = approved(case, officer)
    assert list(Letter.objects.visible_to(officer)) == [letter]
    assert list(Letter.objects.visible_to(director)) == []
    services.issue(letter.pk, by=officer)
    services.carry_out(letter.pk)
    assert list(Letter.objects.visible_to(director)) == [letter]
    assert list(Letter.objects.visible_to(elsewhere)) == []
