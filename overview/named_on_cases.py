"""Who is named on a case, in words: for people who hold no standing role."""

import datetime
from collections.abc import Collection

from casework.access import ROLE_LABELS
from casework.models import CaseRole


def named_on_cases(people: Collection[int], on: datetime.date) -> dict[int, str]:
    """Roles and areas of the open cases that name people on a day, by the people's ids: 'Local
    area nominated officer, Kent'. One query."""
    rows = (
        CaseRole.objects.filter(person__in=people, case__ended_on__isnull=True)
        .on(on)
        .order_by("pk")
        .values_list("person_id", "role", "case__local_area__name")
    )
    found: dict[int, list[str]] = {}
    for person, role, area in rows:
        words = f"{ROLE_LABELS.get(role, role)}, {area}"
        if words not in found.setdefault(person, []):
            found[person].append(words)
    return {person: "; ".join(words) for person, words in found.items()}
