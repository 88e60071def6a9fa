"""The invented people of a demonstration: who they are and what they hold. Nobody is real."""

import datetime
from dataclasses import dataclass

from accounts import roles
from accounts.models import Membership, Scope, User
from areas.models import LocalArea, Organisation, Region

#: The area that is free for a visitor's own inspection, with its people: it has two health
#: commissioners.
AREA = "Surrey"
#: Areas that are in the midst of one: one was just called, one has a draft to comment on. Their
#: people stand before others of their role.
CALLED = "Calderdale"
WITH_DRAFT = "Plymouth"
#: The area whose re-visit and statement have their own people, and the one with an improvement
#: board.
REVISITED = "Hampshire"
WITH_BOARD = "Milton Keynes"
REGION = "south-east"
#: Roles are held from well before the first case of the demonstration.
SINCE = datetime.date(2016, 5, 1)


@dataclass(frozen=True)
class Person:
    """One invented person. `place` is 'England', 'region' or 'area'."""

    name: str
    email: str
    role: str
    organisation: str
    place: str = "England"
    administers: bool = False
    area: str = AREA


def forum_of(area: str) -> str:
    """The name of an area's parent carer forum."""
    return f"{area} Parent Carer Forum"


FORUM = forum_of(AREA)
PEOPLE = (
    Person("Priya Raman", "priya.raman@ofsted.example", roles.SUPPORT_OFFICER, "Ofsted"),
    Person(
        "Gethin Llywelyn",
        "gethin.llywelyn@cqc.example",
        roles.SUPPORT_OFFICER,
        "Care Quality Commission",
    ),
    Person("Margaret Ashdown", "margaret.ashdown@ofsted.example", roles.HMI, "Ofsted"),
    Person("Siân Ó Briain", "sian.obriain@ofsted.example", roles.HMI, "Ofsted"),
    Person("Kwabena Osei-Tutu", "kwabena.osei-tutu@ofsted.example", roles.HMI, "Ofsted"),
    Person(
        "Łukasz Żółkiewski", "lukasz.zolkiewski@ofsted.example", roles.OFSTED_INSPECTOR, "Ofsted"
    ),
    Person(
        "Harriet Pemberley", "harriet.pemberley@ofsted.example", roles.OFSTED_INSPECTOR, "Ofsted"
    ),
    Person("Devon Marchetti", "devon.marchetti@ofsted.example", roles.OFSTED_INSPECTOR, "Ofsted"),
    Person(
        "Aoife Brennan", "aoife.brennan@cqc.example", roles.CQC_INSPECTOR, "Care Quality Commission"
    ),
    Person(
        "Tomasz Nowicki",
        "tomasz.nowicki@cqc.example",
        roles.CQC_INSPECTOR,
        "Care Quality Commission",
    ),
    Person(
        "Zainab El-Amin",
        "zainab.el-amin@cqc.example",
        roles.CQC_INSPECTOR,
        "Care Quality Commission",
    ),
    Person("Ruth Calloway", "ruth.calloway@ofsted.example", roles.SENIOR_HMI, "Ofsted"),
    Person(
        "Benedict Achterberg",
        "benedict.achterberg@cqc.example",
        roles.CQC_QUALITY_ASSURER,
        "Care Quality Commission",
    ),
    Person(
        "Helena Fairbrother",
        "helena.fairbrother@ofsted.example",
        roles.REGIONAL_DIRECTOR,
        "Ofsted",
        "region",
    ),
    Person("Sir Edmund Thackeray", "edmund.thackeray@ofsted.example", roles.HMCI, "Ofsted"),
    Person("Nadia Whitlock", "nadia.whitlock@ofsted.example", roles.PUBLICATIONS, "Ofsted"),
    Person(
        "Rosalba Etherington",
        "rosalba.etherington@council.example",
        roles.DCS,
        "Calderdale Council",
        "area",
        area=CALLED,
    ),
    Person(
        "Idris Pemberton-Shah",
        "idris.pemberton-shah@council.example",
        roles.LANO,
        "Calderdale Council",
        "area",
        area=CALLED,
    ),
    Person(
        "Mairead Tolliver",
        "mairead.tolliver@icb.example",
        roles.HEALTH_CHIEF_EXECUTIVE,
        "NHS Devon Integrated Care Board",
        "area",
        area=WITH_DRAFT,
    ),
    Person(
        "Dr Imogen Hartwell",
        "imogen.hartwell@council.example",
        roles.DCS,
        "Surrey County Council",
        "area",
    ),
    Person(
        "Callum Drysdale",
        "callum.drysdale@council.example",
        roles.LANO,
        "Surrey County Council",
        "area",
    ),
    Person(
        "Yusuf Rahmani",
        "yusuf.rahmani@icb.example",
        roles.HEALTH_CHIEF_EXECUTIVE,
        "NHS Surrey Heartlands Integrated Care Board",
        "area",
    ),
    Person(
        "Oliver Stanhope",
        "oliver.stanhope@dfe.example",
        roles.ADVISER,
        "Department for Education",
        "area",
    ),
    Person("Grace Okonjo", "grace.okonjo@nhs.example", roles.ADVISER, "NHS England", "area"),
    Person("Rhiannon Sandford", "rhiannon.sandford@ofsted.example", roles.HMI, "Ofsted"),
    Person("Joseph Adeyemi", "joseph.adeyemi@ofsted.example", roles.OFSTED_INSPECTOR, "Ofsted"),
    Person(
        "Matteo Ferrante",
        "matteo.ferrante@cqc.example",
        roles.CQC_INSPECTOR,
        "Care Quality Commission",
    ),
    Person("Edith Falconbridge", "edith.falconbridge@ofsted.example", roles.HMI, "Ofsted"),
    Person(
        "Nikhil Deshmukh",
        "nikhil.deshmukh@cqc.example",
        roles.CQC_INSPECTOR,
        "Care Quality Commission",
    ),
    Person(
        "Tamsin Orchard",
        "tamsin.orchard@council.example",
        roles.SEND_LEAD,
        "Hampshire County Council",
        "area",
        area=REVISITED,
    ),
    Person(
        "Vikram Sethi",
        "vikram.sethi@icb.example",
        roles.HEALTH_LANO,
        "NHS Hampshire and Isle of Wight Integrated Care Board",
        "area",
        area=REVISITED,
    ),
    Person(
        "Leonora Whitcombe",
        "leonora.whitcombe@council.example",
        roles.CHIEF_EXECUTIVE,
        "Hampshire County Council",
        "area",
        area=REVISITED,
    ),
    Person(
        "Marguerite Ellery",
        "marguerite.ellery@forum.example",
        roles.PARENT_CARER_FORUM,
        forum_of(REVISITED),
        "area",
        area=REVISITED,
    ),
    Person(
        "Bronwen Teague", "bronwen.teague@forum.example", roles.PARENT_CARER_FORUM, FORUM, "area"
    ),
    Person(
        "Clementine Garside",
        "clementine.garside@dfe.example",
        roles.OFFICIAL,
        "Department for Education",
        "region",
    ),
    Person("Jerome Bassett", "jerome.bassett@nhs.example", roles.OFFICIAL, "NHS England", "region"),
    Person(
        "Anselm Fairweather",
        "anselm.fairweather@dfe.example",
        roles.MINISTER,
        "Department for Education",
    ),
    Person(
        "Priscilla Ngata",
        "priscilla.ngata@dhsc.example",
        roles.DHSC,
        "Department of Health and Social Care",
    ),
    Person(
        "Dame Rosamund Keeling",
        "rosamund.keeling@board.example",
        roles.CHAIR,
        "Milton Keynes City Council",
        "area",
        area=WITH_BOARD,
    ),
    Person(
        "Wilfred Ames",
        "wilfred.ames@ofsted.example",
        roles.ADMINISTRATOR,
        "Ofsted",
        administers=True,
    ),
)


def make_people() -> None:
    """Write the people and their memberships; those who are there already stay as they are."""
    areas = {row.name: row for row in LocalArea.objects.filter(name__in={p.area for p in PEOPLE})}
    region = Region.objects.get(code=REGION)
    organisations = {row.name: row for row in Organisation.objects.all()}
    for one in PEOPLE:
        user = User.objects.filter(email=one.email).first() or User.objects.create_user(
            one.email, name=one.name, is_staff=one.administers, is_superuser=one.administers
        )
        scope = {"England": Scope.NATIONAL, "region": Scope.REGION, "area": Scope.AREA}[one.place]
        Membership.objects.get_or_create(
            person=user,
            role=one.role,
            organisation=organisations[one.organisation],
            scope=scope,
            local_area=areas[one.area] if scope is Scope.AREA else None,
            region=region if scope is Scope.REGION else None,
            starts_on=SINCE,
            defaults={"reason": "Demonstration"},
        )
