"""What wraps every request: its reference, and what happens while the database is away."""

import logging
import re
import time
from collections.abc import Callable

from django.db import connections
from django.http import HttpRequest, HttpResponse

from config import errors, logs

logger = logging.getLogger("config.requests")

GetResponse = Callable[[HttpRequest], HttpResponse]
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
QUIET = ("/static/", "/healthz", "/readyz")
# The most of a refused form that is read.
READ_OFF_BYTES = 64_000_000
_REFERENCE = re.compile(r"^[A-Za-z0-9-]{6,64}$")


class RequestReference:
    """Gives each request a short reference: in `X-Request-Reference`, on error pages and in logs.

    A reference that a proxy in front has given already (`X-Request-ID`) is kept.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        own = given if _REFERENCE.match(given) else logs.new_reference()
        token = logs.reference.set(own)
        started = time.perf_counter()
        try:
            request.reference = own  # type: ignore[attr-defined]
            response = self.get_response(request)
            response["X-Request-Reference"] = own
            if request.method not in SAFE:
                _read_off(request)
            if not request.path.startswith(QUIET) or response.status_code >= 400:
                self._log(request, response, time.perf_counter() - started)
            return response
        finally:
            logs.reference.reset(token)

    def _log(self, request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        # The path only: a query string may hold what somebody searched for.
        extra = {
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "milliseconds": round(seconds * 1000, 1),
        }
        logger.info("request", extra=extra)


def _read_off(request: HttpRequest) -> None:
    """Read what is still being sent: an early refusal would show as a broken connection."""
    try:
        read = 0
        while read < READ_OFF_BYTES and (chunk := request.read(65_536)):
            read += len(chunk)
    except OSError:
        logger.info("The rest of what was sent did not come")


class NoNullCharacters:
    """Refuses addresses with a NUL, which PostgreSQL cannot hold: a clear 400 rather than a 500."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return errors.page(request, 400)
        return self.get_response(request)


class ServiceUnavailable:
    """A page instead of a traceback while PostgreSQL is away, and a second try for reading.

    A GET whose connection was cut (the database restarted under it) is asked once more on a new
    connection, if the database answers again within `WAIT_SECONDS`. A POST never is: whether its
    work was committed is not known here. Forms carry a key that makes sending them again harmless.
    """

    WAIT_SECONDS = 2.0

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "database_was_away", False) and request.method in SAFE:
            if not _database_answers(self.WAIT_SECONDS):
                return response
            request.database_was_away = False  # type: ignore[attr-defined]
            logger.info("The database answers again: asking once more")
            response = self.get_response(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Django calls this for what a view raises; other middleware's errors reach handler500."""
        if isinstance(exception, errors.DATABASE_AWAY):
            return errors.database_away(request, exception)
        return None


def _database_answers(seconds: float) -> bool:
    """Whether every connection that was in use can be had again before `seconds` have passed."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            for connection in connections.all(initialized_only=True):
                connection.close_if_unusable_or_obsolete()
                connection.ensure_connection()
            return True
        except errors.DATABASE_AWAY:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.2)
