"""Who serves an area, who holds a post, what is term time."""

import datetime

import pytest

from areas.models import AreaOrganisation, LocalArea, Organisation, Post, PostHolder, Term
from areas.services import bodies, council, health_commissioners, holder, in_term, in_term_on

D = datetime.date
NOW = D(2026, 11, 23)

pytestmark = pytest.mark.django_db


@pytest.fixture
def area():
    return LocalArea.objects.get(dfe_code="935")  # Suffolk: two boards


@pytest.fixture
def dcs_post(area):
    return Post.objects.create(
        organisation=council(area, NOW), kind="dcs", title="Director of children's services"
    )


def test_bodies_are_the_council_then_each_commissioner(area, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = [one.name for one in bodies(area, NOW)]
    assert found == [
        "Suffolk County Council",
        "NHS Norfolk and Waveney Integrated Care Board",
        "NHS Suffolk and North East Essex Integrated Care Board",
    ]


def test_other_organisations_are_no_bodies(area):
    forum = Organisation.objects.create(kind="parent_carer_forum", name="Forum of parents")
    AreaOrganisation.objects.create(local_area=area, organisation=forum)
    assert forum not in bodies(area, NOW)
    assert forum not in health_commissioners(area, NOW)


def test_a_link_holds_from_its_first_to_its_last_day(area):
    board = Organisation.objects.create(kind="health_commissioner", name="A later board")
    AreaOrganisation.objects.create(
        local_area=area, organisation=board, starts_on=D(2027, 4, 1), ends_on=D(2027, 4, 30)
    )
    days = (D(2027, 3, 31), D(2027, 4, 1), D(2027, 4, 30), D(2027, 5, 1))
    assert [board in health_commissioners(area, day) for day in days] == [False, True, True, False]


def test_holder_on_the_day(dcs_post):
    first = PostHolder.objects.create(post=dcs_post, name="First", ends_on=D(2026, 3, 31))
    second = PostHolder.objects.create(post=dcs_post, name="Second", starts_on=D(2026, 5, 1))
    of = dcs_post.organisation
    assert holder(of, "dcs", D(2026, 3, 31)) == first
    assert holder(of, "dcs", D(2026, 4, 15)) is None
    assert holder(of, "dcs", D(2026, 5, 1)) == second
    assert holder(of, "chief_executive", D(2026, 5, 1)) is None


def test_the_latest_of_two_holders_counts(dcs_post):
    PostHolder.objects.create(post=dcs_post, name="Permanent")
    acting = PostHolder.objects.create(post=dcs_post, name="Acting", starts_on=D(2026, 11, 1))
    assert holder(dcs_post.organisation, "dcs", NOW) == acting


def test_an_officer_of_one_area_is_not_that_of_another_area_of_the_board(area):
    board = health_commissioners(area, NOW)[0]
    elsewhere = LocalArea.objects.get(dfe_code="926")
    for place in (area, elsewhere):
        post = Post.objects.create(
            organisation=board, local_area=place, kind="health_lano", title="Health lead"
        )
        PostHolder.objects.create(post=post, name=f"Lead for {place.name}")
    assert holder(board, "health_lano", NOW, local_area=area).name == "Lead for Suffolk"
    assert holder(board, "health_lano", NOW) is None


# Two academic years as they are entered: six stretches each.
YEAR = [
    (D(2026, 9, 1), D(2026, 10, 23)),
    (D(2026, 11, 2), D(2026, 12, 18)),
    (D(2027, 1, 4), D(2027, 2, 12)),
    (D(2027, 2, 22), D(2027, 3, 25)),
    (D(2027, 4, 12), D(2027, 5, 28)),
    (D(2027, 6, 7), D(2027, 7, 21)),
    (D(2027, 9, 2), D(2027, 10, 22)),
]


def _enter(area, stretches):
    Term.objects.bulk_create(
        Term(local_area=area, name="Term", starts_on=first, ends_on=last)
        for first, last in stretches
    )


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        (D(2026, 9, 1), True),
        (D(2026, 10, 23), True),
        (D(2026, 10, 24), False),  # half-term
        (D(2026, 12, 28), False),
        (D(2027, 4, 1), False),
        (D(2027, 8, 10), False),  # between two years that are both entered
        (D(2026, 8, 31), None),  # before the first
        (D(2027, 10, 25), None),  # after the last
    ],
)
def test_in_term(area, day, answer):
    _enter(area, YEAR)
    assert in_term(area, day) is answer


def test_without_terms_nothing_is_known(area):
    assert in_term(area, D(2026, 11, 23)) is None


def test_terms_of_another_area_say_nothing(area):
    _enter(LocalArea.objects.get(dfe_code="926"), YEAR)
    assert in_term(area, D(2026, 11, 23)) is None


@pytest.mark.parametrize("missing", [1, 2, 3, 4])
def test_a_stretch_that_was_not_entered_is_no_holiday(area, missing):
    _enter(area, YEAR[:missing] + YEAR[missing + 1 :])
    first, last = YEAR[missing]
    assert in_term(area, first + (last - first) / 2) is None


def test_many_days_cost_one_query(area, django_assert_num_queries):
    _enter(area, YEAR)
    days = [D(2026, 11, 2) + datetime.timedelta(days=n) for n in range(5)]
    with django_assert_num_queries(1):
        assert in_term_on(area, days) == dict.fromkeys(days, True)
