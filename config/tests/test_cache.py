"""The cache keeps what it can, and is never missed."""

import pytest
from django.core.cache import cache

from config.cache import client


@pytest.fixture
def away(settings):
    location = "redis://127.0.0.1:1/0"
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": location}}


def test_it_is_redis():
    assert client(cache).ping()
    cache.set("a", {"b": [1]}, 60)
    assert cache.get("a") == {"b": [1]}
    assert cache.add("a", 2) is False
    client(cache).flushall()
    assert cache.get("a", "gone") == "gone"


def test_away_it_answers_as_if_empty(away):
    cache.set("a", 1)
    assert cache.get("a") is None
    assert cache.get("a", default=7) == 7
    assert cache.get_many(["a"]) == {}
    assert cache.set_many({"a": 1}) == []
    assert cache.add("a", 1) is True
    assert cache.get_or_set("a", lambda: 5) == 5
    assert cache.delete("a") is False
    assert cache.touch("a") is False
    assert ("a" in cache) is False
    with pytest.raises(ValueError, match="away"):
        cache.incr("a")
