"""Hold a file against the terms that are there, and take it, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from areas.history import note_changes
from areas.models import LocalArea, Term
from areas.term_import.calendar_file import EventsAre, read_calendar
from areas.term_import.csv_file import read_csv
from areas.term_import.plan import AreaPlan, Plan, make_plan
from areas.term_import.reading import Read, is_calendar


@dataclass(frozen=True)
class Scope:
    """Whose terms an import may change: one area's, or those of all areas that a person keeps."""

    keeps: QuerySet[LocalArea]
    area: LocalArea | None = None


class ChangedMeanwhile(Exception):
    """Between the look and the word something changed: `plan` is what would happen now."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("The terms changed since they were looked at")
        self.plan = plan


def read_terms(text: str, events_are: EventsAre | None, *, several: bool) -> Read:
    """The terms of a CSV or iCalendar file, with its mistakes line by line."""
    if not is_calendar(text):
        return read_csv(text, several=several)
    if several:
        read = Read()
        read.wrong(
            None, "", "A calendar is of one area. Import it on that area’s page, or use CSV here"
        )
        return read
    return read_calendar(text, events_are or EventsAre.TERMS)


def plan_import(read: Read, scope: Scope) -> Plan:
    """What taking these terms would change. Three queries."""
    codes = {entry.dfe_code for entry in read.entries}
    if scope.area:
        area_of = {"": scope.area, scope.area.dfe_code: scope.area}
    else:
        area_of = {area.dfe_code: area for area in scope.keeps.filter(dfe_code__in=codes)}
    areas = {area.pk for area in area_of.values()}
    terms = Term.objects.filter(local_area__in=areas).order_by("starts_on")
    known = dict(LocalArea.objects.values_list("dfe_code", "name"))
    return make_plan(read, area_of, terms, known=known)


@transaction.atomic
def take_terms(read: Read, scope: Scope, *, seen: str, by: Any, source: str) -> Plan:
    """Enter the terms that were read: new ones are added, those that they overlap give way, all
    others stay. `seen` is the digest of the plan that the person agreed to.

    The areas are locked first, so that two who import or edit at the same moment follow one after
    the other. Raises ChangedMeanwhile, and changes nothing, where the plan is no longer the same.
    """
    codes = {entry.dfe_code for entry in read.entries}
    mine = scope.keeps.filter(pk=scope.area.pk) if scope.area else scope.keeps
    if not scope.area:
        mine = mine.filter(dfe_code__in=codes)
    locked = list(mine.order_by("pk").values_list("pk", flat=True))
    list(LocalArea.objects.filter(pk__in=locked).order_by("pk").select_for_update())
    plan = plan_import(read, scope)
    if plan.mistakes or plan.digest != seen:
        raise ChangedMeanwhile(plan)
    changed = [one for one in plan.areas if one]
    gone = [pk for one in changed for pk in one.gone]
    Term.objects.filter(pk__in=gone).delete()
    Term.objects.bulk_create(_new_terms(changed))
    note_changes(
        (
            (
                one.area,
                f"Imported terms from {source}: {len(one.added)} added, "
                f"{len(one.replacing)} in place of others.",
            )
            for one in changed
        ),
        by=by,
    )
    return plan


def _new_terms(changed: Sequence[AreaPlan]) -> list[Term]:
    return [
        Term(
            local_area=one.area,
            name=change.entry.name,
            starts_on=change.entry.starts_on,
            ends_on=change.entry.ends_on,
        )
        for one in changed
        for change in one.changes
        if not change.is_there
    ]
