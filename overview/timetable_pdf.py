"""The printed timetable. Printing costs a fifth of a second, so what was printed is kept a day."""

from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from django.core.cache import cache
from django.template.loader import render_to_string

from letters import pdf
from overview.timetable_page import Answer

STYLE = Path(__file__).resolve().parent / "styles" / "timetable.css"
DAY = 24 * 60 * 60


def printed(answer: Answer) -> bytes:
    """The timetable as PDF/UA-1, from the cache where the same was printed before.

    The key is what is printed, word for word: it changes with the question, with the calendar's
    version, with the rules and with the layout.
    """
    html = render_to_string("overview/timetable_pdf.html", {"answer": answer})
    key = f"timetable-pdf:{_digest(html)}"
    kept = cache.get(key)
    if isinstance(kept, bytes):
        return kept
    try:
        content = pdf.render(html, title=answer.title, styles=(STYLE,))
    except pdf.UnprintableText as error:
        # A closure's reason may hold such a character; the dates must be printed all the same.
        legible = html.translate({ord(character): "?" for character in error.characters})
        content = pdf.render(legible, title=answer.title, styles=(STYLE,))
    cache.set(key, content, DAY)
    return content


def _digest(html: str) -> str:
    parts = (html, STYLE.read_text(encoding="utf-8"), pdf.BASE_STYLE.read_text(encoding="utf-8"))
    return sha256("\0".join([*parts, version("weasyprint")]).encode()).hexdigest()
