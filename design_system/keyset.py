"""Lists in pages by key: each page begins where the one before it ended, whatever was added since.

A list has an `Order`: what it is sorted by, down to something that no two rows share. A `Place` is
the values of one row, written into the address of the next page. An empty value stands last,
whichever way the list is sorted. The same order sorts query sets and plain lists.
"""

import base64
import binascii
import datetime
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest

Place = tuple[Any, ...]
_Item = TypeVar("_Item")
#: Longer than any place that this module writes.
LONGEST = 2000


def read_moment(text: str) -> datetime.datetime:
    """An aware moment. Raises ValueError."""
    moment = datetime.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment has an offset")
    return moment


@dataclass(frozen=True)
class Key:
    """One thing that rows are sorted by. `name` is the field, `read` takes its written form back,
    `nullable` says that it can be empty."""

    name: str
    read: Callable[[str], Any] = str
    descending: bool = False
    nullable: bool = False

    def order(self, backwards: bool) -> OrderBy:
        """For `order_by`."""
        descending = self.descending != backwards
        last = {"nulls_first" if backwards else "nulls_last": True} if self.nullable else {}
        field = F(self.name)
        return field.desc(**last) if descending else field.asc(**last)

    def beyond(self, value: Any, backwards: bool) -> Q:
        """What stands strictly behind a value, or before it."""
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if backwards else Q(pk__in=[])
        lookup = "lt" if self.descending != backwards else "gt"
        condition = Q(**{f"{self.name}__{lookup}": value})
        if self.nullable and not backwards:
            condition |= Q(**{f"{self.name}__isnull": True})
        return condition

    def same(self, value: Any) -> Q:
        """The same value."""
        if value is None:
            return Q(**{f"{self.name}__isnull": True})
        return Q(**{self.name: value})

    def rank(self, value: Any) -> tuple[bool, Any]:
        """What compares as the list is sorted."""
        if value is None:
            return True, 0
        return False, _Reversed(value) if self.descending else value


class _Reversed:
    """Compares the other way round."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __lt__(self, other: "_Reversed") -> bool:
        return bool(other.value < self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reversed) and bool(other.value == self.value)


@dataclass(frozen=True)
class Page:
    """The rows of one page, and the places (as written into addresses) of those around it: ''
    where there is none."""

    rows: Sequence[Any]
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Order:
    """What a list is sorted by; the last key is one that no two rows share."""

    keys: tuple[Key, ...]

    @classmethod
    def of(cls, *keys: Key) -> "Order":
        """In this order."""
        return cls(keys)

    def place_of(self, row: Any) -> Place:
        """Where a row (a mapping or an object) stands."""
        if isinstance(row, Mapping):
            return tuple(row[key.name] for key in self.keys)
        return tuple(getattr(row, key.name) for key in self.keys)

    def write(self, row: Any) -> str:
        """A row's place for an address."""
        values = [_text(value) for value in self.place_of(row)]
        packed = json.dumps(values, separators=(",", ":"), ensure_ascii=False).encode()
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    def read(self, text: str) -> Place | None:
        """A place from an address; None where it is none."""
        if not text or len(text) > LONGEST:
            return None
        try:
            packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            values = json.loads(packed)
            if not isinstance(values, list) or len(values) != len(self.keys):
                return None
            return tuple(map(_value, self.keys, values))
        except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
            return None

    # --- query sets ---

    def condition(self, place: Place, *, backwards: bool = False) -> Q:
        """What stands behind a place, or before it."""
        condition = Q(pk__in=[])
        for key, value in reversed(list(zip(self.keys, place, strict=True))):
            condition = key.beyond(value, backwards) | (key.same(value) & condition)
        # Said twice, so that an index on the first key leads straight to the place.
        first, value = self.keys[0], place[0]
        if value is None or (first.nullable and not backwards):
            return condition
        lookup = "lte" if first.descending != backwards else "gte"
        return Q(**{f"{first.name}__{lookup}": value}) & condition

    def page(self, rows: QuerySet[Any, Any], request: HttpRequest, size: int) -> Page:
        """The page of a query set that a request asks for with `after` or `before`."""
        after = self.read(request.GET.get("after", ""))
        before = self.read(request.GET.get("before", "")) if after is None else None
        backwards = before is not None
        if (place := after or before) is not None:
            rows = rows.filter(self.condition(place, backwards=backwards))
        ordered = rows.order_by(*(key.order(backwards) for key in self.keys))
        found = list(ordered[: size + 1])
        return self._page(found, size, backwards=backwards, first=place is None)

    # --- plain lists ---

    def sorted(self, rows: Sequence[_Item]) -> list[_Item]:
        """All rows in order."""
        return sorted(rows, key=lambda row: self._rank(self.place_of(row)))

    def page_of(self, rows: Sequence[Any], request: HttpRequest, size: int) -> Page:
        """The same for rows that are all at hand."""
        after = self.read(request.GET.get("after", ""))
        before = self.read(request.GET.get("before", "")) if after is None else None
        ordered = self.sorted(rows)
        if after is not None:
            here = self._rank(after)
            ordered = [row for row in ordered if here < self._rank(self.place_of(row))]
        elif before is not None:
            here = self._rank(before)
            ordered = [row for row in ordered if self._rank(self.place_of(row)) < here][::-1]
        first = after is None and before is None
        return self._page(ordered[: size + 1], size, backwards=before is not None, first=first)

    def _rank(self, place: Place) -> list[tuple[bool, Any]]:
        return [key.rank(value) for key, value in zip(self.keys, place, strict=True)]

    def _page(self, found: Sequence[Any], size: int, *, backwards: bool, first: bool) -> Page:
        more = len(found) > size
        rows = list(found[:size])
        if backwards:
            rows.reverse()
        if not rows:
            return Page(rows)
        has_before, has_after = (more, True) if backwards else (not first, more)
        return Page(
            rows,
            self.write(rows[0]) if has_before else "",
            self.write(rows[-1]) if has_after else "",
        )


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    return str(value)


def _value(key: Key, text: Any) -> Any:
    if text is None:
        if not key.nullable:
            raise ValueError("this is never empty")
        return None
    if not isinstance(text, str) or "\x00" in text:
        raise ValueError("a place holds texts")
    text.encode()  # half of a surrogate pair is no text
    return key.read(text)


#: The last key of nearly every order.
BY_ID = Key("pk", uuid.UUID)
