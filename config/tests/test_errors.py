"""Error pages stand by themselves: none of these tests may open a database connection."""

import html
import re

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from config.tests import views

pytestmark = pytest.mark.urls("config.tests.views")


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


def _words(response):
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(text).split())


def _assert_page(response, status, *said):
    """An error page: its status, its reference, nothing of the error's own."""
    assert response.status_code == status
    words = _words(response)
    assert response["X-Request-Reference"] in words
    for text in said:
        assert text in words
    assert "Traceback" not in words
    assert "Error" not in words
    assert response["Cache-Control"] == "no-store"


def test_not_found(client):
    _assert_page(client.get("/nothing/here/"), 404, "Page not found")


def test_server_error_keeps_the_error_to_itself(client):
    response = client.get("/broken")
    _assert_page(response, 500, "Sorry")
    assert "example.org" not in response.content.decode()


def test_forbidden_says_why_and_escapes_it(client):
    response = client.get("/refused")
    _assert_page(response, 403, "Only the lead HMI <b>may</b>.")
    assert "<b>may</b>" not in response.content.decode()


def test_bad_request(client):
    _assert_page(client.get("/suspicious"), 400, "could not be read")


@pytest.mark.parametrize("address", ["/timetable/?a=%00", "/no\0thing"])
def test_a_nul_in_the_address_is_a_bad_request(client, address):
    _assert_page(client.get(address), 400)


def test_an_unknown_host_is_a_bad_request(client):
    _assert_page(client.get("/form", headers={"host": "elsewhere.example"}), 400)


def test_a_form_without_its_token():
    client = Client(enforce_csrf_checks=True)
    _assert_page(client.post("/form", {"field": "x"}), 403, "Nothing was saved")


def test_a_field_of_ten_megabytes_is_refused_with_the_size(client):
    response = client.post("/form", {"field": "x" * 10_000_000})
    _assert_page(response, 413, "too large", "1 MB", "Nothing was saved")
    encoded = "application/x-www-form-urlencoded"
    response = client.post("/form", "field=" + "x" * 10_000_000, content_type=encoded)
    _assert_page(response, 413, "too large", "1 MB", "Nothing was saved")
    fields = {f"field{number}": "" for number in range(3000)}
    _assert_page(client.post("/form", fields), 413, "too large")
    assert client.post("/form", {"field": "x" * 900_000}).content == b"900000"


def test_the_database_away(client, monkeypatch):
    monkeypatch.setattr("config.middleware._database_answers", lambda seconds: False)
    for response in (client.get("/away"), client.post("/away")):
        _assert_page(response, 503, "unavailable")
        assert response["Retry-After"] == "10"


@pytest.mark.django_db
def test_a_reading_request_is_asked_once_more(client):
    views.asked["count"] = 0
    assert client.get("/away-once").content == b"asked 2 times"
    views.asked["count"] = 0
    _assert_page(client.post("/away-once"), 503)
    assert views.asked["count"] == 1


@pytest.mark.django_db(transaction=True)
def test_a_connection_cut_between_requests_is_had_again(client):
    assert client.get("/reads").content == b"read"
    _cut(connection)
    assert client.get("/reads").content == b"read"


def _cut(connection):
    """End this connection at the server, as a restart does."""
    with connection.cursor() as cursor, pytest.raises(DatabaseError):
        cursor.execute("select pg_terminate_backend(pg_backend_pid())")


def test_json_is_answered_with_json(client):
    response = client.get("/nothing.json")
    assert response.json() == {
        "error": "Page not found",
        "status": 404,
        "reference": response["X-Request-Reference"],
    }
    response = client.get("/refused", headers={"accept": "application/json"})
    assert response.json()["error"] == "Only the lead HMI <b>may</b>."


def test_a_template_that_fails_leaves_a_plain_page(client, settings, tmp_path):
    (tmp_path / "404.html").write_text("{% include 'missing.html' %}")
    broken = {**settings.TEMPLATES[0], "DIRS": [tmp_path]}
    settings.TEMPLATES = [broken]
    _assert_page(client.get("/nothing"), 404, "Page not found", "Reference:")


def test_each_request_has_its_own_reference(client):
    given = {client.get("/form")["X-Request-Reference"] for _ in range(20)}
    assert len(given) == 20
    assert all(re.fullmatch(r"[2-9A-HJKMNP-Z]{8}", one) for one in given)


def test_a_proxys_reference_is_kept_if_it_is_one(client):
    def asked(reference):
        return client.get("/form", headers={"x-request-id": reference})["X-Request-Reference"]

    assert asked("0f3c-from-proxy") == "0f3c-from-proxy"
    assert asked("<script>alert(1)</script>") != "<script>alert(1)</script>"
