"""Addresses that fail in the ways the error pages are for."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.urls import path

from config import health
from config.throttle import limit

asked = {"count": 0}


def broken(request):
    raise RuntimeError("somebody@example.org broke it")


def refused(request):
    raise PermissionDenied("Only the lead HMI <b>may</b>.")


def suspicious(request):
    raise SuspiciousOperation("odd")


def away(request):
    raise OperationalError("server closed the connection unexpectedly")


def away_once(request):
    asked["count"] += 1
    if asked["count"] == 1:
        raise OperationalError("server closed the connection unexpectedly")
    return HttpResponse(f"asked {asked['count']} times")


def reads(request):
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return HttpResponse("read")


def form(request):
    return HttpResponse(str(len(request.POST.get("field", ""))))


@limit(3)
def limited(request):
    return HttpResponse("here")


urlpatterns = [
    path("broken", broken),
    path("refused", refused),
    path("suspicious", suspicious),
    path("away", away),
    path("away-once", away_once),
    path("reads", reads),
    path("form", form),
    path("limited", limited),
    path("limited.json", limited),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]
handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
