"""Rate limits, with Redis and without."""

import time

import pytest

from config import throttle

pytestmark = pytest.mark.urls("config.tests.views")

NOBODY = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def _one_minute(monkeypatch):
    """All requests of a test fall into one minute, which no other test counts in."""
    moment = time.time() // 60 * 60 + 15 + 60_000 * next(_minutes)
    monkeypatch.setattr("config.throttle.time.time", lambda: moment)


_minutes = iter(range(1, 1000))


def test_the_fourth_of_three_is_refused(client):
    assert [client.get("/limited").status_code for _ in range(4)] == [200, 200, 200, 429]
    response = client.get("/limited")
    assert response["Retry-After"] == "45"
    assert "Wait 45 seconds" in response.content.decode()
    assert client.get("/limited.json").json()["status"] == 429


def test_others_are_counted_apart(client):
    for _ in range(4):
        client.get("/limited")
    assert client.get("/limited", REMOTE_ADDR="192.0.2.7").status_code == 200


def test_the_next_minute_starts_anew(client, monkeypatch):
    for _ in range(4):
        client.get("/limited")
    later = throttle.time.time() + 60
    monkeypatch.setattr("config.throttle.time.time", lambda: later)
    assert client.get("/limited").status_code == 200


def test_without_redis_the_process_counts_for_itself(client, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": NOBODY}}
    assert [client.get("/limited").status_code for _ in range(4)] == [200, 200, 200, 429]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (0, "198.51.100.1", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        (2, "203.0.113.9, 198.51.100.1, 192.0.2.8", "198.51.100.1"),
        (2, "198.51.100.1", "192.0.2.1"),
    ],
)
def test_behind_proxies_the_outermost_ones_word_counts(rf, settings, proxies, forwarded, counted):
    settings.PROXIES_IN_FRONT = proxies
    told = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert throttle.by_address(rf.get("/", REMOTE_ADDR="192.0.2.1", **told)) == counted


def test_addresses_are_not_kept_in_the_clear(client, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": NOBODY}}
    client.get("/limited", REMOTE_ADDR="192.0.2.99")
    assert throttle._own_counts
    assert not any("192.0.2.99" in name for name in throttle._own_counts)
