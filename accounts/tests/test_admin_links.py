"""Who serves which area, in Django admin: what areas and their cases rest on stays (roles.md: an
administrator keeps reference data, and decides nothing of a case)."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.forms import model_to_dict

from accounts.tests.test_admin_areas import _address, _area, _formset, _refused, page, suffolk  # noqa: F401
from areas import serving
from areas.models import AreaOrganisation, LocalArea

pytestmark = pytest.mark.django_db

D = datetime.date


# -- what rests on a link --------------------------------------------------------------------------

LINKS = "/admin/areas/areaorganisation/"
YESTERDAY = "2026-11-22"


@pytest.fixture
def november(monkeypatch):
    """23 November 2026."""
    monkeypatch.setattr("config.clock.today", lambda: D(2026, 11, 23))
    return D(2026, 11, 23)


@pytest.fixture
def cases(monkeypatch):
    """Cases that rest on links, by area and organisation, as a room above tells."""
    told = {}
    monkeypatch.setattr(serving, "_cases", [lambda pairs: told])
    return told


def _end_links(client, links, day, **more):
    given = {"action": "end_on_a_day", "_selected_action": [one.pk for one in links]}
    return client.post(LINKS, {**given, "last_day": day, **more})


def test_several_links_are_never_deleted_at_once(page, suffolk):  # noqa: F811
    links = list(suffolk.links.all())
    keys = [one.pk for one in links]
    given = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    page.post(LINKS, given, follow=True)
    assert 'value="delete_selected"' not in page.get(LINKS).content.decode()
    for number in range(len(links)):
        given = {**_area(suffolk), f"links-{number}-DELETE": "on"}
        page.post(_address(suffolk), given)
    assert suffolk.links.count() == len(links)


def test_a_link_with_cases_is_not_deleted(page, suffolk, november, cases):  # noqa: F811
    board = suffolk.links.on(november).get(organisation__name__startswith="NHS Suffolk")
    pair = serving.pair_of(board)
    cases[pair] = [serving.Resting(november, True), serving.Resting(D(2026, 10, 5), True)]
    delete = f"{LINKS}{board.pk}/delete/"
    refused = page.post(delete, {"post": "yes"}, follow=True).content.decode()
    assert "2 cases still go on with it. This is not deleted: give it a last day." in refused
    cases[pair] = [serving.Resting(D(2026, 10, 5), False)]
    refused = page.post(delete, {"post": "yes"}, follow=True).content.decode()
    assert "This has begun and is not deleted: give it a last day." in refused
    cases[pair] = [serving.Resting(D(1999, 10, 5), True)]  # not one of the link's days
    assert page.post(delete, {"post": "yes"}).status_code == 302
    assert not AreaOrganisation.objects.filter(pk=board.pk).exists()


def test_the_council_of_today_is_not_deleted(page, suffolk, november):  # noqa: F811
    link = suffolk.links.on(november).get(organisation__kind="council")
    address = f"{LINKS}{link.pk}/delete/"
    assert "would have no council" in page.get(address, follow=True).content.decode()
    assert (
        "would have no council" in page.post(address, {"post": "yes"}, follow=True).content.decode()
    )
    suffolk.ends_on = D(2026, 10, 1)
    suffolk.save()
    assert page.post(address, {"post": "yes"}).status_code == 302
    assert not suffolk.links.filter(pk=link.pk).exists()


def test_who_serves_which_area_stays_as_it_was_entered(page, suffolk):  # noqa: F811
    link = suffolk.links.get(organisation__kind="council")
    barnet = LocalArea.objects.get(dfe_code="302")
    given = {"local_area": barnet.pk, "share": "", "starts_on": "", "ends_on": ""}
    page.post(_address(link), {**given, "organisation": barnet.links.first().organisation_id})
    before = link.local_area_id, link.organisation_id
    link.refresh_from_db()
    assert (link.local_area_id, link.organisation_id) == before


@pytest.mark.parametrize(
    ("field", "day", "words"),
    [
        ("ends_on", "2000-01-01", "Enter a day between 1 January 2016 and 31 December 2040."),
        ("ends_on", "2041-01-01", "Enter a day between 1 January 2016 and 31 December 2040."),
        ("ends_on", YESTERDAY, "Suffolk would have no council today: the last day must not be"),
        ("starts_on", "2026-11-24", "Suffolk would have no council today: the first day must not"),
    ],
)
def test_an_area_of_today_keeps_its_council(page, suffolk, november, field, day, words):  # noqa: F811
    link = suffolk.links.on(november).get(organisation__kind="council")
    given = _area(suffolk)
    row = next(key for key in given if key.endswith("-id") and given[key] == link.pk)
    given[row.replace("-id", f"-{field}")] = day
    if row.startswith("links"):
        response = page.post(_address(suffolk), given)
        _refused(response, words)
        formset = next(
            one.formset for one in response.context["inline_admin_formsets"]
            if one.formset.prefix == "links"
        )  # fmt: skip
        assert [list(form.errors) for form in formset.forms if form.errors] == [[field]]
    alone = {"share": "", "starts_on": "", "ends_on": "", field: day}
    _refused(page.post(_address(link), alone), words)
    council_page = {
        **{k: v or "" for k, v in model_to_dict(link.organisation, exclude=["kind"]).items()},
        **_formset("posts", []),
        **_formset("links", [link]),
        f"links-0-{field}": day,
    }
    _refused(page.post(_address(link.organisation), council_page), words)
    link.refresh_from_db()
    assert (link.starts_on, link.ends_on) == (None, None)


def test_an_area_that_ends_may_end_with_its_council(page, suffolk, november):  # noqa: F811
    link = suffolk.links.on(november).get(organisation__kind="council")
    given = _area(suffolk, ends_on="2026-10-31")
    row = next(
        key for key in given
        if key.startswith("links") and key.endswith("-id") and given[key] == link.pk
    )  # fmt: skip
    given[row.replace("-id", "-ends_on")] = "2026-10-31"
    assert page.post(_address(suffolk), given).status_code == 302
    link.refresh_from_db()
    assert link.ends_on == D(2026, 10, 31)


def test_cases_that_go_on_keep_their_bodies(page, suffolk, november, cases):  # noqa: F811
    board = suffolk.links.on(november).get(organisation__name__startswith="NHS Suffolk")
    first = board.starts_on.isoformat()
    cases[serving.pair_of(board)] = [serving.Resting(november, True)]
    given = {"share": "", "starts_on": first, "ends_on": YESTERDAY}
    words = "1 case still goes on with it: the last day must not be before today."
    _refused(page.post(_address(board), given), words)
    late = {**given, "starts_on": "2026-12-01", "ends_on": ""}
    _refused(page.post(_address(board), late), "1 case still goes on with it: it cannot begin so")
    shown = _end_links(page, suffolk.links.on(november), "22/11/2026", look="1").content.decode()
    assert "Stays: 1 case still goes on with it" in shown
    assert "Stays: Suffolk would have no council today" in shown
    page.post(_address(board), {**given, "ends_on": "2027-03-31"})
    board.refresh_from_db()
    assert board.ends_on == D(2027, 3, 31)  # to come: whoever is next is entered by then


# -- names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Barnet", "  BARNET "])
def test_no_two_areas_have_a_name_at_the_same_time(page, suffolk, name):  # noqa: F811
    words = "The area with the DfE number 302 has this name at that time."
    _refused(page.post(_address(suffolk), _area(suffolk, name=name)), words)
    LocalArea.objects.filter(dfe_code="302").update(ends_on=D(2020, 3, 31))
    _refused(page.post(_address(suffolk), _area(suffolk, name=name)), words)
    given = _area(suffolk, name=name, starts_on="2020-04-01")
    assert page.post(_address(suffolk), given).status_code == 302


def test_the_history_tells_the_old_name_and_the_new(page, suffolk):  # noqa: F811
    page.post(_address(suffolk), _area(suffolk, name="East Suffolk"))
    said = LogEntry.objects.latest("pk").get_change_message()
    assert said == "Name: “Suffolk” → “East Suffolk”."


def test_areas_of_today_save_as_they_are(page):  # noqa: F811
    for area in LocalArea.objects.order_by("dfe_code")[::30]:
        response = page.post(_address(area), _area(area))
        assert response.status_code == 302, (area, area.name)
        assert LogEntry.objects.latest("pk").get_change_message() == "Saved without a change."
