"""Every address of the product. Each room lists its own in its `urls.py`."""

from django.contrib import admin
from django.urls import include, path

from config import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("", include("accounts.urls")),
    path("", include("areas.urls")),
    path("", include("casework.urls")),
    path("", include("letters.urls")),
    path("", include("inspections.urls")),
    path("", include("overview.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
