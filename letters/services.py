"""The life of a letter: approve, take back, issue, correct; each can be asked twice and done once.

Issue is two steps. The request marks the letter and hands it to a worker once committed. The worker
holds the letter's row locked, prints, writes the file aside and renames it, and in the same
transaction stores hash and path, records the event and writes the notices. A worker that dies
leaves the letter marked; the sweeper hands it on. A second worker finds the row locked, or done.
"""

import datetime
import logging
import uuid
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Q

from casework import access
from casework.models import Case
from casework.recording import record
from casework.refusals import GuardFailed, NotAllowed, Refused
from config import clock
from letters import compose, pdf, storage
from letters.facts import to_json
from letters.models import Letter, LetterState
from letters.registry import LetterKind, letter_kind
from notices.broker import ask
from notices.services import notify

logger = logging.getLogger(__name__)

#: How long a letter may be on its way before the sweeper asks for it again.
GIVEN_UP_AFTER = datetime.timedelta(seconds=15)


def may_approve(user: Any, case: Case, kind: LetterKind) -> access.Permission:
    """Whether the person may approve and issue this letter, and why not."""
    return access.may(user, f"{kind.code}.approve", case)


def current(case: Case, code: str, key: str = "") -> Letter | None:
    """The letter that holds or is being made; None before anything was done."""
    return Letter.objects.newest_of(case, code, key)


def approve(case: Case, code: str, *, by: Any, seen: str, key: str = "") -> Letter:
    """Freeze the facts as they are now. Returns the letter; an approved one is left as it is.

    `seen` is the fingerprint of the draft that the person read. Raises NotAllowed, or GuardFailed
    where the case has changed since, or something is missing.
    """
    kind = _kind_for(case, code)
    _check_allowed(by, case, kind)
    with transaction.atomic():
        letter = _locked_line(case, kind, key, by)
        if letter.state != LetterState.DRAFT:
            return letter
        draft = compose.draft(case, kind)
        _check_draft(draft, seen)
        letter.facts = to_json(draft.facts)
        letter.facts_version = kind.facts_type.schema_version
        letter.template_version = kind.template_version
        letter.approved_at = clock.now()
        letter.approved_by = by
        letter.state = LetterState.APPROVED
        letter.save()
        return letter


def take_back(letter_id: uuid.UUID, *, by: Any) -> Letter:
    """Turn an approved letter that has not gone out into a draft again. Once is enough."""
    with transaction.atomic():
        letter = _locked(letter_id)
        _check_allowed(by, letter.case, letter_kind(letter.code))
        if letter.state in (LetterState.APPROVED, LetterState.FAILED):
            letter.state = LetterState.DRAFT
            letter.facts = letter.facts_version = letter.template_version = None
            letter.approved_at = letter.approved_by = None
            letter.dated = letter.issue_asked_at = letter.issue_asked_by = None
            letter.failure, letter.failed_at = "", None
            letter.save()
        elif letter.state in (LetterState.ISSUING, LetterState.ISSUED):
            raise GuardFailed([("", "The letter has been issued: it can only be corrected.")])
        return letter


def issue(letter_id: uuid.UUID, *, by: Any) -> Letter:
    """Ask for an approved letter to go out. Asking again, even at the same instant, adds nothing.

    Raises NotAllowed, or GuardFailed where the case or the wording changed since approval.
    """
    with transaction.atomic():
        letter = _locked(letter_id)
        kind = letter_kind(letter.code)
        _check_allowed(by, letter.case, kind)
        if letter.state in (LetterState.ISSUING, LetterState.ISSUED):
            return letter
        if letter.state == LetterState.DRAFT:
            raise GuardFailed([("", "The letter must be approved before it is issued.")])
        if reason := changed_since_approval(letter, kind):
            raise GuardFailed([("", reason)])
        letter.state = LetterState.ISSUING
        letter.dated = clock.today()
        letter.issue_asked_at = letter.queued_at = clock.now()
        letter.issue_asked_by = by
        letter.failure, letter.failed_at = "", None
        letter.save()
        transaction.on_commit(lambda: hand_to_worker(letter.pk), robust=True)
        return letter


def changed_since_approval(letter: Letter, kind: LetterKind) -> str:
    """Why the approval no longer covers the letter: facts or wording changed; '' if it does."""
    draft = compose.draft(letter.case, kind)
    if draft.problems:
        return " ".join(problem.text for problem in draft.problems)
    approved = compose.fingerprint(kind, compose.stored_facts(kind, letter))
    if letter.template_version == kind.template_version and approved == draft.fingerprint:
        return ""
    return "The case has changed since the letter was approved. Take it back and approve it anew."


def correct(letter_id: uuid.UUID, *, by: Any, reason: str) -> Letter:
    """Begin the letter that replaces an issued one. Beginning it twice is beginning it once."""
    reason = " ".join(reason.split())
    if not reason:
        raise GuardFailed([("reason", "Say what is put right: the letter states it.")])
    with transaction.atomic():
        old = _locked(letter_id)
        kind = letter_kind(old.code)
        _check_allowed(by, old.case, kind)
        if old.state != LetterState.ISSUED:
            raise GuardFailed([("", "Only an issued letter can be corrected.")])
        if begun := Letter.objects.filter(replaces=old).first():
            return begun
        number = old.number + 1
        return Letter.objects.create(
            case=old.case,
            code=old.code,
            key=old.key,
            number=number,
            reference=compose.reference_for(old.case, old.code, old.key, number),
            replaces=old,
            replaces_reason=reason,
            created_at=clock.now(),
            created_by=by,
        )


def abandon(letter_id: uuid.UUID, *, by: Any) -> None:
    """Give up a correction that was not approved: the letter it was to replace goes on holding."""
    with transaction.atomic():
        letter = _locked(letter_id)
        _check_allowed(by, letter.case, letter_kind(letter.code))
        if letter.state != LetterState.DRAFT or letter.number == 1:
            raise GuardFailed([("", "Only a correction that is still a draft can be given up.")])
        letter.delete()


# --- the worker's part ---


def hand_to_worker(letter_id: uuid.UUID) -> None:
    """Put the letter before the workers. Where Redis is away the sweeper will do it later."""
    from letters.tasks import issue_letter

    ask(issue_letter, [str(letter_id)])


def carry_out(letter_id: uuid.UUID) -> bool:
    """Print, store and record a letter that was asked for. True if this call issued it.

    Does nothing where another worker is at it, or the letter is issued already. What a person has
    to put right (characters, guards, a full disk) leaves the letter 'failed' with its reason; a
    lost database leaves it as it was, for the sweeper.
    """
    try:
        with transaction.atomic():
            letter = (
                Letter.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("case", "replaces", "issue_asked_by")
                .filter(pk=letter_id, state=LetterState.ISSUING)
                .first()
            )
            if letter is None:
                return False
            _issue(letter)
    except DatabaseError:
        raise
    except (Refused, pdf.UnprintableText, OSError) as error:
        _fail(letter_id, _reason(error))
        return False
    logger.info("Letter %s issued", letter_id)
    return True


def still_issuing() -> list[uuid.UUID]:
    """Letters whose worker has not been heard of for a while, marked as handed on once more."""
    now = clock.now()
    # A clock that was moved back (demonstration) must not make a letter wait for hours.
    forgotten = Q(queued_at__lt=now - GIVEN_UP_AFTER) | Q(queued_at__gt=now)
    with transaction.atomic():
        waiting = Letter.objects.select_for_update(skip_locked=True).filter(
            forgotten, state=LetterState.ISSUING
        )
        found = [letter.pk for letter in waiting.only("pk")[:100]]
        Letter.objects.filter(pk__in=found).update(queued_at=now)
    return found


def sweep_files() -> list[str]:
    """Remove files that no letter has: a worker died between file and row. Returns their paths."""
    removed = []
    for path in storage.leftovers(older_than_seconds=24 * 3600):
        if not Letter.objects.filter(path=path).exists():
            storage.remove(path)
            removed.append(path)
    return removed


def _issue(letter: Letter) -> None:
    kind = letter_kind(letter.code)
    facts = compose.stored_facts(kind, letter)
    markup = compose.body(kind, facts, compose.envelope_of(letter))
    printed = compose.print_letter(kind, facts, markup, letter.reference)
    stored = storage.store(letter.case_id, printed)
    letter.html = markup
    letter.path, letter.sha256, letter.size = stored.path, stored.sha256, stored.size
    letter.issued_at = clock.now()
    letter.state = LetterState.ISSUED
    letter.save()
    if (happened := kind.on_issued(letter, facts)) is not None:
        record(
            letter.case_id,
            happened,
            by=letter.issue_asked_by,
            happened_on=letter.dated,
            happened_at=letter.issue_asked_at,
            key=f"letter:{letter.pk}",
        )
    for number, person in enumerate(facts.addressees):
        notify(
            recipient_email=person.email,
            recipient_id=person.user_id,
            template="letter_ready",
            context_json=None,
            link=letter.get_absolute_url(),
            key=f"letter:{letter.pk}:{number}",
        )


def _fail(letter_id: uuid.UUID, reason: str) -> None:
    failed = Letter.objects.filter(pk=letter_id, state=LetterState.ISSUING).update(
        state=LetterState.FAILED, failure=reason, failed_at=clock.now()
    )
    if failed:
        logger.warning("Letter %s could not be issued", letter_id)


def _reason(error: Exception) -> str:
    if isinstance(error, GuardFailed):
        return " ".join(text for _, text in error.reasons)
    if isinstance(error, NotAllowed):
        return error.reason
    if isinstance(error, OSError):
        return "The file could not be stored: the disk is full or cannot be written."
    return str(error)


# --- shared checks ---


def _kind_for(case: Case, code: str) -> LetterKind:
    kind = letter_kind(code)
    if kind.case_kind != case.kind:
        raise KeyError(code)
    return kind


def _check_allowed(by: Any, case: Case, kind: LetterKind) -> None:
    if not (permission := may_approve(by, case, kind)).allowed:
        raise NotAllowed(permission.reason)


def _check_draft(draft: compose.Draft, seen: str) -> None:
    if draft.problems:
        raise GuardFailed([("", problem.text) for problem in draft.problems])
    if seen != draft.fingerprint:
        raise GuardFailed(
            [("", "The case has changed since you opened this page: read the letter again.")]
        )


def _locked_line(case: Case, kind: LetterKind, key: str, by: Any) -> Letter:
    """The newest letter of the line, locked; the first is made where there is none."""
    if not Letter.objects.filter(case=case, code=kind.code, key=key).exists():
        first = Letter(
            case=case,
            code=kind.code,
            key=key,
            reference=compose.reference_for(case, kind.code, key),
            created_at=clock.now(),
            created_by=by,
        )
        # Twenty requests at one instant: one row, the others wait for it and find it.
        Letter.objects.bulk_create([first], ignore_conflicts=True)
    newest = Letter.objects.newest_of(case, kind.code, key)
    assert newest is not None
    return _locked(newest.pk)


def _locked(letter_id: uuid.UUID) -> Letter:
    return (
        Letter.objects.select_for_update(of=("self",))
        .select_related("case", "case__local_area", "replaces")
        .get(pk=letter_id)
    )
