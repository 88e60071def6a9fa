"""System checks: a menu item whose address does not exist is a mistake of a room."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.urls import NoReverseMatch, reverse

from design_system import navigation


@register
def registered_pages_exist(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """An error for each item of menu or foot that names an address that is not there."""
    found: list[CheckMessage] = []
    for item in navigation.registered():
        try:
            reverse(item.url_name)
        except NoReverseMatch:
            text = f"'{item.label}' leads to '{item.url_name}', which no address has as its name."
            found.append(Error(text, id="design_system.E001"))
    return found
