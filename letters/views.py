"""The desk of one letter, and issued letters as web page and PDF."""

import logging
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from casework.access import case_or_refuse
from casework.models import Case
from casework.refusals import GuardFailed, NotAllowed, Reason
from letters import compose, pdf, services, storage
from letters.facts import LetterFacts
from letters.forms import CorrectionForm
from letters.models import TAGS, Letter, LetterState
from letters.registry import LetterKind, letter_kind

logger = logging.getLogger(__name__)


@login_required
@never_cache
@require_safe
def desk(request: HttpRequest, case_id: uuid.UUID, code: str) -> HttpResponse:
    """A letter on its way: preview, what is missing, and the one next step."""
    kind = _kind_or_404(code)
    case = case_or_refuse(request, case_id)
    _of_this_case(case, kind)
    letter = services.current(case, code)
    if not case.access.may(f"{code}.draft"):
        return _to_what_went_out(case, kind, letter)
    return _desk(request, case, kind, letter)


@login_required
@require_POST
def approve(request: HttpRequest, case_id: uuid.UUID, code: str) -> HttpResponse:
    """Freeze what the letter says. Form field: `seen`, the fingerprint of what was read."""
    seen = request.POST.get("seen", "")

    def do(case: Case) -> None:
        services.approve(case, code, by=request.user, seen=seen)

    return _step(request, case_id, code, do)


@login_required
@require_POST
def issue(request: HttpRequest, case_id: uuid.UUID, code: str) -> HttpResponse:
    """Send the approved letter on its way. Form field: `letter`, its id."""
    return _step(
        request,
        case_id,
        code,
        lambda case: services.issue(_posted(request, case, code), by=request.user),
    )


@login_required
@require_POST
def take_back(request: HttpRequest, case_id: uuid.UUID, code: str) -> HttpResponse:
    """Make a draft of an approved letter. Form field: `letter`."""
    return _step(
        request,
        case_id,
        code,
        lambda case: services.take_back(_posted(request, case, code), by=request.user),
    )


@login_required
@require_POST
def abandon(request: HttpRequest, case_id: uuid.UUID, code: str) -> HttpResponse:
    """Give up a correction that is still a draft. Form field: `letter`."""
    return _step(
        request,
        case_id,
        code,
        lambda case: services.abandon(_posted(request, case, code), by=request.user),
    )


@login_required
@require_POST
def correct(request: HttpRequest, case_id: uuid.UUID, code: str) -> HttpResponse:
    """Begin the letter that replaces an issued one. Form fields: `letter`, `reason`."""
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        kind = _kind_or_404(code)
        case = _case_for_work(request, case_id, kind)
        return _desk(request, case, kind, services.current(case, code), form=form, status=422)
    return _step(
        request,
        case_id,
        code,
        lambda case: services.correct(
            _posted(request, case, code), by=request.user, reason=form.cleaned_data["reason"]
        ),
    )


@login_required
@never_cache
@require_GET
def progress(request: HttpRequest, case_id: uuid.UUID, code: str) -> HttpResponse:
    """How far the worker has got: the panel of the desk alone, for its script."""
    kind = _kind_or_404(code)
    case = _case_for_work(request, case_id, kind)
    letter = services.current(case, code)
    state = letter.state if letter else LetterState.DRAFT
    context = {"case": case, "kind": kind, "letter": letter, "state": state}
    return render(request, "letters/parts/progress.html", context)


@login_required
@never_cache
@require_safe
def draft_pdf(request: HttpRequest, case_id: uuid.UUID, code: str) -> HttpResponse:
    """The letter as it would print now, each sheet marked as restricted, with the reader's name."""
    kind = _kind_or_404(code)
    case = _case_for_work(request, case_id, kind)
    letter = services.current(case, code)
    if letter is not None and letter.is_issued:
        return HttpResponseRedirect(reverse("letter_pdf", args=[letter.pk]))
    facts, envelope = _words(case, kind, letter)
    if facts is None:
        raise Http404("There is nothing to preview yet.")
    markup = compose.body(kind, facts, envelope, marking=compose.marking_for(request.user))
    try:
        content = compose.print_letter(kind, facts, markup, envelope.reference)
    except pdf.UnprintableText as error:
        return _desk(request, case, kind, letter, refusals=[("", str(error))], status=422)
    return _as_pdf(content, f"draft {envelope.reference}")


@login_required
@never_cache
@require_safe
def web_page(request: HttpRequest, letter_id: uuid.UUID) -> HttpResponse:
    """An issued letter as a web page: the words that were printed."""
    letter, kind = _issued_or_refuse(request, letter_id)
    facts = compose.stored_facts(kind, letter)
    context = {
        "case": letter.case,
        "letter": letter,
        "facts": facts,
        "heading": kind.title(facts),
        "markup": _trusted(letter.html),
        "replaced_by": Letter.objects.issued().filter(replaces=letter).first(),
    }
    return render(request, "letters/web_page.html", context)


@login_required
@never_cache
@require_safe
def download(request: HttpRequest, letter_id: uuid.UUID) -> HttpResponse:
    """The file of an issued letter, byte for byte as stored; its hash is checked on the way out."""
    letter, _ = _issued_or_refuse(request, letter_id)
    try:
        content = storage.read(letter.path, letter.sha256)
    except storage.FileDamaged:
        logger.exception("The file of letter %s is damaged", letter.pk)
        return render(request, "letters/damaged.html", {"letter": letter}, status=500)
    return _as_pdf(content, letter.reference)


# --- shared ---


def _step(
    request: HttpRequest, case_id: uuid.UUID, code: str, do: Callable[[Case], Any]
) -> HttpResponse:
    kind = _kind_or_404(code)
    case = _case_for_work(request, case_id, kind)
    try:
        do(case)
    except NotAllowed as refused:
        raise PermissionDenied(refused.reason) from refused
    except GuardFailed as failed:
        letter = services.current(case, code)
        return _desk(request, case, kind, letter, refusals=failed.reasons, status=422)
    return HttpResponseRedirect(reverse("letter_desk", args=[case.pk, code]))


def _desk(
    request: HttpRequest,
    case: Case,
    kind: LetterKind,
    letter: Letter | None,
    *,
    refusals: list[Reason] | None = None,
    form: CorrectionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    state = LetterState(letter.state) if letter else LetterState.DRAFT
    context: dict[str, Any] = {
        "case": case,
        "kind": kind,
        "letter": letter,
        "state": state.value,
        "tag": TAGS[state],
        "may": services.may_approve(request.user, case, kind),
        "refusals": refusals or [],
        "form": form or CorrectionForm(),
        **_what_it_says(case, kind, letter),
    }
    return render(request, "letters/desk.html", context, status=status)


def _what_it_says(case: Case, kind: LetterKind, letter: Letter | None) -> Mapping[str, Any]:
    """Draft or frozen facts, the preview, what is missing, whether the case has moved on."""
    if letter is None or letter.state == LetterState.DRAFT:
        draft = compose.draft(case, kind)
        found: dict[str, Any] = {
            "facts": draft.facts,
            "problems": compose.without_repeats(draft.problems),
            "notes": compose.without_repeats(draft.notes),
            "fingerprint": draft.fingerprint,
        }
    else:
        found = {
            "facts": compose.stored_facts(kind, letter),
            "outdated": services.changed_since_approval(letter, kind),
        }
    if found["facts"] is not None and not (letter and letter.is_issued):
        envelope = _envelope(case, kind, letter)
        found["markup"] = _trusted(compose.body(kind, found["facts"], envelope, heading_level=3))
    return found


def _words(
    case: Case, kind: LetterKind, letter: Letter | None
) -> tuple[LetterFacts | None, compose.Envelope]:
    envelope = _envelope(case, kind, letter)
    if letter is None or letter.state == LetterState.DRAFT:
        return compose.draft(case, kind).facts, envelope
    return compose.stored_facts(kind, letter), envelope


def _envelope(case: Case, kind: LetterKind, letter: Letter | None) -> compose.Envelope:
    if letter is not None:
        return compose.envelope_of(letter)
    return compose.Envelope(reference=compose.reference_for(case, kind.code))


def _to_what_went_out(case: Case, kind: LetterKind, letter: Letter | None) -> HttpResponse:
    """For those who see issued letters only: the one that holds, or nothing."""
    permission = case.access.may(f"{kind.code}.read")
    if not permission.allowed:
        if permission.confidential:
            raise Http404("There is no such case.")
        raise PermissionDenied(permission.reason)
    while letter is not None and not letter.is_issued:
        letter = letter.replaces
    if letter is None:
        raise Http404("This letter has not been issued.")
    return HttpResponseRedirect(letter.get_absolute_url())


def _issued_or_refuse(request: HttpRequest, letter_id: uuid.UUID) -> tuple[Letter, LetterKind]:
    """An issued letter that the person may read. A draft does not exist for anybody here."""
    letter = (
        Letter.objects.issued()
        .select_related("replaces", "approved_by", "issue_asked_by")
        .filter(pk=letter_id)
        .first()
    )
    if letter is None:
        raise Http404("There is no such letter.")
    kind = _kind_or_404(letter.code)
    letter.case = case_or_refuse(request, letter.case_id, f"{letter.code}.read")
    return letter, kind


def _case_for_work(request: HttpRequest, case_id: uuid.UUID, kind: LetterKind) -> Case:
    case = case_or_refuse(request, case_id, f"{kind.code}.draft")
    _of_this_case(case, kind)
    return case


def _kind_or_404(code: str) -> LetterKind:
    try:
        return letter_kind(code)
    except KeyError:
        raise Http404("There is no such letter.") from None


def _of_this_case(case: Case, kind: LetterKind) -> None:
    if kind.case_kind != case.kind:
        raise Http404("This case has no such letter.")


def _posted(request: HttpRequest, case: Case, code: str) -> uuid.UUID:
    """The letter that the form is about, which must be one of this case."""
    try:
        letter_id = uuid.UUID(request.POST.get("letter", ""))
    except ValueError:
        raise Http404("There is no such letter.") from None
    if not Letter.objects.filter(pk=letter_id, case=case, code=code).exists():
        raise Http404("There is no such letter.")
    return letter_id


def _as_pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    filename = f"{name.replace('/', ' ')}.pdf"
    response["Content-Disposition"] = content_disposition_header(True, filename)
    response["Content-Length"] = str(len(content))
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _trusted(markup: str) -> SafeString:
    # Made by our own template, which escaped whatever people typed.
    return mark_safe(markup)
