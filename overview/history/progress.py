"""A bar on a terminal that says how far an import is. Where the output is no terminal, nothing."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

Item = TypeVar("Item")
WIDTH = 40


def shown(items: Iterable[Item], total: int, out: Any) -> Iterator[Item]:
    """The same items, with a bar on `out` while they are worked on. Cleared at the end, however it
    comes."""
    if not total or not _is_terminal(out):
        yield from items
        return
    last = -1
    try:
        for done, item in enumerate(items):
            if (percent := done * 100 // total) != last:
                last = percent
                _draw(out, done, total)
            yield item
    finally:
        out.write("\r" + " " * (WIDTH + 40) + "\r")
        out.flush()


def _draw(out: Any, done: int, total: int) -> None:
    filled = done * WIDTH // total
    bar = "#" * filled + "." * (WIDTH - filled)
    out.write(f"\r[{bar}] {done} of {total} rows")
    out.flush()


def _is_terminal(out: Any) -> bool:
    asked = getattr(out, "isatty", None)
    return bool(asked and asked())
