"""Words that letters need: counted things, lists of names."""

import datetime
import unicodedata
from collections.abc import Iterable

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from working_days.calendar import DEFINITION

register = template.Library()

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@register.filter
def counted(number: int, thing: str) -> str:
    """The number in words up to ten, with its thing: 'one working day', 'five working days'."""
    word = _SMALL[number] if 0 <= number < len(_SMALL) else str(number)
    return f"{word} {thing}" if number == 1 else f"{word} {thing}s"


@register.filter
def day(on: datetime.date) -> str:
    """'Friday 5 June 2026'; number and month stay on one line."""
    return f"{on:%A} {on.day}\N{NO-BREAK SPACE}{on:%B} {on.year}"


@register.filter
def joined(names: Iterable[str]) -> str:
    """'A', 'A and B', 'A, B and C'."""
    *first, last = list(names) or [""]
    return f"{', '.join(first)} and {last}" if first else last


@register.simple_tag
def working_day_definition() -> str:
    """What a working day is, in the words that stand everywhere."""
    return DEFINITION


_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_LONG_WORD = 24


@register.filter
def personal(text: str) -> SafeString:
    """Text that somebody typed, escaped, so that it stays in its place.

    What is written from right to left does not turn the words beside it around, and a word that
    is longer than a column may be broken. Ordinary names get no markup: it costs time to print.
    """
    text = str(text)
    classes = "long" if any(len(word) > _LONG_WORD for word in text.split()) else ""
    turns = any(unicodedata.bidirectional(one) in _RIGHT_TO_LEFT for one in text)
    if turns and classes:
        return format_html('<bdi class="{}">{}</bdi>', classes, text)
    if turns:
        return format_html("<bdi>{}</bdi>", text)
    if classes:
        return format_html('<span class="{}">{}</span>', classes, text)
    return SafeString(conditional_escape(text))
