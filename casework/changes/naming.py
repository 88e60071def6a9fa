"""Cases as a list of changes names them. Whoever keeps the calendar needs no part in a case; but a
case that is not announced yet is the inspectorates' alone (roles.md), so it goes without a name."""

import uuid
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from casework.access import visible_cases
from casework.changes.models import Change
from casework.models import Case
from casework.registry import kind_of
from casework.told import told

NOT_ANNOUNCED, NOT_OPEN = "Not announced yet", "Not open to you"
#: The moment at which an inspection or a re-visit is announced.
ANNOUNCED = "notified"


@dataclass(frozen=True)
class Named:
    """A case by reference and area. `opens`: whether the person can open it."""

    reference: str
    area: str
    area_id: uuid.UUID
    kind: str
    opens: bool


def names_of(case_ids: Collection[uuid.UUID], user: Any) -> dict[uuid.UUID, Named]:
    """The cases that may be named to a person, by id: two queries."""
    cases = Case.objects.filter(pk__in=set(case_ids)).order_by()
    seen = set(cases.filter(visible_cases(user)).values_list("pk", flat=True))
    fields = ("pk", "reference", "kind", "local_area_id", "local_area__name")
    announced = cases.filter(told() | visible_cases(user)).values_list(*fields)
    return {
        pk: Named(reference, area, area_id, kind_of(kind).label, pk in seen)
        for pk, reference, kind, area_id, area in announced
    }


def stand_ins(change: Change, user: Any) -> dict[uuid.UUID, str]:
    """What stands for each case of a change that may not be named to a person: 'Not announced yet
    (1)', so that its deadlines can be told from another's. One query. The numbers go by the cases'
    random ids, so they tell nothing and are the same on every page."""
    hidden = Case.objects.filter(
        ~(told() | visible_cases(user)), pk__in=change.moves.order_by().values("case_id")
    )
    found, so_far = {}, Counter[str]()
    for pk, kind, moments in hidden.order_by("pk").values_list("pk", "kind", "moments"):
        secret = kind_of(kind).confidential_until == ANNOUNCED and ANNOUNCED not in moments
        words = NOT_ANNOUNCED if secret else NOT_OPEN
        so_far[words] += 1
        found[pk] = f"{words} ({so_far[words]:,})"
    return found
