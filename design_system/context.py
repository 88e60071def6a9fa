"""The context processor that gives every page its frame."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from config import clock
from design_system import navigation


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
        """The menu's items."""
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
        now = clock.london(clock.now())
        return f"{now:%A} {now.day} {now:%B %Y}, {now:%H:%M}"


def layout(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `layout`, see `Layout`."""
    return {"layout": Layout(request)}
