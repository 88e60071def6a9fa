"""Whom a case cannot do without: told before somebody's role or account is ended."""

import datetime
from collections.abc import Collection

from django.db.models import Exists, OuterRef

from accounts import roles
from casework.access import ROLE_LABELS
from casework.models import Case, CaseRole
from casework.told import told

#: The part on a case that only somebody with the standing role can have.
NEEDED = {roles.HMI: "lead_hmi", roles.CQC_INSPECTOR: "cqc_inspector"}


def without_lead(
    people: Collection[int], held: Collection[str] | None, after: datetime.date
) -> dict[int, list[str]]:
    """The open cases that would have no lead HMI or CQC inspector left, by person; of those that
    are still confidential only how many. `held` None: the people leave altogether. Two queries."""
    parts = {part for role, part in NEEDED.items() if held is None or role in held}
    day = after + datetime.timedelta(days=1)
    others = (
        CaseRole.objects.filter(case=OuterRef("case"), role=OuterRef("role"))
        .filter(person__is_active=True)
        .exclude(person__in=people)
        .on(day)
    )
    rows = list(
        CaseRole.objects.filter(person__in=people, role__in=parts, case__ended_on__isnull=True)
        .on(day)
        .exclude(Exists(others))
        .order_by("case__reference")
        .values_list("person_id", "role", "case_id", "case__reference", "case__local_area__name")
    )
    open_ones = set(
        Case.objects.filter(told(), pk__in={row[2] for row in rows}).values_list("pk", flat=True)
    )
    found: dict[int, list[str]] = {}
    hidden: dict[tuple[int, str], int] = {}
    for person, part, case, reference, area in rows:
        if case in open_ones:
            text = f"{reference} ({area}) would be left without a {_label(part)}."
            found.setdefault(person, []).append(text)
        else:
            hidden[person, part] = hidden.get((person, part), 0) + 1
    for (person, part), number in hidden.items():
        which = "A case that is" if number == 1 else f"{number} cases that are"
        text = (
            f"{which} still confidential would be left without a {_label(part)}: "
            "a support officer knows which."
        )
        found.setdefault(person, []).append(text)
    return found


def _label(part: str) -> str:
    label = ROLE_LABELS[part]
    return label if label.startswith("CQC") else label[0].lower() + label[1:]
