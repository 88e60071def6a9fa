"""Posts with invented holders, forums and school terms for the real areas of a demonstration."""

import datetime
from collections.abc import Iterator
from itertools import count

from dateutil.easter import easter

from areas.models import (
    AreaOrganisation,
    LocalArea,
    Organisation,
    OrganisationKind,
    Post,
    PostHolder,
    PostKind,
    Term,
)
from overview.demonstration.people import AREA, PEOPLE, REVISITED, forum_of

FIRST = (
    "Alison", "Bartholomew", "Catrin", "Dilip", "Eleanor", "Fergus", "Gwendolen", "Hamish",
    "Ingrid", "Jocelyn", "Katarzyna", "Lorcan", "Miriam", "Nathaniel", "Oonagh", "Percival",
    "Quentin", "Rosalind", "Sunniva", "Theodora", "Ulrich", "Verity", "Winston",
)  # fmt: skip
LAST = (
    "Abernathy", "Blenkinsop", "Cholmondeley", "Dunwoody", "Entwistle", "Featherstone", "Grimshaw",
    "Hathersage", "Inglethorpe", "Jessop", "Kettlewell", "Lovibond", "Murgatroyd", "Netherby",
    "Ollerenshaw", "Postlethwaite", "Quillfeather", "Ravensworth", "Satterthwaite",
    "Thistlethwaite", "Umfreville", "Vavasour", "Wolstenholme", "Yardarm", "Zouche", "Askwith",
    "Bickerstaffe",
)  # fmt: skip
#: Their terms are left out, so that 'terms not known' can be seen.
WITHOUT_TERMS = frozenset({"Isles of Scilly", "Rutland", "City of London"})
TITLES = {
    OrganisationKind.COUNCIL: (PostKind.DCS, PostKind.CHIEF_EXECUTIVE, PostKind.LANO),
    OrganisationKind.HEALTH_COMMISSIONER: (PostKind.HEALTH_CHIEF_EXECUTIVE,),
}


def _names() -> Iterator[str]:
    """Invented names, the same in the same order each time; 621 before one comes again."""
    for number in count():
        yield f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]}"


def make_forum(area: LocalArea) -> None:
    """The parent carer forum of an area whose people can be become."""
    forum, _ = Organisation.objects.get_or_create(
        kind=OrganisationKind.PARENT_CARER_FORUM, name=forum_of(area.name)
    )
    AreaOrganisation.objects.get_or_create(local_area=area, organisation=forum, starts_on=None)


def make_posts(today: datetime.date) -> None:
    """A post of each needed kind in every council and commissioner of today, each with a holder."""
    if Post.objects.exists():
        return
    names = _names()
    listed = {
        (one.organisation, kind): one
        for one in PEOPLE
        if one.place == "area"
        for kind in (one.role,)
    }
    organisations = list(
        Organisation.objects.on(today).filter(kind__in=list(TITLES)).order_by("name")
    )
    for organisation in organisations:
        organisation.address = "1 Example Street\nExampleton\nZZ1 1ZZ"
    Organisation.objects.bulk_update(organisations, ["address"])
    posts, holders = [], []
    for organisation in organisations:
        for kind in TITLES[OrganisationKind(organisation.kind)]:
            post = Post(organisation=organisation, kind=kind, title=PostKind(kind).label)
            posts.append(post)
            person = listed.get((organisation.name, str(kind)))
            name = person.name if person else next(names)
            address = person.email if person else f"{name.lower().replace(' ', '.')}@area.example"
            holders.append(PostHolder(post=post, name=name, email=address, phone="020 7946 0000"))
    Post.objects.bulk_create(posts)
    PostHolder.objects.bulk_create(holders)


def _monday(day: datetime.date) -> datetime.date:
    return day - datetime.timedelta(days=day.weekday())


def school_year(year: int) -> list[tuple[str, datetime.date, datetime.date]]:
    """The six half terms of the school year that begins in September of `year`, typical of many
    areas: autumn half-term in the last week of October, two weeks off at Christmas and Easter."""
    week = datetime.timedelta(days=7)
    day = datetime.timedelta(days=1)
    friday = 4 * day
    october = _monday(datetime.date(year, 10, 28))
    january = _monday(datetime.date(year + 1, 1, 7))
    february = _monday(datetime.date(year + 1, 2, 17))
    sunday = easter(year + 1)
    good_friday = sunday - datetime.timedelta(days=2)
    easter_week = _monday(good_friday)
    whit = _monday(datetime.date(year + 1, 5, 31))
    july = _monday(datetime.date(year + 1, 7, 22)) + 2 * day
    september = _monday(datetime.date(year, 9, 4)) + 2 * day  # the Monday can be a bank holiday
    return [
        ("Autumn, first half", september, october - week + friday),
        ("Autumn, second half", october + week, _monday(datetime.date(year, 12, 20)) + friday),
        ("Spring, first half", january, february - week + friday),
        ("Spring, second half", february + week, easter_week - week + friday),
        ("Summer, first half", easter_week + 2 * week, whit - week + friday),
        ("Summer, second half", whit + week, july),
    ]


def make_terms(today: datetime.date) -> None:
    """Terms of the school years around today for nearly every area of today."""
    if Term.objects.exists():
        return
    this_year = today.year if today.month >= 8 else today.year - 1
    Term.objects.bulk_create(
        Term(local_area=area, name=name, starts_on=first, ends_on=last)
        for area in LocalArea.objects.on(today).exclude(name__in=WITHOUT_TERMS)
        for year in range(this_year - 1, this_year + 3)
        for name, first, last in school_year(year)
    )


def make_places(today: datetime.date) -> None:
    """Everything above, once."""
    for name in (AREA, REVISITED):
        make_forum(LocalArea.objects.get(name=name))
    make_posts(today)
    make_terms(today)
