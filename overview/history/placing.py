"""Which local area a row speaks of: by its name, else by its code; of one name, that of the day.

The register of areas decides. A row that names one area and has the code of another is refused;
one whose code is that of the area's predecessor, or no code at all, is placed with a doubt.
"""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from areas.models import LocalArea
from casework.events import day_in_words
from overview.history.cells import Refused
from overview.history.rows import HistoryRow

REMARK = re.compile(r"\([^()]*\)")
#: An inspection of an area that was abolished while its report was written is still the area's own.
ONE_YEAR = datetime.timedelta(days=366)


@dataclass(frozen=True)
class Placed:
    """The area of a row, and what is doubtful about that."""

    area: LocalArea
    doubts: Sequence[str]


class Places:
    """The register of areas, read once: a constant number of queries, whatever the rows."""

    def __init__(self, today: datetime.date) -> None:
        self._today = today
        self._by_name: dict[str, list[LocalArea]] = defaultdict(list)
        self._by_code: dict[str, list[LocalArea]] = defaultdict(list)
        known = LocalArea.objects.select_related("region")
        for area in known.prefetch_related("gss_codes", "predecessors", "successors"):
            for name in {_plain(one) for one in _names(area)}:
                self._by_name[name].append(area)
            for gss in area.gss_codes.all():
                self._by_code[gss.code].append(area)

    def place(self, row: HistoryRow) -> Placed:
        """The area of a row. Raises Refused where it is not certain."""
        named = self._by_name.get(_plain(row.area_name), [])
        coded = self._by_code.get(row.gss_code, [])
        if not named and not coded:
            code = f" with the code {row.gss_code}" if row.gss_code else ""
            raise Refused(f"There is no local area '{row.area_name}'{code}.")
        area = self._of_its_day(row, named or coded)
        doubts = [*self._code_doubts(row, area, by_name=bool(named), coded=coded)]
        if area.ends_on is not None and area.ends_on < self._today:
            doubts.append(
                f"{area.name} was abolished at the end of {day_in_words(area.ends_on)}: its history"
                " stays with it."
            )
        if row.region and _plain(row.region) != _plain(area.region.name):
            doubts.append(f"The file has the region {row.region}, the register {area.region.name}.")
        return Placed(area, doubts)

    def _of_its_day(self, row: HistoryRow, candidates: Sequence[LocalArea]) -> LocalArea:
        there = [one for one in candidates if _existed(one, row)]
        if len(there) == 1:
            return there[0]
        names = ", ".join(sorted(one.name for one in candidates))
        if there:
            raise Refused(f"'{row.area_name}' may be any of {names}.")
        raise Refused(f"{names} did not exist on {day_in_words(row.on)}.")

    def _code_doubts(
        self, row: HistoryRow, area: LocalArea, *, by_name: bool, coded: Sequence[LocalArea]
    ) -> Iterable[str]:
        if not by_name:
            yield (
                f"'{row.area_name}' is not in the register: placed as {area.name} by its code"
                f" {row.gss_code}."
            )
        elif not row.gss_code:
            yield "It has no GSS code: placed by its name."
        elif not coded:
            yield f"The code {row.gss_code} is not in the register: placed by its name."
        elif area not in coded:
            before = [one for one in coded if one in area.predecessors.all()]
            if not before:
                others = ", ".join(one.name for one in coded)
                raise Refused(f"It names {area.name} and has the code of {others}.")
            yield (
                f"{row.gss_code} is the code of {before[0].name}, which came before {area.name}:"
                " placed by its name."
            )


def _existed(area: LocalArea, row: HistoryRow) -> bool:
    if area.starts_on is not None and row.on < area.starts_on:
        return False
    if area.ends_on is None:
        return True
    only_published = row.first_day is None and row.last_day is None and row.notified_on is None
    return row.on <= area.ends_on + (ONE_YEAR if only_published else datetime.timedelta(0))


def _names(area: LocalArea) -> list[str]:
    return [area.name, *area.other_names.split(";")]


def _plain(name: str) -> str:
    """A name without capitals, remarks in brackets, hyphens and ampersands."""
    bare = REMARK.sub(" ", name).casefold().replace("&", " and ")
    return " ".join(re.sub(r"[^\w]+", " ", bare).split())
