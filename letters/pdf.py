"""Print HTML as PDF/UA-1: tagged, in British English, fonts embedded, same bytes from same words.

One font configuration and one parsed copy of each style sheet serve a process for its life: a new
one per letter is slower and never gives its memory back. Pango is not safe to share between
threads, so one lock lets one letter through at a time; more processes print more at once.
"""

import gc
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.html import escape
from weasyprint import CSS, HTML
from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

LANGUAGE = "en-GB"
STYLES = Path(__file__).resolve().parent / "styles"
BASE_STYLE = STYLES / "page.css"

# WeasyPrint has no name for this Pango function, which says what the printer itself would miss.
ffi.cdef("int pango_layout_get_unknown_glyphs_count(PangoLayout *layout);")

# Line feed and tab are the only controls that text may hold. The rest either has no look at all
# (C0, C1), is no character (surrogates, U+FFFE ...) or turns the words around it (bidi overrides).
_ALLOWED_CONTROLS = frozenset("\n\t")
_REVERSING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class UnprintableText(ValueError):
    """The text holds characters that no installed font can draw; `.characters` lists them."""

    def __init__(self, characters: list[str]) -> None:
        self.characters = characters
        super().__init__(f"These characters cannot be printed: {describe(characters)}.")


class RefusingFetcher(URLFetcher):
    """Fetches nothing: what a letter needs is in its own words and style sheets."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        """Refuse, whatever the address."""
        raise ValueError(f"A printed page fetches nothing: {url[:80]}")


class _Printer:
    """What is made once per process: fonts, parsed style sheets, a lock."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.fonts = FontConfiguration()
        self.fetcher = RefusingFetcher()
        self.sheets: dict[Path, CSS] = {}

    def sheet(self, path: Path) -> CSS:
        if path not in self.sheets:
            self.sheets[path] = CSS(
                string=path.read_text(encoding="utf-8"),
                font_config=self.fonts,
                url_fetcher=self.fetcher,
            )
        return self.sheets[path]


_making = threading.Lock()


@lru_cache(maxsize=1)
def _printer_of(process: int) -> _Printer:
    return _Printer()


def _printer() -> _Printer:
    # A forked worker must not use its parent's Pango, hence the process number.
    with _making:
        return _printer_of(os.getpid())


def _renew_after_fork() -> None:
    # Another thread of the parent may have held the lock at the moment of the fork.
    global _making
    _making = threading.Lock()


os.register_at_fork(after_in_child=_renew_after_fork)


def render(
    html: str,
    *,
    title: str,
    styles: Iterable[Path] = (),
    author: str = "",
    subject: str = "",
) -> bytes:
    """The PDF/UA-1 file of `html`, the markup of a page's body, already escaped.

    `title` and the other words about the document are plain text. `styles` are style sheets on
    disk, laid over the base one (A4, type, tables). The same arguments give the same bytes as
    long as fonts and libraries stay the same; nothing is fetched from anywhere. Raises
    UnprintableText where a character has no glyph, since the file would then fail PDF/UA.
    """
    printer = _printer()
    source = document(html, title=title, author=author, subject=subject)
    with printer.lock, _collecting_once():
        return _print(printer, source, (BASE_STYLE, *styles))


def _print(printer: _Printer, source: str, styles: Sequence[Path]) -> bytes:
    page = HTML(string=source, url_fetcher=printer.fetcher)
    missing = _without_glyph(printer, "".join(page.etree_element.itertext()))
    if missing:
        raise UnprintableText(missing)
    result: bytes = page.write_pdf(
        font_config=printer.fonts,
        stylesheets=[printer.sheet(path) for path in styles],
        pdf_variant="pdf/ua-1",
        finisher=_map_every_glyph,
    )
    return result


@contextmanager
def _collecting_once() -> Iterator[None]:
    """Let the garbage collector wait until the page is printed.

    A page is a great many small objects in circles that all live until its end: looking at them,
    and at the whole process, again and again meanwhile finds nothing. Afterwards they are the
    youngest generation, so one pass over that alone gives their memory back.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.collect(0)
        if was_on:
            gc.enable()


def _map_every_glyph(document: Any, file: Any) -> None:
    """Give the further glyphs of a cluster a character of their own, as PDF/UA-1 asks.

    One character of Devanagari, say, can take several glyphs; WeasyPrint maps the first to the
    text and leaves the others' mapping empty, which is malformed. A word joiner shows nothing.
    """
    for thing in file.objects:
        stream = getattr(thing, "stream", None)
        if stream and b"begincmap" in stream[:3]:
            thing.stream = [
                line[:-2] + b"<2060>" if line.endswith(b" <>") else line for line in stream
            ]


def document(html: str, *, title: str, author: str = "", subject: str = "") -> str:
    """The whole HTML document that is printed: language, title and words about it in its head."""
    about = "".join(
        f'<meta name="{name}" content="{escape(text)}">'
        for name, text in (("author", author), ("description", subject))
        if text
    )
    return (
        f'<!doctype html><html lang="{LANGUAGE}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>{about}</head><body>{html}</body></html>"
    )


def unprintable(text: str) -> list[str]:
    """The distinct characters of `text` that a letter cannot show, in order of appearance.

    These are characters for which no installed font has a glyph, control characters other than
    line feed and tab, and marks that reverse the writing direction of what follows.
    """
    printer = _printer()
    with printer.lock:
        return _without_glyph(printer, text)


def describe(characters: Iterable[str]) -> str:
    """The characters in words that survive any screen: '\u4e2d (U+4E2D), U+0007'."""
    return ", ".join(
        f"{one} (U+{ord(one):04X})" if one.isprintable() else f"U+{ord(one):04X}"
        for one in characters
    )


def _is_control(character: str) -> bool:
    code = ord(character)
    return (
        (code < 0x20 or 0x7F <= code < 0xA0) and character not in _ALLOWED_CONTROLS
    ) or _never_a_character(code, character)


def _never_a_character(code: int, character: str) -> bool:
    return (
        0xD800 <= code <= 0xDFFF
        or (code & 0xFFFE) == 0xFFFE
        or 0xFDD0 <= code <= 0xFDEF
        or character in _REVERSING
    )


# Every character of the two blocks that any of our fonts has; asking Pango for these is waste.
_PLAIN = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100), 0x0A, 0x09))) | set("‘’“”–—…")


def _without_glyph(printer: _Printer, text: str) -> list[str]:
    found = []
    for character in dict.fromkeys(text):
        if character in _PLAIN:
            continue
        if _is_control(character) or _unknown_to(printer, character):
            found.append(character)
    return found


def _unknown_to(printer: _Printer, character: str) -> bool:
    context = ffi.gc(
        pango.pango_font_map_create_context(printer.fonts.font_map), gobject.g_object_unref
    )
    layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
    pointer, _kept_alive = unicode_to_char_p(character)
    pango.pango_layout_set_text(layout, pointer, -1)
    count: Callable[[Any], int] = pango.pango_layout_get_unknown_glyphs_count
    return count(layout) > 0
