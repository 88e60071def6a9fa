"""Rate limits, counted in the shared cache so that all web processes count together.

Where Redis is away each process counts for itself: a limit is then at most as many times higher
as there are processes, and never gone. Counts live in whole minutes of the machine's clock (not
the product's, which can be moved) and are forgotten when Redis is emptied.
"""

import functools
import hashlib
import threading
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from redis.exceptions import RedisError

from config import errors
from config.cache import client

View = Callable[..., HttpResponse]
Key = Callable[[HttpRequest], str]

_own_counts: dict[str, int] = {}
_own_lock = threading.Lock()


def by_address(request: HttpRequest) -> str:
    """The address a request came from.

    Behind proxies (`PROXIES_IN_FRONT`) it is what the outermost of them wrote down: what stands
    further left in X-Forwarded-For is the asker's own claim.
    """
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
    told = [part.strip() for part in forwarded.split(",") if part.strip()]
    if 0 < settings.PROXIES_IN_FRONT <= len(told):
        return told[-settings.PROXIES_IN_FRONT]
    return str(request.META.get("REMOTE_ADDR", ""))


def limit(
    rate_per_minute: int, key: Key | str = by_address, name: str = ""
) -> Callable[[View], View]:
    """Answer 429 to more than `rate_per_minute` requests a minute to this view with one key.

    `key` tells askers apart: a function of the request, or 'user' for the signed-in person.
    `name` lets several views share one count.
    """

    def decorate(view: View) -> View:
        label = name or f"{view.__module__}.{getattr(view, '__qualname__', '')}"

        @functools.wraps(view)
        def limited(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
            asker = _asker(request, key)
            minute, second = divmod(int(time.time()), 60)
            if _count(label, asker, minute) > rate_per_minute:
                return errors.too_many_requests(request, seconds=60 - second)
            return view(request, *args, **options)

        return limited

    return decorate


def _asker(request: HttpRequest, key: Key | str) -> str:
    if key == "user":
        person = getattr(request, "user", None)
        return f"user {person.pk}" if person and person.pk else by_address(request)
    return key(request) if callable(key) else str(key)


def _count(label: str, asker: str, minute: int) -> int:
    """How often this asker has asked in this minute, this time included."""
    # Hashed: addresses are personal data, and a key may hold anything.
    digest = hashlib.blake2b(f"{label}|{asker}".encode(), digest_size=16).hexdigest()
    name = f"limit:{digest}:{minute}"
    try:
        with client(cache).pipeline(transaction=True) as pipe:
            pipe.incr(name)
            pipe.expire(name, 120)
            return int(pipe.execute()[0])
    except (RedisError, OSError):
        pass
    with _own_lock:
        for old in [known for known in _own_counts if not known.endswith(f":{minute}")]:
            del _own_counts[old]
        _own_counts[name] = _own_counts.get(name, 0) + 1
        return _own_counts[name]
