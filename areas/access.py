"""Who may see and change what of an area beyond its public facts.

Roles live in rooms above this one, so one of them says who may (`overview.area_access`). Until it
does, nobody may.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from areas.models import LocalArea


@dataclass(frozen=True)
class AreaAccess:
    """What one person may do with one area (roles.md, 'contacts of areas')."""

    reads_people: bool = False
    edits_everybody: bool = False
    edits_people_of: frozenset[uuid.UUID] = frozenset()
    edits_terms: bool = False

    def edits_people(self, organisation_id: uuid.UUID) -> bool:
        """Whether the person keeps the contacts of this organisation."""
        return self.edits_everybody or organisation_id in self.edits_people_of


NOBODY = AreaAccess()
Judge = Callable[[Any, LocalArea], AreaAccess]

_judges: list[Judge] = []


def register_judge(judge: Judge) -> None:
    """Say who answers; the last one registered does."""
    _judges[:] = [judge]


def access_to(user: Any, local_area: LocalArea) -> AreaAccess:
    """What a person may do with an area; nothing without signing in."""
    if not _judges or not getattr(user, "is_authenticated", False):
        return NOBODY
    return _judges[0](user, local_area)
