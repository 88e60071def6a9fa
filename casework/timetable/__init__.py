"""The timetable engine: rules are data, dates are derived, every date can say why.

Pure Python without Django, clock or database. The rooms declare their rules in this grammar
(`rules.py`) and register them; `compute` turns what is known of a case into its deadlines.
"""

from .answers import (
    CountedFrom,
    Due,
    Happening,
    NotCounted,
    Strength,
    Subject,
    Timetable,
    TimetableError,
)
from .engine import compute
from .registry import (
    event_names,
    events_of,
    frameworks,
    kinds,
    parameters_of,
    refuse_unknown,
    register,
    rules_of,
    ruleset,
    rulesets,
)

__all__ = [
    "CountedFrom",
    "Due",
    "Happening",
    "NotCounted",
    "Strength",
    "Subject",
    "Timetable",
    "TimetableError",
    "compute",
    "event_names",
    "events_of",
    "frameworks",
    "kinds",
    "parameters_of",
    "refuse_unknown",
    "register",
    "rules_of",
    "ruleset",
    "rulesets",
]
