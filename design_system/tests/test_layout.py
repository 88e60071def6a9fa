from types import SimpleNamespace

import pytest
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.base import Message
from django.core.checks import Error
from django.shortcuts import render
from django.template import loader
from django.test import RequestFactory

from design_system import checks, navigation

ERRORS = ("400", "403", "404", "413", "429", "500", "503", "csrf")
AMARA = SimpleNamespace(is_authenticated=True, name="Amara <Osei>")

pytestmark = pytest.mark.urls("design_system.tests.urls")


@pytest.fixture(autouse=True)
def empty_registry(monkeypatch):
    monkeypatch.setattr(navigation, "_menu", [])
    monkeypatch.setattr(navigation, "_foot", [])
    monkeypatch.setattr(navigation, "_describe", [navigation._describe_by_name])


def page(path="/gallery/form/", user=None, template="base.html", **context):
    request = RequestFactory().get(path)
    request.user = user or AnonymousUser()
    request._messages = context.pop("messages", [])
    return render(request, template, context).content.decode()


def test_the_menu_shows_what_a_person_may_see_and_where_they_are():
    navigation.register("Form", "gallery_form", order=2)
    navigation.register("Gallery", "gallery", order=1)
    navigation.register("Hidden", "gallery_progress", visible=lambda user: user.is_authenticated)
    navigation.register("Elsewhere", "of_another_address_list")
    shown = navigation.menu(AnonymousUser(), "/gallery/form/")
    assert [(item.label, item.current, item.active) for item in shown] == [
        ("Gallery", False, False),
        ("Form", True, True),
    ]
    html = page("/gallery/errors/404/")
    assert html.count('aria-current="true"') == 1
    assert "Elsewhere" not in html
    assert "Hidden" not in html
    assert "Hidden" in page(user=AMARA)


def test_registering_the_same_twice_is_once():
    navigation.register("Old", "gallery")
    navigation.register("New", "gallery")
    assert [item.label for item in navigation.registered()] == ["New"]


def test_a_menu_item_without_address_is_reported():
    navigation.register("Gallery", "gallery")
    navigation.register_footer_link("Help", "no_such_page")
    (found,) = checks.registered_pages_exist(None)
    assert isinstance(found, Error)
    assert "'Help'" in found.msg


def test_the_head_says_who_acts_in_which_role():
    assert "Sign in" in page()
    assert "Sign in" not in page("/sign-in/")
    html = page(user=AMARA)
    assert "Amara &lt;Osei&gt;" in html
    assert 'action="/sign-out/"' in html
    navigation.register_person(
        lambda request: navigation.Person("Amara", "lead HMI", [("Change role", "/roles/")])
    )
    html = page(user=AMARA)
    assert "(lead HMI)" in html
    assert '<a class="app-header__link" href="/roles/">Change role</a>' in html


def test_title_says_error_first():
    class Form:
        is_bound = True
        errors = {"name": ["x"]}

    assert "<title>Error: Home" in page(form=Form())
    assert "<title>Home" in page()


def test_nothing_inline_that_a_strict_policy_would_block():
    html = page(user=AMARA)
    assert "style=" not in html
    assert html.count("<script") == html.count('<script src="') + html.count(
        '<script type="module" src="'
    )


def test_neither_crown_nor_typeface_of_gov_uk(settings):
    html = page(user=AMARA)
    styles = (settings.BASE_DIR / "static/dist/app.css").read_text()
    for mark in ("crown", "logotype", "GDS Transport"):
        assert mark not in html
    assert "GDS Transport" not in styles
    assert "crest.svg" not in styles
    assert "GOV.UK" not in html


def test_the_demonstration_is_named_on_each_page(settings):
    settings.DEMONSTRATION = True
    assert "It is now <time>" in page()
    settings.DEMONSTRATION = False
    assert "It is now <time>" not in page()


def test_messages_show_as_banners_by_their_kind():
    found = [
        Message(messages.SUCCESS, "Saved"),
        Message(messages.ERROR, "<No>"),
        Message(messages.INFO, "Known"),
    ]
    html = page(template="base.html", messages=found)
    assert html.count("govuk-notification-banner--success") == 1
    assert "&lt;No&gt;" in html
    assert html.count('role="alert"') == 2


@pytest.mark.parametrize("name", ERRORS)
def test_error_pages_need_nothing(name):
    template = loader.get_template(f"{name}.html")
    html = template.render({"reference": "7f3a<"})
    assert "7f3a&lt;" in html
    assert "style=" not in html
    assert "reference" not in template.render({})
    assert template.render({}).count("<h1") == 1


def test_a_refusal_gives_its_reason():
    html = loader.get_template("403.html").render({"reason": "You are on this case’s team."})
    assert "You are on this case’s team." in html
