"""The letters there are. Each room registers its own in `AppConfig.ready()`; none is named here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from casework.access import Row, register_access
from casework.events import Facts
from letters.facts import LetterFacts, Problem

if TYPE_CHECKING:
    from casework.models import Case
    from letters.models import Letter


ACTIONS = frozenset({"draft", "approve", "read"})


class NotYet(Exception):
    """The letter cannot even be drafted: `problems` says what is missing."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problem.text for problem in problems))


def _no_problems(case: "Case", facts: Any) -> Sequence[Problem]:
    return ()


def _no_event(letter: "Letter", facts: Any) -> Facts | None:
    return None


@dataclass(frozen=True)
class LetterKind:
    """One kind of letter (a row of letters.md).

    `facts` gathers from the case what the template says, or raises NotYet. `problems` lists what
    keeps a complete draft from being approved, `notes` what its approver should know besides.
    `on_issued` is the event that issue records.
    A change of wording is a new `template_version`: what was approved under another is not issued.
    Access: the letter's code is a thing of the access table, with the actions `draft` (see it
    before it goes out), `approve` (and issue) and `read` (once it went out).
    """

    code: str
    name: str
    case_kind: str
    source: str
    facts_type: type[LetterFacts]
    facts: Callable[["Case"], LetterFacts]
    template: str
    template_version: int
    access: Sequence[Row]
    title: Callable[[Any], str]
    problems: Callable[["Case", Any], Sequence[Problem]] = _no_problems
    notes: Callable[["Case", Any], Sequence[Problem]] = _no_problems
    on_issued: Callable[["Letter", Any], Facts | None] = _no_event


_kinds: dict[str, LetterKind] = {}


def register_letter(kind: LetterKind) -> None:
    """Make a kind of letter known, in place of one with the same code, with its access rows.

    Raises ValueError for a row about something else.
    """
    for row in kind.access:
        if row.thing != kind.code or row.action not in ACTIONS:
            raise ValueError(f"{kind.code}: no row about {row.thing}.{row.action}.")
    _kinds[kind.code] = kind
    register_access(kind.access)


def forget_letter(code: str) -> None:
    """Take a kind out again (tests that declare one of their own)."""
    _kinds.pop(code, None)


def letter_kind(code: str) -> LetterKind:
    """The kind with that code. Raises KeyError where there is none."""
    return _kinds[code]


def letter_kinds() -> list[LetterKind]:
    """All kinds, in the order in which they were declared."""
    return list(_kinds.values())


def letters_of(case_kind: str) -> list[LetterKind]:
    """The letters that a kind of case sends, in the order in which they were declared."""
    return [kind for kind in _kinds.values() if kind.case_kind == case_kind]
