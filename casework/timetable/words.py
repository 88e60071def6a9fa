"""Days and numbers as people read them."""

from datetime import date


def day_in_words(day: date) -> str:
    """'Monday 5 May 2025'."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def listed(things: list[str], last: str = "and") -> str:
    """'a, b and c'."""
    if len(things) < 2:
        return "".join(things)
    return f"{', '.join(things[:-1])} {last} {things[-1]}"
