"""The list of areas and an area's page: what is public, and what is not."""

import datetime
import re

import pytest
from django.conf import settings
from django.template import engines

from areas import contacts
from areas.models import AreaOrganisation, LocalArea, Organisation, Post, PostHolder, Term

pytestmark = pytest.mark.django_db

D = datetime.date


def _text(client, address, **query):
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


def _names(response_text: str) -> list[str]:
    return re.findall(
        r'<a class="govuk-link" href="/areas/[0-9a-f-]{36}/">([^<]+)</a>', response_text
    )


# -- the list --------------------------------------------------------------------------------------


def test_the_list_is_public_and_shows_the_153_areas_of_today(client, today):
    page = _text(client, "/areas/")
    assert len(_names(page)) == 153
    assert "153 areas" in page
    assert "Cumbria<" not in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "wight"}, ["Isle of Wight"]),
        ({"q": "  ISLE OF w "}, ["Isle of Wight"]),
        ({"q": "921"}, ["Isle of Wight"]),
        ({"q": "bristol, city"}, ["Bristol"]),  # as another register has it
        ({"q": "e06000046"}, ["Isle of Wight"]),
        ({"q": "E08000019"}, ["Sheffield"]),  # a code of the past
        ({"q": "dorset", "region": "south-west"}, ["Dorset"]),
        ({"q": "dorset", "region": "london"}, []),
        ({"q": "cumbria", "gone": "on"}, ["Cumbria"]),
        ({"q": "%"}, []),
        ({"q": "_"}, []),
        ({"q": "' OR 1=1 --"}, []),
        ({"q": "=1+1"}, []),
        ({"q": "<script>alert(1)</script>"}, []),
        ({"q": "長野"}, []),
    ],
)
def test_the_list_narrows(client, today, query, names):
    page = _text(client, "/areas/", **query)
    assert _names(page) == names
    assert "<script>alert(1)" not in page


def test_an_area_that_has_gone_is_pointed_at_where_nothing_of_today_matches(client, today):
    page = _text(client, "/areas/", q="cumbria")
    assert "0 areas match" in page
    assert "1 area that no longer exists matches" in page
    assert _names(page) == ["Cumbria"]
    assert "no longer exists" not in _text(client, "/areas/", q="cumbria", region="london")


@pytest.mark.parametrize(
    ("query", "field"),
    [({"region": "atlantis"}, "region"), ({"q": "x" * 101}, "q"), ({"q": "a\x07b"}, "q")],
)
def test_an_odd_question_is_answered_beside_its_field(client, today, query, field):
    response = client.get("/areas/", query)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert "There is a problem" in response.content.decode()


def test_the_list_costs_the_same_however_long_it_is(client, today, django_assert_num_queries):
    with django_assert_num_queries(3):
        client.get("/areas/", {"q": "isle of"})
    with django_assert_num_queries(3):
        client.get("/areas/", {"gone": "on"})


# -- one area --------------------------------------------------------------------------------------


def test_an_area_shows_who_serves_it_and_its_terms(client, today, suffolk, term):
    page = _text(client, suffolk.get_absolute_url())
    for text in (
        "Suffolk County Council",
        "NHS Norfolk and Waveney Integrated Care Board",
        "E10000029",
        "Fri 18 Dec 2026",
        "Today falls within a school term.",
    ):
        assert text in page
    assert "NHS West Suffolk CCG" in page  # of other times


@pytest.mark.parametrize("who", [None, "stranger"])
def test_names_and_addresses_of_people_are_not_public(client, request, today, suffolk, holder, who):
    if who:
        request.getfixturevalue(who)
    organisation = holder.post.organisation
    organisation.email, organisation.address = "post@council.example", "12 Secret Street"
    organisation.save()
    page = _text(client, suffolk.get_absolute_url())
    assert "director" in page
    for private in ("Woźniak", "zofia@", "7946", "post@council.example", "Secret Street"):
        assert private not in page


def test_those_who_may_read_see_names_but_no_way_to_change_them(
    client, today, suffolk, holder, stranger, grants
):
    grants[stranger.pk] = contacts.Contacts(reads_all=True)
    page = _text(client, suffolk.get_absolute_url())
    assert "Zofia Woźniak" in page
    assert "since 8 January 2024" in page
    assert "Change" not in page
    assert "Add a" not in page


def test_an_officer_sees_the_own_organisation_only(client, today, suffolk, holder, board, officer):
    chief = Post.objects.create(
        organisation=board, kind="health_chief_executive", title="Chief executive"
    )
    PostHolder.objects.create(post=chief, name="Board Person")
    page = _text(client, suffolk.get_absolute_url())
    assert "Zofia Woźniak" in page
    assert "Board Person" not in page
    assert f"/areas/{suffolk.pk}/holders/{holder.pk}/" in page
    assert f"/posts/{chief.pk}/holders/new/" not in page
    assert "Add a school term" not in page


def test_people_of_another_area_of_the_same_board_do_not_show(
    client, today, suffolk, board, editor
):
    norfolk = LocalArea.objects.get(dfe_code="926")
    for area in (suffolk, norfolk):
        post = Post.objects.create(
            organisation=board, local_area=area, kind="health_lano", title="Health lead"
        )
        PostHolder.objects.create(post=post, name=f"Lead of {area.name}")
    page = _text(client, suffolk.get_absolute_url())
    assert "Lead of Suffolk" in page
    assert "Lead of Norfolk" not in page


def test_holders_of_the_past_and_of_the_future_are_told_apart(client, today, suffolk, post, editor):
    PostHolder.objects.create(post=post, name="Past Person", ends_on=D(2026, 11, 22))
    PostHolder.objects.create(
        post=post, name="Present Person", starts_on=D(2026, 11, 23), ends_on=D(2026, 11, 23)
    )
    PostHolder.objects.create(post=post, name="Future Person", starts_on=D(2026, 11, 24))
    page = _text(client, suffolk.get_absolute_url())
    assert page.index("Present Person") < page.index("Future Person") < page.index("Past Person")
    assert "<bdi>Future Person</bdi>, from 24 November 2026" in page


def test_names_are_shown_as_text_in_any_script(client, today, suffolk, post, editor):
    for name in ("<b>Bold</b>", "=HYPERLINK(1)", "李秀英", "محمد العربي", "Siân Llŷn"):
        PostHolder.objects.create(post=post, name=name)
    page = _text(client, suffolk.get_absolute_url())
    for shown in (
        "&lt;b&gt;Bold&lt;/b&gt;",
        "=HYPERLINK(1)",
        "李秀英",
        "<bdi>محمد العربي</bdi>",
        "Llŷn",
    ):
        assert shown in page
    assert "<b>Bold" not in page


def test_codes_that_changed_say_when_and_what_the_authority_was(client, today):
    page = _text(client, LocalArea.objects.get(dfe_code="825").get_absolute_url())
    plain = re.sub(r"<[^>]+>", "", page)
    assert "E10000002 until 31 March 2020 (county council)" in plain
    assert "E06000060 from 1 April 2020 (unitary authority)" in plain
    assert "Unitary authority" in plain


def test_the_register_s_other_facts_show(client, today):
    page = _text(client, LocalArea.objects.get(dfe_code="810").get_absolute_url())
    hull = LocalArea.objects.get(dfe_code="810")
    assert hull.ofsted_urn
    for text in (hull.ofsted_urn, "Kingston Upon Hull, City of; Hull", "Humber in statistics"):
        assert text in page


def test_commissioners_show_in_the_order_of_whom_they_serve_and_what_they_became(client, today):
    page = _text(client, LocalArea.objects.get(dfe_code="330").get_absolute_url())
    assert "NHS Birmingham and Solihull Integrated Care Board" in page
    assert "From 1 April 2018 until 30 June 2022 (86% of its people)" in page
    assert "NHS Birmingham CrossCity CCG" in page  # until 2018
    assert "Until 31 March 2018" in page
    suffolk = _text(client, LocalArea.objects.get(dfe_code="935").get_absolute_url())
    boards = ["NHS Suffolk and North East Essex Integrated", "NHS Norfolk and Waveney Integrated"]
    assert suffolk.index(boards[0]) < suffolk.index(boards[1])
    assert "Serves 83% of the area’s people" in suffolk


@pytest.mark.parametrize("who", [None, "stranger", "officer", "editor"])
def test_who_held_posts_at_other_times_shows_to_those_alone_who_may_read_it(
    client, request, today, suffolk, who
):
    group = Organisation.objects.get(name="NHS West Suffolk CCG")
    post = Post.objects.create(organisation=group, kind="health_chief_executive", title="Chief")
    PostHolder.objects.create(post=post, name="Past Chief", ends_on=D(2022, 6, 30))
    PostHolder.objects.create(post=post, name="Undated Chief")
    board = Organisation.objects.get(name="NHS Greater Manchester Integrated Care Board")
    AreaOrganisation.objects.create(local_area=suffolk, organisation=board, ends_on=D(2023, 3, 31))
    later = Post.objects.create(organisation=board, kind="health_lano", title="Lead")
    PostHolder.objects.create(post=later, name="Later Lead", starts_on=D(2025, 1, 1))
    PostHolder.objects.create(post=later, name="Undated Lead")
    if who:
        request.getfixturevalue(who)
    page = _text(client, suffolk.get_absolute_url())
    assert "NHS West Suffolk CCG" in page
    for name in ("Past Chief", "Undated Chief"):
        assert (name in page) == (who == "editor")
    for name in ("Later Lead", "Undated Lead"):  # they held it when it served elsewhere only
        assert name not in page


def test_an_area_that_has_gone_leads_to_what_it_became(client, today):
    cumbria = LocalArea.objects.get(dfe_code="909")
    page = _text(client, cumbria.get_absolute_url())
    assert "This area ended on 31 March 2023" in page
    for code in ("942", "943"):
        assert LocalArea.objects.get(dfe_code=code).get_absolute_url() in page
    successor = LocalArea.objects.get(dfe_code="942")
    assert cumbria.get_absolute_url() in _text(client, successor.get_absolute_url())


def test_an_unknown_area_is_not_found(client):
    assert client.get("/areas/00000000-0000-0000-0000-000000000000/").status_code == 404
    assert client.get("/areas/nothing/").status_code == 404


def test_terms_that_are_not_known_are_said_not_to_be(client, today, suffolk):
    page = _text(client, suffolk.get_absolute_url())
    assert "Whether today falls within a school term is not known." in page
    Term.objects.create(
        local_area=suffolk, name="Spring", starts_on=D(2027, 1, 4), ends_on=D(2027, 2, 12)
    )
    assert "2026 to 2027" in _text(client, suffolk.get_absolute_url())


def test_rooms_above_add_panels_and_may_leave_them_out(
    client, today, suffolk, monkeypatch, tmp_path
):
    (tmp_path / "panel_of_a_test.html").write_text("<p>Panel of {{ area.name }}: {{ text }}</p>")
    monkeypatch.setattr(
        engines["django"].engine, "dirs", [*settings.TEMPLATES[0]["DIRS"], tmp_path]
    )
    monkeypatch.setattr(contacts, "_panels", [])
    name = "panel_of_a_test.html"
    contacts.register_panel(name, lambda request, area: {"text": "<i>cases</i>"})
    contacts.register_panel(name, lambda request, area: None)
    page = _text(client, suffolk.get_absolute_url())
    assert page.count("Panel of Suffolk") == 1
    assert "&lt;i&gt;cases&lt;/i&gt;" in page


def test_the_page_costs_the_same_however_much_it_shows(
    client, today, suffolk, board, holder, editor, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(contacts, "_panels", [])
    client.get(suffolk.get_absolute_url())  # the first of a day looks up the role for the header
    with django_assert_num_queries(11):
        client.get(suffolk.get_absolute_url())
    for number in range(20):
        body = Organisation.objects.create(kind="iass", name=f"Service {number}")
        AreaOrganisation.objects.create(local_area=suffolk, organisation=body)
        post = Post.objects.create(organisation=body, kind="service_manager", title="Manager")
        PostHolder.objects.create(post=post, name="Somebody")
        day = D(2020, 1, 1) + datetime.timedelta(days=30 * number)
        Term.objects.create(local_area=suffolk, name="Term", starts_on=day, ends_on=day)
    with django_assert_num_queries(11):
        client.get(suffolk.get_absolute_url())
