"""Brings the regions, areas and bodies of `data/areas.json` into the database.

`load_areas` only adds: an area or a body that is not there comes with all that belongs to it; what
is there stays as people left it, and what they took out stays out. `complete_areas`, run once by a
migration, brings an installation that had an earlier edition of the file up to this one: it fills
what was left empty, replaces dates that are exactly those of the earlier edition, and adds links
between areas and bodies that both were there already. What people entered or changed stands.
"""

import datetime
import json
import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parent / "data" / "areas.json"
#: Ids of areas and bodies follow from their codes and names, so that a link to an area's page is
#: the same in every installation. Both are public knowledge.
IDS = uuid.UUID("6f1f8f0e-8a55-4d0c-9f4e-5b7a3a0e9d52")
COUNCIL, COMMISSIONER = "council", "health_commissioner"

#: Kind, code and name of the bodies that serve all of England.
NATIONAL_BODIES = (
    ("inspectorate", "OFSTED", "Ofsted"),
    ("inspectorate", "CQC", "Care Quality Commission"),
    ("department", "DFE", "Department for Education"),
    ("department", "DHSC", "Department of Health and Social Care"),
    ("department", "NHSE", "NHS England"),
)

GetModel = Callable[[str, str], Any]
Days = tuple[datetime.date | None, datetime.date | None]
#: The clinical commissioning groups of April 2018, as the first edition of the file had them.
FIRST_EDITION_GROUPS: Days = (None, datetime.date(2022, 6, 30))
FIRST_EDITION_LINKS_END = datetime.date(2020, 3, 31)


def area_id(dfe_code: str) -> uuid.UUID:
    """The id of the local area with this DfE number."""
    return uuid.uuid5(IDS, f"area {dfe_code}")


def organisation_id(kind: str, name: str) -> uuid.UUID:
    """The id of an organisation that comes with the product."""
    return uuid.uuid5(IDS, f"{kind} {name}")


def load_areas(get_model: GetModel, using: str = "default") -> int:
    """Add what is missing of the file's regions, areas and bodies, each new one with its codes,
    successors and links, and the national bodies. `get_model(app_label, name)` gives the models of
    now or of a migration; columns that those do not have yet are left out.

    Returns how many local areas were added. A constant number of queries; doing it again changes
    nothing.
    """
    return _Loading(get_model, using).load()


def complete_areas(get_model: GetModel, using: str = "default") -> int:
    """Bring what an earlier edition of the file gave up to this one, and add what is missing.

    Returns how many links between areas and bodies were added. Doing it again changes nothing.
    """
    return _Loading(get_model, using).complete()


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


@dataclass(frozen=True)
class _Link:
    """A body of the file serves an area of the file."""

    dfe: str
    kind: str
    name: str
    share: int | None
    days: Days


class _Loading:
    def __init__(self, get_model: GetModel, using: str) -> None:
        self._get_model = get_model
        self._using = using
        data = json.loads(FILE.read_text(encoding="utf-8"))
        self.regions: Mapping[str, Any] = data["regions"]
        self.commissioners: list[Any] = data["health_commissioners"]
        self.areas = {
            area["dfe"]: {**area, "region": code, "ons": area.get("ons", region["name"])}
            for code, region in self.regions.items()
            for area in region["areas"]
        }

    def _rows(self, model: str) -> Any:
        return self._get_model("areas", model).objects.using(self._using)

    def _add(self, model: str, rows: Iterable[Mapping[str, Any]]) -> None:
        make = self._get_model("areas", model)
        own = {field.attname for field in make._meta.concrete_fields}
        self._rows(model).bulk_create(
            [make(**{key: row[key] for key in row if key in own}) for row in rows],
            ignore_conflicts=True,
        )

    def _add_successors(self, model: str, pairs: Iterable[tuple[uuid.UUID, uuid.UUID]]) -> None:
        relation = getattr(self._get_model("areas", model), "successors", None)
        if relation is None:  # a migration from before it
            return
        one, other = f"from_{model.lower()}_id", f"to_{model.lower()}_id"
        relation.through.objects.using(self._using).bulk_create(
            [relation.through(**{one: old, other: new}) for old, new in pairs],
            ignore_conflicts=True,
        )

    # -- adding ------------------------------------------------------------------------------------

    def load(self) -> int:
        known = set(self._rows("LocalArea").values_list("dfe_code", flat=True))
        there = set(self._organisations())
        new = [area for area in self.areas.values() if area["dfe"] not in known]
        self._add("Region", ({"code": c, "name": r["name"]} for c, r in self.regions.items()))
        self._add_local_areas(new)
        self._add("GssCode", (code for area in new for code in _codes(area)))
        self._add_successors(
            "LocalArea",
            ((area_id(a["dfe"]), area_id(code)) for a in new for code in a.get("became", ())),
        )
        self._add("Organisation", self._bodies())
        ids = self._organisations()
        self._add_successors("Organisation", self._became(ids, there))
        codes = {area["dfe"] for area in new}
        rows = self._commissioner_links(ids)
        self._add_links(
            ids,
            (
                link
                for link in self._links()
                if link.dfe in codes
                or ((link.kind, link.name) not in there and self._is_open(link, rows))
            ),
        )
        return len(new)

    def _organisations(self) -> dict[tuple[str, str], uuid.UUID]:
        """Ids by kind and name: a body that somebody entered by hand has one of its own."""
        rows = self._rows("Organisation").values_list("kind", "name", "pk")
        return {(kind, name): pk for kind, name, pk in rows}

    def _add_local_areas(self, new: list[Any]) -> None:
        regions = dict(self._rows("Region").values_list("code", "pk"))
        self._add(
            "LocalArea",
            (
                {
                    "id": area_id(area["dfe"]),
                    "dfe_code": area["dfe"],
                    "name": area["name"],
                    "region_id": regions[area["region"]],
                    "authority_type": area["type"],
                    "starts_on": _day(area.get("from")),
                    "ends_on": _day(area.get("until")),
                    **_further(area),
                }
                for area in new
            ),
        )

    def _bodies(self) -> Iterator[dict[str, Any]]:
        """Councils, health commissioners and national bodies."""
        for area in self.areas.values():
            yield _body(COUNCIL, area["council"], area.get("from"), area.get("until"))
        for body in self.commissioners:
            yield _body(COMMISSIONER, body["name"], body.get("from"), body.get("until"))
        for kind, short, name in NATIONAL_BODIES:
            yield {**_body(kind, name, None, None), "code": short}

    def _became(
        self, ids: Mapping[tuple[str, str], uuid.UUID], known: Iterable[tuple[str, str]] = ()
    ) -> Iterator[tuple[uuid.UUID, uuid.UUID]]:
        """Each pair of old and new body of which one at least was not known."""
        known = set(known)
        for body in self.commissioners:
            for name in body.get("became", ()):
                old, new = (COMMISSIONER, body["name"]), (COMMISSIONER, name)
                if not {old, new} <= known:
                    yield ids[old], ids[new]

    def _links(self) -> Iterator[_Link]:
        for dfe, area in self.areas.items():
            days = _day(area.get("from")), _day(area.get("until"))
            yield _Link(dfe, COUNCIL, area["council"], None, days)
        for body in self.commissioners:
            for dfe, share in _served(body["serve"]):
                days = _common(body, self.areas[dfe])
                yield _Link(dfe, COMMISSIONER, body["name"], share, days)

    # -- bringing an earlier edition up to this one ------------------------------------------------

    def complete(self) -> int:
        ids = self._organisations()
        before = self._rows("AreaOrganisation").count()
        self._fill_areas()
        self._date_groups()
        self._date_links(self._commissioner_links(ids))
        self.load()
        ids = self._organisations()
        self._add_successors("Organisation", self._became(ids))
        rows = self._commissioner_links(ids)
        self._add_links(
            ids,
            (
                link
                for link in self._links()
                if link.kind == COMMISSIONER
                and (link.dfe, link.name) not in rows
                and self._is_open(link, rows)
            ),
        )
        return int(self._rows("AreaOrganisation").count() - before)

    def _fill_areas(self) -> None:
        """What the earlier edition did not have, where it is empty."""
        fields = ("other_names", "ofsted_urn", "ons_region")
        changed = []
        for area in self._rows("LocalArea").filter(dfe_code__in=list(self.areas)):
            given = _further(self.areas[area.dfe_code])
            missing = [name for name in fields if given[name] and not getattr(area, name)]
            for name in missing:
                setattr(area, name, given[name])
            if missing:
                changed.append(area)
        self._rows("LocalArea").bulk_update(changed, fields)

    def _date_groups(self) -> None:
        """The days of groups that still have those of the first edition."""
        days = {
            body["name"]: (_day(body.get("from")), _day(body.get("until")))
            for body in self.commissioners
        }
        starts_on, ends_on = FIRST_EDITION_GROUPS
        changed = []
        for body in self._rows("Organisation").filter(
            kind=COMMISSIONER, name__in=list(days), starts_on=starts_on, ends_on=ends_on
        ):
            body.starts_on, body.ends_on = days[body.name]
            changed.append(body)
        self._rows("Organisation").bulk_update(changed, ["starts_on", "ends_on"])

    def _commissioner_links(
        self, ids: Mapping[tuple[str, str], uuid.UUID]
    ) -> dict[tuple[str, str], list[Any]]:
        """The links of the database, by DfE number and name of the commissioner."""
        codes = {area_pk: dfe for dfe, area_pk in self._area_ids().items()}
        names = {pk: name for (kind, name), pk in ids.items() if kind == COMMISSIONER}
        found: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for row in self._rows("AreaOrganisation").filter(organisation_id__in=list(names)):
            if row.local_area_id in codes:
                found[codes[row.local_area_id], names[row.organisation_id]].append(row)
        return found

    def _add_links(self, ids: Mapping[tuple[str, str], uuid.UUID], links: Iterable[_Link]) -> None:
        area_ids = self._area_ids()
        self._add(
            "AreaOrganisation",
            ({**_row(link, ids), "local_area_id": area_ids[link.dfe]} for link in list(links)),
        )

    def _area_ids(self) -> dict[str, uuid.UUID]:
        rows = self._rows("LocalArea").filter(dfe_code__in=list(self.areas))
        return dict(rows.values_list("dfe_code", "pk"))

    def _date_links(self, rows: Mapping[tuple[str, str], list[Any]]) -> None:
        """The days and shares of links that still have the days of the first edition."""
        changed = []
        for link in self._links():
            for row in rows.get((link.dfe, link.name), ()):
                until = _day(self.areas[link.dfe].get("until")) or datetime.date.max
                if (row.starts_on, row.ends_on) == (None, min(FIRST_EDITION_LINKS_END, until)):
                    row.starts_on, row.ends_on = link.days
                if row.share is None and (row.starts_on, row.ends_on) == link.days:
                    row.share = link.share
                changed.append(row)
        self._rows("AreaOrganisation").bulk_update(changed, ["starts_on", "ends_on", "share"])

    def _is_open(self, link: _Link, rows: Mapping[tuple[str, str], list[Any]]) -> bool:
        """Whether nobody entered something else for those days: a body that is not in the file, or
        an earlier body that serves the area on. Theirs stands, and ours is left out."""
        names = {body["name"] for body in self.commissioners}
        before = {b["name"] for b in self.commissioners if link.name in b.get("became", ())}
        for (dfe, name), theirs in rows.items():
            other = name not in names or name in before
            if dfe == link.dfe and other and any(_meets(link.days, row) for row in theirs):
                return False
        return True


def _meets(days: Days, row: Any) -> bool:
    first, last = days
    begins, ends = row.starts_on or datetime.date.min, row.ends_on or datetime.date.max
    return begins <= (last or datetime.date.max) and ends >= (first or datetime.date.min)


def _further(area: Any) -> dict[str, str]:
    return {
        "other_names": "; ".join(area.get("also", ())),
        "ofsted_urn": area.get("urn", ""),
        "ons_region": area["ons"],
    }


def _codes(area: Any) -> Iterable[dict[str, Any]]:
    """`gss` reads 'E08000016 until 2025-03-31, E08000038': each begins where one ends."""
    starts = _day(area.get("from"))
    for part in area["gss"].split(", "):
        code, _, until = part.partition(" until ")
        ends = _day(until) or _day(area.get("until"))
        yield {
            "local_area_id": area_id(area["dfe"]),
            "code": code,
            "starts_on": starts,
            "ends_on": ends,
        }
        starts = ends + datetime.timedelta(days=1) if ends else None


def _body(kind: str, name: str, begins: str | None, ends: str | None) -> dict[str, Any]:
    return {
        "id": organisation_id(kind, name),
        "kind": kind,
        "name": name,
        "starts_on": _day(begins),
        "ends_on": _day(ends),
    }


def _served(text: str) -> Iterator[tuple[str, int | None]]:
    """`serve` reads '380 22%, 815 8%, 888': DfE numbers with shares where they are known."""
    for part in text.split(", "):
        found = re.fullmatch(r"(\d{3})(?: (\d{1,3})%)?", part)
        if found is None:
            raise ValueError(f"not a DfE number with its share: {part!r}")
        yield found[1], int(found[2]) if found[2] else None


def _common(body: Any, area: Any) -> Days:
    """A body serves an area as long as both are there. ISO days compare as text."""
    starts = max(body.get("from", ""), area.get("from", ""))
    stops = min(body.get("until", "9999"), area.get("until", "9999"))
    return _day(starts), None if stops == "9999" else _day(stops)


def _row(link: _Link, ids: Mapping[tuple[str, str], uuid.UUID]) -> dict[str, Any]:
    return {
        "local_area_id": area_id(link.dfe),
        "organisation_id": ids[link.kind, link.name],
        "share": link.share,
        "starts_on": link.days[0],
        "ends_on": link.days[1],
    }
