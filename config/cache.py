"""The shared cache, which may be away or emptied at any time without failing a page."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def _forgiving(name: str, when_away: Any) -> Callable[..., Any]:
    """The backend's own method `name`, answering `when_away` where Redis is not reached."""
    real = getattr(RedisCache, name)

    def method(self: "ForgivingRedisCache", *args: Any, **options: Any) -> Any:
        try:
            return real(self, *args, **options)
        except (RedisError, OSError) as error:
            logger.warning("The cache is away (%s): %s", name, type(error).__name__)
            return when_away(*args, **options) if callable(when_away) else when_away

    method.__name__ = name
    return method


def _default(key: str, default: Any = None, version: int | None = None) -> Any:
    return default


class ForgivingRedisCache(RedisCache):
    """Redis, but a call that cannot reach it answers as an empty cache would, and logs so.

    Values come back as if nothing were kept, and writing does nothing. `add` says True ('nobody
    has it'), so work goes on and is at worst done twice; `incr` raises ValueError, as for a key
    that is gone. Whoever must know whether Redis answered uses `client`.
    """

    get = _forgiving("get", _default)
    set = _forgiving("set", None)
    add = _forgiving("add", True)
    touch = _forgiving("touch", False)
    delete = _forgiving("delete", False)
    get_many = _forgiving("get_many", lambda *args, **options: {})
    set_many = _forgiving("set_many", lambda *args, **options: [])
    delete_many = _forgiving("delete_many", None)
    has_key = _forgiving("has_key", False)
    clear = _forgiving("clear", False)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        try:
            return int(super().incr(key, delta, version))
        except (RedisError, OSError):
            raise ValueError(f"The cache is away: {key!r} is not known.") from None


def client(cache: Any) -> Any:
    """The Redis client behind Django's cache, for writing.

    It raises redis.exceptions.RedisError where Redis is away: for whoever must know whether it
    answered (rate limits, readiness).
    """
    return cache._cache.get_client(None, write=True)
