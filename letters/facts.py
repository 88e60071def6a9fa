"""What a letter says, frozen: plain dataclasses that go to JSON and come back equal.

Each letter has its own subclass of `LetterFacts`, with the facts that its template needs. Dates are
dates (JSON: ISO), so that a page, a PDF and a test show the same fact in their own form.
"""

import dataclasses
import datetime
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

_T = TypeVar("_T")


@dataclass(frozen=True)
class Addressee:
    """One person a letter goes to: name, post, organisation, postal address, e-mail."""

    name: str
    post: str
    organisation: str
    address: str = ""
    email: str = ""
    # The account to which the letter's notice belongs, where the person has one.
    user_id: int | None = None

    @property
    def address_lines(self) -> list[str]:
        """The postal address, one line each, empty ones left out."""
        return _lines(self.address)


@dataclass(frozen=True)
class Sender:
    """A body in the letterhead."""

    name: str
    full_name: str = ""
    address: str = ""

    @property
    def address_lines(self) -> list[str]:
        """The address, one line each, empty ones left out."""
        return _lines(self.address)


@dataclass(frozen=True)
class Signatory:
    """Who signs, and for whom."""

    name: str
    post: str
    email: str = ""


@dataclass(frozen=True)
class LetterFacts:
    """What every letter has; each kind of letter adds its own."""

    schema_version: ClassVar[int] = 1

    local_area: str
    senders: tuple[Sender, ...]
    to: tuple[Addressee, ...]
    copies: tuple[Addressee, ...]
    signatory: Signatory

    @property
    def addressees(self) -> tuple[Addressee, ...]:
        """Everybody who receives the letter."""
        return (*self.to, *self.copies)


@dataclass(frozen=True)
class Problem:
    """Something that keeps a letter from being issued: what, and where it can be put right."""

    text: str
    link: str = ""


def to_json(facts: Any) -> Any:
    """The facts as what JSON can hold; `from_json` gives an equal object back."""
    if dataclasses.is_dataclass(facts) and not isinstance(facts, type):
        return {
            field.name: to_json(getattr(facts, field.name)) for field in dataclasses.fields(facts)
        }
    if isinstance(facts, tuple | list):
        return [to_json(one) for one in facts]
    if isinstance(facts, datetime.date):  # a datetime is one too
        return facts.isoformat()
    if facts is None or isinstance(facts, str | int | bool):
        return facts
    raise TypeError(f"A letter's facts cannot hold {type(facts).__name__}.")


def from_json(kind: type[_T], stored: Any) -> _T:
    """The `kind` of facts that `to_json` stored. Raises TypeError where they do not fit."""
    return typing.cast(_T, _read(kind, stored))


def _read(kind: Any, stored: Any) -> Any:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        if stored is None:
            return None
        return _read(next(one for one in typing.get_args(kind) if one is not type(None)), stored)
    if origin is tuple:
        return tuple(_read(typing.get_args(kind)[0], one) for one in stored)
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return typing.cast(Any, kind)(**{name: _read(hints[name], stored[name]) for name in stored})
    if kind in (datetime.date, datetime.datetime):
        return kind.fromisoformat(stored)
    if not isinstance(stored, kind):
        raise TypeError(f"Expected {kind}, found {stored!r}.")
    return stored


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def texts(facts: Any) -> Iterator[str]:
    """Every piece of text in the facts, in order."""
    if isinstance(facts, str):
        yield facts
    elif dataclasses.is_dataclass(facts):
        for field in dataclasses.fields(facts):
            yield from texts(getattr(facts, field.name))
    elif isinstance(facts, tuple | list):
        for one in facts:
            yield from texts(one)
