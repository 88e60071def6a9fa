"""Changing people, organisations and terms: who may, and what is refused."""

import datetime

import pytest

from areas import editing
from areas.contacts import Contacts
from areas.models import AreaOrganisation, LocalArea, Organisation, Post, PostHolder, Term
from areas.services import council, health_commissioners, holder

pytestmark = pytest.mark.django_db

D = datetime.date
NOW = D(2026, 11, 23)


def _date(name: str, day: datetime.date | None) -> dict[str, str]:
    if day is None:
        return {f"{name}-{part}": "" for part in ("day", "month", "year")}
    return {
        f"{name}-day": str(day.day),
        f"{name}-month": str(day.month),
        f"{name}-year": str(day.year),
    }


def _holder_payload(**changes):
    dates = {"starts_on": changes.pop("starts_on", None), "ends_on": changes.pop("ends_on", None)}
    answers = {"name": "Aderyn Foxglove", "email": "a.foxglove@council.example", "phone": ""}
    return {
        **answers,
        **_date("starts_on", dates["starts_on"]),
        **_date("ends_on", dates["ends_on"]),
        **changes,
    }


def _term_payload(first, last, name="Spring, first half"):
    return {"name": name, **_date("starts_on", first), **_date("ends_on", last)}


def _address(area, rest):
    return f"/areas/{area.pk}/{rest}"


def _errors(response):
    assert response.status_code == 200
    page = response.content.decode()
    assert "There is a problem" in page
    return response.context["form"].errors


# -- who may ---------------------------------------------------------------------------------------


@pytest.fixture
def addresses(suffolk, organisation, post, holder, term):
    link = suffolk.links.get(organisation=organisation)
    return {
        "people": [
            f"organisations/{organisation.pk}/",
            f"organisations/{organisation.pk}/posts/new/",
            f"posts/{post.pk}/holders/new/",
            f"holders/{holder.pk}/",
            f"holders/{holder.pk}/remove/",
        ],
        "area": [
            "organisations/new/",
            f"links/{link.pk}/",
            "terms/new/",
            f"terms/{term.pk}/",
            f"terms/{term.pk}/remove/",
        ],
    }


def _all_counts():
    return [
        model.objects.count() for model in (Organisation, AreaOrganisation, Post, PostHolder, Term)
    ]


def test_visitors_are_sent_to_sign_in(client, suffolk, addresses):
    for rest in addresses["people"] + addresses["area"]:
        for method in (client.get, client.post):
            response = method(_address(suffolk, rest))
            assert response.status_code == 302
            assert response["Location"].startswith("/sign-in/?next=/areas/")


def test_a_stranger_is_refused_with_the_reason_and_nothing_changes(
    client, suffolk, addresses, stranger, holder
):
    before = _all_counts()
    for rest in addresses["people"] + addresses["area"]:
        for method in (client.get, client.post):
            response = method(_address(suffolk, rest), _holder_payload())
            assert response.status_code == 403
            assert "are kept by support officers" in response.content.decode()
            assert "Woźniak" not in response.content.decode()
    assert _all_counts() == before
    holder.refresh_from_db()
    assert holder.name == "Zofia Woźniak"


def test_a_reader_may_not_change(client, suffolk, addresses, stranger, grants):
    grants[stranger.pk] = Contacts(reads_all=True)
    for rest in addresses["people"] + addresses["area"]:
        assert client.post(_address(suffolk, rest)).status_code == 403


def test_an_officer_changes_the_own_organisation_only(client, suffolk, addresses, officer, board):
    for rest in addresses["people"]:
        assert client.get(_address(suffolk, rest)).status_code == 200
    for rest in addresses["area"]:
        assert client.get(_address(suffolk, rest)).status_code == 403
    assert client.get(_address(suffolk, f"organisations/{board.pk}/")).status_code == 403


def test_what_belongs_to_another_area_is_not_found_here(client, suffolk, addresses, editor):
    elsewhere = LocalArea.objects.get(dfe_code="302")
    for rest in addresses["people"] + addresses["area"]:
        if rest.count("/") == 2 and "new" in rest:  # these make something new there
            continue
        assert client.get(_address(elsewhere, rest)).status_code == 404


def test_impossible_numbers_are_not_found(client, suffolk, editor):
    for rest in ("holders/0/", f"holders/{10**30}/", f"terms/{2**63}/", "posts/1/holders/new/x"):
        assert client.get(_address(suffolk, rest)).status_code == 404


# -- holders ---------------------------------------------------------------------------------------


def test_somebody_new_ends_the_time_of_the_one_before(client, suffolk, post, holder, editor):
    address = _address(suffolk, f"posts/{post.pk}/holders/new/")
    response = client.post(address, _holder_payload(starts_on=D(2026, 12, 1), succeeds="yes"))
    assert response["Location"] == suffolk.get_absolute_url()
    before, after = PostHolder.objects.order_by("starts_on")
    assert (before.name, before.ends_on) == ("Zofia Woźniak", D(2026, 11, 30))
    assert (after.name, after.starts_on, after.ends_on) == ("Aderyn Foxglove", D(2026, 12, 1), None)
    assert (
        "Aderyn Foxglove was added as Children&#x27;s director."
        in client.get(response["Location"]).content.decode()
    )


def test_two_cannot_hold_a_post_at_once(client, suffolk, post, holder, editor):
    address = _address(suffolk, f"posts/{post.pk}/holders/new/")
    response = client.post(address, _holder_payload(starts_on=D(2026, 12, 1), succeeds="no"))
    assert _errors(response)["starts_on"] == [
        "Zofia Woźniak holds this post from 8 January 2024 without an end: "
        "give them a last day first"
    ]
    assert PostHolder.objects.count() == 1
    assert "Aderyn Foxglove" in response.content.decode()


def test_a_successor_cannot_begin_before_the_one_before(client, suffolk, post, holder, editor):
    address = _address(suffolk, f"posts/{post.pk}/holders/new/")
    response = client.post(address, _holder_payload(starts_on=D(2024, 1, 8), succeeds="yes"))
    assert list(_errors(response)) == ["starts_on"]
    holder.refresh_from_db()
    assert holder.ends_on is None


def test_the_first_holder_needs_no_first_day(client, suffolk, post, editor):
    client.post(_address(suffolk, f"posts/{post.pk}/holders/new/"), _holder_payload())
    assert PostHolder.objects.get().starts_on is None


def test_a_change_is_kept(client, suffolk, organisation, holder, editor):
    payload = _holder_payload(
        name="Zofia Woźniak-Reed", starts_on=D(2024, 1, 8), phone="+44 20 7946 0002 x3"
    )
    response = client.post(_address(suffolk, f"holders/{holder.pk}/"), payload)
    assert response.status_code == 302
    from areas import services

    found = services.holder(organisation, "dcs", NOW)
    assert (found.name, found.phone) == ("Zofia Woźniak-Reed", "+44 20 7946 0002 x3")


def test_the_form_shows_what_is_there(client, suffolk, holder, editor):
    page = client.get(_address(suffolk, f"holders/{holder.pk}/")).content.decode()
    for value in ("Zofia Woźniak", "zofia@council.example", "020 7946 0001", 'value="2024"'):
        assert value in page


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"name": ""}, "name", "Enter the name"),
        ({"name": "x" * 301}, "name", "Name must have 300 characters or fewer; it has 301"),
        ({"name": "Tab\x0bbed"}, "name", None),
        ({"name": "Two\nLines"}, "name", "Name must be on one line"),
        (
            {"email": "nobody"},
            "email",
            "Enter the e-mail address in the correct form, like name@example.com",
        ),
        ({"email": "a@b.example\nBcc: c@d.example"}, "email", None),
        ({"phone": "ring me"}, "phone", None),
        ({"phone": "020 7946 <script>"}, "phone", None),
        (
            {"starts_on": D(2024, 2, 1), "ends_on": D(2024, 1, 31)},
            "ends_on",
            "The last day must not be before the first, 1 February 2024",
        ),
        (
            {"starts_on-day": "29", "starts_on-month": "2", "starts_on-year": "2026"},
            "starts_on",
            "First day in the post must be a real date",
        ),
        ({"starts_on-day": "1", "starts_on-month": "1", "starts_on-year": "1"}, "starts_on", None),
        (
            {"starts_on-day": "1", "starts_on-month": "1", "starts_on-year": "9999"},
            "starts_on",
            None,
        ),
        ({"starts_on-day": "1", "starts_on-month": "1", "starts_on-year": "26"}, "starts_on", None),
        (
            {"starts_on-day": "", "starts_on-month": "3", "starts_on-year": "2026"},
            "starts_on",
            None,
        ),
    ],
)
def test_odd_answers_are_refused_beside_their_field(
    client, suffolk, holder, editor, changes, field, message
):
    response = client.post(_address(suffolk, f"holders/{holder.pk}/"), _holder_payload(**changes))
    errors = _errors(response)
    assert list(errors) == [field]
    assert message is None or errors[field] == [message]
    holder.refresh_from_db()
    assert holder.name == "Zofia Woźniak"


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>", "=SUM(A1)", "@cmd", "李秀英", "محمد"]
)
def test_names_are_kept_as_typed(client, suffolk, post, editor, name):
    client.post(_address(suffolk, f"posts/{post.pk}/holders/new/"), _holder_payload(name=name))
    assert PostHolder.objects.get().name == name


def test_a_10_mb_name_is_refused(client, suffolk, holder, editor):
    response = client.post(_address(suffolk, f"holders/{holder.pk}/"), {"name": "x" * 10_000_000})
    assert response.status_code == 413


def test_removing_asks_first(client, suffolk, holder, editor):
    address = _address(suffolk, f"holders/{holder.pk}/remove/")
    assert "Zofia Woźniak" in client.get(address).content.decode()
    assert PostHolder.objects.exists()
    assert client.post(address)["Location"] == suffolk.get_absolute_url()
    assert not PostHolder.objects.exists()


# -- posts and organisations -----------------------------------------------------------------------


def test_a_post_is_added_with_its_usual_title(client, suffolk, organisation, editor):
    address = _address(suffolk, f"organisations/{organisation.pk}/posts/new/")
    client.post(address, {"kind": "lano", "title": ""})
    assert Post.objects.get().title == "Local area nominated officer"
    assert list(_errors(client.post(address, {"kind": "lano", "title": "Again"}))) == ["kind"]


def test_a_council_has_no_health_post(client, suffolk, organisation, editor):
    address = _address(suffolk, f"organisations/{organisation.pk}/posts/new/")
    response = client.post(address, {"kind": "health_chief_executive"})
    assert list(_errors(response)) == ["kind"]


def test_a_board_has_a_post_for_one_area_or_for_all(client, suffolk, board, editor):
    address = _address(suffolk, f"organisations/{board.pk}/posts/new/")
    client.post(address, {"kind": "health_lano", "whose": "area"})
    client.post(address, {"kind": "health_chief_executive", "whose": "all"})
    areas = dict(Post.objects.values_list("kind", "local_area"))
    assert areas == {"health_lano": suffolk.pk, "health_chief_executive": None}


def test_contact_details_of_an_organisation(client, suffolk, organisation, editor):
    address = _address(suffolk, f"organisations/{organisation.pk}/")
    client.post(address, {"email": "send@council.example", "address": "1 High Street\r\nTown"})
    organisation.refresh_from_db()
    assert (organisation.email, organisation.address) == (
        "send@council.example",
        "1 High Street\nTown",
    )


def test_a_board_that_takes_over_from_a_day(client, suffolk, board, editor):
    link = suffolk.links.get(organisation=board)
    ends = {**_date("starts_on", link.starts_on), **_date("ends_on", D(2027, 3, 31))}
    client.post(_address(suffolk, f"links/{link.pk}/"), ends)
    new = {
        "kind": "health_commissioner",
        "name": "NHS Norfolk and Suffolk Integrated Care Board",
        **_date("starts_on", D(2027, 4, 1)),
        **_date("ends_on", None),
    }
    client.post(_address(suffolk, "organisations/new/"), new)
    before = [one.name for one in health_commissioners(suffolk, D(2027, 3, 31))]
    after = [one.name for one in health_commissioners(suffolk, D(2027, 4, 1))]
    assert board.name in before
    assert "NHS Norfolk and Suffolk Integrated Care Board" not in before
    assert board.name not in after
    assert "NHS Norfolk and Suffolk Integrated Care Board" in after


def test_an_organisation_of_another_area_is_taken_not_made_again(client, suffolk, editor):
    kent = LocalArea.objects.get(dfe_code="886")
    name = health_commissioners(kent, NOW)[0].name
    payload = {"kind": "health_commissioner", "name": name}
    client.post(_address(suffolk, "organisations/new/"), payload)
    assert Organisation.objects.filter(name=name).count() == 1
    assert name in [one.name for one in health_commissioners(suffolk, NOW)]
    assert list(_errors(client.post(_address(suffolk, "organisations/new/"), payload))) == [
        "starts_on"
    ]


def test_a_second_council_at_the_same_time_is_refused_and_not_made(client, suffolk, editor):
    payload = {"kind": "council", "name": "Another Council"}
    response = client.post(_address(suffolk, "organisations/new/"), payload)
    assert _errors(response)["starts_on"] == [
        "Suffolk County Council serves this area at that time already"
    ]
    assert not Organisation.objects.filter(name="Another Council").exists()
    assert council(suffolk, NOW).name == "Suffolk County Council"


# -- terms -----------------------------------------------------------------------------------------


def test_a_term_is_added_changed_and_removed(client, suffolk, editor):
    client.post(_address(suffolk, "terms/new/"), _term_payload(D(2027, 1, 4), D(2027, 2, 12)))
    term = Term.objects.get()
    assert (term.starts_on, term.ends_on) == (D(2027, 1, 4), D(2027, 2, 12))
    client.post(
        _address(suffolk, f"terms/{term.pk}/"), _term_payload(D(2027, 1, 5), D(2027, 2, 12))
    )
    assert Term.objects.get().starts_on == D(2027, 1, 5)
    client.post(_address(suffolk, f"terms/{term.pk}/remove/"))
    assert not Term.objects.exists()


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (D(2026, 12, 18), D(2027, 1, 29), "starts_on"),  # its first day is another's last
        (D(2026, 9, 1), D(2026, 12, 23), "starts_on"),
        (D(2027, 2, 12), D(2027, 1, 4), "ends_on"),
        (D(2027, 1, 4), D(2027, 7, 21), "ends_on"),
        (D(2015, 7, 31), D(2015, 8, 2), "starts_on"),
        (D(2041, 1, 5), D(2041, 2, 12), "starts_on"),
    ],
)
def test_terms_that_cannot_be_are_refused(client, suffolk, term, editor, first, last, field):
    response = client.post(_address(suffolk, "terms/new/"), _term_payload(first, last))
    assert field in _errors(response)
    assert Term.objects.count() == 1


def test_the_same_days_in_another_area_are_no_overlap(client, term, editor):
    kent = LocalArea.objects.get(dfe_code="886")
    client.post(_address(kent, "terms/new/"), _term_payload(term.starts_on, term.ends_on))
    assert Term.objects.filter(local_area=kent).count() == 1


def test_a_term_may_keep_its_own_days(client, suffolk, term, editor):
    payload = _term_payload(term.starts_on, term.ends_on, name="Autumn 2")
    assert client.post(_address(suffolk, f"terms/{term.pk}/"), payload).status_code == 302


# -- two at the same moment ------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_save_at_once_cannot_both_appoint(post):
    import threading

    from django.db import connection

    start = threading.Barrier(2)
    outcomes = []

    def appoint(name):
        try:
            start.wait(timeout=10)
            editing.save_holder(PostHolder(post=post, name=name, starts_on=D(2026, 12, 1)))
            outcomes.append("saved")
        except editing.ChangeRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=appoint, args=(name,)) for name in ("One", "Two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(outcomes) == ["refused", "saved"]
    assert holder(post.organisation, "dcs", D(2026, 12, 1)) is not None
    assert PostHolder.objects.count() == 1
