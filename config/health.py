"""Is the process alive; is it ready to serve? For load balancers, the launcher and people."""

from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

_migrations_seen = False


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while this process answers at all; it asks nothing of the database or of Redis."""
    return HttpResponse("alive\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database, Redis and the migrations are as they must be, else 503; as JSON."""
    checks = {"database": _database, "redis": _redis, "migrations": _migrations}
    found = {name: _answer(check) for name, check in checks.items()}
    ready = all(answer == "ok" for answer in found.values())
    return JsonResponse({"ready": ready, **found}, status=200 if ready else 503)


def _answer(check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception as error:  # whatever is wrong: it is not ready
        return f"away: {type(error).__name__}"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return "ok"


def _redis() -> str:
    from config.cache import client

    client(cache).ping()
    return "ok"


def _migrations() -> str:
    """Once all were seen applied they are not looked up again: none is undone while serving."""
    global _migrations_seen
    if not _migrations_seen:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if missing:
            return f"{len(missing)} not applied"
        _migrations_seen = True
    return "ok"
