"""GOV.UK's list of bank holidays: asked, read strictly, compared with the calendar in force.

What comes of it is a proposal, never a change: a person looks at it first. Whatever goes wrong ends
in `RefreshFailed`, which says so in plain English. Nothing here writes anything.
"""

import http.client
import itertools
import json
import queue
import re
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from working_days.bundled import PublishedBankHoliday
from working_days.calendar import WEEKEND, in_words

DIVISION = "england-and-wales"
#: Every year since 1978 has had eight bank holidays or more; four more is already a rare year.
USUAL, MOST = 8, 14
LONGEST_TITLE = 200
MOST_LISTED = 1_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class RefreshFailed(Exception):
    """The list could not be had or is not to be trusted; the message says why."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the list may take, in seconds, and how large it may be, in bytes.

    `silence` bounds each wait, for a connection and for the next bytes alike; `whole` bounds all of
    it, so that an answer that drips does not hold a worker.
    """

    silence: float = 5
    whole: float = 20
    size: int = 1_000_000
    redirects: int = 3


@dataclass(frozen=True, slots=True)
class Listed:
    """What GOV.UK lists for England and Wales, in order. `weekends` are the days it lists that
    count as no working day in any case."""

    holidays: tuple[PublishedBankHoliday, ...]
    weekends: tuple[PublishedBankHoliday, ...] = ()

    @property
    def first(self) -> date:
        return self.holidays[0].date

    @property
    def last(self) -> date:
        return self.holidays[-1].date

    def complete_years(self) -> set[int]:
        """The years listed to their end: as many days as a year has, one of them at Christmas."""
        found = Counter(one.date.year for one in self.holidays)
        return {
            year
            for year, count in found.items()
            if count >= USUAL
            and any(
                one.date >= date(year, 12, 25) for one in self.holidays if one.date.year == year
            )
        }


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the list says that the calendar does not."""

    add: tuple[PublishedBankHoliday, ...] = ()
    remove: tuple[date, ...] = ()
    covers_until: date | None = None


def compare(
    listed: Listed,
    known: Mapping[date, str],
    *,
    covers_from: date,
    covers_until: date,
    today: date,
) -> Proposal | None:
    """What would bring the calendar's bank holidays (`known`, by date) to GOV.UK's list; None where
    they agree.

    The list drops old years, so a day that is not on it is doubted only inside the span that the
    list covers, and only if it is still to come. Raises RefreshFailed for a list that leaves out
    most of a year which it must hold.
    """
    _check_no_hole(listed, known)
    complete = listed.complete_years()
    ends = covers_until
    while ends == date(ends.year, 12, 31) and ends.year + 1 in complete:
        ends = date(ends.year + 1, 12, 31)
    there = {one.date for one in listed.holidays} | {one.date for one in listed.weekends}
    add = tuple(
        one for one in listed.holidays if one.date not in known and covers_from <= one.date <= ends
    )
    until = max([listed.last, *(date(year, 12, 31) for year in complete)])
    remove = tuple(
        day
        for day in sorted(known)
        if day not in there and day > today and listed.first <= day <= until
    )
    new_end = ends if ends > covers_until else None
    return Proposal(add, remove, new_end) if add or remove or new_end else None


def _check_no_hole(listed: Listed, known: Mapping[date, str]) -> None:
    """Refuse a list that lacks most of a year between its first and its last."""
    found = Counter(one.date.year for one in listed.holidays)
    for year in range(listed.first.year + 1, listed.last.year):
        if found[year] < USUAL // 2:
            recorded = sum(day.year == year for day in known)
            raise RefreshFailed(
                f"The list holds only {_days(found[year])} for {year}, of which the calendar has "
                f"{recorded}. It seems to be incomplete."
            )


# --- reading ---


def read_list(body: bytes) -> Listed:
    """The bank holidays of England and Wales in an answer of GOV.UK. Raises RefreshFailed."""
    events = _events(_parsed(body))
    if not events:
        raise RefreshFailed("The list has no bank holiday for England and Wales.")
    if len(events) > MOST_LISTED:
        raise RefreshFailed(f"The list has {len(events):,} entries, which cannot be right.")
    holidays = sorted((_holiday(one) for one in events), key=lambda one: one.date)
    for before, after in itertools.pairwise(holidays):
        if before.date == after.date:
            raise RefreshFailed(f"The list has {in_words(after.date)} twice.")
    for year, count in Counter(one.date.year for one in holidays).items():
        if count > MOST:
            raise RefreshFailed(f"The list has {_days(count)} in {year}, which cannot be right.")
    weekends = tuple(one for one in holidays if one.date.weekday() in WEEKEND)
    working = tuple(one for one in holidays if one.date.weekday() not in WEEKEND)
    if not working:
        raise RefreshFailed("The list has nothing but weekends, which cannot be right.")
    return Listed(working, weekends)


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise RefreshFailed("The answer is not text in UTF-8.") from error
    except (ValueError, RecursionError) as error:
        start = " ".join(body[:200].decode("utf-8", "replace").split()).lower()
        what = "a web page" if start.startswith(("<!doctype html", "<html")) else "no JSON"
        raise RefreshFailed(f"The answer is {what}, not the list of bank holidays.") from error


def _events(answer: Any) -> list[Any]:
    division = answer.get(DIVISION) if isinstance(answer, dict) else None
    if not isinstance(division, dict):
        raise RefreshFailed("The answer has no part for England and Wales.")
    if division.get("division") != DIVISION:
        raise RefreshFailed("The part for England and Wales says that it is for somewhere else.")
    events = division.get("events")
    if not isinstance(events, list):
        raise RefreshFailed("The part for England and Wales holds no list of days.")
    return events


def _holiday(event: Any) -> PublishedBankHoliday:
    if not isinstance(event, dict):
        raise RefreshFailed("An entry of the list is no bank holiday.")
    written, title, notes = event.get("date"), event.get("title"), event.get("notes", "")
    if not isinstance(written, str) or not _DAY.fullmatch(written):
        raise RefreshFailed(f"An entry of the list has no date: {_quoted(written)}.")
    try:
        day = date.fromisoformat(written)
    except ValueError as error:
        raise RefreshFailed(f"An entry of the list has no real date: {written}.") from error
    if not 1871 <= day.year <= 2199:  # the first bank holidays act; beyond any list
        raise RefreshFailed(f"An entry of the list has no likely date: {written}.")
    return PublishedBankHoliday(day, _text(title, "title", day), _text(notes, "note", day))


def _text(value: Any, what: str, day: date) -> str:
    """One printable line. Nothing else could be recorded."""
    text = " ".join(value.split()) if isinstance(value, str) else None
    if text is None or not text.isprintable() or len(text) > LONGEST_TITLE:
        raise RefreshFailed(f"The {what} of {in_words(day)} cannot be read.")
    if what == "title" and not text:
        raise RefreshFailed(f"{in_words(day)} is listed without a title.")
    return text


def _quoted(value: Any) -> str:
    return f"“{str(value)[:40]}”" if value else "it is empty"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


# --- asking ---


def fetch(address: str, patience: Patience | None = None) -> bytes:
    """The answer at an address, however it is served. Raises RefreshFailed within
    `patience.whole` seconds."""
    patience = patience or Patience()
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise RefreshFailed("The address of the list is no web address.")
    return _within(patience.whole, lambda: _ask(address, patience))


def _within(seconds: float, work: Callable[[], bytes]) -> bytes:
    """What `work` gives, if it gives it in time.

    Time-outs of sockets bound single waits only: name servers, handshakes and headers that drip
    would each last as long as they like. So the work is done aside and left behind when time is up.
    """
    answer: queue.SimpleQueue[bytes | BaseException] = queue.SimpleQueue()

    def run() -> None:
        try:
            answer.put(work())
        except BaseException as error:
            answer.put(error)

    threading.Thread(target=run, name="bank-holidays", daemon=True).start()
    try:
        found = answer.get(timeout=seconds)
    except queue.Empty:
        raise RefreshFailed(f"The answer was not complete after {seconds:g} seconds.") from None
    if isinstance(found, BaseException):
        raise found
    return found


def _ask(address: str, patience: Patience) -> bytes:
    ends = time.monotonic() + patience.whole
    request = urllib.request.Request(
        address, headers={"Accept": "application/json", "User-Agent": "send-area-inspections"}
    )
    opener = urllib.request.build_opener(_SameHost(patience.redirects))
    try:
        with opener.open(request, timeout=patience.silence) as answer:
            if answer.status != 200:
                raise RefreshFailed(f"GOV.UK answered with status {answer.status}.")
            return _body(answer, patience, ends)
    except HTTPError as error:
        error.close()
        raise RefreshFailed(_status(error)) from error
    except URLError as error:
        raise RefreshFailed(_away(error.reason, patience)) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise RefreshFailed(_away(error, patience)) from error


def _body(answer: Any, patience: Patience, ends: float) -> bytes:
    """The whole body. `read1` returns what came, so that time is looked at between drips."""
    body = bytearray()
    while piece := answer.read1(65_536):
        body += piece
        if len(body) > patience.size:
            raise RefreshFailed(
                f"The answer is larger than {patience.size:,} bytes, which cannot be right."
            )
        if time.monotonic() > ends:
            raise RefreshFailed(f"The answer was not complete after {patience.whole:g} seconds.")
    announced = answer.headers.get("Content-Length", "")
    if announced.isdecimal() and len(body) < int(announced):
        raise RefreshFailed("The answer broke off before its end.")
    return bytes(body)


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows a few redirects of the same server, and none from https to http."""

    def __init__(self, most: int) -> None:
        self.left = most

    def redirect_request(
        self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        self.left -= 1
        if self.left < 0:
            fp.close()
            raise RefreshFailed("The address leads from one to the next without end.")
        if old.hostname != new.hostname or (old.scheme == "https" and new.scheme != "https"):
            fp.close()
            raise RefreshFailed("The address leads to another server, which is not followed.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _status(error: HTTPError) -> str:
    if error.code >= 500:
        return f"GOV.UK has a fault of its own (status {error.code})."
    if 300 <= error.code < 400:
        return f"The address leads to where nobody can follow (status {error.code})."
    return f"GOV.UK refuses the list (status {error.code})."


def _away(reason: Any, patience: Patience) -> str:
    if isinstance(reason, RefreshFailed):
        return str(reason)
    if isinstance(reason, TimeoutError):
        return f"GOV.UK said nothing for {patience.silence:g} seconds."
    if isinstance(reason, ConnectionRefusedError):
        return "GOV.UK cannot be reached: the connection was refused."
    if isinstance(reason, http.client.HTTPException | ConnectionError):
        return "The connection to GOV.UK broke off."
    return "GOV.UK cannot be reached from here."
