"""Areas, organisations, posts and terms in Django admin: fully kept there, and never against the
rules of the areas' own pages."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.forms import model_to_dict
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from areas.models import (
    AreaOrganisation,
    LocalArea,
    Organisation,
    Post,
    PostHolder,
    Term,
)
from areas.services import council

pytestmark = pytest.mark.django_db

D = datetime.date


@pytest.fixture
def page(client):
    """Django admin as the administrator sees it."""
    client.force_login(User.objects.create_superuser("ada@test.example", "x", name="Ada Lark"))
    return client


@pytest.fixture
def suffolk():
    return LocalArea.objects.get(dfe_code="935")


@pytest.fixture
def post(suffolk):
    body = council(suffolk, D(2026, 11, 23))
    return Post.objects.create(organisation=body, kind="dcs", title="Director")


def _formset(prefix, rows):
    """What a table of rows posts: those that are there, then new ones as dicts."""
    given = {}
    existing = [row for row in rows if not isinstance(row, dict)]
    for number, row in enumerate([*existing, *(row for row in rows if isinstance(row, dict))]):
        values = row if isinstance(row, dict) else {**model_to_dict(row), "id": row.pk}
        for key, value in values.items():
            text = value.isoformat() if isinstance(value, datetime.date) else value
            given[f"{prefix}-{number}-{key}"] = "" if text is None else text
    given[f"{prefix}-TOTAL_FORMS"] = len(rows)
    given[f"{prefix}-INITIAL_FORMS"] = len(existing)
    return given


def _area(area, *, codes=(), terms=(), links=None, **changes):
    rows = {
        "gss_codes": [*area.gss_codes.all(), *codes],
        "links": list(area.links.all()) if links is None else links,
        "terms": [*area.terms.all(), *terms],
    }
    given = {**model_to_dict(area), "successors": [one.pk for one in area.successors.all()]}
    given |= changes
    given = {key: "" if value is None else value for key, value in given.items()}
    for prefix, found in rows.items():
        given |= _formset(prefix, found)
    return given


def _address(row):
    meta = row._meta
    return f"/admin/{meta.app_label}/{meta.model_name}/{row.pk}/change/"


def _refused(response, words):
    assert response.status_code == 200, response.status_code
    text = response.content.decode()
    assert words in text, text[text.find("errorlist") :][:600]


TERM = {"name": "Autumn", "starts_on": "2026-09-02", "ends_on": "2026-10-23"}


# -- an area with its codes, links and terms -------------------------------------------------------


def test_an_area_is_kept_with_codes_links_and_terms_on_one_page(page, suffolk):
    link = suffolk.links.get(organisation__kind="council")
    given = _area(suffolk, terms=[TERM], other_names="Suffolk County")
    for key in [key for key in given if given[key] == link.pk and key.endswith("-id")]:
        given[key.replace("-id", "-ends_on")] = "2027-03-31"
    response = page.post(_address(suffolk), given)
    assert response.status_code == 302
    suffolk.refresh_from_db()
    link.refresh_from_db()
    assert suffolk.other_names == "Suffolk County"
    assert suffolk.terms.get().starts_on == D(2026, 9, 2)
    assert link.ends_on == D(2027, 3, 31)
    history = page.get(f"/admin/areas/localarea/{suffolk.pk}/history/").content.decode()
    assert "Ada Lark" in history
    assert "Autumn" in history


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"terms": [TERM, {**TERM, "starts_on": "2026-10-01"}]}, "These days overlap with Autumn"),
        ({"terms": [TERM, TERM]}, ""),
        ({"terms": [{**TERM, "ends_on": "2026-09-01"}]}, "The last day must not be before"),
        ({"terms": [{**TERM, "ends_on": "2027-03-01"}]}, "too long for one term"),
        ({"terms": [{**TERM, "starts_on": ""}]}, "This field is required"),
        ({"terms": [{**TERM, "starts_on": "2027-02-29"}]}, "Enter a valid date"),
        ({"codes": [{"code": "X1", "starts_on": "", "ends_on": ""}]}, "E and eight digits"),
        (
            {"codes": [{"code": "E06000099", "starts_on": "2027-04-01", "ends_on": ""}]},
            "The area has the code E10000029 at that time",
        ),
        ({"dfe_code": "12"}, "three digits"),
        ({"dfe_code": "302"}, "already exists"),
        ({"ends_on": "1999-01-01", "starts_on": "2000-01-01"}, "must not be before the first"),
        ({"name": ""}, "This field is required"),
        ({"region": "999999"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_gets_a_message_and_nothing_is_saved(page, suffolk, changes, words):
    response = page.post(_address(suffolk), _area(suffolk, **changes))
    _refused(response, words)
    assert not suffolk.terms.exists()
    assert suffolk.gss_codes.count() == 1


def test_a_term_that_somebody_else_entered_meanwhile_is_seen(page, suffolk):
    given = _area(suffolk, terms=[TERM])
    Term.objects.create(
        local_area=suffolk, name="Theirs", starts_on=D(2026, 9, 3), ends_on=D(2026, 10, 1)
    )
    _refused(page.post(_address(suffolk), given), "These days overlap with Theirs")
    assert suffolk.terms.count() == 1


def test_a_code_changes_by_ending_one_and_adding_the_next(page, suffolk):
    given = _area(suffolk, codes=[{"code": "e06000099", "starts_on": "2027-04-01", "ends_on": ""}])
    given["gss_codes-0-ends_on"] = "2027-03-31"
    assert page.post(_address(suffolk), given).status_code == 302
    assert [one.code for one in suffolk.gss_codes.all()] == ["E10000029", "E06000099"]


def test_an_area_that_becomes_others_ends_before_they_begin(page, suffolk):
    barnet = LocalArea.objects.get(dfe_code="302")
    _refused(
        page.post(_address(suffolk), _area(suffolk, successors=[barnet.pk])), "Enter the last day"
    )
    given = _area(suffolk, successors=[barnet.pk], ends_on="2028-03-31")
    _refused(page.post(_address(suffolk), given), "They begin after 31 March 2028")
    _refused(page.post(_address(suffolk), _area(suffolk, successors=[suffolk.pk])), "become itself")
    barnet.starts_on = D(2028, 4, 1)
    barnet.save()
    assert page.post(_address(suffolk), given).status_code == 302
    assert list(suffolk.successors.all()) == [barnet]


def test_terms_and_codes_entered_by_mistake_can_be_taken_out(page, suffolk):
    term = Term.objects.create(local_area=suffolk, **TERM)
    given = {**_area(suffolk), "terms-0-DELETE": "on"}
    assert page.post(_address(suffolk), given).status_code == 302
    assert not Term.objects.filter(pk=term.pk).exists()


def test_a_new_area_is_added_with_its_code_and_terms(page, suffolk):
    given = {
        **dict.fromkeys(("other_names", "ofsted_urn", "ons_region", "starts_on", "ends_on"), ""),
        "dfe_code": "999",
        "name": "Westmarch",
        "region": suffolk.region_id,
        "authority_type": "unitary",
        **_formset("gss_codes", [{"code": "E06000099", "starts_on": "2028-04-01", "ends_on": ""}]),
        **_formset("links", []),
        **_formset("terms", [TERM, {**TERM, "starts_on": "2026-10-01"}]),
    }
    _refused(page.post("/admin/areas/localarea/add/", given), "These days overlap with Autumn")
    assert not LocalArea.objects.filter(dfe_code="999").exists()
    given |= _formset("terms", [TERM])
    assert page.post("/admin/areas/localarea/add/", given).status_code == 302
    area = LocalArea.objects.get(dfe_code="999")
    assert [one.code for one in area.gss_codes.all()] == ["E06000099"]
    assert area.terms.count() == 1


# -- links -----------------------------------------------------------------------------------------


def test_links_never_overlap(page, suffolk):
    link = suffolk.links.get(organisation__kind="council")
    add = "/admin/areas/areaorganisation/add/"
    given = {"local_area": suffolk.pk, "share": "", "starts_on": "2027-01-01", "ends_on": ""}
    response = page.post(add, {**given, "organisation": link.organisation_id})
    _refused(response, "serves this area at that time already")
    barnet = council(LocalArea.objects.get(dfe_code="302"), D(2026, 11, 23))
    _refused(page.post(add, {**given, "organisation": barnet.pk}), "Suffolk County Council serves")
    for share in ("0", "101", "-1", "many"):
        body = Organisation.objects.filter(name="NHS Somerset Integrated Care Board").get()
        response = page.post(add, {**given, "organisation": body.pk, "share": share})
        assert response.status_code == 200
        assert "is violated" not in response.content.decode()
    assert page.post(add, {**given, "organisation": body.pk, "share": "5"}).status_code == 302
    assert page.post(_address(link), {**given, "organisation": body.pk}).status_code == 200


def test_the_areas_of_a_board_are_kept_on_its_page(page):
    board = Organisation.objects.get(name="NHS Norfolk and Waveney Integrated Care Board")
    links = list(board.links.order_by("local_area__name", "starts_on"))
    plain = {
        **{key: value or "" for key, value in model_to_dict(board, exclude=["kind"]).items()},
        "successors": [],
        **_formset("posts", []),
    }
    given = plain | _formset("links", links)
    given["links-0-ends_on"] = "2027-03-31"
    assert page.post(_address(board), given).status_code == 302
    links[0].refresh_from_db()
    assert links[0].ends_on == D(2027, 3, 31)
    again = AreaOrganisation.objects.create(
        local_area=links[0].local_area, organisation=board, starts_on=D(2027, 6, 1)
    )
    given = plain | _formset("links", [links[0], again, links[1]])
    given["links-0-ends_on"] = "2027-09-30"
    _refused(page.post(_address(board), given), "serves this area at that time already")


# -- posts and holders -----------------------------------------------------------------------------


def test_one_person_holds_a_post_at_a_time(page, post):
    first = PostHolder.objects.create(post=post, name="Zofia", starts_on=D(2024, 1, 8))
    plain = {"kind": "dcs", "title": "Director"}
    new = {"name": "Aderyn", "email": "", "phone": "", "starts_on": "2026-12-01", "ends_on": ""}
    given = plain | _formset("holders", [first, new])
    _refused(page.post(_address(post), given), "Zofia holds this post from 8 January 2024 without")
    given["holders-0-ends_on"] = "2026-11-30"
    assert page.post(_address(post), given).status_code == 302
    assert [one.name for one in post.holders.order_by("starts_on")] == ["Zofia", "Aderyn"]
    response = page.post("/admin/areas/postholder/add/", {**new, "post": post.pk})
    _refused(response, "Aderyn holds this post")


def test_a_post_that_an_organisation_has_is_not_added_again(page, post):
    given = {
        "kind": "dcs", "title": "Another", "organisation": post.organisation_id, "local_area": ""
    }  # fmt: skip
    response = page.post("/admin/areas/post/add/", given | _formset("holders", []))
    assert response.status_code == 200
    assert Post.objects.count() == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [("held=no", 1), ("held=yes", 0), ("held=maybe", 1), ("kind__exact=lano", 0)],
)
def test_posts_that_nobody_holds_are_found(page, post, query, found):
    response = page.get(f"/admin/areas/post/?{query}")
    assert response.status_code == 200
    assert response.content.decode().count(f"/admin/areas/post/{post.pk}/change/") == found


# -- ending many on a day --------------------------------------------------------------------------

HOLDERS = "/admin/areas/postholder/"


@pytest.fixture
def holders(post):
    dates = [
        (None, None),
        (D(2024, 1, 1), D(2030, 1, 1)),
        (None, D(2025, 1, 1)),
        (D(2028, 1, 1), None),
    ]
    kinds = ("dcs", "lano", "send_lead", "chief_executive")
    made = []
    for number, ((first, last), kind) in enumerate(zip(dates, kinds, strict=True)):
        own, _ = Post.objects.get_or_create(
            organisation=post.organisation, kind=kind, defaults={"title": f"Post {number}"}
        )
        made.append(
            PostHolder.objects.create(
                post=own, name=f"<b>Holder {number}", starts_on=first, ends_on=last
            )
        )
    return made


def _ending(page, rows, **given):
    return page.post(
        HOLDERS, {"action": "end_on_a_day", "_selected_action": [one.pk for one in rows], **given}
    )


def _ends(rows):
    return [PostHolder.objects.get(pk=one.pk).ends_on for one in rows]


def test_many_end_on_a_day_after_it_was_shown(page, holders):
    before = _ends(holders)
    asked = _ending(page, holders)
    assert "&lt;b&gt;Holder 0" in asked.content.decode()
    shown = _ending(page, holders, last_day="31/03/2027", look="1")
    text = shown.content.decode()
    for words in (
        "Ends on 31 March 2027",
        "Ends on 31 March 2027, in place of 1 January 2030",
        "Stays: it ends on 1 January 2025 already",
        "Stays: it begins on 1 January 2028, after that day",
    ):
        assert words in text
    assert _ends(holders) == before
    agreed = shown.context["agreed"]
    done = _ending(page, holders, last_day="31/03/2027", agreed=agreed, confirm="1")
    assert done.status_code == 302
    assert _ends(holders) == [D(2027, 3, 31), D(2027, 3, 31), D(2025, 1, 1), None]
    assert LogEntry.objects.filter(change_message="Ends on 31 March 2027.").count() == 1
    text = page.get(HOLDERS).content.decode()
    assert "2 ended on 31 March 2027. 2 stayed as they were." in text


@pytest.mark.parametrize("day", ["", "x", "31/02/2027", "01/01/1999", "31/03/99"])
def test_an_odd_day_is_told_beside_its_field(page, holders, day):
    before = _ends(holders)
    response = _ending(page, holders, last_day=day, confirm="1", agreed="")
    assert response.status_code == 200
    if day != "31/03/99":
        assert "Nothing was changed" in response.content.decode()
    assert _ends(holders) == before


def test_what_was_not_shown_is_not_done(page, holders):
    shown = _ending(page, holders, last_day="31/03/2027", look="1")
    PostHolder.objects.filter(pk=holders[0].pk).update(ends_on=D(2027, 1, 1))
    response = _ending(
        page, holders, last_day="31/03/2027", agreed=shown.context["agreed"], confirm="1"
    )
    assert "Look at what will happen now, then confirm." in response.content.decode()
    assert _ends(holders)[0] == D(2027, 1, 1)
    assert _ends(holders)[1] == D(2030, 1, 1)


def test_what_is_not_on_the_list_ends_nothing(page, holders):
    for keys in (["x"], ["999999999999999999999"], ["' OR 1=1"]):
        response = page.post(
            HOLDERS, {"action": "end_on_a_day", "_selected_action": keys, "last_day": "1/1/2027"}
        )
        assert response.status_code in (200, 302)
    assert _ends(holders)[0] is None


# -- what cannot go, and what it costs -------------------------------------------------------------


def test_what_cases_rest_on_is_not_deleted(page, suffolk, post):
    for row in (suffolk, suffolk.region, post.organisation, post):
        meta = row._meta
        address = f"/admin/{meta.app_label}/{meta.model_name}/{row.pk}/delete/"
        response = page.post(address, {"post": "yes"}, follow=True)
        assert "never deleted" in response.content.decode()
        assert type(row).objects.filter(pk=row.pk).exists()


def test_what_was_entered_by_mistake_can_be_taken_out_and_the_history_keeps_it(page, suffolk, post):
    holder = PostHolder.objects.create(post=post, name="Nobody Atall")
    link = suffolk.links.first()
    for row in (holder, link):
        meta = row._meta
        address = f"/admin/{meta.app_label}/{meta.model_name}/{row.pk}/delete/"
        assert page.get(address).status_code == 200
        assert page.post(address, {"post": "yes"}).status_code == 302
        assert not type(row).objects.filter(pk=row.pk).exists()
    assert LogEntry.objects.filter(object_repr="Nobody Atall", action_flag=3).count() == 1


def test_lists_have_searches_and_filters_that_bear_odd_questions(page, suffolk, post):
    for name in ("localarea", "organisation", "areaorganisation", "post", "postholder", "term"):
        for query in (
            "q=suffolk",
            "when=today",
            "when=past",
            "when=x",
            "school_year=x",
            "q=%27%22",
        ):
            response = page.get(f"/admin/areas/{name}/?{query}", follow=True)
            assert response.status_code == 200, (name, query)
    found = page.get("/admin/areas/localarea/?q=E10000029").content.decode()
    assert "Suffolk" in found
    past = page.get("/admin/areas/localarea/?when=past").content.decode()
    assert "Cumbria" in past
    assert "Suffolk" not in past
    merge = page.get("/admin/areas/organisation/").content.decode()
    assert "/areas/commissioners/merge/" in merge


def test_pages_cost_the_same_however_much_they_show(page, suffolk, post):
    board = Organisation.objects.get(name="NHS Suffolk and North East Essex Integrated Care Board")
    lists = [f"/admin/areas/{name}/" for name in (
        "localarea", "organisation", "areaorganisation", "post", "postholder", "term")]  # fmt: skip
    addresses = [_address(suffolk), _address(board), _address(post), *lists]

    def count(address):
        with CaptureQueriesContext(connection) as queries:
            assert page.get(address).status_code == 200
        return len(queries)

    for address in addresses:
        page.get(address)
    before = {address: count(address) for address in addresses}
    for number in range(15):
        day = D(2020, 1, 1) + datetime.timedelta(days=40 * number)
        Term.objects.create(local_area=suffolk, name="Term", starts_on=day, ends_on=day)
        body = Organisation.objects.create(kind="iass", name=f"Service {number}")
        AreaOrganisation.objects.create(local_area=suffolk, organisation=body)
        area = LocalArea.objects.exclude(links__organisation=board).first()
        AreaOrganisation.objects.create(local_area=area, organisation=board)
        PostHolder.objects.create(post=post, name="Somebody", starts_on=day, ends_on=day)
        other = Post.objects.create(
            organisation=board, local_area=area, kind="health_lano", title="Lead"
        )
        PostHolder.objects.create(post=other, name="Somebody")
    assert {address: count(address) for address in addresses} == before
