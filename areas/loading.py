"""Brings the regions, areas and bodies of `data/areas.json` into the database.

Only adds what is missing: what people have edited since stays as they left it.
"""

import datetime
import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parent / "data" / "areas.json"
#: Ids of areas and bodies follow from their codes and names, so that a link to an area's page is
#: the same in every installation. Both are public knowledge.
IDS = uuid.UUID("6f1f8f0e-8a55-4d0c-9f4e-5b7a3a0e9d52")

#: Kind, code and name of the bodies that serve all of England.
NATIONAL_BODIES = (
    ("inspectorate", "OFSTED", "Ofsted"),
    ("inspectorate", "CQC", "Care Quality Commission"),
    ("department", "DFE", "Department for Education"),
    ("department", "DHSC", "Department of Health and Social Care"),
    ("department", "NHSE", "NHS England"),
)


def area_id(dfe_code: str) -> uuid.UUID:
    """The id of the local area with this DfE number."""
    return uuid.uuid5(IDS, f"area {dfe_code}")


def organisation_id(kind: str, name: str) -> uuid.UUID:
    """The id of an organisation that comes with the product."""
    return uuid.uuid5(IDS, f"{kind} {name}")


def load_areas(get_model: Callable[[str, str], Any], using: str = "default") -> int:
    """Add what is missing of the file's regions, areas, codes, bodies and links, and the national
    bodies. `get_model(app_label, name)` gives the models of now or of a migration.

    Returns how many local areas were added. A constant number of queries; doing it again changes
    nothing.
    """
    return _Loading(get_model, using).load()


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


class _Loading:
    def __init__(self, get_model: Callable[[str, str], Any], using: str) -> None:
        self._get_model = get_model
        self._using = using
        data = json.loads(FILE.read_text(encoding="utf-8"))
        self.regions: Mapping[str, Any] = data["regions"]
        self.commissioners: list[Any] = data["health_commissioners"]
        self.areas = [
            {**area, "region": code}
            for code, region in self.regions.items()
            for area in region["areas"]
        ]

    def _rows(self, model: str) -> Any:
        return self._get_model("areas", model).objects.using(self._using)

    def _add(self, model: str, rows: Iterable[Mapping[str, Any]]) -> None:
        make = self._get_model("areas", model)
        self._rows(model).bulk_create([make(**row) for row in rows], ignore_conflicts=True)

    def load(self) -> int:
        known = set(self._rows("LocalArea").values_list("dfe_code", flat=True))
        new = [area for area in self.areas if area["dfe"] not in known]
        self._add("Region", ({"code": c, "name": r["name"]} for c, r in self.regions.items()))
        self._load_local_areas(new)
        self._add("GssCode", (code for area in new for code in _codes(area)))
        self._load_successors(new)
        self._load_bodies({area["dfe"] for area in new})
        return len(new)

    def _load_local_areas(self, new: list[Any]) -> None:
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
                }
                for area in new
            ),
        )

    def _load_successors(self, new: list[Any]) -> None:
        through = self._get_model("areas", "LocalArea").successors.through
        through.objects.using(self._using).bulk_create(
            [
                through(from_localarea_id=area_id(area["dfe"]), to_localarea_id=area_id(code))
                for area in new
                for code in area.get("became", ())
            ],
            ignore_conflicts=True,
        )

    def _load_bodies(self, new: set[str]) -> None:
        """Councils, health commissioners and national bodies; links for the areas that are new."""
        bodies: list[dict[str, Any]] = []
        links: list[dict[str, Any]] = []
        for area in self.areas:
            body = _body("council", area["council"], area.get("from"), area.get("until"))
            bodies.append(body)
            links.append(_link(area, body["id"], None, None))
        areas = {area["dfe"]: area for area in self.areas}
        for group in self.commissioners:
            for name, codes in group["serve"].items():
                lasts = group["bodies_from"], group["bodies_until"]
                body = _body("health_commissioner", name, *lasts)
                bodies.append(body)
                for code in codes.split():
                    links.append(_link(areas[code], body["id"], group["from"], group["until"]))
        for kind, short, name in NATIONAL_BODIES:
            bodies.append({**_body(kind, name, None, None), "code": short})
        self._add("Organisation", bodies)
        fresh = {area_id(code) for code in new}
        self._add("AreaOrganisation", (one for one in links if one["local_area_id"] in fresh))


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


def _link(area: Any, body: uuid.UUID, begins: str | None, ends: str | None) -> dict[str, Any]:
    """A body serves an area as long as both are there. ISO days compare as text."""
    starts = max(begins or "", area.get("from") or "")
    stops = min(ends or "9999", area.get("until") or "9999")
    return {
        "local_area_id": area_id(area["dfe"]),
        "organisation_id": body,
        "starts_on": _day(starts),
        "ends_on": None if stops == "9999" else _day(stops),
    }
