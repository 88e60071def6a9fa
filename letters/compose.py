"""From a case's facts to a letter's words: the same body for preview, web page and PDF."""

import datetime
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from casework.models import Case
from letters import pdf
from letters.facts import LetterFacts, Problem, from_json, texts, to_json
from letters.models import Letter
from letters.registry import LetterKind, NotYet

LETTER_STYLE = pdf.STYLES / "letter.css"
RESTRICTED = "RESTRICTED - NOT FOR ONWARD SHARING"


@dataclass(frozen=True)
class Envelope:
    """What stands on a letter besides its facts."""

    reference: str
    dated: datetime.date | None = None
    replaces_reference: str = ""
    replaces_dated: datetime.date | None = None
    replaces_reason: str = ""


@dataclass(frozen=True)
class Draft:
    """A letter as the case's facts make it today. `facts` is None where it cannot be drafted."""

    facts: LetterFacts | None
    problems: tuple[Problem, ...]
    #: Changes whenever the words would: an approval says which words it approves.
    fingerprint: str
    #: What the approver should know, though it keeps nothing back.
    notes: tuple[Problem, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether nothing keeps it from being approved."""
        return self.facts is not None and not self.problems


def draft(case: Case, kind: LetterKind) -> Draft:
    """The letter that the case's facts make now, and what keeps it from being approved."""
    try:
        facts = kind.facts(case)
    except NotYet as missing:
        return Draft(None, missing.problems, "")
    found = (*addressee_problems(facts), *kind.problems(case, facts), *print_problems(facts))
    notes = (*addressee_notes(facts), *kind.notes(case, facts))
    return Draft(facts, found, fingerprint(kind, facts), notes)


def fingerprint(kind: LetterKind, facts: LetterFacts) -> str:
    """A short hash of facts and wording."""
    words = json.dumps([kind.template_version, to_json(facts)], sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def addressee_problems(facts: LetterFacts) -> list[Problem]:
    """What any letter needs of its addressees and signatory."""
    problems = []
    for person in facts.addressees:
        if not person.name:
            problems.append(
                Problem(f"No {_lower(person.post)} of {person.organisation} is on record.")
            )
        elif not person.email:
            problems.append(
                Problem(f"{person.name}, {_lower(person.post)}, has no e-mail address.")
            )
    if not facts.to:
        problems.append(Problem("The letter has no addressee."))
    if not facts.signatory.name:
        problems.append(Problem("Nobody is named to sign it."))
    return problems


def addressee_notes(facts: LetterFacts) -> list[Problem]:
    """Postal addresses that are not known: letters go by e-mail, so this keeps none back."""
    return [
        Problem(
            f"No postal address of {person.organisation} is on record: the letter shows none. It "
            "goes by e-mail."
        )
        for person in facts.to
        if not person.address_lines
    ]


def print_problems(facts: LetterFacts) -> list[Problem]:
    """The texts that cannot be printed as they are, each with its characters."""
    problems = []
    for text in dict.fromkeys(texts(facts)):
        if missing := pdf.unprintable(text):
            problems.append(
                Problem(
                    f"‘{_shortened(text)}’ holds what cannot be printed: "
                    f"{pdf.describe(missing)}. Put the text right, or have a font installed."
                )
            )
    return problems


def stored_facts(kind: LetterKind, letter: Letter) -> LetterFacts:
    """The facts that were frozen when the letter was approved."""
    return from_json(kind.facts_type, letter.facts)


def envelope_of(letter: Letter) -> Envelope:
    """Reference, day and what the letter replaces."""
    old = letter.replaces
    return Envelope(
        reference=letter.reference,
        dated=letter.dated,
        replaces_reference=old.reference if old else "",
        replaces_dated=old.dated if old else None,
        replaces_reason=letter.replaces_reason,
    )


def reference_for(case: Case, code: str, key: str = "", number: int = 1) -> str:
    """'IN-2026-0012/L-IN-CONFIRM', with the number of a correction where it is one."""
    parts = [case.reference, code, *([key] if key else []), *([str(number)] if number > 1 else [])]
    return "/".join(parts)


def body(
    kind: LetterKind,
    facts: LetterFacts,
    envelope: Envelope,
    *,
    heading_level: int = 1,
    marking: str = "",
) -> str:
    """The letter's markup, everything personal in it escaped.

    `heading_level` is that of its own heading, so that it can stand inside a page; `marking` is
    printed on top of every sheet.
    """
    context: dict[str, Any] = {
        "facts": facts,
        "envelope": envelope,
        "marking": marking,
        "title": kind.title(facts),
        "top": heading_level,
        "below": heading_level + 1,
        "lowest": heading_level + 2,
    }
    return render_to_string(kind.template, context)


def marking_for(reader: Any) -> str:
    """What every sheet of a draft carries: the restriction and whose copy it is (letters.md)."""
    name = reader.email if pdf.unprintable(reader.name) else reader.name
    return f"{RESTRICTED}. Draft for {name}, not issued"


def print_letter(kind: LetterKind, facts: LetterFacts, markup: str, reference: str) -> bytes:
    """The PDF/UA-1 file of a letter's markup. Raises pdf.UnprintableText."""
    return pdf.render(
        markup,
        title=f"{kind.title(facts)} ({reference})",
        author=" and ".join(sender.name for sender in facts.senders),
        subject=kind.name,
        styles=(LETTER_STYLE,),
    )


def without_repeats(problems: Sequence[Problem]) -> list[Problem]:
    """Each problem once, in order."""
    return list(dict.fromkeys(problems))


def _shortened(text: str) -> str:
    shown = "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)
    return shown if len(shown) <= 80 else f"{shown[:80]}…"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
