"""What else rests on health commissioners that merge: open cases and roles of people."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q

from accounts import roles
from accounts.models import Membership
from areas.merging import register_effect
from areas.models import LocalArea, Organisation
from casework.models import Case
from casework.told import told
from design_system.tables import Column, Table
from overview.case_table import CASE_FIELDS, case_table

LIMIT = 50


def register() -> None:
    """Show them on the page that records a merger."""
    register_effect(open_cases)
    register_effect(roles_held)


def open_cases(
    user: Any, areas: Sequence[LocalArea], bodies: Sequence[Organisation], on: datetime.date
) -> Table:
    """The open cases of the areas, as far as their councils or the person know of them."""
    known = Case.objects.filter(told()).values("pk")
    visible = Case.objects.visible_to(user).values("pk")
    cases = Case.objects.filter(Q(pk__in=known) | Q(pk__in=visible), local_area__in=areas)
    rows = list(
        cases.filter(ended_on__isnull=True)
        .order_by("local_area__name", "reference")
        .values(*CASE_FIELDS)[:LIMIT]
    )
    caption = "Open cases in these areas"
    if len(rows) == LIMIT:
        caption += f": the first {LIMIT}"
    none = "None, as far as the areas themselves know of their cases."
    return case_table(caption, rows, {}, table_id="open-cases", empty=none)


def roles_held(
    user: Any, areas: Sequence[LocalArea], bodies: Sequence[Organisation], on: datetime.date
) -> Table | None:
    """How many people hold which role in the bodies after the day: they are ended by hand."""
    held = Membership.objects.filter(organisation__in=bodies).exclude(ends_on__lt=on)
    counted = held.order_by("organisation__name", "role").values("organisation__name", "role")
    rows = [
        [row["organisation__name"], roles.LABELS.get(row["role"], row["role"]), row["people"]]
        for row in counted.annotate(people=Count("person", distinct=True))
    ]
    if not rows:
        return None
    columns = [Column("Body"), Column("Role"), Column("People", numeric=True)]
    caption = "Roles that people go on holding until you end them"
    return Table(caption, columns, rows, id="roles-held")
