"""Who may read and change the people and contacts of an area. Nobody, until a room above says so.

This room knows no roles; those that do register a function each, and what they grant adds up.
"""

import datetime
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied

from areas.models import LocalArea, Organisation


@dataclass(frozen=True)
class Contacts:
    """What one person may do with the people of one area's organisations."""

    reads_all: bool = False
    edits_all: bool = False
    reads_of: frozenset[uuid.UUID] = frozenset()
    edits_of: frozenset[uuid.UUID] = frozenset()

    def __or__(self, other: "Contacts") -> "Contacts":
        return Contacts(
            self.reads_all or other.reads_all,
            self.edits_all or other.edits_all,
            self.reads_of | other.reads_of,
            self.edits_of | other.edits_of,
        )

    def may_read(self, organisation: Organisation) -> bool:
        """Whether names, addresses and numbers of this organisation's people show."""
        return self.reads_all or organisation.pk in self.reads_of or self.may_edit(organisation)

    def may_edit(self, organisation: Organisation) -> bool:
        """Whether they may be changed. Raising is for `require_edit`."""
        return self.edits_all or organisation.pk in self.edits_of

    def require_edit(self, organisation: Organisation | None = None) -> None:
        """Raise PermissionDenied with the reason; without an organisation for what belongs to the
        area itself: its terms, and which organisations serve it."""
        if self.edits_all or (organisation is not None and organisation.pk in self.edits_of):
            return
        if organisation is None:
            raise PermissionDenied(
                "An area’s terms and organisations are kept by support officers and inspectors."
            )
        raise PermissionDenied(
            f"The people of {organisation.name} are kept by support officers, inspectors and the "
            "organisation itself."
        )


Grant = Callable[[Any, LocalArea, datetime.date], Contacts]
_grants: list[Grant] = []


def register_contacts(grant: Grant) -> None:
    """Let a room say what a signed-in person may do: `grant(user, local_area, on)`."""
    if grant not in _grants:
        _grants.append(grant)


def contacts_for(user: Any, local_area: LocalArea, on: datetime.date) -> Contacts:
    """What a person may do with the contacts of an area on a day."""
    allowed = Contacts()
    if getattr(user, "is_authenticated", False) and user.is_active:
        for grant in _grants:
            allowed |= grant(user, local_area, on)
    return allowed


@dataclass(frozen=True)
class Panel:
    """A part of the area's page that an upper room gives; a context of None leaves it out."""

    template: str
    context: Callable[[Any, LocalArea], dict[str, Any] | None]


_panels: list[Panel] = []


def register_panel(
    template: str, context: Callable[[Any, LocalArea], dict[str, Any] | None]
) -> None:
    """Add a panel to every area's page; `context(request, local_area)`."""
    panel = Panel(template, context)
    if panel not in _panels:
        _panels.append(panel)


def panels() -> Sequence[Panel]:
    """All panels, in the order in which they were registered."""
    return tuple(_panels)
