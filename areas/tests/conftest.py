"""Areas with people in post, and readers with and without rights."""

import datetime

import pytest
from django.contrib.auth import get_user_model

from areas import contacts
from areas.contacts import Contacts
from areas.models import LocalArea, Post, PostHolder, Term
from areas.services import council, health_commissioners

NOW = datetime.date(2026, 11, 23)


@pytest.fixture
def today(monkeypatch):
    """Monday 23 November 2026, for everything that asks the clock."""
    monkeypatch.setattr("config.clock.today", lambda: NOW)
    return NOW


@pytest.fixture
def suffolk():
    return LocalArea.objects.get(dfe_code="935")


@pytest.fixture
def organisation(suffolk):
    return council(suffolk, NOW)


@pytest.fixture
def board(suffolk):
    return health_commissioners(suffolk, NOW)[0]


@pytest.fixture
def post(organisation):
    return Post.objects.create(organisation=organisation, kind="dcs", title="Children's director")


@pytest.fixture
def holder(post):
    return PostHolder.objects.create(
        post=post,
        name="Zofia Woźniak",
        email="zofia@council.example",
        phone="020 7946 0001",
        starts_on=datetime.date(2024, 1, 8),
    )


@pytest.fixture
def term(suffolk):
    return Term.objects.create(
        local_area=suffolk,
        name="Autumn, second half",
        starts_on=datetime.date(2026, 11, 2),
        ends_on=datetime.date(2026, 12, 18),
    )


@pytest.fixture
def grants(monkeypatch):
    """Say in a test who may do what: `grants[user.pk] = Contacts(...)`."""
    given: dict[int, Contacts] = {}

    def grant(user, local_area, on):
        return given.get(user.pk, Contacts())

    monkeypatch.setattr(contacts, "_grants", [grant])
    return given


def _person(email):
    return get_user_model().objects.create_user(email, name="Somebody")


@pytest.fixture
def editor(client, grants):
    """A signed-in person who keeps the contacts of all areas."""
    user = _person("editor@ofsted.example")
    grants[user.pk] = Contacts(reads_all=True, edits_all=True)
    client.force_login(user)
    return user


@pytest.fixture
def stranger(client, grants):
    """A signed-in person without any right here."""
    user = _person("stranger@elsewhere.example")
    client.force_login(user)
    return user


@pytest.fixture
def officer(client, grants, organisation):
    """A signed-in person of the council, who keeps its own people."""
    user = _person("officer@council.example")
    grants[user.pk] = Contacts(edits_of=frozenset({organisation.pk}))
    client.force_login(user)
    return user
