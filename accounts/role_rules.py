"""Where each role can be held: for how far, and in which kind of organisation (roles.md)."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts import roles
from accounts.models import Membership, Scope
from areas.models import AreaOrganisation, OrganisationKind
from design_system.forms import in_words

AREA, REGION, NATIONAL = Scope.AREA, Scope.REGION, Scope.NATIONAL
INSPECTORATE = frozenset({OrganisationKind.INSPECTORATE})
COUNCIL = frozenset({OrganisationKind.COUNCIL})
HEALTH = frozenset({OrganisationKind.HEALTH_COMMISSIONER})
DEPARTMENT = frozenset({OrganisationKind.DEPARTMENT})
#: Organisations that serve some areas and not others.
OF_AREAS = COUNCIL | HEALTH | {OrganisationKind.PARENT_CARER_FORUM, OrganisationKind.IASS}


@dataclass(frozen=True)
class Held:
    """How far a role reaches at most, and in what kinds of organisation it is held (none: any)."""

    scopes: frozenset[Scope]
    kinds: frozenset[OrganisationKind] = frozenset()
    #: Whether it means something without an organisation.
    alone: bool = False


def _held(scopes: set[Scope], kinds: frozenset[OrganisationKind], alone: bool = False) -> Held:
    return Held(frozenset(scopes), kinds, alone)


RULES: Mapping[str, Held] = {
    roles.SUPPORT_OFFICER: _held({NATIONAL, REGION}, INSPECTORATE),
    roles.HMI: _held({NATIONAL, REGION}, INSPECTORATE),
    roles.OFSTED_INSPECTOR: _held({NATIONAL, REGION}, INSPECTORATE),
    roles.CQC_INSPECTOR: _held({NATIONAL, REGION}, INSPECTORATE),
    roles.SENIOR_HMI: _held({NATIONAL, REGION}, INSPECTORATE),
    roles.CQC_QUALITY_ASSURER: _held({NATIONAL, REGION}, INSPECTORATE),
    roles.REGIONAL_DIRECTOR: _held({REGION}, INSPECTORATE),
    roles.HMCI: _held({NATIONAL}, INSPECTORATE),
    roles.PUBLICATIONS: _held({NATIONAL}, INSPECTORATE),
    roles.LANO: _held({AREA}, COUNCIL),
    roles.HEALTH_LANO: _held({AREA}, HEALTH),
    roles.DCS: _held({AREA}, COUNCIL),
    roles.HEALTH_CHIEF_EXECUTIVE: _held({AREA}, HEALTH),
    roles.SEND_LEAD: _held({AREA}, COUNCIL | HEALTH),
    roles.CHIEF_EXECUTIVE: _held({AREA}, COUNCIL),
    roles.PARENT_CARER_FORUM: _held({AREA}, frozenset({OrganisationKind.PARENT_CARER_FORUM})),
    roles.ADVISER: _held({AREA, REGION}, DEPARTMENT),
    roles.OFFICIAL: _held({REGION, NATIONAL}, DEPARTMENT),
    roles.MINISTER: _held({NATIONAL}, DEPARTMENT),
    roles.DHSC: _held({NATIONAL}, DEPARTMENT),
    roles.CHAIR: _held({AREA}, frozenset(), alone=True),
    roles.ADMINISTRATOR: _held({NATIONAL}, INSPECTORATE | DEPARTMENT, alone=True),
}
#: Held on one case only: a case names them, nobody gives them here.
ON_A_CASE = frozenset({roles.LEAD_HMI, roles.REPRESENTATIVE})


def faults(given: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with a role as it is to be given (`role`, `scope`, `organisation`,
    `local_area`, `region`, `starts_on`), in plain words by field. At most two queries."""
    role = given.get("role") or ""
    if role in ON_A_CASE:
        label = roles.LABELS[role]
        return {"role": f"{label} is named on a case, on the case’s own page, not given here."}
    found = _place_faults(given)
    rule = RULES.get(role)
    if rule is None:
        return found
    label = roles.LABELS[role]
    scope = given.get("scope")
    if scope and Scope(scope) not in rule.scopes:
        allowed = [one.label.lower() for one in Scope if one in rule.scopes]
        found["scope"] = f"{label} is a role for {' or '.join(allowed)}.".replace(
            "england", "England"
        )
    if fault := _organisation_fault(rule, label, given):
        found["organisation"] = fault
    return found


def _place_faults(given: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    scope = given.get("scope")
    for its_scope, field in ((AREA, "local_area"), (REGION, "region")):
        if scope == its_scope and not given.get(field):
            found[field] = f"Choose the place: the role is for {its_scope.label.lower()}."
        if scope and scope != its_scope and given.get(field):
            found[field] = "Leave this empty: the role does not end at this place."
    return found


def _organisation_fault(rule: Held, label: str, given: Mapping[str, Any]) -> str:
    organisation, area = given.get("organisation"), given.get("local_area")
    if organisation is None:
        return "" if rule.alone else f"Choose the organisation: {label} is held in one."
    if rule.kinds and organisation.kind not in rule.kinds:
        kinds = [one.label.lower() for one in OrganisationKind if one in rule.kinds]
        return f"{label} is held in this kind of organisation: {' or '.join(kinds)}."
    day: datetime.date | None = given.get("starts_on")
    if area and day and organisation.kind in OF_AREAS:
        serving = AreaOrganisation.objects.on(day).filter(
            local_area=area, organisation=organisation
        )
        if not serving.exists():
            return f"{organisation} does not serve {area} on {in_words(day)}."
    return ""


def held_already(given: Mapping[str, Any], person_id: int) -> str:
    """In words, the same role that a person holds in the time that is asked for; '' where none."""
    first, last = given["starts_on"], given.get("ends_on")
    same = Membership.objects.filter(
        person_id=person_id,
        role=given["role"],
        organisation=given.get("organisation"),
        local_area=given.get("local_area"),
        region=given.get("region"),
    ).exclude(ends_on__lt=first)
    if last:
        same = same.exclude(starts_on__gt=last)
    row = same.order_by("starts_on").first()
    if row is None:
        return ""
    until = f"until {in_words(row.ends_on)}" if row.ends_on else "with no end"
    return f"They hold this role already, from {in_words(row.starts_on)} {until}."
