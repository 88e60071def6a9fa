"""Loads the project's own list of regions, authorities and health commissioners.

`data/areas.json` names each upper-tier authority since 2016 by its DfE number. A health
commissioner counts as one of an area where it serves more than a twentieth of its people.
"""

import datetime
import json
import uuid
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "areas.json"
# Rows have the same id in every installation, so that two copies can be compared.
NAMESPACE = uuid.UUID("6f0e0a52-7a0e-4a54-9a53-5f6f6c1d8a11")

INSPECTORATES = (
    ("OFSTED", "Ofsted"),
    ("CQC", "Care Quality Commission"),
)
DEPARTMENTS = (
    ("DFE", "Department for Education"),
    ("NHSE", "NHS England"),
    ("DHSC", "Department of Health and Social Care"),
)


def read_list() -> dict[str, Any]:
    """The list as it stands in the file."""
    listed: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return listed


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _id(*parts: str) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, "/".join(parts))


def load_areas(apps: Any) -> None:
    """Write the list into empty tables.

    `apps` is a migration's registry or `django.apps.apps`: the models are taken from it, as a
    data migration must.
    """
    listed = read_list()
    models = {
        name: apps.get_model("areas", name)
        for name in ("Region", "LocalArea", "GssCode", "Organisation", "AreaOrganisation")
    }
    regions = {
        code: models["Region"].objects.create(code=code, name=name)
        for code, name in listed["regions"].items()
    }
    for code, name in INSPECTORATES:
        _organisation(models, "inspectorate", name, code=code)
    for code, name in DEPARTMENTS:
        _organisation(models, "department", name, code=code)
    _load_authorities(models, listed["local_areas"], regions)
    for entry in listed["health_commissioners"]:
        _load_commissioner(models, entry)


def _organisation(models: dict[str, Any], kind: str, name: str, **fields: Any) -> Any:
    return models["Organisation"].objects.create(
        id=_id("organisation", kind, name), kind=kind, name=name, **fields
    )


def _load_authorities(
    models: dict[str, Any], entries: dict[str, Any], regions: dict[str, Any]
) -> None:
    areas, codes, councils, links = [], [], [], []
    for number, entry in entries.items():
        starts_on, ends_on = _day(entry.get("from")), _day(entry.get("to"))
        area = models["LocalArea"](
            id=_id("area", number),
            dfe_code=number,
            name=entry["name"],
            region=regions[entry["region"]],
            authority_type=entry["type"],
            starts_on=starts_on,
            ends_on=ends_on,
        )
        areas.append(area)
        codes += [
            models["GssCode"](
                local_area=area,
                code=gss["code"],
                starts_on=_day(gss.get("from")) or starts_on,
                ends_on=_day(gss.get("to")) or ends_on,
            )
            for gss in entry["gss"]
        ]
        # Dorset's county council and the unitary one that followed it differ in name, not always
        # elsewhere: the DfE number tells councils of one name apart.
        council = models["Organisation"](
            id=_id("organisation", "council", number),
            kind="council",
            name=entry["council"],
            code=number,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        councils.append(council)
        links.append(
            models["AreaOrganisation"](
                local_area=area, organisation=council, starts_on=starts_on, ends_on=ends_on
            )
        )
    models["LocalArea"].objects.bulk_create(areas)
    models["GssCode"].objects.bulk_create(codes)
    models["Organisation"].objects.bulk_create(councils)
    models["AreaOrganisation"].objects.bulk_create(links)
    for number, entry in entries.items():
        if entry.get("successors"):
            area = models["LocalArea"].objects.get(dfe_code=number)
            area.successors.set(
                models["LocalArea"].objects.filter(dfe_code__in=entry["successors"])
            )


def _load_commissioner(models: dict[str, Any], entry: dict[str, Any]) -> None:
    starts_on, ends_on = _day(entry.get("from")), _day(entry.get("to"))
    commissioner = _organisation(
        models, "health_commissioner", entry["name"], starts_on=starts_on, ends_on=ends_on
    )
    for area in models["LocalArea"].objects.filter(dfe_code__in=entry["areas"]):
        begins = [day for day in (starts_on, area.starts_on) if day]
        ends = [day for day in (ends_on, area.ends_on) if day]
        models["AreaOrganisation"].objects.create(
            local_area=area,
            organisation=commissioner,
            starts_on=max(begins, default=None),
            ends_on=min(ends, default=None),
        )
