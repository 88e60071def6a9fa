"""A local area with its bodies, and the people of an inspection, on 1 April 2026."""

import datetime
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine

from accounts import roles
from accounts.models import Membership, User
from areas.models import (
    AreaOrganisation,
    LocalArea,
    Organisation,
    OrganisationKind,
    Post,
    PostHolder,
    PostKind,
    Region,
    Term,
)
from casework.models import Case
from config import clock
from inspections import services
from inspections.scheduling import Choice

NOW = datetime.datetime(2026, 4, 1, 9, 0, tzinfo=clock.LONDON)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def london(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=clock.LONDON)


def make_area(name: str, code: str, region: Region) -> LocalArea:
    """An area with its council, which has a director and a nominated officer."""
    area = LocalArea.objects.create(
        name=name, dfe_code=code, region=region, authority_type="county"
    )
    council = Organisation.objects.create(
        kind=OrganisationKind.COUNCIL, name=f"{name} Council", address="County Hall\nTown"
    )
    AreaOrganisation.objects.create(local_area=area, organisation=council)
    hold(council, PostKind.DCS, f"Dana of {name}")
    hold(council, PostKind.LANO, f"Lana of {name}", "lana@westmarch.example")
    return area


def add_health(area: LocalArea, name: str) -> Organisation:
    """A health commissioner of the area with its chief executive."""
    body = Organisation.objects.create(
        kind=OrganisationKind.HEALTH_COMMISSIONER, name=name, address="NHS House\nTown"
    )
    AreaOrganisation.objects.create(local_area=area, organisation=body)
    hold(body, PostKind.HEALTH_CHIEF_EXECUTIVE, f"Chief of {name}")
    return body


def hold(body: Organisation, kind: str, name: str, email: str = "") -> PostHolder:
    post = Post.objects.create(organisation=body, kind=kind, title=str(PostKind(kind).label))
    return PostHolder.objects.create(
        post=post, name=name, email=email or "post@body.example", phone="01234 567890"
    )


def make_person(name: str, *held: str, area: LocalArea | None = None) -> User:
    """Somebody with these standing roles, for England or for one area."""
    user = User.objects.create_user(f"{name.split()[0].lower()}@test.example", name=name)
    for role in held:
        Membership.objects.create(
            person=user,
            role=role,
            scope="area" if area else "national",
            local_area=area,
            starts_on=day("2020-01-01"),
        )
    return user


@dataclass
class World:
    """Everybody and everything that most tests of this room need."""

    area: LocalArea
    other_area: LocalArea
    north: Organisation
    south: Organisation
    officer: User
    lead: User
    ofsted: User
    cqc: User
    second_lead: User
    second_ofsted: User
    second_cqc: User
    director: User
    dcs: User
    stranger: User

    def choice(self, first_day: str = "2026-06-08", **given: Any) -> Choice:
        """An ordinary choice of dates and team."""
        values: dict[str, Any] = {
            "first_day": day(first_day),
            "lead_hmi": self.lead.pk,
            "ofsted_inspector": self.ofsted.pk,
            "cqc_inspector": self.cqc.pk,
            **given,
        }
        return Choice(**values)

    def other_team(self, **given: Any) -> dict[str, Any]:
        """The second team, for `choice`."""
        return {
            "lead_hmi": self.second_lead.pk,
            "ofsted_inspector": self.second_ofsted.pk,
            "cqc_inspector": self.second_cqc.pk,
            **given,
        }

    def planned(self, area: LocalArea | None = None) -> Case:
        """A planned inspection."""
        return services.plan_inspection(
            area or self.area, day("2026-06-01"), day("2026-07-17"), by=self.officer
        )

    def scheduled(self, first_day: str = "2026-06-08", **given: Any) -> Case:
        """A scheduled inspection."""
        case = self.planned()
        services.schedule(case, self.choice(first_day, **given), by=self.officer)
        case.refresh_from_db()
        return case

    def notified(self, clock_at: Any = None) -> Case:
        """A notified inspection; the clock is moved to the call, Monday 1 June 2026, 09:20."""
        case = self.scheduled()
        if clock_at is not None:
            clock_at.move_to(london("2026-06-01T09:20"))
        services.notify(
            case.pk,
            taken_by=services.TakenBy.NAMED,
            name="Dana of Westmarch",
            at=london("2026-06-01T09:10"),
            by=self.lead,
        )
        case.refresh_from_db()
        return case


def build_world() -> World:
    region = Region.objects.order_by("pk").first() or Region.objects.create(
        code="test-region", name="Test region"
    )
    area = make_area("Westmarch", "T01", region)
    other = make_area("Eastmarch", "T02", region)
    add_health(other, "NHS Eastmarch")
    for start, end in (("2026-01-05", "2026-03-27"), ("2026-04-13", "2026-05-22")):
        Term.objects.create(local_area=area, name="Term", starts_on=start, ends_on=end)
    Term.objects.create(
        local_area=area, name="Summer term", starts_on="2026-06-01", ends_on="2026-07-17"
    )
    return World(
        area=area,
        other_area=other,
        north=add_health(area, "NHS North Westmarch"),
        south=add_health(area, "NHS South Westmarch"),
        officer=make_person("Sam Officer", roles.SUPPORT_OFFICER),
        lead=make_person("Ada Osei", roles.HMI),
        ofsted=make_person("Bilal Khan", roles.OFSTED_INSPECTOR),
        cqc=make_person("Cerys Hughes", roles.CQC_INSPECTOR),
        second_lead=make_person("Dewi Rees", roles.HMI),
        second_ofsted=make_person("Efua Mensah", roles.OFSTED_INSPECTOR),
        second_cqc=make_person("Farah Aziz", roles.CQC_INSPECTOR),
        director=make_person("Gwen Director", roles.REGIONAL_DIRECTOR),
        dcs=make_person("Dana Director", roles.DCS, area=area),
        stranger=make_person("Otto Other", roles.DCS, area=other),
    )


@pytest.fixture
def at():
    """The clock, stopped on 1 April 2026 at 09:00; `at.move_to(...)` moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def world(db, at) -> World:
    return build_world()
