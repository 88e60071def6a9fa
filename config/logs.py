"""Log lines as JSON, one object a line, each with the reference of its request or task.

Personal data has no place in a log: requests are logged by method, path and status, without the
query string or the form, and e-mail addresses that an exception carries are masked.
"""

import contextvars
import datetime
import json
import logging
import re
import secrets
import traceback
from typing import Any

reference: contextvars.ContextVar[str] = contextvars.ContextVar("reference", default="")
task_id: contextvars.ContextVar[str] = contextvars.ContextVar("task_id", default="")

# No 0/O, 1/I/L: a reference is read out over the telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(\.[\w-]+)+")
# Also where the line breaks of an error's text are themselves written as backslash n.
_DETAIL = re.compile(
    r"(?:^|(?<=\\n))(DETAIL|CONTEXT|PARAMETERS|LINE \d+):.*?(?=\\n|$)", re.MULTILINE
)
_OWN = ("status", "method", "path", "milliseconds", "task", "event", "case")


def new_reference() -> str:
    """A short reference for one request: eight letters and digits, easily read out."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(8))


def masked(text: str) -> str:
    """The text without e-mail addresses and without the rows that PostgreSQL quotes in errors."""
    return _EMAIL.sub("[address]", _DETAIL.sub(r"\1: [not logged]", text))


class ReferenceFilter(logging.Filter):
    """Adds the reference of the request or task to each record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.reference = reference.get()
        record.task_id = task_id.get()
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, reference, task and known extras."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        line: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        for name, key in (("reference", "reference"), ("task_id", "task_id")):
            value = getattr(record, name, "")
            if value:
                line[key] = value
        for name in _OWN:
            value = getattr(record, name, None)
            if value not in (None, ""):
                line[name] = value if isinstance(value, int | float) else str(value)
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            line["exception"] = type(error).__name__
            line["traceback"] = masked("".join(traceback.format_exception(error)))
        return json.dumps(line, ensure_ascii=False)
