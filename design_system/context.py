"""The context processor that gives every page its frame."""

import datetime
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from config import clock
from design_system import navigation

#: A room above this one has it; an installation that is no demonstration has not.
CLOCK_PAGE = "/demonstration/clock/"


class Layout:
    """What `base.html` shows around a page; each part is worked out only when it is asked for.

    A page that is not drawn in the layout (a fragment, an e-mail) pays nothing for it.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._user = getattr(request, "user", None) or AnonymousUser()

    service_name = settings.SERVICE_NAME
    sign_out = "/sign-out/"

    @cached_property
    def person(self) -> navigation.Person | None:
        """Who is acting, or nobody."""
        return navigation.person(self._request) if self._user.is_authenticated else None

    @property
    def sign_in(self) -> str:
        """The address to sign in at; empty on that very page."""
        address = str(settings.LOGIN_URL)
        return "" if self._request.path.startswith(address) else address

    @cached_property
    def navigation(self) -> list[navigation.Shown]:
        """The menu's items. They may ask for the roles that come with the person."""
        _ = self.person
        return navigation.menu(self._user, self._request.path)

    @cached_property
    def footer(self) -> list[tuple[str, str]]:
        """The foot's links: label and address."""
        return navigation.foot(self._user)

    @property
    def demonstration(self) -> str:
        """The clock's present moment in words in a demonstration, otherwise nothing."""
        if not settings.DEMONSTRATION:
            return ""
        return f"{self._now:%A} {self._now.day} {self._now:%B %Y}, {self._now:%H:%M}"

    @cached_property
    def _now(self) -> datetime.datetime:
        return clock.london(clock.now())

    @property
    def clock_form(self) -> str:
        """Where the clock of a demonstration is moved; empty where it cannot be, and on that very
        page, unless it was asked for from here."""
        if not (settings.DEMONSTRATION and settings.CLOCK_FILE):
            return ""
        return CLOCK_PAGE if self._request.path != CLOCK_PAGE or self.clock_errors else ""

    @property
    def _asked(self) -> Any:
        """The form that was sent from here and could not be done, or nothing."""
        return getattr(self._request, "clock_asked", None)

    @property
    def clock_errors(self) -> Mapping[str, Any]:
        """What was wrong with it, by field."""
        return self._asked.errors if self._asked else {}

    @property
    def clock_on(self) -> str:
        """The day on the clock as a date field takes it, or what was typed."""
        return self._asked["clock_on"].value() if self._asked else f"{self._now:%Y-%m-%d}"

    @property
    def clock_at(self) -> str:
        """The time on the clock as a time field takes it, or what was typed."""
        return self._asked["clock_at"].value() if self._asked else f"{self._now:%H:%M}"

    @property
    def here(self) -> str:
        """The page to come back to: this one, or, after a form that was sent, the one it was on."""
        if self._asked:
            return str(self._request.POST.get("next", "/"))
        if self._request.method in ("GET", "HEAD"):
            return self._request.get_full_path()
        before = urlsplit(self._request.headers.get("Referer", ""))
        if before.netloc != self._request.get_host():
            return "/"
        return f"{before.path}?{before.query}" if before.query else before.path


def layout(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `layout`, see `Layout`."""
    return {"layout": Layout(request)}
