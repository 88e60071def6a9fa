"""What stands around every page: the menu, the person's name, the foot.

The look is on the lowest floor and knows no room above it, so rooms register what belongs there,
in `AppConfig.ready()`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse

Visible = Callable[[Any], bool]


def everyone(user: Any) -> bool:
    """For whom an item shows when nothing else was said: anybody, signed in or not."""
    return True


@dataclass(frozen=True)
class Item:
    """One registered link of the menu or the foot."""

    label: str
    url_name: str
    visible: Visible = everyone
    order: int = 100


@dataclass(frozen=True)
class Shown:
    """One item as a page shows it. `current`: this very page; `active`: this part of the site."""

    label: str
    address: str
    current: bool
    active: bool


@dataclass(frozen=True)
class Person:
    """Who is acting, in which role, and links beside the name (label, address)."""

    name: str
    role: str = ""
    links: Sequence[tuple[str, str]] = field(default_factory=tuple)


_menu: list[Item] = []
_foot: list[Item] = []
_addresses: dict[tuple[str | None, str], str | None] = {}


def register(label: str, url_name: str, visible: Visible = everyone, *, order: int = 100) -> None:
    """Put a page into the menu; lower `order` stands further left. The same twice is once.

    `visible(user)` is asked on every page: it must not query the database.
    """
    _add(_menu, Item(label, url_name, visible, order))


def register_footer_link(
    label: str, url_name: str, visible: Visible = everyone, *, order: int = 100
) -> None:
    """Put a page into the foot of every page."""
    _add(_foot, Item(label, url_name, visible, order))


def _add(items: list[Item], item: Item) -> None:
    items[:] = [one for one in items if one.url_name != item.url_name] + [item]
    items.sort(key=lambda one: one.order)


def registered() -> tuple[Item, ...]:
    """Every item of menu and foot, for the system check."""
    return (*_menu, *_foot)


def _describe_by_name(request: HttpRequest) -> Person:
    return Person(name=getattr(request.user, "name", "") or str(request.user))


_describe: list[Callable[[HttpRequest], Person]] = [_describe_by_name]


def register_person(describe: Callable[[HttpRequest], Person]) -> None:
    """Say how the signed-in person is described in the header (`accounts` does)."""
    _describe[:] = [describe]


def person(request: HttpRequest) -> Person:
    """The signed-in person as the header shows them."""
    return _describe[0](request)


def _address(url_name: str) -> str | None:
    key = (get_urlconf(), url_name)
    if key not in _addresses:
        try:
            _addresses[key] = reverse(url_name)
        except NoReverseMatch:  # a test's own address list; `checks` reports it otherwise
            _addresses[key] = None
    return _addresses[key]


def menu(user: Any, path: str) -> list[Shown]:
    """The menu as this person sees it on the page at this path.

    The part of the site that is marked active is the one whose address is the longest beginning
    of the path, so that a case's page marks the list of cases.
    """
    found = [
        (item.label, address)
        for item in _menu
        if (address := _address(item.url_name)) and item.visible(user)
    ]
    here = ""
    for _, address in found:
        inside = path == address or (address != "/" and path.startswith(address))
        if inside and len(address) > len(here):
            here = address
    return [
        Shown(label, address, current=path == address, active=address == here)
        for label, address in found
    ]


def foot(user: Any) -> list[tuple[str, str]]:
    """The links in the foot: label and address."""
    return [
        (item.label, address)
        for item in _foot
        if (address := _address(item.url_name)) and item.visible(user)
    ]
