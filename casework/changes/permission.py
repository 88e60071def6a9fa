"""Who may look at changes and make them: rows of the access table that hold for all of England."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.models import Scope
from casework.access import access_table, grants_of, remember_grants

WHAT = {
    "calendar": "Changes of the calendar",
    "parameters": "Changes of offsets",
}


def may_change(user: Any, thing: str, action: str) -> bool:
    """Whether a person may do this with the 'calendar' or the 'parameters' today."""
    roles = {row.role for row in access_table() if (row.thing, row.action) == (thing, action)}
    return any(one.role in roles for one in grants_of(user) if one.scope == Scope.NATIONAL)


def change_or_refuse(request: HttpRequest, thing: str, action: str = "edit") -> None:
    """Remember what the person holds for the length of the request; raise PermissionDenied, with
    the reason, unless they may do this."""
    remember_grants(request.user)
    if not may_change(request.user, thing, action):
        raise PermissionDenied(f"{WHAT[thing]} are for administrators. You do not hold that role.")
