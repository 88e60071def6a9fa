"""Error pages that need nothing but their template: no database, session or context processor.

Each shows the reference of its request, which the log lines carry too. Where even the template
cannot be rendered, a plain page says the same.
"""

import logging
import sys
from typing import Any

from django.core.exceptions import (
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils.html import escape

from config.logs import reference

logger = logging.getLogger(__name__)

TITLES = {
    400: "There is a problem with the request",
    403: "You cannot see this page",
    404: "Page not found",
    413: "What was sent is too large",
    429: "Too many requests",
    500: "Sorry, there is a problem with the service",
    503: "Sorry, the service is unavailable",
}
RETRY_AFTER_SECONDS = 10
# Connections cut or refused, but also deadlocks and time-outs: what a second try may well cure.
DATABASE_AWAY = (OperationalError, InterfaceError)
# The most of a refused form that is read, so that the browser gets to read the answer.
READ_OFF_BYTES = 64_000_000


def page(
    request: HttpRequest | None,
    status: int,
    *,
    message: str = "",
    template: str = "",
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    """The page for one HTTP status; JSON where the address ends in .json or only JSON is asked for.

    `message` is shown in place of the template's own words.
    """
    context: dict[str, Any] = {
        "reference": reference.get(),
        "status": status,
        "title": TITLES[status],
        "message": message,
    }
    response: HttpResponse
    if request is not None and _wants_json(request):
        told = message or TITLES[status]
        body = {"error": told, "status": status, "reference": reference.get()}
        response = JsonResponse(body, status=status)
    else:
        response = HttpResponse(_html(template or f"{status}.html", context), status=status)
    response["Cache-Control"] = "no-store"
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def _wants_json(request: HttpRequest) -> bool:
    accepted = request.META.get("HTTP_ACCEPT", "")
    return request.path.endswith(".json") or (
        "application/json" in accepted and "text/html" not in accepted
    )


def _html(template: str, context: dict[str, Any]) -> str:
    try:
        # No request: context processors would ask for the session, and so for the database.
        return loader.render_to_string(template, context)
    except Exception:
        logger.exception("The error page %s cannot be rendered", template)
        told = context["message"] or "Try again in a few minutes."
        return (
            '<!doctype html><html lang="en"><meta charset="utf-8">'
            f"<title>{escape(context['title'])}</title><h1>{escape(context['title'])}</h1>"
            f"<p>{escape(told)}</p><p>Reference: {escape(context['reference'])}</p></html>"
        )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400; or 413 where more was sent than the service takes, saying how much that is."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return too_large(request, exception)
    message = ""
    if isinstance(exception, SuspiciousOperation) and "host" in str(exception).lower():
        message = "The address used for this service is not one it answers to."
    return page(request, 400, message=message)


def too_large(request: HttpRequest, exception: Exception) -> HttpResponse:
    """413: a form larger than is read. The browser's Back button still has what was typed."""
    from django.conf import settings

    _read_off(request)
    if isinstance(exception, RequestDataTooBig):
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
        said = f"The form holds more text than can be sent at once: at most {most // 1000:,} kB."
    else:
        said = "The form holds more fields or files than can be sent at once."
    said += " Nothing was saved. Go back in your browser: what you typed is still there. Make it"
    return page(request, 413, message=said + " shorter and send it again.")


def _read_off(request: HttpRequest) -> None:
    """Read what is still being sent: an early answer would show as a broken connection."""
    stream = request.META.get("wsgi.input")
    try:
        left = min(int(request.META.get("CONTENT_LENGTH") or 0), READ_OFF_BYTES)
        while stream is not None and left > 0:
            chunk = stream.read(min(left, 65_536))
            if not chunk:
                break
            left -= len(chunk)
    except (OSError, ValueError):
        logger.info("The rest of a form that is too large was not sent")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, with the reason where the refusal gave one in plain words."""
    return page(request, 403, message=str(exception) if exception and str(exception) else "")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404. Never says whether something exists that may not be seen."""
    return page(request, 404)


def too_many_requests(request: HttpRequest, seconds: int) -> HttpResponse:
    """429, with the seconds after which to ask again."""
    said = (
        f"You have asked for this page many times in a short while. Try again in {seconds} seconds."
    )
    return page(request, 429, message=said, headers={"Retry-After": str(seconds)})


def server_error(request: HttpRequest | None = None) -> HttpResponse:
    """500; or 503 where the error at hand is that the database is away."""
    exception = sys.exc_info()[1]
    if request is not None and isinstance(exception, DATABASE_AWAY):
        return database_away(request, exception)
    return page(request, 500)


def database_away(request: HttpRequest, exception: BaseException) -> HttpResponse:
    """503, marking the request for `config.middleware.ServiceUnavailable`'s second try."""
    request.database_was_away = True  # type: ignore[attr-defined]
    code = getattr(exception.__cause__, "pgcode", None)
    logger.warning("The database is away: %s %s", type(exception).__name__, code or "")
    return unavailable(request)


def unavailable(request: HttpRequest | None = None) -> HttpResponse:
    """503: something the service stands on is away for the moment."""
    return page(request, 503, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token: most often an old page, or cookies switched off."""
    logger.warning("Form refused: %s", reason)
    said = (
        "The form could not be checked, so nothing was saved. It may have been open for a long"
        " time, or you signed in or out in another tab, or your browser refuses cookies. Go back,"
        " load the page again and send the form once more."
    )
    return page(request, 403, message=said)
