"""Words that letters need: counted things, lists of names."""

from collections.abc import Iterable

from django import template

register = template.Library()

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@register.filter
def counted(number: int, thing: str) -> str:
    """The number in words up to ten, with its thing: 'one working day', 'five working days'."""
    word = _SMALL[number] if 0 <= number < len(_SMALL) else str(number)
    return f"{word} {thing}" if number == 1 else f"{word} {thing}s"


@register.filter
def joined(names: Iterable[str]) -> str:
    """'A', 'A and B', 'A, B and C'."""
    *first, last = list(names) or [""]
    return f"{', '.join(first)} and {last}" if first else last
