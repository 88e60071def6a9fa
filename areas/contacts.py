"""Who may read and change the people, contacts and terms of an area. Nobody, until a room above
says so.

This room knows no roles; those that do register a function each, and what they grant adds up.
"""

import datetime
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from areas.models import LocalArea, Organisation


@dataclass(frozen=True)
class Contacts:
    """What one person may do with one area: with the people of its organisations, and its terms.
    Whoever edits all of it keeps its terms as well."""

    reads_all: bool = False
    edits_all: bool = False
    edits_terms: bool = False
    reads_of: frozenset[uuid.UUID] = frozenset()
    edits_of: frozenset[uuid.UUID] = frozenset()

    def __or__(self, other: "Contacts") -> "Contacts":
        return Contacts(
            self.reads_all or other.reads_all,
            self.edits_all or other.edits_all,
            self.edits_terms or other.edits_terms,
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
        area itself: which organisations serve it."""
        if self.edits_all or (organisation is not None and organisation.pk in self.edits_of):
            return
        if organisation is None:
            raise PermissionDenied(
                "An area’s organisations are kept by support officers and inspectors."
            )
        raise PermissionDenied(
            f"The people of {organisation.name} are kept by support officers, inspectors and the "
            "organisation itself."
        )

    def may_edit_terms(self) -> bool:
        """Whether the area's school terms may be changed."""
        return self.edits_all or self.edits_terms

    def require_terms(self) -> None:
        """Raise PermissionDenied with the reason where the terms may not be changed."""
        if not self.may_edit_terms():
            raise PermissionDenied(
                "An area’s terms are kept by support officers, inspectors, administrators and the "
                "area’s own officers."
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


TermAreas = Callable[[Any, datetime.date], QuerySet[LocalArea]]
_term_areas: list[TermAreas] = []


def register_term_areas(areas_of: TermAreas) -> None:
    """Let a room say of which areas a person keeps the terms: `areas_of(user, on)`."""
    if areas_of not in _term_areas:
        _term_areas.append(areas_of)


def areas_to_keep_terms_of(user: Any, on: datetime.date) -> QuerySet[LocalArea]:
    """The areas whose terms a person keeps by a role that is not of one case alone."""
    found = LocalArea.objects.none()
    if getattr(user, "is_authenticated", False) and user.is_active:
        for areas_of in _term_areas:
            found |= areas_of(user, on)
    return found


Keepers = Callable[[Any, datetime.date], bool]
_keepers_of_commissioners: list[Keepers] = []


def register_keepers_of_commissioners(may: Keepers) -> None:
    """Let a room say who records that commissioners merge: `may(user, on)`."""
    if may not in _keepers_of_commissioners:
        _keepers_of_commissioners.append(may)


def may_keep_commissioners(user: Any, on: datetime.date) -> bool:
    """Whether a person records that commissioners merge."""
    signed_in = getattr(user, "is_authenticated", False) and user.is_active
    return bool(signed_in) and any(may(user, on) for may in _keepers_of_commissioners)


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
