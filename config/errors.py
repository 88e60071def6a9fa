"""Error pages that need nothing but their template: no database, session or context processor.

Each shows the reference of its request, which the log lines carry too. Where even the template
cannot be rendered, a plain page says the same.
"""

import logging
import sys
from typing import Any

from django.core.exceptions import (
    RequestDataTooBig,
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
    414: "The address is too long",
    429: "Too many requests",
    500: "Sorry, there is a problem with the service",
    503: "Sorry, the service is unavailable",
}
RETRY_AFTER_SECONDS = 10
# Connections cut or refused, but also deadlocks and time-outs: what a second try may well cure.
DATABASE_AWAY = (OperationalError, InterfaceError)


def page(
    request: HttpRequest | None,
    status: int,
    *,
    template: str = "",
    told: str = "",
    headers: dict[str, str] | None = None,
    **context: str,
) -> HttpResponse:
    """The page for one HTTP status; JSON where the address ends in .json or only JSON is asked for.

    `told` is what the JSON and the plainest page say; `context` goes to the template.
    """
    own = reference.get()
    told = told or TITLES[status]
    response: HttpResponse
    if request is not None and _wants_json(request):
        response = JsonResponse({"error": told, "status": status, "reference": own}, status=status)
    else:
        html = _html(template or f"{status}.html", {**context, "reference": own}, status, told)
        response = HttpResponse(html, status=status)
    response["Cache-Control"] = "no-store"
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def _wants_json(request: HttpRequest) -> bool:
    accepted = request.META.get("HTTP_ACCEPT", "")
    return request.path.endswith(".json") or (
        "application/json" in accepted and "text/html" not in accepted
    )


def _html(template: str, context: dict[str, Any], status: int, told: str) -> str:
    try:
        # No request: context processors would ask for the session, and so for the database.
        return loader.render_to_string(template, context)
    except Exception:
        logger.exception("The error page %s cannot be rendered", template)
        title, own = escape(TITLES[status]), escape(context["reference"])
        return (
            f'<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>{title}</title>'
            f"<h1>{title}</h1><p>{escape(told)}</p><p>Reference: {own}</p></html>"
        )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400; or 413 where more was sent than the service takes."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return too_large(request)
    return page(request, 400)


def too_large(request: HttpRequest) -> HttpResponse:
    """413: a form larger than is read. The browser's Back button still has what was typed."""
    return page(request, 413)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, with the reason where the refusal gave one in plain words."""
    reason = str(exception) if exception else ""
    return page(request, 403, told=reason, reason=reason)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404. Never says whether something exists that may not be seen."""
    return page(request, 404)


def too_many_requests(request: HttpRequest, seconds: int) -> HttpResponse:
    """429, with the seconds after which to ask again."""
    wait = "1 second" if seconds == 1 else f"{seconds} seconds"
    told = f"{TITLES[429]}: wait {wait}."
    return page(request, 429, told=told, wait=wait, headers={"Retry-After": str(seconds)})


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
    return page(request, 403, template="csrf.html")
