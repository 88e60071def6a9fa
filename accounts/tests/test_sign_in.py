"""Signing in by password and, in a demonstration only, by a click."""

import datetime

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client

from accounts import demonstration, roles
from accounts.models import Membership, User
from config import clock, throttle

pytestmark = pytest.mark.django_db

PASSWORD = "a long and quiet river"


@pytest.fixture(autouse=True)
def _each_test_counts_for_itself(monkeypatch):
    """The counts of a minute stand in Redis, which is not rolled back."""
    counts: dict[tuple[str, str], int] = {}

    def count(label, asker, minute):
        counts[label, asker] = counts.get((label, asker), 0) + 1
        return counts[label, asker]

    monkeypatch.setattr(throttle, "_count", count)


@pytest.fixture
def person():
    user = User.objects.create_user("siân@council.example", PASSWORD, name="Siân Ó Briain")
    Membership.objects.create(
        person=user, role=roles.SUPPORT_OFFICER, scope="national", starts_on="2020-01-01"
    )
    return user


@pytest.fixture
def production(settings):
    settings.DEMONSTRATION = False
    settings.CLOCK_FILE = ""


def _signed_in_as(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def _payload(**changes: str) -> dict[str, str]:
    return {"email": "siân@council.example", "password": PASSWORD, "next": "/", **changes}


# -- by password -------------------------------------------------------------------------------


def test_address_and_password_sign_in(client, person, production):
    response = client.post("/sign-in/", _payload(next="/areas/?region=london"))
    assert (response.status_code, response["Location"]) == (302, "/areas/?region=london")
    assert _signed_in_as(client) == str(person.pk)
    assert client.session["acting_as"] == "Support officer"


def test_the_address_may_be_typed_in_any_case(client, person):
    client.post("/sign-in/", _payload(email="  SIÂN@Council.Example "))
    assert _signed_in_as(client) == str(person.pk)


def test_the_session_key_changes_at_sign_in(client, person):
    client.get("/sign-in/")
    session = client.session
    session["kept"] = "from before"
    session.save()
    before = session.session_key
    client.post("/sign-in/", _payload())
    assert client.session.session_key != before


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "another long password"},
        {"email": "nobody@council.example"},
        {"email": "no address at all"},
        {"email": "x' OR 1=1 --"},
        {"password": "<script>alert(1)</script>"},
    ],
)
def test_every_refusal_says_the_same(client, person, wrong):
    response = client.post("/sign-in/", _payload(**wrong))
    assert _signed_in_as(client) is None
    assert response.context["form"].errors == {
        "email": ["The e-mail address or the password is not right"]
    }


def test_somebody_who_left_is_refused_in_the_same_words(client, person):
    person.is_active = False
    person.save()
    response = client.post("/sign-in/", _payload())
    assert "The e-mail address or the password is not right" in response.content.decode()
    assert _signed_in_as(client) is None


def test_somebody_without_a_password_cannot_sign_in_with_one(client):
    User.objects.create_user("new@council.example", name="New")
    for password in ("", " ", "!"):
        client.post("/sign-in/", {"email": "new@council.example", "password": password})
    assert _signed_in_as(client) is None


def test_missing_answers_are_named_beside_their_fields(client):
    response = client.post("/sign-in/", {"email": "", "password": ""})
    page = response.content.decode()
    assert response.context["form"].errors == {
        "email": ["Enter the e-mail address"],
        "password": ["Enter the password"],
    }
    assert 'href="#id_email"' in page
    assert page.count("<title>Error: Sign in") == 1


def test_what_was_typed_comes_back_but_the_password_does_not(client):
    typed = '"><script>alert(1)</script>@x.example'
    page = client.post("/sign-in/", _payload(email=typed, password="secret 123 456")).content
    assert b"<script>alert(1)" not in page
    assert b"&lt;script&gt;alert(1)&lt;/script&gt;@x.example" in page
    assert b"secret 123 456" not in page


@pytest.mark.parametrize("field", ["email", "password"])
def test_control_characters_and_endless_texts_are_refused_beside_the_field(client, field):
    for text in ("a\x00b@x.example", "b\x07c@x.example", "y" * 5_000):
        response = client.post("/sign-in/", _payload(**{field: text}))
        assert response.status_code == 200
        assert list(response.context["form"].errors) == [field]


def test_a_10_mb_field_is_refused_with_a_page(client):
    response = client.post("/sign-in/", _payload(email="a" * 10_000_000))
    assert response.status_code == 413
    assert b"too large" in response.content


@pytest.mark.parametrize(
    "away",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example/",
        "javascript:alert(1)",
        "http:///elsewhere.example",
        "\t//elsewhere.example",
    ],
)
def test_one_never_lands_on_another_site(client, person, away):
    assert client.post("/sign-in/", _payload(next=away))["Location"] == "/"
    assert client.get("/sign-in/", {"next": away})["Location"] == "/"


def test_after_ten_tries_a_minute_at_one_account_it_waits(client, person):
    for _ in range(10):
        assert client.post("/sign-in/", _payload(password="wrong")).status_code == 200
    assert client.post("/sign-in/", _payload()).status_code == 429
    assert _signed_in_as(client) is None
    # Neither the page nor another account is shut by that.
    assert client.get("/sign-in/").status_code == 200
    other = _payload(email="other@council.example")
    assert client.post("/sign-in/", other).status_code == 200


def test_an_address_that_tries_many_accounts_waits_too(client, person):
    for number in range(30):
        client.post("/sign-in/", _payload(email=f"{number}@council.example"))
    assert client.post("/sign-in/", _payload()).status_code == 429


def test_a_post_without_its_token_is_refused(person):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/sign-in/", _payload()).status_code == 403
    assert strict.post(f"/sign-in/as/{person.public_id}/").status_code == 403
    assert _signed_in_as(strict) is None


def test_whoever_is_signed_in_already_goes_on(client, person):
    client.force_login(person)
    assert client.get("/sign-in/", {"next": "/areas/"})["Location"] == "/areas/"


def test_sign_out_empties_the_session_and_is_no_link(client, person):
    client.force_login(person)
    assert client.get("/sign-out/").status_code == 405
    assert _signed_in_as(client)
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert _signed_in_as(client) is None


def test_sign_in_pages_are_not_kept_by_browsers(client):
    assert "no-store" in client.get("/sign-in/")["Cache-Control"]


# -- in a demonstration ------------------------------------------------------------------------


def test_a_demonstration_lists_people_with_their_roles(client, person, django_assert_num_queries):
    for number in range(5):
        one = User.objects.create_user(f"{number}@dfe.example", name=f"Person {number}")
        Membership.objects.create(
            person=one, role=roles.ADVISER, scope="national", starts_on="2020-01-01"
        )
    with django_assert_num_queries(2):
        page = client.get("/sign-in/").content.decode()
    assert "Siân Ó Briain" in page
    assert page.count("DfE or NHS England adviser") == 5


def test_people_are_grouped_with_one_of_each_role_first(client):
    made = [
        ("Ann", "hmi"),
        ("Bob", "hmi"),
        ("Cat", "hmci"),
        ("Dan", "dcs"),
        ("Eve", "adviser"),
        ("Fay", "chair"),
        ("Gus", "administrator"),
    ]
    for name, role in made:
        one = User.objects.create_user(f"{name}@some.example", name=name)
        Membership.objects.create(person=one, role=role, scope="national", starts_on="2020-01-01")
    groups = client.get("/sign-in/").context["groups"]
    assert [(heading, [one.name for one in listed]) for heading, listed in groups] == [
        ("Inspectorates", ["Ann", "Cat", "Bob"]),
        ("Local areas", ["Dan"]),
        ("Departments and boards", ["Eve", "Fay"]),
        ("Administration", ["Gus"]),
    ]


def test_every_role_stands_in_a_group(db):
    grouped = frozenset().union(*(wanted for _, wanted in demonstration.GROUPS))
    assert grouped == set(roles.LABELS)


def test_becoming_somebody_changes_the_session_key_and_says_who_acts(client, person):
    client.get("/sign-in/")
    before = client.session.session_key
    response = client.post(f"/sign-in/as/{person.public_id}/", {"next": "/areas/"})
    assert response["Location"] == "/areas/"
    assert _signed_in_as(client) == str(person.pk)
    assert client.session.session_key != before
    page = client.get("/areas/").content.decode()
    assert "Acting as <strong>Siân Ó Briain</strong>" in page
    assert "(Support officer)" in page


def test_becoming_somebody_else_leaves_nothing_of_the_first(client, person):
    other = User.objects.create_user("other@cqc.example", name="Other")
    client.post(f"/sign-in/as/{person.public_id}/")
    session = client.session
    session["of the first"] = "secret"
    session.save()
    client.post(f"/sign-in/as/{other.public_id}/")
    assert _signed_in_as(client) == str(other.pk)
    assert "of the first" not in client.session


def test_becoming_never_leads_to_another_site(client, person):
    address = f"/sign-in/as/{person.public_id}/"
    assert client.post(address, {"next": "//elsewhere.example"})["Location"] == "/"


def test_nobody_with_a_real_address_can_be_become(client):
    for email in ("real.person@ofsted.gov.uk", "real@nhs.net", "real@example.org.uk"):
        real = User.objects.create_user(email, name=f"Real {email}")
        Membership.objects.create(
            person=real, role=roles.SUPPORT_OFFICER, scope="national", starts_on="2020-01-01"
        )
        assert client.post(f"/sign-in/as/{real.public_id}/").status_code == 404
    assert b"Real " not in client.get("/sign-in/").content
    assert _signed_in_as(client) is None


def test_somebody_who_left_cannot_be_become(client, person):
    person.is_active = False
    person.save()
    assert client.post(f"/sign-in/as/{person.public_id}/").status_code == 404


def test_a_link_alone_makes_nobody_somebody(client, person):
    assert client.get(f"/sign-in/as/{person.public_id}/").status_code == 405
    assert _signed_in_as(client) is None


def test_a_role_that_ended_shows_from_the_next_day(client, person, tmp_path, settings):
    settings.CLOCK_FILE = str(tmp_path / "clock")
    client.post(f"/sign-in/as/{person.public_id}/")
    person.memberships.update(ends_on=clock.today())
    clock.move_to(clock.now() + datetime.timedelta(days=1))
    assert "(Support officer)" not in client.get("/areas/").content.decode()


# -- never in production -----------------------------------------------------------------------


def test_production_lists_nobody(client, person, production):
    page = client.get("/sign-in/").content.decode()
    assert "Siân" not in page
    assert str(person.public_id) not in page


def test_production_lets_nobody_become_anybody(client, person, production):
    assert client.post(f"/sign-in/as/{person.public_id}/").status_code == 404
    assert _signed_in_as(client) is None


@pytest.mark.parametrize(
    "setting", [{"DEMONSTRATION": True}, {"DEMONSTRATION": False, "CLOCK_FILE": "a file"}]
)
def test_a_demonstration_fails_the_check_for_deployment(settings, setting):
    for name, value in setting.items():
        setattr(settings, name, value)
    with pytest.raises(SystemCheckError, match=r"accounts\.E001"):
        call_command("check", "--deploy", "--tag", "security")


# -- elsewhere ---------------------------------------------------------------------------------


def test_django_admin_sends_people_to_the_one_sign_in_page(client, person):
    response = client.get("/admin/")
    response = client.get(response["Location"])
    assert response["Location"] == "/sign-in/?next=%2Fadmin%2F"
    client.force_login(person)
    refused = client.get("/admin/login/", {"next": "/admin/"})
    assert refused.status_code == 403


@pytest.mark.parametrize("page", ["/accounts/login/", "/accounts/signup/", "/account/signup/"])
def test_there_is_no_self_registration(client, page):
    assert client.get(page).status_code == 404
