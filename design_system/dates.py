"""Read a date or a time in the forms in which people type them. Pure: no Django.

Day before month, as in England; the month as a number or a name; any digits and spaces. A year
needs its four digits: this is a legal record, and '22' could be the day as well.
"""

import datetime
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
PARTS = ("day", "month", "year")
# Longer than any way to write a date; what is longer is no date, and not worth taking apart.
LONGEST = 60


class DateError(ValueError):
    """What was typed is no date. `kind` says why, `parts` which boxes are to blame."""

    def __init__(self, kind: str, parts: Sequence[str]) -> None:
        super().__init__(kind)
        self.kind = kind  # 'empty', 'incomplete', 'unreal' or 'short_year'
        self.parts = tuple(parts)


@dataclass(frozen=True)
class Typed:
    """The three boxes exactly as somebody filled them."""

    day: str = ""
    month: str = ""
    year: str = ""

    def __bool__(self) -> bool:
        return any(part.strip() for part in (self.day, self.month, self.year))


def plain(text: str) -> str:
    """Full-width forms as plain ones, without invisible marks, in lower case, trimmed."""
    text = unicodedata.normalize("NFKC", text)
    shown = "".join(char for char in text if unicodedata.category(char) not in ("Cf", "Cc"))
    return shown.strip(" .,\u00a0").casefold()


def _month_number(text: str) -> int | None:
    """A number, or the number of a name of at least three letters; None when it is neither."""
    if text.isdecimal() and len(text) <= 2:
        return int(text)
    if len(text) >= 3:
        for number, name in enumerate(MONTHS, 1):
            if name.startswith(text) or text == "sept" == name[:4]:
                return number
    return None


def _day_number(text: str) -> int | None:
    found = re.fullmatch(r"(\d{1,2})\s*(?:st|nd|rd|th)?", text)
    return int(found[1]) if found else None


def _split(text: str) -> tuple[str, str, str] | None:
    """A whole date in one text as day, month, year; None when it cannot be told apart."""
    # An hour that came along with a copied date is not asked for.
    text = re.sub(r"[t ]\d{1,2}:\d\d.*$", "", text)
    if re.fullmatch(r"\d{8}", text):
        if text[:2] in ("19", "20") and 1 <= int(text[4:6]) <= 12:
            return text[6:], text[4:6], text[:4]
        return text[:2], text[2:4], text[4:]
    bits = re.findall(r"\d+|[^\W\d_]+", text)
    bits = [bit for bit in bits if bit not in ("st", "nd", "rd", "th", "of")]
    bits = [
        bit for bit in bits if not (len(bit) >= 3 and any(day.startswith(bit) for day in WEEKDAYS))
    ]
    if len(bits) != 3:
        return None
    first, second, third = bits
    if len(first) == 4 and first.isdecimal():
        return third, second, first
    if not first.isdecimal():
        return second, first, third
    return first, second, third


def read(typed: Typed) -> datetime.date:
    """The date that somebody typed, or pasted whole into the first box.

    Raises DateError.
    """
    boxes = {part: plain(getattr(typed, part)[: LONGEST + 1]) for part in PARTS}
    if not any(boxes.values()):
        raise DateError("empty", PARTS)
    if any(len(text) > LONGEST for text in boxes.values()):
        raise DateError("unreal", PARTS)
    filled = [part for part in PARTS if boxes[part]]
    if (len(filled) == 1 and not boxes[filled[0]].isdecimal()) or len(boxes["day"]) == 8:
        whole = _split(boxes[filled[0]])
        if whole:
            boxes = dict(zip(PARTS, whole, strict=True))
            filled = list(PARTS)
    missing = [part for part in PARTS if part not in filled]
    if missing:
        raise DateError("incomplete", missing)
    return _real(boxes["day"], boxes["month"], boxes["year"])


def _real(day_text: str, month_text: str, year_text: str) -> datetime.date:
    day, month = _day_number(day_text), _month_number(month_text)
    wrong = []
    if day is None or not 1 <= day <= 31:
        wrong.append("day")
    if month is None or not 1 <= month <= 12:
        wrong.append("month")
    if not year_text.isdecimal() or len(year_text) > 4:
        wrong.append("year")
    if wrong:
        raise DateError("unreal", wrong)
    if len(year_text) in (2, 3):
        raise DateError("short_year", ["year"])
    try:
        return datetime.date(int(year_text), month or 0, day or 0)
    except ValueError as error:
        raise DateError("unreal", ["year"] if int(year_text) == 0 else PARTS) from error


class NoMonth(ValueError):
    """What was typed is no month of a year."""


def read_month(text: str) -> datetime.date:
    """The first day of a month: '3 2017', 'March 2017', 'Mar 2017', '03/2017', '2017-03'.

    Raises NoMonth.
    """
    bits = re.findall(r"\d+|[^\W\d_]+", plain(text[: LONGEST + 1]))
    if len(bits) != 2:
        raise NoMonth(text)
    first, second = reversed(bits) if len(bits[0]) == 4 and bits[0].isdecimal() else bits
    month = _month_number(first)
    if month is None or not 1 <= month <= 12 or not re.fullmatch(r"\d{4}", second):
        raise NoMonth(text)
    try:
        return datetime.date(int(second), month, 1)
    except ValueError as error:
        raise NoMonth(text) from error


class NoTime(ValueError):
    """What was typed is no time of day."""


def read_time(text: str) -> datetime.time:
    """A time of day: '9:30am', '09.30', '0930', '9am', '14:30', 'midday', 'noon', 'midnight'.

    A bare '9' could be morning or evening and is none. Raises NoTime.
    """
    text = plain(text[: LONGEST + 1]).replace(" ", "")
    if text in ("midday", "noon", "12noon", "12midday"):
        return datetime.time(12)
    if text in ("midnight", "12midnight"):
        return datetime.time(0)
    found = re.fullmatch(r"(\d{1,2})(?:[:.h](\d\d)|(\d\d))?(?:[:.]\d\d)?(am|a\.m|pm|p\.m)?", text)
    if not found:
        raise NoTime(text)
    hour, minutes = int(found[1]), found[2] or found[3]
    half = (found[4] or "").replace(".", "")
    if half:
        if not 1 <= hour <= 12:
            raise NoTime(text)
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif not minutes:
        raise NoTime(text)
    try:
        return datetime.time(hour, int(minutes or 0))
    except ValueError as error:
        raise NoTime(text) from error
