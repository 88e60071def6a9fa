"""Merging health commissioners from a date: what ends, what begins, what is refused."""

import dataclasses
import datetime
import threading
import uuid

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection

from areas import contacts, merging
from areas.merging import Merger, MergerRefused, plan_merger, record_merger
from areas.models import AreaOrganisation, LocalArea, Organisation, Post, PostHolder
from areas.services import health_commissioners

pytestmark = pytest.mark.django_db

D = datetime.date
DAY = D(2027, 4, 1)
EVE = D(2027, 3, 31)
ADDRESS = "/areas/commissioners/merge/"


def board(name):
    return Organisation.objects.get(name=f"NHS {name} Integrated Care Board")


@pytest.fixture
def norfolk_board():
    return board("Norfolk and Waveney")


@pytest.fixture
def suffolk_board():
    return board("Suffolk and North East Essex")


@pytest.fixture
def boards(norfolk_board, suffolk_board):
    return [norfolk_board, suffolk_board]


@pytest.fixture
def keeper(client, stranger, monkeypatch):
    """A signed-in administrator."""
    may = [lambda user, on: user == stranger]
    monkeypatch.setattr(contacts, "_keepers_of_commissioners", may)
    monkeypatch.setattr(merging, "_effects", [])
    return stranger


def _merger(bodies, **changes):
    given = {"on": DAY, "bodies": tuple(sorted(one.pk for one in bodies)), "name": "NHS East"}
    return Merger(**{**given, **changes})


def _record(merger, by, areas=None):
    plan = plan_merger(merger)
    chosen = {one.area.pk for one in plan.passings} if areas is None else {a.pk for a in areas}
    return record_merger(merger, chosen, seen=plan.digest, by=by)


def _payload(bodies, **changes):
    day = changes.pop("on", DAY)
    return {
        "bodies": [str(one.pk) for one in bodies],
        "on-day": str(day.day),
        "on-month": str(day.month),
        "on-year": str(day.year),
        "into": "new",
        "name": "NHS East",
        "existing": "",
        **changes,
    }


def _names(code, day):
    area = LocalArea.objects.get(dfe_code=code)
    return [one.name for one in health_commissioners(area, day)]


def _everything():
    return (
        sorted(Organisation.objects.values_list("name", "starts_on", "ends_on"), key=str),
        sorted(AreaOrganisation.objects.values_list(
            "local_area__name", "organisation__name", "starts_on", "ends_on", "share"), key=str),
        sorted(PostHolder.objects.values_list("name", "starts_on", "ends_on"), key=str),
    )  # fmt: skip


# -- what happens ----------------------------------------------------------------------------------


def test_two_boards_become_one_from_a_day_and_both_stay_on_record(boards, keeper):
    _record(_merger(boards), keeper)
    assert _names("935", EVE) == sorted(one.name for one in boards)
    assert _names("935", DAY) == ["NHS East"]
    assert _names("926", DAY) == ["NHS East"]
    # Essex keeps the boards that did not merge.
    assert "NHS East" in _names("881", DAY)
    assert len(_names("881", DAY)) == len(_names("881", EVE)) == 3
    new = Organisation.objects.get(name="NHS East")
    assert new.starts_on == DAY
    assert {one.name for one in new.predecessors.all()} == {one.name for one in boards}
    for body in boards:
        body.refresh_from_db()
        assert body.ends_on == EVE
    suffolk = new.links.get(local_area__dfe_code="935")
    assert (suffolk.starts_on, suffolk.ends_on, suffolk.share) == (DAY, None, 100)  # 83% and 17%


def test_no_area_is_without_a_commissioner_on_any_day(boards, keeper):
    _record(_merger(boards), keeper)
    for area in LocalArea.objects.on(DAY):
        for day in (EVE, DAY):
            assert health_commissioners(area, day), (area, day)


def test_one_that_goes_on_takes_in_another(norfolk_board, suffolk_board, keeper):
    _record(_merger([norfolk_board], into=suffolk_board.pk, name=""), keeper)
    assert _names("926", DAY) == [suffolk_board.name]
    assert _names("935", DAY) == [suffolk_board.name]  # it served Suffolk already: one link
    assert suffolk_board.links.filter(local_area__dfe_code="935").count() == 1
    suffolk_board.refresh_from_db()
    assert suffolk_board.ends_on is None
    assert list(norfolk_board.successors.all()) == [suffolk_board]


def test_a_body_that_is_divided_goes_on_until_its_last_area(boards, keeper):
    frimley = board("Frimley")
    surrey = LocalArea.objects.get(dfe_code="936")
    _record(_merger([frimley], into=board("Surrey Heartlands").pk, name=""), keeper, [surrey])
    frimley.refresh_from_db()
    assert frimley.ends_on is None
    assert not frimley.successors.exists()
    assert _names("936", DAY) == ["NHS Surrey Heartlands Integrated Care Board"]
    assert frimley.name in _names("867", DAY)
    _record(_merger([frimley], name="NHS Thames"), keeper)
    frimley.refresh_from_db()
    assert frimley.ends_on == EVE
    assert _names("867", DAY) == ["NHS Thames"]


def test_who_holds_a_post_of_a_body_that_ends_holds_it_to_the_eve(boards, keeper):
    post = Post.objects.create(
        organisation=boards[0], kind="health_chief_executive", title="Chief executive"
    )
    for name, first, last in (
        ("Present", D(2024, 1, 1), None),
        ("Leaving before", None, D(2026, 12, 31)),
        ("Leaving after", None, D(2027, 12, 31)),
        ("Coming after", D(2027, 6, 1), None),
    ):
        PostHolder.objects.create(post=post, name=name, starts_on=first, ends_on=last)
    _record(_merger(boards), keeper)
    assert dict(PostHolder.objects.values_list("name", "ends_on")) == {
        "Present": EVE,
        "Leaving before": D(2026, 12, 31),
        "Leaving after": EVE,
        "Coming after": None,
    }


def test_the_history_of_bodies_and_areas_says_who_recorded_it(boards, keeper):
    _record(_merger(boards), keeper)
    told = dict(LogEntry.objects.values_list("object_repr", "change_message"))
    assert told["Norfolk"] == (
        "NHS East serves it from 1 April 2027 in place of "
        "NHS Norfolk and Waveney Integrated Care Board."
    )
    assert told[boards[0].name] == "Became NHS East on 1 April 2027."
    assert set(LogEntry.objects.values_list("user", flat=True)) == {keeper.pk}


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"name": "nhs somerset integrated care board"}, "name", "recorded already"),
        ({"on": D(2022, 7, 1)}, "bodies", "not before the merger"),
        ({"on": D(2019, 1, 1)}, "bodies", "not before the merger"),
        ({"into": uuid.UUID(int=0), "name": ""}, "existing", "of the list"),
        ({"bodies": (uuid.UUID(int=0),)}, "bodies", "of the list"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(boards, keeper, changes, field, words):
    merger = dataclasses.replace(_merger(boards), **changes)
    plan = plan_merger(merger)
    assert next((one.field, words in one.text) for one in plan.problems) == (field, True)
    before = _everything()
    with pytest.raises(MergerRefused):
        record_merger(merger, {one.area.pk for one in plan.passings}, seen=plan.digest, by=keeper)
    assert _everything() == before


def test_a_body_cannot_merge_into_itself_or_after_its_end(boards, keeper):
    plan = plan_merger(_merger(boards, into=boards[0].pk, name=""))
    assert "cannot merge into itself" in plan.problems[0].text
    Organisation.objects.filter(pk=boards[0].pk).update(ends_on=D(2026, 12, 31))
    plan = plan_merger(_merger(boards))
    assert "ended on 31 December 2026" in plan.problems[0].text
    plan = plan_merger(_merger([boards[1]], into=boards[0].pk, name=""))
    assert "ended on 31 December 2026" in plan.problems[0].text


def test_links_of_later_days_are_to_be_changed_first(boards, keeper):
    norfolk_board, suffolk_board = boards
    essex = LocalArea.objects.get(dfe_code="881")
    later = AreaOrganisation.objects.create(
        local_area=essex, organisation=norfolk_board, starts_on=D(2027, 9, 1)
    )
    plan = plan_merger(_merger(boards))
    assert "begins to serve Essex on 1 September 2027" in plan.problems[0].text
    later.local_area = LocalArea.objects.get(dfe_code="926")
    later.organisation = suffolk_board
    later.save()
    plan = plan_merger(_merger([norfolk_board], into=suffolk_board.pk, name=""))
    assert "serves Norfolk from 1 September 2027 only" in plan.problems[0].text


def test_a_merger_recorded_twice_is_refused_the_second_time(boards, keeper):
    merger = _merger(boards)
    plan = _record(merger, keeper)
    before = _everything()
    with pytest.raises(MergerRefused) as refusal:
        record_merger(merger, {one.area.pk for one in plan.passings}, seen=plan.digest, by=keeper)
    assert "recorded already" in refusal.value.plan.problems[0].text
    assert _everything() == before


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_record_one_merger(boards, keeper):
    merger = _merger(boards)
    plan = plan_merger(merger)
    areas = {one.area.pk for one in plan.passings}
    results = []

    def agree():
        try:
            record_merger(merger, areas, seen=plan.digest, by=keeper)
            results.append("recorded")
        except MergerRefused:
            results.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=agree) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["recorded", "refused"]
    assert Organisation.objects.filter(name="NHS East").count() == 1


# -- the pages -------------------------------------------------------------------------------------


def test_a_merger_is_shown_and_then_recorded(client, today, boards, keeper):
    before = _everything()
    response = client.post(ADDRESS, _payload(boards))
    page = response.content.decode()
    assert [row["area"].name for row in response.context["passings"]] == [
        "Essex",
        "Norfolk",
        "Suffolk",
    ]
    assert "NHS East" in page
    assert "In each the old links end on 31 March 2027." in page
    assert "keeps the bodies that it names" in page
    assert _everything() == before
    areas = [row["area"].pk for row in response.context["passings"]]
    given = {"carried": response.context["carried"], "areas": areas}
    response = client.post(ADDRESS, given, follow=True)
    assert "NHS East serves 3 areas from 1 April 2027." in response.content.decode()
    assert _names("926", DAY) == ["NHS East"]
    page = client.get(LocalArea.objects.get(dfe_code="926").get_absolute_url()).content.decode()
    assert "until 31 March 2027" in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"bodies": []}, "bodies"),
        ({"bodies": ["x"]}, "bodies"),
        ({"on-day": "31", "on-month": "2"}, "on"),
        ({"on-year": "1999"}, "on"),
        ({"into": ""}, "into"),
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\x07b"}, "name"),
        ({"into": "existing"}, "existing"),
        ({"name": "NHS Somerset Integrated Care Board"}, "name"),
    ],
)
def test_an_odd_answer_is_told_beside_its_field(client, today, boards, keeper, changes, field):
    response = client.post(ADDRESS, {**_payload(boards), **changes})
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert "There is a problem" in response.content.decode()
    assert not Organisation.objects.filter(name="NHS East").exists()


def test_areas_are_chosen_and_at_least_one(client, today, boards, keeper):
    shown = client.post(ADDRESS, _payload(boards)).context["carried"]
    for areas in ([], ["x"], [str(uuid.UUID(int=0))]):
        response = client.post(ADDRESS, {"carried": shown, "areas": areas})
        assert response.status_code == 200
        assert "There is a problem" in response.content.decode()
    assert not Organisation.objects.filter(name="NHS East").exists()


def test_what_changed_in_between_is_shown_first(client, today, boards, keeper, suffolk):
    shown = client.post(ADDRESS, _payload(boards)).context["carried"]
    suffolk.links.filter(organisation=boards[0]).update(ends_on=D(2027, 5, 1))
    response = client.post(ADDRESS, {"carried": shown, "areas": [suffolk.pk]})
    assert "Something changed since you looked" in response.content.decode()
    assert not Organisation.objects.filter(name="NHS East").exists()


@pytest.mark.parametrize("text", ["", "nonsense", "a:b:c"])
def test_what_was_not_given_out_is_refused(client, today, keeper, text):
    response = client.post(ADDRESS, {"carried": text}, follow=True)
    assert "That page is too old" in response.content.decode()


def test_only_those_who_keep_commissioners_may(client, today, boards, editor):
    assert client.get(ADDRESS).status_code == 403
    response = client.post(ADDRESS, _payload(boards))
    assert response.status_code == 403
    assert "recorded by administrators" in response.content.decode()
    assert "Merge health commissioners" not in client.get("/areas/").content.decode()
    client.logout()
    assert client.get(ADDRESS)["Location"].startswith("/sign-in/?next=")


def test_the_list_of_areas_leads_there(client, today, keeper):
    assert ADDRESS in client.get("/areas/").content.decode()


def test_it_costs_as_many_queries_for_twenty_boards_as_for_two(
    client, today, boards, keeper, django_assert_num_queries
):
    client.post(ADDRESS, _payload(boards))
    with django_assert_num_queries(7):
        client.post(ADDRESS, _payload(boards))
    many = list(Organisation.objects.filter(starts_on="2022-07-01")[:20])
    with django_assert_num_queries(7):
        client.post(ADDRESS, _payload(many))
